// Numbers whose digits stand still while they change: every digit takes the width of the widest.
#pragma once

#include <QFont>
#include <QPainter>
#include <QRectF>
#include <QString>

namespace kino {

/** Of numbers: a hyphen would be too short. */
inline constexpr QChar kMinus(0x2212);

double tabularWidth(const QFont &font, const QString &text);
/** Draws one line, vertically centred, in the painter's font and pen. */
void drawTabular(QPainter &painter, const QRectF &rect, Qt::Alignment alignment, const QString &text);

} // namespace kino
