#include "core/base/time.h"

using namespace kino;

class TimeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void driftAndOffsetFollowTheDesignsFormula()
    {
        const ClockMap<DeviceClock> map{500, 40};
        // 1 h at 40 ppm is 144 ms late: 3600 s · 40e-6 = 0.144 s.
        QCOMPARE(map.toRecording({3600 * kNanosPerSecond}).ns, 3600 * kNanosPerSecond + 144'000'000 + 500);
    }

    void forthAndBackAgreesToOneNanosecond_data()
    {
        QTest::addColumn<qint64>("ownNs");
        QTest::addColumn<double>("driftPpm");
        QTest::newRow("zero") << qint64{0} << 40.0;
        QTest::newRow("negative") << qint64{-123456789} << -75.5;
        QTest::newRow("a day") << qint64{86'400'000'000'001} << 123.456;
        QTest::newRow("epoch") << qint64{1'700'000'000'123'456'789} << 0.0;
        QTest::newRow("epoch with drift") << qint64{1'700'000'000'123'456'789} << 20.0;
    }
    void forthAndBackAgreesToOneNanosecond()
    {
        QFETCH(qint64, ownNs);
        QFETCH(double, driftPpm);
        const ClockMap<VideoClock> map{-350'000'000, driftPpm};
        QVERIFY(std::abs(map.toOwn(map.toRecording({ownNs})).ns - ownNs) <= 1);
    }
};

QTEST_GUILESS_MAIN(TimeTest)
#include "time_test.moc"
