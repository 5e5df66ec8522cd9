#include "core/data/quality_badges.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <tuple>

namespace kino {
namespace {

constexpr double kUnevenPeriods = 0.1;
constexpr double kGravity = 9.81;
constexpr double kGravityTolerance = 0.1;

std::string wholeSecondsText(Nanos ns)
{
    std::array<char, 32> buffer;
    const auto [end, failure]
        = std::to_chars(buffer.data(), buffer.data() + buffer.size(), toSeconds(ns), std::chars_format::fixed, 2);
    return std::string(buffer.data(), end) + " s";
}

std::string numberText(double value)
{
    std::array<char, 32> buffer;
    const auto [end, failure]
        = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 2);
    return {buffer.data(), end};
}

/** "1 gap" or "3 gaps". */
std::string counted(std::int64_t count, const char *one, const char *many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

/** Adds up a count over streams and knows which has most of it. */
class Tally {
public:
    void add(std::size_t count, const std::string &stream)
    {
        m_total += static_cast<std::int64_t>(count);
        if (count > m_most) {
            m_most = count;
            m_worst = stream;
        }
    }
    void addTo(std::vector<QualityBadge> &badges, const char *code, const char *one, const char *many) const
    {
        if (m_total > 0)
            badges.push_back(
                {code, Severity::warning, m_total,
                 counted(m_total, one, many) + "; most of them in " + m_worst + " (" + std::to_string(m_most) + ")"});
    }

private:
    std::int64_t m_total = 0;
    std::size_t m_most = 0;
    std::string m_worst;
};

/** Streams of which something is wrong as a whole. */
class StreamList {
public:
    void add(const std::string &stream, const std::string &how)
    {
        ++m_count;
        m_text += (m_text.empty() ? "" : ", ") + stream + " (" + how + ")";
    }
    void addTo(std::vector<QualityBadge> &badges, const char *code, const std::string &what) const
    {
        if (m_count > 0)
            badges.push_back({code, Severity::warning, m_count, what + m_text});
    }

private:
    std::int64_t m_count = 0;
    std::string m_text;
};

struct Findings {
    bool hasMotion = false;
    Tally missing, clipped, repeated, duplicate, backward;
    StreamList uneven, gravity;
    std::set<std::tuple<std::string, Nanos, Nanos>> known; // gaps
    std::int64_t gaps = 0;
    Nanos gapNs = 0;
    Nanos longestGapNs = 0;
    std::string longestIn;
};

void look(const Device &device, const ImuStream &stream, const StreamSummary &summary, Findings &findings)
{
    // An exposure that stays the same is no fault of the recording.
    if (stream.kind == StreamKind::other)
        return;
    const std::string name = streamName(device, stream);
    const TimingSummary &timing = summary.timing;
    const bool isMotion = stream.kind == StreamKind::accelerometer || stream.kind == StreamKind::gyroscope
        || stream.kind == StreamKind::linearAcceleration;
    findings.hasMotion |= isMotion && timing.samples > 0;
    for (const TimeGap &gap : timing.gaps) {
        // Streams of one device that come from the same rows have the same gaps.
        if (!findings.known.insert({device.name, gap.fromNs, gap.toNs}).second)
            continue;
        const Nanos length = gap.toNs - gap.fromNs;
        ++findings.gaps;
        findings.gapNs += length;
        if (length > findings.longestGapNs) {
            findings.longestGapNs = length;
            findings.longestIn = name;
        }
    }
    findings.missing.add(summary.nanValues, name);
    findings.clipped.add(summary.clippedSamples, name);
    findings.repeated.add(summary.repeatedSamples, name);
    if (isMotion && timing.medianPeriodNs > 0
        && timing.jitterNs > kUnevenPeriods * static_cast<double>(timing.medianPeriodNs))
        findings.uneven.add(name,
                            "steps scatter by " + numberText(timing.jitterNs * 1e-6) + " ms around "
                                + numberText(static_cast<double>(timing.medianPeriodNs) * 1e-6) + " ms");
    if (stream.kind == StreamKind::accelerometer && std::isfinite(summary.magnitudeAtRest)
        && std::abs(summary.magnitudeAtRest - kGravity) > kGravityTolerance * kGravity)
        findings.gravity.add(name, numberText(summary.magnitudeAtRest) + " m/s²");
}

/** Of a device's streams, which share their rows as a rule, the one with most of what is wrong with times counts. */
void lookAtTimes(const Device &device, const std::vector<StreamOverview> &overview, Findings &findings)
{
    std::size_t duplicate = 0, backward = 0;
    std::string duplicateIn, backwardIn;
    for (std::size_t s = 0; s < device.streams.size() && s < overview.size(); ++s) {
        if (device.streams[s].kind == StreamKind::other)
            continue;
        const TimingSummary &timing = overview[s].summary.timing;
        const std::size_t back = std::max(device.streams[s].backwardTimes, timing.backwardTimes);
        if (timing.duplicateTimes > duplicate) {
            duplicate = timing.duplicateTimes;
            duplicateIn = streamName(device, device.streams[s]);
        }
        if (back > backward) {
            backward = back;
            backwardIn = streamName(device, device.streams[s]);
        }
    }
    findings.duplicate.add(duplicate, duplicateIn);
    findings.backward.add(backward, backwardIn);
}

} // namespace

std::vector<QualityBadge> computeBadges(const Recording &recording, const RecordingOverview &overview)
{
    Findings findings;
    for (std::size_t d = 0; d < recording.devices.size() && d < overview.size(); ++d) {
        const Device &device = recording.devices[d];
        for (std::size_t s = 0; s < device.streams.size() && s < overview[d].size(); ++s)
            look(device, device.streams[s], overview[d][s].summary, findings);
        lookAtTimes(device, overview[d], findings);
    }
    std::vector<QualityBadge> badges;
    if (!findings.hasMotion)
        badges.push_back({"no-motion", Severity::error, 1, "no accelerometer and no gyroscope has any sample"});
    if (findings.gaps > 0)
        badges.push_back({"gaps", Severity::warning, findings.gaps,
                          counted(findings.gaps, "gap", "gaps") + ", " + wholeSecondsText(findings.gapNs)
                              + " in all; the longest " + wholeSecondsText(findings.longestGapNs) + " in "
                              + findings.longestIn});
    findings.missing.addTo(badges, "missing-values", "value is missing", "values are missing");
    findings.clipped.addTo(badges, "clipped", "sample is clipped", "samples are clipped");
    findings.repeated.addTo(badges, "repeated-samples", "sample repeats the one before",
                            "samples repeat the one before");
    findings.duplicate.addTo(badges, "duplicate-times", "time is there twice", "times are there twice");
    findings.backward.addTo(badges, "backward-times", "row goes back in time", "rows go back in time");
    findings.uneven.addTo(badges, "uneven", "sampled unevenly: ");
    findings.gravity.addTo(badges, "gravity", "at rest these do not show gravity: ");
    const auto errors = std::ranges::count(recording.report, Severity::error, &ReportRow::severity);
    if (errors > 0)
        badges.push_back({"import-errors", Severity::error, errors,
                          counted(errors, "error", "errors") + " while it was imported; see its report"});
    return badges;
}

} // namespace kino
