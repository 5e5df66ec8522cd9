// Few-shot subsets of the training windows (methods §2.7): k windows or k bouts of each class, drawn by seed. Any thread.
#pragma once

#include "core/data/dataset/window_table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kino {

/**
 * Windows: as the reference does (shuffle the class's windows, take the first k). Neighbouring windows overlap, so k windows may
 * be far less than k examples; bouts: all windows of k bouts.
 */
enum class ShotUnit { windows, bouts };

struct ShotRule {
    /** Of each class; all where there are fewer. */
    std::size_t count = 1;
    ShotUnit unit = ShotUnit::windows;
};

struct ClassShots {
    std::string label;
    std::size_t windows = 0;
    /** Different bouts of these windows. */
    std::size_t bouts = 0;
};

struct Shots {
    /** Places in table.rows, ascending. */
    std::vector<std::uint32_t> rows;
    /** Of every class that trains, bytewise. */
    std::vector<ClassShots> classes;
};

/**
 * Of the training rows that have a label. A class's draw depends on the seed and its name only, and that of more shots begins with
 * that of fewer. Windows whose bout is unknown count as one bout each.
 */
Shots drawShots(const WindowTable &table, const ShotRule &rule, std::uint64_t seed);

} // namespace kino
