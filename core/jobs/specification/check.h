// A specification against its table, value by value. Internal to the specification.
#pragma once

#include "core/jobs/specification/specification.h"

#include <set>

namespace kino::specification {

/** What is left of a specification without its mistakes, so that relations can be judged without repeating them. */
struct Checked {
    /** Known and sound values only, defaults filled in. */
    nlohmann::json sound = nlohmann::json::object();
    /** Where something is wrong or missing. */
    std::set<std::string> faulty;
    std::vector<Problem> problems;

    void add(const std::string &path, std::string sentence, ProblemSeverity severity = ProblemSeverity::error)
    {
        problems.push_back({path, std::move(sentence), severity});
    }
    /** Whether nothing at, in or around these paths is faulty. */
    bool areSound(std::initializer_list<std::string_view> paths) const;
};

Checked checkAgainst(const Schema &schema, const nlohmann::json &specification);

/** Of a sound rest: what does not go together; problems whose reason is a faulty value are left out. */
void addRelationProblems(Checked &checked);
/** Files that are not in `folder`. */
void addFileWarnings(Checked &checked, const std::filesystem::path &folder);

} // namespace kino::specification
