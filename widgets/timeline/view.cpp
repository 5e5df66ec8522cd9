#include "widgets/timeline/view.h"

#include "widgets/style/text_painting.h"
#include "widgets/timeline/tier_editor.h"

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace kino {
namespace {

/** A press that moves less than this is a click. */
constexpr double kClickPixels = 3;
constexpr double kZoomPerStep = 0.8;
constexpr double kScrollPerStep = 0.12;
constexpr int kHandleGrip = 6;
constexpr int kReadoutTop = 8 + 18 + 16;

} // namespace

TimelineView::TimelineView(QWidget *parent) : QWidget(parent), m_scrollBar(new QScrollBar(Qt::Vertical, this)), m_tierEditor(new TierEditor(*this))
{
    setAccessibleName(tr("Timeline"));
    setAccessibleDescription(tr("Signals and labels over time. The wheel zooms, Shift and wheel scrolls, dragging selects."));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_scrollBar->hide();
    connect(m_scrollBar, &QScrollBar::valueChanged, this, &TimelineView::invalidate);
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

bool TimelineView::isPlotAt(QPoint position) const
{
    const TimelineLayout layout = layoutNow();
    return position.x() >= layout.plotLeft && position.x() < layout.plotLeft + layout.plotWidth && !m_content.visible.isEmpty();
}

std::optional<std::size_t> TimelineView::laneAt(QPoint position) const
{
    const TimelineLayout layout = layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == TimelineRowKind::lane && layout.body.contains(position) && row.rect.contains(position))
            return row.index;
    }
    return std::nullopt;
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    // Some systems turn Shift+wheel into a horizontal one.
    const QPoint angle = event->angleDelta();
    const double steps = (angle.y() != 0 ? angle.y() : angle.x()) / 120.0;
    if (steps == 0 || m_content.visible.isEmpty())
        return;
    event->accept();
    const QPoint position = event->position().toPoint();
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        if (const auto lane = laneAt(position)) {
            LaneLook &look = lookOf(*lane);
            // A locked scale may be widened too: it need not have been the whole.
            look.magnification = std::clamp(look.magnification * std::pow(1 / kZoomPerStep, steps), look.locked ? 1e-3 : 1.0, 1e4);
            gatherLanes();
        }
        return;
    }
    if (!isPlotAt(position)) {
        m_scrollBar->setValue(m_scrollBar->value() - static_cast<int>(steps * 3 * m_scrollBar->singleStep()));
        return;
    }
    const TimeRange range = m_content.visible;
    if (event->modifiers().testFlag(Qt::ShiftModifier) || angle.y() == 0) {
        const Nanos shift = -std::llround(steps * kScrollPerStep * static_cast<double>(range.duration()));
        Q_EMIT visibleRangeRequested(movedInto({range.start + shift, range.end + shift}, m_content.bounds));
        return;
    }
    if (layoutNow().overview.contains(position)) {
        const RecordingTime middle = range.start + range.duration() / 2;
        Q_EMIT visibleRangeRequested(scaledAbout(range, middle, std::pow(kZoomPerStep, steps)));
        return;
    }
    Q_EMIT visibleRangeRequested(scaledAbout(range, axis().timeAt(event->position().x()), std::pow(kZoomPerStep, steps)));
}

TimelineView::Gesture TimelineView::overviewGestureAt(QPoint position) const
{
    if (!layoutNow().overview.contains(position) || !isPlotAt(position))
        return Gesture::none;
    const TimeAxis whole = overviewAxis();
    const double left = whole.xOf(m_content.visible.start);
    const double right = whole.xOf(m_content.visible.end);
    if (std::abs(position.x() - left) <= kHandleGrip)
        return Gesture::overviewLeft;
    if (std::abs(position.x() - right) <= kHandleGrip)
        return Gesture::overviewRight;
    return Gesture::overviewMove;
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    const QPoint position = event->position().toPoint();
    if (m_gesture != Gesture::none || m_tierEditor->isBusy())
        return;
    if (const std::optional<TimelineRow> row = event->button() == Qt::LeftButton ? rowAt(position) : std::nullopt) {
        if (row->kind == TimelineRowKind::fold) {
            Q_EMIT foldToggleRequested(!m_content.isFoldOpen);
            return;
        }
        if (row->kind == TimelineRowKind::tier && !m_spaceHeld && m_tierEditor->press(*event))
            return;
        if (row->kind == TimelineRowKind::lane && position.x() < TimelineLayout::kHeaderWidth) {
            m_gesture = Gesture::pressedOnHeader;
            m_pressedAt = event->position();
            m_pressedLane = row->index;
            return;
        }
    }
    if (!isPlotAt(position))
        return;
    const bool pans = event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_spaceHeld);
    if (!pans && event->button() != Qt::LeftButton)
        return;
    m_pressedAt = event->position();
    m_pressedTime = axis().timeAt(event->position().x());
    m_pressedRange = m_content.visible;
    const TimelineLayout layout = layoutNow();
    if (pans) {
        m_gesture = Gesture::pan;
        m_spacePanned = m_spaceHeld;
        setCursor(Qt::ClosedHandCursor);
    } else if (layout.overview.contains(position)) {
        m_gesture = overviewGestureAt(position);
        const RecordingTime at = overviewAxis().timeAt(event->position().x());
        if (m_gesture == Gesture::overviewMove && !m_content.visible.contains(at)) {
            const Nanos length = m_content.visible.duration();
            m_pressedRange = movedInto({at - length / 2, at - length / 2 + length}, m_content.bounds);
            Q_EMIT visibleRangeRequested(m_pressedRange);
        }
    } else if (layout.ruler.contains(position)) {
        m_gesture = Gesture::scrub;
        Q_EMIT playheadRequested(m_pressedTime);
    } else {
        m_gesture = Gesture::pressedOnLane;
    }
}

void TimelineView::dragOverview(double x)
{
    const TimeAxis whole = overviewAxis();
    const Nanos shift = whole.timeAt(x) - whole.timeAt(m_pressedAt.x());
    TimeRange range = m_pressedRange;
    if (m_gesture == Gesture::overviewMove) {
        Q_EMIT visibleRangeRequested(movedInto({range.start + shift, range.end + shift}, m_content.bounds));
        return;
    }
    // An edge stays a few pixels from the other, or the handle could not be grasped again.
    const Nanos least = std::llround(whole.nanosPerPixel() * 2 * kHandleGrip);
    if (m_gesture == Gesture::overviewLeft)
        range.start = std::clamp(range.start + shift, m_content.bounds.start, std::max(m_content.bounds.start, range.end - least));
    else
        range.end = std::clamp(range.end + shift, std::min(m_content.bounds.end, range.start + least), m_content.bounds.end);
    Q_EMIT visibleRangeRequested(range);
}

void TimelineView::mouseMoveEvent(QMouseEvent *event)
{
    const double x = event->position().x();
    const TimeAxis now = axis();
    const bool overOverview = layoutNow().overview.contains(event->position().toPoint());
    const bool hovers = isPlotAt(event->position().toPoint()) && !overOverview;
    const bool hadPicture = m_overviewHover.has_value();
    m_overviewHover = overOverview && isPlotAt(event->position().toPoint()) ? std::optional(x) : std::nullopt;
    if ((m_overviewHover || hadPicture) && !m_pictures.empty())
        update();
    setCursorTime(hovers || m_gesture == Gesture::select ? std::optional(now.timeAt(x)) : std::nullopt);
    if (m_tierEditor->isBusy()) {
        m_tierEditor->move(*event);
        return;
    }
    switch (m_gesture) {
    case Gesture::pressedOnHeader:
        if (std::abs(event->position().y() - m_pressedAt.y()) <= 2 * kClickPixels || m_pressedLane >= m_content.lanesBeforeFold)
            break;
        m_gesture = Gesture::moveLane;
        setCursor(Qt::ClosedHandCursor);
        [[fallthrough]];
    case Gesture::moveLane:
        m_dragY = event->position().toPoint().y();
        update();
        break;
    case Gesture::none: setCursorShapeAt(event->position().toPoint()); break;
    case Gesture::scrub: Q_EMIT playheadRequested(now.timeAt(x)); break;
    case Gesture::pressedOnLane:
        if (std::abs(x - m_pressedAt.x()) <= kClickPixels)
            break;
        m_gesture = Gesture::select;
        [[fallthrough]];
    case Gesture::select: {
        const RecordingTime at = std::clamp(now.timeAt(x), m_content.visible.start, m_content.visible.end);
        Q_EMIT selectionRequested(TimeRange{std::min(m_pressedTime, at), std::max(m_pressedTime, at)});
        break;
    }
    case Gesture::pan: {
        const Nanos shift = -std::llround((x - m_pressedAt.x()) * now.nanosPerPixel());
        Q_EMIT visibleRangeRequested(movedInto({m_pressedRange.start + shift, m_pressedRange.end + shift}, m_content.bounds));
        break;
    }
    case Gesture::overviewMove:
    case Gesture::overviewLeft:
    case Gesture::overviewRight: dragOverview(x); break;
    }
}

void TimelineView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->buttons() & (Qt::LeftButton | Qt::MiddleButton))
        return;
    if (m_tierEditor->isBusy()) {
        m_tierEditor->release(*event);
        setCursorShapeAt(event->position().toPoint());
        return;
    }
    const Gesture gesture = m_gesture;
    if (gesture == Gesture::pressedOnHeader) {
        if (const std::optional<std::size_t> axis = axisNameAt(m_pressedLane, event->position().toPoint())) {
            LaneLook &look = lookOf(m_pressedLane);
            look.shownAxes.resize(m_content.lanes[m_pressedLane]->values.size(), true);
            look.shownAxes[*axis] = !look.shownAxes[*axis];
            gatherLanes();
        }
    } else if (gesture == Gesture::moveLane) {
        Q_EMIT laneMoveRequested(m_content.lanes[m_pressedLane]->id, dropPositionAt(m_dragY));
        update();
    }
    if (const std::optional<std::size_t> window = gesture == Gesture::pressedOnLane ? windowAt(m_pressedAt.toPoint()) : std::nullopt) {
        Q_EMIT selectionRequested(m_content.windows->rangeOf(*window));
    } else if (gesture == Gesture::pressedOnLane) {
        Q_EMIT selectionRequested(std::nullopt);
        Q_EMIT playheadRequested(clickedTime(m_pressedAt.toPoint()));
    }
    m_gesture = Gesture::none;
    setCursorShapeAt(event->position().toPoint());
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const std::optional<TimelineRow> row = rowAt(event->position().toPoint());
    if (row && row->kind == TimelineRowKind::fold)
        mousePressEvent(event); // the second of two quick clicks
    else if (row && row->kind == TimelineRowKind::tier && m_tierEditor->doubleClick(*event))
        return;
    else if (event->button() == Qt::LeftButton && isPlotAt(event->position().toPoint()))
        Q_EMIT fitRequested();
}

void TimelineView::setCursorShapeAt(QPoint position)
{
    const Gesture overview = overviewGestureAt(position);
    if (m_spaceHeld)
        setCursor(Qt::OpenHandCursor);
    else if (overview == Gesture::overviewLeft || overview == Gesture::overviewRight)
        setCursor(Qt::SizeHorCursor);
    else if (overview == Gesture::overviewMove)
        setCursor(Qt::OpenHandCursor);
    else if (const std::optional<Qt::CursorShape> shape = m_tierEditor->cursorAt(position))
        setCursor(*shape);
    else
        unsetCursor();
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        if (!event->isAutoRepeat()) {
            m_spaceHeld = true;
            m_spacePanned = false;
            setCursor(Qt::OpenHandCursor);
        }
        return;
    }
    if (event->key() == Qt::Key_Escape && m_tierEditor->cancel())
        return;
    if (event->key() == Qt::Key_Escape && m_selection) {
        Q_EMIT selectionRequested(std::nullopt);
        return;
    }
    QWidget::keyPressEvent(event);
}

void TimelineView::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Space || event->isAutoRepeat() || !m_spaceHeld) {
        QWidget::keyReleaseEvent(event);
        return;
    }
    m_spaceHeld = false;
    unsetCursor();
    if (!m_spacePanned)
        Q_EMIT playToggleRequested();
}

void TimelineView::focusInEvent(QFocusEvent *event)
{
    // A frame around the plots helps who came by keyboard and is in the way of who clicked.
    m_showsFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    QWidget::focusInEvent(event);
    update();
}

void TimelineView::focusOutEvent(QFocusEvent *event)
{
    m_showsFocus = false;
    update();
    m_spaceHeld = false;
    unsetCursor();
    QWidget::focusOutEvent(event);
}

void TimelineView::leaveEvent(QEvent *event)
{
    setCursorTime(std::nullopt);
    m_overviewHover.reset();
    update();
    QWidget::leaveEvent(event);
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
    paintCursor(painter, layout);
    paintPlayhead(painter, layout);
    if (m_gesture == Gesture::moveLane)
        paintLaneDrop(painter, layout);
    paintOverviewPicture(painter, layout);
    if (hasFocus() && m_showsFocus) {
        painter.setPen(themeOf(palette()).accent);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

/** The axes of each lane with their value at the cursor, or at the playhead. */
void TimelineView::paintHeaders(QPainter &painter, const TimelineLayout &layout)
{
    const Theme &theme = themeOf(palette());
    painter.save();
    painter.setClipRect(QRect(0, layout.body.top(), TimelineLayout::kHeaderWidth, layout.body.height()), Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(font()));
    for (const TimelineRow &row : layout.rows) {
        if (row.kind != TimelineRowKind::lane || !row.rect.intersects(layout.body))
            continue;
        const LaneData &lane = *m_content.lanes[row.index];
        const int count = static_cast<int>(lane.values.size());
        for (int each = 0; each < count; ++each) {
            const QString name = lane.axes.value(each, QString::number(each));
            bool stacked = false;
            const QRectF line = axisNameRect(row.index, static_cast<std::size_t>(each), row.rect, stacked);
            if (count == 1 && !stacked) {
                // A slim lane says its value beside its unit.
                painter.setPen(theme.text);
                const int valueTop = row.rect.height() < kReadoutTop ? 9 : kReadoutTop - 16; // beside the title where there is one line
                drawTabular(painter, QRectF(12, row.rect.top() + valueTop, 112, 16), Qt::AlignRight, readout(row.index, 0));
                break;
            }
            if (line.bottom() > row.rect.bottom() || line.right() > TimelineLayout::kHeaderWidth)
                break;
            const bool isShown = m_content.looks[row.index].showsAxis(static_cast<std::size_t>(each));
            // An empty dot: the axis is there, its curve is not.
            painter.setPen(isShown ? QPen(Qt::NoPen) : QPen(axisColour(theme, name, each), 1.2));
            painter.setBrush(isShown ? QBrush(axisColour(theme, name, each)) : QBrush(Qt::NoBrush));
            painter.drawEllipse(QPointF(line.left() + 4, line.center().y()), 3.5, 3.5);
            painter.setPen(isShown ? theme.dim : theme.faint);
            const double nameWidth = stacked ? 40 : 18;
            painter.drawText(line.adjusted(13, 0, 13 + nameWidth - line.width(), 0), Qt::AlignLeft | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(name, Qt::ElideRight, static_cast<int>(nameWidth)));
            if (!stacked)
                continue;
            painter.setPen(isShown ? theme.text : theme.faint);
            drawTabular(painter, line.adjusted(28, 0, -24, 0), Qt::AlignRight, readout(row.index, static_cast<std::size_t>(each)));
        }
        if (m_content.looks[row.index].locked) {
            // A small lock before the numbers of the scale.
            const QRectF lock(TimelineLayout::kHeaderWidth - 18.0, row.rect.top() + 13.0, 8, 6);
            painter.setPen(QPen(theme.dim, 1.2));
            painter.setBrush(Qt::NoBrush);
            painter.drawArc(QRectF(lock.left() + 1.5, lock.top() - 4, 5, 8), 0, 180 * 16);
            painter.setBrush(theme.dim);
            painter.drawRoundedRect(lock, 1, 1);
        }
    }
    painter.restore();
}

QRectF TimelineView::axisNameRect(std::size_t lane, std::size_t axis, const QRect &row, bool &isStacked) const
{
    const bool saysDevice = m_content.lanes[lane]->kind == LaneKind::stream && haveSeveralDevices(m_content.lanes);
    const int top = row.top() + kReadoutTop + (saysDevice ? 16 : 0) + 4;
    const int count = static_cast<int>(m_content.lanes[lane]->values.size());
    const int lineHeight = std::clamp((row.bottom() - 4 - top) / std::max(1, count), 0, 18);
    isStacked = lineHeight >= 14;
    const int each = static_cast<int>(axis);
    return isStacked ? QRectF(12, top + each * lineHeight, 112, lineHeight) : QRectF(12 + each * 28, top, 28, 16);
}

std::optional<std::size_t> TimelineView::axisNameAt(std::size_t lane, QPoint position) const
{
    const std::optional<TimelineRow> row = rowAt(position);
    const std::size_t count = m_content.lanes[lane]->values.size();
    if (!row || row->kind != TimelineRowKind::lane || row->index != lane || count < 2)
        return std::nullopt;
    for (std::size_t axis = 0; axis < count; ++axis) {
        bool isStacked = false;
        const QRectF rect = axisNameRect(lane, axis, row->rect, isStacked);
        if (rect.contains(position) && rect.bottom() <= row->rect.bottom())
            return axis;
    }
    return std::nullopt;
}

std::optional<TimelineRow> TimelineView::rowAt(QPoint position) const
{
    const TimelineLayout layout = layoutNow();
    for (const TimelineRow &row : layout.rows) {
        // What scrolls may lie under the tiers.
        const QRect &inSight = row.kind == TimelineRowKind::tier || row.kind == TimelineRowKind::windows ? layout.middle : layout.body;
        if (row.rect.contains(position) && inSight.contains(position))
            return row;
    }
    return std::nullopt;
}

std::size_t TimelineView::dropPositionAt(int y) const
{
    std::size_t position = 0;
    for (const TimelineRow &row : layoutNow().rows) {
        if (row.kind == TimelineRowKind::lane && row.index < m_content.lanesBeforeFold && row.index != m_pressedLane && row.rect.center().y() < y)
            ++position;
    }
    return position;
}

/** The line where the dragged lane would come to lie. */
void TimelineView::paintLaneDrop(QPainter &painter, const TimelineLayout &layout)
{
    const std::size_t position = dropPositionAt(m_dragY);
    std::size_t passed = 0;
    int y = layout.body.top();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind != TimelineRowKind::lane || row.index >= m_content.lanesBeforeFold || row.index == m_pressedLane)
            continue;
        if (passed == position) {
            y = row.rect.top();
            break;
        }
        ++passed;
        y = row.rect.bottom();
    }
    painter.fillRect(QRect(0, y - 1, width(), 2), themeOf(palette()).accent);
}

/** The film under the mouse, above the overview, with the time of the very frame that is shown. */
void TimelineView::paintOverviewPicture(QPainter &painter, const TimelineLayout &layout)
{
    const OverviewPicture *shown = shownPicture();
    if (!shown || shown->image.isNull())
        return;
    const Theme &theme = themeOf(palette());
    const QSizeF size = QSizeF(shown->image.size()) / devicePixelRatioF();
    const QSizeF card(size.width() + 8, size.height() + 26);
    const double left = std::clamp(*m_overviewHover - card.width() / 2, static_cast<double>(layout.plotLeft), layout.plotLeft + layout.plotWidth - card.width());
    const QRectF box(QPointF(left, layout.overview.top() - card.height() - 6), card);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setPen(theme.line);
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    painter.drawImage(QRectF(box.topLeft() + QPointF(4, 4), size), shown->image);
    painter.setFont(smallFont(font()));
    painter.setPen(theme.text);
    drawTabular(painter, QRectF(box.left(), box.bottom() - 21, box.width(), 18), Qt::AlignHCenter, clockText(shown->time));
    painter.restore();
}

/** A and B in the ruler, and a bar between them. */
void TimelineView::paintLoop(QPainter &painter, const TimelineLayout &layout)
{
    const Theme &theme = themeOf(palette());
    const TimeAxis now = axis();
    painter.save();
    painter.setClipRect(QRect(layout.plotLeft, layout.ruler.top(), layout.plotWidth + 1, layout.ruler.height()), Qt::IntersectClip);
    const double left = now.xOf(m_loopStart.value_or(m_content.bounds.start));
    const double right = now.xOf(m_loopEnd.value_or(m_content.bounds.end));
    QColor band = theme.accent;
    band.setAlphaF(0.22F);
    painter.fillRect(QRectF(left, layout.ruler.bottom() - 4, right - left, 4), band);
    painter.setFont(smallFont(font()));
    const auto flag = [&](double x, const QString &letter, bool pointsRight) {
        painter.fillRect(QRectF(x - (pointsRight ? 0 : 2), layout.ruler.top() + 12, 2, layout.ruler.height() - 12), theme.accent);
        const QRectF box(pointsRight ? x : x - 13, layout.ruler.top() + 10, 13, 13);
        painter.fillRect(box, theme.accent);
        painter.setPen(theme.onAccent);
        painter.drawText(box, Qt::AlignCenter, letter);
    };
    if (m_loopStart)
        flag(left, QStringLiteral("A"), true);
    if (m_loopEnd)
        flag(right, QStringLiteral("B"), false);
    painter.restore();
}

void TimelineView::paintSelection(QPainter &painter, const TimelineLayout &layout)
{
    if (!m_selection)
        return;
    const Theme &theme = themeOf(palette());
    const TimeAxis now = axis();
    const QRectF plot(layout.plotLeft, layout.middle.top(), layout.plotWidth, layout.rowsBottom - layout.middle.top());
    const QRectF box = QRectF(now.xOf(m_selection->start), plot.top(), 0, plot.height());
    const double right = now.xOf(m_selection->end);
    const QRectF shown = QRectF(box.left(), plot.top(), right - box.left(), plot.height()) & plot;
    if (shown.isEmpty())
        return;
    QColor fill = theme.accent;
    fill.setAlphaF(0.10F);
    painter.fillRect(shown, fill);
    for (const double x : {box.left(), right}) {
        if (x >= plot.left() && x <= plot.right())
            painter.fillRect(QRectF(std::floor(x), plot.top(), 1, plot.height()), theme.accent);
    }
}

void TimelineView::paintOverviewHandle(QPainter &painter, const TimelineLayout &layout)
{
    if (m_content.bounds.isEmpty())
        return;
    const Theme &theme = themeOf(palette());
    const TimeAxis whole = overviewAxis();
    const QRect plot = layout.plotOf(layout.overview).adjusted(0, 6, 0, -6);
    const double left = whole.xOf(m_content.visible.start);
    const double right = whole.xOf(m_content.visible.end);
    QColor shade = theme.surface;
    shade.setAlphaF(0.55F);
    painter.fillRect(QRectF(plot.left(), plot.top(), left - plot.left(), plot.height()), shade);
    painter.fillRect(QRectF(right, plot.top(), plot.right() + 1 - right, plot.height()), shade);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    painter.drawRoundedRect(QRectF(left, plot.top(), 3, plot.height()), 1.5, 1.5);
    painter.drawRoundedRect(QRectF(right - 3, plot.top(), 3, plot.height()), 1.5, 1.5);
    painter.restore();
    if (m_playhead) {
        const double x = std::floor(whole.xOf(*m_playhead));
        painter.fillRect(QRectF(x, plot.top(), 1, plot.height()), theme.accent);
    }
}

void TimelineView::paintCursor(QPainter &painter, const TimelineLayout &layout)
{
    if (!m_cursor)
        return;
    const Theme &theme = themeOf(palette());
    const double x = std::floor(axis().xOf(*m_cursor));
    if (x < layout.plotLeft || x > layout.plotLeft + layout.plotWidth)
        return;
    painter.fillRect(QRectF(x, layout.middle.top(), 1, layout.rowsBottom - layout.middle.top()), theme.faint);
    painter.save();
    painter.setFont(smallFont(font()));
    const QString text = clockText(*m_cursor);
    const double width = tabularWidth(painter.font(), text) + 12;
    const double left = std::clamp(x - width / 2, static_cast<double>(layout.plotLeft), layout.plotLeft + layout.plotWidth - width);
    const QRectF chip(left, layout.ruler.top() + 4, width, 18);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line);
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(theme.text);
    drawTabular(painter, chip, Qt::AlignHCenter, text);
    painter.restore();
}

void TimelineView::paintPlayhead(QPainter &painter, const TimelineLayout &layout)
{
    if (!m_playhead)
        return;
    const Theme &theme = themeOf(palette());
    const double x = axis().xOf(*m_playhead);
    if (x < layout.plotLeft - 1 || x > layout.plotLeft + layout.plotWidth + 1)
        return;
    const double line = std::floor(x);
    painter.fillRect(QRectF(line - 0.5, layout.ruler.bottom() - 8, 2, layout.rowsBottom - layout.ruler.bottom() + 8), theme.accent);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accent);
    const double top = layout.ruler.bottom() - 17;
    painter.drawPolygon(QPolygonF({QPointF(line - 5.5, top), QPointF(line + 6.5, top), QPointF(line + 6.5, top + 3), QPointF(line + 0.5, top + 10), QPointF(line - 5.5, top + 3)}));
    painter.restore();
}

} // namespace kino
