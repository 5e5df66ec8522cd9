// Cuts into MP4 files written by a test: finds boxes and changes them, to make the files that cameras and accidents make.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kino::test {

std::string readBytes(const std::filesystem::path &path);
void writeBytes(const std::filesystem::path &path, const std::string &bytes);

/** Position of the size field of the first box of this type at or after `from`; npos where there is none. */
std::size_t findBox(const std::string &file, const std::string &type, std::size_t from = 0);
std::uint32_t readBig32(const std::string &file, std::size_t position);
void writeBig32(std::string &file, std::size_t position, std::uint32_t value);

struct Edit {
    std::uint32_t movieTicks = 0; // as VideoWriterOptions::timescale
    std::int32_t mediaTicks = 0;         // -1: an empty edit
};

/** Replaces the edit list of a track (0: the first), or gives it one. The index must lie at the end of the file, so that nothing moves. */
void replaceEditList(std::string &file, const std::vector<Edit> &edits, int track = 0);

} // namespace kino::test
