// What Kinoscope's own .eaf files say beside ELAN's schema: in HEADER's PROPERTY elements. Internal to the ELAN files.
#pragma once

namespace kino::elan {

/** Nanoseconds added to the recording's clock. */
inline constexpr const char *kShiftProperty = "kinoscope:shift_ns";
/** By how much ELAN's seconds, its video's, are longer than the recording's. */
inline constexpr const char *kDriftProperty = "kinoscope:drift_ppm";
/** Followed by the name of a tier that holds what overlaps in another, which is the value. */
inline constexpr const char *kPartPrefix = "kinoscope:part_of:";
/** Linguistic types of tiers without a vocabulary. */
inline constexpr const char *kLabelType = "kinoscope-label";
inline constexpr const char *kTextType = "kinoscope-text";
/** Of those with one; the vocabulary's name follows. */
inline constexpr const char *kVocabularyTypePrefix = "kinoscope-label: ";
/** What ELAN calls the language of vocabularies that say none. */
inline constexpr const char *kLanguage = "und";

} // namespace kino::elan
