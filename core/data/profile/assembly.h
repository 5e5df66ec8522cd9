// The parts a profile's recording is put together from, after its tables were read. Used by reader.cpp,
// annotations.cpp and videos.cpp only.
#pragma once

#include "core/data/import.h"
#include "core/data/profile/reader.h"
#include "core/data/profile/table.h"

namespace kino {

/** How own times of the group's tables lie on the recording's clock. */
struct GroupClock {
    Nanos zeroNs = 0;            // recording time = common time - zero
    Nanos ownToCommonNs = 0;     // common time = the leading table's own time + this
    bool isUnix = false;         // common time counts since 1970 UTC
    Nanos leadingFirstRowNs = 0; // own time of the leading table's first row

    RecordingTime fromOwn(Nanos ownNs) const { return {ownNs + ownToCommonNs - zeroNs}; }
    RecordingTime fromCommon(Nanos commonNs) const { return {commonNs - zeroNs}; }
};

/** Everything the steps share. */
struct GroupContext {
    const ProfilePlan &plan;
    const ImportOptions &options;
    Captures captures; // with lookups
    Captures shown;    // with the profile's names in place of values: for templates that people read
    GroupClock clock;
    /** For videos whose images go with rows: own times of the rows, by part. */
    std::map<std::string, std::vector<Nanos>> rowTimesOfPart;
};

/** Adds the tiers of the profile's sidecar files. */
void addAnnotations(const GroupContext &context, Recording &recording);

/** Adds the profile's videos. */
void addVideos(const GroupContext &context, Recording &recording);

/** Adds to the tier of this name, which is made when it is not there; sorts by start. */
void addToTier(Recording &recording, const std::string &name, TierKind kind, std::vector<Annotation> annotations);

} // namespace kino
