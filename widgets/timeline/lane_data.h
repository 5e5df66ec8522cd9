// One stream made ready to be drawn: envelope pyramids, gaps, repeats, clipping. Built on a worker, then immutable; any
// thread may read it.
#pragma once

#include "core/base/cancel.h"
#include "core/base/column.h"
#include "core/data/recording.h"
#include "core/data/stream_summary.h"
#include "core/signal/pyramid.h"
#include "core/signal/timing.h"
#include "widgets/timeline/time_axis.h"
#include "widgets/timeline/value_axis.h"

#include <QString>
#include <QStringList>

#include <cmath>
#include <memory>
#include <optional>
#include <vector>

namespace kino {

/** Samples [begin, end). */
struct SampleSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    friend bool operator==(const SampleSpan &, const SampleSpan &) = default;
};

/** Times of a series without a time for each: `startNs`, then one every 1 / rateHz. */
struct EvenTimes {
    Nanos startNs = 0;
    double rateHz = 0;
};

enum class LaneKind {
    stream,
    sound // of the video that is shown; its own clock is the video's
};

struct LaneData {
    LaneKind kind = LaneKind::stream;
    QString id;       // "device/stream", "sound"
    QString title;    // "Accelerometer"
    QString device;   // shown where a recording has several
    QString unit;     // as people write it
    QStringList axes; // "x", "y", "z", …
    bool isSide = false; // says how the device worked, not how it moved: folded away until somebody asks
    /** Said below the title where there is nothing to draw yet. */
    QString note;
    ClockMap<DeviceClock> clock;
    Column<Nanos> timesNs; // empty where the times are even
    /**
     * Own times of the first sample of each bin of the pyramids, in memory: they say where samples lie without touching
     * `timesNs`, which may lie in a mapped file. Empty where the times are even.
     */
    Column<Nanos> binTimesNs;
    std::optional<EvenTimes> even;
    std::vector<Column<float>> values;
    std::vector<MinMaxPyramid> pyramids; // per axis
    TimingSummary timing;
    /** Of each stretch between gaps: hasEvenSteps(). */
    std::vector<bool> evenStretches;
    Column<std::size_t> duplicates; // samples whose time repeats the one before
    Column<SampleSpan> clipped;     // on any axis, as core/signal/quality.h finds them
    ValueRange range;                    // of all axes, {-1, 1} where there is no number
    double resolution = 0.01;            // to which values are written: the same for all, so that digits stand still

    std::size_t samples() const { return even ? values.front().size() : timesNs.size(); }
    /** On the own clock. */
    Nanos ownNs(std::size_t sample) const { return even ? even->startNs + std::llround(static_cast<double>(sample) * 1e9 / even->rateHz) : timesNs[sample]; }
    RecordingTime timeOf(std::size_t sample) const { return clock.toRecording({ownNs(sample)}); }
    /** The first sample from `from` on whose own time is not before `ns`; samples() where there is none. */
    std::size_t firstFrom(Nanos ns, std::size_t from = 0) const;
    /**
     * Gives back the memory of columns that lie in mapped files (releaseMappedPages()), after a walk over much of them: what
     * is drawn of a whole day comes from pyramids and binTimesNs.
     */
    void releasePages() const;
    /** The same lane under another clock; shares all that is large. */
    std::shared_ptr<const LaneData> withClock(const ClockMap<DeviceClock> &other) const;
    /** Whether a line may join a sample and its successor: not across a gap. */
    bool isJoined(std::size_t sample) const;
    /**
     * The sample in force at a time: the last one at or before it. Nothing before the first, inside a gap, or later than
     * a median period after the last.
     */
    std::optional<std::size_t> sampleAt(RecordingTime time) const;
    /** The samples with times in [start, end). */
    SampleSpan samplesIn(TimeRange range) const;
    /** Least and greatest value of any axis in the range, by the pyramids; `range` of all where there is none. */
    ValueRange valuesIn(TimeRange range) const;
};

/** Whether no step between neighbours differs from the period by more than a twentieth. */
bool hasEvenSteps(std::span<const Nanos> timesNs, Nanos periodNs);

/** Whether streams of more than one device are among them. */
bool haveSeveralDevices(const std::vector<std::shared_ptr<const LaneData>> &lanes);

/**
 * `known` is what is known of exactly these samples already: it saves the passes over a day of samples that would find it
 * again. Uses several threads. Throws Cancelled.
 */
std::shared_ptr<const LaneData> buildLane(const Device &device, const ImuStream &stream, const CancelToken &cancel, const StreamSummary *known = nullptr);

} // namespace kino
