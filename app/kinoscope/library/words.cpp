#include "app/kinoscope/library/words.h"

#include "app/kinoscope/inspect/recording_facts.h"
#include "widgets/timeline/time_axis.h"

#include <QCoreApplication>

#include <limits>
#include <set>

namespace kino {
namespace {

constexpr qsizetype kMostTipLines = 9;
/** A file of free texts as labels would fill the library with chips. */
constexpr std::size_t kMostLabels = 40;

QString say(const char *text) { return QCoreApplication::translate("Library", text); }

QString text(const std::string &utf8) { return QString::fromStdString(utf8); }

QString folderOf(const Recording &recording)
{
    const std::filesystem::path folder = std::filesystem::absolute(recording.path).parent_path();
    return folder.has_filename() ? text(folder.filename().string()) : say("Recordings");
}

/** The heading under which a recording is listed: its subject, else the folder it lies in. */
QString groupOf(const Recording &recording)
{
    if (recording.subject.empty())
        return folderOf(recording);
    const QString subject = text(recording.subject);
    bool isNumber = false;
    subject.toLongLong(&isNumber);
    return isNumber ? say("Subject %1").arg(subject) : subject;
}

/** The path, what is wrong in words, then what the import met. */
QString tipOf(const Recording &recording, const RecordingOverview &overview)
{
    QStringList lines{text(recording.path.string())};
    for (const DetailRow &row : qualitySection(recording, overview).rows) {
        if (row.mark == Mark::warning || row.mark == Mark::bad)
            lines += row.label + QStringLiteral(": ") + row.values.join(QLatin1Char(' '));
    }
    if (lines.size() == 1)
        lines += say("No gaps, no clipping, no repeated times");
    for (const ReportRow &row : recording.report) {
        if (row.severity != Severity::info && lines.size() < kMostTipLines)
            lines += text(row.message);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QStringList labelsOf(const Recording &recording)
{
    std::set<std::string> labels;
    for (const AnnotationTier &tier : recording.tiers) {
        if (tier.kind != TierKind::label)
            continue;
        for (const Annotation &annotation : tier.annotations) {
            labels.insert(annotation.label);
            if (labels.size() > kMostLabels)
                return {};
        }
    }
    QStringList list;
    for (const std::string &label : labels) {
        if (!label.empty())
            list += text(label);
    }
    return list;
}

QString shownName(const Recording &recording)
{
    const QString name = text(recording.name).section(QLatin1Char('/'), -1);
    return name.isEmpty() ? text(recording.path.filename().string()) : name;
}

LibraryItem libraryItem(const Recording &recording, const RecordingOverview &overview, Nanos length, const std::vector<std::string> &tags)
{
    LibraryItem item;
    item.group = groupOf(recording);
    item.name = shownName(recording);
    item.detail = length >= kNanosPerSecond || length == 0 ? minutesText(length) : durationText(length);
    item.state = LibraryState::ready;
    item.mark = recordingMark(recording, overview);
    item.tip = tipOf(recording, overview);
    item.subject = text(recording.subject);
    item.folder = folderOf(recording);
    item.labels = labelsOf(recording);
    for (const std::string &tag : tags)
        item.tags += text(tag);
    item.hasVideo = !recording.videos.empty();
    QStringList words{text(recording.format), text(recording.name)};
    for (const Device &device : recording.devices)
        words += text(device.name);
    item.words = words.join(QLatin1Char('\n'));
    return item;
}

Nanos storedDuration(const RecordingEntry &entry)
{
    const Recording &recording = entry.recording;
    Nanos first = std::numeric_limits<Nanos>::max();
    Nanos last = std::numeric_limits<Nanos>::min();
    const auto extend = [&](RecordingTime from, RecordingTime to) {
        first = std::min(first, from.ns);
        last = std::max(last, to.ns);
    };
    for (std::size_t device = 0; device < entry.overview.size(); ++device) {
        const ClockMap<DeviceClock> &clock = recording.devices[device].clock;
        for (const StreamOverview &stream : entry.overview[device]) {
            if (stream.summary.timing.samples > 0)
                extend(clock.toRecording({stream.firstOwnNs}), clock.toRecording({stream.lastOwnNs}));
        }
    }
    for (const VideoTrack &video : recording.videos)
        extend(video.clock.toRecording(video.start), video.clock.toRecording(video.end));
    return last > first ? last - first : 0;
}

} // namespace kino
