// The part of a plot's context menu that saves it. GUI thread.
#pragma once

#include "widgets/style/plot_figure.h"

class QMenu;
class QObject;

namespace kino {

/** "Save as", with a line for each format; what is chosen goes to `save` as long as `context` lives. */
void addSaveMenu(QMenu &menu, QObject *context, std::function<void(PlotFormat format, double pixelRatio)> save);

} // namespace kino
