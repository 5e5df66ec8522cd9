// Whether what is tested on was trained on: shared subjects, overlapping windows, copies of recordings, devices worn together.
// Any thread.
#pragma once

#include "core/data/dataset/content_sketch.h"
#include "core/data/dataset/window_table.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace kino {

/** What is known of a recording beside its windows; in the order of WindowTable::recordings. */
struct RecordingTrace {
    ContentSketch content;
    /** When it was taken, nanoseconds since 1970, both ends; nothing where it does not say. */
    std::optional<std::pair<Nanos, Nanos>> wallClockNs;
};

struct RecordingPair {
    std::string first, second;
    /** "train", "test", or "train+test" where windows of one recording are in both. */
    std::string firstParts, secondParts;
    /** That both hold, of copies; that both last together, of simultaneous recordings. */
    double seconds = 0;
};

struct LeakageVerdict {
    /** With windows in more than one part, bytewise. */
    std::vector<std::string> sharedSubjects;
    /** Validation and test windows that share an instant of a recording with a training window, on whatever device, and test windows
       that do so with a validation window. */
    std::size_t overlappingWindows = 0;
    /** Recordings in different parts that hold the same samples for a stretch, whatever their names, times and digits. */
    std::vector<RecordingPair> identicalRecordings;
    /** Of one subject (or of unknown ones) at the same time, in different parts. */
    std::vector<RecordingPair> simultaneousRecordings;
    std::vector<std::string> pretrainedOnTestSubjects;
    /** No leakage, but worth knowing: copies within one part count double. */
    std::vector<RecordingPair> copiesWithinParts;
    /** Recordings with windows whose subject is not known: nothing can be said of them by subject. */
    std::size_t recordingsWithoutSubject = 0;

    bool isClean() const;
};

/**
 * `traces` by recording; empty where nothing is known. `pretrainedOn`: subjects of the runs that the starting weights come from.
 * Subjects are shared between any two of train, validation and test.
 */
LeakageVerdict judgeLeakage(const WindowTable &table, std::span<const RecordingTrace> traces,
                            const std::vector<std::string> &pretrainedOn = {});

/** cli.md's keys (shared_subjects, overlapping_windows, identical_recordings, pretrained_on_test_subjects) and the others. */
nlohmann::ordered_json leakageJson(const LeakageVerdict &verdict);
/** A sentence for each finding, what is harmless last; of a clean verdict one that says so. */
std::vector<std::string> leakageSentences(const LeakageVerdict &verdict);
/** What stops a run, and what to do about it. Throws Error unless the verdict is clean. */
void requireNoLeakage(const LeakageVerdict &verdict);

} // namespace kino
