// Defaults that depend on the rest of a specification.
#include "core/jobs/specification/schema.h"
#include "core/learn/objective_infos.h"

#include <algorithm>

namespace kino {
namespace {

/** Spectrograms and images are pictures. */
AugmentationInput inputOf(const Json &specification)
{
    const auto is = [&specification](const char *path, std::initializer_list<const char *> values) {
        const Json *value = valueAt(specification, path);
        return value && value->is_string() && std::ranges::any_of(values, [value](const char *each) { return *value == each; });
    };
    const bool isPicture = is("data.source", {"images", "procedural-images"}) || is("data.representation.name", {"spectrogram"});
    return isPicture ? AugmentationInput::picture : AugmentationInput::signal;
}

using Json = nlohmann::json;

/** nullptr where none of that name is given. */
const ObjectiveInfo *objectiveIn(const Json &specification)
{
    const Json *name = valueAt(specification, "objective.name");
    const auto found = name && name->is_string() ? std::ranges::find(objectiveInfos(), name->get<std::string>(), &ObjectiveInfo::name) : objectiveInfos().end();
    return found == objectiveInfos().end() ? nullptr : &*found;
}

bool isGiven(const Json &specification, const char *path)
{
    const Json *value = valueAt(specification, path);
    return value && !value->is_null();
}

Json labelPolicy(const Json &specification)
{
    if (isGiven(specification, "data.window.around"))
        return "annotation";
    return isGiven(specification, "data.window.label") ? "majority" : "none";
}

} // namespace

Json defaultOf(const Parameter &parameter, const Json &specification)
{
    if (parameter.usualWords.empty())
        return parameter.usual;
    const ObjectiveInfo *objective = objectiveIn(specification);
    if (parameter.path == "data.window.stride_seconds") {
        const Json *seconds = valueAt(specification, "data.window.seconds");
        return seconds && seconds->is_number() ? *seconds : schemaOf(SpecificationKind::train).find("data.window.seconds")->usual;
    }
    if (parameter.path == "data.window.label.policy")
        return labelPolicy(specification);
    if (parameter.path == "overlap")
        return objective && objective->isContrastive ? "avoid" : "allow";
    if (parameter.path == "incomplete")
        return objective && objective->isContrastive ? "drop" : "keep";
    if (parameter.path == "augment")
        return objective && objective->takesAugmentations ? usualAugmentations(*objective, inputOf(specification)) : Json::array();
    if (parameter.path == "train.early_stop.metric")
        return objective && objective->needsLabels ? "validation.macro_f1" : "validation.loss";
    if (parameter.path == "seeds") {
        const Json *seed = valueAt(specification, "base.seed");
        return Json::array({seed && seed->is_number_integer() ? *seed : Json(0)});
    }
    return parameter.usual;
}

} // namespace kino
