// Mapped files: what the kernel says of their pages (/proc/self/smaps) and what the bytes are.
#include "core/base/mapped_file.h"

#include <QTemporaryDir>
#include <QtTest>

#include <charconv>
#include <fstream>

using namespace kino;

class MappedFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void releasedPagesComeAgainFromTheFile();
    void memoryOfOtherKindsKeepsItsContent();

private:
    static constexpr std::size_t kBytes = std::size_t{1} << 20;
    /** Bytes of the mapping that begins here that lie in this process' memory; nothing where there is no such mapping. */
    static std::optional<std::size_t> residentBytes(const std::byte *begin);
};

std::optional<std::size_t> MappedFileTest::residentBytes(const std::byte *begin)
{
    std::ifstream maps("/proc/self/smaps");
    bool isOurs = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t from = 0;
        const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), from, 16);
        if (code == std::errc() && end != line.data() + line.size() && *end == '-')
            isOurs = from == reinterpret_cast<std::uintptr_t>(begin);
        else if (isOurs && line.starts_with("Rss:"))
            return std::stoul(line.substr(4)) * 1024;
    }
    return std::nullopt;
}

void MappedFileTest::releasedPagesComeAgainFromTheFile()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = std::filesystem::path(folder.path().toStdString()) / "bytes";
    const auto byteAt = [](std::size_t index) { return static_cast<std::byte>(index * 7 + index / 251); };
    {
        std::ofstream out(path, std::ios::binary);
        for (std::size_t index = 0; index < kBytes; ++index)
            out.put(static_cast<char>(byteAt(index)));
    }
    const std::shared_ptr<const MappedFile> file = MappedFile::open(path);
    const auto isRead = [&] {
        for (std::size_t index = 0; index < kBytes; ++index) {
            if (file->bytes()[index] != byteAt(index))
                return false;
        }
        return true;
    };
    QVERIFY(isRead());
    QCOMPARE(residentBytes(file->bytes().data()), std::optional(kBytes));
    // A part that begins and ends inside pages: these stay.
    releaseMappedPages(file->bytes().subspan(100, kBytes - 200));
    const std::optional<std::size_t> left = residentBytes(file->bytes().data());
    QVERIFY(left);
    QVERIFY2(*left <= 2 * 4096, qPrintable(QString::number(*left)));
    QVERIFY(isRead());
}

void MappedFileTest::memoryOfOtherKindsKeepsItsContent()
{
    const std::vector<std::byte> owned(kBytes, std::byte{42});
    releaseMappedPages(owned);
    QVERIFY(std::ranges::all_of(owned, [](std::byte each) { return each == std::byte{42}; }));
    releaseMappedPages({});
}

QTEST_APPLESS_MAIN(MappedFileTest)
#include "mapped_file_test.moc"
