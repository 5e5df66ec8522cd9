#include "widgets/style/plot_image.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPixmap>
#include <QWidget>

namespace kino {

void copyAsImage(QWidget &plot) { QGuiApplication::clipboard()->setPixmap(plot.grab()); }

} // namespace kino
