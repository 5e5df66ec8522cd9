// What a form for a JSON object is made of, as plain data: who has a table of parameters fills these in. Values; any thread.
#pragma once

#include "core/base/json_path.h"

#include <QString>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kino {

enum class FieldKind {
    flag,
    whole,
    number, // a word among `words` may stand for one
    text,
    choice,    // one of `words`
    choices,   // a list of `words`
    texts,     // a list
    numbers,   // a list
    json,      // anything, as JSON
    oneOf,     // one of `variants`
    section,   // an object that is there or not; its fields have paths of their own
    named,     // {"name": one of `named`, "options": {…}}
    namedList  // a list of those
};

struct FormChoice;

/** One of the shapes that a value may have: a text under a key, a list, something fixed. */
struct FieldVariant {
    enum class Holds { nothing, text, texts, whole };
    QString title;
    Holds holds = Holds::text;
    /** {"tag": text}; empty: the text itself. */
    std::string key = {};
    /** The whole value where it holds nothing. */
    nlohmann::json fixed = nullptr;
    QString placeholder = {};
};

struct FormField {
    /** "train.batch"; of options of a choice their name alone. */
    std::string path;
    FieldKind kind = FieldKind::text;
    QString title;
    QString unit = {};
    QString group = {};
    QString help = {};
    QString source = {};
    /** "a whole number from 1 to 65536" */
    QString allowed = {};
    /** The default in words, where it depends on other fields. */
    QString usualWords = {};
    std::vector<std::string> words = {};
    std::vector<FormChoice> named = {};
    std::vector<FieldVariant> variants = {};
    bool mayBeNull = false;
    bool isNeeded = false;
    /** A list of one text may be that text alone. */
    bool mayBeOneText = false;
    /** What whoever made the form knows it by; the form does not look at it. */
    const void *origin = nullptr;
};

struct FormChoice {
    std::string name;
    QString title;
    QString source = {};
    std::vector<FormField> options = {};
};

/** What depends on the rest of the values. */
struct FieldState {
    bool applies = true;
    /** Why it does not: "goes with data.source recordings, not with \"images\"". */
    QString reason = {};
    nlohmann::json usual = nullptr;
};

struct FormProblem {
    std::string path;
    QString sentence;
    bool isWarning = false;
    friend bool operator==(const FormProblem &, const FormProblem &) = default;
};

struct FormVerdict {
    /** By path; what is not named applies. */
    std::map<std::string, FieldState> states;
    std::vector<FormProblem> problems;
};

/** A line of the form as the values have it. */
struct FormRow {
    enum class Kind { field, entry }; // entry: one of a namedList, with a name to choose
    Kind kind = Kind::field;
    std::string path;
    const FormField *field = nullptr;
    int depth = 0;
    /** Under which it stands: an option stands with its choice. */
    QString group = {};
    /** Where a choice inside it decides which rows follow. */
    std::string chosen = {};

    friend bool operator==(const FormRow &, const FormRow &) = default;
};

/** Fields, the options of what is chosen, and the entries of lists. `fields` must outlive the rows. */
std::vector<FormRow> formRows(const std::vector<FormField> &fields, const nlohmann::json &values, const FormVerdict &verdict);

/** A given value that says the same as the default: not a difference. 20 and 20.0 are the same. */
bool saysTheUsual(const nlohmann::json &given, const nlohmann::json &usual);

} // namespace kino
