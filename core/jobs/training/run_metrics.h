// The numbers of a run, to its metrics.csv and, in a project, to the database as well; a mark leads back in both.
#pragma once

#include "core/jobs/queue/metrics_csv.h"
#include "core/jobs/training/training_files.h"

#include <functional>

namespace kino {

class RunMetrics : public MetricSink {
public:
    /** `other` may be null. */
    RunMetrics(std::filesystem::path file, MetricSink *other) : m_path(file), m_file(std::move(file)), m_other(other) {}

    void add(std::int64_t step, std::int64_t epoch, std::string_view key, double value) override
    {
        m_file.add(step, epoch, key, value);
        if (m_other)
            m_other->add(step, epoch, key, value);
    }

    /** Called before each mark. */
    void onMark(std::function<void()> tell) { m_onMark = std::move(tell); }

    nlohmann::json mark() override
    {
        if (m_onMark)
            m_onMark();
        nlohmann::json file = m_file.mark();
        return m_other ? nlohmann::json{{"file", std::move(file)}, {"project", m_other->mark()}} : file;
    }

    /** A run that went on outside of its project has a mark of the file alone: what the file has the project gets again. */
    void rewind(const nlohmann::json &mark) override
    {
        const bool isOfBoth = mark.is_object();
        m_file.rewind(isOfBoth ? mark.at("file") : mark);
        if (!m_other)
            return;
        m_other->rewind(isOfBoth ? mark.at("project") : nlohmann::json());
        if (!isOfBoth)
            readMetricsCsv(m_path, [this](std::int64_t step, std::int64_t epoch, std::string_view key, double value) { m_other->add(step, epoch, key, value); });
    }

    void rewindAll()
    {
        m_file.rewind(std::uint64_t{0});
        if (m_other)
            m_other->rewind(nullptr);
    }

private:
    std::filesystem::path m_path;
    MetricsFile m_file;
    MetricSink *m_other;
    std::function<void()> m_onMark;
};

} // namespace kino
