#include "widgets/charts/curve_lines.h"

#include "widgets/style/text_painting.h"

#include <QChart>
#include <QPainter>

#include <cmath>

namespace kino {
namespace {

QColor mixed(const QColor &ink, const QColor &ground, double share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(std::lround(a * share + b * (1 - share))); };
    return {mix(ink.red(), ground.red()), mix(ink.green(), ground.green()), mix(ink.blue(), ground.blue())};
}

} // namespace

QPen curvePen(const Theme &theme, int place, double width)
{
    const auto colours = static_cast<int>(theme.labels.size());
    constexpr std::array<Qt::PenStyle, 3> kStyles{Qt::SolidLine, Qt::DashLine, Qt::DotLine};
    QPen pen(theme.labels[static_cast<std::size_t>(place % colours)], width, kStyles[static_cast<std::size_t>(place / colours) % kStyles.size()]);
    pen.setCosmetic(true);
    return pen;
}

CurveChart::Lines::Lines(CurveChart &owner) : QGraphicsItem(owner.chart()), m_owner(owner)
{
    setZValue(20);
    setCacheMode(DeviceCoordinateCache); // a cursor that moves over them paints none
    setAcceptedMouseButtons(Qt::NoButton);
}

void CurveChart::Lines::setRect(const QRectF &rect)
{
    prepareGeometryChange();
    m_rect = rect;
}

void CurveChart::Lines::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const Theme &theme = themeOf(m_owner.palette());
    painter->setClipRect(m_rect);
    const std::size_t count = std::min(m_owner.m_prepared.size(), m_owner.m_curves.size());
    const auto faintPen = [&theme](int place) {
        QPen faint = curvePen(theme, place, 1);
        faint.setStyle(Qt::SolidLine);
        faint.setColor(mixed(faint.color(), theme.surface, 0.35));
        return faint;
    };
    for (std::size_t index = 0; index < count; ++index)
        paintBand(*painter, m_owner.m_prepared[index], curvePen(theme, m_owner.m_curves[index].place, 1).color());
    for (std::size_t index = 0; index < count; ++index) {
        if (m_owner.m_curves[index].isMember)
            paintLines(*painter, m_owner.m_prepared[index].drawn(), faintPen(m_owner.m_curves[index].place));
    }
    for (std::size_t index = 0; index < count; ++index) {
        const Prepared &prepared = m_owner.m_prepared[index];
        const Curve &curve = m_owner.m_curves[index];
        if (curve.isMember)
            continue;
        // Of a mean its band is what lies behind it.
        if (!prepared.smooth.isEmpty() && prepared.low.isEmpty())
            paintLines(*painter, prepared.raw, faintPen(curve.place));
        paintLines(*painter, prepared.drawn(), curvePen(theme, curve.place, 1.6));
        paintDrops(*painter, curve, theme);
    }
}

QPointF CurveChart::Lines::placeOf(const QPointF &point) const
{
    const ValueRange x = m_owner.m_x, y = m_owner.m_y;
    const bool hasPlace = m_owner.m_settings.scale == CurveScale::linear || point.y() > 0; // a logarithm has none for the others
    const double height = hasPlace ? std::clamp((m_owner.onAxis(point.y()) - y.low) / y.span(), -10.0, 11.0) : -10.0;
    return {m_rect.left() + (point.x() - x.low) / x.span() * m_rect.width(), m_rect.bottom() - height * m_rect.height()};
}

void CurveChart::Lines::paintBand(QPainter &painter, const Prepared &prepared, QColor colour) const
{
    if (prepared.low.isEmpty())
        return;
    const int columns = std::max(1, static_cast<int>(m_rect.width()));
    const ValueRange x = m_owner.m_x;
    const auto upper = prepared.high.lines(x.low, x.high, columns), lower = prepared.low.lines(x.low, x.high, columns);
    if (upper.size() != 1 || lower.size() != 1) // without gaps: there is a mean only where all have a value
        return;
    QPolygonF outline;
    for (const QPointF &point : upper.front())
        outline.append(placeOf(point));
    for (auto point = lower.front().rbegin(); point != lower.front().rend(); ++point)
        outline.append(placeOf(*point));
    colour.setAlphaF(0.18F);
    painter.setRenderHint(QPainter::Antialiasing, outline.size() < 2 * columns);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPolygon(outline);
    painter.setBrush(Qt::NoBrush);
}

void CurveChart::Lines::paintDrops(QPainter &painter, const Curve &curve, const Theme &theme) const
{
    constexpr double kTick = 9;
    painter.setFont(smallFont(m_owner.font()));
    double textEnd = -1e9;
    for (const CurveDrop &drop : curve.drops) {
        const double x = placeOf({drop.xAt(m_owner.m_settings.axis), 1}).x();
        if (x < m_rect.left() || x > m_rect.right())
            continue;
        painter.setPen(curvePen(theme, curve.place, 1.6));
        painter.drawLine(QPointF(x, m_rect.bottom()), QPointF(x, m_rect.bottom() - kTick));
        const QString words = CurveChart::tr("%1 go on").arg(drop.runs);
        const double width = painter.fontMetrics().horizontalAdvance(words), left = x + 3 + width <= m_rect.right() ? x + 3 : x - 3 - width;
        if (left < std::max(textEnd, m_rect.left()))
            continue;
        painter.setPen(theme.dim);
        painter.drawText(QPointF(left, m_rect.bottom() - 2), words);
        textEnd = left + width + 6;
    }
}

void CurveChart::Lines::paintLines(QPainter &painter, const CurvePyramid &curve, const QPen &pen) const
{
    // A line that fills its columns, or goes up and down again and again, is a band: edges that are smooth would cost much and show
    // nothing.
    constexpr double kMostStrokes = 6; // of the chart's width
    QPen plain = pen;
    plain.setWidthF(1);
    plain.setStyle(Qt::SolidLine);
    const bool isLog = m_owner.m_settings.scale == CurveScale::logarithmic;
    const ValueRange x = m_owner.m_x;
    QPolygonF part;
    double length = 0;
    const auto flush = [&] {
        const bool isBand = part.size() > 1.5 * m_rect.width() || length > kMostStrokes * m_rect.width();
        length = 0;
        painter.setRenderHint(QPainter::Antialiasing, !isBand && pen.widthF() > 1);
        painter.setPen(isBand ? plain : pen);
        if (part.size() == 1) {
            painter.setBrush(pen.color());
            painter.drawEllipse(part.front(), 1.5, 1.5);
            painter.setBrush(Qt::NoBrush);
        } else if (!part.isEmpty()) {
            painter.drawPolyline(part);
        }
        part.clear();
    };
    for (const std::vector<QPointF> &line : curve.lines(x.low, x.high, std::max(1, static_cast<int>(m_rect.width())))) {
        for (const QPointF &point : line) {
            if (isLog && !(point.y() > 0)) { // a logarithm has no place for it
                flush();
                continue;
            }
            const QPointF place = placeOf(point);
            if (part.isEmpty()) {
                part.append(place);
            } else if (const QPointF way = place - part.back(); std::abs(way.x()) >= 0.7 || std::abs(way.y()) >= 0.4) {
                length += way.manhattanLength();
                part.append(place);
            }
        }
        flush();
    }
}

} // namespace kino
