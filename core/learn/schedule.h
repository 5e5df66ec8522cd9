// How the learning rate changes over a run: a factor as a function of the step, without a state. Any thread.
#pragma once

#include "core/base/named_option.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kino {

struct ScheduleInfo {
    std::string name;
    std::string title;
    std::string source;
    std::vector<NamedOption> options;
};

/** constant, step, cosine. */
const std::vector<ScheduleInfo> &scheduleInfos();
/** Throws Error naming what there is. */
const ScheduleInfo &scheduleInfo(const std::string &name);

class Schedule {
public:
    /** Throws Error for options with problems, and for a warm-up as long as the run. */
    Schedule(const std::string &name, const nlohmann::json &options, std::int64_t stepsPerEpoch, std::int64_t epochs);

    /**
     * Of the step numbered from 0, after so many epochs: epochs may differ in their steps, where batches hold no two windows that
     * overlap. Warm-up: (step + 1) / warm-up steps. constant: 1. step: factor^(epoch / every),
     * or to the count of milestones passed. cosine: half of
     * 1 + cos(pi x), x the part of what follows the warm-up, by steps or, as MoCo has it, by whole epochs.
     */
    double factor(std::int64_t step, double epochs) const;
    /** Where every epoch has as many steps as was said at first. */
    double factor(std::int64_t step) const { return factor(step, static_cast<double>(step) / static_cast<double>(m_stepsPerEpoch)); }

private:
    enum class Shape { constant, step, cosine };
    Shape m_shape = Shape::constant;
    std::int64_t m_stepsPerEpoch;
    double m_epochs;
    std::int64_t m_warmupSteps = 0;
    std::int64_t m_everyEpochs = 1;
    std::vector<std::int64_t> m_milestones;
    double m_factor = 1;
    bool m_isByEpoch = false;
};

} // namespace kino
