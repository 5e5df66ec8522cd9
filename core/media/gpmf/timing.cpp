#include "core/media/gpmf/timing.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kino {
namespace {

constexpr double kRobustSigma = 1.4826; // of a median of magnitudes, for a normal distribution
constexpr double kInlierSigmas = 4;
constexpr double kLeastHoleS = 0.15;
constexpr double kHolePeriods = 4;
constexpr std::size_t kDriftBlocks = 30;
constexpr std::size_t kLeastDriftPoints = 3 * kDriftBlocks;

double medianOf(std::vector<double> values)
{
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

double weightedMedian(std::vector<std::pair<double, double>> valuesAndWeights)
{
    std::sort(valuesAndWeights.begin(), valuesAndWeights.end());
    double total = 0;
    for (const auto &[value, weight] : valuesAndWeights)
        total += weight;
    double sum = 0;
    for (const auto &[value, weight] : valuesAndWeights) {
        sum += weight;
        if (sum * 2 >= total)
            return value;
    }
    return 0;
}

/** Slopes between points: all pairs of few, pairs half the points apart of many. */
double medianSlope(std::span<const double> x, std::span<const double> y)
{
    constexpr std::size_t kAllPairsUpTo = 200;
    std::vector<double> slopes;
    const std::size_t n = x.size();
    const auto add = [&](std::size_t i, std::size_t k) {
        if (x[k] != x[i])
            slopes.push_back((y[k] - y[i]) / (x[k] - x[i]));
    };
    if (n <= kAllPairsUpTo) {
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t k = i + 1; k < n; ++k)
                add(i, k);
        }
    } else {
        for (std::size_t i = 0; i + n / 2 < n; ++i)
            add(i, i + n / 2);
    }
    return medianOf(std::move(slopes));
}

struct Point {
    double number; // of the block's first sample
    double timeS;
};

/** Blocks between two holes. */
struct Segment {
    std::size_t firstBlock = 0; // among those with rows
    std::vector<Point> points;
    bool clockWentBack = false;
};

struct Drift {
    std::vector<double> numbers;
    std::vector<double> offsetsS;

    /** Between the knots, and outside of them by the steepness of the nearest two. */
    double at(double number) const
    {
        if (numbers.empty())
            return 0;
        const auto after = std::upper_bound(numbers.begin() + 1, numbers.end() - 1, number);
        const auto i = static_cast<std::size_t>(after - numbers.begin());
        const double part = (number - numbers[i - 1]) / (numbers[i] - numbers[i - 1]);
        return offsetsS[i - 1] + part * (offsetsS[i] - offsetsS[i - 1]);
    }
};

Drift findDrift(const std::vector<Point> &points, const RobustLine &line)
{
    constexpr double kLeastDriftS = 0.0005;
    if (points.size() < kLeastDriftPoints)
        return {};
    const std::size_t groups = points.size() / kDriftBlocks;
    Drift drift;
    std::vector<double> withinGroups;
    for (std::size_t group = 0; group < groups; ++group) {
        const std::size_t begin = points.size() * group / groups;
        const std::size_t end = points.size() * (group + 1) / groups;
        std::vector<double> residuals;
        double middle = 0;
        for (std::size_t i = begin; i < end; ++i) {
            residuals.push_back(points[i].timeS - line.intercept - line.slope * points[i].number);
            middle += points[i].number / static_cast<double>(end - begin);
        }
        const double offset = medianOf(residuals);
        for (const double residual : residuals)
            withinGroups.push_back(std::abs(residual - offset));
        drift.numbers.push_back(middle);
        drift.offsetsS.push_back(offset);
    }
    // The noise of a median of n values is 1.25 times that of their mean.
    const double noise
        = 1.25 * kRobustSigma * medianOf(withinGroups) / std::sqrt(static_cast<double>(kDriftBlocks));
    const auto farthest = std::max_element(drift.offsetsS.begin(), drift.offsetsS.end(),
        [](double a, double b) { return std::abs(a) < std::abs(b); });
    if (std::abs(*farthest) <= 4 * noise + kLeastDriftS)
        return {};
    for (std::size_t i = 1; i < groups; ++i) {
        const double steepness
            = (drift.offsetsS[i] - drift.offsetsS[i - 1]) / (drift.numbers[i] - drift.numbers[i - 1]);
        if (std::abs(steepness) > line.slope / 10)
            return {}; // no clock drifts by a tenth: whatever this is, time must not bend for it
    }
    return drift;
}

class Timer {
public:
    Timer(std::span<const TimingBlock> blocks, TimingEvidence evidence, double assumedSpanS)
        : m_blocks(blocks), m_evidence(evidence), m_assumedSpanS(assumedSpanS)
    {
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            if (blocks[i].rows > 0)
                m_active.push_back(i);
        }
    }

    SampleTimes compute()
    {
        if (m_active.empty())
            return {};
        if (takeOwnTimes())
            return std::move(m_result);
        findRoughPeriod();
        numberSamples();
        writeTimes();
        return std::move(m_result);
    }

private:
    const TimingBlock &block(std::size_t active) const { return m_blocks[m_active[active]]; }

    /** Streams of single samples: their stamps are their times. */
    bool takeOwnTimes()
    {
        if (m_active.size() < 2)
            return false;
        std::vector<Nanos> times;
        times.reserve(m_active.size());
        for (std::size_t i = 0; i < m_active.size(); ++i) {
            if (block(i).rows != 1 || !block(i).startS)
                return false;
            const Nanos time = fromSeconds(*block(i).startS);
            if (!times.empty() && time <= times.back())
                return false;
            times.push_back(time);
        }
        m_result.periodS = (*block(m_active.size() - 1).startS - *block(0).startS)
            / static_cast<double>(m_active.size() - 1);
        m_result.timesNs = std::move(times);
        return true;
    }

    void findRoughPeriod()
    {
        std::vector<std::pair<double, double>> periods;
        std::vector<double> steps;
        for (std::size_t i = 1; i < m_active.size(); ++i) {
            if (!block(i).startS || !block(i - 1).startS)
                continue;
            const double step = *block(i).startS - *block(i - 1).startS;
            const auto rows = static_cast<double>(block(i - 1).rows);
            if (step > 0) {
                periods.emplace_back(step / rows, rows);
                steps.push_back(step);
            }
        }
        m_periodS = weightedMedian(std::move(periods));
        m_typicalStepS = medianOf(std::move(steps));
        if (m_periodS > 0)
            return;
        m_periodS = m_assumedSpanS / static_cast<double>(block(0).rows);
        m_typicalStepS = m_assumedSpanS;
        m_result.periodAssumed = true;
    }

    /** Samples from one active block's first to the next one's, missing ones included. */
    double samplesBetween(std::size_t previous, std::optional<double> stepS)
    {
        const TimingBlock &a = block(previous);
        const TimingBlock &b = block(previous + 1);
        const auto rows = static_cast<double>(a.rows);
        if (!a.totalAfter || !b.totalAfter || *b.totalAfter < b.rows || *a.totalAfter < a.rows)
            return rows;
        const double stated = static_cast<double>(*b.totalAfter) - static_cast<double>(b.rows)
            - static_cast<double>(*a.totalAfter) + rows;
        if (stated == rows)
            return rows;
        const double missing = stated - rows;
        const double tolerance = std::max(kHolePeriods * m_periodS, 0.3 * m_typicalStepS);
        const bool isPlausible = missing > 0
            && (m_evidence == TimingEvidence::assumed || !stepS
                    ? missing * m_periodS < 3600
                    : std::abs(*stepS - stated * m_periodS) <= tolerance
                        || std::abs(*stepS - stated * m_periodS) <= std::abs(*stepS - rows * m_periodS));
        const char *code = isPlausible ? "missing-samples" : "sample-count";
        m_result.findings.push_back({code, m_active[previous + 1], static_cast<std::int64_t>(std::llround(missing)),
            isPlausible ? missing * m_periodS : 0});
        return isPlausible ? stated : rows;
    }

    void numberSamples()
    {
        double number = 0;
        double shiftS = 0; // assumed times know nothing of samples that are missing
        for (std::size_t i = 0; i < m_active.size(); ++i) {
            bool isNewSegment = i == 0;
            bool wentBack = false;
            if (i > 0) {
                std::optional<double> stepS;
                if (block(i).startS && block(i - 1).startS)
                    stepS = *block(i).startS - *block(i - 1).startS;
                const double samples = samplesBetween(i - 1, stepS);
                number += samples;
                if (m_evidence == TimingEvidence::assumed)
                    shiftS += (samples - static_cast<double>(block(i - 1).rows)) * m_periodS;
                else if (stepS && *stepS - samples * m_periodS > leastHoleS(i)) {
                    isNewSegment = true;
                    m_result.findings.push_back({"clock-jump", m_active[i], 1, *stepS - samples * m_periodS});
                } else if (stepS && *stepS < -kLeastHoleS) {
                    isNewSegment = wentBack = true;
                    m_result.findings.push_back({"clock-back", m_active[i], 1, *stepS});
                }
            }
            if (isNewSegment) {
                m_segments.push_back({i, {}, wentBack});
            }
            m_numbers.push_back(number);
            if (block(i).startS)
                m_segments.back().points.push_back({number, *block(i).startS + shiftS});
        }
        const TimingBlock &last = m_blocks[m_active.back()];
        if (last.startS && last.endS && *last.endS > *last.startS)
            m_segments.back().points.push_back({number + static_cast<double>(last.rows), *last.endS + shiftS});
    }

    double leastHoleS(std::size_t active) const
    {
        double least = std::max(kHolePeriods * m_periodS, kLeastHoleS);
        if (m_evidence == TimingEvidence::payloads)
            least = std::max(least, (active == 1 ? 1.0 : 0.5) * m_typicalStepS);
        return least;
    }

    /** The line of a segment; where it has too few points, `common` gives the slope. */
    RobustLine fitSegment(const Segment &segment, std::optional<double> common) const
    {
        std::vector<double> numbers;
        std::vector<double> times;
        // The first payload starts with the recording, not with its first sample: where times are the payloads' its point
        // is the worst of all. With both ends known, all samples lie between them and none is to be left out.
        const bool skipsFirst = segment.firstBlock == 0 && m_evidence != TimingEvidence::stamps
            && segment.points.size() >= 4 && !m_blocks[m_active.back()].endS;
        for (std::size_t i = skipsFirst ? 1 : 0; i < segment.points.size(); ++i) {
            numbers.push_back(segment.points[i].number);
            times.push_back(segment.points[i].timeS);
        }
        RobustLine line;
        line.slope = common.value_or(m_periodS);
        if (numbers.size() >= 3 || (numbers.size() == 2 && !common)) {
            const RobustLine fitted = fitRobustLine(numbers, times);
            if (std::isfinite(fitted.slope) && fitted.slope > 0)
                return fitted;
        }
        std::vector<double> intercepts;
        for (std::size_t i = 0; i < numbers.size(); ++i)
            intercepts.push_back(times[i] - line.slope * numbers[i]);
        line.intercept = medianOf(std::move(intercepts));
        return line;
    }

    void writeTimes()
    {
        const auto longest = std::max_element(m_segments.begin(), m_segments.end(),
            [](const Segment &a, const Segment &b) { return a.points.size() < b.points.size(); });
        const RobustLine best = fitSegment(*longest, std::nullopt);
        m_result.periodS = best.slope;
        std::size_t total = 0;
        for (const std::size_t i : m_active)
            total += m_blocks[i].rows;
        m_result.timesNs.reserve(total);
        for (std::size_t s = 0; s < m_segments.size(); ++s) {
            const Segment &segment = m_segments[s];
            const std::size_t end = s + 1 < m_segments.size() ? m_segments[s + 1].firstBlock : m_active.size();
            RobustLine line = &segment == &*longest ? best : fitSegment(segment, best.slope);
            const Drift drift = findDrift(segment.points, line);
            // A clock that went back, and noise at a hole's edge, must not make time go back.
            const double first = line.intercept + line.slope * m_numbers[segment.firstBlock]
                + drift.at(m_numbers[segment.firstBlock]);
            if (s > 0) {
                const double least = toSeconds(m_result.timesNs.back()) + line.slope;
                if (segment.clockWentBack || first < least)
                    line.intercept += least - first;
            }
            for (std::size_t i = segment.firstBlock; i < end; ++i) {
                for (std::size_t row = 0; row < block(i).rows; ++row) {
                    const double number = m_numbers[i] + static_cast<double>(row);
                    m_result.timesNs.push_back(
                        fromSeconds(line.intercept + line.slope * number + drift.at(number)));
                }
            }
        }
    }

    std::span<const TimingBlock> m_blocks;
    TimingEvidence m_evidence;
    double m_assumedSpanS;
    std::vector<std::size_t> m_active;  // blocks with rows
    std::vector<double> m_numbers;      // of each active block's first sample
    std::vector<Segment> m_segments;
    double m_periodS = 0;
    double m_typicalStepS = 0;
    SampleTimes m_result;
};

} // namespace

RobustLine fitRobustLine(std::span<const double> x, std::span<const double> y)
{
    RobustLine line;
    line.slope = medianSlope(x, y);
    std::vector<double> residuals(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        residuals[i] = y[i] - line.slope * x[i];
    line.intercept = medianOf(residuals);
    for (double &residual : residuals)
        residual = std::abs(residual - line.intercept);
    line.spread = kRobustSigma * medianOf(residuals);

    // Rounding alone gives points that agree exactly a spread of 0: they must not lose their neighbours for that.
    const double scale = std::abs(y.back() - y.front());
    const double limit = kInlierSigmas * line.spread + 1e-9 * scale;
    double count = 0, meanX = 0, meanY = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (residuals[i] <= limit) {
            ++count;
            meanX += x[i];
            meanY += y[i];
        }
    }
    if (count < 2)
        return line;
    meanX /= count;
    meanY /= count;
    double xx = 0, xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (residuals[i] <= limit) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
    }
    if (xx > 0) {
        line.slope = xy / xx;
        line.intercept = meanY - line.slope * meanX;
        line.slopeError = line.spread / std::sqrt(xx);
    }
    return line;
}

SampleTimes computeSampleTimes(std::span<const TimingBlock> blocks, TimingEvidence evidence, double assumedSpanS)
{
    return Timer(blocks, evidence, assumedSpanS).compute();
}

} // namespace kino
