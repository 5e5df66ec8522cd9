// A recording's rows in the tables of a project: written and read here only. Callers hold the transaction.
#pragma once

#include "core/data/quality_badges.h"
#include "core/store/content_identity.h"
#include "core/store/database.h"
#include "core/store/recording_entry.h"

#include <span>

namespace kino {

/** A name that no other recording of the project has: "walk", "walk (2)", … */
std::string freeRecordingName(const Database &database, const std::string &wanted);

struct RecordingHead {
    std::string name;
    std::string profile;
    std::string subjectPattern;
    std::string contentId;
};

/** Nanoseconds since 1970 UTC, now. */
std::int64_t wallClockNs();

RecordingId insertRecordingHead(const Database &database, const Recording &recording, const RecordingHead &head);
/** Renews what an import decides; name, subject, tags and annotations are the user's. */
void updateRecordingHead(const Database &database, RecordingId id, const Recording &recording, const RecordingHead &head);

/** Replaces devices, streams and videos; clocks set before are kept where the name is still there. */
void replaceContentRows(const Database &database, RecordingId id, const Recording &recording,
                        const RecordingOverview &overview);
void replaceSourceRows(const Database &database, RecordingId id, std::span<const FileIdentity> files);
void replaceReportRows(const Database &database, RecordingId id, const ImportReport &report);
/** Badges of another stamp are stale: other importers or another way to compute them. */
std::string badgesStamp(int badgesVersion, int importersVersion);
/** Whether the numbers that the badges were computed from are those of this program's importers. */
bool isOfCurrentImporters(const std::string &badgesStamp);
std::string currentBadgesStamp();
void replaceBadgeRows(const Database &database, RecordingId id, std::span<const QualityBadge> badges,
                      const std::string &stamp);
/** Adds the tiers that the recording does not have yet. */
void addMissingTiers(const Database &database, RecordingId id, std::span<const AnnotationTier> tiers);

std::vector<FileIdentity> readSourceRows(const Database &database, RecordingId id);
std::vector<StoredTier> readTierRows(const Database &database, RecordingId id);
/** Throws Error where there is no such recording. */
RecordingEntry readEntry(const Database &database, RecordingId id);

/** start_ns and end_ns of the recording: what its samples and videos span. After every change of these or their clocks. */
void renewExtent(const Database &database, RecordingId id);

} // namespace kino
