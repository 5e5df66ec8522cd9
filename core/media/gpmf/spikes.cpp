#include "core/media/gpmf/spikes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kino {
namespace {

constexpr std::size_t kNear = 4;  // neighbours that may belong to the same spike
constexpr std::size_t kWide = 21; // samples looked at beyond them, on each side
constexpr std::size_t kLeastNeighbours = 10;
constexpr std::size_t kLongestRun = 5;
constexpr double kSpreads = 30;

using Point = std::array<double, 3>;

double distanceOf(const Point &a, const Point &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

class SpikeFinder {
public:
    explicit SpikeFinder(std::span<const std::vector<float>> columns) : m_columns(columns) {}

    /** Distance from the calm around it; 0 for a sample that is no spike. */
    double spikeDistance(std::size_t index, double leastDistance)
    {
        const Point point = at(index);
        // Cheap first: a spike differs from one of the samples just outside what may belong to it.
        const std::size_t count = m_columns.front().size();
        const double before = index > kNear ? distanceOf(point, at(index - kNear - 1)) : leastDistance;
        const double after = index + kNear + 1 < count ? distanceOf(point, at(index + kNear + 1)) : leastDistance;
        if (!(std::max(before, after) >= leastDistance / 2))
            return 0;
        gather(index);
        if (m_before < kLeastNeighbours && m_neighbours.size() - m_before < kLeastNeighbours)
            return 0;
        Point centre{};
        for (std::size_t axis = 0; axis < centre.size(); ++axis)
            centre[axis] = median(m_neighbours, [&](const Point &p) { return p[axis]; });
        // Both sides must be calm: a knock is calm before only.
        const std::span<const Point> all = m_neighbours;
        double spread = 0;
        for (const std::span<const Point> side : {all.first(m_before), all.subspan(m_before)})
            spread = std::max(spread, median(side, [&](const Point &p) { return distanceOf(p, centre); }));
        const double distance = distanceOf(point, centre);
        return distance > leastDistance && distance > kSpreads * spread ? distance : 0;
    }

private:
    Point at(std::size_t index) const
    {
        Point point{};
        for (std::size_t axis = 0; axis < std::min<std::size_t>(m_columns.size(), 3); ++axis)
            point[axis] = m_columns[axis][index];
        return point;
    }

    void gather(std::size_t index)
    {
        m_neighbours.clear();
        m_before = 0;
        const std::size_t count = m_columns.front().size();
        const std::size_t begin = index > kNear + kWide ? index - kNear - kWide : 0;
        const std::size_t end = std::min(count, index + kNear + kWide + 1);
        for (std::size_t i = begin; i < end; ++i) {
            if (i + kNear < index || i > index + kNear) {
                const Point point = at(i);
                if (!std::isfinite(point[0] + point[1] + point[2]))
                    continue;
                m_neighbours.push_back(point);
                m_before += i < index ? 1 : 0;
            }
        }
    }

    template <class Value>
    double median(std::span<const Point> points, const Value &value)
    {
        if (points.empty())
            return 0;
        m_values.clear();
        for (const Point &point : points)
            m_values.push_back(value(point));
        const auto middle = m_values.begin() + static_cast<std::ptrdiff_t>(m_values.size() / 2);
        std::nth_element(m_values.begin(), middle, m_values.end());
        return *middle;
    }

    std::span<const std::vector<float>> m_columns;
    std::vector<Point> m_neighbours;
    std::size_t m_before = 0; // of them, those before the sample
    std::vector<double> m_values;
};

} // namespace

std::vector<SpikeRun> findSpikes(std::span<const std::vector<float>> columns, double leastDistance)
{
    std::vector<SpikeRun> runs;
    if (columns.empty())
        return runs;
    SpikeFinder finder(columns);
    for (std::size_t i = 0; i < columns.front().size(); ++i) {
        const double distance = finder.spikeDistance(i, leastDistance);
        if (distance == 0)
            continue;
        if (runs.empty() || runs.back().first + runs.back().count != i)
            runs.push_back({i, 0, 0});
        ++runs.back().count;
        runs.back().distance = std::max(runs.back().distance, distance);
    }
    std::erase_if(runs, [](const SpikeRun &run) { return run.count > kLongestRun; });
    return runs;
}

} // namespace kino
