#include "core/data/unit_doubts.h"

#include "core/data/table/units.h"
#include "core/signal/quality.h"
#include "core/signal/timing.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

namespace kino {
namespace {

/** Sensors reach 2000 deg/s (34.9 rad/s), some 4000 (69.8), and nobody turns so fast for a hundredth of a recording. */
constexpr double kMostTurning = 40;
/** So many tell a percentile well enough. */
constexpr std::size_t kMostLookedAt = 20'000;

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

/** m/s² in one of each. */
constexpr std::pair<const char *, double> kUnits[] = {{"m/s²", 1}, {"g", kStandardGravity}, {"mg", kStandardGravity / 1000}};

/** What one of the file's unit is in that of the stream. */
double scaleOf(StreamKind kind, const std::string &unit)
{
    const auto conversion = unitConversion(kind, unit);
    return conversion && conversion->scale > 0 ? conversion->scale : 1;
}

double highMagnitude(const ImuStream &stream)
{
    const std::size_t samples = stream.samples();
    const std::size_t stride = samples / kMostLookedAt + 1;
    std::vector<double> magnitudes;
    for (std::size_t i = 0; i < samples; i += stride) {
        double sum = 0;
        for (const Column<float> &axis : stream.values)
            sum += double{axis[i]} * double{axis[i]};
        if (std::isfinite(sum))
            magnitudes.push_back(std::sqrt(sum));
    }
    if (magnitudes.empty())
        return 0;
    const auto high = magnitudes.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(magnitudes.size() - 1) * 0.99);
    std::ranges::nth_element(magnitudes, high);
    return *high;
}

} // namespace

std::string gravityDoubt(double magnitudeAtRest, const std::string &unitFound)
{
    const auto isGravity = [](double magnitude) { return magnitude > 0.8 * kStandardGravity && magnitude < 1.35 * kStandardGravity; };
    if (isGravity(magnitudeAtRest))
        return {};
    const double taken = scaleOf(StreamKind::accelerometer, unitFound);
    for (const auto &[unit, scale] : kUnits) {
        // Beside noise and offset, somebody may never have been at rest.
        if (isGravity(magnitudeAtRest / taken * scale))
            return "at rest " + shortNumber(magnitudeAtRest) + " m/s² instead of 9.81: the numbers look like " + unit + ", but were taken for "
                   + (unitFound.empty() ? "m/s²" : unitFound);
    }
    return {};
}

std::string unitDoubt(const ImuStream &stream)
{
    if (stream.samples() == 0)
        return {};
    if (stream.kind == StreamKind::gyroscope) {
        const double high = highMagnitude(stream);
        if (!(high > kMostTurning))
            return {};
        const bool isRadians = scaleOf(stream.kind, stream.unitFound) == 1;
        return "it turns with " + shortNumber(high) + " rad/s and more, which no body does: the numbers look like " + (isRadians ? "deg/s" : "counts of the sensor or another unit") + ", but were taken for "
               + (stream.unitFound.empty() ? "rad/s" : stream.unitFound);
    }
    if (stream.kind != StreamKind::accelerometer)
        return {};
    std::vector<std::span<const float>> axes;
    for (const Column<float> &column : stream.values)
        axes.push_back(column.values());
    return gravityDoubt(computeMagnitudeAtRest(stream.timesNs, axes, summariseTiming(stream.timesNs).medianPeriodNs), stream.unitFound);
}

ImportReport unitDoubts(const Recording &recording)
{
    ImportReport report;
    for (const Device &device : recording.devices) {
        for (const ImuStream &stream : device.streams) {
            const std::string doubt = unitDoubt(stream);
            if (!doubt.empty())
                report.push_back({Severity::warning, recording.path, 0, "unit-doubt", 1, streamName(device, stream) + ": " + doubt + "; if so, import it again with the right unit"});
        }
    }
    return report;
}

} // namespace kino
