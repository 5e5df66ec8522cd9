// Curves of several runs over their steps as an inline SVG, in colours that the page's style gives them by their place. Values.
#pragma once

#include "core/jobs/report/markup.h"
#include "core/store/jobs/metrics.h"

namespace kino::report {

struct DrawnCurve {
    /** Of the run in the report: its colour. */
    std::size_t place = 0;
    std::string name;
    const std::vector<CurvePoint> *points = nullptr;
};

/** Round numbers (1, 2, 5 times a power of ten) inside [low, high], at most `most`. */
std::vector<double> roundTicks(double low, double high, std::size_t most);

/** In the colour and, beyond twelve, the dashes of the place. */
void drawLine(Markup &page, std::size_t place, const std::string &path, const std::string &name);

/** <svg role="img">, whose text says what it shows. Points that are no numbers leave a gap. Nothing for curves without two numbers. */
void drawCurves(Markup &page, const std::string &metric, std::span<const DrawnCurve> curves);

} // namespace kino::report
