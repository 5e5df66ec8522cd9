#include "core/store/jobs/state.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace kino {
namespace {

using enum JobState;

constexpr std::array kStates = {queued, running, paused, cancelling, cancelled, interrupted, failed, done};
constexpr std::array<std::string_view, kStates.size()> kStateNames = {"queued",    "running",     "paused", "cancelling",
                                                                      "cancelled", "interrupted", "failed", "done"};

constexpr std::array kEvents = {JobEvent::askCancel, JobEvent::askPause, JobEvent::resume, JobEvent::take, JobEvent::obey, JobEvent::stop,
                                JobEvent::halt,      JobEvent::release,  JobEvent::finish, JobEvent::fail, JobEvent::lose};
constexpr std::array<std::string_view, kEvents.size()> kEventNames = {"cancel", "pause",   "resume", "take", "obey", "stop",
                                                                      "halt",   "release", "finish", "fail", "lose"};

struct Row {
    JobState from;
    JobEvent event;
    JobState to;
};

constexpr Row kRows[] = {
    {queued, JobEvent::askCancel, cancelled},
    {queued, JobEvent::askPause, paused},
    {queued, JobEvent::take, running},

    {running, JobEvent::askCancel, running},
    {running, JobEvent::askPause, running},
    {running, JobEvent::resume, running}, // takes back a request to pause
    {running, JobEvent::obey, cancelling},
    {running, JobEvent::stop, cancelled}, // asked and stopped between two looks at the requests
    {running, JobEvent::halt, paused},
    {running, JobEvent::release, queued},
    {running, JobEvent::finish, done},
    {running, JobEvent::fail, failed},
    {running, JobEvent::lose, interrupted},

    {cancelling, JobEvent::askCancel, cancelling},
    {cancelling, JobEvent::obey, cancelling},
    {cancelling, JobEvent::stop, cancelled},
    {cancelling, JobEvent::halt, cancelled},
    {cancelling, JobEvent::release, cancelled},
    {cancelling, JobEvent::finish, done}, // the last step was the one that ran
    {cancelling, JobEvent::fail, failed},
    {cancelling, JobEvent::lose, cancelled},

    {paused, JobEvent::askCancel, cancelled},
    {paused, JobEvent::askPause, paused},
    {paused, JobEvent::resume, queued},

    {interrupted, JobEvent::askCancel, cancelled},
    {interrupted, JobEvent::askPause, paused},
    {interrupted, JobEvent::resume, queued},

    {cancelled, JobEvent::resume, queued},
    {failed, JobEvent::resume, queued},
};

} // namespace

std::optional<JobState> nextState(JobState state, JobEvent event)
{
    const auto found = std::ranges::find_if(kRows, [&](const Row &row) { return row.from == state && row.event == event; });
    return found == std::end(kRows) ? std::nullopt : std::optional(found->to);
}

std::string_view jobStateName(JobState state) { return kStateNames[static_cast<std::size_t>(state)]; }

std::optional<JobState> jobStateFromName(std::string_view name)
{
    const auto found = std::ranges::find(kStateNames, name);
    return found == kStateNames.end() ? std::nullopt : std::optional(kStates[static_cast<std::size_t>(found - kStateNames.begin())]);
}

std::string_view jobEventName(JobEvent event) { return kEventNames[static_cast<std::size_t>(event)]; }

std::span<const JobState> allJobStates() { return kStates; }
std::span<const JobEvent> allJobEvents() { return kEvents; }

bool isActive(JobState state) { return state == running || state == cancelling; }
bool isOver(JobState state) { return state == cancelled || state == failed || state == done; }

JobState studyState(const JobCounts &runs)
{
    const auto has = [&runs](JobState state) { return runs[static_cast<std::size_t>(state)] > 0; };
    for (const JobState state : {running, cancelling, queued, paused, interrupted, failed, cancelled}) {
        if (has(state))
            return state;
    }
    return done;
}

} // namespace kino
