// Augmentations of signals: exact properties, scipy's and numpy's numbers (scipy 1.17.1, numpy 2.4.6), distributions of what is drawn.
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/learn/augment/augmentation_chain.h"
#include "core/learn/augment/augmentations.h"
#include "core/learn/augment/signal_kernels.h"
#include "core/learn/augment/time_warp.h"
#include "tests/support/distribution.h"

#include <QtTest>

#include <numbers>
#include <numeric>
#include <set>

using namespace kino;

namespace {

using Json = nlohmann::json;
using Values = std::vector<float>;

constexpr SampleShape kWindow{6, 1, 50};

Json one(const char *name, Json options = Json::object()) { return Json::array({{{"name", name}, {"options", std::move(options)}}}); }

Values waves(const SampleShape &shape)
{
    Values values(shape.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(3 * std::sin(0.37 * static_cast<double>(i)) + 0.01 * static_cast<double>(i));
    return values;
}

/** 1000 c + t: says of each value where it was. */
Values places(const SampleShape &shape)
{
    Values values(shape.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(1000 * (i / shape.planeSize()) + i % shape.planeSize());
    return values;
}

Values augmented(const AugmentationChain &chain, Values values, const SampleShape &shape, const RandomStream &stream)
{
    chain.apply(values, shape, stream);
    return values;
}

bool isClose(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

double determinant(const Matrix3 &m)
{
    const auto minor = [&](int a, int b) { return static_cast<double>(m[1][a]) * m[2][b] - static_cast<double>(m[1][b]) * m[2][a]; };
    return m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1);
}

bool isOrthonormal(const Matrix3 &m, double tolerance)
{
    for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j) {
            double product = 0;
            for (int k = 0; k < 3; ++k)
                product += static_cast<double>(m[i][k]) * m[j][k];
            if (!isClose(product, i == j, tolerance))
                return false;
        }
    }
    return true;
}

/** What a rotation did, read off a signal whose steps were the unit vectors: step t became row t. */
Matrix3 turned(const AugmentationChain &chain, const SampleShape &shape, std::size_t triple, const RandomStream &stream)
{
    Values values(shape.size());
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(shape.channels); ++channel)
        values[channel * 3 + channel % 3] = 1;
    chain.apply(values, shape, stream);
    Matrix3 matrix{};
    for (std::size_t step = 0; step < 3; ++step) {
        for (std::size_t axis = 0; axis < 3; ++axis)
            matrix[step][axis] = values[(3 * triple + axis) * 3 + step];
    }
    return matrix;
}

std::vector<double> warpedTimes(const std::vector<double> &knots, std::size_t count)
{
    std::vector<double> times(count);
    computeWarpedTimes(knots, times);
    return times;
}

} // namespace

class AugmentSignalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // scipy.spatial.transform.Rotation.from_rotvec(1.1 * axis / |axis|).as_matrix(), axis (0.3, -0.5, 0.8); v @ R, v = (1, 2, 3).
    void aRotationIsScipysAndRowVectorsMeetItFromTheLeft()
    {
        const double length = std::sqrt(0.98);
        const Matrix3 matrix = rotationMatrix({{0.3 / length, -0.5 / length, 0.8 / length}, 1.1});
        const double expected[3][3]
            = {{0.50377607, -0.80383755, -0.3163145}, {0.63657106, 0.59298487, -0.49309861}, {0.58394089, 0.04705462, 0.81043131}};
        for (int i = 0; i < 3; ++i) {
            for (int j = 0; j < 3; ++j)
                QVERIFY(isClose(matrix[i][j], expected[i][j], 1e-7));
        }
        Values vector = {1, 2, 3};
        rotateTriples(vector, {3, 1, 1}, matrix);
        QVERIFY(isClose(vector[0], 3.528740845993655, 1e-6));
        QVERIFY(isClose(vector[1], 0.5232960496835348, 1e-6));
        QVERIFY(isClose(vector[2], 1.1287822138045889, 1e-6));
    }

    void aRotationKeepsLengthsAndTurnsBothSensorsAlike()
    {
        const AugmentationChain chain(one("rotation"));
        RandomStream seeds(1);
        for (int round = 0; round < 200; ++round) {
            const RandomStream stream = seeds.split(static_cast<std::uint64_t>(round));
            const Matrix3 first = turned(chain, {6, 1, 3}, 0, stream);
            QVERIFY(isOrthonormal(first, 2e-6));
            QVERIFY(isClose(determinant(first), 1, 2e-6));
            QVERIFY(first == turned(chain, {6, 1, 3}, 1, stream));
            const Values before = waves(kWindow);
            const Values after = augmented(chain, before, kWindow, stream);
            QVERIFY(after != before);
            for (std::size_t i = 0; i < 50; ++i) {
                for (const std::size_t triple : {std::size_t{0}, std::size_t{150}}) {
                    const auto norm = [&](const Values &values) {
                        return std::hypot(values[triple + i], values[triple + 50 + i], values[triple + 100 + i]);
                    };
                    QVERIFY(isClose(norm(before), norm(after), 1e-5 * norm(before) + 1e-6));
                }
            }
        }
    }

    // numpy: the six numbers (0.3, -0.5, 0.8, 0.1, -0.9, 0.4) brought to length 1, the first three in the formula, angle 1.1.
    void theReleasedRotationIsNone()
    {
        const Matrix3 matrix = rotationMatrix({{0.2142857142857143, -0.35714285714285715, 0.5714285714285715}, 1.1});
        const double expected[3][3]
            = {{0.4786861, -0.55107797, -0.25138175}, {0.46744473, 0.52329049, -0.302484}, {0.38519494, 0.07946201, 0.63201371}};
        for (int i = 0; i < 3; ++i) {
            for (int j = 0; j < 3; ++j)
                QVERIFY(isClose(matrix[i][j], expected[i][j], 1e-7));
        }
        QVERIFY(isClose(determinant(matrix), 0.43816817784746803, 1e-6));

        const AugmentationChain released(one("rotation", {{"mode", "as-released"}}));
        const AugmentationChain sound(one("rotation"));
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            const Matrix3 found = turned(released, {6, 1, 3}, 0, RandomStream(seed));
            QVERIFY(!isOrthonormal(found, 1e-3) || std::abs(found[0][0] - 1) < 0.01); // hardly turned at all
            QVERIFY(determinant(found) < 1);
            // With three channels the released code is right.
            QVERIFY(turned(released, {3, 1, 3}, 0, RandomStream(seed)) == turned(sound, {3, 1, 3}, 0, RandomStream(seed)));
        }
    }

    // E of the sum of fourth powers of a direction from the cube: 0.54073 (scipy's tplquad); from the sphere it would be 0.6.
    void axesComeFromTheCubeAndAnglesAreUniform()
    {
        RandomStream stream(5);
        std::vector<double> angles;
        double fourths = 0;
        constexpr int kDraws = 40'000;
        for (int i = 0; i < kDraws; ++i) {
            const AxisAngle turn = drawRotation(stream, std::numbers::pi);
            angles.push_back(turn.angle);
            double squares = 0;
            for (const double each : turn.axis) {
                squares += each * each;
                fourths += each * each * each * each;
            }
            QVERIFY(isClose(squares, 1, 1e-12));
        }
        QVERIFY(test::isUniform(angles, -std::numbers::pi, std::numbers::pi));
        QVERIFY(isClose(fourths / kDraws, 0.5407344725657122, 0.005));
    }

    void theLargestAngleLimitsARotation()
    {
        const AugmentationChain chain(one("rotation", {{"angle", 10}}));
        double largest = 0;
        for (std::uint64_t seed = 0; seed < 500; ++seed) {
            const Matrix3 matrix = turned(chain, {3, 1, 3}, 0, RandomStream(seed));
            const double cosine = (matrix[0][0] + matrix[1][1] + matrix[2][2] - 1) / 2.0;
            largest = std::max(largest, std::acos(std::min(1.0, cosine)) * 180 / std::numbers::pi);
        }
        QVERIFY(largest < 10.01 && largest > 9.5);
    }

    void noiseIsNormalAndOfTheGivenSize()
    {
        const SampleShape shape{6, 1, 20'000};
        const Values before = waves(shape);
        const Values after = augmented(AugmentationChain(one("noise", {{"sigma", 0.05}})), before, shape, RandomStream(2));
        std::vector<double> added;
        for (std::size_t i = 0; i < before.size(); ++i)
            added.push_back(static_cast<double>(after[i]) - before[i]);
        QVERIFY(test::isNormal(added, 0, 0.05));
        double product = 0; // of neighbouring channels
        for (std::size_t i = 0; i < 100'000; ++i)
            product += added[i] * added[i + 20'000] / 0.0025;
        QVERIFY(std::abs(product / 100'000) < 5 / std::sqrt(100'000.0));
    }

    void scalingHasOneFactorForWhatItSays_data()
    {
        QTest::addColumn<QString>("per");
        QTest::addColumn<std::size_t>("different");
        QTest::newRow("channel") << QStringLiteral("sample-channel") << std::size_t{6};
        QTest::newRow("step") << QStringLiteral("step") << std::size_t{50};
        QTest::newRow("sample") << QStringLiteral("sample") << std::size_t{1};
    }
    void scalingHasOneFactorForWhatItSays()
    {
        QFETCH(QString, per);
        QFETCH(std::size_t, different);
        const AugmentationChain chain(one("scaling", {{"per", per.toStdString()}, {"sigma", 0.25}}));
        std::vector<double> factors;
        for (std::uint64_t seed = 0; seed < 4000; ++seed) {
            const Values found = augmented(chain, Values(kWindow.size(), 2), kWindow, RandomStream(seed));
            for (std::size_t i = 0; i < found.size(); ++i)
                QCOMPARE(found[i], found[per == u"step" ? i % 50 : per == u"sample" ? 0 : i / 50 * 50]);
            const std::set<float> once(found.begin(), found.end());
            QVERIFY(once.size() <= different && once.size() + 2 > different); // two of fifty may be alike in single precision
            for (const float value : once)
                factors.push_back(value / 2.0);
        }
        QVERIFY(test::isNormal(factors, 1, 0.25));
    }

    void negationAndReversalAreExactAndUndoThemselves()
    {
        const Values before = waves(kWindow);
        const AugmentationChain negate(one("negate"));
        const AugmentationChain flip(one("time-flip"));
        const Values negated = augmented(negate, before, kWindow, RandomStream(1));
        const Values flipped = augmented(flip, before, kWindow, RandomStream(1));
        for (std::size_t i = 0; i < before.size(); ++i) {
            QCOMPARE(negated[i], -before[i]);
            QCOMPARE(flipped[i], before[i / 50 * 50 + 49 - i % 50]);
        }
        QVERIFY(augmented(negate, negated, kWindow, RandomStream(2)) == before);
        QVERIFY(augmented(flip, flipped, kWindow, RandomStream(2)) == before);
    }

    void segmentsStayWholeAndAllChannelsAreCutAlike()
    {
        const AugmentationChain chain(one("segment-permutation"));
        const SampleShape shape{6, 1, 250};
        int changed = 0;
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            const Values found = augmented(chain, places(shape), shape, RandomStream(seed));
            std::vector<int> order;
            int breaks = 0;
            for (std::size_t t = 0; t < 250; ++t) {
                order.push_back(static_cast<int>(found[t]));
                for (std::size_t channel = 1; channel < 6; ++channel)
                    QCOMPARE(found[channel * 250 + t], found[t] + 1000.0f * static_cast<float>(channel));
                breaks += t > 0 && order[t] != order[t - 1] + 1;
            }
            QVERIFY(breaks <= 4); // five segments
            changed += breaks > 0;
            std::ranges::sort(order);
            for (int t = 0; t < 250; ++t)
                QCOMPARE(order[static_cast<std::size_t>(t)], t);
        }
        QVERIFY(changed > 280); // 1 of 120 orders is the old one
    }

    void cutsAndOrdersAreAllAsLikely()
    {
        RandomStream stream(8);
        std::map<std::array<std::int64_t, 2>, int> cutCounts;
        for (int i = 0; i < 45'000; ++i) {
            std::array<std::int64_t, 2> cuts{};
            drawCuts(stream, 11, cuts);
            QVERIFY(cuts[0] >= 1 && cuts[0] < cuts[1] && cuts[1] <= 10);
            ++cutCounts[cuts];
        }
        std::vector<int> counts;
        for (const auto &[cuts, count] : cutCounts)
            counts.push_back(count);
        QCOMPARE(counts.size(), std::size_t{45});
        QVERIFY(test::areEven(counts, test::kEvenOf45));

        const AugmentationChain chain(one("segment-permutation", {{"segments", 3}}));
        std::map<Values, int> orders;
        for (std::uint64_t seed = 0; seed < 6000; ++seed)
            ++orders[augmented(chain, {0, 1, 2}, {1, 1, 3}, RandomStream(seed))];
        counts.clear();
        for (const auto &[order, count] : orders)
            counts.push_back(count);
        QCOMPARE(counts.size(), std::size_t{6});
        QVERIFY(test::areEven(counts, test::kEvenOf6));
    }

    // scipy.interpolate.CubicSpline(np.arange(K) * 19 / (K - 1), knots)(np.arange(20)); its sum as in SelfHAR; np.interp of
    // sin(0.7 t) + 0.1 t.
    void aWarpIsScipysSplineSummedAndReadByInterpolation_data()
    {
        QTest::addColumn<std::vector<double>>("knots");
        QTest::addColumn<std::vector<double>>("speeds");
        QTest::addColumn<std::vector<double>>("times");
        QTest::addColumn<std::vector<double>>("values");
        using Numbers = std::vector<double>;
        QTest::newRow("4 knots")
            << Numbers{1.2, 0.8, 1.1, 0.7}
            << Numbers{1.2,         1.033153521, 0.913150605, 0.834480245, 0.791631433, 0.779093162, 0.791354425, 0.822904213, 0.868231521, 0.921825339,
                       0.978174661, 1.031768479, 1.077095787, 1.108645575, 1.120906838, 1.108368567, 1.065519755, 0.986849395, 0.866846479, 0.7}
            << Numbers{1.2,         2.233153521,  3.146304126,  3.980784371,  4.772415804,  5.551508966,  6.342863391,  7.165767605,  8.033999125, 8.955824464,
                       9.933999125, 10.965767605, 12.042863391, 13.151508966, 14.272415804, 15.380784371, 16.446304126, 17.433153521, 18.3,        19.0}
            << Numbers{0.0,       0.0,       0.5762688, 1.1147559, 1.152815,  0.563876,  -0.0892626, -0.2802616, 0.1510653, 0.950241,
                       1.6845687, 2.0871013, 2.0559348, 1.6786144, 1.1758347, 0.7622664, 0.6206053,  0.8795003,  1.5734524, 2.5695698};
        QTest::newRow("5 knots")
            << Numbers{1.2, 0.8, 1.1, 0.7, 1.3}
            << Numbers{1.2,         0.949803178, 0.806735676, 0.750502989, 0.760810614, 0.817364047, 0.899868786, 0.988030325, 1.061554162, 1.100145794,
                       1.084414638, 1.015760315, 0.916372649, 0.809345386, 0.71777227,  0.664747048, 0.673363464, 0.766715265, 0.967896195, 1.3}
            << Numbers{1.249232736, 2.238003754,  3.0778376,    3.859131685,  4.651156289,  5.502054559,  6.438842513,  7.467409035,  8.572515877,  9.717797659,
                       10.84670288, 11.904137077, 12.858106003, 13.700656628, 14.447877142, 15.139896953, 15.840886688, 16.639058194, 17.646664536, 19.0}
            << Numbers{0.0,       0.0,       0.5650795, 1.1445554, 1.0870466, 0.4948388, -0.0744536, -0.2775099, -0.0650098, 0.4479595,
                       1.1018414, 1.7194954, 2.0847949, 1.9812562, 1.3845107, 0.7038391, 0.7127295,  1.3511562,  2.0257676,  2.5695698};
        QTest::newRow("6 knots")
            << Numbers{0.9, 1.3, 0.7, 1.1, 0.8, 1.2}
            << Numbers{0.9,         1.281459882, 1.430718764, 1.405972688, 1.265417699, 1.067249842, 0.86966516,  0.730859698, 0.707637654, 0.802695242,
                       0.948440492, 1.072583953, 1.107061282, 1.047028235, 0.936307528, 0.819973757, 0.743101521, 0.750765418, 0.888040045, 1.2}
            << Numbers{0.856070994,  2.07498281,   3.435868181,  4.773215332,  5.976867984, 6.992025354,  7.819242151,  8.514428582,  9.187526437,  9.951042119,
                       10.853189223, 11.873420346, 12.926445959, 13.922368739, 14.81297509, 15.592925922, 16.299756652, 17.013877205, 17.858572009, 19.0}
            << Numbers{0.0,       0.0878772, 0.6984363, 1.0441307, 1.1760681, 1.0825266, 0.7216404, 0.1451602, -0.2744039, 0.043032,
                       0.9569817, 1.7190334, 2.084133,  2.0224349, 1.5680555, 0.9344354, 0.6206026, 1.0729037, 1.9248101,  2.5695698};
        QTest::newRow("8 knots")
            << Numbers{1, 1.4, 0.6, 1.2, 0.9, 1.1, 0.7, 1.3}
            << Numbers{1.0,         1.555216176, 1.584135537, 1.298750707, 0.911054313, 0.633038979, 0.661401951, 0.935925906, 1.183214175, 1.175596761,
                       1.007418256, 0.895553636, 0.961687679, 1.077090694, 1.076380839, 0.923851036, 0.74007266,  0.6549211,   0.79827175,  1.3}
            << Numbers{0.932580233,  2.382944098,  3.860277586,  5.071466824,  5.921098067, 6.511457706,  7.128268091,  8.001094091,  9.104536243,  10.200874544,
                       11.140372897, 11.975548516, 12.872399436, 13.876872927, 14.88068442, 15.742249635, 16.432426769, 17.043193242, 17.787645697, 19.0}
            << Numbers{0.0,       0.0345948, 0.5477196, 0.9285125, 1.1828841, 1.1645217, 0.6566994, -0.1840703, -0.282439, 0.1259896,
                       0.7797482, 1.5463955, 2.087253,  1.9992763, 1.5472717, 0.9762957, 0.6204977, 1.0492582,  1.9625305, 2.5695698};
    }
    void aWarpIsScipysSplineSummedAndReadByInterpolation()
    {
        QFETCH(std::vector<double>, knots);
        QFETCH(std::vector<double>, speeds);
        QFETCH(std::vector<double>, times);
        QFETCH(std::vector<double>, values);
        std::vector<double> found(20);
        evaluateKnots(knots, found);
        for (std::size_t i = 0; i < 20; ++i)
            QVERIFY2(isClose(found[i], speeds[i], 1e-8), qPrintable(QString::number(found[i], 'g', 12)));
        computeWarpedTimes(knots, found);
        for (std::size_t i = 0; i < 20; ++i)
            QVERIFY(isClose(found[i], times[i], 1e-8));
        Values signal(20), read(20), weights(20);
        for (std::size_t i = 0; i < 20; ++i)
            signal[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i)) + 0.1 * static_cast<double>(i));
        std::vector<std::int32_t> indices(20);
        locateInstants(found, {indices, weights});
        readWarped(signal, {indices, weights}, read);
        for (std::size_t i = 0; i < 20; ++i)
            QVERIFY2(isClose(read[i], values[i], 1e-6), qPrintable(QString::number(read[i], 'g', 12)));
    }

    void timeNeverStandsNorRunsBack()
    {
        RandomStream stream(4);
        int slowed = 0;
        for (int round = 0; round < 300; ++round) {
            std::vector<double> knots(4 + stream.below(10));
            for (double &knot : knots)
                knot = stream.normal(1, 2);
            std::vector<double> speeds(77);
            evaluateKnots(knots, speeds);
            slowed += *std::ranges::min_element(speeds) < 0;
            const std::vector<double> times = warpedTimes(knots, 77);
            QVERIFY(times[0] > 0);
            QCOMPARE(times.back(), 76.0);
            for (std::size_t i = 1; i < times.size(); ++i)
                QVERIFY(times[i] > times[i - 1]);
        }
        QVERIFY(slowed > 200); // so that the limit was needed
    }

    void aWarpKeepsEndsAndOrderAndChannelsTogether()
    {
        const AugmentationChain together(one("time-warp"));
        const AugmentationChain apart(one("time-warp", {{"per", "sample-channel"}}));
        const SampleShape shape{3, 1, 100};
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            const Values before = places(shape);
            const Values found = augmented(together, before, shape, RandomStream(seed));
            const Values alone = augmented(apart, before, shape, RandomStream(seed));
            QVERIFY(found != before);
            bool isApart = false;
            for (std::size_t i = 0; i < found.size(); ++i) {
                if (i % 100 == 0 || i % 100 == 99) {
                    QCOMPARE(found[i], before[i]);
                    QCOMPARE(alone[i], before[i]);
                } else {
                    QVERIFY(found[i] >= found[i - 1] && alone[i] >= alone[i - 1]); // the signal ascends, and so time does
                }
                const auto channel = static_cast<float>(1000 * (i / 100));
                QVERIFY(isClose(found[i] - channel, found[i % 100], 2e-4));
                isApart |= !isClose(alone[i] - channel, alone[i % 100], 0.1);
            }
            QVERIFY(isApart);
        }
    }

    void shuffledAxesAreNeverTheOldOnesAndAllOthersAsLikely()
    {
        const AugmentationChain together(one("channel-shuffle"));
        const AugmentationChain apart(one("channel-shuffle", {{"triples", "each"}}));
        const SampleShape shape{6, 1, 2};
        std::map<Values, int> orders;
        int different = 0;
        for (std::uint64_t seed = 0; seed < 5000; ++seed) {
            const Values found = augmented(together, places(shape), shape, RandomStream(seed));
            for (std::size_t i = 0; i < 6; ++i)
                QCOMPARE(found[6 + i], found[i] + 3000);
            const Values first(found.begin(), found.begin() + 6);
            QVERIFY(first != Values({0, 1, 1000, 1001, 2000, 2001}));
            ++orders[first];
            const Values alone = augmented(apart, places(shape), shape, RandomStream(seed));
            bool differs = false;
            for (std::size_t i = 0; i < 6; ++i)
                differs |= alone[6 + i] != alone[i] + 3000;
            different += differs;
        }
        std::vector<int> counts;
        for (const auto &[order, count] : orders)
            counts.push_back(count);
        QCOMPARE(counts.size(), std::size_t{5});
        QVERIFY(test::areEven(counts, test::kEvenOf5));
        QVERIFY(std::abs(different - 4000) < 150); // 4 of 5; standard deviation 28
    }

    void theSameStreamGivesTheSameAndABatchIsItsSamples_data()
    {
        QTest::addColumn<QString>("name");
        for (const AugmentationInfo &info : augmentationInfos()) {
            if (info.input == AugmentationInput::signal)
                QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
        }
    }
    void theSameStreamGivesTheSameAndABatchIsItsSamples()
    {
        QFETCH(QString, name);
        const AugmentationChain chain(Json::array({{{"name", name.toStdString()}, {"options", {{"probability", 0.7}}}}, {{"name", "noise"}}}));
        constexpr std::size_t kCount = 9;
        const RandomStream epoch = RandomStream(42).split(3);
        std::vector<RandomStream> streams;
        Values batch;
        for (std::size_t i = 0; i < kCount; ++i) {
            streams.push_back(epoch.split(100 + i));
            streams.back().bits(); // what a stream was used for does not matter
            const Values sample = waves(kWindow);
            batch.insert(batch.end(), sample.begin(), sample.end());
        }
        chain.applyBatch(batch, kWindow, streams);
        std::set<Values> different;
        std::vector<Values> alone(kCount);
        parallelFor(kCount, 4, [&](std::size_t i) { alone[i] = augmented(chain, waves(kWindow), kWindow, epoch.split(100 + i)); });
        for (std::size_t i = 0; i < kCount; ++i) {
            QVERIFY(std::memcmp(alone[i].data(), batch.data() + i * kWindow.size(), kWindow.size() * sizeof(float)) == 0);
            different.insert(alone[i]);
        }
        QCOMPARE(different.size(), kCount);
    }

    void oneAugmentationChangesNoOthersNumbers()
    {
        const Values before = waves(kWindow);
        const Json noise = {{"name", "noise"}};
        const auto after = [&](const Json &first) { return augmented(AugmentationChain(Json::array({first, noise})), before, kWindow, RandomStream(6)); };
        const Values unscaled = after({{"name", "scaling"}, {"options", {{"sigma", 0}}}});
        QVERIFY(unscaled == after({{"name", "scaling"}, {"options", {{"probability", 0}}}}));
        QVERIFY(unscaled == after({{"name", "rotation"}, {"options", {{"probability", 0}}}}));
        QVERIFY(unscaled != augmented(AugmentationChain(Json::array({noise})), before, kWindow, RandomStream(6)));
    }

    void aProbabilityIsThatOfASample()
    {
        const Values before = waves(kWindow);
        int changed = 0;
        const AugmentationChain never(one("negate", {{"probability", 0}}));
        const AugmentationChain some(one("negate", {{"probability", 0.3}}));
        const AugmentationChain always(one("negate", {{"probability", 1}}));
        for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
            QVERIFY(augmented(never, before, kWindow, RandomStream(seed)) == before);
            QVERIFY(augmented(always, before, kWindow, RandomStream(seed)) != before);
            changed += augmented(some, before, kWindow, RandomStream(seed)) != before;
        }
        QVERIFY(std::abs(changed - 3000) < 230); // five standard deviations
    }

    void shapesOfAllSizesAndValuesThatAreNotFiniteDoNoHarm()
    {
        const float bad[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                             std::numeric_limits<float>::max()};
        int applied = 0;
        for (const AugmentationInfo &info : augmentationInfos()) {
            if (info.input != AugmentationInput::signal)
                continue;
            const AugmentationChain chain(one(info.name.c_str()));
            for (const SampleShape shape : {SampleShape{1, 1, 1}, {3, 1, 1}, {3, 1, 2}, {2, 1, 3}, {6, 1, 5}, {9, 1, 64}}) {
                if (!chain.problemsFor(shape).empty())
                    continue;
                Values values = waves(shape);
                for (std::size_t i = 0; i < values.size(); i += 2)
                    values[i] = bad[i / 2 % std::size(bad)];
                chain.apply(values, shape, RandomStream(1));
                ++applied;
            }
        }
        QVERIFY(applied > 30);
    }

    void everyProblemIsToldAtOnceAndWithItsPlace()
    {
        const Json list = Json::array({{{"name", "noise"}, {"options", {{"sigma", -1}, {"colour", 2}}}},
                                       {{"name", "nose"}},
                                       7,
                                       {{"name", "scaling"}, {"option", 3}, {"options", {{"per", "step "}}}},
                                       {{"name", "negate"}, {"options", {{"probability", 1.5}}}}});
        try {
            const AugmentationChain chain(list);
            QFAIL("no problem was found");
        } catch (const Error &error) {
            const QString text = QString::fromStdString(error.sentence());
            for (const char *part :
                 {"\"sigma\" of augmentation 1 (noise)", "no option \"colour\" of augmentation 1 (noise)", "Augmentation 2: There is no augmentation \"nose\"",
                  "channel-shuffle", "Augmentation 3 is an object with a name", "Augmentation 4 has a \"option\"", "sample-channel, step, sample",
                  "\"probability\" of augmentation 5 (negate)"})
                QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text + " lacks " + part));
        }
        QVERIFY_EXCEPTION_THROWN(AugmentationChain(Json::object()), Error);
        QVERIFY_EXCEPTION_THROWN(AugmentationChain(Json(nullptr)), Error);
        QVERIFY_EXCEPTION_THROWN(augmentationInfo("nose"), Error);
        QVERIFY_EXCEPTION_THROWN(augmentationPreset("nose"), Error);
        QVERIFY(augmentationOptionProblems(augmentationInfo("noise"), {{"sigma", 0.2}}).empty());
        QCOMPARE(augmentationOptionProblems(augmentationInfo("noise"), {{"sigma", "much"}, {"x", 1}}).size(), std::size_t{2});
    }

    void whatDoesNotFitASampleIsSaid()
    {
        const AugmentationChain chain(
            Json::array({{{"name", "rotation"}}, {{"name", "segment-permutation"}}, {{"name", "image-hue"}}, {{"name", "noise"}}}));
        const std::vector<std::string> problems = chain.problemsFor({4, 1, 3});
        QCOMPARE(problems.size(), std::size_t{3});
        QVERIFY(problems[0].find("rotation needs channels in threes (x, y, z), and these samples have 4") != std::string::npos);
        QVERIFY(problems[1].find("5 segments") != std::string::npos && problems[1].find("3 samples") != std::string::npos);
        QVERIFY(problems[2].find("image-hue is for pictures") != std::string::npos && problems[2].find("[4, 3]") != std::string::npos);
        QCOMPARE(chain.problemsFor({3, 96, 128}).size(), std::size_t{3}); // those of signals
        for (const SampleShape shape : {SampleShape{0, 1, 5}, {6, 1, 0}, {-3, 1, 5}, {6, 0, 5}, {std::int64_t{1} << 62, 1, 1000}})
            QVERIFY(!AugmentationChain(one("noise")).problemsFor(shape).empty());
        Values values = waves(kWindow);
        QVERIFY_EXCEPTION_THROWN(AugmentationChain(one("rotation")).apply(values, {4, 1, 75}, RandomStream(1)), Error);
        QVERIFY_EXCEPTION_THROWN(AugmentationChain(one("noise")).apply(values, {6, 1, 49}, RandomStream(1)), Error);
        QVERIFY_EXCEPTION_THROWN(AugmentationChain(one("noise")).applyBatch(values, kWindow, std::vector<RandomStream>(2, RandomStream(1))), Error);
        QVERIFY(values == waves(kWindow));
    }

    void aChainSaysAllItsOptions()
    {
        const AugmentationChain chain(Json::array({{{"name", "scaling"}, {"options", {{"per", "step"}}}}, {{"name", "time-flip"}}}));
        QCOMPARE(chain.size(), std::size_t{2});
        QVERIFY(chain.description()
                == Json::array({{{"name", "scaling"}, {"options", {{"per", "step"}, {"sigma", 0.25}, {"probability", 1}}}},
                                {{"name", "time-flip"}, {"options", {{"probability", 1}}}}}));
        const Values before = waves(kWindow);
        QVERIFY(augmented(chain, before, kWindow, RandomStream(9)) == augmented(AugmentationChain(chain.description()), before, kWindow, RandomStream(9)));
        const AugmentationChain copy = chain;
        QVERIFY(augmented(copy, before, kWindow, RandomStream(9)) == augmented(chain, before, kWindow, RandomStream(9)));
        QVERIFY(AugmentationChain().empty());
        QVERIFY(augmented(AugmentationChain(), before, kWindow, RandomStream(9)) == before);
    }

    void everyAugmentationAndListIsDescribed()
    {
        std::set<std::string> names;
        for (const AugmentationInfo &info : augmentationInfos()) {
            QVERIFY(names.insert(info.name).second);
            QVERIFY(!info.title.empty() && !info.source.empty());
            QCOMPARE(info.options.back().name, std::string("probability"));
            for (const NamedOption &option : info.options) {
                QVERIFY2(option.help.ends_with('.'), option.name.c_str());
                QVERIFY(option.allowed.empty() ? option.least < option.most : option.least == option.most);
                QVERIFY(augmentationOptionProblems(info, {{option.name, option.usual}}).empty());
            }
        }
        QCOMPARE(names.size(), std::size_t{20});
        for (const AugmentationPreset &preset : augmentationPresets()) {
            QVERIFY(!preset.title.empty() && !preset.source.empty());
            const SampleShape shape = preset.input == AugmentationInput::picture ? SampleShape{3, 96, 128} : SampleShape{6, 1, 250};
            QVERIFY(AugmentationChain(preset.chain).problemsFor(shape).empty());
        }
        QVERIFY(augmentationPreset("primus-released").chain
                == Json::array({{{"name", "scaling"}, {"options", {{"per", "step"}, {"sigma", 0.25}}}},
                                {{"name", "segment-permutation"}, {"options", {{"segments", 5}}}}}));
        QCOMPARE(augmentationPreset("multitask-har").chain.size(), std::size_t{8});
    }
};

QTEST_GUILESS_MAIN(AugmentSignalTest)
#include "augment_signal_test.moc"
