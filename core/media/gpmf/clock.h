// One clock for all streams of a telemetry recording, made of what the file has.
//
//   - Stamps: STMP (microseconds) where every payload of a stream has it, else TICK (milliseconds). A device that has both
//     kinds shows how far its TICK lies from its STMP (Fusion: 243 ms); TICKs are moved by the median of that.
//   - The container's time of payloads is laid onto the stamps by streams that have one sample a video frame (SHUT, ISOE,
//     ISOG, CORI, GRAV): their first sample in a payload and the payload's time in the MP4 name the same frame. GoPro's own
//     parser does the same with SHUT. Measured on karma.mp4 against optical flow, the picture lies 15 ms, half a frame,
//     from where this says.
//   - A device without stamps uses the payload's time on that clock; a second device with stamps of its own is moved by the
//     median difference.
//   - No stamps and no container: GPS, video frames or the usual length of a payload, whichever is sound
//     (payload_schedule.h). The notes say which.
// Any thread.
#pragma once

#include "core/media/gpmf/telemetry.h"
#include "core/media/gpmf/timing.h"

#include <map>

namespace kino {

/** What one payload brought of one stream. */
struct StreamBlock {
    std::size_t payload = 0; // index
    std::size_t rows = 0;
    std::optional<std::uint64_t> totalAfter;
    std::optional<std::uint64_t> stampUs;
    std::optional<std::uint64_t> tickMs;
    std::optional<double> delayS;
};

/** Anything with blocks that the clock can be made of, loaded or not. */
struct ClockStream {
    std::size_t device = 0;
    GpmfKey key = 0;
    std::span<const StreamBlock> blocks;
};

/** A UTC time that GPS gave in a payload. */
struct GpsTime {
    std::size_t payload = 0;
    std::size_t stream = 0; // index among the clock's streams
    Nanos utcNs = 0;
    bool hasFix = false;
};

class TelemetryClock {
public:
    /** `primary`: the device whose stamps are the clock. */
    TelemetryClock(std::span<const TelemetryPacket> packets, std::span<const ClockStream> streams,
        std::span<const GpsTime> gpsTimes, std::size_t primary);

    /** Times of all rows of stream `index`. */
    SampleTimes timesOf(std::size_t index) const;
    /** Times for single values that come once with each of these blocks of stream `index`. */
    SampleTimes timesOfSingles(std::size_t index, std::span<const StreamBlock> blocks) const;

    double containerRate() const { return m_containerRate; }
    Nanos containerOffsetNs() const { return fromSeconds(m_containerOffsetS); }
    std::optional<Nanos> utcOfZeroNs() const { return m_utcOfZeroNs; }
    const std::vector<TelemetryNote> &notes() const { return m_notes; }

private:
    enum class Source { none, stamps, ticks };

    void chooseSources();
    void findOrigin();
    void layContainer();
    void findPayloadTimes(std::span<const GpsTime> gpsTimes);
    void moveOtherDevices();
    void findUtc(std::span<const GpsTime> gpsTimes);
    std::optional<double> stampS(std::size_t stream, const StreamBlock &block) const;
    SampleTimes timesFor(std::size_t index, std::span<const StreamBlock> blocks, bool areSingles) const;
    bool hasContainer() const;

    std::span<const TelemetryPacket> m_packets;
    std::span<const ClockStream> m_streams;
    std::size_t m_primary;
    std::vector<Source> m_sources;             // per stream
    std::map<std::size_t, std::int64_t> m_tickShiftUs; // per device: TICK minus STMP
    std::map<std::size_t, double> m_deviceShiftS;
    std::int64_t m_originUs = 0;
    bool m_hasStamps = false; // of the primary device
    double m_containerOffsetS = 0;
    double m_containerRate = 1;
    TimingEvidence m_payloadEvidence = TimingEvidence::payloads;
    double m_payloadStepS = 1.001;
    std::vector<double> m_payloadTimesS;
    std::optional<double> m_lastPayloadEndS;
    std::optional<Nanos> m_utcOfZeroNs;
    std::vector<TelemetryNote> m_notes;
};

} // namespace kino
