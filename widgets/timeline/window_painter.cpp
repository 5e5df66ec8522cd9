#include "widgets/timeline/window_painter.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr double kTopMargin = 6;
constexpr double kBottomMargin = 7;
/** Low enough a row has no room for margins. */
constexpr double kLowPlot = 30;
constexpr double kSubRowGap = 2;
constexpr double kLeastTextWidth = 28;
/** Columns of shares are this wide where windows lie further apart than a pixel. */
constexpr double kMostColumn = 8;

QColor tinted(const QColor &colour, const QColor &ground, double share)
{
    const auto channel = [share](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * share)); };
    return {channel(ground.red(), colour.red()), channel(ground.green(), colour.green()), channel(ground.blue(), colour.blue())};
}

QColor colourOf(const WindowRows &rows, std::int32_t label, const LabelColours &colours, const Theme &theme)
{
    return label < 0 ? theme.accent : labelColour(theme, rows.labels.value(label), colours);
}

QRectF innerOf(const QRectF &plot)
{
    const bool isLow = plot.height() < kLowPlot;
    return plot.adjusted(0, isLow ? 3 : kTopMargin, 0, isLow ? -3 : -kBottomMargin);
}

/** What of a column is kept, by class, and how many windows there are. */
struct ColumnShare {
    std::vector<std::size_t> kept; // by label + 1
    std::size_t all = 0;
};

class SharePainter {
public:
    SharePainter(QPainter &painter, const WindowRows &rows, const QRectF &inner, const LabelColours &colours, const Theme &theme)
        : m_painter(painter), m_inner(inner), m_dropped(tinted(theme.dim, theme.plot, 0.55), Qt::BDiagPattern)
    {
        for (std::int32_t label = -1; label < static_cast<std::int32_t>(rows.labels.size()); ++label)
            m_colours.push_back(tinted(colourOf(rows, label, colours, theme), theme.plot, 0.62));
    }

    /** Columns come from left to right; equal neighbours are painted as one. */
    void add(double left, double right, const ColumnShare &share)
    {
        std::vector<double> heights(m_colours.size());
        for (std::size_t index = 0; index < heights.size(); ++index)
            heights[index] = share.all == 0 ? 0 : std::round(m_inner.height() * 2 * static_cast<double>(share.kept[index]) / static_cast<double>(share.all)) / 2;
        const bool isEmpty = share.all == 0;
        if (m_isOpen && m_right == left && m_isEmpty == isEmpty && m_heights == heights) {
            m_right = right;
            return;
        }
        flush();
        m_isOpen = true;
        m_isEmpty = isEmpty;
        m_left = left;
        m_right = right;
        m_heights = std::move(heights);
    }

    void flush()
    {
        if (!m_isOpen || m_isEmpty)
            return;
        double y = m_inner.bottom();
        for (std::size_t index = 0; index < m_heights.size(); ++index) {
            if (m_heights[index] <= 0)
                continue;
            m_painter.fillRect(QRectF(m_left, y - m_heights[index], m_right - m_left, m_heights[index]), m_colours[index]);
            y -= m_heights[index];
        }
        if (y > m_inner.top() + 0.25)
            m_painter.fillRect(QRectF(m_left, m_inner.top(), m_right - m_left, y - m_inner.top()), m_dropped);
    }

private:
    QPainter &m_painter;
    QRectF m_inner;
    QBrush m_dropped;
    std::vector<QColor> m_colours; // by label + 1
    bool m_isOpen = false;
    bool m_isEmpty = true;
    double m_left = 0;
    double m_right = 0;
    std::vector<double> m_heights;
};

/** Windows count where their middle lies. */
void paintShares(QPainter &painter, const WindowRows &rows, std::size_t source, const TimeAxis &axis, const QRectF &plot, double step, const LabelColours &colours,
                 const Theme &theme)
{
    const std::vector<Window> &windows = rows.windows->windows;
    const WindowSourceRow &row = rows.sources[source];
    const Nanos half = rows.windows->lengthNs / 2;
    const double column = std::clamp(std::ceil(2 * step), 1.0, kMostColumn);
    const auto placeAt = [&](double x, std::size_t from) {
        const auto begin = windows.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end = windows.begin() + static_cast<std::ptrdiff_t>(row.last);
        return static_cast<std::size_t>(std::ranges::lower_bound(begin, end, axis.timeAt(x) - half, {}, &Window::start) - windows.begin());
    };
    SharePainter shares(painter, rows, innerOf(plot), colours, theme);
    std::size_t at = placeAt(plot.left(), row.first);
    auto run = std::ranges::upper_bound(row.runs, at, {}, &WindowRun::last);
    ColumnShare share;
    for (double left = plot.left(); left < plot.right(); left += column) {
        const std::size_t next = placeAt(left + column, at);
        share.kept.assign(static_cast<std::size_t>(rows.labels.size()) + 1, 0);
        share.all = next - at;
        while (at < next) {
            const std::size_t upTo = std::min(next, run->last);
            if (run->isKept)
                share.kept[static_cast<std::size_t>(run->label + 1)] += upTo - at;
            at = upTo;
            if (at == run->last)
                ++run;
        }
        shares.add(left, left + column, share);
    }
    shares.flush();
}

void paintEach(QPainter &painter, const WindowRows &rows, std::size_t source, const TimeAxis &axis, const QRectF &plot, const LabelColours &colours, const Theme &theme,
               const QFont &font)
{
    const auto [first, last] = rows.touching(source, axis.range);
    painter.setFont(smallFont(font));
    for (std::size_t index = first; index < last; ++index) {
        const TimeRange range = rows.rangeOf(index);
        const double left = std::max(axis.xOf(range.start), plot.left() - 8);
        const double right = std::min(axis.xOf(range.end), plot.right() + 8);
        const QRectF lane = windowSubRow(rows, source, plot, rows.subRowOf(source, index));
        const QRectF box(left, lane.top(), std::max(1.0, right - left - 1), lane.height());
        const Window &window = rows.windows->windows[index];
        if (window.fate != WindowFate::kept) {
            paintDroppedWindow(painter, box, theme);
            continue;
        }
        paintKeptWindow(painter, box, colourOf(rows, window.label, colours, theme), theme);
        const QRectF text = box.adjusted(7, 0, -3, 0) & plot.adjusted(4, 0, 0, 0);
        if (window.label < 0 || text.width() < kLeastTextWidth || box.height() < painter.fontMetrics().height() - 3)
            continue;
        painter.setPen(theme.text);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(rows.labels.value(window.label), Qt::ElideRight, static_cast<int>(text.width())));
    }
}

} // namespace

std::optional<double> windowStep(const WindowRows &rows, std::size_t source, const TimeAxis &axis)
{
    const auto [first, last] = rows.touching(source, axis.range);
    if (first == last)
        return std::nullopt;
    return axis.width / static_cast<double>(last - first);
}

QRectF windowSubRow(const WindowRows &rows, std::size_t source, const QRectF &plot, int subRow)
{
    const QRectF inner = innerOf(plot);
    const int count = rows.sources[source].subRows;
    const double height = (inner.height() - (count - 1) * kSubRowGap) / count;
    return {inner.left(), inner.top() + subRow * (height + kSubRowGap), inner.width(), height};
}

std::optional<int> windowSubRowAt(const WindowRows &rows, std::size_t source, const TimeAxis &axis, const QRectF &plot, double y)
{
    const std::optional<double> step = windowStep(rows, source, axis);
    if (!step || *step < kLeastWindowStep)
        return std::nullopt;
    const int count = rows.sources[source].subRows;
    for (int subRow = 0; subRow + 1 < count; ++subRow) {
        if (y < windowSubRow(rows, source, plot, subRow).bottom() + kSubRowGap / 2)
            return subRow;
    }
    return count - 1;
}

void paintKeptWindow(QPainter &painter, const QRectF &box, const QColor &colour, const Theme &theme)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(tinted(colour, theme.plot, theme.kind == ThemeKind::dark ? 0.42 : 0.34));
    painter.drawRoundedRect(box, 2, 2);
    painter.fillRect(QRectF(box.left(), box.top(), std::min(2.0, box.width()), box.height()), colour);
}

void paintDroppedWindow(QPainter &painter, const QRectF &box, const Theme &theme)
{
    painter.setPen(QPen(tinted(theme.dim, theme.plot, 0.6), 1));
    painter.setBrush(box.width() < 4 ? QBrush(Qt::NoBrush) : QBrush(tinted(theme.dim, theme.plot, 0.4), Qt::BDiagPattern));
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
}

void paintWindows(QPainter &painter, const WindowRows &rows, std::size_t source, const TimeAxis &axis, const QRectF &plot, const LabelColours &colours, const Theme &theme,
                  const QFont &font)
{
    const std::optional<double> step = windowStep(rows, source, axis);
    if (!step)
        return;
    painter.save();
    painter.setClipRect(plot);
    if (*step < kLeastWindowStep) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        paintShares(painter, rows, source, axis, plot, *step, colours, theme);
    } else {
        paintEach(painter, rows, source, axis, plot, colours, theme, font);
    }
    painter.restore();
}

} // namespace kino
