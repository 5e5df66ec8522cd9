// Where the rows of the timeline lie: ruler on top, lanes and tiers that scroll, overview strip below. Logical pixels.
#pragma once

#include <QRect>
#include <QSize>

#include <vector>

namespace kino {

enum class TimelineRowKind { lane, tier };

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
    static constexpr int kOverviewHeight = 52;
    static constexpr int kLeastLaneHeight = 84;
    static constexpr int kMostLaneHeight = 260;

    QRect ruler;
    QRect body; // of the rows that scroll
    QRect overview;
    std::vector<TimelineRow> rows;
    int contentHeight = 0; // of all rows; more than body.height() scrolls
    int plotLeft = 0;
    int plotWidth = 0;

    QRect plotOf(const QRect &row) const { return {plotLeft, row.top(), plotWidth, row.height()}; }
};

/** Lanes share the height that the other rows leave, between their least and most height. */
TimelineLayout computeTimelineLayout(QSize size, std::size_t lanes, std::size_t tiers, int scroll);

} // namespace kino
