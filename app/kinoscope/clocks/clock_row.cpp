#include "app/kinoscope/clocks/clock_row.h"

#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"

#include <QPainter>

namespace kino {

ClockRow::ClockRow(QWidget *parent) : QAbstractButton(parent)
{
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ClockRow::setTexts(const QString &name, const QString &origin, const QString &offset, const QString &drift)
{
    m_name = name;
    m_origin = origin;
    m_offset = offset;
    m_drift = drift;
    const QStringList parts{name, offset, drift, origin};
    setAccessibleName(parts.join(QStringLiteral(", ")));
    setToolTip(parts.join(QLatin1Char('\n')));
    update();
}

void ClockRow::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void ClockRow::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void ClockRow::paintEvent(QPaintEvent *)
{
    const Theme &theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isChecked())
        painter.fillRect(rect(), theme.selection);
    else if (underMouse())
        painter.fillRect(rect(), theme.surface);
    // A ring, filled where it is the one that is moved: told by shape, too.
    const QPointF centre(18, height() / 2.0);
    painter.setPen(QPen(isChecked() ? theme.accent : theme.dim, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(centre, 5, 5);
    if (isChecked()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.accent);
        painter.drawEllipse(centre, 2.5, 2.5);
    }
    const QRectF upper(32, 6, width() - 44.0, 19);
    const QRectF lower(32, 25, width() - 44.0, 17);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    const double offsetWidth = tabularWidth(font(), m_offset);
    painter.setFont(strong);
    painter.setPen(theme.text);
    painter.drawText(upper, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(m_name, Qt::ElideMiddle, static_cast<int>(upper.width() - offsetWidth - 8)));
    painter.setFont(font());
    drawTabular(painter, upper, Qt::AlignRight, m_offset);
    painter.setFont(smallFont(font()));
    painter.setPen(theme.dim);
    const double driftWidth = tabularWidth(painter.font(), m_drift);
    painter.drawText(lower, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(m_origin, Qt::ElideRight, static_cast<int>(lower.width() - driftWidth - 8)));
    drawTabular(painter, lower, Qt::AlignRight, m_drift);
    if (hasFocus()) {
        painter.setPen(theme.accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

} // namespace kino
