#include "core/jobs/specification/check.h"
#include "core/jobs/specification/study.h"

#include <cmath>

namespace kino {
namespace {

using Json = nlohmann::json;

std::string textAt(const Json &specification, const std::string &path)
{
    const Json *value = valueAt(specification, path);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::string wordsAt(const Json &specification, const std::string &path)
{
    const Json *value = valueAt(specification, path);
    if (!value || value->is_null())
        return {};
    if (value->is_string())
        return value->get<std::string>();
    if (!value->is_array())
        return valueWords(*value);
    std::string words;
    for (const Json &each : *value)
        words += (words.empty() ? "" : ", ") + (each.is_string() ? each.get<std::string>() : valueWords(each));
    return words;
}

std::string recordingsWords(const Json &spec)
{
    if (valueAt(spec, "data.recordings.project"))
        return "all recordings of the project";
    const std::string tag = textAt(spec, "data.recordings.tag");
    return tag.empty() ? wordsAt(spec, "data.recordings") : "recordings with the tag " + tag;
}

std::string dataWords(const Json &spec)
{
    const std::string source = textAt(spec, "data.source");
    if (source == "images")
        return "pictures of " + wordsAt(spec, "data.images");
    if (source == "procedural-images")
        return wordsAt(spec, "data.count") + " pictures by " + textAt(spec, "data.procedure.name");
    if (source == "embeddings")
        return "vectors of " + wordsAt(spec, "data.vectors");
    const double rateHz = spec["data"]["rate_hz"].get<double>(), seconds = spec["data"]["window"]["seconds"].get<double>();
    const std::string label = textAt(spec, "data.window.label.policy");
    return recordingsWords(spec) + ": " + numberWords(seconds) + " s of " + wordsAt(spec, "data.channels") + " at " + numberWords(rateHz) + " Hz ("
        + numberWords(std::round(seconds * rateHz)) + " samples) "
        + (valueAt(spec, "data.window.around") ? "around annotations" : "every " + wordsAt(spec, "data.window.stride_seconds") + " s") + ", as "
        + textAt(spec, "data.representation.name") + ", labels " + label;
}

std::string splitWords(const Json &spec)
{
    const Json *split = valueAt(spec, "data.split");
    if (!split)
        return "none: all trains";
    if (split->contains("file"))
        return "as " + textAt(spec, "data.split.file") + " has it";
    std::string words = "by " + textAt(spec, "data.split.by");
    for (const char *key : {"validation", "test", "folds", "fold", "fractions"}) {
        if (const std::string value = wordsAt(spec, std::string("data.split.") + key); !value.empty())
            words += std::string(", ") + key + " " + value;
    }
    return words;
}

std::string trainingWords(const Json &spec)
{
    return wordsAt(spec, "train.epochs") + " epochs of batches of " + wordsAt(spec, "train.batch") + ", " + textAt(spec, "train.optimizer.name") + " at "
        + wordsAt(spec, "train.optimizer.options.lr") + ", schedule " + textAt(spec, "train.schedule.name") + ", " + textAt(spec, "train.precision") + ", seed "
        + wordsAt(spec, "seed");
}

std::string augmentWords(const Json &spec)
{
    std::string words;
    for (const Json &each : spec.value("augment", Json::array()))
        words += (words.empty() ? "" : ", ") + textAt(each, "name");
    return words.empty() ? "none" : words;
}

} // namespace

std::string specificationSummary(const Json &specification)
{
    const Json spec = completeSpecification(specification);
    const std::string name = textAt(spec, "name");
    std::string text = name.empty() ? std::string() : name + "\n";
    if (textAt(spec, "kind") == "study") {
        for (const auto &[path, values] : spec["grid"].items())
            text += "grid       " + path + ", " + std::to_string(values.size()) + " values\n";
        return text + "seeds      " + wordsAt(spec, "seeds") + "\nfolds      " + (spec["folds"].is_null() ? "none" : wordsAt(spec, "folds")) + "\nruns       "
            + numberWords(specification::countRuns(spec)) + "\n";
    }
    text += "data       " + dataWords(spec) + "\nsplit      " + splitWords(spec) + "\n";
    if (spec.contains("encoder"))
        text += "encoder    " + textAt(spec, "encoder.name") + (spec["encoder"]["weights"].is_null() ? "" : ", from " + wordsAt(spec, "encoder.weights"))
            + (spec["encoder"]["freeze"] == true ? ", frozen" : "") + "\n";
    return text + "objective  " + textAt(spec, "objective.name") + "\naugment    " + augmentWords(spec) + "\ntraining   " + trainingWords(spec) + "\n";
}

} // namespace kino
