#include "core/base/random.h"
#include "core/data/events/pairing.h"
#include "core/data/import.h"
#include "core/data/simulator/simulator.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace kino;
namespace fs = std::filesystem;

namespace {

constexpr Nanos kMs = kNanosPerMillisecond;
constexpr Nanos kS = kNanosPerSecond;

/** Nearest event to a time; its distance. */
Nanos distanceTo(const std::vector<MotionEvent> &events, Nanos time)
{
    Nanos least = std::numeric_limits<Nanos>::max();
    for (const MotionEvent &event : events)
        least = std::min(least, std::abs(event.ownNs - time));
    return least;
}

ImuStream accelerometerAt(double rateHz, double seconds, const std::function<double(double, int)> &value)
{
    ImuStream stream;
    stream.kind = StreamKind::accelerometer;
    stream.axes = {"x", "y", "z"};
    std::vector<Nanos> times;
    std::vector<std::vector<float>> values(3);
    for (int i = 0; i < static_cast<int>(seconds * rateHz); ++i) {
        times.push_back(fromSeconds(i / rateHz));
        for (int axis = 0; axis < 3; ++axis)
            values[static_cast<std::size_t>(axis)].push_back(static_cast<float>(value(i / rateHz, axis)));
    }
    stream.timesNs = std::move(times);
    for (auto &axis : values)
        stream.values.emplace_back(std::move(axis));
    return stream;
}

double pulse(double since, double sigma) { return std::exp(-0.5 * since * since / (sigma * sigma)); }

std::vector<MotionEvent> eventsAt(std::vector<double> seconds)
{
    std::vector<MotionEvent> events;
    for (const double at : seconds)
        events.push_back({fromSeconds(at), EventKind::shock, 20});
    return events;
}

} // namespace

class EventsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Taps of 6 ms between samples at 100 Hz, on gravity and noise: found to a tenth of a sample or so, and nothing
    // else.
    void tapsAreFoundBetweenSamples()
    {
        RandomStream random(4);
        const std::vector<double> taps{3.0037, 7.4961, 12.25, 20.9987};
        const ImuStream stream = accelerometerAt(100, 30, [&](double time, int axis) {
            double value = axis == 2 ? 9.81 : 0;
            for (const double tap : taps)
                value += (axis == 0 ? 6 : 3) * pulse(time - tap, 0.006);
            return value + 0.05 * random.normal();
        });
        const auto found = findShocks(stream);
        QCOMPARE(found.size(), taps.size());
        for (std::size_t i = 0; i < taps.size(); ++i) {
            QVERIFY2(std::abs(found[i].ownNs - fromSeconds(taps[i])) < 2 * kMs,
                     qPrintable(QString::number(found[i].ownNs)));
            QCOMPARE(found[i].kind, EventKind::shock);
            QVERIFY(found[i].strengthDb > 20);
        }
    }

    // Free fall of 0.4 s before the shock: a jump. Of 0.05 s: none.
    void landingsFollowFreeFall()
    {
        RandomStream random(8);
        const auto jumpOf = [&](double flight) {
            return accelerometerAt(200, 20, [&](double time, int axis) {
                const bool flies = time > 10 && time < 10 + flight;
                double value = axis == 2 && !flies ? 9.81 : 0;
                if (axis == 2)
                    value += 25 * pulse(time - 10 - flight - 0.02, 0.012);
                return value + 0.05 * random.normal();
            });
        };
        const auto jump = findShocks(jumpOf(0.4));
        const auto landing = std::ranges::max_element(jump, {}, &MotionEvent::strengthDb);
        QVERIFY(landing != jump.end());
        QCOMPARE(landing->kind, EventKind::landing);
        QVERIFY(std::abs(landing->ownNs - fromSeconds(10.42)) < 15 * kMs);
        for (const MotionEvent &event : findShocks(jumpOf(0.05)))
            QCOMPARE(event.kind, EventKind::shock);
    }

    void stillOrSlowStreamsHaveNone()
    {
        RandomStream random(2);
        QVERIFY(findShocks(accelerometerAt(100, 60, [&](double, int axis) {
                    return (axis == 2 ? 9.81 : 0) + 0.05 * random.normal();
                })).empty());
        QVERIFY(findShocks(accelerometerAt(10, 60, [](double time, int) { return pulse(time - 30, 0.05); })).empty());
        QVERIFY(findShocks(ImuStream{}).empty());
        // Constant to the last digit, as a simulator without noise gives: no noise is no reason to see peaks.
        QVERIFY(findShocks(accelerometerAt(100, 10, [](double, int axis) { return axis == 2 ? 9.81 : 0; })).empty());
    }

    // The simulator's truth: two claps, each on both clocks, between walks, runs and jumps whose every step is a peak.
    void clapsOfTheSimulatorAreFoundOnBothSides()
    {
        const test::TemporaryFolder folder;
        SimulatorOptions options;
        options.subjects = 3;
        options.minutes = 1.2;
        options.seed = 21;
        options.video = SimulatedVideo{160, 90, 30, 80};
        options.offsetSeconds = 0.35;
        options.driftPpm = 40;
        const nlohmann::json truth = simulate(options, folder / "sim");
        const ImportOutcome outcome = importPaths(std::vector<fs::path>{folder / "sim"});
        QCOMPARE(outcome.recordings.size(), std::size_t{3});
        for (const Recording &recording : outcome.recordings) {
            const auto described = std::ranges::find_if(truth.at("recordings"), [&](const nlohmann::json &one) {
                return recording.path.stem().string() == one.at("name").get<std::string>();
            });
            QVERIFY2(described != truth.at("recordings").end(), recording.name.c_str());
            const ImuStream *stream = nullptr;
            for (const ImuStream &one : recording.devices.at(0).streams) {
                if (one.kind == StreamKind::accelerometer)
                    stream = &one;
            }
            QVERIFY(stream);
            const auto shocks = findShocks(*stream);
            const auto sounds = findSounds(recording.videos.at(0));
            qInfo("%s: %zu shocks of %zu peaks, %zu sounds of %zu peaks", recording.name.c_str(), shocks.size(),
                  findShocks(*stream, EventSelection::all).size(), sounds.size(),
                  findSounds(recording.videos.at(0), EventSelection::all).size());
            for (const nlohmann::json &clap : described->at("claps")) {
                const Nanos imuNs = clap.at("recording_ns"), videoNs = clap.at("video_ns");
                QVERIFY2(distanceTo(shocks, imuNs) <= 5 * kMs, qPrintable(QString::number(toSeconds(imuNs))));
                QVERIFY2(distanceTo(sounds, videoNs) <= 5 * kMs, qPrintable(QString::number(toSeconds(videoNs))));
            }
            // All else that stands out is a jump or a fall that the truth has, but for a few.
            const auto isOfTruth = [&](Nanos ns) {
                return std::ranges::any_of(described->at("events"), [&](const nlohmann::json &event) {
                    const bool isViolent = event.at("kind") == "jump" || event.at("kind") == "fall";
                    return isViolent && ns >= event.at("start_ns").get<Nanos>()
                        && ns <= event.at("end_ns").get<Nanos>();
                });
            };
            const auto falseShocks
                = std::ranges::count_if(shocks, [&](const MotionEvent &event) { return !isOfTruth(event.ownNs); }) - 2;
            QVERIFY2(falseShocks <= 3, qPrintable(QString::number(falseShocks)));
            QVERIFY2(sounds.size() <= 2 + 3, qPrintable(QString::number(sounds.size())));

            // Paired, they give the truth's offset and drift: two claps of 5 ms over a minute are 100 ppm and more.
            const auto proposals = proposeOffsets(shocks, sounds);
            QVERIFY(!proposals.empty());
            const OffsetProposal &best = proposals.front();
            QVERIFY(best.pairs.size() >= 2);
            QVERIFY2(std::abs(best.offsetNs - 350 * kMs) <= 6 * kMs, qPrintable(QString::number(best.offsetNs)));
            QVERIFY2(std::abs(best.driftPpm - 40) < 150, qPrintable(QString::number(best.driftPpm)));
        }
    }

    // Foot contacts of gaitmap's walk as motion capture timed them (column ic, samples at 204.8 Hz): all 57 have a
    // sharp peak of their foot's accelerometer within 80 ms, half of them within 30 ms (the heel's shock comes a little
    // after the contact).
    void footContactsAreSharpPeaks()
    {
        KINO_NEEDS_TEST_DATA();
        const fs::path folder = test::testDataFolder() / "gaitmap_gait";
        const ImportOutcome outcome = importPaths(std::vector<fs::path>{folder / "imu_sample.csv"});
        QCOMPARE(outcome.recordings.size(), std::size_t{1});
        std::map<std::string, std::vector<MotionEvent>> peaks;
        for (const Device &device : outcome.recordings[0].devices) {
            for (const ImuStream &stream : device.streams) {
                if (stream.kind == StreamKind::accelerometer)
                    peaks[device.name.find("left") != std::string::npos ? "left" : "right"]
                        = findShocks(stream, EventSelection::all);
            }
        }
        QCOMPARE(peaks.size(), std::size_t{2});
        std::ifstream file(folder / "stride_events_sample.csv");
        std::string line;
        std::getline(file, line);
        std::vector<Nanos> distances;
        while (std::getline(file, line)) {
            std::istringstream row(line);
            std::vector<std::string> fields;
            for (std::string field; std::getline(row, field, ',');)
                fields.push_back(field);
            distances.push_back(distanceTo(peaks.at(fields.at(1)), fromSeconds(std::stod(fields.at(4)) / 204.8)));
        }
        QCOMPARE(distances.size(), std::size_t{57});
        std::ranges::sort(distances);
        QVERIFY2(distances.back() <= 80 * kMs, qPrintable(QString::number(distances.back())));
        QVERIFY2(distances[28] <= 30 * kMs, qPrintable(QString::number(distances[28])));
    }

    void videosWithoutSoundHaveNone()
    {
        VideoTrack silent;
        silent.hasAudio = false;
        silent.end = {10 * kS};
        QVERIFY(findSounds(silent).empty());
    }

    void pairsGiveOffsetAndDrift()
    {
        // b is 2.5 s early and its seconds are 100 ppm longer: a = b * 1.0001 + 2.5.
        const std::vector<double> own{1, 20, 45.3, 80};
        std::vector<double> other;
        for (const double at : own)
            other.push_back(at * 1.0001 + 2.5);
        const auto proposals = proposeOffsets(eventsAt(other), eventsAt(own));
        const OffsetProposal &best = proposals.at(0);
        QCOMPARE(best.pairs, (std::vector<EventPair>{{0, 0}, {1, 1}, {2, 2}, {3, 3}}));
        QVERIFY(std::abs(best.offsetNs - 2'500'000'000) <= 1000);
        QVERIFY(std::abs(best.driftPpm - 100) < 0.1);
        QVERIFY(best.residualNs < 1000);
        QVERIFY(best.chance < 1e-3);
    }

    // Six claps seen by both among twenty false ones on either side.
    void theRightOffsetIsFirstAmongFalseEvents()
    {
        int right = 0;
        for (std::uint64_t seed = 1; seed <= 30; ++seed) {
            RandomStream random(seed);
            std::vector<double> a, b;
            for (int i = 0; i < 6; ++i) {
                const double at = random.uniform(0, 300);
                b.push_back(at);
                a.push_back(at - 7.3 + random.normal() * 0.002);
            }
            for (int i = 0; i < 20; ++i) {
                a.push_back(random.uniform(0, 300));
                b.push_back(random.uniform(0, 300));
            }
            std::ranges::sort(a);
            std::ranges::sort(b);
            const auto proposals = proposeOffsets(eventsAt(a), eventsAt(b));
            QVERIFY(proposals.size() <= 5);
            const Nanos atMiddle
                = proposals.at(0).offsetNs + static_cast<Nanos>(proposals.at(0).driftPpm * 1e-6 * 150e9);
            right += std::abs(atMiddle + 7'300 * kMs) < 10 * kMs;
            QVERIFY(proposals.at(0).chance <= proposals.back().chance);
        }
        QCOMPARE(right, 30);
    }

    void oneClapIsOnePairAndNothingIsNone()
    {
        const auto proposals = proposeOffsets(eventsAt({5}), eventsAt({3.5}));
        QCOMPARE(proposals.size(), std::size_t{1});
        QCOMPARE(proposals[0].offsetNs, fromSeconds(1.5));
        QCOMPARE(proposals[0].driftPpm, 0.0);
        QVERIFY(proposeOffsets(eventsAt({5}), {}).empty());
        QVERIFY(proposeOffsets(eventsAt({500}), eventsAt({3.5})).empty()); // further than 60 s
    }
};

QTEST_GUILESS_MAIN(EventsTest)
#include "events_test.moc"
