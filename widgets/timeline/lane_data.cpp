#include "widgets/timeline/lane_data.h"

#include "core/base/mapped_file.h"
#include "core/base/parallel.h"
#include "core/signal/quality.h"
#include "widgets/timeline/stream_title.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr double kFinestResolution = 1e-6;
constexpr double kCoarsestResolution = 1e-2;
/** Steps that differ from the median by more than this share are no even series. */
constexpr double kEvenShare = 0.05;

std::vector<std::size_t> findDuplicates(std::span<const Nanos> times)
{
    std::vector<std::size_t> duplicates;
    for (std::size_t sample = 1; sample < times.size(); ++sample) {
        if (times[sample] == times[sample - 1])
            duplicates.push_back(sample);
    }
    return duplicates;
}

Column<Nanos> firstTimesOfBins(std::span<const Nanos> times)
{
    std::vector<Nanos> firsts;
    firsts.reserve(times.size() / MinMaxPyramid::kBaseSamples + 1);
    for (std::size_t sample = 0; sample < times.size(); sample += MinMaxPyramid::kBaseSamples)
        firsts.push_back(times[sample]);
    return firsts;
}

std::vector<bool> findEvenStretches(std::span<const Nanos> times, const TimingSummary &timing)
{
    std::vector<bool> areEven;
    std::size_t begin = 0;
    for (std::size_t stretch = 0; stretch <= timing.gaps.size(); ++stretch) {
        const std::size_t end = stretch < timing.gaps.size() ? timing.gaps[stretch].sampleBefore + 1 : times.size();
        areEven.push_back(hasEvenSteps(times.subspan(begin, end - begin), timing.medianPeriodNs));
        begin = end;
    }
    return areEven;
}

/** A span ends at a gap: nobody knows what the sensor did there. */
std::vector<SampleSpan> findClipping(const ImuStream &stream, const LaneData &lane)
{
    if (!streamKindCanClip(stream.kind))
        return {};
    const std::vector<std::span<const float>> axes(stream.values.begin(), stream.values.end());
    const std::vector<bool> marks = findClippedSamples(axes, stream.fullScale);
    std::vector<SampleSpan> spans;
    for (auto begin = std::find(marks.begin(), marks.end(), true); begin != marks.end();) {
        auto end = std::next(begin);
        while (end != marks.end() && *end && lane.isJoined(static_cast<std::size_t>(end - marks.begin()) - 1))
            ++end;
        spans.push_back({static_cast<std::size_t>(begin - marks.begin()), static_cast<std::size_t>(end - marks.begin())});
        begin = std::find(end, marks.end(), true);
    }
    return spans;
}

} // namespace

bool hasEvenSteps(std::span<const Nanos> timesNs, Nanos periodNs)
{
    const double most = kEvenShare * static_cast<double>(periodNs);
    for (std::size_t sample = 1; sample < timesNs.size(); ++sample) {
        if (std::abs(static_cast<double>(timesNs[sample] - timesNs[sample - 1] - periodNs)) > most)
            return false;
    }
    return true;
}

bool LaneData::isJoined(std::size_t sample) const
{
    return !std::ranges::binary_search(timing.gaps, sample, {}, &TimeGap::sampleBefore);
}

std::size_t LaneData::firstFrom(Nanos ns, std::size_t from) const
{
    if (!even) {
        const std::span<const Nanos> times = timesNs;
        std::size_t first = 0;
        std::size_t last = times.size();
        if (!binTimesNs.empty()) {
            // After the first sample of the bin before, and not after the first of this one.
            const auto bin = static_cast<std::size_t>(std::ranges::lower_bound(binTimesNs, ns) - binTimesNs.begin());
            first = bin == 0 ? 0 : (bin - 1) * MinMaxPyramid::kBaseSamples + 1;
            last = std::min(bin * MinMaxPyramid::kBaseSamples, last);
        }
        const auto inBin = times.subspan(first, last - first);
        return std::max(from, first + static_cast<std::size_t>(std::ranges::lower_bound(inBin, ns) - inBin.begin()));
    }
    const double computed = std::ceil(static_cast<double>(ns - even->startNs) * 1e-9 * even->rateHz);
    auto sample = static_cast<std::size_t>(std::clamp(computed, static_cast<double>(from), static_cast<double>(samples())));
    // The times are rounded to a nanosecond: one sample may be on the other side.
    while (sample > from && ownNs(sample - 1) >= ns)
        --sample;
    while (sample < samples() && ownNs(sample) < ns)
        ++sample;
    return sample;
}

void LaneData::releasePages() const
{
    releaseMappedPages(std::as_bytes(timesNs.values()));
    for (const Column<float> &axis : values)
        releaseMappedPages(std::as_bytes(axis.values()));
}

std::shared_ptr<const LaneData> LaneData::withClock(const ClockMap<DeviceClock> &other) const
{
    auto lane = std::make_shared<LaneData>(*this);
    lane->clock = other;
    return lane;
}

bool haveSeveralDevices(const std::vector<std::shared_ptr<const LaneData>> &lanes)
{
    const QString *first = nullptr;
    for (const auto &lane : lanes) {
        if (lane->kind != LaneKind::stream)
            continue;
        if (first && *first != lane->device)
            return true;
        first = &lane->device;
    }
    return false;
}

std::optional<std::size_t> LaneData::sampleAt(RecordingTime time) const
{
    const Nanos own = clock.toOwn(time).ns;
    const std::size_t after = firstFrom(own + 1);
    if (after == 0)
        return std::nullopt;
    const std::size_t sample = after - 1;
    if (own > ownNs(sample) + timing.medianPeriodNs && (after == samples() || !isJoined(sample)))
        return std::nullopt;
    return sample;
}

SampleSpan LaneData::samplesIn(TimeRange span) const
{
    const std::size_t begin = firstFrom(clock.toOwn(span.start).ns);
    return {begin, std::max(begin, firstFrom(clock.toOwn(span.end).ns))};
}

ValueRange LaneData::valuesIn(TimeRange span) const
{
    const SampleSpan inside = samplesIn(span);
    if (inside.end <= inside.begin)
        return range;
    MinMax all{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
    for (std::size_t axis = 0; axis < values.size(); ++axis) {
        const MinMax extremes = pyramids[axis].range(values[axis], inside.begin, inside.end);
        if (std::isfinite(extremes.min) && std::isfinite(extremes.max)) {
            all.min = std::min(all.min, extremes.min);
            all.max = std::max(all.max, extremes.max);
        }
    }
    if (!(all.min <= all.max))
        return range;
    // A flat stretch keeps some height, or noise of the last bit would fill the lane.
    const double least = range.span() * 1e-3;
    if (all.max - all.min < least)
        return {(all.min + all.max - least) / 2, (all.min + all.max + least) / 2};
    return {all.min, all.max};
}

std::shared_ptr<const LaneData> buildLane(const Device &device, const ImuStream &stream, const CancelToken &cancel, const StreamSummary *known)
{
    auto lane = std::make_shared<LaneData>();
    lane->id = QString::fromStdString(streamName(device, stream));
    lane->title = streamTitle(stream);
    lane->isSide = isSideStream(stream);
    lane->device = QString::fromStdString(device.name);
    lane->unit = unitText(QString::fromStdString(stream.unit));
    for (const std::string &axis : stream.axes)
        lane->axes += QString::fromStdString(axis);
    lane->clock = device.clock;
    lane->timesNs = stream.timesNs;
    lane->values = stream.values;
    lane->timing = known ? known->timing : summariseTiming(stream.timesNs);
    lane->binTimesNs = firstTimesOfBins(stream.timesNs);
    lane->evenStretches = findEvenStretches(stream.timesNs, lane->timing);
    cancel.throwIfCancelled();
    if (lane->timing.duplicateTimes > 0)
        lane->duplicates = findDuplicates(stream.timesNs);
    lane->pyramids.resize(lane->values.size());
    parallelFor(lane->values.size(), usableThreads(), [&](std::size_t axis) {
        cancel.throwIfCancelled();
        lane->pyramids[axis] = MinMaxPyramid(std::span<const float>(lane->values[axis]));
        releaseMappedPages(std::as_bytes(lane->values[axis].values()));
    });
    MinMax all{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
    for (std::size_t axis = 0; axis < lane->values.size(); ++axis) {
        const MinMax extremes = lane->values[axis].empty() ? MinMax{NAN, NAN} : lane->pyramids[axis].range(lane->values[axis], 0, lane->values[axis].size());
        if (extremes.min <= extremes.max) {
            all.min = std::min(all.min, extremes.min);
            all.max = std::max(all.max, extremes.max);
        }
    }
    cancel.throwIfCancelled();
    if (!known || known->clippedSamples > 0)
        lane->clipped = findClipping(stream, *lane);
    const bool hasNumbers = all.min <= all.max && std::isfinite(all.min) && std::isfinite(all.max);
    lane->range = hasNumbers ? ValueRange{all.min, all.max} : ValueRange{-1, 1};
    if (lane->range.span() <= 0)
        lane->range = {lane->range.low - 0.5, lane->range.high + 0.5};
    lane->resolution = std::clamp(std::pow(10, std::floor(std::log10(lane->range.span())) - 3), kFinestResolution, kCoarsestResolution);
    lane->releasePages();
    return lane;
}

} // namespace kino
