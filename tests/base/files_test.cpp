#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/mapped_file.h"
#include "core/base/parallel.h"
#include "tests/support/test_data.h"

#include <sys/stat.h>

using namespace kino;
using kino::test::TemporaryFolder;

class FilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // FIPS 180-2, appendix B.1, and the digest of the empty message.
    void sha256GivesThePublishedDigests()
    {
        QCOMPARE(sha256(std::as_bytes(std::span(std::string_view("abc")))),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        const TemporaryFolder folder;
        QCOMPARE(sha256OfFile(folder.write("empty", "")),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }

    void aFailedWriteLeavesTheOldFileAndNoRest()
    {
        const TemporaryFolder folder;
        const auto path = folder.write("kept.txt", "old");
        QVERIFY_EXCEPTION_THROWN(writeFileAtomically(path, [](std::ostream &stream) {
                                     stream << "half of the new";
                                     throw Error("interrupted");
                                 }),
                                 Error);
        QCOMPARE(readTextFile(path), std::string("old"));
        QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    }

    void writingReplacesWhole()
    {
        const TemporaryFolder folder;
        const auto path = folder.write("file.txt", "a much longer old content");
        writeFileAtomically(path, "new");
        QCOMPARE(readTextFile(path), std::string("new"));
    }

    void jsonMayHoldCommentsAndNamesTheLineOfAMistake()
    {
        const TemporaryFolder folder;
        QCOMPARE(readJsonFile(folder.write("good.json", "{ // comment\n \"a\": 1 /* more */ }")).at("a").get<int>(), 1);
        try {
            readJsonFile(folder.write("bad.json", "{\n\"a\": 1,\n\"b\" 2\n}"));
            QFAIL("no error was thrown");
        } catch (const Error &error) {
            QCOMPARE(error.line(), 3);
            QVERIFY(error.file().filename() == "bad.json");
        }
    }

    void aFileThatShrinksWhileMappedGivesASentence()
    {
        const TemporaryFolder folder;
        constexpr std::size_t kBytes = 1 << 20;
        const auto path = folder.write("shrinking", std::string(kBytes, 'x'));
        const auto file = MappedFile::open(path);
        std::filesystem::resize_file(path, 100);
        std::size_t touched = 0;
        for (const char character : file->text())
            touched += character == 'x';
        QVERIFY(touched < kBytes);
        QVERIFY_EXCEPTION_THROWN(file->checkWhole(), Error);
    }

    void aFileThatShrankUnseenIsFoundToo()
    {
        const TemporaryFolder folder;
        const auto path = folder.write("shrinking", std::string(1 << 20, 'x'));
        const auto file = MappedFile::open(path);
        file->checkWhole();
        std::filesystem::resize_file(path, 100);
        QVERIFY_EXCEPTION_THROWN(file->checkWhole(), Error);
    }

    void whatCannotBeMappedIsSaid()
    {
        const TemporaryFolder folder;
        QVERIFY_EXCEPTION_THROWN(MappedFile::open(folder / "missing"), Error);
        QVERIFY_EXCEPTION_THROWN(MappedFile::open(folder.path()), Error);
        const auto pipe = folder / "pipe";
        QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
        QVERIFY_EXCEPTION_THROWN(MappedFile::open(pipe), Error);
        QCOMPARE(MappedFile::open(folder.write("empty", ""))->bytes().size(), std::size_t{0});
    }

    void parallelForVisitsEachIndexOnceAndPassesTheExceptionOn()
    {
        std::vector<std::atomic<int>> visits(1000);
        parallelFor(visits.size(), 4, [&](std::size_t index) { ++visits[index]; });
        QVERIFY(std::ranges::all_of(visits, [](const std::atomic<int> &count) { return count == 1; }));
        QVERIFY_EXCEPTION_THROWN(parallelFor(100, 4, [](std::size_t index) { if (index == 50) throw Error("found"); }), Error);
    }
};

QTEST_GUILESS_MAIN(FilesTest)
#include "files_test.moc"
