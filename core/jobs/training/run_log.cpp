#include "core/jobs/training/run_log.h"

#include <charconv>
#include <cmath>
#include <set>

namespace kino {
namespace {

std::string shortNumber(double value)
{
    char text[32];
    const auto [end, code] = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 4);
    return {text, end};
}

std::string durationText(double seconds)
{
    const auto whole = static_cast<long long>(std::llround(seconds));
    if (seconds < 60)
        return shortNumber(std::round(seconds * 10) / 10) + " s";
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

/** "840 windows of s01, s02 and 3 more" */
std::string partText(const TrainingData &data, const std::vector<std::uint32_t> &rows)
{
    constexpr std::size_t kMostNamed = 12;
    std::set<std::string> subjects;
    for (const std::uint32_t row : rows)
        subjects.insert(data.table->recordingOf(data.table->rows[row]).subject);
    subjects.erase("");
    std::string names;
    std::size_t named = 0;
    for (const std::string &subject : subjects) {
        if (named++ == kMostNamed) {
            names += " and " + std::to_string(subjects.size() - kMostNamed) + " more";
            break;
        }
        names += (names.empty() ? "" : ", ") + subject;
    }
    return std::to_string(rows.size()) + " windows" + (names.empty() ? "" : " of " + names);
}

/** "validation.loss 0.42, validation.macro_f1 0.31" */
template <class Metrics>
std::string metricsText(const Metrics &metrics)
{
    std::string text;
    for (const auto &[key, value] : metrics)
        text += (text.empty() ? "" : ", ") + key + " " + shortNumber(value);
    return text;
}

} // namespace

std::string RunLog::place() const
{
    return "epoch " + std::to_string(m_pulse.epoch + 1) + " of " + std::to_string(m_pulse.epochs) + ", step " + std::to_string(m_pulse.step);
}

void RunLog::tellData(const TrainingData &data)
{
    if (!m_write)
        return;
    std::string text = "Data: training on " + partText(data, data.trainRows);
    for (const auto &[rows, name] : {std::pair(&data.validationRows, "validation"), std::pair(&data.testRows, "test")}) {
        if (!rows->empty())
            text += "; " + std::string(name) + " " + partText(data, *rows);
    }
    text += ". " + std::to_string(data.table->classes.size()) + " classes; fingerprint " + data.fingerprint.substr(0, 12) + ".";
    write(text);
}

void RunLog::tellModel(TrainingParts &parts, std::size_t threads)
{
    if (!m_write)
        return;
    const nlohmann::json &specification = parts.specification();
    const auto nameOf = [&](const char *key) { return specification.at(key).at("name").get<std::string>(); };
    const auto countOf = [](const torch::nn::Module &module) {
        std::int64_t count = 0;
        for (const torch::Tensor &each : module.parameters())
            count += each.requires_grad() ? each.numel() : 0;
        return count;
    };
    std::string text = "Model: ";
    if (parts.encoder())
        text += "encoder " + nameOf("encoder") + ", ";
    text += "objective " + nameOf("objective") + "; " + std::to_string(countOf(parts.objective())) + " parameters are trained, on " + std::to_string(threads)
            + (threads == 1 ? " thread" : " threads") + " (" + parts.device().str() + ").";
    write(text);
}

void RunLog::tellValidation(const Evaluation &evaluation)
{
    const Clock::time_point now = Clock::now();
    if (++m_validations > kMostAtOnce && now - m_validatedAt < std::chrono::minutes(1))
        return;
    m_validatedAt = now;
    write("After " + place() + ": " + metricsText(evaluation.metrics));
}

void RunLog::takePulse(const TrainingPulse &pulse)
{
    if (std::exchange(m_isSaving, false))
        tellCheckpoint();
    m_pulse = pulse;
}

void RunLog::tellCheckpoint()
{
    const Clock::time_point now = Clock::now();
    if (m_checkpoints++ > 0 && now - m_savedAt < std::chrono::minutes(10))
        return;
    m_savedAt = now;
    write("Checkpoint at " + place() + ".");
}

void RunLog::tellEnd(const nlohmann::ordered_json &result)
{
    if (!m_write)
        return;
    m_checkpoints += m_isSaving ? 1 : 0;
    std::string text = result.at("state") == "done" ? "Done" : "Stopped, its checkpoint is kept";
    text += ": " + std::to_string(result.at("steps").get<std::int64_t>()) + " steps in " + durationText(result.at("seconds").get<double>());
    if (result.value("stopped_early", false))
        text += ", stopped early";
    if (m_checkpoints > 0)
        text += ", " + std::to_string(m_checkpoints) + (m_checkpoints == 1 ? " checkpoint" : " checkpoints");
    if (result.contains("best_step") && result.at("best_step").is_number())
        text += ", best after step " + std::to_string(result.at("best_step").get<std::int64_t>());
    std::vector<std::pair<std::string, double>> metrics;
    for (const auto &[key, value] : result.at("metrics").items()) {
        if (value.is_number())
            metrics.emplace_back(key, value.get<double>());
    }
    write(text + (metrics.empty() ? "." : ". " + metricsText(metrics)));
}

} // namespace kino
