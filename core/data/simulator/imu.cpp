#include "core/data/simulator/imu.h"

#include <algorithm>

namespace kino::simulator {

namespace {

double drawBias(RandomStream &stream, double deviation) { return std::clamp(stream.normal(), -2.0, 2.0) * deviation; }

Vec3 drawBiases(RandomStream &stream, double deviation)
{
    const double x = drawBias(stream, deviation);
    const double y = drawBias(stream, deviation);
    return {x, y, drawBias(stream, deviation)};
}

Vec3 withFaults(Vec3 exact, Vec3 bias, double sigma, double range, RandomStream &noise)
{
    const auto read = [&](double value, double offset) {
        return std::clamp(value + offset + noise.normal(0, sigma), -range, range);
    };
    const double x = read(exact.x, bias.x);
    const double y = read(exact.y, bias.y);
    return {x, y, read(exact.z, bias.z)};
}

} // namespace

ImuReading exactReading(const Pose &pose, double gravity)
{
    const Vec3 specificForce = pose.acceleration + Vec3{0, 0, gravity};
    return {pose.orientation.transposed() * specificForce, pose.angularRate};
}

ImuFaults drawImuFaults(const SimulatorOptions &options, RandomStream stream)
{
    const double bandwidth = std::sqrt(options.rateHz / 2);
    ImuFaults faults;
    faults.accelBias = drawBiases(stream, options.accelBias);
    faults.gyroBias = drawBiases(stream, options.gyroBias);
    faults.accelSigma = options.accelNoise * bandwidth;
    faults.gyroSigma = options.gyroNoise * bandwidth;
    faults.accelRange = options.accelRange;
    faults.gyroRange = options.gyroRange;
    return faults;
}

ImuReading faultyReading(const ImuReading &exact, const ImuFaults &faults, RandomStream &noise)
{
    const Vec3 accel = withFaults(exact.accel, faults.accelBias, faults.accelSigma, faults.accelRange, noise);
    return {accel, withFaults(exact.gyro, faults.gyroBias, faults.gyroSigma, faults.gyroRange, noise)};
}

} // namespace kino::simulator
