// Rules of windows that publications use, by name and source.
#pragma once

#include "core/data/windows/window_rule.h"

#include <QString>

#include <vector>

namespace kino {

struct RulePreset {
    QString name;
    /** Whose rule it is, and what of it is not in the numbers. */
    QString source;
    WindowRule rule;
};

std::vector<RulePreset> rulePresets();
/** `rule` as the preset cuts; what belongs to the recordings (devices, tier, labels) stays. */
WindowRule appliedPreset(const RulePreset &preset, const WindowRule &rule);

} // namespace kino
