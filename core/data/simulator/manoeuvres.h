// Jumps and falls: heights as functions of time whose accelerations were written down first, so that a body in the air
// is weightless and one that meets the ground is stopped by a push.
#pragma once

#include "core/data/simulator/geometry.h"

#include <vector>

namespace kino::simulator {

/** Of the device above the ground when lying. */
inline constexpr double kLyingHeight = 0.24;

/** Pushes after one another; at rest before the first and after the last. */
class PushSeries {
public:
    struct Push {
        double start = 0;
        double end = 0;
        double edge = 0;
        double acceleration = 0; // m/s²
    };
    /**
     * Chooses the accelerations of the last two so that all ends at rest at `finalHeight`, metres. Their own are
     * ignored.
     */
    PushSeries(std::vector<Push> pushes, double finalHeight);

    Jet at(double time) const;
    double end() const { return m_end; }

private:
    std::vector<Push> m_pushes;
    double m_finalHeight = 0;
    double m_end = 0;
};

/** Dip, push off, fly `airSeconds`, land, straighten up. Times from the jump's beginning, seconds. */
class JumpProfile {
public:
    /** Weightless in the air under `gravity`, m/s². */
    JumpProfile(double airSeconds, double gravity);
    Jet height(double time) const { return m_pushes.at(time); }
    double takeOff() const;
    double landing() const;
    double end() const { return m_pushes.end(); }

private:
    double m_airSeconds;
    PushSeries m_pushes;
};

/** Goes down by `depth` metres in about 0.6 s and is stopped in some hundredths of a second. */
class FallProfile {
public:
    explicit FallProfile(double depth);
    Jet height(double time) const { return m_pushes.at(time); }
    /** The middle of the impact. */
    double impact() const;

private:
    PushSeries m_pushes;
};

} // namespace kino::simulator
