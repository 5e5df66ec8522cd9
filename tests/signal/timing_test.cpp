#include "core/signal/timing.h"

#include <random>

using namespace kino;

namespace {

constexpr Nanos kMs = kNanosPerMillisecond;

std::vector<Nanos> evenTimes(std::size_t count, Nanos period, Nanos start = 0)
{
    std::vector<Nanos> times(count);
    for (std::size_t i = 0; i < count; ++i)
        times[i] = start + static_cast<Nanos>(i) * period;
    return times;
}

} // namespace

class TimingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void evenTimesHaveTheirRateAndNoJitter()
    {
        const TimingSummary summary = summariseTiming(evenTimes(1001, 10 * kMs, 1'700'000'000'000'000'000));
        QCOMPARE(summary.samples, std::size_t{1001});
        QCOMPARE(summary.rateHz, 100.0);
        QCOMPARE(summary.medianPeriodNs, 10 * kMs);
        QCOMPARE(summary.jitterNs, 0.0);
        QVERIFY(summary.gaps.empty());
    }

    void smallJitterOfALongSeriesIsNotSwallowed()
    {
        // Steps of 1 s ± 3 ns in turn: the standard deviation is 3 ns exactly.
        std::vector<Nanos> times{0};
        for (int i = 0; i < 100'000; ++i)
            times.push_back(times.back() + kNanosPerSecond + (i % 2 ? 3 : -3));
        QVERIFY(std::abs(summariseTiming(times).jitterNs - 3) < 1e-6);
    }

    void rateLeavesGapsOut()
    {
        std::vector<Nanos> times = evenTimes(100, 20 * kMs);
        for (Nanos time : evenTimes(100, 20 * kMs, times.back() + 12'400 * kMs))
            times.push_back(time);
        const TimingSummary summary = summariseTiming(times);
        QCOMPARE(summary.rateHz, 50.0); // 198 intervals in 198 · 20 ms
        QCOMPARE(summary.gaps.size(), std::size_t{1});
        QCOMPARE(summary.gaps[0], (TimeGap{1980 * kMs, 14'380 * kMs, 99}));
    }

    void medianOfAnEvenCountLiesBetweenTheTwoMiddleSteps()
    {
        // Steps: eleven of 30 ms, ten of 40 ms and one of 150 ms: the median is 35 ms, so 150 ms is over four periods.
        std::vector<Nanos> times{0};
        for (int i = 0; i < 21; ++i)
            times.push_back(times.back() + (i % 2 ? 40 : 30) * kMs);
        times.push_back(times.back() + 150 * kMs);
        const TimingSummary summary = summariseTiming(times);
        QCOMPARE(summary.medianPeriodNs, 35 * kMs);
        QCOMPARE(summary.gaps.size(), std::size_t{1});
    }

    void gapNeedsFourPeriodsAndATenthOfASecond()
    {
        const auto gapsWithStep = [](Nanos period, Nanos step) {
            std::vector<Nanos> times = evenTimes(50, period);
            for (Nanos time : evenTimes(50, period, times.back() + step))
                times.push_back(time);
            return summariseTiming(times).gaps.size();
        };
        QCOMPARE(gapsWithStep(10 * kMs, 100 * kMs), std::size_t{0}); // ten periods, but not over 100 ms
        QCOMPARE(gapsWithStep(10 * kMs, 100 * kMs + 1), std::size_t{1});
        QCOMPARE(gapsWithStep(50 * kMs, 200 * kMs), std::size_t{0}); // four periods, not more
        QCOMPARE(gapsWithStep(50 * kMs, 200 * kMs + 1), std::size_t{1});
        QCOMPARE(longestStepWithoutGap(10 * kMs), 100 * kMs);
        QCOMPARE(longestStepWithoutGap(50 * kMs), 200 * kMs);
    }

    void repeatsAndReturnsAreCounted()
    {
        const TimingSummary summary = summariseTiming(std::vector<Nanos>{0, 10, 10, 10, 20, 15, 30, 40});
        QCOMPARE(summary.duplicateTimes, std::size_t{2});
        QCOMPARE(summary.backwardTimes, std::size_t{1});
        QCOMPARE(summary.medianPeriodNs, Nanos{10}); // of 10, 10, 15, 10
    }

    void fewSamplesHaveNoRate()
    {
        QCOMPARE(summariseTiming({}).rateHz, 0.0);
        QCOMPARE(summariseTiming(std::vector<Nanos>{5}).rateHz, 0.0);
        QCOMPARE(summariseTiming(std::vector<Nanos>{5, 5, 5}).rateHz, 0.0);
        QCOMPARE(summariseTiming(std::vector<Nanos>{5, 5, 5}).duplicateTimes, std::size_t{2});
        QCOMPARE(summariseTiming(std::vector<Nanos>{0, 20 * kMs}).rateHz, 50.0);
    }

    void garbageTimesDoNoHarm()
    {
        constexpr Nanos kLeast = std::numeric_limits<Nanos>::min();
        constexpr Nanos kMost = std::numeric_limits<Nanos>::max();
        const TimingSummary wild = summariseTiming(std::vector<Nanos>{kLeast, kMost, kLeast, 0, kMost, kMost - 1, kLeast});
        QVERIFY(std::isfinite(wild.rateHz) && wild.rateHz >= 0);
        QCOMPARE(wild.samples, std::size_t{7});
        // Two steps of nearly the longest there is: their sum fits no int64.
        QVERIFY(summariseTiming(std::vector<Nanos>{kLeast, -10, kMost - 10}).medianPeriodNs > kMost / 2);
        const TimingSummary one = summariseTiming(std::vector<Nanos>{0, 10 * kMs, 20 * kMs, kMost});
        QCOMPARE(one.gaps.size(), std::size_t{1});
        QCOMPARE(one.rateHz, 100.0);
    }
};

QTEST_GUILESS_MAIN(TimingTest)
#include "timing_test.moc"
