// Where the rows of the timeline lie: ruler on top, lanes and tiers that scroll, overview strip below. Logical pixels.
#pragma once

#include <QRect>
#include <QSize>

#include <optional>
#include <vector>

namespace kino {

/** A footage row says where there is film; a fold row opens and closes the lanes that are folded away. */
enum class TimelineRowKind { footage, lane, fold, tier, windows };

struct TimelineRow {
    TimelineRowKind kind = TimelineRowKind::lane;
    std::size_t index = 0;
    QRect rect; // across the widget's whole width
};

struct TimelineLayout {
    static constexpr int kHeaderWidth = 168;
    static constexpr int kRightMargin = 12; // holds the scroll bar too
    static constexpr int kRulerHeight = 28;
    static constexpr int kTierHeight = 36;
    static constexpr int kWindowsHeight = 48;
    /** Of each where windows come from many sources. */
    static constexpr int kLowWindowsHeight = 24;
    static constexpr std::size_t kMostHighWindows = 3;
    static constexpr int kOverviewHeight = 52;
    static constexpr int kFootageHeight = 26;
    static constexpr int kFoldHeight = 28;
    static constexpr int kLegendHeight = 24;
    /** A lane of several axes is read closely; one of a single value (temperature, exposure) is glanced at. */
    static constexpr int kLeastLaneHeight = 84;
    static constexpr int kMostLaneHeight = 260;
    /** Where all lanes are in sight together at this height, none has to be scrolled to. */
    static constexpr int kSqueezedLaneHeight = 44;
    static constexpr int kSqueezedSlimHeight = 36;
    static constexpr int kLeastSlimHeight = 60;
    static constexpr int kMostSlimHeight = 84;
    /** Sound gives way to signals: its peaks are seen in a strip, too. */
    static constexpr int kLeastStripHeight = 32;
    static constexpr int kMostStripHeight = 60;

    QRect ruler;
    QRect middle; // all between ruler and overview: where playhead and selection run
    QRect body;   // of the rows that scroll: the lanes, and tiers where there are very many
    QRect overview;
    QRect legend; // below the overview; empty where there is nothing to explain
    std::vector<TimelineRow> rows;
    int contentHeight = 0; // of the rows that scroll; more than body.height() does
    int rowsBottom = 0; // of the last row in sight
    int plotLeft = 0;
    int plotWidth = 0;

    QRect plotOf(const QRect &row) const { return {plotLeft, row.top(), plotWidth, row.height()}; }
};

enum class LaneHeight { full, slim, strip };

struct TimelineRowsWanted {
    bool footage = false;
    std::vector<LaneHeight> lanes;
    /** Before which lane the fold row stands (lanes.size(): after all); nothing without one. */
    std::optional<std::size_t> foldAt;
    std::size_t tiers = 0;
    /** Sources of windows; their rows lie below the tiers. */
    std::size_t windows = 0;
    bool legend = false;
};

/**
 * Lanes share the height that the other rows leave, between their least and most height; where that would not be enough but all are
 * seen at once when they are squeezed, they are. Tiers stay in sight below them
 * while lanes scroll, as long as they take no more than half the room.
 */
TimelineLayout computeTimelineLayout(QSize size, const TimelineRowsWanted &wanted, int scroll);

} // namespace kino
