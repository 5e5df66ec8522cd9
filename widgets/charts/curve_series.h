// The numbers of one curve and what is drawn of them: smoothed as asked, and no more points than pixels can show. Values; any thread.
#pragma once

#include <QPointF>
#include <QString>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace kino {

/** What lies on the horizontal axis. */
enum class CurveAxis { step, epoch, seconds };

/** Columns of a curve that are owned; of equal length. */
struct CurveColumns {
    std::vector<std::int64_t> steps;
    std::vector<double> epochs, seconds, values;
};

/** Columns of equal length, ascending by step; a value that is not finite is a gap. Immutable. */
struct CurveSeries {
    CurveSeries() = default;
    explicit CurveSeries(CurveColumns columns) : CurveSeries(std::make_shared<const CurveColumns>(std::move(columns))) {}
    /** The first `size` of them: behind these more may be written meanwhile. */
    CurveSeries(const std::shared_ptr<const CurveColumns> &columns, std::size_t size)
        : steps(columns->steps.data(), size), epochs(columns->epochs.data(), size), seconds(columns->seconds.data(), size), values(columns->values.data(), size), owner(columns)
    {
    }
    explicit CurveSeries(const std::shared_ptr<const CurveColumns> &columns) : CurveSeries(columns, columns->values.size()) {}

    std::span<const std::int64_t> steps;
    std::span<const double> epochs;
    /** Of work since the run began. */
    std::span<const double> seconds;
    std::span<const double> values;
    std::shared_ptr<const CurveColumns> owner;

    std::size_t size() const { return values.size(); }
    double xAt(std::size_t index, CurveAxis axis) const
    {
        return axis == CurveAxis::step ? static_cast<double>(steps[index]) : axis == CurveAxis::epoch ? epochs[index] : seconds[index];
    }
};

/**
 * A curve that grows: what it was stays readable where it lies, and a new point is written behind it. add() and series() from one thread; a
 * series from any.
 */
class GrowingCurve {
public:
    GrowingCurve() = default;
    GrowingCurve(GrowingCurve &&) = default;
    GrowingCurve &operator=(GrowingCurve &&) = default;

    void add(std::int64_t step, double epoch, double seconds, double value);
    /** All points so far; nothing is copied. */
    std::shared_ptr<const CurveSeries> series() const;

private:
    std::shared_ptr<CurveColumns> m_columns = std::make_shared<CurveColumns>();
};

/** What lies around a curve, point by point. */
struct CurveBand {
    std::vector<double> low, high;
};

/** Where fewer runs go on than a mean is of. */
struct CurveDrop {
    std::int64_t step = 0;
    double epoch = 0, seconds = 0;
    std::size_t runs = 0;

    double xAt(CurveAxis axis) const { return axis == CurveAxis::step ? static_cast<double>(step) : axis == CurveAxis::epoch ? epoch : seconds; }
};

/**
 * Exponential moving average as TensorBoard and W&B have it, without the bias of its beginning: m = w·m + (1 − w)·v from 0, divided by
 * 1 − w^n. A value that is not finite is passed on and does not count. `weight` from 0 (as it is) to below 1.
 */
std::vector<double> computeSmoothed(std::span<const double> values, double weight);

/**
 * Numbers in ascending order of x, ready to be drawn at any width: blocks of them know their least and greatest, so that a million is as
 * quick as a thousand. NaN in x may not be.
 */
class CurvePyramid {
public:
    CurvePyramid() = default;
    CurvePyramid(std::vector<double> x, std::vector<double> y);

    std::size_t size() const { return m_x.size(); }
    bool isEmpty() const { return m_x.empty(); }
    double x(std::size_t index) const { return m_x[index]; }
    double y(std::size_t index) const { return m_y[index]; }

    /**
     * Lines between which nothing is drawn, for `columns` pixels from `fromX` to `toX`: of each column its first, least, greatest and
     * last point, and of both sides the neighbour outside, so that lines leave the picture where they should. A line of one point is a
     * dot. A gap narrower than a column is not seen.
     */
    std::vector<std::vector<QPointF>> lines(double fromX, double toX, int columns) const;

    struct Extent {
        double least = 0;
        double most = 0;
        bool isEmpty = true;
    };
    /** Of the finite values from `fromX` to `toX`; with `abovezero` of those above 0 alone. */
    enum class Counted { all, aboveZero };
    Extent extent(double fromX, double toX, Counted counted = Counted::all) const;

    /** The finite point nearest to x; size() where there is none. */
    std::size_t nearest(double x) const;

private:
    struct Block {
        double least = 0, most = 0, leastAboveZero = 0;
        std::size_t leastAt = 0, mostAt = 0;
        bool hasFinite = false, hasAboveZero = false, hasGap = false;
    };
    static constexpr std::size_t kBlock = 256;

    std::size_t firstNotBefore(double x) const;
    std::size_t firstAfter(double x) const;

    std::vector<double> m_x, m_y;
    std::vector<Block> m_blocks;
};

} // namespace kino
