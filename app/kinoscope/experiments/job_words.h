// What is said of jobs: states, rates, times left. Any thread.
#pragma once

#include "core/store/jobs/job_store.h"
#include "core/store/jobs/run_table.h"
#include "widgets/runs/queue_view.h"
#include "widgets/runs/run_table_data.h"

namespace kino {

RunState runStateOf(JobState state);
/** "less than a minute", "3 min", "2 h 10 min" */
QString secondsWords(double seconds);
/** "epoch 9 of 20   412 windows/s   3 min left", or what else there is to say. */
QString statusWords(const JobRow &job);
QueueItem queueCard(const JobRow &job);
/** Of one that is over; `value` is the result that is shown. */
QueueItem finishedLine(const JobRow &job, std::optional<double> value);
QString jobName(const JobRow &job);

/** As a table's rows; columns as in the query. */
RunTableData tableOf(const std::vector<RunTableRow> &rows, const RunTableQuery &query);

} // namespace kino
