#include "core/data/unit_doubts.h"

#include <QTest>

#include <cmath>

using namespace kino;

namespace {

/** Ten seconds at 100 Hz: along z with this magnitude, `swing` to and fro. */
ImuStream stream(StreamKind kind, double magnitude, double swing, const std::string &unitFound)
{
    ImuStream made;
    made.kind = kind;
    made.axes = {"x", "y", "z"};
    made.unit = std::string(streamKindUnit(kind));
    made.unitFound = unitFound;
    std::vector<Nanos> times;
    std::vector<std::vector<float>> axes(3);
    for (int i = 0; i < 1000; ++i) {
        times.push_back(i * 10 * kNanosPerMillisecond);
        axes[0].push_back(static_cast<float>(swing * std::sin(i * 0.3)));
        axes[1].push_back(0);
        axes[2].push_back(static_cast<float>(magnitude));
    }
    made.timesNs = std::move(times);
    for (std::vector<float> &axis : axes)
        made.values.emplace_back(std::move(axis));
    return made;
}

} // namespace

/** Magnitudes are standard gravity (9.80665 m/s²) and 1 rad = 57.29578 deg, worked out by hand for each mistake. */
class UnitDoubtsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gravityTellsTheUnit_data()
    {
        QTest::addColumn<double>("atRest"); // as imported, m/s²
        QTest::addColumn<QString>("unitFound");
        QTest::addColumn<QString>("looksLike");
        QTest::newRow("right") << 9.79 << "m/s^2" << "";
        QTest::newRow("right, in g") << 9.9 << "g" << "";
        QTest::newRow("g said to be m/s²") << 1.25 << "m/s^2" << "look like g,";
        QTest::newRow("m/s² said to be g") << 9.81 * 9.80665 << "g" << "look like m/s²,";
        QTest::newRow("mg said to be m/s²") << 1004.0 << "m/s^2" << "look like mg,";
        QTest::newRow("mg said to be g") << 998 * 9.80665 << "g" << "look like mg,";
        QTest::newRow("g said to be mg") << 0.00980665 << "mg" << "look like g,";
        QTest::newRow("without gravity") << 0.2 << "m/s^2" << "";
        QTest::newRow("never at rest") << 5.0 << "m/s^2" << "";
    }

    void gravityTellsTheUnit()
    {
        QFETCH(double, atRest);
        QFETCH(QString, unitFound);
        QFETCH(QString, looksLike);
        const QString doubt = QString::fromStdString(unitDoubt(stream(StreamKind::accelerometer, atRest, 0, unitFound.toStdString())));
        QCOMPARE(doubt.isEmpty(), looksLike.isEmpty());
        QVERIFY2(doubt.contains(looksLike), qPrintable(doubt));
    }

    void whatNoBodyTurnsIsNoRadian()
    {
        // 2000 deg/s, the range of most sensors, is 34.9 rad/s.
        QVERIFY(unitDoubt(stream(StreamKind::gyroscope, 0, 34.9, "rad/s")).empty());
        QVERIFY(unitDoubt(stream(StreamKind::gyroscope, 160, 20, "rad/s")).find("look like deg/s, but were taken for rad/s") != std::string::npos);
        QVERIFY(unitDoubt(stream(StreamKind::gyroscope, 2.8, 0.3, "deg/s")).empty());
        QVERIFY(unitDoubt(stream(StreamKind::gyroscope, 160, 20, "deg/s")).find("counts") != std::string::npos);
        // A single spike is no unit.
        ImuStream spiked = stream(StreamKind::gyroscope, 1, 1, "rad/s");
        std::vector<float> axis(1000, 0.0F);
        axis[500] = 4000;
        spiked.values[1] = Column<float>(std::move(axis));
        QVERIFY(unitDoubt(spiked).empty());
    }

    void nothingIsSaidOfOthers()
    {
        QVERIFY(unitDoubt(stream(StreamKind::linearAcceleration, 1, 0, "m/s^2")).empty());
        QVERIFY(unitDoubt(stream(StreamKind::magnetometer, 1, 0, "uT")).empty());
        QVERIFY(unitDoubt(ImuStream{}).empty());
    }
};

QTEST_GUILESS_MAIN(UnitDoubtsTest)
#include "unit_doubts_test.moc"
