#include "widgets/timeline_layout.h"

#include <algorithm>

namespace kino {

TimelineLayout computeTimelineLayout(QSize size, std::size_t lanes, std::size_t tiers, int scroll)
{
    TimelineLayout layout;
    layout.plotLeft = TimelineLayout::kHeaderWidth;
    layout.plotWidth = std::max(1, size.width() - TimelineLayout::kHeaderWidth - TimelineLayout::kRightMargin);
    layout.ruler = {0, 0, size.width(), TimelineLayout::kRulerHeight};
    const int bodyHeight = std::max(0, size.height() - TimelineLayout::kRulerHeight - TimelineLayout::kOverviewHeight);
    layout.body = {0, TimelineLayout::kRulerHeight, size.width(), bodyHeight};
    layout.overview = {0, TimelineLayout::kRulerHeight + bodyHeight, size.width(), TimelineLayout::kOverviewHeight};

    const int laneCount = static_cast<int>(lanes);
    const int left = bodyHeight - static_cast<int>(tiers) * TimelineLayout::kTierHeight;
    int laneHeight = 0;
    int odd = 0; // pixels that do not divide
    if (laneCount > 0) {
        laneHeight = std::clamp(left / laneCount, TimelineLayout::kLeastLaneHeight, TimelineLayout::kMostLaneHeight);
        odd = laneHeight * laneCount <= left && laneHeight < TimelineLayout::kMostLaneHeight ? left - laneHeight * laneCount : 0;
    }
    int y = layout.body.top() - scroll;
    const auto add = [&](TimelineRowKind kind, std::size_t index, int height) {
        layout.rows.push_back({kind, index, QRect(0, y, size.width(), height)});
        y += height;
    };
    for (std::size_t lane = 0; lane < lanes; ++lane)
        add(TimelineRowKind::lane, lane, laneHeight + (static_cast<int>(lane) < odd ? 1 : 0));
    for (std::size_t tier = 0; tier < tiers; ++tier)
        add(TimelineRowKind::tier, tier, TimelineLayout::kTierHeight);
    layout.contentHeight = y + scroll - layout.body.top();
    return layout;
}

} // namespace kino
