// Windows of recordings by rule: which are kept, which are dropped and why, and how many there are of what. What is
// drawn on a timeline and what a model is trained on is this list. Deterministic: equal recordings and rules give equal
// lists.
//
// A source is one device (or several joined) with all asked channels. Its grid of samples begins when all of them exist
// (or with the video) and has the rule's rate; every window begins on a sample of that grid, the k-th of a grid of
// windows at sample round(k * stride * rate), so that overlapping windows share their samples and no error adds up. A
// window covers [start, start + N / rate); it is kept when all channels have a value at each of its N samples (no gap,
// no missing value), and when the label policy gives it a label. Where annotations overlap the one that started last
// counts, as in agreement.h. All functions are pure; any thread.
#pragma once

#include "core/data/windows/channel_coverage.h"
#include "core/signal/resample.h"

#include <array>
#include <span>

namespace kino {

enum class WindowFate {
    kept,
    gap, // a hole between samples of a channel that goes on afterwards
    missingChannel, // a channel has not begun or has ended, others go on
    missingValues, // samples without a number
    beyondEnd, // reaches over the end of all channels
    tooShort, // the whole source is shorter than a window
    border, // around an annotation, over the recording's begin or end
    notWhole, // around an annotation: flooring to whole seconds changed its length
    noLabel, // too little of it is labelled
    mixedLabel, // labelled, but with no one label enough
    leftOutLabel, // of a label that the rule leaves out
    excluded // named in the rule's list
};
inline constexpr std::size_t kWindowFates = 12;
/** "kept", "gap", "missing-channel", "missing-values", "beyond-end", "too-short", "border", "not-whole", "no-label", …
 */
std::string_view windowFateName(WindowFate fate);

/** One continuous stretch of one label, as the rule calls it: neighbours of one name that touch are one. */
struct Bout {
    std::size_t label = 0; // in RecordingWindows::labels
    RecordingTime start;
    RecordingTime end;
    friend bool operator==(const Bout &, const Bout &) = default;
};

struct Window {
    RecordingTime start;
    /** On its source's grid. */
    std::int64_t firstSample = 0;
    std::uint32_t source = 0;
    std::int32_t label = -1; // in RecordingWindows::labels; -1: none
    std::int32_t bout = -1; // in RecordingWindows::bouts: that of its label with most of the window; -1: none
    /** Share of the window that its label covers; of a dropped one, that of the label that covers most. */
    float share = 0;
    WindowFate fate = WindowFate::kept;
    friend bool operator==(const Window &, const Window &) = default;
};

struct WindowSource {
    std::vector<std::string> devices;
    /** samples: up to the last instant at which any channel exists. */
    SampleGrid grid;
    friend bool operator==(const WindowSource &, const WindowSource &) = default;
};

struct RecordingWindows {
    std::string recording;
    std::string subject;
    Nanos lengthNs = 0;
    std::size_t samplesPerWindow = 0;
    std::vector<WindowSource> sources;
    /** Names after the rule's map, bytewise sorted. */
    std::vector<std::string> labels;
    /** Names in the rule's map that the tier has: an entry that no recording has is a slip of the pen. */
    std::vector<std::string> mappedLabels;
    std::vector<Bout> bouts; // by start
    /** By source, then start; kept and dropped. */
    std::vector<Window> windows;
    /** Why devices give none, or why there are no labels. */
    std::vector<std::string> refusals;

    std::size_t kept() const;
};

/**
 * Throws Error for a rule with problemsOf(), for a tier that is not named where there are several, for an origin
 * without video, for over five million windows. A recording without what the rule asks for gives no windows and a
 * refusal.
 */
RecordingWindows cutWindows(const Recording &recording, const ChannelCoverage &coverage, const WindowRule &rule);
RecordingWindows cutWindows(const Recording &recording, const WindowRule &rule, const CancelToken &cancel = {});

struct ClassCount {
    std::string label; // "" for windows that are kept without one
    std::string subject;
    std::size_t windows = 0;
    /** Different bouts with at least one kept window, however many devices saw them. */
    std::size_t bouts = 0;
    /** Covered by its kept windows, overlap counted once, added up over sources. */
    double seconds = 0;
};

struct FateCount {
    std::size_t windows = 0;
    /** Covered by such windows and by no kept one, added up over sources. */
    double seconds = 0;
};

struct WindowCounts {
    /** By label, then subject, bytewise. */
    std::vector<ClassCount> classes;
    /** By WindowFate; of `kept` the seconds used. */
    std::array<FateCount, kWindowFates> fates;
};
WindowCounts countWindows(std::span<const RecordingWindows> recordings);

} // namespace kino
