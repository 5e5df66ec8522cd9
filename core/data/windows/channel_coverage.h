// When the channels that windows ask for are there: from first to last sample, without gaps and missing values.
// Computed once for a recording and a choice of channels, so that a rule can be changed and its windows drawn at once.
// Any thread.
#pragma once

#include "core/base/cancel.h"
#include "core/data/windows/window_rule.h"

#include <vector>

namespace kino {

/** A stretch in which a channel has values at every instant of [from, to]. */
struct CoveredSpan {
    Nanos fromNs = 0; // on the recording's clock, like `toNs`
    Nanos toNs = 0;
    /** Why it ends: true where values are missing though samples come on; false for a gap or the end. */
    bool endsInMissingValues = false;
};

/** One stream of a source. */
struct ChannelStream {
    std::size_t device = 0; // places in Recording::devices and Device::streams
    std::size_t stream = 0;
    std::vector<CoveredSpan> spans; // ascending; what resampling fills between them is NaN
    /** First and last sample; nothing where there is none. */
    std::optional<Nanos> firstNs, lastNs;
};

/** What gives windows of its own: one device, or several that are joined. */
struct ChannelSource {
    std::vector<std::string> devices;
    /** In the rule's order: device by device, channel by channel. */
    std::vector<ChannelStream> streams;
    /** First instant at which all exist, last at which any does. */
    Nanos startNs = 0;
    Nanos endNs = 0;
};

struct ChannelCoverage {
    std::vector<ChannelSource> sources;
    /** Devices that give no windows, each with a sentence why: "watch has no gyroscope". */
    std::vector<std::string> refusals;
};

/**
 * Gaps are those of summariseTiming() on the recording's clock, missing values those of resampleOnto(): a window that
 * lies in one span of each stream has no NaN. One that does not spans a hole, though on a grid coarser than the stream
 * no sample need fall into it. Of several streams of one kind on a device the one without a variant is taken, else the
 * first.
 */
ChannelCoverage computeCoverage(const Recording &recording, const std::vector<std::string> &devices, bool joined,
                                const std::vector<StreamKind> &channels, const CancelToken &cancel = {});

/** The stream's times on the recording's clock: the column itself where the clock changes nothing. */
Column<Nanos> timesOnRecordingClock(const Device &device, const ImuStream &stream);

} // namespace kino
