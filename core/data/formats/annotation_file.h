// Annotations as files for other programs: CSV and ELAN's .eaf.
#pragma once

#include "core/data/annotation.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace kino {

/**
 * CSV with the header `tier,start_ns,end_ns,label`, times on the recording's clock, RFC 4180 quoting, UTF-8. Whole
 * nanoseconds are read back equal; a tier's kind is not in the file (all are read as labels). Reading also takes
 * `start_s,end_s` (decimal seconds), any order of columns, and further columns, which are left out. Throws Error with
 * the line of the first row that is not sound: half a set of annotations helps nobody.
 */
void writeAnnotationCsv(const std::filesystem::path &path, const std::vector<AnnotationTier> &tiers);
std::vector<AnnotationTier> readAnnotationCsv(const std::filesystem::path &path);

struct EafMedia {
    std::filesystem::path path;
    /** Where its first frame lies on the recording's clock. */
    RecordingTime start;
};

struct EafWritten {
    /** Borders that did not lie on a whole millisecond of ELAN's clock. */
    std::size_t roundedBorders = 0;
    /** Added to every time of the recording's clock, in whole milliseconds; kept in the file, so reading undoes it. */
    Nanos shiftNs = 0;
    /** False where no video was given, or where annotations begin before it, which ELAN cannot show. */
    bool isMediaLinked = false;
};

/**
 * ELAN Annotation Format 3.0. ELAN counts whole milliseconds from the start of its video, never below zero: borders are
 * rounded to the nearest millisecond, what would become empty is made one millisecond long, and all is shifted so that
 * zero is the video's start or, where something begins before that, the earliest of it.
 */
EafWritten writeEaf(const std::filesystem::path &path, const std::vector<AnnotationTier> &tiers,
                    const std::optional<EafMedia> &media = std::nullopt);

/**
 * Tiers with alignable annotations; those that refer to others (REF_ANNOTATION) share the other's time evenly. Borders
 * without a time are spread evenly between their neighbours, as ELAN shows them. Throws Error for anything but ELAN XML.
 */
std::vector<AnnotationTier> readEaf(const std::filesystem::path &path);

/** By the ending: .csv or .eaf. Throws Error for others. */
std::vector<AnnotationTier> readAnnotationFile(const std::filesystem::path &path);

} // namespace kino
