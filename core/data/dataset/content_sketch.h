// What a recording holds, in a few thousand numbers, so that copies are found among hundreds without comparing all samples: by
// values alone, wherever they lie in time. Any thread.
#pragma once

#include "core/base/cancel.h"
#include "core/data/recording.h"

#include <cstdint>
#include <span>
#include <vector>

namespace kino {

/** A short run of rows of one stream: a hash of its rounded values, and where it begins. */
struct ContentMark {
    std::uint64_t hash = 0;
    std::uint32_t row = 0;
    friend auto operator<=>(const ContentMark &, const ContentMark &) = default;
};

struct StreamSketch {
    std::string stream; // "watch/accelerometer"
    std::size_t rows = 0;
    double secondsPerRow = 0; // mean
    /** By hash, ascending: of all runs those with the smallest hashes, of each grain 4096 or a 32nd of the rows. */
    std::vector<ContentMark> marks;
};
using ContentSketch = std::vector<StreamSketch>;

/**
 * Of the accelerometers, gyroscopes, magnetometers and the like: each run of 72 values (24 rows of three axes) is rounded to a
 * coarse and to a fine grain (acceleration 0.24 and 0.015 m/s², rates 0.1 and 0.006 rad/s, fields 1.2 and 0.07 uT) and hashed. The
 * coarse grain survives other digits (two after the point), the fine one tells little motion apart. Runs in which fewer than 24 of
 * the rounded values change from row to row do not count: two persons who sit still are no copies. Neither do runs that come
 * over four times in one stream. `kinds`: only of these; empty: of all.
 */
ContentSketch sketchContent(const Recording &recording, std::span<const StreamKind> kinds = {}, const CancelToken &cancel = {});

/** Two recordings, by place, that hold the same rows one after another. */
struct ContentMatch {
    std::size_t first = 0, second = 0; // first < second
    std::size_t firstStream = 0, secondStream = 0;
    /** Rows that the copy lies later in the second than in the first. */
    std::int64_t shiftRows = 0;
    /** Different runs that agree. */
    std::size_t marks = 0;
    /** From the first to the last of them. */
    double seconds = 0;
};

/**
 * The best match of each pair that has at least six runs in common at one shift, over at least two lengths of a run, in order of places. Of many copies of one
 * recording each is matched with some other, not all with all, but with one of each group in `groups` (same size as `sketches`; those
 * of a group need not be told apart). Time is proportional to the marks.
 */
std::vector<ContentMatch> findCopies(std::span<const ContentSketch *const> sketches, std::span<const int> groups);

} // namespace kino
