// Confusion and F1 against figures worked out by hand.
#include "core/insight/classification.h"

#include "core/base/error.h"

#include <QtTest>

#include <cmath>

using namespace kino;

class ClassificationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresOfAnExample()
    {
        // Class 0: 2 hits of 4, predicted 4 times: F1 4/8. Class 1: 1 of 2, predicted 3 times: 2/5. Class 2: 2 of 3, predicted
        // 3 times: 4/6. Class 3: never predicted: 0.
        const Classification result = classify(std::vector<std::int64_t>{0, 0, 0, 0, 1, 1, 2, 2, 2, 3}, std::vector<std::int64_t>{0, 0, 1, 2, 1, 0, 2, 2, 1, 0}, 4);
        QCOMPARE(result.confusion, (std::vector<std::vector<std::size_t>>{{2, 1, 1, 0}, {1, 1, 0, 0}, {0, 1, 2, 0}, {1, 0, 0, 0}}));
        QCOMPARE(result.accuracy, 0.5);
        QCOMPARE(result.support, (std::vector<std::size_t>{4, 2, 3, 1}));
        QCOMPARE(result.predictions, (std::vector<std::size_t>{4, 3, 3, 0}));
        QCOMPARE(result.recall, (std::vector<double>{0.5, 0.5, 2.0 / 3, 0}));
        QCOMPARE(result.precision.at(0), 0.5);
        QCOMPARE(result.precision.at(1), 1.0 / 3);
        QVERIFY(std::isnan(result.precision.at(3)));
        QCOMPARE(result.f1.at(0), 0.5);
        QCOMPARE(result.f1.at(1), 0.4);
        QCOMPARE(result.f1.at(2), 4.0 / 6.0);
        QCOMPARE(result.f1.at(3), 0.0);
        QCOMPARE(result.macroF1, (0.5 + 0.4 + 4.0 / 6.0) / 4);
        QCOMPARE(result.balancedAccuracy, (0.5 + 0.5 + 2.0 / 3.0) / 4);
    }

    void classesThatDoNotOccurDoNotCount()
    {
        // Class 2 is predicted once and never there; class 3 is neither.
        const Classification result = classify(std::vector<std::int64_t>{0, 0, 1}, std::vector<std::int64_t>{0, 2, 1}, 4);
        QCOMPARE(result.macroF1, (2.0 / 3.0 + 1.0) / 2);
        QCOMPARE(result.f1.at(2), 0.0);
        QVERIFY(std::isnan(result.f1.at(3)));
        QVERIFY(std::isnan(result.recall.at(2)));
        QCOMPARE(result.precision.at(2), 0.0);
    }

    void nothingIsNotZero()
    {
        const Classification result = classify({}, {}, 3);
        QVERIFY(std::isnan(result.accuracy));
        QVERIFY(std::isnan(result.macroF1));
    }

    void nonsenseIsRefused()
    {
        QVERIFY_EXCEPTION_THROWN(classify(std::vector<std::int64_t>{0}, std::vector<std::int64_t>{0, 1}, 2), Error);
        QVERIFY_EXCEPTION_THROWN(classify(std::vector<std::int64_t>{2}, std::vector<std::int64_t>{0}, 2), Error);
        QVERIFY_EXCEPTION_THROWN(classify(std::vector<std::int64_t>{0}, std::vector<std::int64_t>{-1}, 2), Error);
    }
};

QTEST_GUILESS_MAIN(ClassificationTest)
#include "classification_test.moc"
