#include "core/signal/quality.h"

#include <numbers>

using namespace kino;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

using Axes = std::vector<std::vector<float>>;

std::vector<std::span<const float>> spans(const Axes &axes) { return {axes.begin(), axes.end()}; }

std::vector<Nanos> evenTimes(std::size_t count, Nanos period)
{
    std::vector<Nanos> times(count);
    for (std::size_t i = 0; i < count; ++i)
        times[i] = static_cast<Nanos>(i) * period;
    return times;
}

} // namespace

class QualityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void statisticsLeaveMissingValuesOut()
    {
        const std::vector<float> values = {3, kNan, -1, 4, kNan, 2, 7};
        const AxisStatistics statistics = computeAxisStatistics(values);
        QCOMPARE(statistics.nan, std::size_t{2});
        QCOMPARE(statistics.min, -1.0);
        QCOMPARE(statistics.max, 7.0);
        QCOMPARE(statistics.mean, 3.0);
        const AxisStatistics none = computeAxisStatistics(std::vector<float>{kNan});
        QVERIFY(std::isnan(none.min) && std::isnan(none.max) && std::isnan(none.mean));
        QCOMPARE(none.nan, std::size_t{1});
        QVERIFY(std::isnan(computeAxisStatistics({}).mean));
    }

    void meanOfManySamplesLosesNoDigits()
    {
        // In float the sum would stand still at 16777216.
        std::vector<float> values(20'000'001, 1.0f);
        values.back() = 3.0f;
        QCOMPARE(computeAxisStatistics(values).mean, 1 + 2.0 / 20'000'001);
    }

    void standardDeviationIsThatOfAllValues()
    {
        // Of 1 to n: sqrt((n² - 1) / 12); what is missing does not count.
        std::vector<float> values = {kNan};
        for (int value = 1; value <= 1000; ++value)
            values.push_back(static_cast<float>(value));
        QVERIFY(std::abs(computeStandardDeviation(values, 500.5) - std::sqrt((1000.0 * 1000 - 1) / 12)) < 1e-9);
        QCOMPARE(computeStandardDeviation(std::vector<float>{5}, 5), 0.0);
        QVERIFY(std::isnan(computeStandardDeviation({}, 0)));
        CancelToken cancel;
        cancel.cancel();
        QVERIFY_EXCEPTION_THROWN(computeStandardDeviation(values, 500.5, cancel), Cancelled);
    }

    void threeSamplesAtTheExtremeAreClipped()
    {
        const Axes axes = {{0, 8, 8, 8, 1, 8, 8, 2}, {1, 0, -3, 2, 3, 1, 2, 5}};
        QCOMPARE(countClippedSamples(spans(axes), 0), std::size_t{3}); // two in a row are a peak
        QCOMPARE(findClippedSamples(spans(axes), 0), (std::vector<bool>{false, true, true, true, false, false, false, false}));
    }

    void lowerRailClipsToo()
    {
        const Axes axes = {{0, -8, -8, -8, -8, 1}, {1, 2, 5, 5, 5, 1}};
        // 5 is the greatest value over all axes, −8 the least: samples 1 to 4, each counted once.
        QCOMPARE(countClippedSamples(spans(axes), 0), std::size_t{4});
    }

    void repeatBelowTheStreamsExtremeIsNotClipping()
    {
        const Axes axes = {{2, 2, 2, 2, 1}, {0, 9, 3, 1, -4}};
        QCOMPARE(countClippedSamples(spans(axes), 0), std::size_t{0});
    }

    void knownFullScaleClipsSingleSamples()
    {
        const Axes axes = {{1, 78.4532f, 3, -78.4532f, 2}, {0, 1, 78.0f, 0, 1}};
        QCOMPARE(countClippedSamples(spans(axes), 78.4532), std::size_t{2});
        QCOMPARE(countClippedSamples(spans(axes), 100), std::size_t{0});
    }

    void axisThatNeverMovesIsNotClipped()
    {
        // A quaternion that stays (1, 0, …) beside one that turns a little: the first is the stream's maximum throughout.
        const std::vector<float> still(100, 1.0f);
        std::vector<float> moving(100);
        for (std::size_t i = 0; i < moving.size(); ++i)
            moving[i] = static_cast<float>(i % 7) * 0.01f;
        const std::span<const float> axes[] = {still, moving};
        QCOMPARE(countClippedSamples(axes, 0), std::size_t{0});
    }

    void constantStreamIsNotClipped()
    {
        QCOMPARE(countClippedSamples(spans({{0, 0, 0, 0}, {0, 0, 0, 0}}), 0), std::size_t{0});
        QCOMPARE(countClippedSamples(spans({}), 0), std::size_t{0});
        QCOMPARE(countClippedSamples(spans({{kNan, kNan, kNan}}), 0), std::size_t{0});
        QCOMPARE(countClippedSamples(spans({{}}), 5), std::size_t{0});
    }

    void missingSampleEndsARun()
    {
        QCOMPARE(countClippedSamples(spans({{9, 9, kNan, 9, 9, 0}}), 0), std::size_t{0});
    }

    void fiveRepeatedRowsCountAndFourDoNot()
    {
        // Rows 1 to 5 equal the row before in both axes; later four do; in one stretch only one axis stands still.
        const Axes axes = {{1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3},
                           {5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 0, 1, 2, 3, 4, 5, 6}};
        QCOMPARE(countRepeatedSamples(spans(axes)), std::size_t{5});
    }

    void repeatsAtTheEndCountAndMissingRowsDoNot()
    {
        QCOMPARE(countRepeatedSamples(spans({{0, 7, 7, 7, 7, 7, 7, 7}})), std::size_t{6});
        QCOMPARE(countRepeatedSamples(spans({{kNan, kNan, kNan, kNan, kNan, kNan, kNan}})), std::size_t{0});
        QCOMPARE(countRepeatedSamples(spans({{}})), std::size_t{0});
        QCOMPARE(countRepeatedSamples(spans({})), std::size_t{0});
    }

    void restIsFoundInAMovingRecording()
    {
        // A minute at 50 Hz: movement everywhere but for eight seconds, at rest with |a| = √(3² + 4² + 8.4²) ≈ 9.77.
        constexpr std::size_t kCount = 3000;
        Axes axes(3, std::vector<float>(kCount));
        for (std::size_t i = 0; i < kCount; ++i) {
            const double t = static_cast<double>(i) / 50;
            const double move = t >= 30 && t < 38 ? 0.0 : 4 * std::sin(2 * std::numbers::pi * 1.7 * t);
            const double hum = 0.01 * std::sin(2 * std::numbers::pi * 11 * t);
            axes[0][i] = static_cast<float>(3 + move + hum);
            axes[1][i] = static_cast<float>(4 + 2 * move);
            axes[2][i] = static_cast<float>(8.4 - move);
        }
        const double rest = computeMagnitudeAtRest(evenTimes(kCount, 20'000'000), spans(axes), 20'000'000);
        QVERIFY2(std::abs(rest - std::sqrt(9 + 16 + 8.4 * 8.4)) < 0.01, qPrintable(QString::number(rest)));
    }

    void restNeedsThreeAxesAndWholeSeconds()
    {
        const std::vector<Nanos> times = evenTimes(200, 20'000'000);
        const std::vector<float> axis(200, 5.0f);
        QVERIFY(std::isnan(computeMagnitudeAtRest(times, spans({axis, axis}), 20'000'000)));
        QVERIFY(std::isnan(computeMagnitudeAtRest({}, spans({{}, {}, {}}), 0)));
        QVERIFY(std::isnan(computeMagnitudeAtRest(times, spans({axis, axis, std::vector<float>(200, kNan)}), 20'000'000)));
        QVERIFY(std::abs(computeMagnitudeAtRest(times, spans({axis, axis, axis}), 20'000'000) - std::sqrt(75.0)) < 1e-9);
        // Ten samples at 50 Hz are no second.
        QVERIFY(std::isnan(computeMagnitudeAtRest(evenTimes(10, 20'000'000),
                                                  spans(Axes(3, std::vector<float>(10, 1.0f))), 20'000'000)));
    }
};

QTEST_GUILESS_MAIN(QualityTest)
#include "quality_test.moc"
