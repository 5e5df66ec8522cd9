// What jobs keep of windows is pruned by when it was last used.
#include "core/store/window_cache.h"
#include "tests/support/test_data.h"

#include <QtTest>

#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>

using namespace kino;
namespace fs = std::filesystem;

namespace {

/** Of `bytes`, written and read at these seconds since 1970. */
void makeFile(const fs::path &path, std::size_t bytes, std::int64_t writtenAt, std::int64_t readAt)
{
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << std::string(bytes, 'x');
    const timespec times[2] = {{readAt, 0}, {writtenAt, 0}};
    QCOMPARE(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

} // namespace

class WindowCacheTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasLongestNotUsedGoes()
    {
        const test::TemporaryFolder folder;
        const fs::path project = folder / "p.kino", cache = windowCacheFolder(project);
        QCOMPARE(cache, project / "cache" / "windows");
        QCOMPARE(windowCacheUse(project).files, std::uint64_t{0});
        makeFile(cache / "old.npy", 100, 1000, 1000);
        makeFile(cache / "deep" / "middle.npy", 200, 2000, 2000);
        makeFile(cache / "oldest, but read.npy", 400, 10, 5000);
        makeFile(project / "cache" / "columns" / "1.npy", 50, 1, 1);
        QCOMPARE(windowCacheUse(project).files, std::uint64_t{3});
        QCOMPARE(windowCacheUse(project).bytes, std::uint64_t{700});
        QCOMPARE(pruneWindowCache(project, 700).files, std::uint64_t{0});
        const WindowCacheUse taken = pruneWindowCache(project, 500);
        QCOMPARE(taken.files, std::uint64_t{2}); // without the first there are 600 still
        QCOMPARE(taken.bytes, std::uint64_t{300});
        QVERIFY(fs::exists(cache / "oldest, but read.npy"));
        QCOMPARE(pruneWindowCache(project, 0).bytes, std::uint64_t{400});
        QVERIFY(fs::exists(project / "cache" / "columns" / "1.npy"));
    }
};

QTEST_GUILESS_MAIN(WindowCacheTest)
#include "window_cache_test.moc"
