#include "widgets/charts/curve_series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace kino {

void GrowingCurve::add(std::int64_t step, double epoch, double seconds, double value)
{
    // Readers hold addresses: what is full stays with them, and a larger one goes on.
    if (m_columns->values.size() == m_columns->values.capacity()) {
        const std::size_t room = std::max<std::size_t>(256, 2 * m_columns->values.size());
        auto larger = std::make_shared<CurveColumns>();
        const auto grow = [room](const auto &from, auto &to) {
            to.reserve(room);
            to.assign(from.begin(), from.end());
        };
        grow(m_columns->steps, larger->steps);
        grow(m_columns->epochs, larger->epochs);
        grow(m_columns->seconds, larger->seconds);
        grow(m_columns->values, larger->values);
        m_columns = std::move(larger);
    }
    m_columns->steps.push_back(step);
    m_columns->epochs.push_back(epoch);
    m_columns->seconds.push_back(seconds);
    m_columns->values.push_back(value);
}

std::shared_ptr<const CurveSeries> GrowingCurve::series() const { return std::make_shared<const CurveSeries>(m_columns, m_columns->values.size()); }

std::vector<double> computeSmoothed(std::span<const double> values, double weight)
{
    std::vector<double> smoothed(values.begin(), values.end());
    if (!(weight > 0))
        return smoothed;
    double mean = 0;
    double remainder = 1; // weight^n
    for (double &value : smoothed) {
        if (!std::isfinite(value))
            continue;
        mean = weight * mean + (1 - weight) * value;
        remainder *= weight;
        value = mean / (1 - remainder);
    }
    return smoothed;
}

CurvePyramid::CurvePyramid(std::vector<double> x, std::vector<double> y) : m_x(std::move(x)), m_y(std::move(y))
{
    m_blocks.resize((m_x.size() + kBlock - 1) / kBlock);
    for (std::size_t index = 0; index < m_x.size(); ++index) {
        Block &block = m_blocks[index / kBlock];
        const double value = m_y[index];
        if (!std::isfinite(value)) {
            block.hasGap = true;
            continue;
        }
        if (!block.hasFinite || value < block.least) {
            block.least = value;
            block.leastAt = index;
        }
        if (!block.hasFinite || value > block.most) {
            block.most = value;
            block.mostAt = index;
        }
        block.hasFinite = true;
        if (value > 0 && (!block.hasAboveZero || value < block.leastAboveZero)) {
            block.leastAboveZero = value;
            block.hasAboveZero = true;
        }
    }
}

std::size_t CurvePyramid::firstNotBefore(double x) const { return static_cast<std::size_t>(std::ranges::lower_bound(m_x, x) - m_x.begin()); }

std::size_t CurvePyramid::firstAfter(double x) const { return static_cast<std::size_t>(std::ranges::upper_bound(m_x, x) - m_x.begin()); }

std::vector<std::vector<QPointF>> CurvePyramid::lines(double fromX, double toX, int columns) const
{
    std::vector<std::vector<QPointF>> lines;
    if (isEmpty() || columns < 1 || !(toX > fromX))
        return lines;
    std::size_t begin = firstNotBefore(fromX), end = firstAfter(toX);
    begin -= begin > 0 ? 1 : 0;
    end += end < size() ? 1 : 0;
    const double perColumn = (toX - fromX) / columns;
    const auto columnOf = [&](std::size_t index) { return std::floor((m_x[index] - fromX) / perColumn); };

    bool isOpen = false; // the last line goes on
    const auto add = [&](std::size_t index) {
        const QPointF point(m_x[index], m_y[index]);
        if (!isOpen)
            lines.emplace_back();
        if (!isOpen || lines.back().back() != point)
            lines.back().push_back(point);
        isOpen = true;
    };
    std::size_t lastFinite = size();
    for (std::size_t index = begin; index < end;) {
        if (!std::isfinite(m_y[index])) {
            ++index;
            continue;
        }
        // Whatever lies between two columns' points and was passed over is a gap.
        if (lastFinite != size() && index != lastFinite + 1)
            isOpen = false;
        const double column = columnOf(index);
        const std::size_t first = index;
        std::size_t last = index, least = index, most = index;
        while (index < end && columnOf(index) == column) {
            const std::size_t blockEnd = (index / kBlock + 1) * kBlock;
            const Block &block = m_blocks[index / kBlock];
            if (index % kBlock == 0 && blockEnd <= end && !block.hasGap && columnOf(blockEnd - 1) == column) {
                least = block.least < m_y[least] ? block.leastAt : least;
                most = block.most > m_y[most] ? block.mostAt : most;
                last = blockEnd - 1;
                index = blockEnd;
                continue;
            }
            if (std::isfinite(m_y[index])) {
                least = m_y[index] < m_y[least] ? index : least;
                most = m_y[index] > m_y[most] ? index : most;
                last = index;
            }
            ++index;
        }
        lastFinite = last;
        std::array<std::size_t, 4> kept{first, least, most, last};
        std::ranges::sort(kept);
        for (const std::size_t each : kept)
            add(each);
    }
    return lines;
}

CurvePyramid::Extent CurvePyramid::extent(double fromX, double toX, Counted counted) const
{
    Extent extent;
    const auto take = [&](double least, double most) {
        extent.least = extent.isEmpty ? least : std::min(extent.least, least);
        extent.most = extent.isEmpty ? most : std::max(extent.most, most);
        extent.isEmpty = false;
    };
    const std::size_t end = firstAfter(toX);
    for (std::size_t index = firstNotBefore(fromX); index < end;) {
        const Block &block = m_blocks[index / kBlock];
        if (index % kBlock == 0 && index + kBlock <= end) {
            if (counted == Counted::all ? block.hasFinite : block.hasAboveZero)
                take(counted == Counted::all ? block.least : block.leastAboveZero, block.most);
            index += kBlock;
            continue;
        }
        if (std::isfinite(m_y[index]) && (counted == Counted::all || m_y[index] > 0))
            take(m_y[index], m_y[index]);
        ++index;
    }
    return extent;
}

std::size_t CurvePyramid::nearest(double x) const
{
    std::size_t best = size();
    const auto isNearer = [&](std::size_t index) { return best == size() || std::abs(m_x[index] - x) < std::abs(m_x[best] - x); };
    const std::size_t middle = firstNotBefore(x);
    for (std::size_t index = middle; index < size(); ++index) {
        if (std::isfinite(m_y[index])) {
            best = index;
            break;
        }
    }
    for (std::size_t index = std::min(middle, size()); index-- > 0;) {
        if (std::isfinite(m_y[index])) {
            if (isNearer(index))
                best = index;
            break;
        }
    }
    return best;
}

} // namespace kino
