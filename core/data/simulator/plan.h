// One simulated recording before anything of it is written: who, what, where, when and with which sensor. All of it
// follows from the options and two numbers. Immutable; any thread.
#pragma once

#include "core/base/time.h"
#include "core/data/simulator/imu.h"
#include "core/data/simulator/motion.h"
#include "core/data/simulator/renderer.h"
#include "core/data/simulator/simulator.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kino::simulator {

/** Of a clap, on both clocks. */
struct ClapTimes {
    RecordingTime recording;
    VideoTime video; // without video the same number as `recording`
    std::size_t frame = 0; // the first that shows the flash: it is presented at `video`
};

struct RecordingPlan {
    std::string subject; // "s01"
    std::string name; // "s01_01"
    double rateHz = 200;
    double gravity = 9.80665;
    Nanos lengthNs = 0; // of the sensor's record
    std::size_t samples = 0;
    ClockMap<VideoClock> videoClock;
    std::optional<SimulatedVideo> video;
    std::vector<Nanos> framePts; // on the video's own clock, on ticks of 1/90000 s
    Nanos frameLength = 0;
    std::vector<ClapTimes> claps;
    ImuFaults faults;
    RandomStream stream{0}; // of everything that is drawn while writing
    std::unique_ptr<const MotionModel> motion;

    double sampleSeconds(std::size_t sample) const { return static_cast<double>(sample) / rateHz; }
    RecordingTime frameTime(std::size_t frame) const { return videoClock.toRecording({framePts[frame]}); }
    /** How far frame `frame` is washed out by a clap's flash, 0 to 1. */
    double flash(std::size_t frame) const;
};

/** Throws Error where options are out of range or the activities do not fit in the time. */
void checkOptions(const SimulatorOptions &options);
RecordingPlan planRecording(const SimulatorOptions &options, int subject, int recording);

/** Everything that is known about it, as truth.json says it. */
nlohmann::json toJson(const RecordingPlan &plan);
nlohmann::json toJson(const SimulatorOptions &options);

} // namespace kino::simulator
