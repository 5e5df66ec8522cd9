#include "widgets/timeline/value_axis.h"

#include <cmath>

using namespace kino;

class ValueAxisTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ticksAreRound();
    void ticksOfNonsenseAreNone();
    void digitsAreSensible();
    void germanLocaleChangesNothing();
};

void ValueAxisTest::ticksAreRound()
{
    QStringList labels;
    for (const ValueTick &tick : computeValueTicks({-8.3, 18.1}, 6))
        labels += tick.label;
    QCOMPARE(labels, (QStringList{QStringLiteral("\u22125"), QStringLiteral("0"), QStringLiteral("5"), QStringLiteral("10"), QStringLiteral("15")}));
    labels.clear();
    for (const ValueTick &tick : computeValueTicks({-0.013, 0.021}, 4))
        labels += tick.label;
    QCOMPARE(labels, (QStringList{QStringLiteral("\u22120.01"), QStringLiteral("0.00"), QStringLiteral("0.01"), QStringLiteral("0.02")}));
}

void ValueAxisTest::ticksOfNonsenseAreNone()
{
    QVERIFY(computeValueTicks({1, 1}, 5).empty());
    QVERIFY(computeValueTicks({0, std::numeric_limits<double>::infinity()}, 5).empty());
    QVERIFY(computeValueTicks({std::nan(""), 1}, 5).empty());
    QVERIFY(computeValueTicks({0, 1}, 0).empty());
}

void ValueAxisTest::digitsAreSensible()
{
    QCOMPARE(valueText(9.80665), QStringLiteral("9.81"));
    QCOMPARE(valueText(-0.0432), QStringLiteral("\u22120.0432"));
    QCOMPARE(valueText(198.62), QStringLiteral("198.6"));
    QCOMPARE(valueText(-0.001), QStringLiteral("\u22120.0010"));
    QCOMPARE(valueText(-0.0, 0.01), QStringLiteral("0.00"));
    QCOMPARE(valueText(-0.001, 0.1), QStringLiteral("0.0"));
    QCOMPARE(valueText(std::nan("")), QStringLiteral("\u2013"));
    QCOMPARE(unitText(QStringLiteral("m/s^2")), QStringLiteral("m/s\u00b2"));
}

void ValueAxisTest::germanLocaleChangesNothing()
{
    QLocale::setDefault(QLocale(QLocale::German));
    QCOMPARE(valueText(9.80665), QStringLiteral("9.81"));
    QLocale::setDefault(QLocale::c());
}

QTEST_GUILESS_MAIN(ValueAxisTest)
#include "value_axis_test.moc"
