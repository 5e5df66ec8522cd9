#include "core/data/simulator/schedule.h"

#include <algorithm>
#include <numbers>
#include <numeric>

namespace kino::simulator {

namespace {

constexpr double kDegree = std::numbers::pi / 180;

struct LengthRange {
    double shortest;
    double longest;
};

LengthRange lengthOf(SimulatedActivity activity)
{
    switch (activity) {
    case SimulatedActivity::walk: return {6, 14};
    case SimulatedActivity::run: return {5, 9};
    case SimulatedActivity::stairs: return {8, 14};
    case SimulatedActivity::sit: return {6.5, 11};
    case SimulatedActivity::stand: return {4, 8};
    case SimulatedActivity::turn: return {4, 9};
    case SimulatedActivity::jump: return {4, 8};
    case SimulatedActivity::cycle: return {7, 14};
    case SimulatedActivity::fall: return {7.5, 10};
    }
    return {5, 10};
}

// Events keep clear of a segment's ends, where one way of moving fades into the next.
constexpr double kFade = 0.7;

double signOf(RandomStream &stream) { return stream.uniform() < 0.5 ? -1.0 : 1.0; }

void addLooks(Segment &segment, double from, double to, double every, RandomStream &stream)
{
    double time = from + stream.uniform(0.2, 0.8) * every;
    while (time + 1.8 < to) {
        const double length = stream.uniform(1.3, 1.8);
        segment.events.push_back(
            {EventKind::look, time, time + length, signOf(stream) * stream.uniform(14, 32) * kDegree});
        time += length + stream.uniform(0.6, 1.4) * every;
    }
}

void addTurns(Segment &segment, RandomStream &stream)
{
    double time = segment.start + kFade;
    while (true) {
        const double angle = stream.uniform(90, 180) * kDegree;
        const double length = angle / (stream.uniform(55, 85) * kDegree);
        if (time + length > segment.end - kFade)
            break;
        segment.events.push_back({EventKind::turn, time, time + length, signOf(stream) * angle});
        time += length + stream.uniform(0.4, 0.9);
    }
    if (segment.events.empty())
        segment.events.push_back(
            {EventKind::turn, segment.start + kFade, segment.end - kFade, signOf(stream) * 90 * kDegree});
}

void addStairs(Segment &segment, const Gait &gait)
{
    // Up, two strides on the landing, down again: the world stays flat for what comes after.
    const double strides = 2 / gait.stairStepHz;
    const double usable = segment.end - segment.start - 2 * (kFade + 0.3) - strides;
    const int steps = std::max(3, static_cast<int>(usable / 2 * gait.stairStepHz));
    const double flight = std::min(steps / gait.stairStepHz, usable / 2);
    const double up = segment.start + kFade + 0.3;
    segment.events.push_back({EventKind::climb, up, up + flight, steps * kStairRise, steps});
    const double down = up + flight + strides;
    segment.events.push_back({EventKind::descend, down, down + flight, steps * kStairRise, steps});
}

void addJumps(Segment &segment, RandomStream &stream)
{
    constexpr double kLongestJump = 2.1;
    double time = segment.start + kFade;
    while (time + kLongestJump < segment.end - 0.3) {
        segment.events.push_back({EventKind::jump, time, time + kLongestJump, stream.uniform(0.34, 0.46)});
        time += kLongestJump + stream.uniform(0.05, 0.5);
    }
}

void addFall(Segment &segment, RandomStream &stream)
{
    const double start = segment.start + stream.uniform(kFade, kFade + 0.3);
    const auto side = static_cast<FallSide>(stream.below(3));
    const double angle = stream.uniform(72, 86) * kDegree;
    segment.events.push_back({EventKind::fall, start, start + 2, angle, 0, side});
    const double up = segment.end - kFade - 2.8;
    segment.events.push_back({EventKind::getUp, up, up + 2.8, angle, 0, side});
}

void addEvents(Segment &segment, const Gait &gait, RandomStream stream)
{
    switch (*segment.activity) {
    case SimulatedActivity::walk: addLooks(segment, segment.start + kFade, segment.end - kFade, 4, stream); break;
    case SimulatedActivity::stand: addLooks(segment, segment.start + kFade, segment.end - kFade, 2, stream); break;
    case SimulatedActivity::cycle: addLooks(segment, segment.start + 2, segment.end - kFade, 6, stream); break;
    case SimulatedActivity::run: break;
    case SimulatedActivity::stairs: addStairs(segment, gait); break;
    case SimulatedActivity::turn: addTurns(segment, stream); break;
    case SimulatedActivity::jump: addJumps(segment, stream); break;
    case SimulatedActivity::fall: addFall(segment, stream); break;
    case SimulatedActivity::sit: {
        const double drop = kSeatDrop * stream.uniform(0.9, 1.1);
        const double down = segment.start + 0.5;
        const double up = segment.end - 0.5 - 1.7;
        segment.events.push_back({EventKind::sitDown, down, down + 1.7, drop});
        addLooks(segment, down + 1.8, up - 0.1, 3, stream);
        segment.events.push_back({EventKind::standUp, up, up + 1.7, drop});
        break;
    }
    }
}

} // namespace

double shortestSchedule(const std::vector<SimulatedActivity> &activities)
{
    return std::accumulate(activities.begin(), activities.end(), 0.0,
                           [](double sum, SimulatedActivity activity) { return sum + lengthOf(activity).shortest; });
}

std::vector<Segment> drawSegments(const std::vector<SimulatedActivity> &activities, double from, double to,
                                  const Gait &gait, RandomStream stream)
{
    RandomStream orderStream = stream.split(0);
    std::vector<Segment> segments;
    const double room = to - from;
    double shortest = 0;
    double drawn = 0;
    std::vector<SimulatedActivity> round = activities;
    for (bool full = false; !full;) {
        orderStream.shuffle(std::span(round));
        // No activity follows itself: its end would not be seen.
        if (!segments.empty() && round.size() > 1 && segments.back().activity == round.front())
            std::swap(round.front(), round.back());
        for (const SimulatedActivity activity : round) {
            const LengthRange range = lengthOf(activity);
            const bool needed = segments.size() < activities.size();
            full = !needed && (drawn >= room || shortest + range.shortest > room);
            if (full)
                break;
            Segment segment;
            segment.activity = activity;
            segment.end = orderStream.uniform(range.shortest, range.longest); // its length, for now
            drawn += segment.end;
            shortest += range.shortest;
            segments.push_back(segment);
        }
    }

    // All lengths are drawn towards their shortest, or stretched, by one factor until they fill the room exactly.
    const double excess = drawn - shortest;
    double start = from;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        Segment &segment = segments[i];
        const double least = lengthOf(*segment.activity).shortest;
        const double length
            = drawn > room ? least + (segment.end - least) * (room - shortest) / excess : segment.end * room / drawn;
        segment.start = start;
        segment.end = i + 1 == segments.size() ? to : start + length;
        start = segment.end;
        addEvents(segment, gait, stream.split(1 + i));
    }
    return segments;
}

} // namespace kino::simulator
