// What is said of jobs: states, rates, times left. Any thread.
#pragma once

#include "core/jobs/queue/lost_jobs.h"
#include "core/store/jobs/run_table.h"
#include "widgets/runs/queue_view.h"
#include "widgets/runs/run_table_data.h"

namespace kino {

RunState runStateOf(JobState state);
JobState jobStateOf(RunState state);
/** "less than a minute", "3 min", "2 h 10 min" */
QString secondsWords(double seconds);
/** "3 min", "< 1 min": where there is little room. */
QString shortSecondsWords(double seconds);
/** "epoch 9 of 20   412 windows/s   3 min left", or what else there is to say. */
QString statusWords(const JobRow &job);
/** "37 steps since its checkpoint are done again": of one that lost its worker; empty where none are. */
QString lostStepsWords(std::int64_t steps);
/** `lost`: what is interrupted, it or runs of it among others. */
QueueItem queueCard(const JobRow &job, std::span<const LostJob> lost = {});
/** Of one that is over; `value` is the result that is shown. */
QueueItem finishedLine(const JobRow &job, std::optional<double> value);
QString jobName(const JobRow &job);

/** As a table's rows; columns as in the query. */
RunTableData tableOf(const std::vector<RunTableRow> &rows, const RunTableQuery &query);

} // namespace kino
