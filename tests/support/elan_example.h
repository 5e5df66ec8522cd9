// An .eaf as ELAN itself writes it. In a file of its own: moc takes the slashes of a URL in a raw string for a comment.
#pragma once

#include <string_view>

namespace kino::test {

/**
 * Four tiers: "part", a time subdivision of "phrase" whose open borders stand among those of "other"; "phrase";
 * "other"; "word", a symbolic subdivision of "phrase" out of order. Two media, the second with a TIME_ORIGIN of 2500
 * ms.
 */
std::string_view elanExample();

/**
 * EAF 3.0 with vocabularies in English and German: "hand" says its language (deu), "gaze" says none and has German values,
 * "free" has none of the vocabulary's. The German of "drop" is missing, that of "take" and "grasp" is the same.
 */
std::string_view elanLanguagesExample();
/** EAF 2.6: vocabularies in one language, entries with descriptions; "posture" has one, "notes" none. */
std::string_view elanOldVocabularyExample();

} // namespace kino::test
