// Mean and spread of the curves of a cell, by values that were computed by hand.
#include "core/insight/curve_spread.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace kino;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Columns {
    std::vector<std::int64_t> steps;
    std::vector<double> epochs, seconds, values;
    RunCurve curve() const { return {steps, epochs, seconds, values}; }
};

CurveSpread spreadOfAll(const std::vector<Columns> &runs)
{
    std::vector<RunCurve> curves;
    for (const Columns &run : runs)
        curves.push_back(run.curve());
    return spreadCurves(curves);
}

using Numbers = std::vector<double>;

bool areClose(const Numbers &one, const Numbers &other)
{
    return std::ranges::equal(one, other, [](double a, double b) { return std::abs(a - b) < 1e-12; });
}

using Steps = std::vector<std::int64_t>;

} // namespace

class CurveSpreadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stepsThatAllHaveAreAveraged()
    {
        // Two values in an epoch: they meet at their steps. 15 is one run's alone, 20 is a gap in another.
        const CurveSpread spread = spreadOfAll({{{0, 10, 15, 20, 30}, {0, 0, 0, 1, 1}, {0, 1, 2, 3, 4}, {4, 2, 9, 7, 1}},
                                                {{0, 10, 20, 30}, {0, 0, 1, 1}, {0, 2, 4, 6}, {6, 3, kNan, 2}},
                                                {{0, 10, 20, 30}, {0, 0, 1, 1}, {0, 3, 6, 9}, {8, 7, 5, 3}}});
        QCOMPARE(spread.alignment, CurveAlignment::step);
        QCOMPARE(spread.runs, std::size_t{3});
        QCOMPARE(spread.steps, (Steps{0, 10, 30}));
        QVERIFY(areClose(spread.mean, (Numbers{6, 4, 2})));
        QVERIFY(areClose(spread.least, (Numbers{4, 2, 1})));
        QVERIFY(areClose(spread.most, (Numbers{8, 7, 3})));
        // Deviations from the means 6, 4 and 2: 2 0 2, 2 1 3, 1 0 1; squares 8, 14, 2, over 2, over 3.
        QVERIFY(areClose(spread.standardError, (Numbers{std::sqrt(4.0 / 3), std::sqrt(7.0 / 3), std::sqrt(1.0 / 3)})));
        QVERIFY(areClose(spread.seconds, (Numbers{0, 2, 19.0 / 3})));
        QVERIFY(spread.drops.empty());
    }

    void foldsMeetAtTheEndsOfTheirEpochs()
    {
        // Epochs of 10, 12 and 11 steps, one value in each.
        const CurveSpread spread = spreadOfAll({{{9, 19}, {0, 1}, {5, 10}, {0.25, 0.5}}, {{11, 23}, {0, 1}, {6, 12}, {0.75, 1}}, {{10, 21}, {0, 1}, {7, 14}, {0.5, 0.75}}});
        QCOMPARE(spread.alignment, CurveAlignment::epoch);
        QCOMPARE(spread.steps, (Steps{10, 21}));
        QVERIFY(areClose(spread.epochs, (Numbers{0, 1})));
        QVERIFY(areClose(spread.seconds, (Numbers{6, 12})));
        QVERIFY(areClose(spread.mean, (Numbers{0.5, 0.75})));
        QVERIFY(areClose(spread.standardError, (Numbers{0.25 / std::sqrt(3), 0.25 / std::sqrt(3)})));
    }

    void theMeanGoesAsFarAsHalfOfTheRuns()
    {
        const CurveSpread spread = spreadOfAll({{{1, 2, 3, 4, 5}, {0, 0, 0, 0, 0}, {1, 2, 3, 4, 5}, {1, 1, 1, 1, 1}},
                                                {{1, 2}, {0, 0}, {1, 2}, {3, 3}},
                                                {{1, 2, 3, 4}, {0, 0, 0, 0}, {1, 2, 3, 4}, {5, 5, 5, 5}},
                                                {{}, {}, {}, {}}});
        QCOMPARE(spread.runs, std::size_t{3}); // the fourth has not begun
        // From 3 on two of three go on, (1 + 5) / 2; the last step is one run's alone.
        QCOMPARE(spread.steps, (Steps{1, 2, 3, 4}));
        QVERIFY(areClose(spread.mean, (Numbers{3, 3, 3, 3})));
        QVERIFY(areClose(spread.most, (Numbers{5, 5, 5, 5})));
        // Deviations 2, 2, 0 over 2 and over 3; then 2, 2 over 1 and over 2.
        QVERIFY(areClose(spread.standardError, (Numbers{std::sqrt(4.0 / 3), std::sqrt(4.0 / 3), 2, 2})));
        QCOMPARE(spread.drops, (std::vector<CurveSpread::Drop>{{2, 0, 2, 2}, {4, 0, 4, 1}}));
    }

    void aRunThatHasOnlyBegunCutsNothing()
    {
        const Columns first{{0, 10, 20}, {0, 0, 0}, {0, 1, 2}, {4, 2, 1}}, second{{0, 10, 20}, {0, 0, 0}, {0, 1, 2}, {6, 4, 2}}, begun{{0}, {0}, {0}, {8}};
        const CurveSpread two = spreadOfAll({first, second}), three = spreadOfAll({first, second, begun});
        QVERIFY(areClose(two.mean, (Numbers{5, 3, 1.5})));
        QCOMPARE(three.steps, two.steps);
        QVERIFY(areClose(three.mean, (Numbers{6, 3, 1.5})));
        QCOMPARE(three.drops, (std::vector<CurveSpread::Drop>{{0, 0, 0, 2}}));
        // Of the second run of all: what the first is stays.
        const CurveSpread one = spreadOfAll({first, begun});
        QVERIFY(areClose(one.mean, (Numbers{6, 2, 1})));
        QVERIFY(std::isnan(one.standardError[1]));
    }

    void oneRunHasNoError()
    {
        const CurveSpread spread = spreadOfAll({{{0, 1}, {0, 0}, {0, 1}, {2, 3}}});
        QVERIFY(areClose(spread.mean, (Numbers{2, 3})));
        QCOMPARE(spread.least, spread.most);
        QVERIFY(std::isnan(spread.standardError[0]) && std::isnan(spread.standardError[1]));
        QVERIFY(spread.drops.empty());
        QCOMPARE(spreadOfAll({}).runs, std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(CurveSpreadTest)
#include "curve_spread_test.moc"
