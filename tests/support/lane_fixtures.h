// Small recordings made in code, whose every value is known in closed form.
#pragma once

#include "core/data/recording.h"

#include <cmath>
#include <functional>
#include <vector>

namespace kino::test {

/** value(axis, sample) at the given times. */
inline ImuStream makeStream(StreamKind kind, std::vector<Nanos> timesNs, std::size_t axes, const std::function<float(std::size_t axis, std::size_t sample)> &value)
{
    static constexpr const char *kNames[] = {"x", "y", "z", "w"};
    ImuStream stream;
    stream.kind = kind;
    stream.unit = std::string(streamKindUnit(kind));
    stream.unitFound = stream.unit;
    for (std::size_t axis = 0; axis < axes; ++axis) {
        stream.axes.emplace_back(kNames[axis]);
        std::vector<float> values(timesNs.size());
        for (std::size_t sample = 0; sample < values.size(); ++sample)
            values[sample] = value(axis, sample);
        stream.values.emplace_back(std::move(values));
    }
    stream.timesNs = std::move(timesNs);
    return stream;
}

inline std::vector<Nanos> evenTimes(std::size_t samples, double rateHz, Nanos first = 0)
{
    std::vector<Nanos> times(samples);
    for (std::size_t sample = 0; sample < samples; ++sample)
        times[sample] = first + static_cast<Nanos>(std::llround(static_cast<double>(sample) * 1e9 / rateHz));
    return times;
}

inline Device makeDevice(std::string name, std::vector<ImuStream> streams, ClockMap<DeviceClock> clock = {})
{
    Device device;
    device.name = std::move(name);
    device.clock = clock;
    device.streams = std::move(streams);
    return device;
}

} // namespace kino::test
