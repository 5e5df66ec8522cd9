// All that a report of chosen runs says, read from the project: through the same functions as the window and `kino`. No LibTorch; the
// caller's thread, not the window's.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/windows/window_split.h"
#include "core/insight/classification.h"
#include "core/store/jobs/job_store.h"
#include "core/store/jobs/metrics.h"
#include "core/store/jobs/run_table.h"

#include <array>

namespace kino {

struct ReportConfusion {
    /** Of a cell of a study: its name; empty for a run. */
    std::string name;
    std::vector<std::string> classes;
    Classification classification;
};

/** How many windows train, validate and test, by SplitPart. */
struct ReportCount {
    std::string name;
    std::array<std::size_t, 3> windows{};
};

struct ReportRun {
    JobDetail detail;
    /** By which it is called in tables: with its number where several have the name. */
    std::string title;
    std::vector<std::pair<std::string, ParameterValue>> parameters;
    std::vector<MetricSummary> metrics;
    /** By key; thinned to what a drawing shows. */
    std::map<std::string, std::vector<CurvePoint>> curves;
    /** One of a run that classifies, one for each cell of a study that has any. */
    std::vector<ReportConfusion> confusions;
    /** Of its table of windows. */
    std::vector<ReportCount> subjects, labels;
    /** Warnings and errors of its log, and, of one that failed, its last lines. */
    std::vector<JobLogLine> warnings, lastLines;
    /** Of a study: studyJson() as it stands now. */
    nlohmann::ordered_json study;
    std::vector<JobRow> failedRuns;
    /** What of it could not be read, a sentence each. */
    std::vector<std::string> troubles;

    bool isStudy() const { return detail.row.kind == "study"; }
};

struct ReportContent {
    std::string title;
    std::string project;
    std::string program; // "Kinoscope 0.1.0"
    Nanos madeAtNs = 0;
    std::vector<ReportRun> runs; // in the order asked for, each once
};

inline constexpr std::size_t kReportCurvePoints = 800;

/**
 * Throws Error naming a run that there is not, or that was removed; then nothing is said of the others either. A run's damaged file is
 * one of its troubles.
 */
ReportContent readReport(const JobStore &store, std::span<const JobId> runs, const CancelToken &cancel = {}, const Progress &progress = {});

} // namespace kino
