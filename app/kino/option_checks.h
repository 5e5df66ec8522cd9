// What options accept, checked before anything is done. A check that fails ends the program with status 2 and one sentence:
// "--at: "nan" is no number of seconds from 0 to 10". (CLI11's own checks let NaN through and name no unit.)
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace kino::cli {

/** A text with something in it: an empty path or name is a shell variable that was never set. */
CLI::Validator notEmpty();
/** A finite number; both ends allowed. `what`: "a number of seconds". */
CLI::Validator numberFrom(double low, double high, const std::string &what);
CLI::Validator wholeNumberFrom(std::int64_t low, std::int64_t high);
CLI::Validator oneOf(const std::vector<std::string> &words);
CLI::Validator regularExpression();
/** NAME.ENDING for one of these endings, each with its dot. */
CLI::Validator fileEndingIn(const std::vector<std::string> &endings);

/** One sentence for what CLI11 found wrong: unknown commands and options with the nearest one, and where help is. */
std::string usageSentence(const CLI::App &app, const CLI::ParseError &error);

} // namespace kino::cli
