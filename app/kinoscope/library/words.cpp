#include "app/kinoscope/library/words.h"

#include "app/kinoscope/texts.h"
#include "widgets/timeline/time_axis.h"

#include <QCoreApplication>

#include <set>

namespace kino {
namespace {

constexpr qsizetype kMostTipLines = 9;

QString say(const char *text) { return QCoreApplication::translate("Library", text); }


QString folderOf(const std::filesystem::path &path)
{
    const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
    return folder.has_filename() ? text(folder.filename().string()) : say("Recordings");
}

/** The path, what is wrong in words, then what the import met. */
QString tipOf(const std::filesystem::path &path, const std::vector<QualityBadge> &badges, const std::vector<std::string> &messages)
{
    QStringList lines{text(path.string())};
    for (const QualityBadge &badge : badges)
        lines += text(badge.message);
    if (lines.size() == 1)
        lines += say("No gaps, no clipping, no repeated times");
    for (const std::string &message : messages) {
        if (lines.size() < kMostTipLines)
            lines += text(message);
    }
    return lines.join(QLatin1Char('\n'));
}

Mark markOf(const std::vector<QualityBadge> &badges, std::size_t warnings)
{
    // Without motion there may be a film or a barometer: a person should know of it, but nothing failed.
    if (std::ranges::any_of(badges, [](const QualityBadge &badge) { return badge.severity == Severity::error && badge.code != "no-motion"; }))
        return Mark::bad;
    return badges.empty() && warnings == 0 ? Mark::good : Mark::warning;
}

QString lengthText(Nanos length) { return length >= kNanosPerSecond || length == 0 ? minutesText(length) : durationText(length); }

} // namespace

QStringList labelsOf(const Recording &recording)
{
    std::set<std::string> labels;
    for (const AnnotationTier &tier : recording.tiers) {
        if (tier.kind != TierKind::label)
            continue;
        for (const Annotation &annotation : tier.annotations) {
            if (!annotation.label.empty())
                labels.insert(annotation.label);
            if (labels.size() >= kMostRowLabels)
                return {};
        }
    }
    QStringList list;
    for (const std::string &label : labels)
        list += text(label);
    return list;
}

QString searchWordsOf(const Recording &recording)
{
    QStringList words{text(recording.format), text(recording.name)};
    for (const Device &device : recording.devices)
        words += text(device.name);
    constexpr std::size_t kMostCharacters = 200;
    std::set<std::string> texts;
    for (const AnnotationTier &tier : recording.tiers) {
        for (const Annotation &annotation : tier.annotations) {
            if (tier.kind == TierKind::text && !annotation.label.empty() && texts.size() < kMostRowTexts)
                texts.insert(annotation.label.substr(0, kMostCharacters));
        }
    }
    for (const std::string &each : texts)
        words += text(each);
    return words.join(QLatin1Char('\n'));
}

QString groupOf(const std::string &subject, const std::filesystem::path &path)
{
    if (subject.empty())
        return folderOf(path);
    const QString name = text(subject);
    bool isNumber = false;
    name.toLongLong(&isNumber);
    return isNumber ? say("Subject %1").arg(name) : name;
}

QString shownName(const std::string &whole, const std::filesystem::path &path)
{
    const QString name = text(whole).section(QLatin1Char('/'), -1);
    return name.isEmpty() ? text(path.filename().string()) : name;
}

QString shownName(const Recording &recording) { return shownName(recording.name, recording.path); }

LibraryItem libraryItem(const Recording &recording, const RecordingOverview &overview, Nanos length, const std::vector<std::string> &tags)
{
    const std::vector<QualityBadge> badges = computeBadges(recording, overview);
    std::vector<std::string> messages;
    std::size_t warnings = 0;
    for (const ReportRow &row : recording.report) {
        warnings += row.severity == Severity::warning ? 1 : 0;
        if (row.severity != Severity::info && messages.size() < static_cast<std::size_t>(kMostTipLines))
            messages.push_back(row.message);
    }
    LibraryItem item;
    item.group = groupOf(recording.subject, recording.path);
    item.name = shownName(recording);
    item.detail = lengthText(length);
    item.state = LibraryState::ready;
    item.mark = markOf(badges, warnings);
    item.tip = tipOf(recording.path, badges, messages);
    item.subject = text(recording.subject);
    item.folder = folderOf(recording.path);
    item.labels = labelsOf(recording);
    for (const std::string &tag : tags)
        item.tags += text(tag);
    item.hasVideo = !recording.videos.empty();
    item.words = searchWordsOf(recording);
    return item;
}

LibraryItem libraryItem(const LibraryRow &row)
{
    LibraryItem item;
    item.id = row.id;
    item.group = groupOf(row.subject, row.path);
    item.name = shownName(row.name, row.path);
    item.detail = lengthText(row.durationNs());
    item.state = LibraryState::ready;
    item.mark = markOf(row.badges, row.reportWarnings);
    item.tip = tipOf(row.path, row.badges, row.reportMessages);
    item.subject = text(row.subject);
    item.folder = folderOf(row.path);
    if (row.labels.size() < kMostRowLabels) {
        for (const std::string &label : row.labels)
            item.labels += text(label);
    }
    for (const std::string &tag : row.tags)
        item.tags += text(tag);
    item.hasVideo = row.videos > 0;
    QStringList words{text(row.format), text(row.name)};
    for (const std::string &device : row.deviceNames)
        words += text(device);
    for (const std::string &each : row.texts)
        words += text(each);
    item.words = words.join(QLatin1Char('\n'));
    return item;
}

} // namespace kino
