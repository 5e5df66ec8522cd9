#include "widgets/timeline/view.h"

#include "widgets/timeline/edge_scroller.h"
#include "widgets/timeline/tier_editor.h"

#include <QElapsedTimer>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <cmath>

namespace kino {

TimelineView::TimelineView(QWidget *parent) : QWidget(parent), m_scrollBar(new QScrollBar(Qt::Vertical, this)), m_tierEditor(new TierEditor(*this)), m_edgeScroller(new EdgeScroller(*this))
{
    setAccessibleName(tr("Timeline"));
    setAccessibleDescription(tr("Signals and labels over time. The wheel zooms, Shift and wheel scrolls, dragging selects."));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_scrollBar->hide();
    connect(m_scrollBar, &QScrollBar::valueChanged, this, &TimelineView::invalidate);
    connect(m_edgeScroller, &EdgeScroller::stepped, this, [this](TimeRange wanted, QPointF position, Qt::KeyboardModifiers modifiers) {
        Q_EMIT visibleRangeRequested(wanted);
        dragTo(position, modifiers);
    });
}

void TimelineView::setBounds(TimeRange bounds)
{
    m_content.bounds = bounds;
    invalidate();
}

void TimelineView::setVisibleRange(TimeRange visible)
{
    if (m_content.visible == visible)
        return;
    m_content.visible = visible;
    m_tierEditor->placeTextEditor();
    invalidate();
}

void TimelineView::setPlayhead(std::optional<RecordingTime> playhead)
{
    if (m_playhead == playhead)
        return;
    updatePlayheadStrip(m_playhead);
    m_playhead = playhead;
    updatePlayheadStrip(m_playhead);
    if (!m_cursor && readoutTime())
        update(layoutNow().body); // the numbers beside it
    if (m_tierEditor->openLabel())
        update(layoutNow().middle); // it grows with the playhead
    updateHeaders();
}

void TimelineView::setSelection(std::optional<TimeRange> selection)
{
    if (m_selection == selection)
        return;
    m_selection = selection;
    update();
}

void TimelineView::setLanes(std::vector<std::shared_ptr<const LaneData>> lanes, std::vector<std::shared_ptr<const LaneData>> folded)
{
    m_shown = std::move(lanes);
    m_folded = std::move(folded);
    gatherLanes();
}

void TimelineView::gatherLanes()
{
    m_content.lanes = m_shown;
    m_content.lanesBeforeFold = m_shown.size();
    m_content.foldedTitles.clear();
    for (const auto &lane : m_folded)
        m_content.foldedTitles += lane->title;
    if (m_content.isFoldOpen)
        m_content.lanes.insert(m_content.lanes.end(), m_folded.begin(), m_folded.end());
    m_content.looks.clear();
    for (const auto &lane : m_content.lanes) {
        const auto kept = m_looks.find(lane->id);
        m_content.looks.push_back(kept == m_looks.end() ? LaneLook() : kept->second);
    }
    updateScrollBar();
    invalidate();
}

LaneLook &TimelineView::lookOf(std::size_t lane) { return m_looks[m_content.lanes[lane]->id]; }

void TimelineView::setFoldOpen(bool open)
{
    if (m_content.isFoldOpen == open)
        return;
    m_content.isFoldOpen = open;
    gatherLanes();
}

void TimelineView::setAutoScale(bool on)
{
    m_content.isAutoScale = on;
    invalidate();
}

void TimelineView::setFootage(std::optional<FootageSpans> footage)
{
    if (m_content.footage == footage)
        return;
    m_content.footage = std::move(footage);
    updateScrollBar();
    invalidate();
}

void TimelineView::setOverviewPictures(std::vector<OverviewPicture> pictures)
{
    m_pictures = std::move(pictures);
    if (m_overviewHover)
        update();
}

const OverviewPicture *TimelineView::shownPicture() const
{
    if (!m_overviewHover || m_pictures.empty() || m_content.bounds.isEmpty())
        return nullptr;
    const RecordingTime time = overviewAxis().timeAt(*m_overviewHover);
    const auto after = std::ranges::lower_bound(m_pictures, time, {}, &OverviewPicture::at);
    if (after == m_pictures.begin())
        return &m_pictures.front();
    if (after == m_pictures.end())
        return &m_pictures.back();
    return time - std::prev(after)->at < after->at - time ? &*std::prev(after) : &*after;
}

void TimelineView::setLoop(std::optional<RecordingTime> start, std::optional<RecordingTime> end)
{
    m_loopStart = start;
    m_loopEnd = end;
    update();
}

void TimelineView::resetLooks()
{
    m_looks.clear();
    gatherLanes();
}

void TimelineView::setTiers(std::vector<std::shared_ptr<const TierData>> tiers)
{
    const bool isSameRoom = m_content.tiers.size() == tiers.size();
    m_content.tiers = std::move(tiers);
    if (isSameRoom) {
        m_areTiersStale = true;
        update();
        return;
    }
    updateScrollBar();
    invalidate();
}

void TimelineView::setWindows(std::shared_ptr<const WindowRows> windows)
{
    m_content.windows = std::move(windows);
    updateScrollBar();
    invalidate();
}

void TimelineView::setLabelColours(const LabelColours &colours)
{
    if (m_content.labelColours == colours)
        return;
    m_content.labelColours = colours;
    m_areTiersStale = true;
    m_isStale = m_isStale || m_content.windows; // their rows are painted in these colours too
    update();
}

void TimelineView::setHiddenItems(QSet<AnnotationId> hidden)
{
    if (m_content.hiddenItems == hidden)
        return;
    m_content.hiddenItems = std::move(hidden);
    m_areTiersStale = true;
    update();
}

void TimelineView::setMessage(const QString &message)
{
    m_message = message;
    update();
}

TimelineLayout TimelineView::layoutNow() const
{
    TimelineRowsWanted wanted;
    wanted.footage = m_content.footage.has_value();
    for (const auto &lane : m_content.lanes)
        wanted.lanes.push_back(lane->kind == LaneKind::sound ? LaneHeight::strip : lane->values.size() > 1 ? LaneHeight::full : LaneHeight::slim);
    if (!m_folded.empty())
        wanted.foldAt = m_content.lanesBeforeFold;
    wanted.tiers = m_content.tiers.size();
    wanted.windows = m_content.windows ? m_content.windows->sources.size() : 0;
    wanted.legend = !m_content.visible.isEmpty() && m_content.marks().any();
    return computeTimelineLayout(size(), wanted, m_scrollBar->value());
}

TimeAxis TimelineView::axis() const
{
    const TimelineLayout layout = computeTimelineLayout(size(), {}, 0);
    return {m_content.visible, static_cast<double>(layout.plotLeft), static_cast<double>(layout.plotWidth)};
}

TimeAxis TimelineView::overviewAxis() const
{
    const TimelineLayout layout = computeTimelineLayout(size(), {}, 0);
    return {m_content.bounds, static_cast<double>(layout.plotLeft), static_cast<double>(layout.plotWidth)};
}

QString TimelineView::readout(std::size_t lane, std::size_t axisIndex) const
{
    const std::optional<RecordingTime> time = m_cursor ? m_cursor : m_playhead;
    const LaneData &data = *m_content.lanes[lane];
    const std::optional<std::size_t> sample = time ? data.sampleAt(*time) : std::nullopt;
    return sample ? valueText(data.values[axisIndex][*sample], data.resolution) : QStringLiteral("\u2013");
}

void TimelineView::invalidate()
{
    m_isStale = true;
    update();
}

void TimelineView::updateScrollBar()
{
    const TimelineLayout layout = layoutNow();
    const int hidden = std::max(0, layout.contentHeight - layout.body.height());
    m_scrollBar->setRange(0, hidden);
    m_scrollBar->setPageStep(layout.body.height());
    m_scrollBar->setSingleStep(24);
    m_scrollBar->setVisible(hidden > 0);
    m_scrollBar->setGeometry(width() - 10, layout.body.top(), 10, layout.body.height());
}

void TimelineView::updatePlayheadStrip(std::optional<RecordingTime> time)
{
    if (!time || m_content.visible.isEmpty())
        return;
    for (const double x : {axis().xOf(*time), overviewAxis().xOf(*time)}) {
        if (x > -16 && x < width() + 16)
            update(QRect(static_cast<int>(std::floor(x)) - 8, 0, 17, height()));
    }
}

void TimelineView::updateHeaders() { update(QRect(0, 0, TimelineLayout::kHeaderWidth, height())); }

void TimelineView::setCursorTime(std::optional<RecordingTime> time)
{
    if (m_cursor == time)
        return;
    m_cursor = time;
    update();
    Q_EMIT cursorChanged(time);
}

bool TimelineView::event(QEvent *event)
{
    // Space pans while held here, so the window's own shortcut must not take it; without a drag it plays, on release.
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString tip = tipAt(help->pos());
        if (tip.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), tip, this);
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void TimelineView::resizeEvent(QResizeEvent *)
{
    updateScrollBar();
    m_tierEditor->placeTextEditor();
    invalidate();
}

void TimelineView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        invalidate();
    QWidget::changeEvent(event);
}

void TimelineView::paintEvent(QPaintEvent *event)
{
    const TimelineLayout layout = layoutNow();
    if (m_isStale) {
        QElapsedTimer timer;
        timer.start();
        m_canvas.paint(m_content, layout, size(), devicePixelRatioF(), themeOf(palette()), font());
        m_lastPaintMs = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
        m_isStale = false;
        m_areTiersStale = false;
    }
    if (m_areTiersStale) {
        m_canvas.paintTiers(m_content, layout);
        m_areTiersStale = false;
    }
    QPainter painter(this);
    painter.setClipRegion(event->region());
    painter.drawImage(QPointF(0, 0), m_canvas.image());
    paintHeaders(painter, layout);
    if (m_content.visible.isEmpty() || (m_content.lanes.empty() && m_folded.empty() && m_content.tiers.empty())) {
        painter.setPen(themeOf(palette()).dim);
        painter.drawText(layout.middle, Qt::AlignCenter | Qt::TextWordWrap, m_message);
    }
    if (m_content.visible.isEmpty())
        return;
    paintSelection(painter, layout);
    if (m_loopStart || m_loopEnd)
        paintLoop(painter, layout);
    m_tierEditor->paint(painter, layout);
    paintOverviewHandle(painter, layout);
    paintPins(painter, layout);
    paintPlayhead(painter, layout);
    paintCursor(painter, layout); // its chip lies over the playhead's head
    paintReadouts(painter, layout);
    if (m_gesture == Gesture::moveLane)
        paintLaneDrop(painter, layout);
    paintOverviewPicture(painter, layout);
    if (hasFocus() && m_showsFocus) {
        painter.setPen(themeOf(palette()).accent);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

} // namespace kino
