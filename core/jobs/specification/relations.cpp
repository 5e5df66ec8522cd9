// What does not go together in a specification whose single values are sound.
#include "core/base/error.h"
#include "core/base/glob.h"
#include "core/data/windows/window_spec.h"
#include "core/jobs/specification/check.h"
#include "core/learn/augment/augmentation_chain.h"
#include "core/learn/augment/augmentations.h"
#include "core/learn/objective_infos.h"
#include "core/nn/encoder_infos.h"
#include "core/signal/spectrogram_image.h"

#include <algorithm>
#include <cmath>

namespace kino::specification {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kLeastSpectrogramSamples = 128;
constexpr std::int64_t kSplitBatchParts = 8;

/** A specification whose values are sound, asked by path. */
class Sound {
public:
    explicit Sound(const Json &specification) : m_specification(specification) {}

    /** "" where there is none. */
    std::string text(const char *path) const
    {
        const Json *value = valueAt(m_specification, path);
        return value && value->is_string() ? value->get<std::string>() : std::string();
    }
    double number(const char *path) const
    {
        const Json *value = valueAt(m_specification, path);
        return value && value->is_number() ? value->get<double>() : 0;
    }
    std::int64_t whole(const char *path) const
    {
        const Json *value = valueAt(m_specification, path);
        return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
    }
    bool flag(const char *path) const
    {
        const Json *value = valueAt(m_specification, path);
        return value && value->is_boolean() && value->get<bool>();
    }
    bool has(const char *path) const
    {
        const Json *value = valueAt(m_specification, path);
        return value && !value->is_null();
    }
    /** An empty list where there is none. */
    Json list(const char *path) const
    {
        const Json *value = valueAt(m_specification, path);
        return value && value->is_array() ? *value : Json::array();
    }
    Json object(const char *path) const
    {
        const Json *value = valueAt(m_specification, path);
        return value && value->is_object() ? *value : Json::object();
    }
    bool isFrom(const char *source) const { return text("data.source") == source; }

private:
    const Json &m_specification;
};

template <class Info>
const Info *infoOf(const std::vector<Info> &infos, const std::string &name)
{
    const auto found = std::ranges::find(infos, name, &Info::name);
    return found == infos.end() ? nullptr : &*found;
}

/** 0 where a kind's axes differ from sensor to sensor. */
std::int64_t axesOf(const std::string &kind)
{
    if (kind == "orientation")
        return 4;
    if (kind == "barometer" || kind == "temperature")
        return 1;
    return kind == "gps" || kind == "other" ? 0 : 3;
}

/** A sum over the channels that are asked for; 0 where it is not known. */
std::int64_t channelsOf(const Sound &spec)
{
    std::int64_t count = 0;
    for (const Json &kind : spec.list("data.channels")) {
        const std::int64_t axes = axesOf(kind.get<std::string>());
        if (axes == 0)
            return 0;
        count += axes;
    }
    return spec.flag("data.joined") ? count * static_cast<std::int64_t>(spec.list("data.devices").size()) : count;
}

std::int64_t samplesOf(const Sound &spec)
{
    const double samples = std::round(spec.number("data.window.seconds") * spec.number("data.rate_hz"));
    return samples >= 1 && samples <= 1e6 ? static_cast<std::int64_t>(samples) : 0;
}

std::string namesOf(const std::vector<NamedChoice> &choices, Domain domain)
{
    std::vector<std::string> names;
    for (const NamedChoice &choice : choices) {
        if (choice.domain == domain)
            names.push_back(choice.name);
    }
    return listOfWords(names);
}

bool givesPictures(const Sound &spec)
{
    return spec.isFrom("images") || spec.isFrom("procedural-images") || (spec.isFrom("recordings") && spec.text("data.representation.name") == "spectrogram");
}

/** Seconds to four digits; rounded up or down, so that they hold no fewer or no more samples than is said. */
std::string secondsWords(double seconds, double (*round)(double))
{
    const double tenThousandths = seconds * 1e4, nearest = std::round(tenThousandths);
    return numberWords((std::abs(tenThousandths - nearest) < 1e-6 ? nearest : round(tenThousandths)) / 1e4);
}

double roundUp(double number) { return std::ceil(number); }
double roundDown(double number) { return std::floor(number); }

void judgeLength(const Sound &spec, const EncoderInfo &encoder, const EncoderInput &input, Checked &checked)
{
    const std::int64_t samples = samplesOf(spec);
    if (samples == 0 || (samples >= input.leastLength && samples <= input.mostLength))
        return;
    const double rateHz = spec.number("data.rate_hz");
    const std::string least = secondsWords(static_cast<double>(input.leastLength) / rateHz, roundUp);
    const std::string allowed = input.hasMost() ? std::to_string(input.leastLength) + " to " + std::to_string(input.mostLength) + " samples; allowed: " + least + " to "
                                                      + secondsWords(static_cast<double>(input.mostLength) / rateHz, roundDown) + " s"
                                                : std::to_string(input.leastLength) + " samples or more; allowed: " + least + " s and more";
    checked.add("data.window.seconds", numberWords(spec.number("data.window.seconds")) + " s at " + numberWords(rateHz) + " Hz are " + std::to_string(samples)
                                           + " samples, but the encoder " + encoder.name + " takes " + allowed + " at this rate");
}

void judgeChannels(const Sound &spec, const EncoderInfo &encoder, const EncoderInput &input, Checked &checked)
{
    const std::int64_t channels = channelsOf(spec);
    if (channels == 0 || channels == input.channels)
        return;
    const std::string way = encoder.name == "har-cnn" ? ", or set encoder.options.channels to " + std::to_string(channels) : "";
    checked.add("data.channels", "give " + std::to_string(channels) + " axes" + (spec.flag("data.joined") ? " (of joined devices)" : "") + ", but the encoder "
                                     + encoder.name + " takes " + std::to_string(input.channels) + "; allowed: kinds of streams with " + std::to_string(input.channels)
                                     + " axes together" + way);
}

void judgeEncoder(const Sound &spec, Checked &checked)
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
        checked.add("data.representation.name", "signal gives signals, but the encoder " + encoder->name + " takes pictures; allowed: spectrogram, or one of the encoders "
                                                    + namesOf(choices.encoders, Domain::signal));
    if (!input.isPicture() && givesPictures(spec) && spec.isFrom("recordings"))
        checked.add("data.representation.name", "spectrogram gives pictures, but the encoder " + encoder->name + " takes signals; allowed: signal, or one of the encoders "
                                                    + namesOf(choices.encoders, Domain::picture));
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

void judgeSpectrogram(const Sound &spec, Checked &checked)
{
    if (!spec.isFrom("recordings") || spec.text("data.representation.name") != "spectrogram" || !checked.areSound({"data.source", "data.representation"}))
        return;
    const std::int64_t samples = samplesOf(spec);
    if (samples > 0 && samples < kLeastSpectrogramSamples && checked.areSound({"data.window.seconds", "data.rate_hz"}))
        checked.add("data.window.seconds", numberWords(spec.number("data.window.seconds")) + " s at " + numberWords(spec.number("data.rate_hz")) + " Hz are "
                                               + std::to_string(samples) + " samples, but a spectrogram needs 128; allowed: "
                                               + secondsWords(kLeastSpectrogramSamples / spec.number("data.rate_hz"), roundUp) + " s and more at this rate");
    if (spec.text("data.normalise") != "none" && checked.areSound({"data.normalise"}))
        checked.add("data.normalise", "is " + spec.text("data.normalise") + ", but spectrograms are scaled to their own range; allowed with them: none");
    const std::string stream = spec.text("data.representation.options.stream");
    const Json channels = spec.list("data.channels");
    if (!stream.empty() && checked.areSound({"data.channels"}) && std::ranges::find(channels, Json(stream)) == channels.end())
        checked.add("data.representation.options.stream",
                    "\"" + stream + "\" is not among data.channels; allowed: " + listOfWords(channels.get<std::vector<std::string>>()));
}

void judgeLabels(const Sound &spec, Checked &checked)
{
    if (!checked.areSound({"data.source", "data.window.label", "data.split.file"}))
        return;
    const ObjectiveInfo *objective = infoOf(objectiveInfos(), spec.text("objective.name"));
    if (objective && objective->needsLabels && !spec.isFrom("recordings") && givesPictures(spec))
        checked.add("objective.name", objective->name + " learns from labels, which the pictures of data.source " + spec.text("data.source")
                                          + " do not have; allowed with them: simclr, moco, primus");
    if (!spec.isFrom("recordings") || !spec.has("data.window"))
        return;
    if (spec.text("data.window.label.policy") != "none" || spec.has("data.split.file")) {
        if (objective && objective->needsLabels && spec.text("data.window.label.unlabelled") == "keep" && !spec.has("data.split.file"))
            checked.add("data.window.label.unlabelled", "is keep, but the objective " + objective->name + " learns from labels; allowed: drop");
        return;
    }
    const auto need = [&](const std::string &who) {
        checked.add("data.window.label.policy", "is none, but " + who + "; allowed: majority, full, centre" + (spec.has("data.window.around") ? ", annotation" : ""));
    };
    if (objective && objective->needsLabels)
        need("the objective " + objective->name + " learns from labels");
    if (spec.text("data.sampler.name") == "balanced")
        need("the sampler balanced counts by label");
    if (spec.has("data.shots"))
        need("data.shots counts by label");
}

/** Of what is augmented; of size 0 where it is not known. */
SampleShape shapeOf(const Sound &spec, const Checked &checked)
{
    if (spec.isFrom("recordings") && givesPictures(spec))
        return {.channels = 3, .height = kModelInputHeight, .length = kModelInputWidth};
    if (givesPictures(spec))
        return checked.areSound({"data.width", "data.height"}) ? SampleShape{.channels = 3, .height = spec.whole("data.height"), .length = spec.whole("data.width")} : SampleShape{};
    if (!checked.areSound({"data.channels", "data.devices", "data.joined", "data.window.seconds", "data.rate_hz"}))
        return {};
    return {.channels = channelsOf(spec), .height = 1, .length = samplesOf(spec)};
}

void judgeAugmentations(const Sound &spec, Checked &checked)
{
    if (!checked.areSound({"data.source", "data.representation.name", "objective.name"}) || spec.isFrom("embeddings"))
        return;
    const ObjectiveInfo *objective = infoOf(objectiveInfos(), spec.text("objective.name"));
    const Json list = spec.list("augment");
    if (objective && !objective->takesAugmentations && !list.empty() && checked.areSound({"augment"})) {
        checked.add("augment", "the objective " + objective->name + " brings its own; allowed: nothing, or []");
        return;
    }
    if (objective && list.empty() && (objective->name == "simclr" || objective->name == "moco") && checked.areSound({"augment"}))
        checked.add("augment", "is empty: both views of a window are equal, and " + objective->name + " learns little from that", ProblemSeverity::warning);
    const Domain domain = givesPictures(spec) ? Domain::picture : Domain::signal;
    const std::size_t before = checked.problems.size();
    for (std::size_t index = 0; index < list.size(); ++index) {
        const auto name = list[index].find("name");
        const NamedChoice *choice = name != list[index].end() ? findChoice(schemaChoices().augmentations, name->get<std::string>()) : nullptr;
        const std::string place = "augment." + std::to_string(index);
        if (choice && checked.areSound({place})) {
            for (const std::string &problem : augmentationOptionProblems(augmentationInfo(choice->name), list[index].value("options", Json::object())))
                checked.add(place + ".options", problem);
        }
        if (choice && choice->domain != Domain::any && choice->domain != domain)
            checked.add(place + ".name",
                        choice->name + " is made for " + (domain == Domain::picture ? "signals, but the encoder sees pictures" : "pictures, but the encoder sees signals")
                            + "; allowed: " + namesOf(schemaChoices().augmentations, domain));
    }
    const SampleShape shape = shapeOf(spec, checked);
    if (checked.problems.size() > before || shape.size() == 0 || !checked.areSound({"augment"}))
        return;
    for (const std::string &problem : AugmentationChain(list).problemsFor(shape))
        checked.add("augment", problem);
}

void judgeWhatIsLearned(const Sound &spec, const ObjectiveInfo &objective, Checked &checked)
{
    if (checked.areSound({"data.source"}) && spec.isFrom("embeddings") && objective.name != "supervised")
        checked.add("objective.name", objective.name + " learns from windows, and data.source embeddings has vectors that are as they are; allowed with them: supervised");
    if (objective.name == "moco" && spec.flag("encoder.freeze") && checked.areSound({"encoder.freeze"}))
        checked.add("encoder.freeze", "is true, but moco learns the encoder and nothing else; allowed with it: false");
    const std::string head = spec.text("objective.options.head");
    if (objective.name == "supervised" && head != "embedding" && !head.empty() && checked.areSound({"data.source", "encoder.name"}) && spec.text("encoder.name") != "primus")
        checked.add("objective.options.head", "is " + head + ", which only the encoder primus has; allowed: embedding");
    const bool hasOther = spec.flag("objective.options.multimodal") && spec.number("objective.options.ssl_share") < 1 && !spec.object("data.embeddings").empty();
    const bool hasOwn = (spec.flag("objective.options.self_supervision") || spec.flag("objective.options.neighbours")) && spec.number("objective.options.ssl_share") > 0;
    const bool isOff = !spec.flag("objective.options.multimodal") && !spec.flag("objective.options.self_supervision") && !spec.flag("objective.options.neighbours"); // told by its options
    if (objective.name == "primus" && !hasOther && !hasOwn && !isOff && checked.areSound({"data.source", "data.embeddings"}))
        checked.add("objective.options", "primus has no term left that it could learn from: those between windows weigh ssl_share, those with other modalities 1 minus it and need "
                                         "data.embeddings");
}

void judgeObjective(const Sound &spec, Checked &checked)
{
    const ObjectiveInfo *objective = infoOf(objectiveInfos(), spec.text("objective.name"));
    if (!objective || !checked.areSound({"objective"}))
        return;
    for (const std::string &problem : objectiveOptionProblems(*objective, spec.object("objective.options")))
        checked.add("objective.options", problem);
    if (checked.areSound({"data.source"}) && givesPictures(spec) && objective->name == "multitask")
        checked.add("objective.name", "multitask recognises what was done to a signal, but the encoder sees pictures; allowed with pictures: supervised, simclr, moco, primus");
    const Json embeddings = spec.object("data.embeddings");
    const auto isThere = [&](const std::string &name) { return embeddings.contains(name); };
    if (!objective->embeddings.empty() && spec.isFrom("recordings") && checked.areSound({"data.source", "data.embeddings"}) && std::ranges::none_of(objective->embeddings, isThere))
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
        checked.add("objective.options.queue", std::to_string(queue) + " is not divisible by train.batch, " + std::to_string(batch) + "; allowed: multiples of it, such as "
                                                   + std::to_string((queue / batch + 1) * batch));
}

void judgeTraining(const Sound &spec, Checked &checked)
{
    if (spec.text("encoder.options.normalisation") == "split-batch" && checked.areSound({"encoder", "train.batch"}) && spec.whole("train.batch") % kSplitBatchParts != 0)
        checked.add("train.batch", std::to_string(spec.whole("train.batch")) + " is not divisible by 8, into which the encoder's normalisation split-batch parts it; allowed: "
                                       "multiples of 8");
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
    if (spec.flag("train.optimizer.options.nesterov") && checked.areSound({"train.optimizer"}) && spec.number("train.optimizer.options.momentum") == 0)
        checked.add("train.optimizer.options.nesterov", "looks where the momentum leads, but that is 0; allowed: false, or a momentum above 0");
}

bool hasValidation(const Sound &spec)
{
    if (!spec.has("data.split"))
        return false;
    const Json fractions = spec.list("data.split.fractions");
    return spec.has("data.split.file") || !spec.list("data.split.validation").empty() || !spec.text("data.split.validation").empty() || spec.has("data.split.folds")
        || (fractions.size() == 3 && fractions[1].get<double>() > 0);
}

void judgeEarlyStop(const Sound &spec, Checked &checked)
{
    if (!spec.has("train.early_stop"))
        return;
    if (checked.areSound({"data.source", "data.split"}) && !hasValidation(spec))
        checked.add("train.early_stop", "watches the validation part, and data.split has none; allowed: null, or a split with validation");
    const ObjectiveInfo *objective = infoOf(objectiveInfos(), spec.text("objective.name"));
    const std::string metric = spec.text("train.early_stop.metric");
    if (objective && !objective->needsLabels && (metric == "validation.macro_f1" || metric == "validation.accuracy") && checked.areSound({"objective.name", "train.early_stop.metric"}))
        checked.add("train.early_stop.metric", metric + " needs an objective that learns from labels, and " + objective->name + " does not; allowed: validation.loss");
}

/** "data.split: folds: two or more" is about data.split.folds. */
Problem problemOfLine(const std::string &line)
{
    std::size_t colon = line.find(": ");
    if (colon == std::string::npos)
        return {"data", line};
    Problem problem{line.substr(0, colon), line.substr(colon + 2)};
    if (problem.path != "data.split")
        return problem;
    for (const std::string key : {"folds", "fractions", "file", "split"}) {
        if (!problem.sentence.starts_with(key + ": "))
            continue;
        problem.sentence.erase(0, key.size() + 2);
        if (key != "split")
            problem.path += "." + key;
    }
    return problem;
}

/** Paths of the table that a sentence about windows rests on. */
bool restsOnSound(const Checked &checked, const std::string &path)
{
    if (path.starts_with("data.window") || path == "data.rate_hz")
        return checked.areSound({"data.window", "data.rate_hz"});
    if (path.starts_with("data.split"))
        return checked.areSound({"data.split"});
    return checked.areSound({"data.channels", "data.devices", "data.joined", "data.labels"});
}

/** What cutting windows has against it, beside keys, types and ranges: these the table has judged. */
void judgeWindows(const Sound &spec, Checked &checked)
{
    if (!spec.isFrom("recordings") || !checked.areSound({"data.source"}) || !spec.has("data.window"))
        return;
    Json part = datasetPart(checked.sound);
    part["data"]["recordings"] = {"*"}; // which ones is of no account here
    try {
        windowSpecFromJson(part);
    } catch (const Error &error) {
        const std::string lines = error.what();
        for (std::size_t from = 0; from < lines.size();) {
            const std::size_t to = std::min(lines.find('\n', from), lines.size());
            Problem problem = problemOfLine(lines.substr(from, to - from));
            from = to + 1;
            const bool isTables = problem.sentence.starts_with("is unknown") || problem.sentence.starts_with("must be ") || problem.sentence.starts_with("is missing");
            if (!isTables && restsOnSound(checked, problem.path))
                checked.problems.push_back(std::move(problem));
        }
    }
}

} // namespace

void addRelationProblems(Checked &checked)
{
    const Json sound = checked.sound;
    const Sound spec(sound);
    judgeWindows(spec, checked);
    judgeSpectrogram(spec, checked);
    judgeLabels(spec, checked);
    judgeEncoder(spec, checked);
    judgeObjective(spec, checked);
    judgeAugmentations(spec, checked);
    judgeTraining(spec, checked);
    judgeEarlyStop(spec, checked);
}

void addFileWarnings(Checked &checked, const std::filesystem::path &folder)
{
    const auto isThere = [&](const std::string &pattern) { return !expandGlob(folder, pattern).empty(); };
    const auto warnOf = [&](const std::string &path, const Json &pattern) {
        if (pattern.is_string() && !isThere(pattern.get<std::string>()))
            checked.add(path, "no file matches " + valueWords(pattern) + " yet; patterns count from the specification's folder", ProblemSeverity::warning);
    };
    const Json *recordings = valueAt(checked.sound, "data.recordings");
    for (std::size_t index = 0; recordings && recordings->is_array() && index < recordings->size(); ++index)
        warnOf("data.recordings." + std::to_string(index), (*recordings)[index]);
    for (const char *path : {"data.images", "data.vectors", "data.split.file", "encoder.weights"}) {
        const Json *file = valueAt(checked.sound, path);
        std::error_code ignored;
        if (file && file->is_string() && !std::filesystem::exists(folder / file->get<std::string>(), ignored))
            checked.add(path, "there is no " + valueWords(*file) + " yet; paths count from the specification's folder", ProblemSeverity::warning);
    }
    const Json *embeddings = valueAt(checked.sound, "data.embeddings");
    if (!embeddings || !embeddings->is_object())
        return;
    for (const auto &[name, file] : embeddings->items()) {
        std::error_code ignored;
        if (!std::filesystem::exists(folder / file.get<std::string>(), ignored))
            checked.add("data.embeddings." + name, "there is no " + valueWords(file) + " yet; paths count from the specification's folder", ProblemSeverity::warning);
    }
}

} // namespace kino::specification
