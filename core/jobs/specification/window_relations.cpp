// What does not go together in "data": lengths and rates, pictures of windows, labels, splits.
#include "core/base/error.h"
#include "core/data/windows/window_spec.h"
#include "core/jobs/specification/sound_values.h"
#include "core/learn/objective_infos.h"

#include <cmath>

namespace kino::specification {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kLeastSpectrogramSamples = 128;

/** 0 where a kind's axes differ from sensor to sensor. */
std::int64_t axesOf(const std::string &kind)
{
    if (kind == "orientation")
        return 4;
    if (kind == "barometer" || kind == "temperature")
        return 1;
    return kind == "gps" || kind == "other" ? 0 : 3;
}

void judgeSpectrogram(const SoundValues &spec, Checked &checked)
{
    const bool isSpectrogram = spec.isFrom("recordings") && spec.text("data.representation.name") == "spectrogram";
    if (!isSpectrogram || !checked.areSound({"data.source", "data.representation"}))
        return;
    const std::int64_t samples = samplesOf(spec);
    if (samples > 0 && samples < kLeastSpectrogramSamples && checked.areSound({"data.window.seconds", "data.rate_hz"}))
        checked.add("data.window.seconds", samplesWords(spec) + ", but a spectrogram needs 128; allowed: "
                                               + secondsWords(kLeastSpectrogramSamples / spec.number("data.rate_hz"), Rounding::up)
                                               + " s and more at this rate");
    if (spec.text("data.normalise") != "none" && checked.areSound({"data.normalise"}))
        checked.add("data.normalise", "is " + spec.text("data.normalise") + ", but spectrograms are scaled to their own range; allowed with them: none");
    const std::string stream = spec.text("data.representation.options.stream");
    const Json channels = spec.list("data.channels");
    if (!stream.empty() && checked.areSound({"data.channels"}) && std::ranges::find(channels, Json(stream)) == channels.end())
        checked.add("data.representation.options.stream",
                    "\"" + stream + "\" is not among data.channels; allowed: " + listOfWords(channels.get<std::vector<std::string>>()));
}

void judgeLabels(const SoundValues &spec, Checked &checked)
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
        const bool keepsAll = spec.text("data.window.label.unlabelled") == "keep" && !spec.has("data.split.file");
        if (objective && objective->needsLabels && keepsAll)
            checked.add("data.window.label.unlabelled", "is keep, but the objective " + objective->name + " learns from labels; allowed: drop");
        return;
    }
    const auto need = [&](const std::string &who) {
        checked.add("data.window.label.policy",
                    "is none, but " + who + "; allowed: majority, full, centre" + (spec.has("data.window.around") ? ", annotation" : ""));
    };
    if (objective && objective->needsLabels)
        need("the objective " + objective->name + " learns from labels");
    if (spec.text("data.sampler.name") == "balanced")
        need("the sampler balanced counts by label");
    if (spec.has("data.shots"))
        need("data.shots counts by label");
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
void judgeWindows(const SoundValues &spec, Checked &checked)
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
            const auto begins = [&problem](const char *words) { return problem.sentence.starts_with(words); };
            const bool isTables = begins("is unknown") || begins("must be ") || begins("is missing");
            if (!isTables && restsOnSound(checked, problem.path))
                checked.problems.push_back(std::move(problem));
        }
    }
}

} // namespace

std::int64_t channelsOf(const SoundValues &spec)
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

std::int64_t samplesOf(const SoundValues &spec)
{
    const double samples = std::round(spec.number("data.window.seconds") * spec.number("data.rate_hz"));
    return samples >= 1 && samples <= 1e6 ? static_cast<std::int64_t>(samples) : 0;
}

bool givesPictures(const SoundValues &spec)
{
    return spec.isFrom("images") || spec.isFrom("procedural-images") || (spec.isFrom("recordings") && spec.text("data.representation.name") == "spectrogram");
}

std::string secondsWords(double seconds, Rounding rounding)
{
    const double tenThousandths = seconds * 1e4, nearest = std::round(tenThousandths);
    if (std::abs(tenThousandths - nearest) < 1e-6)
        return numberWords(nearest / 1e4);
    return numberWords((rounding == Rounding::up ? std::ceil(tenThousandths) : std::floor(tenThousandths)) / 1e4);
}

std::string samplesWords(const SoundValues &spec)
{
    return numberWords(spec.number("data.window.seconds")) + " s at " + numberWords(spec.number("data.rate_hz")) + " Hz are "
        + std::to_string(samplesOf(spec)) + " samples";
}

void addWindowProblems(const SoundValues &spec, Checked &checked)
{
    judgeWindows(spec, checked);
    judgeSpectrogram(spec, checked);
    judgeLabels(spec, checked);
}

} // namespace kino::specification
