// Defaults that depend on the rest of a specification.
#include "core/jobs/specification/schema.h"
#include "core/learn/augment/augmentations.h"
#include "core/learn/objective_infos.h"

#include <algorithm>

namespace kino {
namespace {

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

bool seesPictures(const Json &specification)
{
    const Json *source = valueAt(specification, "data.source"), *representation = valueAt(specification, "data.representation.name");
    return (source && (*source == "images" || *source == "procedural-images")) || (representation && *representation == "spectrogram");
}

/** Its batch norm works on eighths of a batch, so that all must be whole. */
bool splitsBatches(const Json &specification)
{
    const Json *normalisation = valueAt(specification, "encoder.options.normalisation");
    return normalisation && *normalisation == "split-batch";
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
        return (objective && objective->isContrastive) || splitsBatches(specification) ? "drop" : "keep";
    if (parameter.path == "augment") {
        if (!objective || !objective->takesAugmentations)
            return Json::array();
        return usualAugmentations(*objective, seesPictures(specification) ? AugmentationInput::picture : AugmentationInput::signal);
    }
    if (parameter.path == "train.early_stop.metric")
        return objective && objective->needsLabels ? "validation.macro_f1" : "validation.loss";
    if (parameter.path == "seeds") {
        const Json *seed = valueAt(specification, "base.seed");
        return Json::array({seed && seed->is_number_integer() ? *seed : Json(0)});
    }
    return parameter.usual;
}

} // namespace kino
