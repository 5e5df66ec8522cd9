// What the timeline says when it is asked: tips about a place, the menu of a lane, its picture for elsewhere.
#include "widgets/timeline/view.h"

#include "widgets/style/plot_image.h"
#include "widgets/style/plot_menu.h"
#include "widgets/timeline/tier_editor.h"
#include "widgets/timeline/value_axis.h"
#include "widgets/timeline/window_painter.h"

#include <QContextMenuEvent>
#include <QMenu>

namespace kino {
namespace {

/** How near the mouse must be to a mark. */
constexpr double kMarkGrip = 4;

QString spanText(RecordingTime from, RecordingTime to) { return clockText(from) + QStringLiteral(" \u2013 ") + clockText(to); }

QString laneTip(const LaneData &lane, const TimeAxis &axis, double x)
{
    for (const TimeGap &gap : lane.timing.gaps) {
        const RecordingTime from = lane.clock.toRecording({gap.fromNs});
        const RecordingTime to = lane.clock.toRecording({gap.toNs});
        if (axis.xOf(from) - kMarkGrip <= x && x <= axis.xOf(to) + kMarkGrip)
            return TimelineView::tr("No samples for %1\n%2").arg(durationText(gap.toNs - gap.fromNs), spanText(from, to));
    }
    const TimeRange near{axis.timeAt(x - kMarkGrip), axis.timeAt(x + kMarkGrip)};
    const SampleSpan around = lane.samplesIn(near);
    QStringList lines;
    const auto clipped = std::ranges::partition_point(lane.clipped, [&](const SampleSpan &span) { return span.end <= around.begin; });
    if (clipped != lane.clipped.end() && clipped->begin < around.end)
        lines += TimelineView::tr("Clipped: %1 samples at the end of the scale").arg(clipped->end - clipped->begin);
    const auto first = std::ranges::lower_bound(lane.duplicates, around.begin);
    const auto last = std::ranges::lower_bound(lane.duplicates, around.end);
    if (first != last)
        lines += last - first == 1 ? TimelineView::tr("One sample repeats the time before it") : TimelineView::tr("%1 samples repeat the time before them").arg(last - first);
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QString TimelineView::tipAt(QPoint position) const
{
    const std::optional<TimelineRow> row = rowAt(position);
    if (!row || m_content.visible.isEmpty())
        return {};
    const bool inPlot = isPlotAt(position);
    const RecordingTime time = axis().timeAt(position.x());
    switch (row->kind) {
    case TimelineRowKind::fold: return tr("Lanes that are folded away:\n%1").arg(m_content.foldedTitles.join(QLatin1Char('\n')));
    case TimelineRowKind::footage: {
        if (!inPlot)
            return m_content.footage->name;
        for (const TimeRange &span : m_content.footage->spans) {
            if (span.contains(time))
                return tr("%1\nFootage %2").arg(m_content.footage->name, spanText(span.start, span.end));
        }
        return tr("No footage here");
    }
    case TimelineRowKind::lane: {
        const LaneData &lane = *m_content.lanes[row->index];
        if (const MotionEvent *event = eventAt(position)) {
            const RecordingTime at = lane.clock.toRecording({event->ownNs});
            const QString kind = event->kind == EventKind::sound ? tr("Sudden sound") : event->kind == EventKind::landing ? tr("Landing after free fall") : tr("Shock");
            return tr("%1, %2 dB above what is around it\n%3\nClick to go to this instant").arg(kind, valueText(event->strengthDb, 1), clockText(at));
        }
        if (inPlot && lane.kind == LaneKind::sound && !lane.note.isEmpty())
            return lane.note;
        if (inPlot)
            return laneTip(lane, axis(), position.x());
        if (lane.kind == LaneKind::sound)
            return tr("Sound of %1\nDrag to move the lane, right-click for more.").arg(lane.device);
        return tr("%1\nClick an axis to hide or show it, drag to move the lane, right-click for more.").arg(lane.id);
    }
    case TimelineRowKind::windows: {
        const std::optional<std::size_t> window = windowAt(position);
        return window ? m_content.windows->tipOf(*window) : QString();
    }
    case TimelineRowKind::tier: {
        const TierData &tier = *m_content.tiers[row->index];
        const std::optional<std::size_t> item = inPlot ? tier.itemAt(time) : std::nullopt;
        if (!item)
            return {};
        const TimeRange range = tier.items[*item].range;
        return tier.items[*item].label + QLatin1Char('\n') + spanText(range.start, range.end) + QStringLiteral("  (") + durationText(range.duration()) + QLatin1Char(')');
    }
    }
    return {};
}

std::optional<std::size_t> TimelineView::windowAt(QPoint position) const
{
    const std::optional<TimelineRow> row = rowAt(position);
    if (!row || row->kind != TimelineRowKind::windows || !isPlotAt(position))
        return std::nullopt;
    const WindowRows &windows = *m_content.windows;
    const QRectF plot = layoutNow().plotOf(row->rect).adjusted(0, 0, 0, -1);
    const RecordingTime time = axis().timeAt(position.x());
    return windows.windowAt(row->index, time, windowSubRowAt(windows, row->index, axis(), plot, position.y()));
}

void TimelineView::fillLaneMenu(QMenu &menu, std::size_t lane)
{
    const std::shared_ptr<const LaneData> data = m_content.lanes[lane];
    const bool isFolded = lane >= m_content.lanesBeforeFold;
    menu.addAction(isFolded ? tr("&Keep %1 in view").arg(data->title) : tr("&Fold %1 away").arg(data->title), this,
                   [this, id = data->id, isFolded] { Q_EMIT laneShownRequested(id, isFolded); });
    if (!isFolded) {
        QAction *up = menu.addAction(tr("Move &up"), this, [this, id = data->id, lane] { Q_EMIT laneMoveRequested(id, lane - 1); });
        QAction *down = menu.addAction(tr("Move &down"), this, [this, id = data->id, lane] { Q_EMIT laneMoveRequested(id, lane + 1); });
        up->setEnabled(lane > 0);
        down->setEnabled(lane + 1 < m_content.lanesBeforeFold);
    }
    menu.addSeparator();
    QAction *lock = menu.addAction(tr("&Lock this scale"));
    lock->setCheckable(true);
    lock->setChecked(m_content.looks[lane].locked.has_value());
    connect(lock, &QAction::toggled, this, [this, lane](bool on) {
        const ValueRange now = laneValueRange(m_content, lane);
        LaneLook &look = lookOf(lane);
        look.locked = on ? std::optional(now) : std::nullopt;
        look.magnification = 1;
        gatherLanes();
    });
    QAction *automatic = menu.addAction(tr("Scales fit what is in &view"));
    automatic->setCheckable(true);
    automatic->setChecked(m_content.isAutoScale);
    connect(automatic, &QAction::toggled, this, &TimelineView::autoScaleRequested);
    menu.addAction(tr("&Reset scales and axes"), this, &TimelineView::resetLooks);
}

void TimelineView::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_content.visible.isEmpty() || m_tierEditor->contextMenu(*event))
        return;
    QMenu menu(this);
    if (const std::optional<std::size_t> lane = laneAt(event->pos())) {
        fillLaneMenu(menu, *lane);
        menu.addSeparator();
    }
    if (const std::optional<TimelineRow> row = rowAt(event->pos()); row && row->kind == TimelineRowKind::tier)
        addTierSaveAction(menu, m_content.tiers[row->index]->name);
    addPlotActions(menu);
    menu.exec(event->globalPos());
}

void TimelineView::addTierSaveAction(QMenu &menu, const QString &tier)
{
    menu.addAction(tr("Save this tier &as\u2026"), this, [this, tier] { Q_EMIT tierSaveRequested(tier); });
}

void TimelineView::addPlotActions(QMenu &menu)
{
    menu.addSeparator();
    menu.addAction(tr("&Copy as image"), this, [this] { copyAsImage(*this); });
    addSaveMenu(menu, this, [this](PlotFormat format, double pixelRatio) { Q_EMIT saveRequested(format, pixelRatio); });
}

} // namespace kino
