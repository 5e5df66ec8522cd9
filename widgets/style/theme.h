// The two themes of the window as one table of colours. A widget asks for the theme of its own palette, so switching the
// application's palette is all that a change of theme takes, and no state is shared. GUI thread.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

#include <array>

class QApplication;
class QFrame;
class QWidget;

namespace kino {

enum class ThemeKind { light, dark };

struct Theme {
    ThemeKind kind;
    QColor surface; // behind lanes and as page ground
    QColor raised;  // bars, side panels, controls
    QColor plot;    // ground of a plot
    QColor line;    // hairlines between panels
    QColor grid;    // inside plots
    QColor text;
    QColor dim;
    QColor faint; // text of what is not there
    QColor accent;
    QColor onAccent;
    QColor selection; // selected rows, pressed tabs
    QColor good;
    QColor warning;
    QColor bad;
    /** x, y, z of the Okabe-Ito set, adjusted per theme. */
    std::array<QColor, 3> axes;
    /** Twelve colours for labels, told apart by the colour-blind too. */
    std::array<QColor, 12> labels;
};

const Theme &lightTheme();
const Theme &darkTheme();
const Theme &themeOf(ThemeKind kind);
/** By the lightness of the palette's window colour. */
const Theme &themeOf(const QPalette &palette);

/** x, y, z by name; a fourth and further axes by position; magnitude and everything else is the text colour. */
QColor axisColour(const Theme &theme, const QString &axis, int position);

QPalette paletteOf(const Theme &theme);

/** What the system prefers, read before Kinoscope's own palette is set. */
ThemeKind systemTheme();
/** The same as it was when this was first called: later the palette is Kinoscope's own. */
ThemeKind systemThemeAtStart();

/** Sets Fusion, the palette, the style sheet and the font of the whole application. */
void applyTheme(QApplication &application, ThemeKind kind);

/** 11 pt semibold: the name of a panel. */
QFont panelTitleFont(const QFont &base);
QFont smallFont(const QFont &base);

/** The line of one pixel between two panels. */
QFrame *makeHairline(QWidget *parent);

} // namespace kino
