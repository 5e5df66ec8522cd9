#include "core/learn/schedule.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kino {
namespace {

std::vector<NamedOption> withWarmup(std::vector<NamedOption> options)
{
    options.push_back({"warmup_steps", 0, {}, 0, 1e9, true, "Steps over which the rate rises from a small part to the whole."});
    options.push_back({"warmup_epochs", 0, {}, 0, 1e6, false, "The same in epochs; the longer of both counts."});
    return options;
}

} // namespace

const std::vector<ScheduleInfo> &scheduleInfos()
{
    static const std::vector<ScheduleInfo> infos = {
        {"constant", "The same rate all along", "IMU2CLIP and PRIMUS pretraining", withWarmup({})},
        {"step",
         "Multiplied every so many epochs",
         "MoCo v1 (milestones 120 and 160, 0.1), multi-task self-supervision (0.5 every 15 epochs)",
         withWarmup({{"every_epochs", 15, {}, 1, 1e6, true, "Epochs between two changes."},
                     {"milestones", nlohmann::json::array(), {}, 1, 1e6, true, "Instead: the epochs, counted from 0, that begin at a changed rate."},
                     {"factor", 0.5, {}, 0, 1, false, "What the rate is multiplied by."}})},
        {"cosine",
         "Half a cosine down to 0",
         "MoCo v2, SimCLR, PRIMUS few-shot",
         withWarmup({{"per", "step", {"step", "epoch"}, 0, 0, false, "How often the rate changes; MoCo's changes once an epoch."}})}};
    return infos;
}

const ScheduleInfo &scheduleInfo(const std::string &name)
{
    const auto found = std::ranges::find(scheduleInfos(), name, &ScheduleInfo::name);
    if (found != scheduleInfos().end())
        return *found;
    std::vector<std::string> known;
    for (const ScheduleInfo &each : scheduleInfos())
        known.push_back(each.name);
    throw Error("There is no schedule \"" + name + "\"; there are " + listOfWords(known) + ".");
}

Schedule::Schedule(const std::string &name, const nlohmann::json &options, std::int64_t stepsPerEpoch, std::int64_t epochs)
    : m_stepsPerEpoch(std::max<std::int64_t>(stepsPerEpoch, 1)), m_epochs(static_cast<double>(epochs))
{
    const ScheduleInfo &info = scheduleInfo(name);
    requireNoProblems(optionProblems("the schedule " + name, info.options, options));
    const nlohmann::json all = completeOptions(info.options, options);
    m_warmupSteps = std::max(all.at("warmup_steps").get<std::int64_t>(),
                             static_cast<std::int64_t>(std::llround(all.at("warmup_epochs").get<double>() * static_cast<double>(m_stepsPerEpoch))));
    const std::int64_t steps = m_stepsPerEpoch * epochs;
    if (m_warmupSteps > 0 && m_warmupSteps >= steps)
        throw Error("The warm-up of " + std::to_string(m_warmupSteps) + " steps is as long as the run of " + std::to_string(steps) + "; train longer or warm up less.");
    if (name == "step") {
        m_shape = Shape::step;
        m_everyEpochs = all.at("every_epochs").get<std::int64_t>();
        m_milestones = all.at("milestones").get<std::vector<std::int64_t>>();
        m_factor = all.at("factor").get<double>();
    } else if (name == "cosine") {
        m_shape = Shape::cosine;
        m_isByEpoch = all.at("per") == "epoch";
    }
}

double Schedule::factor(std::int64_t step, double epochs) const
{
    if (step < m_warmupSteps)
        return static_cast<double>(step + 1) / static_cast<double>(m_warmupSteps);
    // Whole epochs of a quotient such as 3 / 3 come out exact; others are floored.
    const double whole = std::floor(epochs);
    if (m_shape == Shape::step) {
        const auto epoch = static_cast<std::int64_t>(whole);
        const auto passed = std::ranges::count_if(m_milestones, [epoch](std::int64_t milestone) { return milestone <= epoch; });
        return std::pow(m_factor, static_cast<double>(m_milestones.empty() ? epoch / m_everyEpochs : passed));
    }
    if (m_shape == Shape::constant)
        return 1;
    const double warmup = static_cast<double>(m_warmupSteps) / static_cast<double>(m_stepsPerEpoch);
    const double part = std::max((m_isByEpoch ? whole : epochs) - warmup, 0.0) / (m_epochs - warmup);
    return 0.5 * (1 + std::cos(std::numbers::pi * std::min(part, 1.0)));
}

} // namespace kino
