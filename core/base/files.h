// Small file duties that must not lose anything: write-then-rename, hashes, JSON with comments.
#pragma once

#include "core/base/cancel.h"
#include "core/base/error.h"

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace kino {

/** Whether a write waits for the disk. What can be made again (a cache) need not: after a power cut it may be empty. */
enum class DiskSync { wait, leave };

/** Fills a temporary file beside `path` by `write`, syncs it, then renames it onto `path`: all or nothing. */
void writeFileAtomically(const std::filesystem::path &path, const std::function<void(std::ostream &)> &write,
                         DiskSync sync = DiskSync::wait);
void writeFileAtomically(const std::filesystem::path &path, std::string_view content, DiskSync sync = DiskSync::wait);

/** The name as a file name that every system takes: "phone/accelerometer" is "phone-accelerometer". */
std::string plainFileName(std::string_view name);

/** The file's text; throws Error when it cannot be read or is longer than `limitBytes`. */
std::string readTextFile(const std::filesystem::path &path, std::size_t limitBytes = std::size_t{64} << 20);

/** JSON with optional // and block comments; throws Error with the line of the first mistake. */
nlohmann::json readJsonFile(const std::filesystem::path &path);

/** SHA-256 as 64 hexadecimal digits. */
std::string sha256(std::span<const std::byte> bytes);
std::string sha256OfFile(const std::filesystem::path &path, const CancelToken &cancel = {});

} // namespace kino
