#include "core/store/jobs/job.h"

namespace kino {

std::string_view jobRequestName(JobRequest request)
{
    switch (request) {
    case JobRequest::none: return "none";
    case JobRequest::cancel: return "cancel";
    case JobRequest::pause: return "pause";
    }
    return "none";
}

bool mayPause(const JobRow &job) { return (job.state == JobState::queued || job.state == JobState::running) && job.request == JobRequest::none; }

bool mayResume(const JobRow &job)
{
    return job.state == JobState::running ? job.request == JobRequest::pause : nextState(job.state, JobEvent::resume).has_value();
}

bool mayCancel(const JobRow &job)
{
    return job.state != JobState::cancelling && job.request != JobRequest::cancel && nextState(job.state, JobEvent::askCancel).has_value();
}

std::string_view lineageName(Lineage lineage)
{
    switch (lineage) {
    case Lineage::weights: return "weights";
    case Lineage::study: return "study";
    case Lineage::clone: return "clone";
    }
    return "clone";
}

} // namespace kino
