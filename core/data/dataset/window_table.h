// The table of windows that a run keeps: which windows of which recordings, with which label, in which part. Labels may
// be mended later without changing what a run was. Values; any thread.
#pragma once

#include "core/data/windows/window_set.h"
#include "core/data/windows/window_split.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kino {

struct TableRecording {
    std::string name;
    std::string subject; // empty where unknown
    std::vector<WindowSource> sources;
    friend bool operator==(const TableRecording &, const TableRecording &) = default;
};

struct WindowRow {
    std::uint32_t recording = 0; // in WindowTable::recordings
    std::uint32_t source = 0; // in TableRecording::sources
    RecordingTime start;
    /** On its source's grid. */
    std::int64_t firstSample = 0;
    std::int32_t label = -1; // in WindowTable::classes; -1: none
    /** Unique over all recordings; -1: none. Devices that saw the same bout share it. */
    std::int32_t bout = -1;
    SplitPart part = SplitPart::train;
    friend bool operator==(const WindowRow &, const WindowRow &) = default;
};

struct WindowTable {
    std::vector<TableRecording> recordings;
    /** Labels that a row has, in bytewise order. */
    std::vector<std::string> classes;
    /** By recording, source, start. At most 2^32 of them. */
    std::vector<WindowRow> rows;
    /** What a window covers, half-open. */
    Nanos lengthNs = 0;
    std::size_t samplesPerWindow = 0;

    const TableRecording &recordingOf(const WindowRow &row) const { return recordings[row.recording]; }
    /** "" for no label. */
    std::string_view labelOf(const WindowRow &row) const;
    /** "phone"; "phone+watch" where devices are joined. */
    std::string deviceOf(const WindowRow &row) const;
    /** Places in `rows`, ascending. */
    std::vector<std::uint32_t> rowsOf(SplitPart part) const;
    friend bool operator==(const WindowTable &, const WindowTable &) = default;
};

/**
 * The kept windows of recordings that were all cut by one rule. The rule splits by subject or by recording name; a rule that
 * takes its windows from a file is tableFromLines()'s. Throws Error as assignSplit() does.
 */
WindowTable makeWindowTable(std::span<const RecordingWindows> recordings, const SplitRule &split, std::uint64_t seed);

/** A row of windows.csv. */
struct WindowLine {
    std::string recording;
    Nanos startNs = 0;
    std::string label; // "" for none
    std::string subject;
    SplitPart part = SplitPart::train;
    /** "" where the file does not say. */
    std::string device;
    std::int32_t bout = -1;
    friend bool operator==(const WindowLine &, const WindowLine &) = default;
};

std::vector<WindowLine> linesOf(const WindowTable &table);
/** CSV as RFC 4180 quotes it: recording,start_ns,label,subject,split,device,bout. Write, then rename. */
void writeWindowTable(const std::filesystem::path &path, const WindowTable &table);
std::string windowTableText(const WindowTable &table);
/**
 * Columns in any order; recording, start_ns and split must be there, others may be missing or more. Throws Error with the
 * line of the first mistake.
 */
std::vector<WindowLine> readWindowTable(const std::filesystem::path &path);

/**
 * The windows that a file names, with its labels and parts: "re-run exactly". `coverages` are those of `recordings`, in the same
 * order. A window begins on the sample nearest to its time. Throws Error naming the window whose recording or device is
 * not there, that has no device where there are several, that lies over half a sample beside the grid, in a gap or outside
 * the recording, or that is named twice.
 */
WindowTable tableFromLines(std::span<const RecordingWindows> recordings, std::span<const ChannelCoverage> coverages,
                           std::span<const WindowLine> lines);

struct TableCount {
    std::string label; // "" for windows without one
    std::string subject;
    SplitPart part = SplitPart::train;
    std::size_t windows = 0;
    /** Different bouts with at least one window, however many devices saw them. */
    std::size_t bouts = 0;
    /** Overlap counted once, added up over sources. */
    double seconds = 0;
};
/** By label, then subject, bytewise, then part. */
std::vector<TableCount> countWindowTable(const WindowTable &table);

/** Covered by windows, overlap counted once, added up over sources. */
double coveredSeconds(const WindowTable &table);

/** Classes that validate or test and have no window in training, bytewise. */
std::vector<std::string> classesMissingInTraining(const WindowTable &table);
/** Throws Error where there are such classes, or where nothing trains: what a classifier cannot learn it cannot be tested on. */
void requireTrainableClasses(const WindowTable &table);

} // namespace kino
