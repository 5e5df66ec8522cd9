// The motion of one recording's device: where it is, how it is turned, how fast and how much accelerated, at any
// instant. Every term is a function whose first two derivatives are known, so acceleration and angular rate belong to
// exactly the pose that is rendered; the acceleration is continuous. Immutable; any thread.
#pragma once

#include "core/data/simulator/gait.h"
#include "core/data/simulator/geometry.h"
#include "core/data/simulator/path.h"
#include "core/data/simulator/schedule.h"

#include <vector>

namespace kino::simulator {

/** Position, velocity and acceleration in the world (m, z up); rotation from the device's axes to the world's. */
struct Pose {
    Vec3 position;
    Vec3 velocity;
    Vec3 acceleration;
    Rotation orientation;
    Quaternion quaternion; // the same
    Vec3 angularRate; // rad/s about the device's own axes
};

/** A foot, a body or a bicycle meeting the ground: what a microphone hears. */
struct Impact {
    double time = 0;
    double strength = 0; // 1 is a firm step
};

struct MotionSettings {
    /** Of the sensor: a clap's shock is made wide enough for it to be sampled. */
    double rateHz = 200;
    double gravity = 9.80665; // m/s²
};

class MotionModel {
public:
    MotionModel(const Gait &gait, Schedule schedule, const Ground &ground, const MotionSettings &settings,
                RandomStream stream);

    /** `time` in seconds on the recording's clock; before 0 and after the end the person stands. */
    Pose poseAt(double time) const;

    const Schedule &schedule() const { return m_schedule; }
    const Path &path() const { return m_path; }
    const Gait &gait() const { return m_gait; }
    double endSeconds() const { return m_schedule.segments.back().end; }
    /** In order of time. */
    std::vector<Impact> impacts() const;
    /** Standard deviation of a clap's shock in time, seconds. Its middle is the clap's instant. */
    double shockSigma() const { return m_shockSigma; }

private:
    /** A sum of sine waves of drawn frequencies, with unit root mean square. */
    struct Wander {
        struct Wave {
            double angularRate = 0;
            double phase = 0;
            double amplitude = 0;
        };
        std::array<Wave, 5> waves;
        Jet at(double time) const;
        /** Its integral over time, less a constant. */
        Jet integralAt(double time) const;
    };
    struct Limb { // what a segment draws for itself
        double phase = 0;
        std::array<double, 3> harmonicPhases{};
        Wander rate;
        Wander amplitude;
    };
    /** Displacements from the path at ground level and angles of the head. */
    struct Channels {
        Jet ahead;
        Jet left;
        Jet height;
        Jet yaw;
        Jet pitch; // up is positive
        Jet roll; // right side down is positive
        void add(const Channels &other, const Jet &weight);
    };

    static Wander drawWander(RandomStream &stream, double lowestHz, double highestHz);
    Jet stepPhase(std::size_t segment, double stepHz, double time) const;
    Channels stride(std::size_t segment, double stepHz, double bob, double swayPart, double time) const;
    Channels manner(std::size_t segment, double time) const;
    void addEvents(std::size_t segment, double time, Channels &channels) const;
    void addClaps(double time, Channels &channels) const;
    Channels channelsAt(double time) const;

    Gait m_gait;
    double m_gravity;
    Schedule m_schedule;
    Path m_path;
    Rotation m_placement;
    double m_shockSigma = 0.008;
    double m_shockSize = 0; // m
    std::vector<Limb> m_limbs;
    std::array<Wander, 6> m_sway; // of someone who stands: ahead, left, yaw, pitch, roll, breath
    std::array<Wander, 2> m_shake; // of the road: up, sideways (accelerations)
};

} // namespace kino::simulator
