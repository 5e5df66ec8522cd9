#include "core/jobs/specification/choices.h"

#include "core/data/dataset/representation.h"
#include "core/data/images/procedural_images.h"
#include "core/learn/augment/augmentations.h"
#include "core/learn/objective_infos.h"
#include "core/learn/optimizer_infos.h"
#include "core/learn/schedule.h"
#include "core/nn/encoder_infos.h"

namespace kino {
namespace {

template <class Info>
NamedChoice choiceOf(const Info &info)
{
    return {.name = info.name, .title = info.title, .source = info.source, .options = parametersOf(info.options)};
}

template <class Info>
std::vector<NamedChoice> choicesOf(const std::vector<Info> &infos)
{
    std::vector<NamedChoice> choices;
    for (const Info &info : infos)
        choices.push_back(choiceOf(info));
    return choices;
}

std::vector<NamedChoice> encoderChoices()
{
    std::vector<NamedChoice> choices;
    for (const EncoderInfo &info : encoderInfos()) {
        choices.push_back(choiceOf(info));
        choices.back().domain = encoderInput(info).isPicture() ? Domain::picture : Domain::signal;
    }
    return choices;
}

std::vector<NamedChoice> augmentationChoices()
{
    std::vector<NamedChoice> choices;
    for (const AugmentationInfo &info : augmentationInfos()) {
        choices.push_back(choiceOf(info));
        choices.back().domain = info.input == AugmentationInput::picture ? Domain::picture : Domain::signal;
    }
    return choices;
}

std::vector<NamedChoice> representationChoices()
{
    std::vector<NamedChoice> choices;
    for (const RepresentationInfo &info : representationInfos()) {
        choices.push_back(choiceOf(info));
        choices.back().domain = info.name == "spectrogram" ? Domain::picture : Domain::signal;
    }
    return choices;
}

std::vector<NamedChoice> samplerChoices()
{
    const Parameter overlap{.path = "overlap",
                            .type = ParameterType::choice,
                            .title = "Overlap within a batch",
                            .usualWords = "avoid for objectives that compare windows, else allow",
                            .allowed = {"avoid", "allow"},
                            .help = "avoid: no two windows of a batch share an instant, or a false negative would be learned from."};
    const Parameter incomplete{.path = "incomplete",
                               .type = ParameterType::choice,
                               .title = "Batches that are not full",
                               .usualWords = "drop for objectives that compare windows and encoders with split batch norm, else keep",
                               .allowed = {"keep", "drop"},
                               .help = "The last batch of an epoch has fewer windows: learned from, or left out."};
    return {{.name = "shuffled", .title = "Every window once an epoch, in a new order", .options = {overlap, incomplete}},
            {.name = "balanced", .title = "Each class equally likely, as many windows an epoch as there are", .options = {overlap, incomplete}}};
}

} // namespace

const SchemaChoices &schemaChoices()
{
    static const SchemaChoices choices{.representations = representationChoices(),
                                       .samplers = samplerChoices(),
                                       .encoders = encoderChoices(),
                                       .objectives = choicesOf(objectiveInfos()),
                                       .augmentations = augmentationChoices(),
                                       .optimizers = choicesOf(optimizerInfos()),
                                       .schedules = choicesOf(scheduleInfos()),
                                       .procedures = choicesOf(proceduralImageInfos())};
    return choices;
}

} // namespace kino
