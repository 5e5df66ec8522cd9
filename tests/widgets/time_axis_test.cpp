#include "widgets/timeline/time_axis.h"

#include <random>

using namespace kino;

class TimeAxisTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pixelAndTimeAreInverse();
    void zoomKeepsTheFixedTimeInPlace();
    void rangeIsMovedInsideItsBounds();
    void ticksAreRoundAndApart_data();
    void ticksAreRoundAndApart();
    void ticksBeforeZeroStayOnTheGrid();
    void clockReadsAsPeopleWriteIt();
};

void TimeAxisTest::pixelAndTimeAreInverse()
{
    // An epoch-sized start: a double would lose nanoseconds of it, the difference does not.
    const TimeAxis axis{{{1'600'000'000'123'456'789}, {1'600'000'010'123'456'789}}, 168, 1000};
    QCOMPARE(axis.xOf({1'600'000'000'123'456'789}), 168.0);
    QCOMPARE(axis.xOf({1'600'000'005'123'456'789}), 668.0);
    QCOMPARE(axis.timeAt(668).ns, Nanos{1'600'000'005'123'456'789});
    for (int x = 168; x <= 1168; x += 7)
        QVERIFY(std::abs(axis.xOf(axis.timeAt(x)) - x) < 1e-6);
}

void TimeAxisTest::zoomKeepsTheFixedTimeInPlace()
{
    std::mt19937_64 random(5);
    for (int round = 0; round < 200; ++round) {
        const Nanos start = static_cast<Nanos>(random() % 1'000'000'000'000);
        const Nanos length = 1'000'000 + static_cast<Nanos>(random() % 3'600'000'000'000);
        const RecordingTime fixed{start + static_cast<Nanos>(random() % static_cast<std::uint64_t>(length))};
        const TimeAxis before{{{start}, {start + length}}, 100, 900};
        const TimeAxis after{scaledAbout(before.range, fixed, 0.8), 100, 900};
        QVERIFY(std::abs(after.xOf(fixed) - before.xOf(fixed)) < 0.01);
        QVERIFY(std::abs(static_cast<double>(after.range.duration()) / static_cast<double>(length) - 0.8) < 1e-5);
    }
}

void TimeAxisTest::rangeIsMovedInsideItsBounds()
{
    const TimeRange bounds{{0}, {100}};
    QCOMPARE(movedInto({{-10}, {20}}, bounds), (TimeRange{{0}, {30}}));
    QCOMPARE(movedInto({{90}, {120}}, bounds), (TimeRange{{70}, {100}}));
    QCOMPARE(movedInto({{-10}, {200}}, bounds), bounds);
    QCOMPARE(movedInto({{5}, {25}}, bounds), (TimeRange{{5}, {25}}));
}

void TimeAxisTest::ticksAreRoundAndApart_data()
{
    QTest::addColumn<qint64>("length");
    QTest::addColumn<QString>("secondLabel");
    // 900 pixels, labels at least 90 apart: at most ten intervals.
    QTest::newRow("ten microseconds") << qint64{10'000} << QStringLiteral("0:00.000001");
    QTest::newRow("50 ms") << qint64{50'000'000} << QStringLiteral("0:00.005");
    QTest::newRow("12 s") << qint64{12'000'000'000} << QStringLiteral("0:02");
    QTest::newRow("9 min") << qint64{540'000'000'000} << QStringLiteral("1:00");
    QTest::newRow("24 h") << qint64{86'400'000'000'000} << QStringLiteral("3:00:00");
}

void TimeAxisTest::ticksAreRoundAndApart()
{
    QFETCH(qint64, length);
    QFETCH(QString, secondLabel);
    const TimeAxis axis{{{0}, {length}}, 0, 900};
    double last = -1000;
    QStringList labels;
    for (const TimeTick &tick : computeTimeTicks(axis, 90)) {
        if (!tick.isMajor)
            continue;
        QVERIFY(axis.xOf(tick.time) - last >= 89.999);
        last = axis.xOf(tick.time);
        labels += tick.label;
    }
    QVERIFY(labels.size() >= 4);
    QCOMPARE(labels.at(1), secondLabel);
    QCOMPARE(QSet<QString>(labels.begin(), labels.end()).size(), labels.size());
}

void TimeAxisTest::ticksBeforeZeroStayOnTheGrid()
{
    const TimeAxis axis{{{-2'300'000'000}, {2'300'000'000}}, 0, 460};
    QStringList labels;
    for (const TimeTick &tick : computeTimeTicks(axis, 90)) {
        if (tick.isMajor)
            labels += tick.label;
    }
    QCOMPARE(labels, (QStringList{QStringLiteral("\u22120:02"), QStringLiteral("\u22120:01"), QStringLiteral("0:00"), QStringLiteral("0:01"), QStringLiteral("0:02")}));
}

void TimeAxisTest::clockReadsAsPeopleWriteIt()
{
    QCOMPARE(clockText({12'345'678'901}), QStringLiteral("00:12.345"));
    QCOMPARE(clockText({3'723'456'000'000}), QStringLiteral("1:02:03.456"));
    QCOMPARE(clockText({-500'000'000}), QStringLiteral("\u221200:00.500"));
    QCOMPARE(clockText({std::numeric_limits<Nanos>::min()}).isEmpty(), false);
    QCOMPARE(durationText(20'500'000'000), QStringLiteral("20.50 s"));
    QCOMPARE(durationText(444'000'000'000), QStringLiteral("7:24"));
    QCOMPARE(durationText(3'200'000), QStringLiteral("3.2 ms"));
    QCOMPARE(minutesText(12'079'000'000), QStringLiteral("0:12"));
}

QTEST_GUILESS_MAIN(TimeAxisTest)
#include "time_axis_test.moc"
