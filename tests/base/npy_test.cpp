#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/npy.h"
#include "tests/support/test_data.h"


using namespace kino;
using kino::test::TemporaryFolder;

namespace {

// numpy.save(np.array([[1.5, -2, 0.25], [3, 4, 5e-3]], dtype=np.float32)), byte for byte as NumPy 2 wrote it.
std::string numpysFile()
{
    std::string file("\x93NUMPY\x01\x00v\x00", 10);
    file += "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + std::string(58, ' ') + "\n";
    file += std::string("\x00\x00\xc0?\x00\x00\x00\xc0\x00\x00\x80>\x00\x00@@\x00\x00\x80@\n\xd7\xa3;", 24);
    return file;
}

std::string withHeader(std::string_view dictionary)
{
    std::string file("\x93NUMPY\x01\x00", 8);
    file += static_cast<char>(dictionary.size() & 0xFF);
    file += static_cast<char>(dictionary.size() >> 8);
    return file + std::string(dictionary);
}

} // namespace

class NpyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatNumpyWrote()
    {
        const TemporaryFolder folder;
        const NpyArray array = NpyArray::open(folder.write("a.npy", numpysFile()));
        QCOMPARE(array.dtype(), std::string("f4"));
        QVERIFY((array.shape() == std::vector<std::int64_t>{2, 3}));
        const Column<float> values = array.column<float>();
        QVERIFY(std::ranges::equal(values, std::array{1.5f, -2.f, 0.25f, 3.f, 4.f, 5e-3f}));
        QVERIFY_EXCEPTION_THROWN(array.column<double>(), Error);
    }

    void writesWhatNumpyWrites()
    {
        const TemporaryFolder folder;
        const std::array values{1.5f, -2.f, 0.25f, 3.f, 4.f, 5e-3f};
        writeNpy<float>(folder / "a.npy", values, {2, 3});
        // The trailing comma of the shape differs from NumPy's spelling, which is allowed; the values may not.
        const std::string written = readTextFile(folder / "a.npy");
        QCOMPARE(written.size() % 64, std::size_t{24});
        QCOMPARE(written.substr(written.size() - 24), numpysFile().substr(numpysFile().size() - 24));
        QVERIFY((NpyArray::open(folder / "a.npy").shape() == std::vector<std::int64_t>{2, 3}));
    }

    void epochTimesSurviveToTheNanosecond()
    {
        const TemporaryFolder folder;
        const std::array<std::int64_t, 2> values{1'700'000'000'123'456'789, -1};
        writeNpy<std::int64_t>(folder / "t.npy", values, {2});
        QVERIFY(std::ranges::equal(NpyArray::open(folder / "t.npy").column<std::int64_t>(), values));
    }

    void aColumnOutlivesTheArrayItCameFrom()
    {
        const TemporaryFolder folder;
        Column<float> values;
        {
            const NpyArray array = NpyArray::open(folder.write("a.npy", numpysFile()));
            values = array.column<float>();
        }
        QCOMPARE(values[1], -2.f);
    }

    void refusesWhatIsDamaged_data()
    {
        QTest::addColumn<QByteArray>("content");
        const auto add = [](const char *name, const std::string &content) {
            QTest::newRow(name) << QByteArray(content.data(), static_cast<qsizetype>(content.size()));
        };
        const std::string whole = numpysFile();
        add("empty", "");
        add("other file", "time,x,y,z\n1,2,3,4\n");
        add("magic only", whole.substr(0, 6));
        add("ends in header", whole.substr(0, 40));
        add("data cut", whole.substr(0, whole.size() - 1));
        add("header length lies", std::string("\x93NUMPY\x01\x00\xff\xff", 10) + whole.substr(10));
        add("version 9", std::string("\x93NUMPY\x09\x00", 8) + whole.substr(8));
        add("count overflows", withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 8), }"));
        add("negative extent", withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"));
        add("objects", withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (0,), }"));
        add("big endian", withHeader("{'descr': '>f4', 'fortran_order': False, 'shape': (0,), }"));
        add("Fortran order", withHeader("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 2), }"));
        add("no shape", withHeader("{'descr': '<f4', 'fortran_order': False, }"));
        add("open string", withHeader("{'descr: "));
    }
    void refusesWhatIsDamaged()
    {
        QFETCH(QByteArray, content);
        const TemporaryFolder folder;
        const auto path = folder.write("bad.npy", std::string_view(content.data(), static_cast<std::size_t>(content.size())));
        QVERIFY_EXCEPTION_THROWN(NpyArray::open(path), Error);
    }
};

QTEST_GUILESS_MAIN(NpyTest)
#include "npy_test.moc"
