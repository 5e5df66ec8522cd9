// The part of a specification that says which windows of which recordings: "data", as cli.md writes it.
#pragma once

#include "core/data/windows/window_rule.h"
#include "core/data/windows/window_split.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace kino {

struct WindowSpec {
    /** Patterns, absolute or relative to the specification (glob.h). */
    std::vector<std::string> recordings;
    std::string profile;
    WindowRule rule;
    SplitRule split;
    std::uint64_t seed = 0;
    friend bool operator==(const WindowSpec &, const WindowSpec &) = default;
};

/**
 * From the whole specification; what concerns neither windows nor splits is left to others (of "data":
 * representation, normalise, sampler, shots, embeddings). Throws Error with every
 * mistake of the part that is read, each as `data.path: what is wrong, what is allowed`, parted by line ends: unknown
 * keys of "data" and below, wrong types, problemsOf() the rule and the split.
 *
 * "split" is {"by": "subject"|"recording", "validation": […], "test": […]}, {"by": "subject", "folds": 5|"subjects", "fold": 0},
 * {"by": "leave-one-subject-out", "test": "s15"} (the others train, but for those named in "validation"),
 * {"by": "recording", "fractions": […]}, or {"file": "windows.csv"}: the windows, labels and parts of a run's table.
 *
 * Beyond cli.md's example, "window" takes `"origin": "channels"|"video"`, `"unlabelled": "drop"|"keep"` in "label", and
 * `"around": {"tier", "anchor": "start"|"centre"|"end", "border": "drop"|"inside", "border_margin_seconds",
 * "whole_seconds"}`. Labels are policy "none", "majority", "full", "centre" or "annotation".
 */
WindowSpec windowSpecFromJson(const nlohmann::json &specification);

/**
 * The specification that windowSpecFromJson() reads back into an equal value, with everything that it may leave out
 * written. Throws Error for a rule of given windows, which a specification cannot hold.
 */
nlohmann::ordered_json windowSpecJson(const WindowSpec &spec);

} // namespace kino
