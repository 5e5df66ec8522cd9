#include "core/jobs/report/report_content.h"

#include "core/base/error.h"
#include "core/data/dataset/window_table.h"
#include "core/jobs/queue/study_summary.h"
#include "core/jobs/queue/tested_windows.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLogLines = 500;
constexpr std::size_t kMostWarnings = 40;
constexpr std::size_t kLastLines = 20;

void count(std::map<std::string, ReportCount> &counts, const std::string &name, SplitPart part)
{
    ReportCount &each = counts[name];
    each.name = name;
    ++each.windows.at(static_cast<std::size_t>(part));
}

std::vector<ReportCount> valuesOf(std::map<std::string, ReportCount> &&counts)
{
    std::vector<ReportCount> values;
    for (auto &[name, each] : counts)
        values.push_back(std::move(each));
    return values;
}

void readWindows(const fs::path &folder, ReportRun &run)
{
    const fs::path file = folder / "windows.csv";
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return;
    std::map<std::string, ReportCount> subjects, labels;
    for (const WindowLine &line : readWindowTable(file)) {
        count(subjects, line.subject, line.part);
        count(labels, line.label, line.part);
    }
    run.subjects = valuesOf(std::move(subjects));
    run.labels = valuesOf(std::move(labels));
}

void addConfusion(ReportRun &run, const std::string &name, const TestedWindows &windows)
{
    if (!windows.windows.empty())
        run.confusions.push_back({name, windows.classes, windows.classification()});
}

void readLog(const JobStore &store, ReportRun &run)
{
    const std::vector<JobLogLine> lines = store.log(run.detail.row.id, 0, kMostLogLines);
    for (const JobLogLine &line : lines) {
        if (line.level != JobLogLevel::info && run.warnings.size() < kMostWarnings)
            run.warnings.push_back(line);
    }
    if (run.detail.row.state == JobState::failed)
        run.lastLines.assign(lines.end() - static_cast<std::ptrdiff_t>(std::min(lines.size(), kLastLines)), lines.end());
}

/** Each part of a run for itself: what is damaged of it takes nothing else away. */
class RunReader {
public:
    RunReader(const JobStore &store, const MetricReader &metrics, const CancelToken &cancel) : m_store(store), m_metrics(metrics), m_cancel(cancel) {}

    ReportRun read(JobId id)
    {
        ReportRun run;
        run.detail = m_store.detail(id);
        run.parameters = parametersOf(m_store, id);
        const auto part = [&](const std::function<void()> &work) {
            m_cancel.throwIfCancelled();
            try {
                work();
            } catch (const Cancelled &) {
                throw;
            } catch (const std::exception &error) {
                run.troubles.emplace_back(error.what());
            }
        };
        part([&] { readLog(m_store, run); });
        if (run.isStudy()) {
            part([&] { readStudy(run); });
            return run;
        }
        part([&] {
            run.metrics = m_metrics.summaries(id);
            for (const MetricSummary &each : run.metrics) {
                m_cancel.throwIfCancelled();
                if (each.count > 1)
                    run.curves[each.key] = m_metrics.decimated(id, each.key, kReportCurvePoints);
            }
        });
        part([&] { readWindows(m_store.runFolder(id), run); });
        part([&] { addConfusion(run, {}, testedWindowsOf(m_store, id)); });
        return run;
    }

private:
    void readStudy(ReportRun &run)
    {
        const JobId id = run.detail.row.id;
        const StudySummary summary = summariseStudy(m_store, id, m_cancel);
        run.study = studyJson(summary);
        for (const StudyCellSummary &cell : summary.cells) {
            m_cancel.throwIfCancelled();
            if (!cell.predictions.bySeed.empty())
                run.confusions.push_back({cell.name.empty() ? "cell " + std::to_string(cell.cell) : cell.name, summary.classes, classificationOf(cell.predictions.total())});
            std::ranges::copy_if(cell.runs, std::back_inserter(run.failedRuns), [](const JobRow &each) { return each.state == JobState::failed; });
        }
    }

    const JobStore &m_store;
    const MetricReader &m_metrics;
    const CancelToken &m_cancel;
};

void giveTitles(std::vector<ReportRun> &runs)
{
    std::map<std::string, int> uses;
    for (const ReportRun &run : runs)
        ++uses[run.detail.row.name];
    for (ReportRun &run : runs) {
        const JobRow &job = run.detail.row;
        const std::string number = std::to_string(job.id);
        run.title = job.name.empty() ? "Run " + number : uses[job.name] > 1 ? job.name + " (" + number + ")" : job.name;
    }
}

} // namespace

ReportContent readReport(const JobStore &store, std::span<const JobId> runs, const CancelToken &cancel, const Progress &progress)
{
    if (runs.empty())
        throw Error("A report needs a run; name at least one, as `kino runs` lists them.");
    std::vector<JobId> ids;
    for (const JobId id : runs) {
        if (std::ranges::find(ids, id) != ids.end())
            continue;
        if (store.row(id).deletedAtNs)
            throw Error(store.folder(), "run " + std::to_string(id) + " was removed; restore it, or leave it out");
        ids.push_back(id);
    }
    ReportContent content;
    content.project = store.folder().stem().string();
    content.program = "Kinoscope " KINOSCOPE_VERSION;
    content.madeAtNs = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    const MetricReader metrics(store.folder());
    RunReader reader(store, metrics, cancel);
    for (std::size_t place = 0; place < ids.size(); ++place) {
        progress(static_cast<double>(place) / static_cast<double>(ids.size()), "reading run " + std::to_string(ids[place]));
        content.runs.push_back(reader.read(ids[place]));
    }
    giveTitles(content.runs);
    content.title = content.runs.size() == 1 ? content.runs.front().title : std::to_string(content.runs.size()) + " runs of " + content.project;
    return content;
}

} // namespace kino
