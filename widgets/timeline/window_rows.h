// The windows that a rule cuts from one recording, made ready to be drawn, pointed at and explained: one row a source.
// Immutable once built; any thread.
#pragma once

#include "core/data/windows/window_set.h"
#include "widgets/timeline/time_axis.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace kino {

/** Neighbouring windows of one fate and label. */
struct WindowRun {
    std::size_t first = 0; // places in RecordingWindows::windows
    std::size_t last = 0;  // half-open
    std::int32_t label = -1;
    bool isKept = false;
};

/** The windows of one device, or of several that are joined. */
struct WindowSourceRow {
    QString title;
    std::size_t first = 0; // places in RecordingWindows::windows
    std::size_t last = 0;
    std::size_t kept = 0;
    std::vector<WindowRun> runs;
    /** Overlapping windows lie in turn in so many rows: 1 to 3. */
    int subRows = 1;
};

struct WindowRows {
    std::shared_ptr<const RecordingWindows> windows;
    std::shared_ptr<const ChannelCoverage> coverage;
    WindowRule rule;
    QStringList labels; // as in RecordingWindows
    std::vector<WindowSourceRow> sources;
    /** By source and stream of it, as people call it: "Accelerometer". */
    std::vector<QStringList> streamTitles;

    TimeRange rangeOf(std::size_t window) const;
    /** Places [first, last) of the source's windows that may touch the range. */
    std::pair<std::size_t, std::size_t> touching(std::size_t source, TimeRange range) const;
    int subRowOf(std::size_t source, std::size_t window) const;
    /** The last begun one that holds at this time; with a sub row the one that is drawn in it. */
    std::optional<std::size_t> windowAt(std::size_t source, RecordingTime time, std::optional<int> subRow = std::nullopt) const;
    /** "Kept: WALKING, 83 % of it", or "Dropped: " and why, in two or three lines. */
    QString tipOf(std::size_t window) const;
};

std::shared_ptr<const WindowRows> buildWindowRows(const Recording &recording, WindowRule rule, std::shared_ptr<const ChannelCoverage> coverage,
                                                  std::shared_ptr<const RecordingWindows> windows);

/** What became of a window, as a list says it: "gap in a channel", "no label". */
QString windowFateText(WindowFate fate);

} // namespace kino
