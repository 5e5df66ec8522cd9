// The schema of a specification (cli.md, "The specification of a job"): one table for each kind. Values; any thread.
#pragma once

#include "core/base/json_path.h"
#include "core/jobs/specification/choices.h"

#include <span>
#include <string>
#include <vector>

namespace kino {

/** Kinds of job that a specification can ask for. */
enum class SpecificationKind { train, study };
std::string_view specificationKindName(SpecificationKind kind);

class Schema {
public:
    explicit Schema(std::vector<Parameter> parameters);
    Schema(const Schema &) = delete;
    Schema &operator=(const Schema &) = delete;

    /** In the order in which they are shown and written. */
    std::span<const Parameter> parameters() const { return m_parameters; }
    /** nullptr where there is none of that path. */
    const Parameter *find(const std::string &path) const;
    /** Those directly in the object `path`; "" for the outermost. */
    const std::vector<const Parameter *> &childrenOf(const std::string &path) const;

private:
    std::vector<Parameter> m_parameters;
    std::vector<std::pair<std::string, std::vector<const Parameter *>>> m_children;
};

/** Of this build. */
const Schema &schemaOf(SpecificationKind kind);

/** The groups in the order in which they stand. */
std::vector<std::string> groupsOf(const Schema &schema);

/** unknown: what it depends on is itself a mistake. */
enum class Fit { yes, no, unknown };

struct ConditionVerdict {
    Fit fit = Fit::yes;
    /** Of no: `data.source images, not with "recordings"`. */
    std::string reason = {};
};

/** Whether all conditions of a parameter, and of what it lies in, hold for a specification; defaults count where nothing is given. */
ConditionVerdict judgeConditions(const Schema &schema, const Parameter &parameter, const nlohmann::json &specification);

/** The default, which may depend on the rest of the specification. */
nlohmann::json defaultOf(const Parameter &parameter, const nlohmann::json &specification);

} // namespace kino
