// One line of the schema of a specification: what a value is, which values are allowed, what it is for. Validation, defaults,
// `--set`, the documentation, the command line's help and the window's form are all made from these. Values; any thread.
#pragma once

#include "core/base/named_option.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kino {

enum class ParameterType {
    object, // holds the parameters whose paths begin with its own
    flag,
    whole,
    number,
    text,
    choice, // one of `allowed`
    path,   // of a file; relative to the specification
    texts,
    names,      // a text, or a list of texts
    choices,    // a list of `allowed`
    numbers,    // a list
    wholes,     // a list
    globs,      // a list of file patterns, relative to the specification
    recordings, // globs, or {"project": "all"}, or {"tag": …}
    weights,    // a path, or {"run": number}
    labels,     // names to names, null for what is dropped
    paths,      // names to paths
    named,      // {"name": one of `named`, "options": {…}}, and the parameters whose paths begin with its own
    namedList,  // a list of those
    options,    // an object that another table judges
    grid,       // of a study: paths to lists of values
    base        // of a study: a whole specification of kind "train"
};
/** "whole number", "list of texts", … */
std::string parameterTypeWords(ParameterType type);
/** "whole", "texts", … as `kino validate --schema` writes it. */
std::string_view parameterTypeName(ParameterType type);

/** What becomes of a parameter that is not given. */
enum class Absence {
    usual,   // it has its default
    leftOut, // it stays away, and so does what it would do
    refused  // the specification is unsound
};

enum class Presence { given, absent };

/** That the text at `path` is one of `values`; without values, that there is something at `path` (other than null), or nothing. */
struct Condition {
    std::string path;
    std::vector<std::string> values = {};
    Presence presence = Presence::given;
};

/** What takes or gives signals, [C, T], or pictures, [3, H, W]. */
enum class Domain { any, signal, picture };

struct Parameter;

/** What can be put in `{"name": …, "options": {…}}`. */
struct NamedChoice {
    std::string name;
    std::string title = {};
    std::string source = {};
    /** Paths are names only. */
    std::vector<Parameter> options = {};
    Domain domain = Domain::any;
};

struct Parameter {
    /** "train.batch"; of options of a choice their name alone. */
    std::string path;
    ParameterType type = ParameterType::object;
    /** As a form writes it before its field. */
    std::string title = {};
    /** "s", "Hz", "windows"; empty where there is none. */
    std::string unit = {};
    Absence absence = Absence::usual;
    nlohmann::json usual = nullptr;
    /** A default that depends on others: the words for people; defaultOf() has the rule. Empty where `usual` is it. */
    std::string usualWords = {};
    bool mayBeNull = false;
    /** Of numbers, and of each in a list. */
    double least = -std::numeric_limits<double>::infinity();
    double most = std::numeric_limits<double>::infinity();
    /** `least` itself is not allowed: "above 0". */
    bool isAboveLeast = false;
    /** Of lists. */
    std::size_t leastCount = 0;
    std::size_t mostCount = 10'000;
    /** Of lists: each at most once. */
    bool isUnique = false;
    /** Of lists of numbers: each above the one before. */
    bool isAscending = false;
    /** Of choices; of numbers the words that may stand for one. */
    std::vector<std::string> allowed = {};
    std::vector<NamedChoice> named = {};
    /** All must hold, or it must not be given. Those of the objects around it count too. */
    std::vector<Condition> conditions = {};
    /** Under which heading it stands. */
    std::string group = {};
    std::string help = {};
    /** Paper, section, implementation. */
    std::string source = {};
    /** What it has to do with other parameters, a sentence each: for people, judged by relationProblems(). */
    std::vector<std::string> relations = {};
};

/** The same in a table of named options: `owner` goes before the path. */
Parameter parameterOf(const NamedOption &option);
std::vector<Parameter> parametersOf(const std::vector<NamedOption> &options);

/** The choice of that name; nullptr where there is none. */
const NamedChoice *findChoice(const std::vector<NamedChoice> &choices, const std::string &name);

/** "a whole number from 1 to 65536", "a text or null": what is allowed, in words after "must be". */
std::string allowedWords(const Parameter &parameter);
/** A number as people write it: 0.25, 65536, 1e-08. */
std::string numberWords(double number);
/** A value in a sentence: short ones as JSON, long ones and nested ones by what they are. */
std::string valueWords(const nlohmann::json &value);

} // namespace kino
