// A profile of one kind of text file as a person edits it: how the text is cut, where the time comes from, and what each
// column is. What the import dialog shows and changes; profileOf() makes the JSON that is imported with and saved.
#pragma once

#include "core/data/profile/import_profile.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kino {

enum class ColumnUse { ignored, time, sensor, label };

struct ColumnDraft {
    std::string name; // from the header; empty without one
    ColumnUse use = ColumnUse::ignored;
    // Of a sensor: value in `unit` = number in the file · scale + offset.
    StreamKind kind = StreamKind::other;
    std::string variant;
    std::string axis;
    std::string device; // empty: the draft's
    std::string unit;
    double scale = 1;
    double offset = 0;

    /** Columns of one sensor share kind, variant and device. */
    bool isSameSensor(const ColumnDraft &other) const;
};

struct TimeDraft {
    std::string unit = "s"; // of the time column: "s", "ms", "us", "ns", "samples", "iso8601" or a pattern
    bool isUnix = false;    // counts since 1970 UTC
    double rateHz = 100;    // without a time column, and of "samples"
    std::string utcOffset;  // "+09:00"; empty where the file says it or nobody knows
};

struct ProfileDraft {
    std::string name = "guess";
    std::string title;
    std::string about;
    std::string match = "*";
    std::string device;
    std::string subject; // template
    std::string tier = "activity"; // of the label column
    TableLayout layout;
    std::vector<std::string> missing;
    TimeDraft time;
    std::vector<ColumnDraft> columns;

    std::optional<std::size_t> timeColumn() const;
};

/**
 * Nothing where the profile says more than a draft can hold (several kinds of file, sidecars, splits, filters, …). The
 * columns are those of a header with these names, at least `width` many.
 */
std::optional<ProfileDraft> draftOf(const ImportProfile &profile, std::span<const std::string> names, std::size_t width);

/** What parseProfile() takes; check draftMistakes() first. */
nlohmann::json profileOf(const ProfileDraft &draft);

/** Every mistake as a sentence for people; empty where it can be imported with. */
std::vector<std::string> draftMistakes(const ProfileDraft &draft);

/** A pattern for files like this one: any name where the header tells the format, else the name with digits left open. */
std::string suggestedMatch(const std::filesystem::path &path, const ProfileDraft &draft);
/** A name that a profile may have, made from the file's. */
std::string suggestedProfileName(const std::filesystem::path &path);

/** The axes that a kind usually has, the first the most usual: {"x", "y", "z"}. */
std::vector<std::string> usualAxes(StreamKind kind);

} // namespace kino
