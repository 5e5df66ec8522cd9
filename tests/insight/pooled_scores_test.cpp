// Spreads and paired differences of a study, against numpy 2 and scipy 1 (the figures were printed by them with repr(); the script:
// macro-F1 of summed confusions; numpy.std(ddof=1); all 27 draws of three subjects enumerated; scipy.stats.t.interval of the
// subjects' mean differences).
#include "core/insight/pooled_scores.h"

#include "core/base/error.h"

#include <QtTest>

#include <cmath>

using namespace kino;

namespace {

PooledPredictions predictions(const std::map<std::int64_t, std::map<std::string, ConfusionMatrix>> &bySeed)
{
    PooledPredictions pooled;
    pooled.classes = 2;
    for (const auto &[seed, bySubject] : bySeed) {
        for (const auto &[subject, confusion] : bySubject) {
            for (std::size_t label = 0; label < 2; ++label) {
                for (std::size_t predicted = 0; predicted < 2; ++predicted) {
                    for (std::size_t count = 0; count < confusion[label][predicted]; ++count)
                        pooled.add(seed, subject, label, predicted);
                }
            }
        }
    }
    return pooled;
}

const PooledPredictions kA = predictions({{1, {{"s1", {{5, 1}, {2, 4}}}, {"s2", {{3, 3}, {1, 5}}}, {"s3", {{6, 0}, {0, 6}}}}},
                                          {2, {{"s1", {{4, 2}, {2, 4}}}, {"s2", {{2, 4}, {2, 4}}}, {"s3", {{5, 1}, {1, 5}}}}}});
const PooledPredictions kB = predictions({{1, {{"s1", {{3, 3}, {3, 3}}}, {"s2", {{3, 3}, {2, 4}}}, {"s3", {{4, 2}, {1, 5}}}}},
                                          {2, {{"s1", {{3, 3}, {2, 4}}}, {"s2", {{3, 3}, {3, 3}}}, {"s3", {{5, 1}, {2, 4}}}}}});

bool near(double value, double expected, double tolerance = 1e-12) { return std::abs(value - expected) <= tolerance; }

} // namespace

class PooledScoresTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void studentsQuantilesAreScipys_data()
    {
        QTest::addColumn<double>("probability");
        QTest::addColumn<double>("freedom");
        QTest::addColumn<double>("expected");
        QTest::newRow("1") << 0.975 << 1.0 << 12.706204736174694;
        QTest::newRow("2") << 0.975 << 2.0 << 4.302652729749462;
        QTest::newRow("4") << 0.975 << 4.0 << 2.7764451051977934;
        QTest::newRow("30") << 0.975 << 30.0 << 2.0422724563012378;
        QTest::newRow("0.9") << 0.9 << 7.0 << 1.4149239276505086;
        QTest::newRow("low") << 0.05 << 3.0 << -2.353363434801824;
        QTest::newRow("far, broken freedom") << 0.9995 << 2.5 << 18.277893528131457;
    }

    void studentsQuantilesAreScipys()
    {
        QFETCH(double, probability);
        QFETCH(double, freedom);
        QFETCH(double, expected);
        QVERIFY2(near(studentQuantile(probability, freedom), expected, 1e-9), qPrintable(QString::number(studentQuantile(probability, freedom), 'g', 17)));
    }

    void percentilesAreNumpys()
    {
        const std::vector<double> values{3, 1, 4, 1, 5, 9, 2, 6};
        QCOMPARE(percentile(values, 0.025), 1.0);
        QCOMPARE(percentile(values, 0.25), 1.75);
        QCOMPARE(percentile(values, 0.5), 3.5);
        QVERIFY(near(percentile(values, 0.975), 8.475));
        QVERIFY_EXCEPTION_THROWN(percentile({}, 0.5), Error);
    }

    void seedsAndSubjectsAreKeptApart()
    {
        const auto a = pooledScore(kA, Score::macroF1);
        QVERIFY(a);
        QVERIFY(near(a->bySeed.at(1), 0.8054054054054054));
        QVERIFY(near(a->bySeed.at(2), 0.6656346749226006));
        QVERIFY(near(a->overSeeds.mean, 0.735520040164003));
        QVERIFY(near(*a->overSeeds.deviation, 0.09883283133578853));
        QCOMPARE(a->overSeeds.count, std::size_t{2});
        QCOMPARE(a->subjects, std::size_t{3});
        // Of 27 draws each end is one, which has 1/27 > 2.5 %.
        QVERIFY(near(a->overSubjects->low, 0.5714285714285714));
        QVERIFY(near(a->overSubjects->high, 0.9166666666666667));
        const auto b = pooledScore(kB, Score::macroF1);
        QVERIFY(near(b->overSeeds.mean, 0.6105091159270726));
        QVERIFY(near(b->overSubjects->low, 0.5402097902097902));
        QVERIFY(near(b->overSubjects->high, 0.7482517482517483));
        QVERIFY(near(pooledScore(kA, Score::accuracy)->bySeed.at(1), 29.0 / 36.0));
        QCOMPARE(kA.total(), (ConfusionMatrix{{25, 11}, {8, 28}}));
    }

    void differencesArePairedBySubjectAndSeed()
    {
        const auto difference = pairedDifference(kA, kB, Score::macroF1);
        QVERIFY(difference);
        QVERIFY(near(difference->bySubject.at("s1"), 0.16724941724941728));
        QVERIFY(near(difference->bySubject.at("s2"), 0.031218781218781216));
        QVERIFY(near(difference->bySubject.at("s3"), 0.16841491841491835));
        QVERIFY(near(difference->mean, 0.12229437229437227));
        QVERIFY(near(difference->interval->low, -0.0736442957509751, 1e-9));
        QVERIFY(near(difference->interval->high, 0.31823304033971966, 1e-9));
        QCOMPARE(difference->seeds, std::size_t{2});
        QVERIFY(near(pairedDifference(kB, kA, Score::macroF1)->mean, -0.12229437229437227));

        // What only one of them has is no pair.
        PooledPredictions less = kB;
        less.bySeed.erase(2);
        less.bySeed.at(1).erase("s3");
        const auto fewer = pairedDifference(kA, less, Score::accuracy);
        QCOMPARE(fewer->subjects, std::size_t{2});
        QCOMPARE(fewer->seeds, std::size_t{1});
        QVERIFY(near(fewer->mean, (3.0 / 12 + 1.0 / 12) / 2)); // 9/12 - 6/12, 8/12 - 7/12
        less.bySeed.at(1).erase("s1");
        QVERIFY(!pairedDifference(kA, less, Score::accuracy)->interval);
        less.bySeed.at(1).erase("s2");
        QVERIFY(!pairedDifference(kA, less, Score::accuracy));
    }

    void littleIsSaidOfLittle()
    {
        PooledPredictions none;
        none.classes = 2;
        QVERIFY(!pooledScore(none, Score::macroF1));
        none.add(7, "alone", 0, 0);
        const auto one = pooledScore(none, Score::accuracy);
        QCOMPARE(one->overSeeds.mean, 1.0);
        QVERIFY(!one->overSeeds.deviation && !one->overSubjects);
        QVERIFY_EXCEPTION_THROWN(none.add(7, "alone", 2, 0), Error);
    }
};

QTEST_GUILESS_MAIN(PooledScoresTest)
#include "pooled_scores_test.moc"
