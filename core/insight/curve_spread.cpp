#include "core/insight/curve_spread.h"

#include "core/insight/spread.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace kino {
namespace {

/** A value of a run at the place where it meets those of others. */
struct Point {
    double key = 0; // the step or the epoch
    std::size_t run = 0;
    double step = 0, epoch = 0, seconds = 0, value = 0;
};

bool hasOneAnEpoch(const RunCurve &curve)
{
    std::set<double> seen;
    for (std::size_t index = 0; index < curve.values.size(); ++index) {
        if (std::isfinite(curve.values[index]) && !seen.insert(curve.epochs[index]).second)
            return false;
    }
    return true;
}

double meanOf(std::span<const Point> points, double Point::*field)
{
    double sum = 0;
    for (const Point &point : points)
        sum += point.*field;
    return sum / static_cast<double>(points.size());
}

/** By key, of each run its last value there. */
std::vector<Point> pointsOf(std::span<const RunCurve> runs, CurveAlignment alignment)
{
    std::vector<Point> points;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        const RunCurve &curve = runs[run];
        for (std::size_t index = 0; index < curve.values.size(); ++index) {
            if (!std::isfinite(curve.values[index]))
                continue;
            const auto step = static_cast<double>(curve.steps[index]);
            const Point point{alignment == CurveAlignment::step ? step : curve.epochs[index], run, step, curve.epochs[index], curve.seconds[index], curve.values[index]};
            if (!points.empty() && points.back().run == run && points.back().key == point.key)
                points.back() = point;
            else
                points.push_back(point);
        }
    }
    std::ranges::stable_sort(points, {}, &Point::key);
    return points;
}

} // namespace

CurveSpread spreadCurves(std::span<const RunCurve> runs)
{
    CurveSpread spread;
    spread.alignment = std::ranges::all_of(runs, hasOneAnEpoch) ? CurveAlignment::epoch : CurveAlignment::step;
    const std::vector<Point> points = pointsOf(runs, spread.alignment);
    std::vector<const Point *> lasts(runs.size(), nullptr);
    for (const Point &point : points)
        lasts[point.run] = &point;
    std::erase(lasts, nullptr);
    spread.runs = lasts.size();
    std::ranges::stable_sort(lasts, {}, [](const Point *point) { return point->key; });
    std::size_t ended = 0;
    std::vector<double> values;
    for (std::size_t first = 0; first < points.size();) {
        std::size_t last = first;
        while (last < points.size() && points[last].key == points[first].key)
            ++last;
        const std::span<const Point> here(points.data() + first, last - first);
        first = last;
        while (ended < lasts.size() && lasts[ended]->key < here.front().key)
            ++ended;
        const std::size_t going = lasts.size() - ended;
        if (here.size() != going || 2 * going < spread.runs)
            continue;
        values.clear();
        for (const Point &point : here)
            values.push_back(point.value);
        const Spread figures = *spreadOf(values);
        spread.steps.push_back(std::llround(meanOf(here, &Point::step)));
        spread.epochs.push_back(meanOf(here, &Point::epoch));
        spread.seconds.push_back(meanOf(here, &Point::seconds));
        spread.mean.push_back(figures.mean);
        spread.least.push_back(figures.least);
        spread.most.push_back(figures.most);
        spread.standardError.push_back(figures.standardError.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    for (std::size_t place = 0; place < lasts.size(); ++place) {
        const bool isLastHere = place + 1 == lasts.size() || lasts[place + 1]->key > lasts[place]->key;
        if (isLastHere && place + 1 < lasts.size())
            spread.drops.push_back({static_cast<std::int64_t>(lasts[place]->step), lasts[place]->epoch, lasts[place]->seconds, lasts.size() - place - 1});
    }
    return spread;
}

} // namespace kino
