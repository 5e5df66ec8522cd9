// An import profile: everything the program must be told to read one text format, as data. docs/profiles.md is the
// guide for people; this header is the same in types. A profile is immutable once parsed.
#pragma once

#include "core/data/annotation.h"
#include "core/data/profile/name_pattern.h"
#include "core/data/table/layout.h"
#include "core/data/table/units.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace kino {

/** A column by its name in the header, or by its position counted from 1. */
struct ColumnRef {
    std::string name;
    std::size_t position = 0;

    std::string text() const { return position ? std::to_string(position) : "'" + name + "'"; }
};

/** Rows whose field has one of these values (compared as numbers where both are). */
struct RowFilter {
    ColumnRef column;
    std::vector<std::string> values; // may hold {captures}
};

struct TableSpec {
    TableLayout layout;
    std::vector<std::string> missing;
};

/** How numbers in a time column become nanoseconds. */
struct TimeUnit {
    enum class Form { decimal, samples, wall };
    Form form = Form::decimal;
    int exponent = 9;    // decimal: nanoseconds = value · 10^exponent
    double rateHz = 0;   // samples: ticks a second
    std::string pattern; // wall: empty is ISO 8601
};

enum class TimeEpoch {
    relative, // counts from anywhere; all relative files of a recording share one clock
    unixTime, // since 1970 UTC
    anchored  // relative, but one instant of it has a known wall clock
};

struct TimeSpec {
    std::optional<ColumnRef> column; // none: row i is at i / unit.rateHz
    TimeUnit unit;
    TimeEpoch epoch = TimeEpoch::relative;
    std::string anchorWall; // anchored: template of the wall clock …
    TimeUnit anchorWallUnit;
    std::string anchorOwn; // … and of the same instant in the column's unit; empty: 0
    std::string anchorUntil; // template of the run's end in the column's unit; empty: not said
    Nanos utcOffsetNs = 0; // of wall times that name no zone
    bool utcOffsetKnown = false;
    std::int64_t wrapsAt = 0; // samples: the counter starts again from 0 here; 0: never
};

struct AxisSpec {
    std::string axis;
    std::vector<ColumnRef> columns; // more than one: their sum
    double scale = 1;               // value in the stream's unit = number in the file · scale + offset
    double offset = 0;
};

struct StreamSpec {
    StreamKind kind = StreamKind::other;
    std::string variant;
    std::vector<AxisSpec> axes;
    std::string unit; // as the profile says it
    UnitConversion conversion;
    std::string device;               // template; empty: the file's
    std::vector<std::string> devices; // only for these devices; empty: all
    std::vector<RowFilter> where;
    bool isOptional = false;
    double fullScale = 0; // in the stream's unit
};

/** Rows of several devices in one table, told apart by a column. */
struct SplitSpec {
    ColumnRef column;
    std::map<std::string, std::string> names; // value -> device
    std::optional<NamePattern> headerLine;    // a header line that says {id} and {name}
};

struct LabelSpec {
    std::optional<ColumnRef> column; // none: `text` for the whole file
    std::string text;                // template
    std::string tier = "activity";
    TierKind kind = TierKind::label;
    std::map<std::string, std::string> names;
    std::vector<std::string> ignore; // values that mean "no label"
};

struct FileSpec {
    std::optional<NamePattern> match;
    std::map<std::string, std::string> when; // capture -> value it must have
    TableSpec table;
    TimeSpec time;
    std::string device; // template
    std::vector<StreamSpec> streams;
    std::vector<LabelSpec> labels;
    std::optional<SplitSpec> split;
    /** Files that are one table cut in pieces, in the order of this capture. */
    std::string partCapture;
    std::size_t partRows = 0; // rows of a whole piece; 0: unknown, a missing piece then leaves no gap
    bool isOptional = false;  // the group is complete without it
};

/** Values taken from a file beside the tables (metadata), to be used like captures. */
struct LookupSpec {
    std::vector<std::string> files; // templates, the first that exists is taken
    bool isJson = false;
    TableSpec table;
    std::vector<RowFilter> rows;             // csv: rows that fit
    bool takesLast = false;                  // the last of them, not the first
    std::map<std::string, ColumnRef> values; // name -> column, or key path in JSON
};

struct AnnotationSpec {
    enum class Clock { own, recording, unixTime };
    std::vector<std::string> files;
    bool isJson = false;
    std::vector<std::string> items; // JSON: where the list lies, alternatives
    TableSpec table;
    std::vector<RowFilter> rows;
    std::string tier = "activity";
    std::optional<ColumnRef> tierColumn; // the tier's name stands in the row
    TierKind kind = TierKind::label;
    std::optional<ColumnRef> label;
    std::string text; // label for every row where there is no column
    std::map<std::string, std::string> names;
    std::vector<std::string> ignore;
    ColumnRef start;
    std::optional<ColumnRef> end;
    std::optional<ColumnRef> duration;
    bool untilNext = false;
    TimeUnit unit;
    Clock clock = Clock::own;
    Nanos utcOffsetNs = 0;
    std::string zero; // template: what 0 of the column is on the own clock
    TimeUnit zeroUnit;
    double firstSample = 0;
    bool endInclusive = false;
    bool isRequired = false;
};

struct VideoSpec {
    std::string name;
    // A container beside the table.
    std::vector<std::string> files;
    // Or images named by a pattern, with times by number, by row or at a rate.
    std::optional<NamePattern> images;
    std::string number; // the capture that counts the frames
    std::vector<std::string> timesFiles;
    ColumnRef timesColumn;
    std::int64_t timesFirst = 1; // the number of the first line's frame
    bool timesOfRows = false;
    double rateHz = 0;
    // Or images listed in a table.
    std::vector<std::string> listFiles;
    ColumnRef listImage;
    std::string listFolder;
    TableSpec table; // of the times or the list
    TimeUnit unit;
    bool isRequired = false;
};

struct ImportProfile {
    std::string name;
    std::string title;
    std::string about;
    std::vector<std::string> notes; // told in every import report
    std::vector<std::string> assumed; // the same as warnings: what nobody has confirmed yet
    std::string recording;          // template of the name; its captures tell recordings apart. Empty: one kind of file
    std::string subject;            // template
    std::map<std::string, std::map<std::string, std::string>> names; // capture -> value -> what to say instead
    std::vector<LookupSpec> lookups;
    std::vector<FileSpec> files;
    std::vector<AnnotationSpec> annotations;
    std::vector<VideoSpec> videos;
    bool builtIn = true;
    nlohmann::json source; // as it was parsed

    /** The captures that tell its recordings apart. */
    std::vector<std::string> keyCaptures() const;
    std::vector<std::string> extensions() const;
};

/** Every mistake at once, each as "files[0].time.unit: what is wrong, what is allowed"; empty where there is none. */
std::vector<std::string> profileMistakes(const nlohmann::json &json);

/** Throws Error holding all mistakes, one a line. `origin` is named in it. */
ImportProfile parseProfile(const nlohmann::json &json, const std::filesystem::path &origin = {});

} // namespace kino
