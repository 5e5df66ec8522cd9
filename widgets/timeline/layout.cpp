#include "widgets/timeline/layout.h"

#include <algorithm>

namespace kino {

TimelineLayout computeTimelineLayout(QSize size, const TimelineRowsWanted &wanted, int scroll)
{
    TimelineLayout layout;
    layout.plotLeft = TimelineLayout::kHeaderWidth;
    layout.plotWidth = std::max(1, size.width() - TimelineLayout::kHeaderWidth - TimelineLayout::kRightMargin);
    layout.ruler = {0, 0, size.width(), TimelineLayout::kRulerHeight};
    const int legendHeight = wanted.legend ? TimelineLayout::kLegendHeight : 0;
    const int bodyHeight = std::max(0, size.height() - TimelineLayout::kRulerHeight - TimelineLayout::kOverviewHeight - legendHeight);
    layout.middle = {0, TimelineLayout::kRulerHeight, size.width(), bodyHeight};
    const int windowsHeight = wanted.windows > TimelineLayout::kMostHighWindows ? TimelineLayout::kLowWindowsHeight : TimelineLayout::kWindowsHeight;
    const int tiersHeight = static_cast<int>(wanted.tiers) * TimelineLayout::kTierHeight + static_cast<int>(wanted.windows) * windowsHeight;
    const bool tiersStay = tiersHeight <= bodyHeight / 2;
    layout.body = layout.middle;
    layout.overview = {0, TimelineLayout::kRulerHeight + bodyHeight, size.width(), TimelineLayout::kOverviewHeight};
    layout.legend = {0, layout.overview.bottom() + 1, size.width(), legendHeight};

    const int slim = static_cast<int>(std::ranges::count(wanted.lanes, LaneHeight::slim));
    const int strips = static_cast<int>(std::ranges::count(wanted.lanes, LaneHeight::strip));
    const int full = static_cast<int>(wanted.lanes.size()) - slim - strips;
    const int forLanes = bodyHeight - tiersHeight - (wanted.footage ? TimelineLayout::kFootageHeight : 0) - (wanted.foldAt ? TimelineLayout::kFoldHeight : 0);
    const auto fits = [&](int lane, int slimLane) { return full * lane + slim * slimLane + strips * TimelineLayout::kLeastStripHeight <= forLanes; };
    const bool isSqueezed = !fits(TimelineLayout::kLeastLaneHeight, TimelineLayout::kLeastSlimHeight) && fits(TimelineLayout::kSqueezedLaneHeight, TimelineLayout::kSqueezedSlimHeight);
    const int leastFull = isSqueezed ? TimelineLayout::kSqueezedLaneHeight : TimelineLayout::kLeastLaneHeight;
    const int leastSlim = isSqueezed ? TimelineLayout::kSqueezedSlimHeight : TimelineLayout::kLeastSlimHeight;
    const int forStrips = forLanes - full * leastFull - slim * leastSlim;
    const int stripHeight = strips > 0 ? std::clamp(forStrips / strips, TimelineLayout::kLeastStripHeight, TimelineLayout::kMostStripHeight) : 0;
    const int left = forLanes - strips * stripHeight;
    // Slim lanes take their least, unless nothing else wants the room.
    const int slimHeight = full > 0 || slim == 0 ? leastSlim : std::clamp(left / slim, leastSlim, TimelineLayout::kMostSlimHeight);
    const int forFull = left - slim * slimHeight;
    const int fullHeight = full > 0 ? std::clamp(forFull / full, leastFull, TimelineLayout::kMostLaneHeight) : 0;
    // Pixels that do not divide go to the first lanes.
    int odd = full > 0 && fullHeight < TimelineLayout::kMostLaneHeight ? std::max(0, forFull - fullHeight * full) : 0;
    int y = layout.body.top() - scroll;
    const auto add = [&](TimelineRowKind kind, std::size_t index, int height) {
        layout.rows.push_back({kind, index, QRect(0, y, size.width(), height)});
        y += height;
    };
    if (wanted.footage)
        add(TimelineRowKind::footage, 0, TimelineLayout::kFootageHeight);
    for (std::size_t lane = 0; lane <= wanted.lanes.size(); ++lane) {
        if (wanted.foldAt == lane)
            add(TimelineRowKind::fold, 0, TimelineLayout::kFoldHeight);
        if (lane == wanted.lanes.size())
            break;
        if (wanted.lanes[lane] != LaneHeight::full) {
            add(TimelineRowKind::lane, lane, wanted.lanes[lane] == LaneHeight::slim ? slimHeight : stripHeight);
            continue;
        }
        add(TimelineRowKind::lane, lane, fullHeight + (odd > 0 ? 1 : 0));
        odd = std::max(0, odd - 1);
    }
    if (tiersStay) {
        layout.contentHeight = y + scroll - layout.body.top();
        layout.body.setHeight(std::min(bodyHeight - tiersHeight, layout.contentHeight));
        y = layout.body.top() + layout.body.height();
    }
    for (std::size_t tier = 0; tier < wanted.tiers; ++tier)
        add(TimelineRowKind::tier, tier, TimelineLayout::kTierHeight);
    for (std::size_t source = 0; source < wanted.windows; ++source)
        add(TimelineRowKind::windows, source, windowsHeight);
    if (!tiersStay)
        layout.contentHeight = y + scroll - layout.body.top();
    layout.rowsBottom = std::min(layout.middle.bottom() + 1, tiersStay ? y : layout.body.top() + layout.contentHeight);
    return layout;
}

} // namespace kino
