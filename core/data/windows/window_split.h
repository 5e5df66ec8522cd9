// Which windows train, which validate, which test: decided before windowing, by whole subjects or whole recordings, or
// given window by window in a file.
// Values.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace kino {

enum class SplitBy {
    none, // all train
    subject,
    recording,
    file // each window's part, and which windows there are, is in a table of windows
};

/** "train", "validation", "test". */
enum class SplitPart { train, validation, test };
std::string_view splitPartName(SplitPart part);

/** As many folds as there are subjects: each is left out once. */
inline constexpr int kFoldPerSubject = -1;

struct SplitRule {
    SplitBy by = SplitBy::none;
    /** By name; what is in neither trains. */
    std::vector<std::string> validation = {}, test = {};
    /** Instead of names, by subject: that many folds, or kFoldPerSubject; 0 for none. */
    int folds = 0;
    /** The fold that tests; the next one (round) validates. */
    int fold = 0;
    /** Instead of names, by recording: shares of train, validation and test; all 0 for none. */
    std::array<double, 3> fractions{};
    /** By file: a table as a run writes it, absolute or relative to the specification. */
    std::string file = {};
    friend bool operator==(const SplitRule &, const SplitRule &) = default;
};

std::vector<std::string> problemsOf(const SplitRule &rule);

/**
 * The part of each name. Names are taken once, sorted bytewise; folds and fractions shuffle them by RandomStream(seed)
 * and deal them round-robin, or cut them at round(share * count). Throws Error where a named subject or recording is
 * not there, there are fewer than folds, or the rule takes its parts from a file.
 */
std::map<std::string, SplitPart> assignSplit(const SplitRule &rule, std::span<const std::string> names,
                                             std::uint64_t seed);

} // namespace kino
