#include "app/kino/recording_json.h"

#include "app/kino/command.h"
#include "core/data/clocks/clock_json.h"

namespace kino::cli {
namespace {

using Json = nlohmann::ordered_json;

/** NaN and infinity become null. */
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

/** 0 is no rate: one sample, or times that do not advance. */
Json rateJson(double rateHz) { return rateHz > 0 ? number(rateHz) : Json(nullptr); }
std::string rateText(double rateHz) { return rateHz > 0 ? decimal(rateHz, 2) + " Hz" : "unknown"; }

Json numbers(const std::vector<double> &values)
{
    Json list = Json::array();
    for (const double value : values)
        list.push_back(number(value));
    return list;
}

Json streamJson(const Device &device, const ImuStream &stream, const StreamOverview &overview)
{
    const StreamSummary &summary = overview.summary;
    const bool hasSamples = summary.timing.samples > 0;
    const auto onRecording = [&](Nanos ownNs) { return device.clock.toRecording({ownNs}).ns; };
    Json gaps = Json::array();
    for (const TimeGap &gap : summary.timing.gaps)
        gaps.push_back({{"from_ns", onRecording(gap.fromNs)}, {"to_ns", onRecording(gap.toNs)}});
    return {{"name", streamName(device, stream)},
            {"device", device.name},
            {"kind", streamKindName(stream.kind)},
            {"axes", stream.axes},
            {"unit_found", stream.unitFound},
            {"unit", stream.unit},
            {"samples", summary.timing.samples},
            {"rate_hz", rateJson(summary.timing.rateHz)},
            {"median_period_ns", summary.timing.medianPeriodNs > 0 ? Json(summary.timing.medianPeriodNs) : Json(nullptr)},
            {"jitter_ns", number(summary.timing.jitterNs)},
            {"start_ns", hasSamples ? Json(onRecording(overview.firstOwnNs)) : Json(nullptr)},
            {"end_ns", hasSamples ? Json(onRecording(overview.lastOwnNs)) : Json(nullptr)},
            {"offset_ns", device.clock.offsetNs},
            {"drift_ppm", device.clock.driftPpm},
            {"clock", clockOriginJson(device.clockEvidence)},
            {"gaps", std::move(gaps)},
            {"duplicate_times", summary.timing.duplicateTimes},
            {"backward_times", std::max(stream.backwardTimes, summary.timing.backwardTimes)},
            {"nan", summary.nanValues},
            {"clipped", summary.clippedSamples},
            {"repeated_samples", summary.repeatedSamples},
            {"at_rest", number(summary.magnitudeAtRest)},
            {"min", numbers(summary.min)},
            {"max", numbers(summary.max)},
            {"mean", numbers(summary.mean)},
            {"first", numbers(summary.first)},
            {"last", numbers(summary.last)}};
}

Json videoJson(const VideoTrack &video)
{
    return {{"path", video.path.string()},
            {"name", video.name},
            {"frames", video.frames},
            {"width", video.width},
            {"height", video.height},
            {"rate_hz", rateJson(video.rateHz)},
            {"variable_rate", video.variableRate},
            {"audio", video.hasAudio},
            {"start_ns", video.clock.toRecording(video.start).ns},
            {"duration_ns", video.end - video.start},
            {"offset_ns", video.clock.offsetNs},
            {"drift_ppm", video.clock.driftPpm},
            {"clock", clockOriginJson(video.clockEvidence)}};
}

struct LabelTotals {
    std::map<std::string, std::size_t> counts;
    std::map<std::string, Nanos> durations;
};

LabelTotals totalsOf(const AnnotationTier &tier)
{
    LabelTotals totals;
    for (const Annotation &annotation : tier.annotations) {
        ++totals.counts[annotation.label];
        totals.durations[annotation.label] += annotation.end - annotation.start;
    }
    return totals;
}

Json tierJson(const AnnotationTier &tier)
{
    const LabelTotals totals = totalsOf(tier);
    Json labels = Json::object(), durations = Json::object();
    for (const auto &[label, count] : totals.counts)
        labels[label] = count;
    for (const auto &[label, duration] : totals.durations)
        durations[label] = toSeconds(duration);
    return {{"tier", tier.name},
            {"kind", tier.kind == TierKind::text ? "text" : "label"},
            {"count", tier.annotations.size()},
            {"labels", std::move(labels)},
            {"seconds", std::move(durations)}};
}

Json reportJson(const ReportRow &row)
{
    return {{"severity", severityName(row.severity)},
            {"file", row.file.empty() ? Json(nullptr) : Json(row.file.string())},
            {"line", row.line > 0 ? Json(row.line) : Json(nullptr)},
            {"code", row.code},
            {"count", row.count},
            {"message", row.message}};
}

std::string countOf(std::size_t count, const std::string &what)
{
    return count == 0 ? "" : std::to_string(count) + " " + what;
}

std::string joined(const std::vector<std::string> &parts, const std::string &separator)
{
    std::string text;
    for (const std::string &part : parts) {
        if (!part.empty())
            text += (text.empty() ? "" : separator) + part;
    }
    return text;
}

std::string rangeText(const StreamSummary &summary)
{
    std::vector<std::string> ranges;
    for (std::size_t axis = 0; axis < summary.min.size(); ++axis)
        ranges.push_back(decimal(summary.min[axis], 2) + " to " + decimal(summary.max[axis], 2));
    constexpr std::size_t kMostShown = 4;
    if (ranges.size() > kMostShown) {
        ranges.resize(kMostShown);
        ranges.push_back("…");
    }
    return joined(ranges, ", ");
}

std::string streamsText(const Recording &recording, const RecordingOverview &overview)
{
    std::vector<std::vector<std::string>> rows{{"stream", "samples", "rate", "from", "to", "range", "unit", "remarks"}};
    for (std::size_t d = 0; d < recording.devices.size(); ++d) {
        const Device &device = recording.devices[d];
        for (std::size_t s = 0; s < device.streams.size(); ++s) {
            const ImuStream &stream = device.streams[s];
            const StreamOverview &numbers = overview[d][s];
            const StreamSummary &summary = numbers.summary;
            rows.push_back({streamName(device, stream), std::to_string(summary.timing.samples),
                            rateText(summary.timing.rateHz),
                            seconds(device.clock.toRecording({numbers.firstOwnNs}).ns),
                            seconds(device.clock.toRecording({numbers.lastOwnNs}).ns), rangeText(summary), stream.unit,
                            joined({countOf(summary.timing.gaps.size(), "gaps"),
                                    countOf(summary.timing.duplicateTimes, "repeated times"),
                                    countOf(std::max(stream.backwardTimes, summary.timing.backwardTimes), "backward times"),
                                    countOf(summary.nanValues, "NaN"), countOf(summary.clippedSamples, "clipped"),
                                    countOf(summary.repeatedSamples, "repeated samples")},
                                   ", ")});
        }
    }
    return rows.size() > 1 ? table(rows, "  ") : std::string();
}

/** A line for a clock that a person set; nothing for one as imported. */
template <class Owner> std::string clockText(const Owner &owner)
{
    if (!owner.clockEvidence)
        return {};
    return "  clock of " + owner.name + ": offset " + seconds(owner.clock.offsetNs) + ", drift "
        + decimal(owner.clock.driftPpm) + " ppm, set by hand ("
        + std::string(clockMethodName(owner.clockEvidence->method)) + ")\n";
}

std::string tierText(const AnnotationTier &tier)
{
    const LabelTotals totals = totalsOf(tier);
    std::string text = "  " + tier.name + ": " + std::to_string(tier.annotations.size()) + " annotations";
    constexpr std::size_t kMostShown = 8;
    std::size_t shown = 0;
    for (const auto &[label, count] : totals.counts) {
        if (++shown > kMostShown)
            return text + ", … (" + std::to_string(totals.counts.size()) + " different)\n";
        text += (shown == 1 ? "; " : ", ") + label + " x" + std::to_string(count) + " (" +
            decimal(toSeconds(totals.durations.at(label)), 1) + " s)";
    }
    return text + "\n";
}

} // namespace

Json recordingJson(const Recording &recording, const RecordingOverview &overview)
{
    Json streams = Json::array(), videos = Json::array(), tiers = Json::array(), report = Json::array();
    for (std::size_t d = 0; d < recording.devices.size(); ++d) {
        for (std::size_t s = 0; s < recording.devices[d].streams.size(); ++s)
            streams.push_back(streamJson(recording.devices[d], recording.devices[d].streams[s], overview[d][s]));
    }
    for (const VideoTrack &video : recording.videos)
        videos.push_back(videoJson(video));
    for (const AnnotationTier &tier : recording.tiers)
        tiers.push_back(tierJson(tier));
    for (const ReportRow &row : recording.report)
        report.push_back(reportJson(row));
    return {{"path", recording.path.string()},
            {"name", recording.name},
            {"format", recording.format},
            {"subject", recording.subject.empty() ? Json(nullptr) : Json(recording.subject)},
            {"confidence", number(recording.confidence)},
            {"epoch_ns", recording.epochNs ? Json(*recording.epochNs) : Json(nullptr)},
            {"streams", std::move(streams)},
            {"videos", std::move(videos)},
            {"annotations", std::move(tiers)},
            {"report", std::move(report)}};
}

Json failuresJson(const std::vector<ImportFailure> &failures)
{
    Json list = Json::array();
    for (const ImportFailure &failure : failures)
        list.push_back({{"path", failure.path.string()}, {"message", failure.message}});
    return list;
}

std::string recordingText(const Recording &recording, const RecordingOverview &overview)
{
    std::string text = recording.name + "  (" + recording.format;
    if (!recording.subject.empty())
        text += ", subject " + recording.subject;
    if (recording.confidence < 1)
        text += ", guessed with confidence " + decimal(recording.confidence, 2);
    text += ")\n" + streamsText(recording, overview);
    for (const VideoTrack &video : recording.videos) {
        text += "  video " + video.name + ": " + std::to_string(video.frames) + " frames, " + std::to_string(video.width) +
            "x" + std::to_string(video.height) + ", rate " + rateText(video.rateHz) +
            (video.variableRate ? " (variable)" : "") + (video.hasAudio ? ", sound" : "") + ", from " +
            seconds(video.clock.toRecording(video.start).ns) + " for " + seconds(video.end - video.start) + "\n";
    }
    for (const Device &device : recording.devices)
        text += clockText(device);
    for (const VideoTrack &video : recording.videos)
        text += clockText(video);
    for (const AnnotationTier &tier : recording.tiers)
        text += tierText(tier);
    for (const ReportRow &row : recording.report) {
        text += "  " + std::string(severityName(row.severity)) + ": " + row.message +
            (row.line > 0 ? " (line " + std::to_string(row.line) + ")" : "") + "\n";
    }
    return text;
}

} // namespace kino::cli
