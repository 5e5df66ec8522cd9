#include "core/store/window_cache.h"

#include <algorithm>
#include <sys/stat.h>
#include <vector>

namespace kino {
namespace {

namespace fs = std::filesystem;

struct CacheFile {
    fs::path path;
    std::uint64_t bytes = 0;
    std::int64_t usedAtNs = 0;
};

std::int64_t nanos(const timespec &time) { return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec; }

std::vector<CacheFile> filesOf(const fs::path &folder)
{
    std::vector<CacheFile> files;
    std::error_code ignored;
    for (fs::recursive_directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
        struct stat facts {};
        if (::lstat(at->path().c_str(), &facts) == 0 && S_ISREG(facts.st_mode))
            files.push_back({at->path(), static_cast<std::uint64_t>(facts.st_size), std::max(nanos(facts.st_atim), nanos(facts.st_mtim))});
    }
    return files;
}

} // namespace

fs::path windowCacheFolder(const fs::path &projectFolder) { return projectFolder / "cache" / "windows"; }

WindowCacheUse windowCacheUse(const fs::path &projectFolder)
{
    WindowCacheUse use;
    for (const CacheFile &file : filesOf(windowCacheFolder(projectFolder))) {
        ++use.files;
        use.bytes += file.bytes;
    }
    return use;
}

WindowCacheUse pruneWindowCache(const fs::path &projectFolder, std::uint64_t mostBytes)
{
    std::vector<CacheFile> files = filesOf(windowCacheFolder(projectFolder));
    std::uint64_t bytes = 0;
    for (const CacheFile &file : files)
        bytes += file.bytes;
    std::ranges::sort(files, {}, &CacheFile::usedAtNs);
    WindowCacheUse taken;
    for (const CacheFile &file : files) {
        if (bytes <= mostBytes)
            break;
        std::error_code code;
        if (!fs::remove(file.path, code) || code)
            continue;
        bytes -= file.bytes;
        ++taken.files;
        taken.bytes += file.bytes;
    }
    return taken;
}

} // namespace kino
