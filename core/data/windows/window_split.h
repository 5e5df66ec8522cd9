// Which windows train, which validate, which test: decided before windowing, by whole subjects or whole recordings.
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
    recording
};

/** "train", "validation", "test". */
enum class SplitPart { train, validation, test };
std::string_view splitPartName(SplitPart part);

struct SplitRule {
    SplitBy by = SplitBy::none;
    /** By name; what is in neither trains. */
    std::vector<std::string> validation, test;
    /** Instead of names, by subject: that many folds, 0 for none. */
    int folds = 0;
    /** The fold that tests; the next one (round) validates. */
    int fold = 0;
    /** Instead of names, by recording: shares of train, validation and test; all 0 for none. */
    std::array<double, 3> fractions{};
    friend bool operator==(const SplitRule &, const SplitRule &) = default;
};

std::vector<std::string> problemsOf(const SplitRule &rule);

/**
 * The part of each name. Names are taken once, sorted bytewise; folds and fractions shuffle them by RandomStream(seed)
 * and deal them round-robin, or cut them at round(share * count). Throws Error where a named subject or recording is
 * not there, or there are fewer than folds.
 */
std::map<std::string, SplitPart> assignSplit(const SplitRule &rule, std::span<const std::string> names,
                                             std::uint64_t seed);

} // namespace kino
