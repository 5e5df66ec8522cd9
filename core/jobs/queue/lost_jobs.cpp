#include "core/jobs/queue/lost_jobs.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace kino {
namespace {

namespace fs = std::filesystem;

/** By the name that `current` leads to (core/learn/checkpoint.h): "step-120", "step-120-again". */
std::int64_t checkpointStep(const fs::path &runFolder)
{
    std::error_code code;
    const std::string name = fs::read_symlink(runFolder / "checkpoint" / "current", code).filename().string();
    constexpr std::string_view kPrefix = "step-";
    std::int64_t step = 0;
    if (!code && name.starts_with(kPrefix))
        std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), step);
    return step;
}

} // namespace

std::vector<LostJob> lostJobs(const JobStore &store, const MetricReader &reader, std::span<const JobId> ids)
{
    std::vector<LostJob> lost;
    for (const JobId id : ids) {
        std::int64_t last = 0;
        for (const MetricSummary &summary : reader.summaries(id))
            last = std::max(last, summary.lastStep);
        lost.push_back({store.row(id)});
        LostJob &made = lost.back();
        if (!isOver(made.job.state))
            made.steps = std::max<std::int64_t>(0, last - checkpointStep(store.runFolder(id)));
    }
    return lost;
}

std::vector<LostJob> interruptedJobs(const JobStore &store, const MetricReader &reader)
{
    std::vector<JobId> ids;
    Statement statement(store.database(), "SELECT id FROM jobs WHERE state = 'interrupted' AND kind <> 'study' AND deleted_at_ns IS NULL ORDER BY priority DESC, place, id");
    while (statement.step())
        ids.push_back(statement.integer(0));
    return lostJobs(store, reader, ids);
}

} // namespace kino
