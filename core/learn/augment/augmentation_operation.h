// What an entry of the table of augmentations does. Internal to core/learn/augment.
#pragma once

#include "core/base/random.h"
#include "core/learn/augment/augmentation_chain.h"
#include "core/learn/augment/augmentations.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace kino {

/** An augmentation with its options read: what is left is to draw and to apply. */
struct AugmentationOperation {
    /** In place, on a sample of a shape that has no problem; draws from `stream`. */
    std::function<void(std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch)> apply;
    /** Why this shape cannot be, as the end of a sentence ("needs 5 samples or more"), beyond being a signal or a picture; empty where it can. */
    std::function<std::string(const SampleShape &shape)> shapeProblem = [](const SampleShape &) { return std::string(); };
};

struct AugmentationDefinition {
    AugmentationInfo info;
    /** Of options that are complete and of themselves sound. */
    AugmentationOperation (*make)(const nlohmann::json &options) = nullptr;
    /** What is wrong with sound options together, as a sentence about `owner`; empty where nothing is. */
    std::string (*jointProblem)(const std::string &owner, const nlohmann::json &options) = nullptr;
};

std::vector<AugmentationDefinition> signalAugmentations();
std::vector<AugmentationDefinition> pictureAugmentations();
const AugmentationDefinition &augmentationDefinition(const std::string &name);
/** As augmentationOptionProblems(), about "the augmentation noise" or one of several of a list. */
std::vector<std::string> definitionOptionProblems(const AugmentationDefinition &definition, const std::string &owner, const nlohmann::json &options);

/** "probability": of being applied to a sample. */
NamedOption probabilityOption(double usual);

} // namespace kino
