// Kinoscope's own line icons, 16 px, drawn in the palette's colours. GUI thread.
#pragma once

#include <QIcon>
#include <QString>

namespace kino {

enum class IconInk {
    text,    // the palette's text colour
    onAccent // for a button filled with the accent
};

/** The SVG of this name in resources/icons. It follows the palette: a change of theme needs no new icon. */
QIcon icon(const QString &name, IconInk ink = IconInk::text);

} // namespace kino
