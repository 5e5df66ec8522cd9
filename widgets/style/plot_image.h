// A panel's picture on the clipboard. GUI thread. Files: plot_figure.h.
#pragma once

class QWidget;

namespace kino {

/** As it is seen, pixel for pixel. */
void copyAsImage(QWidget &plot);

} // namespace kino
