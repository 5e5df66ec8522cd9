#include "widgets/controls/status_mark.h"

#include <QCoreApplication>

namespace kino {

void paintMark(QPainter &painter, QPointF centre, Mark mark, const Theme &theme)
{
    if (mark == Mark::none)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    switch (mark) {
    case Mark::none: break;
    case Mark::good:
        painter.setBrush(theme.good);
        painter.drawEllipse(centre, 3.5, 3.5);
        break;
    case Mark::warning:
        painter.setBrush(theme.warning);
        painter.drawPolygon(QPolygonF({centre + QPointF(0, -4.5), centre + QPointF(4.8, 3.8), centre + QPointF(-4.8, 3.8)}));
        break;
    case Mark::bad:
        painter.setPen(QPen(theme.bad, 2, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(centre + QPointF(-3, -3), centre + QPointF(3, 3));
        painter.drawLine(centre + QPointF(-3, 3), centre + QPointF(3, -3));
        break;
    }
    painter.restore();
}

QString markName(Mark mark)
{
    switch (mark) {
    case Mark::none: return {};
    case Mark::good: return QCoreApplication::translate("Mark", "good");
    case Mark::warning: return QCoreApplication::translate("Mark", "warning");
    case Mark::bad: return QCoreApplication::translate("Mark", "problem");
    }
    return {};
}

} // namespace kino
