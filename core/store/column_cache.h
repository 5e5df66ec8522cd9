// Columns of recordings as NPY files, mapped back in milliseconds. All of it can be made again from the source files.
//
// cache/columns/<recording>/<stamp>/ holds manifest.json, one int64 times file per series of times and one float32
// [axes, samples] file per stream. The stamp is a hash of all that decides the columns (content of the source files,
// format, profile, version of the importers), so a stale cache is one whose folder is not there. A folder is written
// under a temporary name and renamed: it is whole or absent. Nothing waits for the disk; files that a power cut left
// empty are found when they are mapped, and made again. Any thread; other processes may do the same at once.
#pragma once

#include "core/data/recording.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kino {

/** To be raised whenever an importer gives other columns than before for the same files. */
inline constexpr int kImportersVersion = 2;

/** What decides the columns. */
struct CacheStamp {
    std::string format;
    std::string profile; // as in ImportOptions; a profile of the user's own counts by its content
    /** Content hashes of the source files, in their order. */
    std::vector<std::string> contents;

    /** Sixteen hexadecimal digits: the folder's name. */
    std::string name() const;
};

class ColumnCache {
public:
    explicit ColumnCache(std::filesystem::path cacheFolder) : m_folder(std::move(cacheFolder)) {}

    bool holds(std::int64_t recording, const CacheStamp &stamp) const;
    /** Replaces whatever there was for the recording. Throws Error where it cannot be written. */
    void store(std::int64_t recording, const CacheStamp &stamp, const Recording &content) const;
    /**
     * Devices with their streams, and the image series and clip times of videos (by position, nothing else of a video);
     * clocks are identity. Empty where the cache is missing, stale or damaged.
     */
    std::optional<Recording> load(std::int64_t recording, const CacheStamp &stamp) const;
    void remove(std::int64_t recording) const;

private:
    std::filesystem::path folderOf(std::int64_t recording) const;

    std::filesystem::path m_folder;
};

} // namespace kino
