#include "core/learn/augment/augmentations.h"

#include "core/base/error.h"
#include "core/learn/augment/augmentation_operation.h"

#include <algorithm>

namespace kino {
namespace {

const std::vector<AugmentationDefinition> &definitions()
{
    static const std::vector<AugmentationDefinition> all = [] {
        std::vector<AugmentationDefinition> both = signalAugmentations();
        std::ranges::move(pictureAugmentations(), std::back_inserter(both));
        return both;
    }();
    return all;
}

} // namespace

NamedOption probabilityOption(double usual)
{
    return {"probability", usual, {}, 0, 1, false, "Share of the samples to which it is applied, 0 to 1."};
}

const std::vector<AugmentationInfo> &augmentationInfos()
{
    static const std::vector<AugmentationInfo> infos = [] {
        std::vector<AugmentationInfo> all;
        for (const AugmentationDefinition &definition : definitions())
            all.push_back(definition.info);
        return all;
    }();
    return infos;
}

const AugmentationDefinition &augmentationDefinition(const std::string &name)
{
    const auto nameOf = [](const AugmentationDefinition &each) -> const std::string & { return each.info.name; };
    const auto found = std::ranges::find(definitions(), name, nameOf);
    if (found != definitions().end())
        return *found;
    std::vector<std::string> known;
    std::ranges::transform(definitions(), std::back_inserter(known), nameOf);
    throw Error("There is no augmentation \"" + name + "\"; there are " + listOfWords(known) + ".");
}

const AugmentationInfo &augmentationInfo(const std::string &name) { return augmentationDefinition(name).info; }

std::vector<std::string> definitionOptionProblems(const AugmentationDefinition &definition, const std::string &owner, const nlohmann::json &options)
{
    std::vector<std::string> problems = optionProblems(owner, definition.info.options, options);
    if (problems.empty() && definition.jointProblem) {
        const std::string joint = definition.jointProblem(owner, completeOptions(definition.info.options, options));
        if (!joint.empty())
            problems.push_back(joint);
    }
    return problems;
}

std::vector<std::string> augmentationOptionProblems(const AugmentationInfo &info, const nlohmann::json &options)
{
    return definitionOptionProblems(augmentationDefinition(info.name), "the augmentation " + info.name, options);
}

} // namespace kino
