// The augmentations by name, for specifications, forms and the command line: what each is, for what, with which options;
// and the lists of them that the methods use. Free of LibTorch. Any thread.
#pragma once

#include "core/base/named_option.h"

#include <string>
#include <vector>

namespace kino {

enum class AugmentationInput { signal, picture };

struct AugmentationInfo {
    std::string name;
    std::string title;
    std::string source;
    AugmentationInput input = AugmentationInput::signal;
    std::vector<NamedOption> options;
};

/** In the order in which they are listed everywhere: those of signals, then those of pictures. */
const std::vector<AugmentationInfo> &augmentationInfos();
/** Throws Error naming what there is. */
const AugmentationInfo &augmentationInfo(const std::string &name);
/** Everything that is wrong with these options, one sentence each; empty where they are sound. */
std::vector<std::string> augmentationOptionProblems(const AugmentationInfo &info, const nlohmann::json &options);

/** A list that a method uses. */
struct AugmentationPreset {
    std::string name;
    std::string title;
    std::string source;
    AugmentationInput input = AugmentationInput::signal;
    /** As AugmentationChain takes it: [{"name": ..., "options": {...}}]. */
    nlohmann::json chain;
};

const std::vector<AugmentationPreset> &augmentationPresets();
/** Throws Error naming what there is. */
const AugmentationPreset &augmentationPreset(const std::string &name);

} // namespace kino
