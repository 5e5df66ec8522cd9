// Sharp moments that a device and a video may both have noticed: claps, taps, landings. Suggestions to snap to, not
// facts.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/recording.h"

#include <string_view>
#include <vector>

namespace kino {

enum class EventKind {
    sound, // a sudden loud noise: a clap, a tap, a slammed door
    shock, // a sudden acceleration
    landing // a shock after free fall: the end of a jump, or of a fall
};

/** "sound", "shock", "landing". */
std::string_view eventKindName(EventKind kind);

struct MotionEvent {
    /** On the own clock of its device or video. */
    Nanos ownNs = 0;
    EventKind kind = EventKind::shock;
    /** By how much it stands out, decibels: of sound over the noise, of acceleration over the seconds around it. */
    double strengthDb = 0;
    friend bool operator==(const MotionEvent &, const MotionEvent &) = default;
};

enum class EventSelection {
    /** Those that stand out among the sharp peaks of the recording: few. */
    outstanding,
    /** Every sharp peak: each step of a walk, too. */
    all
};

/**
 * Sharp peaks of acceleration, ascending. The samples (gaps stay gaps) are resampled evenly, what is slower than 5 Hz
 * is taken off, and the magnitude m of the rest is looked at. A peak is the greatest m within 0.15 s on either side,
 * over six times the noise, sigma = median(m) / 1.538 (the median of three normal axes' magnitude; after Quiroga,
 * Nadasdy and Ben-Shaul 2004, eq. 3.1, who use median / 0.6745 for one), and over twice the median of m in the second
 * around it. Its strength is m over that median. Outstanding are landings (free fall under 4 m/s² for 0.15 to 1.2 s
 * just before) and outliers among all peaks: a modified z-score of the strength over 3.5 (Iglewicz and Hoaglin 1993);
 * of fewer than ten peaks, all. The time is that of a parabola through the three samples around the peak, to a tenth of
 * a sample or so. Nothing for streams below 20 Hz, of other than three axes or without samples. Throws Cancelled.
 */
std::vector<MotionEvent> findShocks(const ImuStream &accelerometer,
                                    EventSelection selection = EventSelection::outstanding,
                                    const CancelToken &cancel = {});

/**
 * Sudden noises of a video's sound, ascending, on its own clock; nothing where it has none. What is lower than 500 Hz
 * is taken off (wind, steps' thump). A peak is the loudest sample within 0.1 s on either side, over ten times the
 * noise, sigma = median(|x|) / 0.6745 (Quiroga et al. 2004) of the minute around it, and four times as loud as the 25
 * ms that end 5 ms before it: it begins suddenly. Its strength is its height over sigma. Outstanding as above. The time
 * is the loudest sample's; at 8 kHz and more its fraction does not matter. Memory does not grow with the length but by
 * the peaks. Throws Error where the sound cannot be read, Cancelled.
 */
std::vector<MotionEvent> findSounds(const VideoTrack &video, EventSelection selection = EventSelection::outstanding,
                                    const CancelToken &cancel = {}, const Progress &progress = {});

} // namespace kino
