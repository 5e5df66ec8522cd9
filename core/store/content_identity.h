// Which file is which, whatever its name: size, a quick hash at once, the full SHA-256 when there is time.
#pragma once

#include "core/base/cancel.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace kino {

/** Files up to this size are hashed in full at once. */
inline constexpr std::uint64_t kFullHashBytes = std::uint64_t{64} << 20;

struct FileIdentity {
    std::filesystem::path path; // absolute
    std::uint64_t sizeBytes = 0;
    /** Time of the last change, nanoseconds since 1970 UTC as the file system says it. */
    std::int64_t modifiedNs = 0;
    /** Up to 64 MB the SHA-256; above, "q" and the SHA-256 of the size, the first, the last and 64 spread blocks of 64 KiB. */
    std::string quickHash;
    /** Empty where only the quick hash is known yet. */
    std::optional<std::string> sha256;
};

/** Throws Error where the file cannot be read. */
FileIdentity identifyFile(const std::filesystem::path &path, const CancelToken &cancel = {});

/** Size and time of change only, no hash. Empty where there is no such file. */
std::optional<FileIdentity> statFile(const std::filesystem::path &path);

} // namespace kino
