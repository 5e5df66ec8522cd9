// The colour of a label follows from its name alone: the same label looks the same in every recording, page and run.
#pragma once

#include "widgets/style/theme.h"

#include <QBrush>
#include <QHash>
#include <QIcon>
#include <QString>

namespace kino {

/** One of twelve colours; beyond them, the same colours hatched one way or the other. */
struct LabelLook {
    int colour = 0;
    enum class Fill { plain, forwardHatch, backwardHatch } fill = Fill::plain;
    friend bool operator==(const LabelLook &, const LabelLook &) = default;
};

/**
 * Activities that many data sets share have a place of their own ("WALKING", "Walk" and "walking" are one label here);
 * any other name takes a place by its hash.
 */
LabelLook labelLook(const QString &label);
QColor labelColour(const Theme &theme, const QString &label);

/** Colours that a person has chosen, by label; they go before what follows from the name. */
using LabelColours = QHash<QString, QColor>;
QColor labelColour(const Theme &theme, const QString &label, const LabelColours &chosen);

/** The dot before a name in lists: 10 logical pixels at `pixelRatio`. GUI thread. */
QIcon labelDot(const QColor &colour, double pixelRatio, LabelLook::Fill fill = LabelLook::Fill::plain);
/** A label's: where its box is hatched, the dot is a ring, half of it filled, so that no two places look alike. */
QIcon labelDot(const Theme &theme, const QString &label, const LabelColours &chosen, double pixelRatio);

} // namespace kino
