// All curves of a chart as one item, painted by ourselves: gaps and a million points cost a chart's own series too much. GUI thread.
#pragma once

#include "widgets/charts/curve_chart.h"

#include <QGraphicsItem>

namespace kino {

class CurveChart::Lines : public QGraphicsItem {
public:
    explicit Lines(CurveChart &owner);

    void setRect(const QRectF &rect);
    QRectF boundingRect() const override { return m_rect; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QPointF placeOf(const QPointF &point) const;
    void paintBand(QPainter &painter, const Prepared &prepared, QColor colour) const;
    /** A tick at the foot, with how many go on. */
    void paintDrops(QPainter &painter, const Curve &curve, const Theme &theme) const;
    void paintLines(QPainter &painter, const CurvePyramid &curve, const QPen &pen) const;

    CurveChart &m_owner;
    QRectF m_rect;
};

} // namespace kino
