// What a simulated person does and when, before it is known where: activities one after another, each with its events.
#pragma once

#include "core/base/random.h"
#include "core/data/simulator/gait.h"
#include "core/data/simulator/simulator.h"

#include <optional>
#include <vector>

namespace kino::simulator {

enum class EventKind {
    look, // the head turns by `amount` rad (positive to the left) and back
    turn, // the body turns by `amount` rad for good
    sitDown, // the head sinks by `amount` m
    standUp, // and comes back
    jump, // `amount` s in the air
    fall, // to the ground; `amount` is the angle to it, rad
    getUp,
    climb, // `steps` stairs up
    descend, // and down
};

/** Which way a fall ends. */
enum class FallSide { left, right, back };

struct Event {
    EventKind kind = EventKind::look;
    double start = 0; // s on the recording's clock
    double end = 0;
    double amount = 0;
    int steps = 0;
    FallSide side = FallSide::left;
};

/** Half-open [start, end), seconds. Without an activity: standing quietly, unlabelled (before and after the claps). */
struct Segment {
    std::optional<SimulatedActivity> activity;
    double start = 0;
    double end = 0;
    std::vector<Event> events; // in order, all of them wholly inside
};

struct Schedule {
    std::vector<Segment> segments; // gapless, from 0 to the recording's end
    std::vector<double> claps; // seconds: one near the start, one near the end
};

inline constexpr double kStairRise = 0.17; // m
inline constexpr double kStairTread = 0.3;
inline constexpr double kSeatDrop = 0.45;

/** Least seconds of a recording that holds all of them once, without what comes before and after. */
double shortestSchedule(const std::vector<SimulatedActivity> &activities);

/**
 * Every activity at least once in each round of a shuffled order, from `from` to `to` seconds. `to - from` must be at
 * least shortestSchedule().
 */
std::vector<Segment> drawSegments(const std::vector<SimulatedActivity> &activities, double from, double to,
                                  const Gait &gait, RandomStream stream);

} // namespace kino::simulator
