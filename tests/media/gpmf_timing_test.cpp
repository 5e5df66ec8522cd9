// Times of samples: made streams whose true times are known in closed form, and what the model promises of them.
#include "core/media/gpmf/timing.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

using namespace kino;

namespace {

constexpr double kRateHz = 198.5;

/** Payloads of a sensor that runs evenly from `startS`, emptied about every second with some jitter. */
struct Made {
    std::vector<TimingBlock> blocks;
    std::vector<double> truth;
};

Made makeStream(std::size_t payloads, double startS, double jitterS, unsigned seed, double driftPpmPerMinute = 0)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> jitter(-jitterS, jitterS);
    Made made;
    std::size_t number = 0;
    std::uint64_t total = 0;
    const auto timeOf = [&](double n) {
        const double even = startS + n / kRateHz;
        return even + driftPpmPerMinute * 1e-6 / 60 * even * even / 2;
    };
    for (std::size_t i = 0; i < payloads; ++i) {
        const double closes = startS + static_cast<double>(i + 1) + jitter(random);
        TimingBlock block;
        block.startS = timeOf(static_cast<double>(number));
        while (timeOf(static_cast<double>(number)) < closes) {
            made.truth.push_back(timeOf(static_cast<double>(number)));
            ++number;
            ++block.rows;
        }
        total += block.rows;
        block.totalAfter = total;
        made.blocks.push_back(block);
    }
    return made;
}

double worstError(const SampleTimes &times, const std::vector<double> &truth)
{
    double worst = 0;
    for (std::size_t i = 0; i < truth.size(); ++i)
        worst = std::max(worst, std::abs(toSeconds(times.timesNs[i]) - truth[i]));
    return worst;
}

bool isAscending(const std::vector<Nanos> &times)
{
    return std::adjacent_find(times.begin(), times.end(), [](Nanos a, Nanos b) { return b <= a; }) == times.end();
}

double longestStep(const std::vector<Nanos> &times, std::size_t from, std::size_t to)
{
    Nanos longest = 0;
    for (std::size_t i = from + 1; i < to; ++i)
        longest = std::max(longest, times[i] - times[i - 1]);
    return toSeconds(longest);
}

} // namespace

class GpmfTimingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void lineIgnoresOneThirdOfWrongPoints();
    void unevenPayloadsMakeNoJump();
    void nearlyEmptyLastPayloadDoesNotBendTheRate();
    void oddFirstPayloadIsCountedBackFromTheSecond();
    void coarseStampsGiveEvenTimes();
    void missingSamplesLeaveAHoleOfTheirLength();
    void countThatTheClockContradictsIsNotBelieved();
    void emptyPayloadsLeaveAHole();
    void clockThatGoesBackDoesNotTakeTimeBack();
    void singleSamplesKeepTheirOwnTimes();
    void slowDriftIsFollowedWithoutJumps();
    void assumedStepsShiftByWhatIsMissing();
    void singlePayloadTakesTheAssumedSpan();
    void noSamplesGiveNoTimes();
    void absurdTotalsAreSurvived();
};

void GpmfTimingTest::lineIgnoresOneThirdOfWrongPoints()
{
    std::vector<double> x, y;
    for (int i = 0; i < 30; ++i) {
        x.push_back(i * 200);
        y.push_back(3 + i * 200 / 198.5 + (i % 3 == 1 ? 0.3 + 0.01 * i : 0));
    }
    const RobustLine line = fitRobustLine(x, y);
    QVERIFY(std::abs(line.slope * 198.5 - 1) < 1e-9);
    QVERIFY(std::abs(line.intercept - 3) < 1e-6);
}

void GpmfTimingTest::unevenPayloadsMakeNoJump()
{
    const Made made = makeStream(40, 0.25, 0.02, 1);
    QVERIFY(std::ranges::any_of(made.blocks, [](const TimingBlock &b) { return b.rows > 200; }));
    QVERIFY(std::ranges::any_of(made.blocks, [](const TimingBlock &b) { return b.rows < 197; }));
    const SampleTimes times = computeSampleTimes(made.blocks, TimingEvidence::stamps, 1.001);
    QCOMPARE(times.timesNs.size(), made.truth.size());
    QVERIFY(worstError(times, made.truth) < 1e-6);
    QVERIFY(longestStep(times.timesNs, 0, times.timesNs.size()) < 1.001 / kRateHz);
    QVERIFY(times.findings.empty());
}

void GpmfTimingTest::nearlyEmptyLastPayloadDoesNotBendTheRate()
{
    Made made = makeStream(13, 0, 0.01, 2);
    made.truth.resize(made.truth.size() - made.blocks.back().rows + 14);
    made.blocks.back().totalAfter = *made.blocks.back().totalAfter - made.blocks.back().rows + 14;
    made.blocks.back().rows = 14;
    const SampleTimes times = computeSampleTimes(made.blocks, TimingEvidence::stamps, 1.001);
    QCOMPARE(times.timesNs.size(), made.truth.size());
    QVERIFY(std::abs(1 / times.periodS - kRateHz) < 0.001);
}

void GpmfTimingTest::oddFirstPayloadIsCountedBackFromTheSecond()
{
    // As in gpmf_raw hero07.bin: 234 samples in the first payload where 199 fill a second; payloads come every second.
    std::vector<TimingBlock> blocks;
    for (int i = 0; i < 60; ++i)
        blocks.push_back({i == 0 ? 234u : (i % 4 == 0 ? 198u : 199u), std::nullopt, static_cast<double>(i)});
    const SampleTimes times = computeSampleTimes(blocks, TimingEvidence::payloads, 1.0);
    QVERIFY(std::abs(1 / times.periodS - 198.75) < 0.05);
    QVERIFY(longestStep(times.timesNs, 0, times.timesNs.size()) < 1.01 / 198.75);
    // The second payload's first sample lies at 1 s, so the first of all at 1 - 234/198.75 = -0.177 s.
    QVERIFY(std::abs(toSeconds(times.timesNs.front()) - (1 - 234 / 198.75)) < 0.01);
}

void GpmfTimingTest::coarseStampsGiveEvenTimes()
{
    Made made = makeStream(30, 0, 0.02, 3);
    for (TimingBlock &block : made.blocks)
        block.startS = std::floor(*block.startS * 1000) / 1000; // a TICK's milliseconds
    const SampleTimes times = computeSampleTimes(made.blocks, TimingEvidence::stamps, 1.001);
    QVERIFY(worstError(times, made.truth) < 0.001);
    QVERIFY(std::abs(1 / times.periodS - kRateHz) < 0.01);
}

void GpmfTimingTest::missingSamplesLeaveAHoleOfTheirLength()
{
    // 60 samples (302 ms) of payload 6 never came: TSMP counts them, the stamps behind are right.
    Made made = makeStream(12, 0, 0.01, 4);
    const std::size_t before
        = made.blocks[0].rows + made.blocks[1].rows + made.blocks[2].rows + made.blocks[3].rows + made.blocks[4].rows;
    made.blocks[5].rows -= 60;
    made.blocks[5].startS = made.truth[before + 60];
    made.truth.erase(made.truth.begin() + static_cast<std::ptrdiff_t>(before),
        made.truth.begin() + static_cast<std::ptrdiff_t>(before + 60));
    const SampleTimes times = computeSampleTimes(made.blocks, TimingEvidence::stamps, 1.001);
    QCOMPARE(times.timesNs.size(), made.truth.size());
    QVERIFY(worstError(times, made.truth) < 1e-6);
    QVERIFY(std::abs(toSeconds(times.timesNs[before] - times.timesNs[before - 1]) - 61 / kRateHz) < 1e-6);
    QCOMPARE(times.findings.size(), 1u);
    QCOMPARE(times.findings[0].code, std::string("missing-samples"));
    QCOMPARE(times.findings[0].count, 60);
    QCOMPARE(times.findings[0].block, 5u);
}

void GpmfTimingTest::countThatTheClockContradictsIsNotBelieved()
{
    Made made = makeStream(12, 0, 0.01, 5);
    for (std::size_t i = 6; i < made.blocks.size(); ++i)
        *made.blocks[i].totalAfter += 100000;
    const SampleTimes times = computeSampleTimes(made.blocks, TimingEvidence::stamps, 1.001);
    QVERIFY(worstError(times, made.truth) < 1e-6);
    QCOMPARE(times.findings.size(), 1u);
    QCOMPARE(times.findings[0].code, std::string("sample-count"));
}

void GpmfTimingTest::emptyPayloadsLeaveAHole()
{
    // The sensor is away for three payloads and comes back; nothing counts what was lost (acc1 of hero6+ble).
    Made made = makeStream(14, 0, 0.005, 6);
    std::size_t before = 0;
    for (int i = 0; i < 5; ++i)
        before += made.blocks[static_cast<std::size_t>(i)].rows;
    std::size_t lost = 0;
    for (std::size_t i = 5; i < 8; ++i) {
        lost += made.blocks[i].rows;
        made.blocks[i].rows = 0;
    }
    for (TimingBlock &block : made.blocks)
        block.totalAfter.reset();
    made.truth.erase(made.truth.begin() + static_cast<std::ptrdiff_t>(before),
        made.truth.begin() + static_cast<std::ptrdiff_t>(before + lost));
    const SampleTimes times = computeSampleTimes(made.blocks, TimingEvidence::stamps, 1.001);
    QVERIFY(worstError(times, made.truth) < 1e-5);
    QCOMPARE(times.findings.size(), 1u);
    QCOMPARE(times.findings[0].code, std::string("clock-jump"));
    QCOMPARE(times.findings[0].block, 8u);
}

void GpmfTimingTest::clockThatGoesBackDoesNotTakeTimeBack()
{
    Made made = makeStream(6, 100, 0.01, 7);
    const Made again = makeStream(6, 2, 0.01, 8);
    made.blocks.insert(made.blocks.end(), again.blocks.begin(), again.blocks.end());
    const SampleTimes times = computeSampleTimes(made.blocks, TimingEvidence::stamps, 1.001);
    QCOMPARE(times.timesNs.size(), made.truth.size() + again.truth.size());
    QVERIFY(isAscending(times.timesNs));
    QVERIFY(std::ranges::any_of(times.findings, [](const TimingFinding &f) { return f.code == "clock-back"; }));
}

void GpmfTimingTest::singleSamplesKeepTheirOwnTimes()
{
    // The first stamps of gpmf_raw hero11.bin, a time lapse, in microseconds.
    const double stamps[] = {1998, 132618, 629977, 1132359, 1629719, 2132104};
    std::vector<TimingBlock> blocks;
    for (const double stamp : stamps)
        blocks.push_back({1, blocks.size() + 1, stamp * 1e-6});
    const SampleTimes times = computeSampleTimes(blocks, TimingEvidence::stamps, 1.001);
    for (std::size_t i = 0; i < std::size(stamps); ++i)
        QCOMPARE(times.timesNs[i], static_cast<Nanos>(stamps[i]) * 1000);
}

void GpmfTimingTest::slowDriftIsFollowedWithoutJumps()
{
    // 20 ppm more every minute over ten minutes: up to 60 ms off a straight line, none of it at once.
    const Made made = makeStream(600, 0, 0.02, 9, 20);
    const SampleTimes times = computeSampleTimes(made.blocks, TimingEvidence::stamps, 1.001);
    QVERIFY(worstError(times, made.truth) < 0.001);
    QVERIFY(isAscending(times.timesNs));
    QVERIFY(longestStep(times.timesNs, 0, times.timesNs.size()) < 1.001 / kRateHz);
}

void GpmfTimingTest::assumedStepsShiftByWhatIsMissing()
{
    std::vector<TimingBlock> blocks;
    std::uint64_t total = 0;
    for (int i = 0; i < 10; ++i) {
        total += i == 5 ? 400 : 200;
        blocks.push_back({200, total, static_cast<double>(i)});
    }
    const SampleTimes times = computeSampleTimes(blocks, TimingEvidence::assumed, 1.001);
    QVERIFY(std::abs(times.periodS - 0.005) < 1e-9);
    QVERIFY(std::abs(toSeconds(times.timesNs[1000] - times.timesNs[999]) - 1.005) < 1e-6);
}

void GpmfTimingTest::singlePayloadTakesTheAssumedSpan()
{
    const TimingBlock block{200, 200, 5.0};
    const SampleTimes times = computeSampleTimes(std::span(&block, 1), TimingEvidence::payloads, 1.0);
    QVERIFY(times.periodAssumed);
    QCOMPARE(times.timesNs.front(), 5 * kNanosPerSecond);
    QCOMPARE(times.timesNs[100], 5 * kNanosPerSecond + kNanosPerSecond / 2);
}

void GpmfTimingTest::noSamplesGiveNoTimes()
{
    QVERIFY(computeSampleTimes({}, TimingEvidence::stamps, 1).timesNs.empty());
    const TimingBlock block{0, 5, 1.0};
    QVERIFY(computeSampleTimes(std::span(&block, 1), TimingEvidence::stamps, 1).timesNs.empty());
}

void GpmfTimingTest::absurdTotalsAreSurvived()
{
    std::mt19937_64 random(11);
    for (int round = 0; round < 2000; ++round) {
        std::vector<TimingBlock> blocks(random() % 8);
        std::size_t rows = 0;
        for (TimingBlock &block : blocks) {
            block.rows = random() % 50;
            rows += block.rows;
            if (random() % 3 != 0)
                block.totalAfter = random() >> (random() % 64);
            if (random() % 4 != 0)
                block.startS = static_cast<double>(random() % 1'000'000) - 500'000;
        }
        for (const TimingEvidence evidence : {TimingEvidence::stamps, TimingEvidence::payloads, TimingEvidence::assumed}) {
            const SampleTimes times = computeSampleTimes(blocks, evidence, 1.001);
            QCOMPARE(times.timesNs.size(), rows);
            QVERIFY(std::is_sorted(times.timesNs.begin(), times.timesNs.end()));
        }
    }
}

QTEST_GUILESS_MAIN(GpmfTimingTest)
#include "gpmf_timing_test.moc"
