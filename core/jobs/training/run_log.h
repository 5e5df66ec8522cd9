// The log of a run: what it learns from and what is trained, its validations and checkpoints, how it ended. Lines for a person, few however
// long the run takes. Belongs to the thread that trains.
#pragma once

#include "core/jobs/training/training_parts.h"

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace kino {

class RunLog {
public:
    /** `write` may be empty: then nothing is told. */
    explicit RunLog(std::function<void(const std::string &line)> write) : m_write(std::move(write)) {}

    void tellData(const TrainingData &data);
    void tellModel(TrainingParts &parts, std::size_t threads);
    void takePulse(const TrainingPulse &pulse);
    /** All of the first kMostAtOnce, then one in a minute. */
    void tellValidation(const Evaluation &evaluation);
    /** A checkpoint is about to be written; it is told once training goes on. Of many the first, then one in ten minutes. */
    void noteSaving() { m_isSaving = true; }
    /** `result` as result.json has it. */
    void tellEnd(const nlohmann::ordered_json &result);

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kMostAtOnce = 100;

    void write(const std::string &line) const
    {
        if (m_write)
            m_write(line);
    }
    /** "epoch 3 of 8, step 42" */
    std::string place() const;
    void tellCheckpoint();

    std::function<void(const std::string &line)> m_write;
    TrainingPulse m_pulse;
    std::size_t m_validations = 0, m_checkpoints = 0;
    Clock::time_point m_validatedAt, m_savedAt;
    bool m_isSaving = false;
};

} // namespace kino
