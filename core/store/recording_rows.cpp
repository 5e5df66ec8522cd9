#include "core/store/recording_rows.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/store/column_cache.h"
#include "core/store/overview_json.h"

#include <chrono>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::optional<std::string> nullIfEmpty(const std::string &text)
{
    return text.empty() ? std::nullopt : std::optional(text);
}

std::string_view storageName(VideoStorage storage)
{
    switch (storage) {
    case VideoStorage::container: return "container";
    case VideoStorage::images: return "images";
    case VideoStorage::depthClip: return "depth-clip";
    }
    return "container";
}

VideoStorage storageFromName(const std::string &name)
{
    if (name == "images")
        return VideoStorage::images;
    return name == "depth-clip" ? VideoStorage::depthClip : VideoStorage::container;
}

Severity severityFromName(const std::string &name)
{
    if (name == "info")
        return Severity::info;
    return name == "warning" ? Severity::warning : Severity::error;
}

template <class Clock>
std::map<std::string, ClockMap<Clock>> readClocks(const Database &database, const char *table, RecordingId id)
{
    std::map<std::string, ClockMap<Clock>> clocks;
    Statement statement(database, std::string("SELECT name, offset_ns, drift_ppm FROM ") + table + " WHERE recording_id = ?");
    statement.bind(id);
    while (statement.step())
        clocks[statement.text(0)] = {statement.integer(1), statement.real(2)};
    return clocks;
}

template <class Clock>
ClockMap<Clock> keptClock(const std::map<std::string, ClockMap<Clock>> &kept, const std::string &name,
                          const ClockMap<Clock> &imported)
{
    const auto found = kept.find(name);
    return found == kept.end() ? imported : found->second;
}

void insertStream(const Database &database, std::int64_t device, std::size_t position, const ImuStream &stream,
                  const StreamOverview &overview)
{
    Json axes = Json::array();
    for (const std::string &axis : stream.axes)
        axes.push_back(validUtf8(axis));
    const TimingSummary &timing = overview.summary.timing;
    const auto timeOrNull = [&](Nanos ns) { return timing.samples > 0 ? std::optional(ns) : std::nullopt; };
    Statement insert(database, "INSERT INTO streams (device_id, position, name, kind, variant, axes, unit_found, unit, "
                               "full_scale, samples, backward_times, first_own_ns, last_own_ns, rate_hz, summary) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert
        .bind(device, position, validUtf8(stream.name()), streamKindName(stream.kind), validUtf8(stream.variant),
              axes.dump(), validUtf8(stream.unitFound), validUtf8(stream.unit), stream.fullScale, timing.samples,
              stream.backwardTimes, timeOrNull(overview.firstOwnNs), timeOrNull(overview.lastOwnNs), timing.rateHz,
              summaryToJson(overview.summary))
        .run();
}

void insertVideo(const Database &database, RecordingId id, std::size_t position, const VideoTrack &video,
                 const ClockMap<VideoClock> &clock)
{
    Statement insert(database, "INSERT INTO videos (recording_id, position, name, path, storage, frames, width, height, "
                               "rate_hz, variable_rate, audio, first_own_ns, end_own_ns, offset_ns, drift_ppm) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert
        .bind(id, position, validUtf8(video.name), fs::absolute(video.path).lexically_normal().string(),
              storageName(video.storage), video.frames, video.width, video.height, video.rateHz, video.variableRate,
              video.hasAudio, video.start.ns, video.end.ns, clock.offsetNs, clock.driftPpm)
        .run();
}

std::vector<std::string> readTags(const Database &database, RecordingId id)
{
    std::vector<std::string> tags;
    Statement statement(database, "SELECT tag FROM tags WHERE recording_id = ? ORDER BY tag");
    statement.bind(id);
    while (statement.step())
        tags.push_back(statement.text(0));
    return tags;
}

void readDevices(const Database &database, RecordingEntry &entry)
{
    Statement devices(database, "SELECT id, name, offset_ns, drift_ppm FROM devices WHERE recording_id = ? ORDER BY position");
    Statement streams(database, "SELECT kind, variant, axes, unit_found, unit, full_scale, backward_times, first_own_ns, "
                                "last_own_ns, summary FROM streams WHERE device_id = ? ORDER BY position");
    devices.bind(entry.id);
    while (devices.step()) {
        Device &device = entry.recording.devices.emplace_back();
        device.name = devices.text(1);
        device.clock = {devices.integer(2), devices.real(3)};
        auto &overview = entry.overview.emplace_back();
        streams.bind(devices.integer(0));
        while (streams.step()) {
            ImuStream &stream = device.streams.emplace_back();
            stream.kind = streamKindFromName(streams.text(0)).value_or(StreamKind::other);
            stream.variant = streams.text(1);
            stream.axes = Json::parse(streams.text(2)).get<std::vector<std::string>>();
            stream.unitFound = streams.text(3);
            stream.unit = streams.text(4);
            stream.fullScale = streams.real(5);
            stream.backwardTimes = static_cast<std::size_t>(streams.integer(6));
            overview.push_back({summaryFromJson(streams.text(9)), streams.integer(7), streams.integer(8)});
        }
    }
}

void readVideos(const Database &database, RecordingEntry &entry)
{
    Statement videos(database, "SELECT name, path, storage, frames, width, height, rate_hz, variable_rate, audio, "
                               "first_own_ns, end_own_ns, offset_ns, drift_ppm FROM videos WHERE recording_id = ? "
                               "ORDER BY position");
    videos.bind(entry.id);
    while (videos.step()) {
        VideoTrack &video = entry.recording.videos.emplace_back();
        video.name = videos.text(0);
        video.path = videos.text(1);
        video.storage = storageFromName(videos.text(2));
        video.frames = static_cast<std::size_t>(videos.integer(3));
        video.width = static_cast<int>(videos.integer(4));
        video.height = static_cast<int>(videos.integer(5));
        video.rateHz = videos.real(6);
        video.variableRate = videos.integer(7) != 0;
        video.hasAudio = videos.integer(8) != 0;
        video.start = {videos.integer(9)};
        video.end = {videos.integer(10)};
        video.clock = {videos.integer(11), videos.real(12)};
    }
}

void readClockEvidence(const Database &database, RecordingEntry &entry)
{
    Statement rows(database,
                   "SELECT owner, name, method, set_at_ns, points FROM clock_evidence WHERE recording_id = ?");
    rows.bind(entry.id);
    while (rows.step()) {
        const ClockEvidence evidence{clockMethodFromName(rows.text(2)), rows.integer(3), pointsFromJson(rows.text(4))};
        const std::string name = rows.text(1);
        const bool isVideo = rows.text(0) == "video";
        for (Device &device : entry.recording.devices) {
            if (!isVideo && device.name == name)
                device.clockEvidence = evidence;
        }
        for (VideoTrack &video : entry.recording.videos) {
            if (isVideo && video.name == name)
                video.clockEvidence = evidence;
        }
    }
}

void readReport(const Database &database, RecordingEntry &entry)
{
    Statement rows(database, "SELECT severity, file, line, code, count, message FROM report_rows WHERE recording_id = ? "
                             "ORDER BY position");
    rows.bind(entry.id);
    while (rows.step())
        entry.recording.report.push_back({severityFromName(rows.text(0)), rows.text(1), rows.integer(2), rows.text(3),
                                          rows.integer(4), rows.text(5)});
}

} // namespace

std::int64_t wallClockNs()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string freeRecordingName(const Database &database, const std::string &wanted)
{
    Statement taken(database, "SELECT 1 FROM recordings WHERE name = ?");
    const std::string base = wanted.empty() ? "recording" : validUtf8(wanted);
    std::string name = base;
    for (int number = 2; taken.bind(name).step(); ++number)
        name = base + " (" + std::to_string(number) + ")";
    return name;
}

RecordingId insertRecordingHead(const Database &database, const Recording &recording, const RecordingHead &head)
{
    Statement insert(database, "INSERT INTO recordings (name, path, format, profile, subject_pattern, confidence, subject, "
                               "epoch_ns, start_ns, end_ns, content_id, imported_at_ns, program) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)");
    insert
        .bind(head.name, fs::absolute(recording.path).lexically_normal().string(), validUtf8(recording.format),
              head.profile, head.subjectPattern, recording.confidence, nullIfEmpty(validUtf8(recording.subject)),
              recording.epochNs, head.contentId, wallClockNs(), KINOSCOPE_VERSION)
        .run();
    return database.lastInsertId();
}

void updateRecordingHead(const Database &database, RecordingId id, const Recording &recording, const RecordingHead &head)
{
    Statement update(database, "UPDATE recordings SET path = ?, format = ?, profile = ?, subject_pattern = ?, "
                               "confidence = ?, subject = coalesce(subject, ?), epoch_ns = ?, content_id = ?, "
                               "imported_at_ns = ?, program = ? WHERE id = ?");
    update
        .bind(fs::absolute(recording.path).lexically_normal().string(), validUtf8(recording.format), head.profile,
              head.subjectPattern, recording.confidence, nullIfEmpty(validUtf8(recording.subject)), recording.epochNs,
              head.contentId, wallClockNs(), KINOSCOPE_VERSION, id)
        .run();
}

void replaceContentRows(const Database &database, RecordingId id, const Recording &recording,
                        const RecordingOverview &overview)
{
    const auto deviceClocks = readClocks<DeviceClock>(database, "devices", id);
    const auto videoClocks = readClocks<VideoClock>(database, "videos", id);
    Statement(database, "DELETE FROM devices WHERE recording_id = ?").bind(id).run();
    Statement(database, "DELETE FROM videos WHERE recording_id = ?").bind(id).run();
    Statement insertDevice(database, "INSERT INTO devices (recording_id, position, name, offset_ns, drift_ppm) "
                                     "VALUES (?, ?, ?, ?, ?)");
    for (std::size_t position = 0; position < recording.devices.size(); ++position) {
        const Device &device = recording.devices[position];
        const std::string name = validUtf8(device.name);
        const auto clock = keptClock(deviceClocks, name, device.clock);
        insertDevice.bind(id, position, name, clock.offsetNs, clock.driftPpm).run();
        const std::int64_t deviceId = database.lastInsertId();
        for (std::size_t stream = 0; stream < device.streams.size(); ++stream)
            insertStream(database, deviceId, stream, device.streams[stream], overview.at(position).at(stream));
    }
    for (std::size_t position = 0; position < recording.videos.size(); ++position) {
        const VideoTrack &video = recording.videos[position];
        insertVideo(database, id, position, video, keptClock(videoClocks, validUtf8(video.name), video.clock));
    }
}

void replaceSourceRows(const Database &database, RecordingId id, std::span<const FileIdentity> files)
{
    Statement(database, "DELETE FROM source_files WHERE recording_id = ?").bind(id).run();
    Statement insert(database, "INSERT INTO source_files (recording_id, position, path, size_bytes, modified_ns, "
                               "quick_hash, sha256) VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t position = 0; position < files.size(); ++position) {
        const FileIdentity &file = files[position];
        insert
            .bind(id, position, file.path.string(), static_cast<std::int64_t>(file.sizeBytes), file.modifiedNs,
                  file.quickHash, file.sha256)
            .run();
    }
}

void replaceReportRows(const Database &database, RecordingId id, const ImportReport &report)
{
    Statement(database, "DELETE FROM report_rows WHERE recording_id = ?").bind(id).run();
    Statement insert(database, "INSERT INTO report_rows (recording_id, position, severity, file, line, code, count, message) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t position = 0; position < report.size(); ++position) {
        const ReportRow &row = report[position];
        insert
            .bind(id, position, severityName(row.severity), row.file.string(), row.line, validUtf8(row.code), row.count,
                  validUtf8(row.message))
            .run();
    }
}

std::string badgesStamp(int badgesVersion, int importersVersion)
{
    return "badges " + std::to_string(badgesVersion) + ", importers " + std::to_string(importersVersion);
}

bool isOfCurrentImporters(const std::string &stamp)
{
    return stamp.ends_with(", importers " + std::to_string(kImportersVersion));
}

std::string currentBadgesStamp() { return badgesStamp(kBadgesVersion, kImportersVersion); }

void replaceBadgeRows(const Database &database, RecordingId id, std::span<const QualityBadge> badges,
                      const std::string &stamp)
{
    Statement(database, "DELETE FROM badges WHERE recording_id = ?").bind(id).run();
    Statement insert(
        database,
        "INSERT INTO badges (recording_id, position, code, severity, count, message) VALUES (?, ?, ?, ?, ?, ?)");
    for (std::size_t position = 0; position < badges.size(); ++position) {
        const QualityBadge &badge = badges[position];
        insert.bind(id, position, badge.code, severityName(badge.severity), badge.count, validUtf8(badge.message))
            .run();
    }
    Statement(database, "UPDATE recordings SET badges_stamp = ? WHERE id = ?").bind(stamp, id).run();
}

void addMissingTiers(const Database &database, RecordingId id, std::span<const AnnotationTier> tiers)
{
    Statement known(database, "SELECT 1 FROM tiers WHERE recording_id = ? AND name = ?");
    Statement insertTier(database, "INSERT INTO tiers (recording_id, position, name, kind) VALUES (?, "
                                   "(SELECT coalesce(max(position) + 1, 0) FROM tiers WHERE recording_id = ?), ?, ?)");
    Statement insertAnnotation(database, "INSERT INTO annotations (tier_id, start_ns, end_ns, label) VALUES (?, ?, ?, ?)");
    for (const AnnotationTier &tier : tiers) {
        const std::string name = validUtf8(tier.name);
        const bool isKnown = known.bind(id, name).step();
        known.reset();
        if (isKnown)
            continue;
        insertTier.bind(id, id, name, tier.kind == TierKind::text ? "text" : "label").run();
        const std::int64_t tierId = database.lastInsertId();
        for (const Annotation &annotation : tier.annotations)
            insertAnnotation.bind(tierId, annotation.start.ns, annotation.end.ns, validUtf8(annotation.label)).run();
    }
}

std::vector<FileIdentity> readSourceRows(const Database &database, RecordingId id)
{
    std::vector<FileIdentity> files;
    Statement statement(database, "SELECT path, size_bytes, modified_ns, quick_hash, sha256 FROM source_files "
                                  "WHERE recording_id = ? ORDER BY position");
    statement.bind(id);
    while (statement.step())
        files.push_back({statement.text(0), static_cast<std::uint64_t>(statement.integer(1)), statement.integer(2),
                         statement.text(3), statement.optionalText(4)});
    return files;
}

std::vector<StoredTier> readTierRows(const Database &database, RecordingId id)
{
    std::vector<StoredTier> tiers;
    Statement tierRows(database,
                       "SELECT id, position, name, kind, label_set_id FROM tiers WHERE recording_id = ? "
                       "ORDER BY position, id");
    Statement rows(database, "SELECT id, start_ns, end_ns, label FROM annotations WHERE tier_id = ? ORDER BY start_ns, id");
    tierRows.bind(id);
    while (tierRows.step()) {
        StoredTier &tier = tiers.emplace_back();
        tier.id = tierRows.integer(0);
        tier.position = tierRows.integer(1);
        tier.name = tierRows.text(2);
        tier.kind = tierRows.text(3) == "text" ? TierKind::text : TierKind::label;
        tier.labelSet = tierRows.optionalInteger(4);
        rows.bind(tier.id);
        while (rows.step())
            tier.annotations.push_back({rows.integer(0), {{rows.integer(1)}, {rows.integer(2)}, rows.text(3)}});
    }
    return tiers;
}

RecordingEntry readEntry(const Database &database, RecordingId id)
{
    Statement head(database, "SELECT name, path, format, confidence, subject, epoch_ns FROM recordings WHERE id = ?");
    if (!head.bind(id).step())
        throw Error(database.file().parent_path(), "has no recording number " + std::to_string(id));
    RecordingEntry entry;
    entry.id = id;
    entry.recording.name = head.text(0);
    entry.recording.path = head.text(1);
    entry.recording.format = head.text(2);
    entry.recording.confidence = head.real(3);
    entry.recording.subject = head.text(4);
    entry.recording.epochNs = head.optionalInteger(5);
    for (const FileIdentity &file : readSourceRows(database, id))
        entry.recording.files.push_back(file.path);
    readDevices(database, entry);
    readVideos(database, entry);
    readClockEvidence(database, entry);
    readReport(database, entry);
    for (StoredTier &stored : readTierRows(database, id)) {
        AnnotationTier &tier = entry.recording.tiers.emplace_back(AnnotationTier{stored.name, stored.kind, {}});
        for (StoredAnnotation &annotation : stored.annotations)
            tier.annotations.push_back(std::move(annotation.annotation));
    }
    entry.tags = readTags(database, id);
    return entry;
}

void renewExtent(const Database &database, RecordingId id)
{
    const RecordingEntry entry = readEntry(database, id);
    std::optional<RecordingTime> from, to;
    const auto widen = [&](RecordingTime start, RecordingTime end) {
        from = std::min(from.value_or(start), start);
        to = std::max(to.value_or(end), end);
    };
    for (std::size_t d = 0; d < entry.overview.size(); ++d) {
        const ClockMap<DeviceClock> &clock = entry.recording.devices[d].clock;
        for (const StreamOverview &stream : entry.overview[d]) {
            if (stream.summary.timing.samples > 0)
                widen(clock.toRecording({stream.firstOwnNs}), clock.toRecording({stream.lastOwnNs}));
        }
    }
    for (const VideoTrack &video : entry.recording.videos) {
        if (video.frames > 0)
            widen(video.clock.toRecording(video.start), video.clock.toRecording(video.end));
    }
    Statement update(database, "UPDATE recordings SET start_ns = ?, end_ns = ? WHERE id = ?");
    update.bind(from.value_or(RecordingTime{}).ns, to.value_or(RecordingTime{}).ns, id).run();
}

} // namespace kino
