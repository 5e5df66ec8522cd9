#include "core/base/error.h"
#include "core/data/dataset/load_dataset.h"

namespace kino {
namespace {

using Json = nlohmann::json;

void readRepresentation(const Json &data, DatasetSpec &spec, std::vector<std::string> &problems)
{
    const auto found = data.find("representation");
    if (found == data.end() || found->is_null())
        return;
    if (!found->is_object() || !found->contains("name") || !found->at("name").is_string()) {
        problems.emplace_back("data.representation: must be {\"name\": …, \"options\": {…}}");
        return;
    }
    for (const auto &[key, ignored] : found->items()) {
        if (key != "name" && key != "options")
            problems.push_back("data.representation." + key + ": is unknown; allowed: name, options");
    }
    spec.representation = {found->at("name").get<std::string>(), found->value("options", Json::object())};
    std::vector<std::string> names;
    for (const RepresentationInfo &info : representationInfos()) {
        names.push_back(info.name);
        if (info.name != spec.representation.name)
            continue;
        for (const std::string &problem : optionProblems("the representation " + info.name, info.options, spec.representation.options))
            problems.push_back("data.representation.options: " + problem);
        return;
    }
    problems.push_back("data.representation.name: must be one of: " + listOfWords(names));
}

void readNormalise(const Json &data, DatasetSpec &spec, std::vector<std::string> &problems)
{
    const auto found = data.find("normalise");
    if (found == data.end() || found->is_null())
        return;
    const auto chosen = found->is_string() ? sampleNormalisationFromName(found->get<std::string>()) : std::nullopt;
    if (!chosen)
        problems.emplace_back("data.normalise: must be one of: none, window, train");
    spec.normalise = chosen.value_or(SampleNormalisation::none);
}

} // namespace

DatasetSpec datasetSpecFromJson(const Json &specification)
{
    DatasetSpec spec;
    std::vector<std::string> problems;
    try {
        spec.windows = windowSpecFromJson(specification);
    } catch (const Error &error) {
        problems.emplace_back(error.what());
    }
    if (specification.is_object() && specification.contains("data") && specification.at("data").is_object()) {
        const Json &data = specification.at("data");
        readRepresentation(data, spec, problems);
        readNormalise(data, spec, problems);
        if (spec.representation.name == "spectrogram" && spec.normalise != SampleNormalisation::none)
            problems.emplace_back("data.normalise: must be none with spectrograms, which are scaled to their own range");
    }
    std::string all;
    for (const std::string &problem : problems)
        all += (all.empty() ? "" : "\n") + problem;
    if (!all.empty())
        throw Error(all);
    return spec;
}

nlohmann::ordered_json datasetSpecJson(const DatasetSpec &spec)
{
    nlohmann::ordered_json json = windowSpecJson(spec.windows);
    const RepresentationInfo &info = representationInfo(spec.representation.name);
    json["data"]["representation"] = {{"name", info.name}, {"options", completeOptions(info.options, spec.representation.options)}};
    json["data"]["normalise"] = sampleNormalisationName(spec.normalise);
    return json;
}

} // namespace kino
