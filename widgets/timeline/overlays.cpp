// What the timeline draws over the picture that stays: read-outs in the headers, selection, loop, cursor, playhead, the
// overview's handle and its picture of the film.
#include "widgets/timeline/view.h"

#include "widgets/style/text_painting.h"

#include <QPainter>

#include <cmath>

namespace kino {
namespace {

constexpr int kReadoutTop = 8 + 18 + 16;
constexpr double kReadoutPadding = 6;
constexpr double kReadoutSpacing = 10;
constexpr double kReadoutDot = 9;
/** Above it the ruler has its numbers. */
constexpr int kRulerMarksTop = 17;
constexpr double kReadoutBeside = 8; // from the cursor's line

} // namespace

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

/** Lanes too low for numbers in their headers say them in one line beside the cursor. */
void TimelineView::paintReadouts(QPainter &painter, const TimelineLayout &layout)
{
    const std::optional<RecordingTime> time = readoutTime();
    if (!time)
        return;
    const double x = std::floor(axis().xOf(*time));
    if (x < layout.plotLeft || x > layout.plotLeft + layout.plotWidth)
        return;
    const Theme &theme = themeOf(palette());
    painter.save();
    painter.setClipRect(layout.body, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(font()));
    for (const TimelineRow &row : layout.rows) {
        if (row.kind != TimelineRowKind::lane || !row.rect.intersects(layout.body) || saysValuesInHeader(row))
            continue;
        const LaneData &lane = *m_content.lanes[row.index];
        struct Part {
            QString name, value;
            QColor colour;
            double nameWidth, width;
        };
        std::vector<Part> parts;
        double width = 2 * kReadoutPadding - kReadoutSpacing;
        for (std::size_t each = 0; each < lane.values.size(); ++each) {
            if (!m_content.looks[row.index].showsAxis(each))
                continue;
            const QString name = lane.axes.value(static_cast<qsizetype>(each), QString::number(each));
            Part part{name, readout(row.index, each), axisColour(theme, name, static_cast<int>(each)), painter.fontMetrics().horizontalAdvance(name) + 4.0, 0};
            part.width = kReadoutDot + part.nameWidth + tabularWidth(painter.font(), part.value) + kReadoutSpacing;
            if (width + part.width > layout.plotWidth)
                break; // of very many, the first
            width += part.width;
            parts.push_back(std::move(part));
        }
        if (parts.empty())
            continue;
        const double beside = x + kReadoutBeside;
        const double left = beside + width <= layout.plotLeft + layout.plotWidth ? beside : std::max<double>(layout.plotLeft, x - kReadoutBeside - width);
        const QRectF box(left, row.rect.top() + 3.0, width, 17);
        QColor ground = theme.raised;
        ground.setAlphaF(0.92F);
        painter.setPen(theme.line);
        painter.setBrush(ground);
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        double at = box.left() + kReadoutPadding;
        for (const Part &part : parts) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(part.colour);
            painter.drawEllipse(QPointF(at + 3, box.center().y()), 3, 3);
            painter.setPen(theme.dim);
            painter.drawText(QRectF(at + kReadoutDot, box.top(), part.nameWidth, box.height()), Qt::AlignLeft | Qt::AlignVCenter, part.name);
            painter.setPen(theme.text);
            const double valueLeft = at + kReadoutDot + part.nameWidth;
            drawTabular(painter, QRectF(valueLeft, box.top(), at + part.width - valueLeft, box.height()), Qt::AlignLeft, part.value);
            at += part.width;
        }
    }
    painter.restore();
}

bool TimelineView::saysValuesInHeader(const TimelineRow &row) const
{
    bool isStacked = false;
    axisNameRect(row.index, 0, row.rect, isStacked);
    return isStacked || m_content.lanes[row.index]->values.size() == 1;
}

/** Without a mouse, for whoever moves the playhead by keys. */
std::optional<RecordingTime> TimelineView::readoutTime() const
{
    return m_cursor || !(hasFocus() && m_showsFocus) ? m_cursor : m_playhead;
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
    // Below the numbers of the ruler.
    const int flagTop = layout.ruler.top() + kRulerMarksTop;
    const auto flag = [&](double x, const QString &letter, bool pointsRight) {
        const QRectF box(pointsRight ? x : x - 13, flagTop, 13, layout.ruler.bottom() + 1 - flagTop);
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
    const QRectF chip(left, layout.ruler.top() + 1, width, kRulerMarksTop - 1);
    // A number of the ruler that would be seen in part says nothing.
    for (const RulerLabel &label : rulerLabels(axis(), layout, painter.font())) {
        if (label.rect.intersects(chip))
            painter.fillRect(label.rect, theme.surface);
    }
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
    const double top = layout.ruler.top() + kRulerMarksTop;
    painter.drawPolygon(QPolygonF({QPointF(line - 5.5, top), QPointF(line + 6.5, top), QPointF(line + 6.5, top + 3), QPointF(line + 0.5, top + 10), QPointF(line - 5.5, top + 3)}));
    painter.restore();
}

} // namespace kino
