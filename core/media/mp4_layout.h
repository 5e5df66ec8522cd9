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

/** One entry of an edit list: a stretch of the presentation and the media it shows. */
struct Mp4Edit {
    std::uint64_t movieTicks = 0; // how long, in the movie's timescale; 0 in the last entry: to the end of the media
    std::int64_t mediaTime = 0;   // of its beginning, in the track's timescale; -1: nothing is shown
    double rate = 1;              // media seconds a second; 0 holds one frame
};

struct Mp4Track {
    std::uint32_t id = 0;
    std::vector<Mp4Edit> edits;
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
    /** Ticks a second in which edits count; 0 where it is not said. */
    std::uint32_t movieTimescale = 0;
    std::vector<Mp4Track> tracks;

    /** The edit list of a track; empty where it has none: the media is shown as it is. */
    std::vector<Mp4Edit> editsOf(std::uint32_t trackId) const;
};

/** Reads box headers and the heads of sample tables only. Throws Error (unreadable, empty, no moov, lying tables). */
Mp4Layout readMp4Layout(const std::filesystem::path &path);

} // namespace kino
