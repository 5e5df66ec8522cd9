// The losses by name: where each comes from, which options it has, what it is given. Free of LibTorch, for forms and for the
// validation of specifications. Any thread.
#pragma once

#include "core/base/named_option.h"

#include <string>
#include <vector>

namespace kino {

struct LossInfo {
    std::string name;
    std::string title;
    std::string source;
    std::vector<NamedOption> options;
    /** The second argument is a teacher, or a key: it gets no gradient. */
    bool teaches = false;
};

/** In the order in which they are listed everywhere. */
const std::vector<LossInfo> &lossInfos();
/** Throws Error naming what there is. */
const LossInfo &lossInfo(const std::string &name);
/** Everything that is wrong with these options, one sentence each; empty where they are sound. */
std::vector<std::string> lossOptionProblems(const LossInfo &info, const nlohmann::json &options);

} // namespace kino
