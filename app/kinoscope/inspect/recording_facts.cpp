#include "app/kinoscope/inspect/recording_facts.h"

#include "app/kinoscope/clocks/clock_setter.h"
#include "app/kinoscope/inspect/quality_places.h"
#include "core/data/unit_doubts.h"
#include "widgets/timeline/stream_title.h"
#include "widgets/timeline/time_axis.h"
#include "widgets/timeline/value_axis.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <cmath>

namespace kino {
namespace {

QString say(const char *text) { return QCoreApplication::translate("RecordingFacts", text); }

QString countText(std::size_t count) { return QLocale(QLocale::English).toString(static_cast<qulonglong>(count)); }

/** Of the devices that have streams. */
bool hasSeveralDeviceNames(const Recording &recording)
{
    const std::string *first = nullptr;
    for (const Device &device : recording.devices) {
        if (device.streams.empty())
            continue;
        if (first && *first != device.name)
            return true;
        first = &device.name;
    }
    return false;
}

/** A single sample has no rate, nor have times that never move on. */
QString rateText(double rate, double resolution, const QString &unit)
{
    return rate > 0 ? valueText(rate, resolution) + QLatin1Char(' ') + unit : say("rate unknown");
}

QString clockText(Nanos offsetNs, double driftPpm)
{
    const QString sign = offsetNs < 0 ? QString(QChar(0x2212)) : QStringLiteral("+");
    return sign + QString::number(std::abs(toSeconds(offsetNs)), 'f', 3) + QStringLiteral(" s  ") + valueText(driftPpm, 1) + QStringLiteral(" ppm");
}

/** Who says so, when, and by which instants. */
QString clockTip(const std::optional<ClockEvidence> &evidence)
{
    QString tip = clockOriginText(evidence);
    if (evidence) {
        for (const ClockPoint &point : evidence->points)
            tip += QLatin1Char('\n') + say("own %1 s is %2 s").arg(valueText(toSeconds(point.ownNs), 1e-3), valueText(toSeconds(point.recording.ns), 1e-3));
    }
    return tip;
}

struct QualityCount {
    /** What is missing in several streams at once is one gap. */
    std::size_t gaps = 0;
    Nanos gapNs = 0;
    std::size_t streamsWithGaps = 0;
    std::size_t clipped = 0;
    std::size_t duplicates = 0;
    std::size_t backward = 0;
    std::size_t missing = 0;
    std::size_t repeated = 0;
    double atRest = std::nan("");
    std::string restDoubt; // about its unit
};

QualityCount countQuality(const Recording &recording, const RecordingOverview &overview)
{
    QualityCount count;
    std::vector<TimeRange> gaps;
    for (std::size_t device = 0; device < overview.size(); ++device) {
        // Streams of one device share their rows as a rule: the one with most of what is wrong with times counts, as in the badges.
        std::size_t duplicates = 0;
        std::size_t backward = 0;
        for (std::size_t stream = 0; stream < overview[device].size(); ++stream) {
            const StreamSummary &summary = overview[device][stream].summary;
            // An exposure that stays the same is no fault of the recording.
            if (isSideStream(recording.devices[device].streams[stream]))
                continue;
            const ClockMap<DeviceClock> &clock = recording.devices[device].clock;
            for (const TimeGap &gap : summary.timing.gaps)
                gaps.push_back({clock.toRecording({gap.fromNs}), clock.toRecording({gap.toNs})});
            count.streamsWithGaps += summary.timing.gaps.empty() ? 0 : 1;
            count.clipped += summary.clippedSamples;
            duplicates = std::max(duplicates, summary.timing.duplicateTimes);
            backward = std::max(backward, recording.devices[device].streams[stream].backwardTimes);
            count.missing += summary.nanValues;
            count.repeated += summary.repeatedSamples;
            if (std::isnan(count.atRest) && recording.devices[device].streams[stream].kind == StreamKind::accelerometer)
                count.atRest = summary.magnitudeAtRest;
            if (count.restDoubt.empty() && recording.devices[device].streams[stream].kind == StreamKind::accelerometer)
                count.restDoubt = gravityDoubt(summary.magnitudeAtRest, recording.devices[device].streams[stream].unitFound);
        }
        count.duplicates += duplicates;
        count.backward += backward;
    }
    std::ranges::sort(gaps, {}, &TimeRange::start);
    for (std::size_t first = 0; first < gaps.size();) {
        RecordingTime end = gaps[first].end;
        std::size_t next = first + 1;
        for (; next < gaps.size() && gaps[next].start < end; ++next)
            end = std::max(end, gaps[next].end);
        ++count.gaps;
        count.gapNs += end - gaps[first].start;
        first = next;
    }
    return count;
}

/** An accelerometer at rest shows gravity; a tenth off is a scale or a bias that a person should know of. */
Mark restMark(double atRest)
{
    if (std::isnan(atRest))
        return Mark::none;
    return std::abs(atRest - 9.80665) < 0.981 ? Mark::good : Mark::warning;
}

DetailRow countRow(const char *label, std::size_t count, const char *tip)
{
    return {say(label), {count == 0 ? say("none") : countText(count)}, count == 0 ? Mark::good : Mark::warning, {}, say(tip), false, false};
}

} // namespace

QString recordingDetail(const Recording &recording)
{
    const Nanos length = recording.end() - recording.start();
    const QString text = length >= kNanosPerSecond ? minutesText(length) : durationText(length);
    return recording.videos.empty() ? text : text + say("  video");
}

DetailSection factsSection(const Recording &recording, const RecordingOverview &overview)
{
    DetailSection section; // the panel is called "Details"
    const auto add = [&section](const QString &label, const QString &value, const QString &tip = {}) {
        section.rows.push_back({label, {value}, Mark::none, {}, tip.isEmpty() ? value : tip, false, false});
    };
    add(say("Name"), QString::fromStdString(recording.name), QString::fromStdString(recording.path.string()));
    if (!recording.subject.empty())
        add(say("Subject"), QString::fromStdString(recording.subject));
    add(say("Format"), QString::fromStdString(recording.format));
    const auto device = std::ranges::find_if(recording.devices, [](const Device &each) { return !each.streams.empty(); });
    if (device != recording.devices.end() && !device->name.empty() && !hasSeveralDeviceNames(recording))
        add(say("Device"), QString::fromStdString(device->name));
    add(say("Duration"), durationText(recording.end() - recording.start()));
    if (recording.epochNs) {
        const QDateTime begins = QDateTime::fromMSecsSinceEpoch((*recording.epochNs + recording.start().ns) / kNanosPerMillisecond, Qt::UTC);
        add(say("Begins UTC"), begins.toString(QStringLiteral("yyyy-MM-dd hh:mm")), begins.toString(QStringLiteral("yyyy-MM-dd hh:mm:ss.zzz")) + QStringLiteral(" UTC"));
        section.rows.back().shortValue = begins.toString(QStringLiteral("yyyy-MM-dd"));
    }
    for (std::size_t number = 0; number < overview.size(); ++number) {
        const Device &source = recording.devices[number];
        if (hasSeveralDeviceNames(recording) && !overview[number].empty())
            section.rows.push_back({QString::fromStdString(source.name), {}, Mark::none, {}, {}, true, false});
        QStringList side;
        for (std::size_t stream = 0; stream < overview[number].size(); ++stream) {
            const ImuStream &each = source.streams[stream];
            const TimingSummary &timing = overview[number][stream].summary.timing;
            const QString rate = rateText(timing.rateHz, 0.1, QStringLiteral("Hz"));
            if (isSideStream(each)) {
                side += streamTitle(each) + QStringLiteral(", ") + rate;
                continue;
            }
            add(streamTitle(each), countText(timing.samples) + QStringLiteral("  ") + rate,
                say("%1 samples, %2").arg(countText(timing.samples), unitText(QString::fromStdString(each.unit))));
            section.rows.back().shortValue = rate;
        }
        if (!side.empty())
            add(say("Side streams"), QString::number(side.size()), side.join(QLatin1Char('\n')));
        const ClockMap<DeviceClock> &clock = recording.devices[number].clock;
        if (clock != ClockMap<DeviceClock>() || source.clockEvidence)
            add(say("Clock"), clockText(clock.offsetNs, clock.driftPpm), clockTip(source.clockEvidence));
    }
    for (const VideoTrack &video : recording.videos) {
        add(say("Video"), QStringLiteral("%1 \u00d7 %2  %3").arg(video.width).arg(video.height).arg(rateText(video.rateHz, 0.01, QStringLiteral("fps"))),
            say("%1 frames, %2").arg(countText(video.frames), video.variableRate ? say("variable rate") : say("constant rate")));
        add(say("Video offset"), clockText(video.clock.offsetNs, video.clock.driftPpm), clockTip(video.clockEvidence));
    }
    for (const AnnotationTier &tier : recording.tiers)
        add(QString::fromStdString(tier.name.empty() ? "labels" : tier.name), tier.annotations.size() == 1 ? say("1 annotation") : say("%1 annotations").arg(countText(tier.annotations.size())));
    return section;
}

DetailSection qualitySection(const Recording &recording, const RecordingOverview &overview)
{
    DetailSection section{say("Quality"), {}};
    if (overview.empty())
        return section;
    const QualityCount count = countQuality(recording, overview);
    DetailRow gaps = countRow("Gaps", count.gaps, "Steps over four median periods and over 100 ms.");
    if (count.gaps > 0)
        gaps.values = {countText(count.gaps) + QStringLiteral(", ") + durationText(count.gapNs)};
    if (count.streamsWithGaps > 0)
        gaps.tip += QLatin1Char('\n') + (count.streamsWithGaps == 1 ? say("In one stream.") : say("In %1 streams; what they miss at the same time counts once.").arg(count.streamsWithGaps));
    const auto leadTo = [](DetailRow &row, QualityMark mark, std::size_t places) {
        if (places == 0)
            return;
        row.target = qualityMarkName(mark);
        row.tip += QLatin1Char('\n') + say("Click to go to the next one.");
    };
    leadTo(gaps, QualityMark::gaps, count.gaps);
    section.rows.push_back(gaps);
    section.rows.push_back(countRow("Clipping", count.clipped, "Samples at the sensor's full scale, or three and more in a row at the stream's extreme."));
    leadTo(section.rows.back(), QualityMark::clipping, count.clipped);
    section.rows.push_back(countRow("Duplicate times", count.duplicates, "Rows whose time repeats the one before, of each device's stream that has most of them."));
    leadTo(section.rows.back(), QualityMark::duplicates, count.duplicates);
    section.rows.push_back(countRow("Missing values", count.missing, "Samples without a number."));
    if (count.backward > 0)
        section.rows.push_back(countRow("Backward times", count.backward, "Rows that went back in time; they were sorted."));
    if (count.repeated > 0)
        section.rows.push_back(countRow("Repeated samples", count.repeated, "Rows equal in every axis to the row before, in runs of five and more."));
    if (!std::isnan(count.atRest)) {
        section.rows.push_back({say("|a| at rest"), {valueText(count.atRest, 0.01) + QStringLiteral(" m/s\u00b2")}, restMark(count.atRest), {},
                                say("Median magnitude over the quietest tenth of one-second spans; gravity is 9.81 m/s\u00b2."), false, false});
        if (!count.restDoubt.empty()) {
            QString doubt = QString::fromStdString(count.restDoubt);
            doubt[0] = doubt[0].toUpper();
            section.rows.back().tip = doubt + QStringLiteral(".\n") + section.rows.back().tip;
        }
    }
    return section;
}

DetailSection reportSection(const Recording &recording, std::size_t most)
{
    DetailSection section{say("Import report"), {}};
    std::vector<const ReportRow *> rows;
    for (const ReportRow &row : recording.report)
        rows.push_back(&row);
    std::ranges::stable_sort(rows, std::greater<>(), [](const ReportRow *row) { return row->severity; });
    for (const ReportRow *row : rows) {
        if (section.rows.size() == most) {
            section.rows.push_back({say("and %1 more").arg(countText(rows.size() - most)), {}, Mark::none, {}, {}, false, false});
            break;
        }
        const Mark mark = row->severity == Severity::error ? Mark::bad : row->severity == Severity::warning ? Mark::warning : Mark::none;
        QString tip = QString::fromStdString(row->file.string());
        if (row->line > 0)
            tip += say(", line %1").arg(row->line);
        section.rows.push_back({QString::fromStdString(row->message), {}, mark, {}, tip, false, true});
    }
    return section;
}

} // namespace kino
