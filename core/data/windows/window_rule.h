// How windows are cut from recordings: lengths, places, labels. A value; what it means is window_set.h's.
//
// methods.md's conventions as rules (sources there):
//  - IMG2IMU §1.2: windows are counted in samples: seconds = samples / rateHz.
//  - IMU2CLIP §3.3 without text, PRIMUS pretraining without text: placement grid, 5 s, stride 5 s, labels none.
//  - PRIMUS §2.5, IMU2CLIP §3.3 with text ("window_sec" 2.5 is a half-width): placement around, 5 s, anchor start, the
//    border rule inside with margin 5 s, wholeSeconds, origin video; bad_imu lists are `excluded`.
//  - §3.6, few-shot tables that come with their windows: placement fixed.
//  - SimCLR for HAR §5.2, multi-task §5.3: 400 samples every 200 at 50 Hz: 8 s, stride 4 s, accelerometer only.
//  - What is usual for labelled activities: grid, majority with a minimum share of the whole window.
#pragma once

#include "core/data/recording.h"

#include <map>
#include <string>
#include <vector>

namespace kino {

enum class WindowPlacement {
    /** Every stride from the grid's origin on. */
    grid,
    /** One for each annotation of the label tier. */
    around,
    /** Those that are given. */
    fixed
};

/** Where the grid of whole samples, strides and whole seconds begins. */
enum class WindowOrigin {
    /** The first instant at which all asked channels exist (design.md §2). */
    channels,
    /** The first frame of the first video, as methods do whose times are the video's; without video an error. */
    video
};

enum class LabelPolicy {
    /** Windows need no label and have none. */
    none,
    /** The label that covers most of the window, if that is at least `minimumShare` of all of it; of two equal ones
       none. */
    majority,
    /** The label that covers all of it. */
    full,
    /** The label at the window's middle, however short. */
    centre,
    /** Placement around only: the label or text of the annotation that the window was cut around. */
    annotation
};

/** What becomes of a window that its policy gives no label. */
enum class UnlabelledWindows { drop, keep };

/** Which instant of an annotation a window is laid around; instants are their own start and end. */
enum class AnnotationAnchor { start, centre, end };

/** What becomes of a window around an annotation that would reach over the recording's begin or end. */
enum class BorderRule {
    drop,
    /** Within `borderMargin` of either end it becomes the first or last window, as PRIMUS and IMU2CLIP do. */
    inside
};

struct AroundRule {
    AnnotationAnchor anchor = AnnotationAnchor::centre;
    BorderRule border = BorderRule::drop;
    /** An anchor at most so far after the begin, or at least so near the end, counts as at the border. Seconds. */
    double borderMarginSeconds = 0;
    /** Both ends are floored to whole seconds from the origin; a window whose length changes thereby is dropped. */
    bool wholeSeconds = false;
    friend bool operator==(const AroundRule &, const AroundRule &) = default;
};

/** A window by name of its recording and its begin. */
struct NamedWindow {
    std::string recording;
    RecordingTime start;
    friend auto operator<=>(const NamedWindow &, const NamedWindow &) = default;
};

struct WindowRule {
    /** Empty: every device that has all channels, each giving windows of its own. */
    std::vector<std::string> devices;
    /** The named devices' channels are stacked, in their order, into windows of one source. */
    bool joined = false;
    std::vector<StreamKind> channels{StreamKind::accelerometer, StreamKind::gyroscope};

    double seconds = 2.5;
    double strideSeconds = 1.25;
    double rateHz = 50;

    WindowPlacement placement = WindowPlacement::grid;
    WindowOrigin origin = WindowOrigin::channels;
    AroundRule around;
    std::vector<NamedWindow> fixed;
    std::vector<NamedWindow> excluded;

    LabelPolicy policy = LabelPolicy::majority;
    double minimumShare = 0.5;
    UnlabelledWindows unlabelled = UnlabelledWindows::drop;
    /** Empty: the recording's only tier of labels (around: its only tier). */
    std::string tier;
    /** What a label is called; nothing drops windows of that label. What is not in it keeps its name. */
    std::map<std::string, std::optional<std::string>> labels;

    /** N = round(seconds * rateHz). */
    std::size_t samples() const;
    /** N / rateHz in nanoseconds: what a window covers, half-open. */
    Nanos lengthNs() const;
    friend bool operator==(const WindowRule &, const WindowRule &) = default;
};

/** Everything that is wrong with a rule, a sentence each with the option's name first; empty where it is sound. */
std::vector<std::string> problemsOf(const WindowRule &rule);

} // namespace kino
