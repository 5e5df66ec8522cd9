// What an accelerometer and a gyroscope read on a moving device: the exact values of its pose, then a sensor's faults.
// Values only, any thread.
#pragma once

#include "core/base/random.h"
#include "core/data/simulator/motion.h"

namespace kino::simulator {

struct ImuReading {
    Vec3 accel; // m/s², specific force about the device's own axes
    Vec3 gyro; // rad/s
};

/** Rᵀ (a − g) and the angular rate, with g = (0, 0, −gravity). */
ImuReading exactReading(const Pose &pose, double gravity);

struct ImuFaults {
    Vec3 accelBias; // m/s², constant
    Vec3 gyroBias; // rad/s
    double accelSigma = 0; // m/s², standard deviation of a sample's white noise
    double gyroSigma = 0; // rad/s
    double accelRange = 0; // readings are cut off at ± this
    double gyroRange = 0;
};

/** Draws biases within two standard deviations; noise of a density n is n * sqrt(rate / 2) a sample. */
ImuFaults drawImuFaults(const SimulatorOptions &options, RandomStream stream);

/** The reading with bias, six normal numbers from `noise`, and the range's limits. */
ImuReading faultyReading(const ImuReading &exact, const ImuFaults &faults, RandomStream &noise);

} // namespace kino::simulator
