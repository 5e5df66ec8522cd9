// What does not go together of encoder, objective, augmentations and training, where the single values are sound.
#include "core/jobs/specification/sound_values.h"
#include "core/learn/augment/augmentation_chain.h"
#include "core/learn/augment/augmentations.h"
#include "core/learn/objective_infos.h"
#include "core/nn/encoder_infos.h"
#include "core/signal/spectrogram_image.h"

#include <algorithm>

namespace kino::specification {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kSplitBatchParts = 8;

std::string namesOf(const std::vector<NamedChoice> &choices, Domain domain)
{
    std::vector<std::string> names;
    for (const NamedChoice &choice : choices) {
        if (choice.domain == domain)
            names.push_back(choice.name);
    }
    return listOfWords(names);
}

void judgeLength(const SoundValues &spec, const EncoderInfo &encoder, const EncoderInput &input, Checked &checked)
{
    const std::int64_t samples = samplesOf(spec);
    if (samples == 0 || (samples >= input.leastLength && samples <= input.mostLength))
        return;
    const double rateHz = spec.number("data.rate_hz");
    const std::string least = std::to_string(input.leastLength), most = std::to_string(input.mostLength);
    const std::string leastSeconds = secondsWords(static_cast<double>(input.leastLength) / rateHz, Rounding::up);
    const std::string mostSeconds = secondsWords(static_cast<double>(input.mostLength) / rateHz, Rounding::down);
    const std::string allowed = input.hasMost() ? least + " to " + most + " samples; allowed: " + leastSeconds + " to " + mostSeconds + " s"
                                                : least + " samples or more; allowed: " + leastSeconds + " s and more";
    checked.add("data.window.seconds", samplesWords(spec) + ", but the encoder " + encoder.name + " takes " + allowed + " at this rate");
}

void judgeChannels(const SoundValues &spec, const EncoderInfo &encoder, const EncoderInput &input, Checked &checked)
{
    const std::int64_t channels = channelsOf(spec);
    if (channels == 0 || channels == input.channels)
        return;
    const std::string way = encoder.name == "har-cnn" ? ", or set encoder.options.channels to " + std::to_string(channels) : "";
    const std::string given = std::to_string(channels) + " axes" + (spec.flag("data.joined") ? " (of joined devices)" : "");
    const std::string wanted = std::to_string(input.channels);
    checked.add("data.channels", "give " + given + ", but the encoder " + encoder.name + " takes " + wanted + "; allowed: kinds of streams with " + wanted
                                     + " axes together" + way);
}

void judgeEncoder(const SoundValues &spec, Checked &checked)
{
    const EncoderInfo *encoder = infoOf(encoderInfos(), spec.text("encoder.name"));
    if (!encoder || !checked.areSound({"data.source", "encoder.name", "encoder.options"}))
        return;
    for (const std::string &problem : encoderOptionProblems(*encoder, spec.object("encoder.options")))
        checked.add("encoder.options", problem);
    if (!checked.areSound({"data.representation.name"}))
        return;
    const EncoderInput input = encoderInput(*encoder, spec.object("encoder.options"));
    const SchemaChoices &choices = schemaChoices();
    if (input.isPicture() && !givesPictures(spec))
        checked.add("data.representation.name", "signal gives signals, but the encoder " + encoder->name
                                                    + " takes pictures; allowed: spectrogram, or one of the encoders " + namesOf(choices.encoders, Domain::signal));
    if (!input.isPicture() && givesPictures(spec) && spec.isFrom("recordings"))
        checked.add("data.representation.name", "spectrogram gives pictures, but the encoder " + encoder->name
                                                    + " takes signals; allowed: signal, or one of the encoders " + namesOf(choices.encoders, Domain::picture));
    if (!input.isPicture() && givesPictures(spec) && !spec.isFrom("recordings"))
        checked.add("encoder.name", encoder->name + " takes signals, but data.source " + spec.text("data.source")
                                        + " gives pictures; allowed: " + namesOf(choices.encoders, Domain::picture));
    if (!spec.isFrom("recordings") || input.isPicture() || givesPictures(spec))
        return;
    if (checked.areSound({"data.window.seconds", "data.rate_hz"}))
        judgeLength(spec, *encoder, input, checked);
    if (checked.areSound({"data.channels", "data.devices", "data.joined"}))
        judgeChannels(spec, *encoder, input, checked);
}

/** Of what is augmented; of size 0 where it is not known. */
SampleShape shapeOf(const SoundValues &spec, const Checked &checked)
{
    if (spec.isFrom("recordings") && givesPictures(spec))
        return {.channels = 3, .height = kModelInputHeight, .length = kModelInputWidth};
    if (givesPictures(spec) && checked.areSound({"data.width", "data.height"}))
        return {.channels = 3, .height = spec.whole("data.height"), .length = spec.whole("data.width")};
    if (givesPictures(spec) || !checked.areSound({"data.channels", "data.devices", "data.joined", "data.window.seconds", "data.rate_hz"}))
        return {};
    return {.channels = channelsOf(spec), .height = 1, .length = samplesOf(spec)};
}

void judgeAugmentations(const SoundValues &spec, Checked &checked)
{
    if (!checked.areSound({"data.source", "data.representation.name", "objective.name"}) || spec.isFrom("embeddings"))
        return;
    const ObjectiveInfo *objective = infoOf(objectiveInfos(), spec.text("objective.name"));
    const std::vector<NamedChoice> &known = schemaChoices().augmentations;
    const Json list = spec.list("augment");
    if (objective && !objective->takesAugmentations && !list.empty() && checked.areSound({"augment"})) {
        checked.add("augment", "the objective " + objective->name + " brings its own; allowed: nothing, or []");
        return;
    }
    if (objective && list.empty() && (objective->name == "simclr" || objective->name == "moco") && checked.areSound({"augment"}))
        checked.add("augment", "is empty: both views of a window are equal, and " + objective->name + " learns little from that",
                    ProblemSeverity::warning);
    const Domain domain = givesPictures(spec) ? Domain::picture : Domain::signal;
    const std::size_t before = checked.problems.size();
    for (std::size_t index = 0; index < list.size(); ++index) {
        const auto name = list[index].find("name");
        const NamedChoice *choice = name != list[index].end() ? findChoice(known, name->get<std::string>()) : nullptr;
        const std::string place = "augment." + std::to_string(index);
        if (choice && checked.areSound({place})) {
            const Json options = list[index].value("options", Json::object());
            for (const std::string &problem : augmentationOptionProblems(augmentationInfo(choice->name), options))
                checked.add(place + ".options", problem);
        }
        if (choice && choice->domain != Domain::any && choice->domain != domain)
            checked.add(place + ".name", choice->name + " is made for "
                                             + (domain == Domain::picture ? "signals, but the encoder sees pictures" : "pictures, but the encoder sees signals")
                                             + "; allowed: " + namesOf(known, domain));
    }
    const SampleShape shape = shapeOf(spec, checked);
    if (checked.problems.size() > before || shape.size() == 0 || !checked.areSound({"augment"}))
        return;
    for (const std::string &problem : AugmentationChain(list).problemsFor(shape))
        checked.add("augment", problem);
}

void judgePrimus(const SoundValues &spec, Checked &checked)
{
    const double share = spec.number("objective.options.ssl_share");
    const bool wantsOthers = spec.flag("objective.options.multimodal");
    const bool wantsOwn = spec.flag("objective.options.self_supervision") || spec.flag("objective.options.neighbours");
    const bool hasTerm = (wantsOthers && share < 1 && !spec.object("data.embeddings").empty()) || (wantsOwn && share > 0);
    if (!hasTerm && (wantsOthers || wantsOwn)) // all switched off is told by its options
        checked.add("objective.options", "primus has no term left that it could learn from: those between windows weigh ssl_share, those with other "
                                         "modalities 1 minus it and need data.embeddings");
}

void judgeWhatIsLearned(const SoundValues &spec, const ObjectiveInfo &objective, Checked &checked)
{
    if (checked.areSound({"data.source"}) && spec.isFrom("embeddings") && objective.name != "supervised")
        checked.add("objective.name",
                    objective.name + " learns from windows, and data.source embeddings has vectors that are as they are; allowed with them: supervised");
    if (objective.name == "moco" && spec.flag("encoder.freeze") && checked.areSound({"encoder.freeze"}))
        checked.add("encoder.freeze", "is true, but moco learns the encoder and nothing else; allowed with it: false");
    const std::string head = spec.text("objective.options.head");
    const bool hasHead = head.empty() || head == "embedding" || spec.text("encoder.name") == "primus";
    if (objective.name == "supervised" && !hasHead && checked.areSound({"data.source", "encoder.name"}))
        checked.add("objective.options.head", "is " + head + ", which only the encoder primus has; allowed: embedding");
    if (objective.name == "primus" && checked.areSound({"data.source", "data.embeddings"}))
        judgePrimus(spec, checked);
}

void judgeObjective(const SoundValues &spec, Checked &checked)
{
    const ObjectiveInfo *objective = infoOf(objectiveInfos(), spec.text("objective.name"));
    if (!objective || !checked.areSound({"objective"}))
        return;
    for (const std::string &problem : objectiveOptionProblems(*objective, spec.object("objective.options")))
        checked.add("objective.options", problem);
    if (checked.areSound({"data.source"}) && givesPictures(spec) && objective->name == "multitask")
        checked.add("objective.name", "multitask recognises what was done to a signal, but the encoder sees pictures; allowed with pictures: "
                                      "supervised, simclr, moco, primus");
    const Json embeddings = spec.object("data.embeddings");
    const auto isThere = [&](const std::string &name) { return embeddings.contains(name); };
    const bool lacksEmbeddings = !objective->embeddings.empty() && std::ranges::none_of(objective->embeddings, isThere);
    if (lacksEmbeddings && spec.isFrom("recordings") && checked.areSound({"data.source", "data.embeddings"}))
        checked.add("data.embeddings", "is missing " + listOfWords(objective->embeddings) + "; the objective " + objective->name
                                           + " compares windows with one of them: {\"text\": \"text.safetensors\"}");
    judgeWhatIsLearned(spec, *objective, checked);
    const std::int64_t batch = spec.whole("train.batch");
    if (!checked.areSound({"train.batch"}))
        return;
    if (objective->isContrastive && batch < 2)
        checked.add("train.batch", "is 1, but the objective " + objective->name + " compares windows with each other; allowed: 2 to 65536");
    const std::int64_t queue = spec.whole("objective.options.queue");
    if (objective->name == "moco" && queue > 0 && batch > 0 && queue % batch != 0)
        checked.add("objective.options.queue", std::to_string(queue) + " is not divisible by train.batch, " + std::to_string(batch)
                                                   + "; allowed: multiples of it, such as " + std::to_string((queue / batch + 1) * batch));
}

void judgeTraining(const SoundValues &spec, Checked &checked)
{
    const std::int64_t batch = spec.whole("train.batch");
    const bool isParted = spec.text("encoder.options.normalisation") == "split-batch";
    if (isParted && batch % kSplitBatchParts != 0 && checked.areSound({"encoder", "train.batch"}))
        checked.add("train.batch", std::to_string(batch) + " is not divisible by 8, into which the encoder's normalisation split-batch parts it; "
                                       "allowed: multiples of 8");
    if (checked.areSound({"train.schedule", "train.epochs"})) {
        const double warmup = spec.number("train.schedule.options.warmup_epochs");
        if (warmup > 0 && warmup >= spec.number("train.epochs"))
            checked.add("train.schedule.options.warmup_epochs", "a warm-up of " + numberWords(warmup) + " epochs is as long as the run of "
                                                                    + numberWords(spec.number("train.epochs")) + "; allowed: less than train.epochs");
        const Json milestones = spec.list("train.schedule.options.milestones");
        for (std::size_t index = 0; index < milestones.size(); ++index) {
            if (milestones[index].get<double>() >= spec.number("train.epochs"))
                checked.add("train.schedule.options.milestones." + std::to_string(index),
                            "the run has ended before epoch " + valueWords(milestones[index]) + "; allowed: less than train.epochs", ProblemSeverity::warning);
        }
    }
    const bool looksAhead = spec.flag("train.optimizer.options.nesterov");
    if (looksAhead && spec.number("train.optimizer.options.momentum") == 0 && checked.areSound({"train.optimizer"}))
        checked.add("train.optimizer.options.nesterov", "looks where the momentum leads, but that is 0; allowed: false, or a momentum above 0");
}

bool hasValidation(const SoundValues &spec)
{
    if (spec.number("data.validation_share") > 0)
        return true;
    if (!spec.has("data.split"))
        return false;
    const Json fractions = spec.list("data.split.fractions");
    return spec.has("data.split.file") || spec.has("data.split.folds") || !spec.list("data.split.validation").empty()
        || !spec.text("data.split.validation").empty() || (fractions.size() == 3 && fractions[1].get<double>() > 0);
}

void judgeEarlyStop(const SoundValues &spec, Checked &checked)
{
    if (!spec.has("train.early_stop"))
        return;
    const bool arePictures = spec.isFrom("images") || spec.isFrom("procedural-images");
    const std::string lack = arePictures ? "data.validation_share is 0; allowed: null, or a share above 0" : "data.split has none; allowed: null, or a split with validation";
    if (checked.areSound({"data.source", "data.split", "data.validation_share"}) && !hasValidation(spec))
        checked.add("train.early_stop", "watches the validation part, and " + lack);
    const ObjectiveInfo *objective = infoOf(objectiveInfos(), spec.text("objective.name"));
    const std::string metric = spec.text("train.early_stop.metric");
    const bool isOfLabels = metric == "validation.macro_f1" || metric == "validation.accuracy";
    if (objective && !objective->needsLabels && isOfLabels && checked.areSound({"objective.name", "train.early_stop.metric"}))
        checked.add("train.early_stop.metric",
                    metric + " needs an objective that learns from labels, and " + objective->name + " does not; allowed: validation.loss");
}

} // namespace

void addRelationProblems(Checked &checked)
{
    const Json sound = checked.sound;
    const SoundValues spec(sound);
    addWindowProblems(spec, checked);
    judgeEncoder(spec, checked);
    judgeObjective(spec, checked);
    judgeAugmentations(spec, checked);
    judgeTraining(spec, checked);
    judgeEarlyStop(spec, checked);
}

} // namespace kino::specification
