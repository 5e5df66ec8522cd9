// The list of a project's recordings as a library shows it: one row each, from one query, and its search. Values.
#pragma once

#include "core/data/quality_badges.h"
#include "core/store/recording_entry.h"

#include <string>
#include <string_view>
#include <vector>

namespace kino {

/** A tier of free texts as labels has more than anybody would choose from. */
inline constexpr std::size_t kMostRowLabels = 41;
inline constexpr std::size_t kMostRowTexts = 64;

struct LibraryRow {
    RecordingId id = 0;
    std::string name;
    std::string path;
    std::string format;
    std::string subject; // empty where unknown
    std::optional<Nanos> epochNs;
    RecordingTime start;
    RecordingTime end;
    /** What samples and videos span. */
    Nanos durationNs() const { return end - start; }
    Nanos importedAtNs = 0; // since 1970 UTC
    std::vector<std::string> tags; // sorted
    std::vector<std::string> kinds; // of streams, sorted, each once: "accelerometer", …
    std::vector<std::string> deviceNames; // in their order
    /** Of tiers of labels, sorted, each once; at most kMostRowLabels of them. */
    std::vector<std::string> labels;
    /** Of tiers of texts, each once, cut at 200 characters; at most kMostRowTexts of them. For searches. */
    std::vector<std::string> texts;
    std::string profile; // by which it was imported, as in ImportSource
    std::size_t devices = 0;
    std::size_t videos = 0;
    std::size_t tiers = 0;
    std::size_t annotations = 0;
    std::vector<QualityBadge> badges;
    /** The first warnings and errors of the import report. */
    std::vector<std::string> reportMessages;
    std::size_t reportWarnings = 0;
    /** False until Project::renewBadges() has looked at it with this program's version. */
    bool areBadgesCurrent = false;
};

/**
 * A search as a person types it: words, all of which must be in the recording's name, subject, tags, path, format,
 * kinds, or badges, in any case of letters (Latin, Greek, Cyrillic). `subject:`, `tag:`, `kind:`, `format:`, `badge:`,
 * `name:`, `path:` look in that only; a word with a leading "-" must not be there; "quoted words" stay together. Any
 * text is a search: nothing here is an error.
 */
class LibraryFilter {
public:
    explicit LibraryFilter(std::string_view text);
    bool matches(const LibraryRow &row) const;
    bool isEmpty() const { return m_terms.empty(); }

private:
    struct Term {
        std::string field; // empty: anywhere
        std::string word; // folded
        bool isExcluded = false;
    };
    std::vector<Term> m_terms;
};

/** "a2" before "a10": numbers by their size, all else by its bytes. */
bool naturalLess(std::string_view a, std::string_view b);

/** Without difference of case for Latin, Greek and Cyrillic letters; other bytes stay. */
std::string foldedCase(std::string_view utf8);

} // namespace kino
