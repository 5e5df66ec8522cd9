#include "core/media/gpmf/payload_schedule.h"

#include "core/media/gpmf/decimal.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr double kGpsGridS = 0.055;
constexpr double kGpsWorstS = 0.1; // a time is up to a grid step late, too
constexpr double kMostGpsError = 0.01;
constexpr double kGoodEnough = 0.002;
constexpr double kLeastAccelerometerHz = 195;
constexpr double kMostAccelerometerHz = 206;
constexpr double kSameRate = 0.002; // 24000/1001 and 24 Hz: either will do

constexpr double kFrameRatesHz[] = {24000 / 1001.0, 24, 25, 30000 / 1001.0, 30, 48000 / 1001.0, 48, 50, 60000 / 1001.0, 60,
    90000 / 1001.0, 90, 100, 120000 / 1001.0, 120, 200, 240000 / 1001.0, 240};

/** The payload's length as GPS tells it, all in seconds. */
struct GpsStep {
    std::size_t firstPayload = 0;
    std::size_t lastPayload = 0;
    double stepS = 0;
    /** Two standard errors; none where two times leave nothing to judge them by. */
    std::optional<double> errorS;
    /** What it could be off by if its first and last time were as bad as they come. */
    double worstErrorS = 0;

    bool disprovesUsual() const { return std::abs(stepS - kUsualPayloadS) > worstErrorS; }
    bool isGood() const
    {
        return errorS && *errorS < kMostGpsError * stepS && (worstErrorS < kGoodEnough * stepS || disprovesUsual());
    }
    std::string text() const
    {
        return decimalText(stepS, 4) + " s (+/- " + decimalText(100 * errorS.value_or(worstErrorS) / stepS, 2) + " %)";
    }
};

std::optional<GpsStep> findGpsStep(std::span<const GpsTime> gpsTimes)
{
    std::vector<double> payloads;
    std::vector<double> seconds;
    for (const GpsTime &gps : gpsTimes) {
        if (!payloads.empty() && static_cast<double>(gps.payload) <= payloads.back())
            continue;
        payloads.push_back(static_cast<double>(gps.payload));
        seconds.push_back(toSeconds(gps.utcNs - gpsTimes.front().utcNs));
    }
    if (payloads.size() < 2)
        return std::nullopt;
    const RobustLine line = fitRobustLine(payloads, seconds);
    GpsStep gps;
    gps.firstPayload = static_cast<std::size_t>(payloads.front());
    gps.lastPayload = static_cast<std::size_t>(payloads.back());
    gps.stepS = line.slope;
    gps.worstErrorS = kGpsWorstS / (payloads.back() - payloads.front());
    const bool isSane = gps.stepS > 0.05 && gps.stepS < 60;
    if (!isSane)
        return std::nullopt;
    if (payloads.size() > 2) {
        const auto count = static_cast<double>(payloads.size());
        double mean = 0, xx = 0, squares = 0;
        for (const double payload : payloads)
            mean += payload / count;
        for (std::size_t i = 0; i < payloads.size(); ++i) {
            xx += (payloads[i] - mean) * (payloads[i] - mean);
            squares += std::pow(seconds[i] - line.intercept - line.slope * payloads[i], 2);
        }
        const double variance = std::max(squares / (count - 2), kGpsGridS * kGpsGridS / 12);
        gps.errorS = 2 * std::sqrt(variance / xx);
    }
    return gps;
}

std::size_t rowsOf(const ClockStream &stream)
{
    std::size_t rows = 0;
    for (const StreamBlock &block : stream.blocks)
        rows += block.rows;
    return rows;
}

/** Frames up to the beginning of each payload, and all of them last; empty where a payload has none. */
std::vector<std::size_t> countFrames(const ClockStream &stream, std::size_t payloads)
{
    std::vector<std::size_t> rows(payloads);
    for (const StreamBlock &block : stream.blocks)
        rows[block.payload] += block.rows;
    std::vector<std::size_t> counts{0};
    for (const std::size_t count : rows) {
        if (count == 0)
            return {};
        counts.push_back(counts.back() + count);
    }
    return counts;
}

/** The only usual rate at which so many frames agree with GPS and the accelerometer. */
std::optional<double> findFrameRate(const std::vector<std::size_t> &frames, const GpsStep &gps, std::size_t accelerometerRows)
{
    const auto between = static_cast<double>(frames[gps.lastPayload] - frames[gps.firstPayload])
        / static_cast<double>(gps.lastPayload - gps.firstPayload);
    std::optional<double> found;
    for (const double rateHz : kFrameRatesHz) {
        const double accelerometerHz
            = static_cast<double>(accelerometerRows) * rateHz / static_cast<double>(frames.back());
        if (std::abs(between / rateHz - gps.stepS) > gps.worstErrorS || accelerometerHz < kLeastAccelerometerHz
            || accelerometerHz > kMostAccelerometerHz)
            continue;
        if (found && rateHz > *found * (1 + kSameRate))
            return std::nullopt;
        found = found.value_or(rateHz);
    }
    return found;
}

TelemetryNote noteOf(std::string message)
{
    return {TelemetrySeverity::warning, "assumed-rate", 0, 1, "The file has no times of its samples: " + std::move(message)};
}

std::optional<PayloadSchedule> scheduleByFrames(std::size_t payloads, std::span<const ClockStream> streams, const GpsStep &gps,
    std::size_t primary)
{
    std::size_t accelerometerRows = 0;
    for (const ClockStream &stream : streams) {
        if (stream.key == gpmfKey("ACCL") && stream.device == primary)
            accelerometerRows = std::max(accelerometerRows, rowsOf(stream));
    }
    for (const GpmfKey key : kFrameStreams) {
        for (const ClockStream &stream : streams) {
            if (stream.key != key || stream.device != primary)
                continue;
            const std::vector<std::size_t> frames = countFrames(stream, payloads);
            const std::optional<double> rateHz
                = frames.empty() ? std::nullopt : findFrameRate(frames, gps, accelerometerRows);
            if (!rateHz)
                continue;
            PayloadSchedule schedule;
            schedule.clock = PayloadSchedule::Clock::frames;
            for (std::size_t i = 0; i < payloads; ++i)
                schedule.startsS.push_back(static_cast<double>(frames[i]) / *rateHz);
            schedule.endS = static_cast<double>(frames.back()) / *rateHz;
            schedule.stepS = *schedule.endS / static_cast<double>(payloads);
            schedule.note = noteOf("rates come from the count of video frames (" + gpmfKeyText(key) + "), "
                + std::to_string(frames.back()) + " at " + decimalText(*rateHz, 2)
                + " Hz, the only usual rate that fits GPS and the accelerometer. The GPS clock alone is too coarse: payloads"
                  " every "
                + gps.text());
            return schedule;
        }
    }
    return std::nullopt;
}

PayloadSchedule evenSchedule(std::size_t payloads, PayloadSchedule::Clock clock, double stepS, TelemetryNote note)
{
    PayloadSchedule schedule;
    schedule.clock = clock;
    schedule.stepS = stepS;
    schedule.note = std::move(note);
    for (std::size_t i = 0; i < payloads; ++i)
        schedule.startsS.push_back(static_cast<double>(i) * stepS);
    return schedule;
}

} // namespace

PayloadSchedule computePayloadSchedule(std::size_t payloads, std::span<const ClockStream> streams,
    std::span<const GpsTime> gpsTimes, std::size_t primary)
{
    const std::optional<GpsStep> gps = findGpsStep(gpsTimes);
    if (gps && gps->isGood()) {
        return evenSchedule(payloads, PayloadSchedule::Clock::gps, gps->stepS,
            noteOf("rates come from the GPS clock, by which payloads follow every " + gps->text()));
    }
    const bool isContradicted = gps && gps->disprovesUsual();
    if (isContradicted) {
        if (std::optional<PayloadSchedule> schedule = scheduleByFrames(payloads, streams, *gps, primary))
            return std::move(*schedule);
    }
    return evenSchedule(payloads, PayloadSchedule::Clock::usual, kUsualPayloadS,
        noteOf("rates are unknown, and payloads were assumed to follow every 1.001 s"
            + (isContradicted ? "; the GPS clock, too coarse to be used, says " + gps->text() : std::string())));
}

} // namespace kino
