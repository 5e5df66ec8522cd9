// Paints a row of windows: each by itself where there is room, else how many of those about a pixel are kept, by class.
// Pure functions of their arguments; any thread.
#pragma once

#include "widgets/style/theme.h"
#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/window_rows.h"

#include <QPainter>
#include <QRectF>

namespace kino {

/** Below so many pixels from one window to the next they are painted as shares. */
inline constexpr double kLeastWindowStep = 4;

/** Windows with so many pixels from one to the next, on average, in what is in view; nothing where none is. */
std::optional<double> windowStep(const WindowRows &rows, std::size_t source, const TimeAxis &axis);

/** Where the source's windows of this sub row lie in the row's plot. */
QRectF windowSubRow(const WindowRows &rows, std::size_t source, const QRectF &plot, int subRow);
/** The sub row at this height; nothing where windows are painted as shares. */
std::optional<int> windowSubRowAt(const WindowRows &rows, std::size_t source, const TimeAxis &axis, const QRectF &plot, double y);

/** `plot` is the row's share of the plots, without its bottom line; clipped to it. `colours` go before those of the names. */
void paintWindows(QPainter &painter, const WindowRows &rows, std::size_t source, const TimeAxis &axis, const QRectF &plot, const LabelColours &colours, const Theme &theme,
                  const QFont &font);

/** As they look in the row, for the legend. */
void paintKeptWindow(QPainter &painter, const QRectF &box, const QColor &colour, const Theme &theme);
void paintDroppedWindow(QPainter &painter, const QRectF &box, const Theme &theme);

} // namespace kino
