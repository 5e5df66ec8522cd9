// How annotations look in a row of the timeline, the stored ones and those that a gesture is about to make. GUI thread.
#pragma once

#include "widgets/style/theme.h"
#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/tier_data.h"

#include <QPainter>
#include <QSet>

namespace kino {

struct TierLook {
    const Theme &theme;
    const LabelColours &colours;
    const QSet<AnnotationId> &hidden;
};

/** The box of an annotation that lies from `left` to `right` in a row's plot; in logical pixels. */
QRectF tierItemBox(const QRect &area, double left, double right);
void paintTierItem(QPainter &painter, const QRectF &box, const QString &label, TierKind kind, const TierLook &look);
/** All that the visible range shows, with their texts. The painter is clipped to `area`. */
void paintTierItems(QPainter &painter, const TierData &tier, const QRect &area, TimeRange visible, const TierLook &look);

} // namespace kino
