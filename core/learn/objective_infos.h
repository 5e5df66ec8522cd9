// The objectives by name: which options each has and what it needs beside windows. Free of torch. Any thread.
#pragma once

#include "core/base/named_option.h"
#include "core/learn/augment/augmentations.h"

#include <string>
#include <vector>

namespace kino {

struct ObjectiveInfo {
    std::string name;
    std::string title;
    std::string source;
    std::vector<NamedOption> options;
    /** Learns from labels. */
    bool needsLabels = false;
    /** Compares windows of a batch with each other: two and more, none overlapping unless asked. */
    bool isContrastive = false;
    /** Names of embeddings of which at least one must come with the windows; empty where none is needed. */
    std::vector<std::string> embeddings = {};
    /** The presets (augmentations.h) that are used where a specification names no augmentations; empty for none. */
    std::string signalAugmentations = {};
    std::string pictureAugmentations = {};
    /** Whether it takes the specification's augmentations at all; multitask brings its own. */
    bool takesAugmentations = true;
};

/** supervised, simclr, multitask, moco, primus, contrast, triplet. */
const std::vector<ObjectiveInfo> &objectiveInfos();
/** Throws Error naming what there is. */
const ObjectiveInfo &objectiveInfo(const std::string &name);
/** What its views go through where a specification does not say: a list as AugmentationChain takes it. */
nlohmann::json usualAugmentations(const ObjectiveInfo &info, AugmentationInput input);
/** Everything that is wrong with these options, nested losses included. */
std::vector<std::string> objectiveOptionProblems(const ObjectiveInfo &info, const nlohmann::json &options);

} // namespace kino
