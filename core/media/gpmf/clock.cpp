#include "core/media/gpmf/clock.h"

#include "core/media/gpmf/decimal.h"
#include "core/media/gpmf/payload_schedule.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr double kLongestSpanS = 40 * 86400.0; // no camera records longer; beyond it stamps are damaged
constexpr double kLargestOffsetS = 4e9;        // a container may count from 1904
constexpr std::uint64_t kLargestTickMs = std::uint64_t{1} << 40; // 35 years
constexpr std::size_t kNoStream = static_cast<std::size_t>(-1);

constexpr GpmfKey kSensorStreams[] = {gpmfKey("ACCL"), gpmfKey("GYRO")};

template <class T>
T medianOf(std::vector<T> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::int64_t difference(std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(a - b); }

} // namespace

TelemetryClock::TelemetryClock(std::span<const TelemetryPacket> packets, std::span<const ClockStream> streams,
    std::span<const GpsTime> gpsTimes, std::size_t primary)
    : m_packets(packets), m_streams(streams), m_primary(primary), m_sources(streams.size(), Source::none)
{
    chooseSources();
    findOrigin();
    layContainer();
    findPayloadTimes(gpsTimes);
    moveOtherDevices();
    findUtc(gpsTimes);
}

bool TelemetryClock::hasContainer() const
{
    return !m_packets.empty()
        && std::all_of(m_packets.begin(), m_packets.end(), [](const TelemetryPacket &p) { return p.startNs.has_value(); });
}

void TelemetryClock::chooseSources()
{
    std::map<std::size_t, std::vector<std::int64_t>> tickShifts;
    std::map<std::size_t, bool> deviceHasStamps;
    for (std::size_t s = 0; s < m_streams.size(); ++s) {
        bool anyRows = false;
        bool allStamps = true;
        bool allTicks = true;
        std::optional<std::uint64_t> firstStamp;
        std::uint64_t largestStep = 0;
        for (const StreamBlock &block : m_streams[s].blocks) {
            if (block.rows == 0)
                continue;
            anyRows = true;
            allStamps = allStamps && block.stampUs;
            allTicks = allTicks && block.tickMs && *block.tickMs < kLargestTickMs;
            if (block.stampUs) {
                firstStamp = firstStamp.value_or(*block.stampUs);
                const std::int64_t step = difference(*block.stampUs, *firstStamp);
                largestStep = std::max(largestStep, static_cast<std::uint64_t>(std::max(step, -(step + 1))));
            }
            if (block.stampUs && block.tickMs && *block.tickMs < kLargestTickMs)
                tickShifts[m_streams[s].device].push_back(
                    difference(*block.tickMs * 1000, *block.stampUs));
        }
        if (!anyRows)
            continue;
        const bool isDamaged = allStamps && static_cast<double>(largestStep) * 1e-6 > kLongestSpanS;
        if (isDamaged) {
            m_notes.push_back({TelemetrySeverity::warning, "bad-stamps", 0, 1,
                "The time stamps of " + gpmfKeyText(m_streams[s].key) + " span more than "
                    + decimalText(kLongestSpanS / 86400, 0) + " days and were not used"});
        }
        if (allStamps && !isDamaged) {
            m_sources[s] = Source::stamps;
            deviceHasStamps[m_streams[s].device] = true;
        } else if (allTicks) {
            m_sources[s] = Source::ticks;
        }
    }
    for (auto &[device, shifts] : tickShifts)
        m_tickShiftUs[device] = medianOf(shifts);
    // TICKs of a device whose other streams have STMP are of another zero; without a block that has both they say nothing.
    for (std::size_t s = 0; s < m_streams.size(); ++s) {
        const std::size_t device = m_streams[s].device;
        if (m_sources[s] == Source::ticks && deviceHasStamps[device] && !m_tickShiftUs.contains(device))
            m_sources[s] = Source::none;
        if (!deviceHasStamps[device])
            m_tickShiftUs.erase(device);
    }
}

std::optional<double> TelemetryClock::stampS(std::size_t stream, const StreamBlock &block) const
{
    std::uint64_t us = 0;
    if (m_sources[stream] == Source::stamps && block.stampUs) {
        us = *block.stampUs;
    } else if (m_sources[stream] == Source::ticks && block.tickMs) {
        us = *block.tickMs * 1000;
        if (const auto shift = m_tickShiftUs.find(m_streams[stream].device); shift != m_tickShiftUs.end())
            us -= static_cast<std::uint64_t>(shift->second);
    } else {
        return std::nullopt;
    }
    const double seconds
        = static_cast<double>(difference(us, static_cast<std::uint64_t>(m_originUs))) * 1e-6 - block.delayS.value_or(0);
    const auto moved = m_deviceShiftS.find(m_streams[stream].device);
    return seconds + (moved == m_deviceShiftS.end() ? 0 : moved->second);
}

void TelemetryClock::findOrigin()
{
    std::size_t chosen = kNoStream;
    const auto consider = [&](std::size_t s) {
        if (chosen == kNoStream && m_streams[s].device == m_primary && m_sources[s] != Source::none)
            chosen = s;
    };
    for (const GpmfKey key : kSensorStreams) {
        for (std::size_t s = 0; s < m_streams.size(); ++s) {
            if (m_streams[s].key == key)
                consider(s);
        }
    }
    for (std::size_t s = 0; s < m_streams.size(); ++s)
        consider(s);
    if (chosen == kNoStream)
        return;
    m_hasStamps = true;
    for (const StreamBlock &block : m_streams[chosen].blocks) {
        if (block.rows > 0) {
            // As long as the origin is 0 and no device is moved, stampS() counts from zero of the stamps.
            const std::uint64_t us = m_sources[chosen] == Source::stamps ? *block.stampUs : *block.tickMs * 1000;
            m_originUs = static_cast<std::int64_t>(us);
            if (m_sources[chosen] == Source::ticks && m_tickShiftUs.contains(m_primary))
                m_originUs -= m_tickShiftUs[m_primary];
            break;
        }
    }
}

void TelemetryClock::layContainer()
{
    if (!m_hasStamps || !hasContainer())
        return;
    std::vector<double> container;
    std::vector<double> stamps;
    std::size_t used = kNoStream;
    bool isFrameStream = true;
    const auto gather = [&](GpmfKey key) {
        for (std::size_t s = 0; s < m_streams.size() && used == kNoStream; ++s) {
            if (m_streams[s].key != key || m_streams[s].device != m_primary || m_sources[s] == Source::none)
                continue;
            for (const StreamBlock &block : m_streams[s].blocks) {
                const std::optional<double> stamp = stampS(s, block);
                if (block.rows == 0 || !stamp)
                    continue;
                container.push_back(toSeconds(*m_packets[block.payload].startNs));
                stamps.push_back(*stamp);
                used = s;
            }
        }
    };
    for (const GpmfKey key : kFrameStreams)
        gather(key);
    if (used == kNoStream) {
        isFrameStream = false;
        for (const GpmfKey key : kSensorStreams)
            gather(key);
    }
    if (used == kNoStream) {
        m_hasStamps = false;
        std::fill(m_sources.begin(), m_sources.end(), Source::none);
        return;
    }

    constexpr double kEqualRates = 20e-6;
    double rate = 1;
    if (container.size() >= 3 && container.back() > container.front()) {
        const RobustLine line = fitRobustLine(container, stamps);
        if (std::abs(line.slope - 1) > std::max(kEqualRates, 4 * line.slopeError))
            rate = line.slope;
    }
    // The first payload may lack the first frames: its stamp would be late.
    std::vector<double> offsets;
    for (std::size_t i = container.size() > 1 ? 1 : 0; i < container.size(); ++i)
        offsets.push_back(stamps[i] - rate * container[i]);
    const double offset = medianOf(offsets);
    if (!(rate > 1e-3 && rate < 1e5 && std::abs(offset) < kLargestOffsetS)) {
        m_notes.push_back({TelemetrySeverity::warning, "bad-stamps", 0, 1,
            "The time stamps of the telemetry do not advance with the container's time and were not used"});
        m_hasStamps = false;
        std::fill(m_sources.begin(), m_sources.end(), Source::none);
        return;
    }
    m_containerRate = rate;
    m_containerOffsetS = offset;
    m_notes.push_back({TelemetrySeverity::info, "clock", 0, 1,
        std::string("Times are the camera's own stamps; the video was laid onto them by ")
            + (isFrameStream ? "the once-a-frame stream " : "the payloads of ") + gpmfKeyText(m_streams[used].key)});
    if (rate != 1) {
        m_notes.push_back({TelemetrySeverity::warning, "video-rate", 0, 1,
            "A second of the video is " + decimalText(rate, 6)
                + " s of the sensors (time lapse, slow motion or drift): the video's clock was stretched by that"});
    }
}

void TelemetryClock::findPayloadTimes(std::span<const GpsTime> gpsTimes)
{
    m_payloadTimesS.resize(m_packets.size());
    if (hasContainer()) {
        for (std::size_t i = 0; i < m_packets.size(); ++i)
            m_payloadTimesS[i] = toSeconds(*m_packets[i].startNs) * m_containerRate + m_containerOffsetS;
        return;
    }
    if (!m_hasStamps) {
        PayloadSchedule schedule = computePayloadSchedule(m_packets.size(), m_streams, gpsTimes, m_primary);
        m_payloadEvidence = schedule.clock == PayloadSchedule::Clock::frames ? TimingEvidence::payloads : TimingEvidence::assumed;
        m_payloadStepS = schedule.stepS;
        m_payloadTimesS = std::move(schedule.startsS);
        m_lastPayloadEndS = schedule.endS;
        m_notes.push_back(std::move(schedule.note));
        return;
    }
    std::vector<std::optional<double>> known(m_packets.size());
    const auto fill = [&](std::span<const GpmfKey> keys) {
        for (const GpmfKey key : keys) {
            for (std::size_t s = 0; s < m_streams.size(); ++s) {
                if (m_streams[s].key != key || m_streams[s].device != m_primary)
                    continue;
                for (const StreamBlock &block : m_streams[s].blocks) {
                    const std::optional<double> stamp = stampS(s, block);
                    if (block.rows > 0 && stamp && !known[block.payload])
                        known[block.payload] = stamp;
                }
            }
        }
    };
    fill(kSensorStreams);
    fill(kFrameStreams);
    // Payloads without a stamp lie between their neighbours, at the usual step outside of them.
    std::optional<std::size_t> before;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (!known[i])
            continue;
        m_payloadTimesS[i] = *known[i];
        const std::size_t from = before ? *before + 1 : 0;
        for (std::size_t k = from; k < i; ++k) {
            m_payloadTimesS[k] = before
                ? *known[*before] + (*known[i] - *known[*before]) * static_cast<double>(k - *before)
                    / static_cast<double>(i - *before)
                : *known[i] - kUsualPayloadS * static_cast<double>(i - k);
        }
        before = i;
    }
    for (std::size_t k = before ? *before + 1 : 0; k < known.size(); ++k)
        m_payloadTimesS[k] = before ? *known[*before] + kUsualPayloadS * static_cast<double>(k - *before)
                                    : kUsualPayloadS * static_cast<double>(k);
}

void TelemetryClock::moveOtherDevices()
{
    std::map<std::size_t, std::vector<double>> differences;
    for (std::size_t s = 0; s < m_streams.size(); ++s) {
        if (m_streams[s].device == m_primary && m_hasStamps)
            continue;
        for (const StreamBlock &block : m_streams[s].blocks) {
            const std::optional<double> stamp = stampS(s, block);
            if (block.rows > 0 && stamp)
                differences[m_streams[s].device].push_back(m_payloadTimesS[block.payload] - *stamp);
        }
    }
    for (auto &[device, values] : differences)
        m_deviceShiftS[device] = medianOf(values);
}

void TelemetryClock::findUtc(std::span<const GpsTime> gpsTimes)
{
    if (m_payloadEvidence == TimingEvidence::assumed && gpsTimes.size() < 2)
        return;
    std::vector<Nanos> zeros;
    for (const GpsTime &gps : gpsTimes) {
        if (!gps.hasFix)
            continue;
        double time = m_payloadTimesS[gps.payload];
        for (const StreamBlock &block : m_streams[gps.stream].blocks) {
            if (block.payload == gps.payload)
                time = stampS(gps.stream, block).value_or(time);
        }
        zeros.push_back(gps.utcNs - fromSeconds(std::clamp(time, -kLongestSpanS, kLongestSpanS)));
    }
    if (!zeros.empty())
        m_utcOfZeroNs = medianOf(zeros);
}

SampleTimes TelemetryClock::timesFor(std::size_t index, std::span<const StreamBlock> blocks, bool areSingles) const
{
    const bool isStamped = m_sources[index] != Source::none;
    std::vector<TimingBlock> timing;
    timing.reserve(blocks.size());
    double spanS = m_payloadStepS * m_containerRate;
    for (const StreamBlock &block : blocks) {
        TimingBlock entry;
        entry.rows = areSingles ? std::min<std::size_t>(block.rows, 1) : block.rows;
        if (!areSingles)
            entry.totalAfter = block.totalAfter;
        entry.startS = isStamped ? stampS(index, block) : m_payloadTimesS[block.payload] - block.delayS.value_or(0);
        if (entry.startS && !(std::abs(*entry.startS) < kLongestSpanS))
            entry.startS.reset();
        timing.push_back(entry);
    }
    if (!blocks.empty() && hasContainer()) {
        const double duration = toSeconds(m_packets[blocks.front().payload].durationNs) * m_containerRate;
        if (duration > 0 && duration < 3600)
            spanS = duration;
    }
    if (!isStamped && !areSingles && !timing.empty() && blocks.back().payload + 1 == m_packets.size())
        timing.back().endS = m_lastPayloadEndS;
    const TimingEvidence evidence = isStamped ? TimingEvidence::stamps : m_payloadEvidence;
    SampleTimes times = computeSampleTimes(timing, evidence, spanS);
    times.periodAssumed = times.periodAssumed && !hasContainer();
    // The findings name blocks; who reads them wants payloads.
    for (TimingFinding &finding : times.findings)
        finding.block = blocks[finding.block].payload;
    return times;
}

SampleTimes TelemetryClock::timesOf(std::size_t index) const { return timesFor(index, m_streams[index].blocks, false); }

SampleTimes TelemetryClock::timesOfSingles(std::size_t index, std::span<const StreamBlock> blocks) const
{
    return timesFor(index, blocks, true);
}

} // namespace kino
