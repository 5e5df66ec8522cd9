// The picture of the timeline that stays while the playhead runs: ruler, lanes, tiers, overview. The view blits it and
// draws playhead, selection and cursor over it.
#pragma once

#include "widgets/lane_data.h"
#include "widgets/signal_columns.h"
#include "widgets/theme.h"
#include "widgets/tier_data.h"
#include "widgets/timeline_layout.h"

#include <QFont>
#include <QImage>

#include <memory>
#include <vector>

namespace kino {

struct TimelineContent {
    TimeRange bounds;  // of the whole recording
    TimeRange visible;
    std::vector<std::shared_ptr<const LaneData>> lanes;
    std::vector<std::shared_ptr<const TierData>> tiers;
    /** By lane: how much its values are magnified about their middle (Ctrl+wheel). */
    std::vector<double> magnification;
};

/** The values at the bottom and the top of a lane. */
ValueRange laneValueRange(const TimelineContent &content, std::size_t lane);

class TimelineCanvas {
public:
    /** `size` in logical pixels. */
    void paint(const TimelineContent &content, const TimelineLayout &layout, QSize size, double pixelRatio, const Theme &theme,
               const QFont &font);
    /** Carries its device pixel ratio. */
    const QImage &image() const { return m_image; }

private:
    void paintRuler(const TimelineContent &content, const TimelineLayout &layout);
    void paintLaneRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row);
    void paintTierRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row);
    void paintOverview(const TimelineContent &content, const TimelineLayout &layout);
    void paintOverviewCurve(const TimelineContent &content, QRect plot);
    void ensureOverviewCurve(const TimelineContent &content, const QRect &area);
    QRect toPhysical(const QRect &logical) const;

    struct OverviewCurve {
        std::shared_ptr<const LaneData> lane;
        TimeRange bounds;
        int width = 0;
        ValueRange values;
        std::vector<ColumnSpan> spans;
    };

    QImage m_image;
    OverviewCurve m_curve;
    double m_ratio = 1;
    const Theme *m_theme = nullptr;
    QFont m_font;
};

} // namespace kino
