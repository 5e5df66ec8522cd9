// Runs side by side: which of their parameters differ, and which runs are repetitions of one another. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kino {

/** Values by path, in the order in which a person wants to read them. */
using RunParameters = std::vector<std::pair<std::string, std::string>>;

struct ComparedParameter {
    std::string path;
    std::vector<std::string> values; // as the runs; empty where one has none
    bool differs = false;
    friend bool operator==(const ComparedParameter &, const ComparedParameter &) = default;
};
/** Those that differ first, each part in the order of the first run that has them. A study's "base.train.epochs" is compared as "train.epochs". */
std::vector<ComparedParameter> compareParameters(std::span<const RunParameters> runs);

/** Drawn anew in each repetition (a seed), or only what a run is called (name, about). */
bool isOfTheRepetition(const std::string &path);

/** Places of runs that differ by nothing but their seeds and what they are called (name, about), in the order in which they come. */
std::vector<std::vector<std::size_t>> findRepetitions(std::span<const RunParameters> runs);

} // namespace kino
