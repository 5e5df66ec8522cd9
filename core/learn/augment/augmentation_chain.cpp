#include "core/learn/augment/augmentation_chain.h"

#include "core/base/error.h"
#include "core/learn/augment/augmentation_operation.h"

#include <limits>

namespace kino {
namespace {

std::string shapeText(const SampleShape &shape)
{
    std::string text = "[";
    text += std::to_string(shape.channels) + ", ";
    if (shape.isPicture())
        text += std::to_string(shape.height) + ", ";
    return text + std::to_string(shape.length) + "]";
}

/** Not empty, countable, and places in a row fit 32 bits. */
bool isSound(const SampleShape &shape)
{
    constexpr std::int64_t kMostOfOne = std::numeric_limits<std::int32_t>::max();
    std::int64_t values = 0;
    return shape.channels > 0 && shape.height > 0 && shape.length > 0 && shape.height <= kMostOfOne && shape.length <= kMostOfOne
           && !__builtin_mul_overflow(shape.channels, shape.height * shape.length, &values) && values <= std::numeric_limits<std::int64_t>::max() / 8;
}

std::string problemOf(const AugmentationInfo &info, const AugmentationOperation &operation, const SampleShape &shape)
{
    if (!isSound(shape))
        return "The augmentation " + info.name + " cannot work on samples of shape " + shapeText(shape) + ": they are empty or too large.";
    const bool wantsPicture = info.input == AugmentationInput::picture;
    if (wantsPicture && (!shape.isPicture() || shape.channels != 3))
        return "The augmentation " + info.name + " is for pictures, [3, height, width], and these samples are " + shapeText(shape) + ".";
    if (!wantsPicture && shape.isPicture())
        return "The augmentation " + info.name + " is for signals, [channels, samples], and these samples are pictures " + shapeText(shape) + ".";
    const std::string problem = operation.shapeProblem(shape);
    return problem.empty() ? "" : "The augmentation " + info.name + " " + problem + ".";
}

/** What is wrong with the entry at `number`, counted from 0. */
std::vector<std::string> entryProblems(const nlohmann::json &entry, std::size_t number)
{
    const std::string place = "Augmentation " + std::to_string(number + 1);
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string())
        return {place + R"( is an object with a name, such as {"name": "noise", "options": {"sigma": 0.1}}, not )" + entry.dump() + "."};
    std::vector<std::string> problems;
    for (const auto &[key, value] : entry.items()) {
        if (key != "name" && key != "options")
            problems.push_back(place + " has a \"" + key + "\"; it takes name and options.");
    }
    const std::string name = entry["name"];
    try {
        const AugmentationDefinition &definition = augmentationDefinition(name);
        const nlohmann::json options = entry.value("options", nlohmann::json::object());
        for (std::string &problem : definitionOptionProblems(definition, "augmentation " + std::to_string(number + 1) + " (" + name + ")", options))
            problems.push_back(std::move(problem));
    } catch (const Error &error) {
        problems.push_back(place + ": " + error.sentence());
    }
    return problems;
}

} // namespace

AugmentationChain::AugmentationChain(const nlohmann::json &list)
{
    if (!list.is_array())
        throw Error(R"(Augmentations are a list, such as [{"name": "noise", "options": {"sigma": 0.1}}].)");
    std::vector<std::string> problems;
    for (std::size_t i = 0; i < list.size(); ++i)
        std::ranges::move(entryProblems(list[i], i), std::back_inserter(problems));
    requireNoProblems(problems);
    for (const nlohmann::json &entry : list) {
        const AugmentationDefinition &definition = augmentationDefinition(entry["name"]);
        const nlohmann::json options = completeOptions(definition.info.options, entry.value("options", nlohmann::json::object()));
        m_description.push_back({{"name", definition.info.name}, {"options", options}});
        auto operation = std::make_shared<AugmentationOperation>(definition.make(options));
        m_steps.push_back({&definition.info, options.at("probability").get<double>(), std::move(operation)});
    }
}

std::vector<std::string> AugmentationChain::problemsFor(const SampleShape &shape) const
{
    std::vector<std::string> problems;
    for (const Step &step : m_steps) {
        std::string problem = problemOf(*step.info, *step.operation, shape);
        if (!problem.empty())
            problems.push_back(std::move(problem));
    }
    return problems;
}

void AugmentationChain::requireFits(std::size_t values, std::size_t count, const SampleShape &shape) const
{
    requireNoProblems(problemsFor(shape));
    if (!isSound(shape) || values % shape.size() != 0 || values / shape.size() != count)
        throw Error(std::to_string(values) + " values are not " + std::to_string(count) + (count == 1 ? " sample" : " samples") + " of shape "
                    + shapeText(shape) + ".");
}

void AugmentationChain::apply(std::span<float> sample, const SampleShape &shape, const RandomStream &stream) const
{
    AugmentationScratch scratch;
    apply(sample, shape, stream, scratch);
}

void AugmentationChain::apply(std::span<float> sample, const SampleShape &shape, const RandomStream &stream, AugmentationScratch &scratch) const
{
    requireFits(sample.size(), 1, shape);
    applyChecked(sample, shape, stream, scratch);
}

void AugmentationChain::applyBatch(std::span<float> samples, const SampleShape &shape, std::span<const RandomStream> streams) const
{
    requireFits(samples.size(), streams.size(), shape);
    AugmentationScratch scratch;
    for (std::size_t i = 0; i < streams.size(); ++i)
        applyChecked(samples.subspan(i * shape.size(), shape.size()), shape, streams[i], scratch);
}

void AugmentationChain::applyChecked(std::span<float> sample, const SampleShape &shape, const RandomStream &stream,
                                     AugmentationScratch &scratch) const
{
    for (std::size_t k = 0; k < m_steps.size(); ++k) {
        RandomStream own = stream.split(k);
        if (own.uniform() < m_steps[k].probability) // always drawn, so that another probability changes no other number
            m_steps[k].operation->apply(sample, shape, own, scratch);
    }
}

} // namespace kino
