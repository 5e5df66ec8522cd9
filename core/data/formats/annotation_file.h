// Annotations as files for other programs: CSV and ELAN's .eaf.
#pragma once

#include "core/data/annotations/label_set.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kino {

struct Recording;

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
    /** By how much its seconds are longer than the recording's. */
    double driftPpm = 0;
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
 * zero is the video's start or, where something begins before that, the earliest of it. Annotations that overlap in one
 * tier, which ELAN forbids, go to further tiers "NAME (overlap 2)"; reading puts them together.
 *
 * Label sets become controlled vocabularies, and each a linguistic type that its tiers have; annotations refer to their
 * entry. The format has no place for colours and keys. Throws Error for annotations that lie more than 49 days from ELAN's
 * zero, which its time values cannot say.
 */
EafWritten writeEaf(const std::filesystem::path &path, const std::vector<AnnotationTier> &tiers,
                    const std::optional<EafMedia> &media = std::nullopt, const TierVocabularies &vocabularies = {});

/**
 * Tiers with alignable annotations; those that refer to others (REF_ANNOTATION) share the other's time evenly, in the
 * order of PREVIOUS_ANNOTATION. Borders without a time are spread evenly between those of their tier that have one, as
 * ELAN shows them. Throws Error for anything but ELAN XML. Times are the recording's where Kinoscope wrote the file,
 * else ELAN's.
 */
std::vector<AnnotationTier> readEaf(const std::filesystem::path &path);

struct EafLinkedMedia {
    std::string url;
    std::string fileName;
    /** TIME_ORIGIN: where in the media the annotations' zero is. */
    Nanos originNs = 0;
};

/** A file as it is: times count from ELAN's zero. */
struct EafDocument {
    std::vector<AnnotationTier> tiers;
    /**
     * Controlled vocabularies that tiers use, in the language of the tier (its LANG_REF; else the one whose values its
     * annotations have; else the first). One that is used in two languages is two label sets. Without those of other files
     * (EXT_REF), which are not read.
     */
    TierVocabularies vocabularies;
    std::vector<EafLinkedMedia> media;
    /** From ELAN's clock to the recording's; only in files that Kinoscope wrote. */
    std::optional<ClockMap<VideoClock>> written;
};
EafDocument readEafDocument(const std::filesystem::path &path);

enum class EafPlacement {
    asWritten, // Kinoscope wrote it: what it did is undone
    byVideo, // its media is a video of the recording: by that video's clock and the media's TIME_ORIGIN
    asItIs // neither: ELAN's zero is taken for the recording's
};
struct PlacedTiers {
    std::vector<AnnotationTier> tiers; // on the recording's clock
    TierVocabularies vocabularies;
    EafPlacement how = EafPlacement::asItIs;
    std::string video; // byVideo: its name
};
/** Media are recognised by file name: where the file lies is another matter on every computer. */
PlacedTiers placeOnRecording(EafDocument document, const Recording &recording);

/** By the ending: .csv or .eaf. Throws Error for others. */
std::vector<AnnotationTier> readAnnotationFile(const std::filesystem::path &path);

} // namespace kino
