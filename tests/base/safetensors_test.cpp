#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "tests/support/test_data.h"

using namespace kino;
using kino::test::TemporaryFolder;

namespace {

std::string fileWith(const std::string &header, std::string_view data = {})
{
    std::string file(8, '\0');
    const std::uint64_t size = header.size();
    std::memcpy(file.data(), &size, 8);
    return file + header + std::string(data);
}

// safetensors.numpy.save({"b": float32 [1, 2], "a": int64 [[7]]}, metadata={"k": "v"}), byte for byte as release 0.8 wrote it.
std::string referenceFile()
{
    return fileWith(R"({"__metadata__":{"k":"v"},"a":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},)"
                    R"("b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}} )",
                    std::string_view("\x07\0\0\0\0\0\0\0\0\0\x80?\0\0\0@", 16));
}

} // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatTheReferenceWrote()
    {
        const TemporaryFolder folder;
        const SafetensorsFile file = SafetensorsFile::open(folder.write("r.safetensors", referenceFile()));
        QCOMPARE(file.tensors().size(), std::size_t{2});
        QCOMPARE(file.metadata().at("k"), std::string("v"));
        const TensorView &b = file.tensors().at("b");
        QCOMPARE(b.dtype, std::string("F32"));
        std::array<float, 2> values{};
        QCOMPARE(b.bytes.size(), sizeof values);
        std::memcpy(values.data(), b.bytes.data(), sizeof values);
        QCOMPARE(values[1], 2.f);
        QVERIFY((file.tensors().at("a").shape == std::vector<std::int64_t>{1, 1}));
    }

    void writesWhatTheReferenceWrites()
    {
        const TemporaryFolder folder;
        const SafetensorsFile file = SafetensorsFile::open(folder.write("r.safetensors", referenceFile()));
        writeSafetensors(folder / "w.safetensors", file.tensors(), file.metadata());
        const SafetensorsFile again = SafetensorsFile::open(folder / "w.safetensors");
        QVERIFY(again.metadata() == file.metadata());
        for (const auto &[name, tensor] : file.tensors()) {
            QVERIFY(again.tensors().at(name).shape == tensor.shape);
            QVERIFY(std::ranges::equal(again.tensors().at(name).bytes, tensor.bytes));
        }
        QVERIFY(readTextFile(folder / "w.safetensors").ends_with(referenceFile().substr(referenceFile().size() - 16)));
    }

    void refusesWhatIsDamaged_data()
    {
        QTest::addColumn<QByteArray>("content");
        const auto add = [](const char *name, const std::string &content) {
            QTest::newRow(name) << QByteArray(content.data(), static_cast<qsizetype>(content.size()));
        };
        const auto oneTensor = [](const std::string &entry, std::size_t dataBytes) {
            return fileWith("{\"t\":" + entry + "}", std::string(dataBytes, '\0'));
        };
        add("empty", "");
        add("seven bytes", "1234567");
        add("header longer than file", std::string("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10));
        add("not JSON", fileWith("hello"));
        add("an array", fileWith("[]"));
        add("no offsets", oneTensor(R"({"dtype":"F32","shape":[1]})", 4));
        add("unknown type", oneTensor(R"({"dtype":"X9","shape":[1],"data_offsets":[0,4]})", 4));
        add("negative extent", oneTensor(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})", 4));
        add("shape overflows", oneTensor(R"({"dtype":"F64","shape":[4611686018427387904,8],"data_offsets":[0,8]})", 8));
        add("extent over int64", oneTensor(R"({"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,8]})", 8));
        add("offsets outside", oneTensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})", 4));
        add("offsets backwards", oneTensor(R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})", 4));
        add("size differs", oneTensor(R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})", 8));
        add("bytes left over", oneTensor(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})", 8));
        add("overlap", fileWith(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
                                std::string(6, '\0')));
        add("cut", referenceFile().substr(0, referenceFile().size() - 1));
    }
    void refusesWhatIsDamaged()
    {
        QFETCH(QByteArray, content);
        const TemporaryFolder folder;
        const auto path = folder.write("bad.safetensors", std::string_view(content.data(), static_cast<std::size_t>(content.size())));
        QVERIFY_EXCEPTION_THROWN(SafetensorsFile::open(path), Error);
    }
};

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
