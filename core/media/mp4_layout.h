// Where the boxes of an MP4 or QuickTime file lie, read before FFmpeg sees it: says what is wrong with a broken file in
// a sentence, refuses tables that claim more than the file holds, and tells header from media data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace kino {

struct ByteRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0; // exclusive
};

struct Mp4Layout {
    /** Whether the file is made of MP4 boxes at all. All else is empty where it is not. */
    bool isMp4 = false;
    bool hasMoov = false;
    /** Whether the index of frames is spread over the file (moof boxes). */
    bool isFragmented = false;
    /** The payloads of the mdat boxes as their headers claim them; may end beyond the file. */
    std::vector<ByteRange> mediaData;
    std::uint64_t fileBytes = 0;
};

/** Reads box headers and the heads of sample tables only. Throws Error (unreadable, empty, no moov, lying tables). */
Mp4Layout readMp4Layout(const std::filesystem::path &path);

} // namespace kino
