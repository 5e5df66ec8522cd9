#include "widgets/charts/curve_chart.h"

#include "widgets/charts/curve_ticks.h"
#include "widgets/style/text_painting.h"

#include <QPainter>

#include <cmath>

namespace kino {
namespace {

QString valueDigits(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', 5).replace(QLatin1Char('-'), QChar(0x2212)) : QStringLiteral("\u2013");
}

} // namespace

void CurveChart::drawForeground(QPainter *painter, const QRectF &)
{
    painter->save();
    painter->resetTransform();
    const Theme &theme = themeOf(palette());
    paintLegend(*painter);
    const bool hasAny = std::ranges::any_of(m_prepared, [](const Prepared &each) { return !each.raw.isEmpty(); });
    if (!hasAny && !m_emptyText.isEmpty()) {
        painter->setPen(theme.dim);
        painter->setFont(font());
        painter->drawText(QRectF(viewport()->rect()).adjusted(16, plotArea().top(), -16, -8), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    if (m_dragFrom && m_dragTo) {
        const QRectF area = plotArea();
        QColor veil = theme.accent;
        veil.setAlpha(50);
        painter->fillRect(QRectF(QPointF(m_dragFrom->x(), area.top()), QPointF(m_dragTo->x(), area.bottom())).normalized().intersected(area), veil);
    }
    if (m_hover && hasAny && !m_dragFrom)
        paintHover(*painter);
    painter->restore();
}

/** Title on the left, then each curve's line and name, as many as there is room for. */
void CurveChart::paintLegend(QPainter &painter) const
{
    const Theme &theme = themeOf(palette());
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    painter.setFont(strong);
    painter.setPen(theme.text);
    const QRectF line(12, 2, viewport()->width() - 24.0, plotArea().top() - 6);
    const QString title = QFontMetricsF(strong).elidedText(m_title, Qt::ElideMiddle, line.width());
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, title);
    const QFont small = smallFont(font());
    painter.setFont(small);
    const QFontMetricsF metrics(small);
    double x = line.left() + QFontMetricsF(strong).horizontalAdvance(title) + 20;
    if (!m_legendNote.isEmpty()) {
        painter.setPen(theme.dim);
        painter.drawText(QRectF(x - 12, line.top(), line.right() - x + 12, line.height()), Qt::AlignLeft | Qt::AlignVCenter, m_legendNote);
        x += metrics.horizontalAdvance(m_legendNote) + 8;
    }
    std::vector<const Curve *> named;
    for (const Curve &curve : m_curves) {
        if (!curve.isMember)
            named.push_back(&curve);
    }
    for (std::size_t index = 0; index < named.size(); ++index) {
        const QString rest = QStringLiteral("+%1").arg(named.size() - index);
        const double left = line.right() - x - 20;
        const double restWidth = index + 1 < named.size() ? metrics.horizontalAdvance(rest) + 12 : 0;
        const QString name = metrics.elidedText(named[index]->name, Qt::ElideMiddle, std::min(150.0, left - restWidth));
        if (left - restWidth < 40) {
            painter.setPen(theme.dim);
            painter.drawText(QRectF(x, line.top(), line.right() - x, line.height()), Qt::AlignLeft | Qt::AlignVCenter, rest);
            return;
        }
        painter.setPen(curvePen(theme, named[index]->place, 2));
        painter.drawLine(QPointF(x, line.center().y()), QPointF(x + 14, line.center().y()));
        painter.setPen(theme.dim);
        painter.drawText(QRectF(x + 18, line.top(), left, line.height()), Qt::AlignLeft | Qt::AlignVCenter, name);
        x += 18 + metrics.horizontalAdvance(name) + 14;
    }
}

void CurveChart::paintHover(QPainter &painter) const
{
    const Theme &theme = themeOf(palette());
    const std::vector<Reading> readings = readingsAt(*m_hover);
    const QRectF area = plotArea();
    const double x = area.left() + (*m_hover - m_x.low) / m_x.span() * area.width();
    if (readings.empty() || x < area.left() || x > area.right())
        return;
    painter.setPen(QPen(theme.dim, 1));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const Reading &reading : readings) {
        if (m_settings.scale == CurveScale::logarithmic && !(reading.value > 0))
            continue;
        const QPointF at = positionOf(reading.x, reading.value);
        if (!area.adjusted(-1, -1, 1, 1).contains(at))
            continue;
        painter.setPen(QPen(theme.surface, 1));
        painter.setBrush(curvePen(theme, reading.place, 1).color());
        painter.drawEllipse(at, 3.5, 3.5);
    }
    const QFont small = smallFont(font());
    painter.setFont(small);
    const QFontMetricsF metrics(small);
    const double row = metrics.height() + 3;
    constexpr std::size_t kMostRows = 14;
    const std::size_t shown = std::min(readings.size(), kMostRows);
    const auto valueOf = [&](const Reading &reading) {
        if (reading.band)
            return tr("%1  [%2, %3]").arg(valueDigits(reading.value), valueDigits(reading.band->low), valueDigits(reading.band->high));
        return m_settings.smoothing > 0 ? tr("%1  (%2)").arg(valueDigits(reading.value), valueDigits(reading.raw)) : valueDigits(reading.value);
    };
    double names = 0, values = 0;
    for (std::size_t index = 0; index < shown; ++index) {
        names = std::max(names, std::min(140.0, metrics.horizontalAdvance(readings[index].name)));
        values = std::max(values, tabularWidth(small, valueOf(readings[index])));
    }
    QString head = curveInstantText(readings.front().x, m_settings.axis);
    if (m_settings.axis != CurveAxis::epoch)
        head += QStringLiteral("  \u00b7  ") + curveInstantText(readings.front().epoch, CurveAxis::epoch);
    const double width = std::max(names + values + 42, metrics.horizontalAdvance(head) + 16);
    const double height = row * static_cast<double>(shown + 1 + (shown < readings.size() ? 1 : 0)) + 10;
    QRectF box(x + 12, area.top() + 4, width, height);
    if (box.right() > area.right())
        box.moveRight(x - 12);
    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(box, 6, 6);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(theme.dim);
    QRectF line(box.left() + 8, box.top() + 5, box.width() - 16, row);
    drawTabular(painter, line, Qt::AlignLeft, head);
    for (std::size_t index = 0; index < shown; ++index) {
        line.translate(0, row);
        painter.setPen(curvePen(theme, readings[index].place, 2));
        painter.drawLine(QPointF(line.left(), line.center().y()), QPointF(line.left() + 12, line.center().y()));
        painter.setPen(theme.text);
        painter.drawText(line.adjusted(18, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(readings[index].name, Qt::ElideMiddle, 140));
        drawTabular(painter, line, Qt::AlignRight, valueOf(readings[index]));
    }
    if (shown < readings.size()) {
        line.translate(0, row);
        painter.setPen(theme.dim);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, tr("and %1 more").arg(readings.size() - shown));
    }
}

} // namespace kino
