#include "core/data/simulator/text.h"

#include <algorithm>

namespace kino::simulator {

namespace {

std::vector<std::string_view> sayings(SimulatedActivity activity)
{
    switch (activity) {
    case SimulatedActivity::walk:
        return {"walks across the square", "walks along the path", "walks around", "keeps walking"};
    case SimulatedActivity::run: return {"runs across the square", "jogs along", "keeps running"};
    case SimulatedActivity::stand: return {"stands still", "waits", "stands in the square"};
    case SimulatedActivity::cycle: return {"rides a bicycle", "cycles around the square", "pedals the bicycle"};
    default: return {};
    }
}

std::string_view saying(const Event &event)
{
    switch (event.kind) {
    case EventKind::look: return event.amount > 0 ? "looks to the left" : "looks to the right";
    case EventKind::turn: return event.amount > 0 ? "turns to the left" : "turns to the right";
    case EventKind::sitDown: return "sits down";
    case EventKind::standUp: return "stands up";
    case EventKind::jump: return "jumps";
    case EventKind::fall: return event.side == FallSide::back ? "falls on the back" : "falls to the ground";
    case EventKind::getUp: return "gets up from the ground";
    case EventKind::climb: return "walks up the stairs";
    case EventKind::descend: return "walks down the stairs";
    }
    return {};
}

} // namespace

std::vector<Narration> narrate(const Schedule &schedule, RandomStream stream)
{
    std::vector<Narration> narrations;
    const auto say = [&](double time, std::string_view what) {
        narrations.push_back({time, "#C C " + std::string(what)});
    };
    for (const double clap : schedule.claps)
        say(clap, "claps hands");
    for (const Segment &segment : schedule.segments) {
        for (const Event &event : segment.events)
            say(event.start + 0.3 * (event.end - event.start), saying(event));
        if (!segment.activity)
            continue;
        const auto words = sayings(*segment.activity);
        if (words.empty())
            continue;
        // Not before the way of moving has set in, nor when it is about to end.
        const double length = segment.end - segment.start;
        double time = segment.start + std::min(2.0, 0.4 * length);
        while (time < segment.end - 1) {
            say(time, words[stream.below(words.size())]);
            time += stream.uniform(3.5, 7);
        }
    }
    std::stable_sort(narrations.begin(), narrations.end(),
                     [](const Narration &a, const Narration &b) { return a.time < b.time; });
    return narrations;
}

AnnotationTier activityTier(const Schedule &schedule)
{
    AnnotationTier tier{"activity", TierKind::label, {}};
    for (const Segment &segment : schedule.segments)
        if (segment.activity)
            tier.annotations.push_back({{fromSeconds(segment.start)},
                                        {fromSeconds(segment.end)},
                                        std::string(simulatedActivityName(*segment.activity))});
    return tier;
}

} // namespace kino::simulator
