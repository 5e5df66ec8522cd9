// Options that a person gives by name: of encoders, losses and whatever else a specification calls by name. Any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct NamedOption {
    std::string name;
    /** Says what it is: true or false, an object, a list of numbers, one of the words that are `allowed`, or a number. */
    nlohmann::json usual;
    /** Words that are allowed; empty for all else. */
    std::vector<std::string> allowed;
    /** Of numbers and of those of a list; both ends allowed. */
    double least = 0;
    double most = 1e6;
    bool isWhole = false;
    std::string help;
};

/** Everything that is wrong, one sentence each; empty where all is sound. `owner`: "the encoder mw2". */
std::vector<std::string> optionProblems(const std::string &owner, std::span<const NamedOption> known, const nlohmann::json &options);
/** What is not given filled in. */
nlohmann::json completeOptions(std::span<const NamedOption> known, const nlohmann::json &options);
/** Throws Error with all of them, where there are any. */
void requireNoProblems(const std::vector<std::string> &problems);
/** "a, b, c" */
std::string listOfWords(const std::vector<std::string> &words);

} // namespace kino
