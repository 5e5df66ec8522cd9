// A panel's picture for elsewhere: to the clipboard, or into a PNG file. GUI thread.
#pragma once

#include <QString>

class QWidget;

namespace kino {

void copyAsImage(QWidget &plot);
/** As PNG, pixel for pixel. A sentence where it cannot be written, else empty. */
QString saveAsImage(QWidget &plot, const QString &path);
/** Asks where to, then saves; `name` is proposed. Empty where it went well or nothing was chosen. */
QString askAndSaveAsImage(QWidget &plot, const QString &name);

} // namespace kino
