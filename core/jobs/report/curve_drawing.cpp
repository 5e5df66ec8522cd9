#include "core/jobs/report/curve_drawing.h"

#include "core/jobs/report/figures.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kino::report {
namespace {

// Of the drawing; the page scales it.
constexpr double kWidth = 560, kHeight = 250, kLeft = 62, kRight = 12, kTop = 10, kBottom = 30;
constexpr std::size_t kColours = 12;
// For a reader that takes no style: what can be seen on white and on black.
constexpr const char *kPlainText = "#808080";
constexpr const char *kPlainColours[kColours] = {"#2c7cc7", "#d0501f", "#0b8f6e", "#a27bd9", "#c79a1b", "#4fb3d9", "#c2588e", "#6e8b3d", "#5b5fc7", "#e0874f", "#2fa7a0", "#8b6f5a"};

/** One decimal: a tenth of a pixel is seen by nobody. */
std::string pixels(double value)
{
    char text[32];
    const auto [end, code] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 1);
    return {text, code == std::errc() ? end : text};
}

struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void add(double value)
    {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    /** A single value lies in the middle. */
    void widen()
    {
        if (low == high) {
            const double half = low == 0 ? 1 : std::abs(low) * 0.5;
            low -= half;
            high += half;
        }
    }
};

struct Axes {
    Extent steps, values;

    double x(double step) const { return kLeft + (step - steps.low) / (steps.high - steps.low) * (kWidth - kLeft - kRight); }
    double y(double value) const { return kHeight - kBottom - (value - values.low) / (values.high - values.low) * (kHeight - kTop - kBottom); }
};

/** A tick's few digits, without zeros behind them. */
std::string tickText(double tick)
{
    if (tick == std::round(tick))
        return figureText(tick);
    char text[32];
    const auto [end, code] = std::to_chars(text, text + sizeof text, std::abs(tick), std::chars_format::general, 4);
    return (tick < 0 ? "\u2212" : "") + std::string(text, code == std::errc() ? end : text);
}

void drawAxes(Markup &page, const Axes &axes)
{
    for (const double tick : roundTicks(axes.values.low, axes.values.high, 6)) {
        const std::string y = pixels(axes.y(tick));
        page.empty("line", {{"class", "grid"}, {"stroke", "#808080"}, {"stroke-opacity", "0.3"}, {"x1", pixels(kLeft)}, {"x2", pixels(kWidth - kRight)}, {"y1", y}, {"y2", y}});
        page.element("text", tickText(tick), {{"fill", kPlainText}, {"x", pixels(kLeft - 6)}, {"y", pixels(axes.y(tick) + 4)}, {"text-anchor", "end"}});
    }
    for (const double tick : roundTicks(axes.steps.low, axes.steps.high, 6))
        page.element("text", tickText(tick), {{"fill", kPlainText}, {"x", pixels(axes.x(tick))}, {"y", pixels(kHeight - kBottom + 16)}, {"text-anchor", "middle"}});
    page.element("text", "step", {{"fill", kPlainText}, {"x", pixels(kWidth - kRight)}, {"y", pixels(kHeight - 2)}, {"text-anchor", "end"}});
}

/** Of stretches of numbers; one that stands alone is a dot. */
std::string pathOf(const std::vector<CurvePoint> &points, const Axes &axes)
{
    std::string path;
    bool isDrawing = false;
    for (std::size_t place = 0; place < points.size(); ++place) {
        const CurvePoint &point = points[place];
        if (!std::isfinite(point.value)) {
            isDrawing = false;
            continue;
        }
        const std::string at = pixels(axes.x(static_cast<double>(point.step))) + " " + pixels(axes.y(point.value));
        const bool isAlone = !isDrawing && (place + 1 == points.size() || !std::isfinite(points[place + 1].value));
        path += (isDrawing ? "L" : "M") + at + (isAlone ? "h0" : "");
        isDrawing = true;
    }
    return path;
}

} // namespace

std::vector<double> roundTicks(double low, double high, std::size_t most)
{
    if (!(high > low) || !std::isfinite(high - low) || most == 0)
        return {};
    const double rough = (high - low) / static_cast<double>(most);
    const double power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough) {
            step = factor * power;
            break;
        }
    }
    std::vector<double> ticks;
    for (double place = std::ceil(low / step); place * step <= high && ticks.size() <= most; ++place)
        ticks.push_back(place * step);
    return ticks;
}

void drawLine(Markup &page, std::size_t place, const std::string &path, const std::string &name)
{
    page.open("path", {{"class", "curve k" + std::to_string(place % kColours) + " d" + std::to_string(place / kColours % 4)}, {"fill", "none"}, {"stroke", kPlainColours[place % kColours]}, {"d", path}});
    page.element("title", name).close("path");
}

void drawCurves(Markup &page, const std::string &metric, std::span<const DrawnCurve> curves)
{
    Axes axes;
    std::size_t numbers = 0;
    std::string names;
    for (const DrawnCurve &curve : curves) {
        names += (names.empty() ? "" : ", ") + curve.name;
        for (const CurvePoint &point : *curve.points) {
            if (!std::isfinite(point.value))
                continue;
            axes.steps.add(static_cast<double>(point.step));
            axes.values.add(point.value);
            ++numbers;
        }
    }
    // Their difference may be none, of numbers at the ends of what a double holds.
    if (numbers < 2 || !std::isfinite(axes.values.high - axes.values.low))
        return;
    axes.steps.widen();
    axes.values.widen();
    const std::string title = metric + " of " + names + ": from " + figureText(axes.values.low) + " to " + figureText(axes.values.high);
    page.open("svg", {{"viewBox", "0 0 " + pixels(kWidth) + " " + pixels(kHeight)}, {"role", "img"}, {"aria-label", title}, {"font-size", "11"}, {"preserveAspectRatio", "xMidYMid meet"}});
    drawAxes(page, axes);
    for (const DrawnCurve &curve : curves) {
        if (const std::string path = pathOf(*curve.points, axes); !path.empty())
            drawLine(page, curve.place, path, curve.name);
    }
    page.close("svg").line();
}

} // namespace kino::report
