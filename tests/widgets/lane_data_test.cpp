// Lanes whose times are even, and lanes under another clock: by closed forms.
#include "tests/support/lane_fixtures.h"
#include "widgets/timeline/layout.h"
#include "widgets/timeline/lane_data.h"

#include <QTest>

using namespace kino;

class LaneDataTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void evenTimesAreFoundBothWays_data();
    void evenTimesAreFoundBothWays();
    void anotherClockSharesWhatIsLarge();
    void soundGivesWayToSignals();
    void lanesAreSqueezedWhereAllAreSeenThen();

private:
    static std::shared_ptr<LaneData> evenLane(Nanos startNs, double rateHz, std::size_t samples);
};

std::shared_ptr<LaneData> LaneDataTest::evenLane(Nanos startNs, double rateHz, std::size_t samples)
{
    auto lane = std::make_shared<LaneData>();
    lane->kind = LaneKind::sound;
    lane->even = EvenTimes{startNs, rateHz};
    lane->timing.medianPeriodNs = static_cast<Nanos>(std::ceil(1e9 / rateHz));
    lane->values.emplace_back(std::vector<float>(samples, 0.5F));
    lane->pyramids.emplace_back(std::span<const float>(lane->values[0]));
    return lane;
}

void LaneDataTest::evenTimesAreFoundBothWays_data()
{
    QTest::addColumn<qint64>("startNs");
    QTest::addColumn<double>("rateHz");
    QTest::newRow("whole nanoseconds") << qint64{0} << 8000.0;
    QTest::newRow("periods that do not divide a second") << qint64{-1'234'567'891} << 44100.0;
    QTest::newRow("an hour of 48 kHz in bins of 64") << qint64{21'333'333} << 1500.0;
}

void LaneDataTest::evenTimesAreFoundBothWays()
{
    QFETCH(qint64, startNs);
    QFETCH(double, rateHz);
    constexpr std::size_t kSamples = 5'400'000;
    const std::shared_ptr<LaneData> lane = evenLane(startNs, rateHz, kSamples);
    QCOMPARE(lane->samples(), kSamples);
    for (std::size_t sample = 0; sample < kSamples; sample += 13'577) {
        const Nanos at = startNs + static_cast<Nanos>(std::llroundl(static_cast<long double>(sample) * 1e9L / static_cast<long double>(rateHz)));
        QCOMPARE(lane->ownNs(sample), at);
        QCOMPARE(lane->firstFrom(at), sample);
        QCOMPARE(lane->firstFrom(at + 1), sample + 1);
        QCOMPARE(lane->firstFrom(at, std::min(sample + 5, kSamples)), std::min(sample + 5, kSamples));
        QCOMPARE(lane->sampleAt({at}), std::optional(sample));
        QCOMPARE(lane->sampleAt({at - 1}), sample == 0 ? std::nullopt : std::optional(sample - 1));
    }
    QCOMPARE(lane->firstFrom(std::numeric_limits<Nanos>::max() / 4), kSamples);
    QCOMPARE(lane->firstFrom(startNs - kNanosPerSecond), std::size_t{0});
    QCOMPARE(lane->sampleAt({lane->ownNs(kSamples - 1) + 2 * lane->timing.medianPeriodNs}), std::nullopt);
    // Nothing yet: a lane whose sound is still read.
    const std::shared_ptr<LaneData> empty = evenLane(0, 1, 0);
    QCOMPARE(empty->firstFrom(5), std::size_t{0});
    QCOMPARE(empty->sampleAt({5}), std::nullopt);
}

void LaneDataTest::anotherClockSharesWhatIsLarge()
{
    const Device device = test::makeDevice("watch", {test::makeStream(StreamKind::accelerometer, test::evenTimes(1000, 100), 3, [](std::size_t axis, std::size_t sample) { return static_cast<float>(axis * 1000 + sample); })});
    const std::shared_ptr<const LaneData> lane = buildLane(device, device.streams[0], {});
    const std::shared_ptr<const LaneData> moved = lane->withClock({250 * kNanosPerMillisecond, 100});
    QCOMPARE(moved->timeOf(0).ns, 250 * kNanosPerMillisecond);
    QCOMPARE(moved->timeOf(500).ns, 250 * kNanosPerMillisecond + 5'000'500'000);
    QCOMPARE(moved->timesNs.values().data(), lane->timesNs.values().data());
    for (std::size_t axis = 0; axis < 3; ++axis) {
        QCOMPARE(moved->values[axis].values().data(), lane->values[axis].values().data());
        QCOMPARE(moved->pyramids[axis].level(0).data(), lane->pyramids[axis].level(0).data());
    }
    const ValueRange values = moved->valuesIn({{250 * kNanosPerMillisecond}, {1250 * kNanosPerMillisecond}});
    QCOMPARE(values.low, 0.0);
    QCOMPARE(values.high, 2099.0); // the first hundred samples of z: 100 ppm move the last by 0.1 ms
}

void LaneDataTest::soundGivesWayToSignals()
{
    TimelineRowsWanted wanted;
    wanted.lanes = {LaneHeight::strip, LaneHeight::full, LaneHeight::full};
    const auto heights = [&](int height) {
        std::vector<int> found;
        for (const TimelineRow &row : computeTimelineLayout({800, height}, wanted, 0).rows)
            found.push_back(row.rect.height());
        return found;
    };
    const int others = TimelineLayout::kRulerHeight + TimelineLayout::kOverviewHeight;
    QCOMPARE(heights(others + 100), (std::vector<int>{32, 84, 84}));
    QCOMPARE(heights(others + 84 + 84 + 40), (std::vector<int>{40, 84, 84}));
    QCOMPARE(heights(others + 60 + 200 + 200), (std::vector<int>{60, 200, 200}));
}

void LaneDataTest::lanesAreSqueezedWhereAllAreSeenThen()
{
    TimelineRowsWanted wanted;
    wanted.lanes = std::vector<LaneHeight>(4, LaneHeight::full);
    const auto layoutAt = [&](int lanes) { return computeTimelineLayout({800, TimelineLayout::kRulerHeight + TimelineLayout::kOverviewHeight + lanes}, wanted, 0); };
    const auto isScrolled = [](const TimelineLayout &layout) { return layout.contentHeight > layout.body.height(); };
    // Room for four of 50 pixels: they share it. For less than 44 each they would be no plots: usual ones that scroll.
    QCOMPARE(layoutAt(200).rows.back().rect.height(), 50);
    QVERIFY(!isScrolled(layoutAt(200)));
    QVERIFY(!isScrolled(layoutAt(4 * 44)));
    QCOMPARE(layoutAt(4 * 44 - 1).rows.back().rect.height(), 84);
    QVERIFY(isScrolled(layoutAt(4 * 44 - 1)));
    QCOMPARE(layoutAt(4 * 100).rows.back().rect.height(), 100);
}

QTEST_APPLESS_MAIN(LaneDataTest)
#include "lane_data_test.moc"
