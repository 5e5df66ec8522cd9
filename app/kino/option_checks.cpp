#include "app/kino/option_checks.h"

#include "app/kino/command.h"
#include "core/base/nearest_word.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <regex>

namespace kino::cli {
namespace {

std::string inQuotes(const std::string &text) { return "\"" + text + "\""; }

std::string listed(const std::vector<std::string> &words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    return text;
}

template <class Number>
std::optional<Number> numberIn(const std::string &text)
{
    const char *begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const char *end = text.data() + text.size();
    Number value{};
    const auto [stopped, failure] = std::from_chars(begin, end, value);
    return failure == std::errc() && stopped == end ? std::optional(value) : std::nullopt;
}

std::string suggestion(const std::string &typed, const std::vector<std::string> &words)
{
    const std::string nearest = nearestWord(typed, words);
    return nearest.empty() ? "" : "; did you mean `" + nearest + "`?";
}

std::vector<std::string> optionNames(const CLI::App &command)
{
    std::vector<std::string> names;
    for (const CLI::Option *option : command.get_options()) {
        for (const std::string &name : option->get_lnames())
            names.push_back("--" + name);
    }
    return names;
}

std::string unexpectedSentence(const CLI::App &app, const CLI::App *command)
{
    const std::vector<std::string> left = app.remaining(true);
    if (left.empty())
        return {};
    const auto isOption = [](const std::string &word) { return word.size() > 1 && word.starts_with('-'); };
    if (!command) {
        const auto word = std::find_if_not(left.begin(), left.end(), isOption);
        if (word != left.end()) {
            std::vector<std::string> names;
            for (const CLI::App *known : app.get_subcommands([](const CLI::App *) { return true; }))
                names.push_back(known->get_name());
            const std::string near = suggestion(*word, names);
            return "there is no command " + inQuotes(*word) + (near.empty() ? ";" : near) + " `kino --help` lists them all";
        }
    }
    const CLI::App &owner = command ? *command : app;
    const std::string name = command ? "kino " + command->get_name() : "kino";
    const auto option = std::find_if(left.begin(), left.end(), isOption);
    if (option != left.end()) {
        const std::string typed = option->substr(0, option->find('='));
        const std::string near = suggestion(typed, optionNames(owner));
        return "`" + name + "` has no option " + typed + (near.empty() ? ";" : near) + " see `" + name + " --help`";
    }
    return "`" + name + "` does not know what to do with " + inQuotes(left.front()) + "; see `" + name + " --help`";
}

} // namespace

CLI::Validator notEmpty()
{
    return {[](std::string &text) {
                return text.empty() ? std::string("it is empty; name something (was a variable of the shell not set?)")
                                    : std::string();
            },
            ""};
}

CLI::Validator numberFrom(double low, double high, const std::string &what)
{
    const std::string range = decimal(low) + " to " + decimal(high);
    return {[=](std::string &text) {
                const std::optional<double> value = numberIn<double>(text);
                const bool isIn = value && *value >= low && *value <= high; // NaN is in no range
                return isIn ? std::string() : inQuotes(text) + " is not " + what + " from " + range;
            },
            "from " + range};
}

CLI::Validator wholeNumberFrom(std::int64_t low, std::int64_t high)
{
    const std::string range = std::to_string(low) + " to " + std::to_string(high);
    return {[=](std::string &text) {
                const std::optional<std::int64_t> value = numberIn<std::int64_t>(text);
                const bool isIn = value && *value >= low && *value <= high;
                return isIn ? std::string() : inQuotes(text) + " is not a whole number from " + range;
            },
            "from " + range};
}

CLI::Validator oneOf(const std::vector<std::string> &words)
{
    return {[=](std::string &text) {
                const bool isKnown = std::find(words.begin(), words.end(), text) != words.end();
                return isKnown ? std::string() : inQuotes(text) + " is not " + listed(words);
            },
            listed(words)};
}

CLI::Validator regularExpression()
{
    return {[](std::string &text) -> std::string {
                try {
                    const std::regex compiled(text);
                    return {};
                } catch (const std::regex_error &failure) {
                    return inQuotes(text) + " is no regular expression (" + failure.what()
                        + "); write one whose first group is the subject, as in 's(\\d+)'";
                }
            },
            ""};
}

CLI::Validator fileEndingIn(const std::vector<std::string> &endings)
{
    return {[=](std::string &text) {
                const std::string ending = std::filesystem::path(text).extension().string();
                const bool isKnown = std::find(endings.begin(), endings.end(), ending) != endings.end();
                return isKnown ? std::string() : inQuotes(text) + " does not end in " + listed(endings);
            },
            ""};
}

std::string usageSentence(const CLI::App &app, const CLI::ParseError &error)
{
    const std::vector<CLI::App *> chosen = app.get_subcommands();
    const CLI::App *command = chosen.empty() ? nullptr : chosen.front();
    if (dynamic_cast<const CLI::ExtrasError *>(&error)) {
        if (std::string sentence = unexpectedSentence(app, command); !sentence.empty())
            return sentence;
    }
    std::string sentence = error.what();
    while (sentence.ends_with('.'))
        sentence.pop_back();
    return sentence + "; see `kino " + (command ? command->get_name() + " " : "") + "--help`";
}

} // namespace kino::cli
