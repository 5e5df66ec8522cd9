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
