#include "core/base/error.h"
#include "core/base/random.h"
#include "core/data/clocks/clock_edit.h"

#include <QTest>
#include <array>
#include <cmath>

using namespace kino;

namespace {

constexpr Nanos kNow = 1'750'000'000'000'000'000;

std::string refusal(std::vector<ClockPoint> points)
{
    try {
        clockThroughPoints({}, points, kNow);
    } catch (const Error &error) {
        return error.what();
    }
    return {};
}

bool says(const std::string &sentence, std::string_view words) { return sentence.find(words) != std::string::npos; }

} // namespace

class ClockEditTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // 100 s of the video took 100.004 s: 40 ppm; its zero is at 0.35 s.
    void twoPointsGiveOffsetAndDrift()
    {
        const std::array points{ClockPoint{0, {350'000'000}}, ClockPoint{100'000'000'000, {100'354'000'000}}};
        const ClockState clock = clockThroughPoints({}, points, kNow);
        QCOMPARE(clock.offsetNs, Nanos{350'000'000});
        QVERIFY(std::abs(clock.driftPpm - 40) < 1e-6);
        QVERIFY(clock.evidence->method == ClockMethod::twoPoints);
        QCOMPARE(clock.evidence->setAtNs, kNow);
        QVERIFY(clock.evidence->points == std::vector<ClockPoint>(points.begin(), points.end()));
        const std::array swapped{points[1], points[0]};
        QVERIFY(clockThroughPoints({}, swapped, kNow) == clock);
    }

    // Any offset, any drift within bounds, own clocks from zero to wall-clock sized: both points held to the
    // nanosecond.
    void bothPointsAreHeldExactly()
    {
        RandomStream random(11);
        for (int round = 0; round < 200'000; ++round) {
            const Nanos origin = round % 3 == 0 ? 0 : round % 3 == 1 ? 1'700'000'000'000'000'000 : -86'400'000'000'000;
            const Nanos own = origin + static_cast<Nanos>(random.below(3'600'000'000'000));
            const Nanos span
                = kLeastPointDistanceNs + static_cast<Nanos>(std::exp(random.uniform(0, std::log(8.64e13))));
            const Nanos excess = static_cast<Nanos>(static_cast<double>(span) * random.uniform(-4999e-6, 4999e-6));
            const Nanos at = static_cast<Nanos>(random.below(2'000'000'000'000)) - 1'000'000'000'000;
            if (span + excess < kLeastPointDistanceNs)
                continue;
            const std::array points{ClockPoint{own, {at}}, ClockPoint{own + span, {at + span + excess}}};
            const ClockState clock = clockThroughPoints({}, points, kNow);
            const auto map = clock.map<VideoClock>();
            QCOMPARE(map.toRecording({points[0].ownNs}).ns, points[0].recording.ns);
            QCOMPARE(map.toRecording({points[1].ownNs}).ns, points[1].recording.ns);
            const double expected = static_cast<double>(excess) / static_cast<double>(span) * 1e6;
            // A nanosecond at either point is what the drift is known by.
            QVERIFY(std::abs(clock.driftPpm - expected)
                    <= 1.0 / static_cast<double>(span) * 1e6 + 1e-9 * std::abs(expected));
        }
    }

    void onePointKeepsTheDrift()
    {
        const ClockState present{123, -17.5, std::nullopt};
        const std::array point{ClockPoint{3'600'000'000'001, {-5}}};
        const ClockState clock = clockThroughPoints(present, point, kNow);
        QCOMPARE(clock.driftPpm, -17.5);
        QCOMPARE(clock.map<DeviceClock>().toRecording({3'600'000'000'001}).ns, Nanos{-5});
        QVERIFY(clock.evidence->method == ClockMethod::onePoint);
    }

    void pointsThatCannotBeAreRefusedWithASentence()
    {
        constexpr Nanos kS = kNanosPerSecond;
        QVERIFY(says(refusal({}), "one or two"));
        QVERIFY(says(refusal({{0, {0}}, {0, {20 * kS}}}), "the same"));
        QVERIFY(says(refusal({{0, {0}}, {20 * kS, {0}}}), "the same"));
        QVERIFY(says(refusal({{0, {20 * kS}}, {20 * kS, {0}}}), "opposite order"));
        QVERIFY(says(refusal({{0, {0}}, {9'990'000'000, {9'990'000'000}}}), "9.99 s apart on its own clock"));
        QVERIFY(says(refusal({{0, {0}}, {10'010'000'000, {9'999'000'000}}}), "on the recording's clock"));
        QVERIFY(says(refusal({{0, {0}}, {100 * kS, {101 * kS}}}), "a drift of 10000 ppm"));
        QVERIFY(says(refusal({{0, {0}}, {100 * kS, {99 * kS}}}), "a drift of -10000 ppm"));
        QVERIFY(says(refusal({{std::numeric_limits<Nanos>::min(), {0}}, {std::numeric_limits<Nanos>::max(), {5}}}),
                     "292 years"));
        QVERIFY(refusal({{0, {0}}, {100 * kS, {100'499'000'000}}}).empty()); // 4990 ppm
    }

    void nudgesAddUp()
    {
        const ClockState start{5, 40, std::nullopt};
        const ClockState moved = nudged(nudged(start, 1'000'000, kNow), -33'366'667, kNow);
        QCOMPARE(moved.offsetNs, Nanos{5 + 1'000'000 - 33'366'667});
        QCOMPARE(moved.driftPpm, 40.0);
        QVERIFY(moved.evidence->method == ClockMethod::nudged);
        QVERIFY_THROWS_EXCEPTION(Error, nudged({std::numeric_limits<Nanos>::max(), 0, {}}, 1, kNow));
    }

    // A clap is shown at 12 s; on the other clock it is at 12.25 s. Matched, it is shown at 12.25 s.
    void whatIsShownMovesToWhereItTrulyWas()
    {
        const ClockState present{2'000'000'000, 100, std::nullopt};
        const ClockPoint point = pointShownAt(present, {12'000'000'000}, {12'250'000'000});
        const std::array points{point};
        const auto map = clockThroughPoints(present, points, kNow).map<VideoClock>();
        QCOMPARE(map.toRecording({point.ownNs}).ns, Nanos{12'250'000'000});
        QVERIFY(std::abs(point.ownNs - 9'999'000'100) <= 1); // 10 s / 1.0001
    }

    void editsAreAppliedAndUndone()
    {
        Recording recording;
        recording.devices.resize(2);
        recording.devices[0].name = "phone";
        recording.devices[1].name = "watch";
        recording.videos.resize(1);
        recording.videos[0].name = "clip";
        const ClockEdit edit = editClock(recording, ClockOwner::device, "watch",
                                         nudged(clockOf(recording, ClockOwner::device, "watch"), 7, kNow), "Nudge");
        const Recording moved = withClock(recording, edit);
        QCOMPARE(moved.devices[1].clock.offsetNs, Nanos{7});
        QCOMPARE(moved.devices[0].clock.offsetNs, Nanos{0});
        QVERIFY(moved.devices[1].clockEvidence.has_value());
        const Recording back = withClock(moved, inverseOf(edit));
        QCOMPARE(back.devices[1].clock.offsetNs, Nanos{0});
        QVERIFY(!back.devices[1].clockEvidence);
        QVERIFY_THROWS_EXCEPTION(Error, withClock(moved, edit)); // not twice
        QVERIFY_THROWS_EXCEPTION(Error, clockOf(recording, ClockOwner::video, "phone"));
        const ClockEdit video = editClock(recording, ClockOwner::video, "clip", {9, 1, std::nullopt}, "Set");
        QCOMPARE(withClock(recording, video).videos[0].clock.driftPpm, 1.0);
    }

    void methodsHaveNames()
    {
        for (const auto method :
             {ClockMethod::typed, ClockMethod::nudged, ClockMethod::onePoint, ClockMethod::twoPoints})
            QVERIFY(clockMethodFromName(clockMethodName(method)) == method);
        QVERIFY_THROWS_EXCEPTION(Error, clockMethodFromName("guessed"));
    }
};

QTEST_GUILESS_MAIN(ClockEditTest)
#include "clock_edit_test.moc"
