// Good, warning, bad: told by shape as well as by colour.
#pragma once

#include "widgets/style/theme.h"

#include <QPainter>

namespace kino {

enum class Mark { none, good, warning, bad };

/** A dot, a triangle or a cross of about 8 logical pixels around `centre`. */
void paintMark(QPainter &painter, QPointF centre, Mark mark, const Theme &theme);
/** For accessible texts and tool tips: "good", "warning", "problem". */
QString markName(Mark mark);

} // namespace kino
