// What became of a run's windows: its table beside the one that would be cut today. Values; any thread.
#pragma once

#include "core/data/dataset/window_table.h"

#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct WindowDifference {
    /** One window before and today: another label, or the same in another part. */
    struct Changed {
        WindowLine before, after;
    };
    /** Windows of one class or one recording. */
    struct Count {
        std::size_t added = 0;
        std::size_t removed = 0;
        /** Of a class: relabelled from others to it; of a recording: all that were relabelled. */
        std::size_t relabelledTo = 0;
        std::size_t relabelledFrom = 0; // of a class
        std::size_t moved = 0;          // to another part
        friend bool operator==(const Count &, const Count &) = default;
    };

    std::vector<WindowLine> added, removed;
    std::vector<Changed> relabelled, moved;
    std::size_t unchanged = 0;
    /** By SplitPart. */
    std::array<std::size_t, 3> before{}, after{};
    /** Those of which anything changed; "" for windows without a label. */
    std::map<std::string, Count> byClass, byRecording;

    bool isEmpty() const { return added.empty() && removed.empty() && relabelled.empty() && moved.empty(); }
};

/**
 * A window is the same where recording, device and begin are. One that is relabelled counts as that wherever it went. Lists are in the
 * order of recording, device and begin.
 */
WindowDifference compareWindows(std::span<const WindowLine> before, std::span<const WindowLine> after);

/** "12 windows added, 3 removed, 5 relabelled, 2 in another part; 1,204 as they were"; one for no difference. */
std::string differenceSentence(const WindowDifference &difference);

} // namespace kino
