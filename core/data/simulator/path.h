// Where a simulated person goes on the ground: a heading and a speed that are smooth functions of time, and the place
// that follows from them, exact to rounding at any instant. Immutable once planned; any thread.
#pragma once

#include "core/data/simulator/geometry.h"
#include "core/data/simulator/schedule.h"

#include <vector>

namespace kino::simulator {

/** Something round that nobody walks through. Metres. */
struct Obstacle {
    double x = 0;
    double y = 0;
    double radius = 0;
};

/** Where paths may lead: |x|, |y| ≤ halfSize, around the obstacles. */
struct Ground {
    double halfSize = 0;
    std::vector<Obstacle> obstacles;
};

/** Stairs up, a landing and stairs down in one line, as a walk over them needs. Metres, radians. */
struct Staircase {
    double x = 0; // the foot of the first riser
    double y = 0;
    double heading = 0;
    int steps = 0;
    double flight = 0; // length on the ground of the stairs up, and of those down
    double landing = 0; // between them
    double halfWidth = 1.2;
};

struct GroundPoint {
    double x = 0;
    double y = 0;
};

class Path {
public:
    /** Draws a way that keeps clear of obstacles, of the ground's edge and of its own staircases. */
    Path(const Schedule &schedule, const Gait &gait, const Ground &ground, RandomStream stream);

    /** How much of segment `index`'s way of moving is in force; all weights of an instant sum to 1. */
    Jet weight(std::size_t index, double time) const;
    /** The segment whose label holds at `time`; before the first the first, after the last the last. */
    std::size_t segmentAt(double time) const;

    Jet speed(double time) const; // m/s along the heading
    Jet heading(double time) const; // rad from east, counterclockwise
    /** The heading's rate as a function of time of its own: what a cyclist leans by. */
    Jet headingRate(double time) const;
    GroundPoint position(double time) const;

    const std::vector<Staircase> &staircases() const { return m_staircases; }
    /**
     * The least distance to anything solid on the way, metres; negative when something is walked through. Of stairs
     * only those count that are walked within about five minutes: in longer recordings others may be in the way.
     */
    double clearance() const { return m_clearance; }

private:
    struct HeadingChange {
        double start = 0;
        double end = 0;
        double corner = 0;
        double angle = 0;
    };
    struct Leg {
        double start = 0;
        double end = 0;
        // The fade into this leg from the one before it.
        double fadeStart = 0;
        double fadeLength = 1;
        double speed = 0;
        double heading = 0; // at its start
        double steerLimit = 0; // how far it may bend, rad
        std::vector<HeadingChange> changes;
        const Segment *segment = nullptr; // during construction only
    };
    struct Attempt {
        std::vector<Leg> legs;
        std::vector<Staircase> staircases;
        GroundPoint start;
        double clearance = 0;
    };

    void makeLegs(const Schedule &schedule, const Gait &gait);
    /** Gives up once it is no clearer than `toBeat`. */
    Attempt attempt(const Ground &ground, double toBeat, RandomStream stream);
    /** How far a leg leads in each of its planning steps. */
    std::vector<double> advancesOf(std::size_t index) const;
    std::vector<GroundPoint> walkLeg(std::size_t index, GroundPoint from, const std::vector<double> &advances) const;
    /** The straight way over the next stairs, when nothing can be steered before them. */
    std::vector<GroundPoint> stairsAhead(std::size_t index, GroundPoint from, double facing) const;
    void integrate();

    std::vector<Leg> m_legs;
    std::vector<Staircase> m_staircases;
    double m_clearance = 0;
    double m_firstKnot = 0;
    std::vector<GroundPoint> m_knots;
};

} // namespace kino::simulator
