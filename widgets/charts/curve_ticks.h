// Round marks on the axes of charts: counts, seconds, logarithms. Values; any thread.
#pragma once

#include "widgets/charts/curve_series.h"
#include "widgets/timeline/value_axis.h"

namespace kino {

/** At most `most`, as positions on an axis of log10: 1, 2 and 5 of each decade, or powers of ten, or linear ones where it is short. */
std::vector<ValueTick> computeLogTicks(ValueRange log10Range, int most);

/** Of a horizontal axis; a stretch of seconds is told in seconds, minutes or hours. */
std::vector<ValueTick> computeCurveTicks(ValueRange range, CurveAxis axis, int most);
/** "step", "epoch", "minutes" */
QString curveAxisTitle(ValueRange range, CurveAxis axis);
/** "1,240", "12.5", "3 min 20 s": an instant of it. */
QString curveInstantText(double x, CurveAxis axis);
/** Thousands with commas between: 12,000. */
QString countText(qint64 count);

} // namespace kino
