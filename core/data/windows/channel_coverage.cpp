#include "core/data/windows/channel_coverage.h"

#include "core/signal/timing.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

const ImuStream *streamOfKind(const Device &device, StreamKind kind)
{
    const ImuStream *found = nullptr;
    for (const ImuStream &stream : device.streams) {
        if (stream.kind != kind || stream.timesNs.empty())
            continue;
        if (!found || (!found->variant.empty() && stream.variant.empty()))
            found = &stream;
    }
    return found;
}

bool isMissing(const ImuStream &stream, std::size_t sample)
{
    return std::ranges::any_of(stream.values, [&](const Column<float> &axis) { return !std::isfinite(axis[sample]); });
}

/** Whether all samples that share the time of `begin` … `end` lack a number on one axis: equal times are averaged. */
bool isMissing(const ImuStream &stream, std::size_t begin, std::size_t end)
{
    if (end == begin + 1)
        return isMissing(stream, begin);
    return std::ranges::any_of(stream.values, [&](const Column<float> &axis) {
        return std::ranges::none_of(axis.values().subspan(begin, end - begin),
                                    [](float value) { return std::isfinite(value); });
    });
}

/** Whether any value of the range is NaN or infinite; a block at a time, as whole streams are sound as a rule. */
bool anyMissing(const ImuStream &stream, std::size_t begin, std::size_t end)
{
    for (const Column<float> &axis : stream.values) {
        // x - x is 0 for numbers and NaN for the others; a sum of them vectorises where isfinite() does not.
        float sum = 0;
        for (std::size_t i = begin; i < end; ++i)
            sum += axis[i] - axis[i];
        if (sum != 0 || std::isnan(sum))
            return true;
    }
    return false;
}

/** Cuts [begin, end) samples, which have no gap between them, at samples without a number. */
void addSpans(const ImuStream &stream, std::span<const Nanos> times, std::size_t begin, std::size_t end,
              std::vector<CoveredSpan> &spans)
{
    constexpr std::size_t kBlock = 4096;
    std::optional<std::size_t> from, last;
    const auto close = [&](bool isMissingNext) {
        if (from)
            spans.push_back({times[*from], times[*last], isMissingNext});
        from.reset();
    };
    for (std::size_t at = begin; at < end;) {
        std::size_t blockEnd = std::min(at + kBlock, end);
        // A block ends between times, never among equal ones.
        while (blockEnd < end && times[blockEnd] == times[blockEnd - 1])
            ++blockEnd;
        if (!anyMissing(stream, at, blockEnd)) {
            from = from.value_or(at);
            last = blockEnd - 1;
            at = blockEnd;
            continue;
        }
        for (std::size_t next = at; at < blockEnd; at = next) {
            while (next < blockEnd && times[next] == times[at])
                ++next;
            if (isMissing(stream, at, next)) {
                close(true);
            } else {
                from = from.value_or(at);
                last = at;
            }
        }
    }
    close(false);
}

ChannelStream coverageOf(const Recording &recording, std::size_t device, const ImuStream &stream)
{
    ChannelStream coverage;
    coverage.device = device;
    coverage.stream = static_cast<std::size_t>(&stream - recording.devices[device].streams.data());
    const Column<Nanos> times = timesOnRecordingClock(recording.devices[device], stream);
    coverage.firstNs = times.front();
    coverage.lastNs = times.back();
    std::size_t begin = 0;
    for (const TimeGap &gap : summariseTiming(times).gaps) {
        addSpans(stream, times, begin, gap.sampleBefore + 1, coverage.spans);
        begin = gap.sampleBefore + 1;
    }
    addSpans(stream, times, begin, times.size(), coverage.spans);
    return coverage;
}

/** The streams of one device in the order of the channels; nothing, and a refusal, where one is missing. */
std::optional<std::vector<ChannelStream>> streamsOf(const Recording &recording, std::size_t device,
                                                    const std::vector<StreamKind> &channels,
                                                    std::vector<std::string> &refusals)
{
    std::vector<const ImuStream *> found;
    for (const StreamKind kind : channels) {
        const ImuStream *stream = streamOfKind(recording.devices[device], kind);
        if (!stream) {
            refusals.push_back(recording.devices[device].name + " has no " + std::string(streamKindName(kind)));
            return std::nullopt;
        }
        found.push_back(stream);
    }
    std::vector<ChannelStream> streams;
    for (const ImuStream *stream : found)
        streams.push_back(coverageOf(recording, device, *stream));
    return streams;
}

void setExtent(ChannelSource &source)
{
    source.startNs = *std::ranges::max_element(source.streams, {}, &ChannelStream::firstNs)->firstNs;
    source.endNs = *std::ranges::max_element(source.streams, {}, &ChannelStream::lastNs)->lastNs;
}

} // namespace

Column<Nanos> timesOnRecordingClock(const Device &device, const ImuStream &stream)
{
    if (device.clock == ClockMap<DeviceClock>{})
        return stream.timesNs;
    std::vector<Nanos> times;
    times.reserve(stream.samples());
    for (const Nanos own : stream.timesNs)
        times.push_back(device.clock.toRecording({own}).ns);
    return times;
}

ChannelCoverage computeCoverage(const Recording &recording, const std::vector<std::string> &devices, bool joined,
                                const std::vector<StreamKind> &channels, const CancelToken &cancel)
{
    ChannelCoverage coverage;
    std::vector<std::size_t> places;
    for (const std::string &name : devices) {
        const auto found = std::ranges::find(recording.devices, name, &Device::name);
        if (found == recording.devices.end())
            coverage.refusals.push_back("there is no device " + name);
        else
            places.push_back(static_cast<std::size_t>(found - recording.devices.begin()));
    }
    if (devices.empty()) {
        for (std::size_t device = 0; device < recording.devices.size(); ++device)
            places.push_back(device);
    }
    if (channels.empty())
        return coverage;
    ChannelSource all;
    for (const std::size_t place : places) {
        cancel.throwIfCancelled();
        auto streams = streamsOf(recording, place, channels, coverage.refusals);
        if (!streams)
            continue;
        if (joined) {
            all.devices.push_back(recording.devices[place].name);
            std::ranges::move(*streams, std::back_inserter(all.streams));
            continue;
        }
        ChannelSource &source
            = coverage.sources.emplace_back(ChannelSource{{recording.devices[place].name}, std::move(*streams), 0, 0});
        setExtent(source);
    }
    // Stacked channels need every named device; what one alone has is not what was asked for.
    if (joined && !all.streams.empty() && coverage.refusals.empty()) {
        setExtent(all);
        coverage.sources.push_back(std::move(all));
    }
    return coverage;
}

} // namespace kino
