#include "widgets/charts/curve_series.h"

#include "tests/support/test_data.h"

#include <cmath>
#include <limits>
#include <random>

using namespace kino;

static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class CurveSeriesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smoothingIsTensorBoards();
    void smoothingLeavesAConstantAlone();
    void fewPointsAreAllDrawn();
    void everyColumnKeepsItsExtremes();
    void gapsAreNotBridged();
    void linesLeaveThePictureTowardsTheirNeighbours();
    void extentIsOfWhatIsInView();
    void theNearestPointIsFound();
    void aSeriesStaysAsItWasWhileItsCurveGrows();
    void aMillionPointsAreQuick();
};

/**
 * numpy 2, TensorBoard's resmoothDataset() written down in Python: last = last * w + (1 - w) * v; n += 1; last / (1 - w ** n).
 * For w = 0.6 and 3, 1, nan, 4, 1, 5 it prints 3, 1.75, nan, 2.8979591836734695, 2.0257352941176467, 3.3157529493407356
 */
void CurveSeriesTest::smoothingIsTensorBoards()
{
    const std::vector<double> values{3, 1, kNaN, 4, 1, 5};
    const std::vector<double> smoothed = computeSmoothed(values, 0.6);
    // By hand: (0.6 * 1.2 + 0.4) / (1 - 0.36) = 1.75; (0.6 * 1.12 + 1.6) / (1 - 0.216) = 2.272 / 0.784.
    QCOMPARE(smoothed[0], 3.0);
    QCOMPARE(smoothed[1], 1.75);
    QVERIFY(std::isnan(smoothed[2]));
    QCOMPARE(smoothed[3], 2.272 / 0.784);
    QCOMPARE(smoothed[4], (0.6 * 2.272 + 0.4) / (1 - 0.1296));
    QCOMPARE(smoothed[5], (0.6 * (0.6 * 2.272 + 0.4) + 2) / (1 - 0.07776));
    QCOMPARE(computeSmoothed(values, 0)[3], 4.0);
}

void CurveSeriesTest::smoothingLeavesAConstantAlone()
{
    for (const double value : computeSmoothed(std::vector<double>(1000, 0.7), 0.99))
        QVERIFY(std::abs(value - 0.7) < 1e-12);
}

void CurveSeriesTest::fewPointsAreAllDrawn()
{
    const CurvePyramid curve({0, 1, 2, 3}, {5, 7, 6, 8});
    const auto lines = curve.lines(0, 3, 300);
    QCOMPARE(lines.size(), std::size_t{1});
    QCOMPARE(lines[0], (std::vector<QPointF>{{0, 5}, {1, 7}, {2, 6}, {3, 8}}));
    QVERIFY(CurvePyramid().lines(0, 1, 100).empty());
    // One point is a dot.
    QCOMPARE(CurvePyramid({4}, {2}).lines(0, 10, 100), (std::vector<std::vector<QPointF>>{{{4, 2}}}));
}

/** Against a plain walk over all points, column by column. */
void CurveSeriesTest::everyColumnKeepsItsExtremes()
{
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> pause(0.1, 5);
    std::vector<double> x, y;
    double at = 0;
    for (int index = 0; index < 50'000; ++index) {
        x.push_back(at);
        y.push_back(normal(random));
        at += pause(random);
    }
    const CurvePyramid curve(x, y);
    const double from = x[7003] + 0.01, to = x[41'111] + 0.01;
    constexpr int kColumns = 531;
    const auto lines = curve.lines(from, to, kColumns);
    QCOMPARE(lines.size(), std::size_t{1});
    QVERIFY(lines[0].size() <= 4 * kColumns + 2);
    QVERIFY(std::ranges::is_sorted(lines[0], {}, &QPointF::x));
    struct Column {
        double least = 1e9, most = -1e9, first = kNaN, last = kNaN;
    };
    std::vector<Column> expected(kColumns), drawn(kColumns);
    const auto take = [&](std::vector<Column> &columns, double pointX, double pointY) {
        if (pointX < from || pointX >= to)
            return;
        Column &column = columns[static_cast<std::size_t>((pointX - from) / (to - from) * kColumns)];
        column.least = std::min(column.least, pointY);
        column.most = std::max(column.most, pointY);
        column.first = std::isnan(column.first) ? pointY : column.first;
        column.last = pointY;
    };
    for (std::size_t index = 0; index < x.size(); ++index)
        take(expected, x[index], y[index]);
    for (const QPointF &point : lines[0])
        take(drawn, point.x(), point.y());
    for (std::size_t column = 0; column < kColumns; ++column) {
        QCOMPARE(drawn[column].least, expected[column].least);
        QCOMPARE(drawn[column].most, expected[column].most);
        QCOMPARE(drawn[column].first, expected[column].first);
        QCOMPARE(drawn[column].last, expected[column].last);
    }
}

void CurveSeriesTest::gapsAreNotBridged()
{
    const CurvePyramid curve({0, 1, 2, 3, 4, 5, 6}, {kNaN, 1, 2, kNaN, 3, std::numeric_limits<double>::infinity(), 4});
    QCOMPARE(curve.lines(0, 6, 600), (std::vector<std::vector<QPointF>>{{{1, 1}, {2, 2}}, {{4, 3}}, {{6, 4}}}));
    // Far away the whole curve is one column wide.
    QCOMPARE(curve.lines(0, 6000, 10).size(), std::size_t{1});
    // A gap that covers many blocks, with one lonely point in it.
    std::vector<double> x(10'000), y(10'000, 1);
    std::iota(x.begin(), x.end(), 0);
    std::fill(y.begin() + 2000, y.begin() + 8000, kNaN);
    y[5000] = 7;
    const auto lines = CurvePyramid(x, y).lines(0, 9999, 100);
    QCOMPARE(lines.size(), std::size_t{3});
    QCOMPARE(lines[0].back().x(), 1999.0);
    QCOMPARE(lines[1], (std::vector<QPointF>{{5000, 7}}));
    QCOMPARE(lines[2].front().x(), 8000.0);
}

void CurveSeriesTest::linesLeaveThePictureTowardsTheirNeighbours()
{
    const CurvePyramid curve({0, 10, 20, 30, 40}, {0, 1, 2, 3, 4});
    const auto lines = curve.lines(12, 28, 100);
    QCOMPARE(lines, (std::vector<std::vector<QPointF>>{{{10, 1}, {20, 2}, {30, 3}}}));
    // Nothing lies inside, yet a line crosses.
    QCOMPARE(curve.lines(22, 28, 100), (std::vector<std::vector<QPointF>>{{{20, 2}, {30, 3}}}));
}

void CurveSeriesTest::extentIsOfWhatIsInView()
{
    std::vector<double> x(5000), y(5000);
    std::iota(x.begin(), x.end(), 0);
    for (std::size_t index = 0; index < y.size(); ++index)
        y[index] = static_cast<double>(index) - 2000;
    y[3000] = kNaN;
    const CurvePyramid curve(x, y);
    QCOMPARE(curve.extent(0, 4999).least, -2000.0);
    QCOMPARE(curve.extent(0, 4999).most, 2999.0);
    QCOMPARE(curve.extent(100.5, 4000).least, -1899.0);
    QCOMPARE(curve.extent(100.5, 4000).most, 2000.0);
    QCOMPARE(curve.extent(0, 4999, CurvePyramid::Counted::aboveZero).least, 1.0);
    QVERIFY(curve.extent(0, 1000, CurvePyramid::Counted::aboveZero).isEmpty);
    QVERIFY(curve.extent(3000, 3000).isEmpty);
}

void CurveSeriesTest::theNearestPointIsFound()
{
    const CurvePyramid curve({0, 10, 20, 30}, {1, kNaN, 3, 4});
    QCOMPARE(curve.nearest(-5), std::size_t{0});
    QCOMPARE(curve.nearest(9), std::size_t{0});
    QCOMPARE(curve.nearest(11), std::size_t{2});
    QCOMPARE(curve.nearest(99), std::size_t{3});
    QCOMPARE(CurvePyramid({1}, {kNaN}).nearest(1), std::size_t{1});
}

void CurveSeriesTest::aSeriesStaysAsItWasWhileItsCurveGrows()
{
    GrowingCurve curve;
    QCOMPARE(curve.series()->size(), std::size_t{0});
    std::vector<std::shared_ptr<const CurveSeries>> kept;
    for (int point = 0; point < 3000; ++point) {
        curve.add(10 * point, point / 100, 0.5 * point, 1.0 / (point + 1));
        kept.push_back(curve.series());
    }
    for (int size = 1; size <= 3000; ++size) {
        const CurveSeries &series = *kept[static_cast<std::size_t>(size - 1)];
        QCOMPARE(series.size(), static_cast<std::size_t>(size));
        QCOMPARE(series.steps.back(), std::int64_t{10} * (size - 1));
        QCOMPARE(series.values.back(), 1.0 / size);
        QCOMPARE(series.seconds.front(), 0.0);
    }
    // Neighbours share their memory; only where room was made anew they do not.
    int copies = 0;
    for (std::size_t index = 1; index < kept.size(); ++index)
        copies += kept[index]->values.data() != kept[index - 1]->values.data() ? 1 : 0;
    QCOMPARE(copies, 4); // at 256, 512, 1024 and 2048
}

void CurveSeriesTest::aMillionPointsAreQuick()
{
    constexpr std::size_t kPoints = 1'000'000;
    std::vector<double> x(kPoints), y(kPoints);
    std::iota(x.begin(), x.end(), 0);
    for (std::size_t index = 0; index < kPoints; ++index)
        y[index] = std::sin(static_cast<double>(index) * 1e-3);
    const CurvePyramid curve(x, y);
    QElapsedTimer timer;
    double best = 1e9;
    for (int attempt = 0; attempt < 5; ++attempt) {
        timer.start();
        QVERIFY(curve.lines(0, kPoints, 1500).front().size() > 1500);
        QCOMPARE(curve.extent(0, kPoints).isEmpty, false);
        best = std::min(best, static_cast<double>(timer.nsecsElapsed()) * 1e-6);
    }
    qInfo("a million points on 1500 columns: %.2f ms", best);
    QVERIFY(best < 8);
}

QTEST_GUILESS_MAIN(CurveSeriesTest)
#include "curve_series_test.moc"
