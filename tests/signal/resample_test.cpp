#include "core/signal/resample.h"

#include "core/base/error.h"
#include "core/signal/polyphase.h"

#include <numbers>
#include <random>

using namespace kino;

namespace {

constexpr double kPi = std::numbers::pi;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr Nanos kMs = kNanosPerMillisecond;

std::vector<float> sine(std::size_t count, double rateHz, double frequencyHz, double amplitude = 1, double offset = 0)
{
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(offset + amplitude * std::sin(2 * kPi * frequencyHz * static_cast<double>(i) / rateHz + 0.3));
    return values;
}

std::vector<float> sineAt(std::span<const Nanos> timesNs, double frequencyHz)
{
    std::vector<float> values;
    for (Nanos time : timesNs)
        values.push_back(static_cast<float>(std::sin(2 * kPi * frequencyHz * toSeconds(time) + 0.3)));
    return values;
}

std::vector<Nanos> evenTimes(std::size_t count, double rateHz, Nanos start = 0)
{
    std::vector<Nanos> times(count);
    for (std::size_t i = 0; i < count; ++i)
        times[i] = start + std::llround(static_cast<double>(i) * 1e9 / rateHz);
    return times;
}

std::vector<Nanos> jitteredTimes(std::size_t count, double rateHz, double share)
{
    std::mt19937 random(7);
    std::uniform_real_distribution<double> jitter(-share, share);
    std::vector<Nanos> times(count);
    for (std::size_t i = 0; i < count; ++i)
        times[i] = std::llround((static_cast<double>(i) + (i ? jitter(random) : 0)) * 1e9 / rateHz);
    return times;
}

ResampledAxes onto(const SampleGrid &grid, std::span<const Nanos> times, const std::vector<float> &values)
{
    const std::span<const float> axes[] = {values};
    return resampleOnto(grid, times, axes);
}

/** Largest difference from the sine that was sampled, away from the ends. */
double worstError(std::span<const float> out, double rateHz, double frequencyHz, std::size_t margin, double startS = 0)
{
    double worst = 0;
    for (std::size_t i = margin; i + margin < out.size(); ++i) {
        const double expected = std::sin(2 * kPi * frequencyHz * (startS + static_cast<double>(i) / rateHz) + 0.3);
        worst = std::max(worst, std::abs(out[i] - expected));
    }
    return worst;
}

double rms(std::span<const float> values, std::size_t margin)
{
    double sum = 0;
    for (std::size_t i = margin; i + margin < values.size(); ++i)
        sum += static_cast<double>(values[i]) * values[i];
    return std::sqrt(sum / static_cast<double>(values.size() - 2 * margin));
}

} // namespace

class ResampleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void passBandKeepsAmplitudeAndPhase_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        for (const auto &[from, to] : std::vector<std::pair<double, double>>{{100, 50}, {200, 50}, {50, 100}, {100, 30}, {44, 100},
                 {99.84, 50}, {198.6, 50}, {398.173, 200}, {100, 100.1}, {1000, 64}, {50, 200}, {100, 99.999}})
            QTest::addRow("%g to %g Hz", from, to) << from << to;
    }
    void passBandKeepsAmplitudeAndPhase()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        const double nyquist = std::min(from, to) / 2;
        for (const double share : {0.02, 0.2, 0.5, 0.8, 0.9}) {
            const auto count = static_cast<std::size_t>(60 * from);
            const std::vector<float> out = resampleEven(sine(count, from, share * nyquist), from, to);
            QCOMPARE(out.size(), static_cast<std::size_t>(std::llround(static_cast<double>(count) / from * to)));
            const double error = worstError(out, to, share * nyquist, static_cast<std::size_t>(2 * to));
            QVERIFY2(error < 1e-3, qPrintable(QString("%1 of half the rate: %2").arg(share).arg(error)));
        }
    }

    void whatWouldFoldBackIsEightyDecibelsDown_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        for (const auto &[from, to] : std::vector<std::pair<double, double>>{{100, 50}, {200, 50}, {100, 30}, {198.6, 50}, {1000, 64}, {50, 20}})
            QTest::addRow("%g to %g Hz", from, to) << from << to;
    }
    void whatWouldFoldBackIsEightyDecibelsDown()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        const auto count = static_cast<std::size_t>(60 * from);
        for (double frequency = to / 2; frequency < from / 2; frequency += (from - to) / 2 / 23) {
            const std::vector<float> out = resampleEven(sine(count, from, frequency), from, to);
            const double level = 20 * std::log10(rms(out, static_cast<std::size_t>(3 * to)) * std::numbers::sqrt2);
            QVERIFY2(level < -80, qPrintable(QString("%1 Hz: %2 dB").arg(frequency).arg(level)));
        }
    }

    void raisingTheRateMakesNoImages()
    {
        // A sine at 20 of 25 Hz raised from 50 to 200 Hz: its images at 30, 70 and 80 Hz must be 80 dB down.
        const std::vector<float> out = resampleEven(sine(5000, 50, 20), 50, 200);
        for (double image : {30.0, 70.0, 80.0}) {
            double re = 0;
            double im = 0;
            const std::size_t begin = 1000;
            const std::size_t end = out.size() - 1000; // whole periods of every image
            for (std::size_t i = begin; i < end; ++i) {
                const double turn = 2 * kPi * image * static_cast<double>(i) / 200;
                re += out[i] * std::cos(turn);
                im += out[i] * std::sin(turn);
            }
            QVERIFY(2 * std::hypot(re, im) / static_cast<double>(end - begin) < 1e-4);
        }
    }

    void constantStaysItself()
    {
        for (double to : {50.0, 30.0, 33.3, 200.0, 101.0}) {
            for (float value : resampleEven(std::vector<float>(500, 9.81f), 100, to))
                QVERIFY(std::abs(value - 9.81f) < 2e-6f);
        }
    }

    void rampGoesStraightThroughTheEnds()
    {
        // Odd reflection continues a straight line as a straight line, so not even the first sample bends.
        std::vector<float> ramp(1000);
        for (std::size_t i = 0; i < ramp.size(); ++i)
            ramp[i] = static_cast<float>(i) * 0.01f;
        const std::vector<float> out = resampleEven(ramp, 100, 40);
        for (std::size_t i = 0; i < out.size(); ++i)
            QVERIFY(std::abs(out[i] - 0.025 * static_cast<double>(i)) < 2e-5);
    }

    void sameRateIsACopy()
    {
        const std::vector<float> samples = sine(1000, 100, 7);
        QCOMPARE(resampleEven(samples, 100, 100), samples);
        const ResampledAxes result = onto(gridFrom(0, 10, 100), evenTimes(1000, 100), samples);
        QCOMPARE(result.axes[0], samples);
        QCOMPARE(result.account, (ResampleAccount{.copied = 1000}));
    }

    void gapOfMissingValuesStaysAGap()
    {
        std::vector<float> samples = sine(2000, 100, 3);
        std::fill(samples.begin() + 700, samples.begin() + 900, kNan);
        const std::vector<float> out = resampleEven(samples, 100, 50);
        for (std::size_t i = 0; i < out.size(); ++i) {
            const std::size_t input = 2 * i;
            QCOMPARE(std::isnan(out[i]), input > 699 && input < 900);
        }
        // Nothing of the other side, or of the hole, leaks in: each side is what it is without the other.
        const std::vector<float> left(samples.begin(), samples.begin() + 700);
        const std::vector<float> alone = resampleEven(left, 100, 50);
        for (std::size_t i = 0; i < 350; ++i)
            QCOMPARE(out[i], alone[i]);
    }

    void gapInTimeStaysAGap_data()
    {
        QTest::addColumn<double>("jitter");
        QTest::newRow("even") << 0.0;
        QTest::newRow("uneven") << 0.3;
    }
    void gapInTimeStaysAGap()
    {
        QFETCH(double, jitter);
        std::vector<Nanos> times = jitteredTimes(1000, 100, jitter);
        for (std::size_t i = 500; i < times.size(); ++i)
            times[i] += 3 * kNanosPerSecond;
        const SampleGrid grid = gridOver(times, 50);
        const ResampledAxes result = onto(grid, times, sineAt(times, 2));
        std::size_t missing = 0;
        for (std::size_t i = 0; i < grid.samples; ++i) {
            const bool inGap = grid.timeNs(i) > times[499] + 10'000 && grid.timeNs(i) < times[500] - 10'000;
            QCOMPARE(std::isnan(result.axes[0][i]), inGap);
            missing += inGap;
            if (!inGap)
                QVERIFY(std::abs(result.axes[0][i] - std::sin(2 * kPi * 2 * toSeconds(grid.timeNs(i)) + 0.3)) < 0.03);
        }
        QVERIFY(missing >= 149);
        QCOMPARE(result.account.missing, missing);
    }

    void nothingIsClaimedOutsideTheSamples()
    {
        const std::vector<Nanos> times = evenTimes(500, 100, 2 * kNanosPerSecond); // 2 s to 6.99 s
        const ResampledAxes result = onto(gridFrom(0, 10, 40), times, sineAt(times, 1));
        for (std::size_t i = 0; i < 400; ++i) {
            const Nanos time = result.grid.timeNs(i);
            QCOMPARE(std::isnan(result.axes[0][i]), time < times.front() || time > times.back());
        }
    }

    void evenTimesAreFilteredWithAnyPhase()
    {
        // The grid begins 3.7 ms after a sample.
        const std::vector<Nanos> times = evenTimes(6000, 100);
        const SampleGrid grid = gridFrom(1'003'700'000, 50, 25);
        const ResampledAxes result = onto(grid, times, sineAt(times, 10));
        QCOMPARE(result.account.polyphase, std::size_t{1250});
        QVERIFY(worstError(result.axes[0], 25, 10, 60, 1.0037) < 1e-3);
    }

    void timesRoundedToMillisecondsAreStillEven()
    {
        // 130 Hz: the steps come out as 7 and 8 ms, but the clock behind them is even.
        std::vector<Nanos> times = evenTimes(8000, 130);
        std::vector<float> values = sineAt(times, 20);
        for (Nanos &time : times)
            time = (time + kMs / 2) / kMs * kMs;
        const ResampledAxes result = onto(gridOver(times, 50), times, values);
        QCOMPARE(result.account.interpolated, std::size_t{0});
        QVERIFY(worstError(result.axes[0], 50, 20, 100) < 2e-3);
    }

    void unevenTimesAreInterpolated()
    {
        const std::vector<Nanos> times = jitteredTimes(6000, 100, 0.35);
        const ResampledAxes result = onto(gridOver(times, 100), times, sineAt(times, 3));
        QCOMPARE(result.account.polyphase, std::size_t{0});
        QVERIFY(result.account.interpolated >= 5998);
        // Hermite's cubic on steps h up to 17 ms: ω⁴h⁴/384 with exact slopes; a slope from three points is off by up to
        // ω³h²/6, of which 4/27 · h counts at either end. Together 2.8e-5 + 1.6e-3; straight lines would be off by ω²h²/8 =
        // 1.3e-2.
        const double error = worstError(result.axes[0], 100, 3, 2);
        QVERIFY2(error < 1.7e-3, qPrintable(QString::number(error)));
    }

    void straightLineIsInterpolatedExactly()
    {
        const std::vector<Nanos> times = jitteredTimes(1000, 50, 0.4);
        std::vector<float> line;
        for (Nanos time : times)
            line.push_back(static_cast<float>(3 - 0.5 * toSeconds(time)));
        const ResampledAxes result = onto(gridOver(times, 120), times, line);
        for (std::size_t i = 0; i < result.grid.samples; ++i)
            QVERIFY(std::abs(result.axes[0][i] - (3 - 0.5 * toSeconds(result.grid.timeNs(i)))) < 1e-5);
    }

    void loweringAnUnevenSeriesFiltersFirst()
    {
        // 33 Hz at a mean of 200 Hz, onto 50 Hz: unfiltered it would fold back to 17 Hz at full height.
        const std::vector<Nanos> times = jitteredTimes(20'000, 200, 0.2);
        const ResampledAxes high = onto(gridOver(times, 50), times, sineAt(times, 33));
        QVERIFY2(rms(high.axes[0], 100) < 0.02, qPrintable(QString::number(rms(high.axes[0], 100))));
        const ResampledAxes low = onto(gridOver(times, 50), times, sineAt(times, 5));
        QVERIFY(worstError(low.axes[0], 50, 5, 100) < 2e-3);
    }

    void sharpStepsBetweenCloseSamplesDoNotOvershoot()
    {
        // Two samples a microsecond apart that differ by noise: a slope taken over them would shoot off by thousands.
        std::vector<Nanos> times;
        std::vector<float> values;
        for (int i = 0; i < 100; ++i) {
            times.push_back(i * 10 * kMs);
            values.push_back(static_cast<float>(i % 2));
            times.push_back(i * 10 * kMs + 1000);
            values.push_back(static_cast<float>((i + 1) % 2));
        }
        const ResampledAxes result = onto(gridOver(times, 333), times, values);
        for (float value : result.axes[0])
            QVERIFY(value > -1.5f && value < 2.5f);
    }

    void wildTimesDoNotInventPeaks()
    {
        // Samples of ±1 in bursts, as a radio link delivers them: 4, 4 and 60 ms apart in turn.
        std::vector<Nanos> times{0};
        std::vector<float> values{1};
        std::mt19937 random(11);
        for (int i = 1; i < 3000; ++i) {
            times.push_back(times.back() + (i % 3 ? 4 : 60) * kMs + static_cast<Nanos>(random() % 1000) * 3000);
            values.push_back(random() % 2 ? 1.0f : -1.0f);
        }
        const ResampledAxes result = onto(gridOver(times, 500), times, values);
        QVERIFY(result.account.interpolated > 0);
        // Range 2, and 4/27 of it from either end's slope.
        for (float value : result.axes[0])
            QVERIFY2(std::abs(value) <= 1 + 2 * 2 * 4.0 / 27 + 1e-6, qPrintable(QString::number(value)));
    }

    void equalTimesAreAveraged()
    {
        const std::vector<Nanos> times = {0, 10 * kMs, 10 * kMs, 20 * kMs, 30 * kMs, 30 * kMs, 30 * kMs, 40 * kMs};
        const ResampledAxes result = onto(gridFrom(0, 0.05, 100), times, {1, 2, 4, 5, 9, 0, 3, 7});
        QCOMPARE(result.account.averagedDuplicates, std::size_t{3});
        QCOMPARE(result.axes[0], (std::vector<float>{1, 3, 5, 4, 7}));
        // A missing one of two leaves the other.
        QCOMPARE(onto(gridFrom(0, 0.05, 100), times, {1, 2, kNan, 5, 9, 0, 3, 7}).axes[0][1], 2.0f);
    }

    void axesHaveTheirOwnMissingValues()
    {
        const std::vector<Nanos> times = evenTimes(300, 100);
        std::vector<float> x = sineAt(times, 2);
        const std::vector<float> y = sineAt(times, 3);
        x[150] = kNan;
        const std::span<const float> axes[] = {x, y};
        const ResampledAxes result = resampleOnto(gridFrom(0, 3, 100), times, axes);
        QCOMPARE(result.account.missing, std::size_t{1});
        QVERIFY(std::isnan(result.axes[0][150]) && !std::isnan(result.axes[1][150]));
    }

    void gridsHaveRoundedLengthsAndExactTimes()
    {
        QCOMPARE(gridFrom(0, 2.5, 50).samples, std::size_t{125});
        QCOMPARE(gridFrom(0, 1.004, 100).samples, std::size_t{100});
        QCOMPARE(gridFrom(0, 1.006, 100).samples, std::size_t{101});
        const SampleGrid thirds{1'700'000'000'000'000'000, 30, 10'000'000};
        QCOMPARE(thirds.timeNs(9'000'000), 1'700'000'000'000'000'000 + 300'000 * kNanosPerSecond);
        QCOMPARE(thirds.timeNs(1), 1'700'000'000'033'333'333);
        QCOMPARE(gridOver(evenTimes(1000, 100), 50).samples, std::size_t{500});
        QCOMPARE(gridOver({}, 50).samples, std::size_t{0});
    }

    void epochTimesKeepTheirNanoseconds()
    {
        const Nanos epoch = 1'700'000'000'123'456'789;
        const std::vector<Nanos> early = evenTimes(1000, 100);
        const std::vector<Nanos> late = evenTimes(1000, 100, epoch);
        const std::vector<float> values = sineAt(early, 4);
        QCOMPARE(onto({3'000'000 + epoch, 64, 600}, late, values).axes[0], onto({3'000'000, 64, 600}, early, values).axes[0]);
    }

    void unreasonableGridsAndInputsAreRefused()
    {
        const std::vector<Nanos> wild = {0, 10 * kMs, std::numeric_limits<Nanos>::max()};
        QVERIFY_THROWS_EXCEPTION(Error, gridOver(wild, 100));
        QVERIFY_THROWS_EXCEPTION(Error, gridFrom(0, -1, 100));
        QVERIFY_THROWS_EXCEPTION(Error, gridFrom(0, std::numeric_limits<double>::quiet_NaN(), 100));
        QVERIFY_THROWS_EXCEPTION(Error, gridFrom(0, 1, 0));
        QVERIFY_THROWS_EXCEPTION(Error, resampleEven(std::vector<float>(10), -5, 100));
        const std::vector<Nanos> descending = {0, 20, 10};
        QVERIFY_THROWS_EXCEPTION(Error, onto(gridFrom(0, 1, 10), descending, {1, 2, 3}));
        QVERIFY_THROWS_EXCEPTION(Error, onto(gridFrom(0, 1, 10), wild, {1, 2}));
        const std::vector<Nanos> apart = {std::numeric_limits<Nanos>::min(), std::numeric_limits<Nanos>::max()};
        QVERIFY_THROWS_EXCEPTION(Error, onto(gridFrom(0, 1, 10), apart, {1, 2}));
        ResampleOptions stopped;
        stopped.cancel.cancel();
        QVERIFY_THROWS_EXCEPTION(Cancelled, resampleEven(std::vector<float>(10), 50, 100, stopped));
    }

    void fewSamplesAndNoneAreFine()
    {
        QVERIFY(resampleEven({}, 100, 50).empty());
        QCOMPARE(resampleEven(std::vector<float>{4}, 100, 300), (std::vector<float>{4, 4, 4}));
        QCOMPARE(onto(gridFrom(0, 1, 2), {}, {}).axes[0].size(), std::size_t{2});
        const std::vector<Nanos> one = {0};
        const ResampledAxes single = onto(gridFrom(0, 1, 2), one, {5});
        QCOMPARE(single.axes[0][0], 5.0f);
        QVERIFY(std::isnan(single.axes[0][1]));
        const std::vector<Nanos> two = {0, 10 * kMs};
        QCOMPARE(onto(gridFrom(0, 0.02, 200), two, {1, 3}).axes[0][1], 2.0f);
        for (float value : resampleEven(std::vector<float>(20, kNan), 100, 50))
            QVERIFY(std::isnan(value));
    }

    void ratiosOfSmallNumbersAreFound()
    {
        QCOMPARE(nearestRatio(2.0, 1e-9, 1024), (RateRatio{2, 1}));
        QCOMPARE(nearestRatio(100.0 / 30, 1e-9, 1024), (RateRatio{10, 3}));
        QCOMPARE(nearestRatio(0.5, 1e-9, 1024), (RateRatio{1, 2}));
        QCOMPARE(nearestRatio(44100.0 / 48000, 1e-12, 1024), (RateRatio{147, 160}));
        QCOMPARE(nearestRatio(std::numbers::pi, 1e-9, 100), (RateRatio{0, 0}));
    }
};

QTEST_GUILESS_MAIN(ResampleTest)
#include "resample_test.moc"
