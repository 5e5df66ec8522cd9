// The picture of the timeline that stays while the playhead runs: ruler, lanes, tiers, overview. The view blits it and
// draws playhead, selection and cursor over it.
#pragma once

#include "widgets/timeline/event_marks.h"
#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/lane_data.h"
#include "widgets/timeline/signal_columns.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/tier_data.h"
#include "widgets/timeline/layout.h"
#include "widgets/timeline/window_rows.h"

#include <QFont>
#include <QImage>
#include <QSet>

#include <memory>
#include <optional>
#include <vector>

namespace kino {

/** Where a recording's video shows something. */
struct FootageSpans {
    QString name;
    std::vector<TimeRange> spans; // ascending, apart
    friend bool operator==(const FootageSpans &, const FootageSpans &) = default;
};

/** How a person wants one lane to look. */
struct LaneLook {
    /** About the middle of its range (Ctrl+wheel). */
    double magnification = 1;
    /** Held whatever is in view. */
    std::optional<ValueRange> locked;
    /** By axis; empty: all. */
    std::vector<bool> shownAxes;

    bool showsAxis(std::size_t axis) const { return axis >= shownAxes.size() || shownAxes[axis]; }
};

/** What occurs in the shown lanes and needs a word of explanation. */
struct TimelineMarks {
    bool gaps = false;
    bool clipping = false;
    bool repeats = false;
    bool missingFootage = false;
    bool events = false;
    bool windows = false;
    bool any() const { return gaps || clipping || repeats || missingFootage || events || windows; }
};

struct TimelineContent {
    TimeRange bounds;  // of the whole recording
    TimeRange visible;
    std::vector<std::shared_ptr<const LaneData>> lanes;
    std::vector<std::shared_ptr<const TierData>> tiers;
    std::vector<LaneLook> looks; // by lane
    /** Lanes fit what is in view; else the whole recording. */
    bool isAutoScale = false;
    /** The lanes from here on are those of the fold. */
    std::size_t lanesBeforeFold = 0;
    QStringList foldedTitles;
    bool isFoldOpen = false;
    std::optional<FootageSpans> footage;
    EventsByLane events;
    /** nullptr while no windows are wanted. */
    std::shared_ptr<const WindowRows> windows;
    LabelColours labelColours;
    /** Annotations that a gesture is moving: they are shown where they would come to lie. */
    QSet<AnnotationId> hiddenItems;

    TimelineMarks marks() const;
};

/** The values at the bottom and the top of a lane. */
ValueRange laneValueRange(const TimelineContent &content, std::size_t lane);

struct RulerLabel {
    QRectF rect;
    QString text;
};

/** The numbers of the ruler, in logical pixels; `font` is theirs. */
std::vector<RulerLabel> rulerLabels(const TimeAxis &axis, const TimelineLayout &layout, const QFont &font);

class TimelineCanvas {
public:
    /** `size` in logical pixels. */
    void paint(const TimelineContent &content, const TimelineLayout &layout, QSize size, double pixelRatio, const Theme &theme,
               const QFont &font);
    /** The same onto a painter that makes vectors of it. */
    void paintVectors(QPainter &painter, const TimelineContent &content, const TimelineLayout &layout, QSize size, const Theme &theme, const QFont &font);
    /** The rows of labels anew, on the picture that is there. */
    void paintTiers(const TimelineContent &content, const TimelineLayout &layout);
    /** Carries its device pixel ratio. */
    const QImage &image() const { return m_image; }

private:
    /** A painter in logical pixels: of the picture, or the one that makes vectors. */
    class LogicalPainter;

    void paintAll(const TimelineContent &content, const TimelineLayout &layout);
    void coverBeside(const TimelineLayout &layout, const TimelineRow &row);
    void paintRuler(const TimelineContent &content, const TimelineLayout &layout);
    void paintLaneRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row);
    void paintEvents(const TimelineContent &content, const QRect &area, const LaneData &lane);
    void paintTierRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row);
    void paintWindowsRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row);
    void paintFootageRow(const TimelineContent &content, const TimelineLayout &layout, const TimelineRow &row);
    void paintFoldRow(const TimelineContent &content, const TimelineRow &row);
    void paintLegend(const TimelineContent &content, const TimelineLayout &layout);
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
    QPainter *m_vectors = nullptr; // while vectors are made
    OverviewCurve m_curve;
    double m_ratio = 1;
    const Theme *m_theme = nullptr;
    QFont m_font;
};

} // namespace kino
