#include "widgets/timeline/signal_columns.h"

#include "tests/support/lane_fixtures.h"

#include <random>

using namespace kino;

class SignalColumnsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void spansCoverExactlyTheCurve();
    void wideColumnsCoverTheCurveAndAtMostABinMore();
    void wideColumnsTouchNoSample();
    void gapsStayBlank();
    void missingNumbersStayBlank();
    void driftAndOffsetMoveTheCurve();
    void barsLieWhereTheirValuesDo();
};

/** What a column must hold, by looking at every sample and every joining line. */
static ColumnSpan expectedSpan(const LaneData &lane, std::size_t axis, Nanos fromNs, Nanos toNs)
{
    ColumnSpan span{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
    const auto include = [&span](double value) {
        span.low = std::min(span.low, static_cast<float>(value));
        span.high = std::max(span.high, static_cast<float>(value));
    };
    for (std::size_t sample = 0; sample < lane.samples(); ++sample) {
        const Nanos at = lane.timesNs[sample];
        const float value = lane.values[axis][sample];
        if (at >= fromNs && at < toNs && !std::isnan(value))
            include(value);
        if (sample + 1 >= lane.samples())
            continue;
        const Nanos next = lane.timesNs[sample + 1];
        const float nextValue = lane.values[axis][sample + 1];
        const bool isGap = next - at > 4 * lane.timing.medianPeriodNs && next - at > 100 * kNanosPerMillisecond;
        if (isGap || std::isnan(value) || std::isnan(nextValue))
            continue;
        for (const Nanos edge : {fromNs, toNs}) {
            if (edge > at && edge <= next)
                include(value + (static_cast<double>(nextValue) - value) * static_cast<double>(edge - at) / static_cast<double>(next - at));
        }
    }
    return span;
}

void SignalColumnsTest::spansCoverExactlyTheCurve()
{
    std::mt19937 random(3);
    std::normal_distribution<float> noise(0, 2);
    std::vector<Nanos> times;
    for (Nanos at = 0; times.size() < 3000;) {
        times.push_back(at);
        at += 4'000'000 + static_cast<Nanos>(random() % 12'000'000);
        if (times.size() == 1200)
            at += 900'000'000;
    }
    const Device device = test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, times, 1, [&](std::size_t, std::size_t) { return noise(random); })});
    const auto lane = buildLane(device, device.streams[0], {});
    QCOMPARE(lane->timing.gaps.size(), std::size_t{1});
    // From many samples a column to many columns a sample.
    for (const double seconds : {30.0, 3.0, 0.3}) {
        const TimeAxis axis{{{11'000'000'000}, {11'000'000'000 + fromSeconds(seconds)}}, 0, 640};
        const ColumnEdges edges = computeColumnEdges(*lane, axis, 640);
        const std::vector<ColumnSpan> spans = computeColumnSpans(*lane, 0, edges);
        QCOMPARE(spans.size(), std::size_t{640});
        for (std::size_t column = 0; column < spans.size(); ++column) {
            const ColumnSpan expected = expectedSpan(*lane, 0, edges.timesNs[column], edges.timesNs[column + 1]);
            QCOMPARE(spans[column].isBlank(), expected.isBlank());
            if (expected.isBlank())
                continue;
            QVERIFY(std::abs(spans[column].low - expected.low) < 1e-4F);
            QVERIFY(std::abs(spans[column].high - expected.high) < 1e-4F);
        }
    }
}

/** 200 Hz with jitter and three gaps, at samples that are no bins' ends; every value is another. */
static Device longDevice()
{
    std::mt19937 random(11);
    std::vector<Nanos> times;
    for (Nanos at = 0; times.size() < 150'000;) {
        times.push_back(at);
        at += 3'000'000 + static_cast<Nanos>(random() % 4'000'000);
        if (times.size() == 40'007)
            at += 60 * kNanosPerSecond;
        if (times.size() == 90'001 || times.size() == 90'009)
            at += 2 * kNanosPerSecond;
    }
    std::vector<float> values(times.size());
    for (std::size_t sample = 0; sample < values.size(); ++sample)
        values[sample] = static_cast<float>(sample) + 1000.0F * static_cast<float>(random() % 100);
    return test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, times, 1, [&](std::size_t, std::size_t sample) { return values[sample]; })});
}

void SignalColumnsTest::wideColumnsCoverTheCurveAndAtMostABinMore()
{
    const Device device = longDevice();
    const auto lane = buildLane(device, device.streams[0], {});
    QCOMPARE(lane->timing.gaps.size(), std::size_t{3});
    const TimeAxis axis{{{-7 * kNanosPerSecond}, lane->timeOf(lane->samples() - 1) + 9 * kNanosPerSecond}, 0, 97};
    const ColumnEdges edges = computeColumnEdges(*lane, axis, 97);
    const std::vector<ColumnSpan> spans = computeColumnSpans(*lane, 0, edges);
    std::size_t blank = 0;
    for (std::size_t column = 0; column < spans.size(); ++column) {
        const ColumnSpan exact = expectedSpan(*lane, 0, edges.timesNs[column], edges.timesNs[column + 1]);
        QCOMPARE(spans[column].isBlank(), exact.isBlank());
        if (exact.isBlank()) {
            ++blank;
            continue;
        }
        QVERIFY(spans[column].low <= exact.low && spans[column].high >= exact.high);
        // Up to a bin further on either side, but never across a gap.
        const auto times = lane->timesNs.values();
        auto from = static_cast<std::size_t>(std::ranges::lower_bound(times, edges.timesNs[column]) - times.begin());
        auto to = static_cast<std::size_t>(std::ranges::lower_bound(times, edges.timesNs[column + 1]) - times.begin());
        for (std::size_t step = 0; step < MinMaxPyramid::kBaseSamples && from > 0 && lane->isJoined(from - 1); ++step)
            --from;
        for (std::size_t step = 0; step < MinMaxPyramid::kBaseSamples && to < times.size() && lane->isJoined(to - 1); ++step)
            ++to;
        const auto values = lane->values[0].values().subspan(from, to - from);
        QVERIFY(spans[column].low >= std::ranges::min(values));
        QVERIFY(spans[column].high <= std::ranges::max(values));
    }
    QVERIFY2(blank >= 7, qPrintable(QString::number(blank))); // the minute's gap, at some eight seconds a column
}

void SignalColumnsTest::wideColumnsTouchNoSample()
{
    constexpr std::size_t kSamples = 400'000;
    const auto times = std::make_shared<std::vector<Nanos>>(test::evenTimes(kSamples, 100));
    const auto values = std::make_shared<std::vector<float>>(kSamples);
    for (std::size_t sample = 0; sample < kSamples; ++sample)
        (*values)[sample] = static_cast<float>(std::sin(static_cast<double>(sample) * 1e-3));
    Device device = test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, {}, 1, [](std::size_t, std::size_t) { return 0.0F; })});
    device.streams[0].timesNs = Column<Nanos>(times, *times);
    device.streams[0].values[0] = Column<float>(values, *values);
    const auto lane = buildLane(device, device.streams[0], {});
    // Edges 4 s apart that fall between samples.
    const TimeAxis axis{{{1'237'000'000}, {3'201'237'000'000}}, 0, 800};
    const std::vector<ColumnSpan> before = computeColumnSpans(*lane, 0, computeColumnEdges(*lane, axis, 800));
    QVERIFY(std::ranges::none_of(before, &ColumnSpan::isBlank));
    std::ranges::fill(*times, 0);
    std::ranges::fill(*values, 1000.0F);
    const std::vector<ColumnSpan> after = computeColumnSpans(*lane, 0, computeColumnEdges(*lane, axis, 800));
    for (std::size_t column = 0; column < 800; ++column) {
        QCOMPARE(after[column].low, before[column].low);
        QCOMPARE(after[column].high, before[column].high);
    }
}

void SignalColumnsTest::gapsStayBlank()
{
    // 100 Hz for a second, two seconds of nothing, a second more; a column is 10 ms.
    std::vector<Nanos> times = test::evenTimes(100, 100);
    for (const Nanos at : test::evenTimes(100, 100, 3 * kNanosPerSecond))
        times.push_back(at);
    const Device device = test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, times, 1, [](std::size_t, std::size_t) { return 1.0F; })});
    const auto lane = buildLane(device, device.streams[0], {});
    const TimeAxis axis{{{0}, {4 * kNanosPerSecond}}, 0, 400};
    const std::vector<ColumnSpan> spans = computeColumnSpans(*lane, 0, computeColumnEdges(*lane, axis, 400));
    for (std::size_t column = 0; column < 400; ++column)
        QCOMPARE(spans[column].isBlank(), column >= 100 && column < 300);
}

void SignalColumnsTest::missingNumbersStayBlank()
{
    const Device device = test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, test::evenTimes(400, 100), 1, [](std::size_t, std::size_t sample) {
        return sample >= 100 && sample < 200 ? std::numeric_limits<float>::quiet_NaN() : 2.0F;
    })});
    const auto lane = buildLane(device, device.streams[0], {});
    const TimeAxis axis{{{0}, {4 * kNanosPerSecond}}, 0, 400};
    const std::vector<ColumnSpan> spans = computeColumnSpans(*lane, 0, computeColumnEdges(*lane, axis, 400));
    for (std::size_t column = 0; column < 399; ++column)
        QCOMPARE(spans[column].isBlank(), column >= 100 && column < 200);
}

void SignalColumnsTest::driftAndOffsetMoveTheCurve()
{
    // A step at 10 s of the device's clock; 1000 ppm and 0.5 s put it at 10.51 s.
    const ClockMap<DeviceClock> clock{500 * kNanosPerMillisecond, 1000};
    const Device device = test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, test::evenTimes(2000, 100), 1, [](std::size_t, std::size_t sample) { return sample < 1000 ? 0.0F : 1.0F; })}, clock);
    const auto lane = buildLane(device, device.streams[0], {});
    const TimeAxis axis{{{10 * kNanosPerSecond}, {11 * kNanosPerSecond}}, 0, 100};
    const std::vector<ColumnSpan> spans = computeColumnSpans(*lane, 0, computeColumnEdges(*lane, axis, 100));
    // 10.51 s begins column 51: the line rises through column 50.
    QVERIFY(spans[49].high < 0.01F);
    QVERIFY(spans[50].low < 0.01F && spans[50].high > 0.98F);
    QVERIFY(spans[51].low > 0.99F);
    QCOMPARE(lane->sampleAt({10 * kNanosPerSecond + 510 * kNanosPerMillisecond}), std::optional<std::size_t>(1000));
    QCOMPARE(lane->sampleAt({10 * kNanosPerSecond + 510 * kNanosPerMillisecond - 10}), std::optional<std::size_t>(999));
}

void SignalColumnsTest::barsLieWhereTheirValuesDo()
{
    QImage image(3, 100, QImage::Format_RGB32);
    image.fill(Qt::white);
    // Values 0 … 10 over 100 pixels: 2.5 … 7.5 is rows 25 … 75, a stroke of 2 adds one on either side.
    const std::vector<ColumnSpan> spans{{2.5F, 7.5F}, {std::numeric_limits<float>::quiet_NaN(), 0}, {-5, 20}};
    drawColumns(image, image.rect(), spans, {0, 10}, Qt::black, 2);
    for (int y = 0; y < 100; ++y) {
        QCOMPARE(image.pixel(0, y) == qRgb(0, 0, 0), y >= 24 && y < 76);
        QCOMPARE(image.pixel(1, y), qRgb(255, 255, 255));
        QCOMPARE(image.pixel(2, y), qRgb(0, 0, 0));
    }
    // Half a pixel of stroke is half the ink.
    image.fill(Qt::white);
    drawColumns(image, image.rect(), std::vector<ColumnSpan>{{5, 5}}, {0, 10}, Qt::black, 1);
    QVERIFY(std::abs(qRed(image.pixel(0, 49)) - 128) <= 2);
    QVERIFY(std::abs(qRed(image.pixel(0, 50)) - 128) <= 2);
    QCOMPARE(image.pixel(0, 51), qRgb(255, 255, 255));
}

QTEST_GUILESS_MAIN(SignalColumnsTest)
#include "signal_columns_test.moc"
