#include "core/signal/pyramid.h"

#include <random>

using namespace kino;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

MinMax naive(std::span<const float> samples, std::size_t begin, std::size_t end)
{
    MinMax found{kNan, kNan};
    for (std::size_t i = begin; i < std::min(end, samples.size()); ++i) {
        // fmin and fmax give the number where the other is NaN.
        found = {std::fmin(found.min, samples[i]), std::fmax(found.max, samples[i])};
    }
    return found;
}

bool same(MinMax a, MinMax b)
{
    return (a.min == b.min && a.max == b.max) || (std::isnan(a.min) && std::isnan(a.max) && std::isnan(b.min) && std::isnan(b.max));
}

std::vector<float> randomSamples(std::size_t count, double nanShare)
{
    std::mt19937 random(static_cast<std::uint32_t>(count));
    std::normal_distribution<float> normal(0, 10);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<float> samples(count);
    for (float &sample : samples)
        sample = uniform(random) < nanShare ? kNan : normal(random);
    return samples;
}

} // namespace

class PyramidTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyRangeIsExact_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("nanShare");
        for (int count : {1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 1000, 1024, 4095, 4096, 4097, 70'001}) {
            for (double share : {0.0, 0.3, 0.97, 1.0})
                QTest::addRow("%d samples, %g NaN", count, share) << count << share;
        }
    }
    void everyRangeIsExact()
    {
        QFETCH(int, count);
        QFETCH(double, nanShare);
        const std::vector<float> samples = randomSamples(static_cast<std::size_t>(count), nanShare);
        const MinMaxPyramid pyramid(samples);
        std::mt19937 random(5);
        std::uniform_int_distribution<std::size_t> place(0, samples.size());
        const auto check = [&](std::size_t begin, std::size_t end) {
            return same(pyramid.range(samples, begin, end), naive(samples, begin, end));
        };
        for (int i = 0; i < 2000; ++i) {
            const auto [begin, end] = std::minmax({place(random), place(random)});
            QVERIFY2(check(begin, end), qPrintable(QString("[%1, %2)").arg(begin).arg(end)));
        }
        for (std::size_t begin = 0; begin <= std::min<std::size_t>(samples.size(), 70); ++begin) {
            for (std::size_t end = begin; end <= std::min<std::size_t>(samples.size(), 140); ++end)
                QVERIFY2(check(begin, end), qPrintable(QString("[%1, %2)").arg(begin).arg(end)));
            QVERIFY(check(begin, samples.size()));
            QVERIFY(check(begin, samples.size() + 99));
        }
    }

    void levelsAreBinsOfSixteenThenFourfold()
    {
        const std::vector<float> samples = randomSamples(5000, 0.1);
        const MinMaxPyramid pyramid(samples);
        std::size_t width = 16;
        for (std::size_t level = 0; level < pyramid.levels(); ++level, width *= 4) {
            QCOMPARE(pyramid.level(level).size(), (samples.size() + width - 1) / width);
            for (std::size_t bin = 0; bin < pyramid.level(level).size(); ++bin)
                QVERIFY(same(pyramid.level(level)[bin], naive(samples, bin * width, (bin + 1) * width)));
        }
        QCOMPARE(pyramid.level(pyramid.levels() - 1).size(), std::size_t{1});
        QCOMPARE(pyramid.samples(), samples.size());
    }

    void infinitiesAreValuesAndOnlyMissingIsMissing()
    {
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        std::vector<float> samples(64, kInfinity);
        QVERIFY(same(MinMaxPyramid(samples).range(samples, 0, 64), {kInfinity, kInfinity}));
        samples[3] = -kInfinity;
        QVERIFY(same(MinMaxPyramid(samples).range(samples, 0, 64), {-kInfinity, kInfinity}));
    }

    void emptyRangesAndSeriesAreMissing()
    {
        const MinMaxPyramid empty;
        QCOMPARE(empty.levels(), std::size_t{0});
        QVERIFY(std::isnan(empty.range({}, 0, 10).min));
        QVERIFY(std::isnan(MinMaxPyramid(std::span<const float>()).range({}, 0, 0).max));
        const std::vector<float> samples(100, 1.0f);
        const MinMaxPyramid pyramid(samples);
        QVERIFY(std::isnan(pyramid.range(samples, 5, 5).min));
        QVERIFY(std::isnan(pyramid.range(samples, 9, 5).min));
        QVERIFY(std::isnan(pyramid.range(samples, 200, 300).min));
    }

    void columnsOfPixelsAreTheirRanges()
    {
        const std::vector<float> samples = randomSamples(50'000, 0.01);
        const MinMaxPyramid pyramid(samples);
        std::vector<std::size_t> edges;
        for (std::size_t column = 0; column <= 1600; ++column)
            edges.push_back(123 + column * 45'678 / 1600);
        std::vector<MinMax> out(1600);
        pyramid.columns(samples, edges, out);
        for (std::size_t column = 0; column < out.size(); ++column)
            QVERIFY(same(out[column], naive(samples, edges[column], edges[column + 1])));
    }
};

QTEST_GUILESS_MAIN(PyramidTest)
#include "pyramid_test.moc"
