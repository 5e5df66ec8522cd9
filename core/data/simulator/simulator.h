// Makes recordings whose truth is known to the last digit: a camera is carried through a textured plaza by a person
// with a gait of their own, and what its accelerometer, gyroscope, lens and microphone would have recorded is written
// beside each other, with clocks that differ by a known offset and drift. It feeds the demo project and the tests.
//
// Axes: the world is x east, y north, z up, metres. Camera and sensor are one rigid body with x to the right of the
// picture, y down and z along the line of sight; both sit at the same point. Gravity pulls along −z of the world, so a
// resting, upright sensor reads about (0, −9.8, 0) m/s²: specific force, as accelerometers do.
//
// Clocks: motion is computed on the sensor's clock, which is the recording's. The video's own time t_own is at
// t = t_own * (1 + drift_ppm * 1e-6) + offset on it; a frame shows the world at its own presentation time.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/base/time.h"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

enum class SimulatedActivity { walk, run, stairs, sit, stand, turn, jump, cycle, fall };

/** "walk", "run", … */
std::string_view simulatedActivityName(SimulatedActivity activity);
std::vector<SimulatedActivity> allSimulatedActivities();
/** Of "walk,run,turn"; throws Error naming what is unknown and what is allowed. */
std::vector<SimulatedActivity> simulatedActivitiesFromText(std::string_view commaSeparated);

struct SimulatedVideo {
    int width = 640;
    int height = 360;
    double rateHz = 30;
    /** Horizontal opening angle of the lens, degrees. */
    double fieldOfViewDegrees = 80;
};

/** Of "640x360@30"; nothing of "none". Throws Error for anything else. */
std::optional<SimulatedVideo> simulatedVideoFromText(std::string_view text);

struct SimulatorOptions {
    int subjects = 4;
    /** The number of the first of them: subject 2 is the same person with the same motion, made alone or after another. */
    int firstSubject = 1;
    int recordingsPerSubject = 1;
    /** Of each recording. */
    double minutes = 2;
    std::uint64_t seed = 1;
    double rateHz = 200;
    std::optional<SimulatedVideo> video = SimulatedVideo{};
    /** The video's first frame on the sensor's clock. */
    double offsetSeconds = 0.35;
    double driftPpm = 40;
    /**
     * Each subject does every one of them at least once in each recording, which must be long enough (Error otherwise).
     * Empty means all; of those a recording too short for all (about a minute) holds as many as fit, and the log says
     * so.
     */
    std::vector<SimulatedActivity> activities;

    double gravity = 9.80665; // m/s²
    /** White noise, by the square root of the frequency: 150 µg/√Hz and 0.007 °/s/√Hz, a good phone's sensor. */
    double accelNoise = 1.5e-3; // m/s²/√Hz
    double gyroNoise = 1.2e-4; // rad/s/√Hz
    /** Standard deviation of the constant bias drawn for each axis of each recording; drawn within two of them. */
    double accelBias = 0.03; // m/s²
    double gyroBias = 0.002; // rad/s
    /** Readings beyond are cut off. */
    double accelRange = 16 * 9.80665; // m/s²
    double gyroRange = 34.9066; // rad/s, 2000 °/s

    /** 0: as many as this process may use. The files do not depend on it. */
    std::size_t threads = 0;
};

/**
 * Writes `out`/SUBJECT/NAME.csv (Ego4D's IMU table), NAME.mp4, NAME.narrations.json, NAME.labels.csv for each recording
 * and `out`/truth.json, and returns what truth.json holds. `out` must not exist or be empty, and appears as a whole or
 * not at all. Equal options give equal bytes on one machine. Throws Error for options that cannot be met, Cancelled.
 */
nlohmann::json simulate(const SimulatorOptions &options, const std::filesystem::path &out,
                        const CancelToken &cancel = {}, const Progress &progress = {});

} // namespace kino
