// The simulator's files as a whole: repeatable, all or nothing, refused with a sentence, and opened again as
// recordings.
#include "core/base/files.h"
#include "core/data/import.h"
#include "core/data/simulator/plan.h"
#include "tests/support/test_data.h"

#include <map>
#include <set>

using namespace kino;

namespace {

SimulatorOptions smallOptions()
{
    SimulatorOptions options;
    options.subjects = 2;
    options.minutes = 0.25;
    options.seed = 11;
    options.activities = {SimulatedActivity::stand, SimulatedActivity::turn};
    options.video = SimulatedVideo{96, 64, 15, 80};
    return options;
}

std::map<std::string, std::string> hashesIn(const std::filesystem::path &folder)
{
    std::map<std::string, std::string> hashes;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            hashes[std::filesystem::relative(entry.path(), folder).string()] = sha256OfFile(entry.path());
    return hashes;
}

QString refusal(const std::function<void()> &work)
{
    try {
        work();
    } catch (const Error &error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

} // namespace

class SimulatorFilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalOptionsGiveEqualBytes();
    void subjectsAreTheSameMadeAlone();
    void everyRecordingHasItsFiles();
    void recordingsOpenWithVideoLabelsAndNarrations();
    void narrationsAndLabelsAgree();
    void videoMayBeLeftOut();
    void videoMayBeginBeforeTheSensor();
    void folderThatIsNotEmptyIsRefused();
    void cancellingLeavesNothing();
    void shortRecordingsHoldWhatFits();
    void impossibleOptionsAreRefused();
    void textOptionsAreRead();
};

void SimulatorFilesTest::equalOptionsGiveEqualBytes()
{
    kino::test::TemporaryFolder folder;
    SimulatorOptions options = smallOptions();
    options.threads = 2;
    simulate(options, folder / "a");
    options.threads = 1;
    simulate(options, folder / "b");
    options.seed = 12;
    simulate(options, folder / "c");
    const auto a = hashesIn(folder / "a");
    QCOMPARE(a.size(), std::size_t{9});
    QVERIFY(a == hashesIn(folder / "b"));
    for (const auto &[name, hash] : hashesIn(folder / "c"))
        QVERIFY2(a.at(name) != hash, name.c_str());
}

void SimulatorFilesTest::subjectsAreTheSameMadeAlone()
{
    kino::test::TemporaryFolder folder;
    simulate(smallOptions(), folder / "both");
    SimulatorOptions second = smallOptions();
    second.subjects = 1;
    second.firstSubject = 2;
    simulate(second, folder / "alone");
    const auto both = hashesIn(folder / "both" / "s02");
    QCOMPARE(both.size(), std::size_t{4});
    QVERIFY(both == hashesIn(folder / "alone" / "s02"));
    QVERIFY(!std::filesystem::exists(folder / "alone" / "s01"));
    second.firstSubject = 0;
    QVERIFY(refusal([&] { simulate(second, folder / "none"); }).contains("number of the first subject"));
}

void SimulatorFilesTest::everyRecordingHasItsFiles()
{
    kino::test::TemporaryFolder folder;
    double reported = 0;
    const nlohmann::json truth
        = simulate(smallOptions(), folder / "new" / "out", {},
                   Progress([&](double fraction, std::string_view) { reported = std::max(reported, fraction); }));
    QVERIFY(reported > 0.99);
    QVERIFY(readJsonFile(folder / "new" / "out" / "truth.json") == truth);
    QCOMPARE(truth.at("recordings").size(), std::size_t{2});
    for (const nlohmann::json &recording : truth.at("recordings"))
        for (const char *file : {"imu", "video", "narrations", "labels"})
            QVERIFY(
                std::filesystem::file_size(folder / "new" / "out" / recording.at("files").at(file).get<std::string>())
                > 100);
    QCOMPARE(truth.at("options").at("seed").get<int>(), 11);
    QCOMPARE(truth.at("recordings")[0].at("samples").get<int>(), 3000);
    QCOMPARE(truth.at("recordings")[0].at("video").at("offset_ns").get<Nanos>(), Nanos{350'000'000});
    // Nothing else is left beside it.
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder / "new"), {}), std::ptrdiff_t{1});
}

void SimulatorFilesTest::recordingsOpenWithVideoLabelsAndNarrations()
{
    kino::test::TemporaryFolder folder;
    const nlohmann::json truth = simulate(smallOptions(), folder / "out").at("recordings");
    const std::vector paths{folder / "out"};
    const ImportOutcome outcome = importPaths(paths);
    for (const ImportFailure &failure : outcome.failures)
        QFAIL(failure.message.c_str());
    QCOMPARE(outcome.recordings.size(), std::size_t{2});
    for (std::size_t i = 0; i < 2; ++i) {
        const Recording &recording = outcome.recordings[i];
        QCOMPARE(recording.format, std::string("kinoscope-simulation"));
        QCOMPARE(recording.subject, truth[i].at("subject").get<std::string>());
        QCOMPARE(recording.devices.size(), std::size_t{1});
        QCOMPARE(recording.devices[0].streams.size(), std::size_t{2});
        for (const ImuStream &stream : recording.devices[0].streams) {
            QCOMPARE(stream.samples(), std::size_t{3000});
            QCOMPARE(stream.timesNs.front(), Nanos{0});
            QCOMPARE(stream.timesNs.back(), Nanos{14'995'000'000});
        }
        QCOMPARE(recording.videos.size(), std::size_t{1});
        QCOMPARE(recording.videos[0].frames, truth[i].at("video").at("frames").get<std::size_t>());
        QVERIFY(recording.videos[0].hasAudio);
        // Where the video lies is for the user to find.
        QCOMPARE(recording.videos[0].clock.offsetNs, Nanos{0});

        const auto tierOf = [&](const std::string &name) {
            const auto at = std::find_if(recording.tiers.begin(), recording.tiers.end(),
                                         [&](const AnnotationTier &t) { return t.name == name; });
            return at == recording.tiers.end() ? AnnotationTier{} : *at;
        };
        const AnnotationTier activity = tierOf("activity");
        const nlohmann::json &said = truth[i].at("activities");
        QCOMPARE(activity.annotations.size(), said.size());
        for (std::size_t k = 0; k < said.size(); ++k) {
            QCOMPARE(activity.annotations[k].label, said[k].at("label").get<std::string>());
            QCOMPARE(activity.annotations[k].start.ns, said[k].at("start_ns").get<Nanos>());
            QCOMPARE(activity.annotations[k].end.ns, said[k].at("end_ns").get<Nanos>());
        }
        const AnnotationTier narration = tierOf("narration");
        QVERIFY(narration.kind == TierKind::text);
        const nlohmann::json file
            = readJsonFile(folder / "out" / truth[i].at("files").at("narrations").get<std::string>());
        const nlohmann::json &written
            = file.at(truth[i].at("name").get<std::string>()).at("narration_pass_1").at("narrations");
        QVERIFY(written.size() >= 4); // two claps, something for each of two activities
        QCOMPARE(narration.annotations.size(), written.size());
        QCOMPARE(narration.annotations.front().label, std::string("#C C claps hands"));
        QVERIFY(
            std::abs(narration.annotations.front().start.ns - truth[i].at("claps")[0].at("recording_ns").get<Nanos>())
            <= 1000);
    }
}

void SimulatorFilesTest::narrationsAndLabelsAgree()
{
    SimulatorOptions options;
    options.video.reset();
    const nlohmann::json truth = [&] {
        kino::test::TemporaryFolder folder;
        options.subjects = 1;
        nlohmann::json result = simulate(options, folder / "out");
        result["narrations"] = readJsonFile(folder / "out" / "s01" / "s01_01.narrations.json").at("s01_01");
        return result;
    }();
    const nlohmann::json &recording = truth.at("recordings")[0];
    // The structure of Ego4D's narrations.json.
    const nlohmann::json &pass = truth.at("narrations").at("narration_pass_1");
    QVERIFY(pass.at("summaries").is_array());
    const std::map<std::string, std::string> words{{"walks across", "walk"}, {"runs", "run"},      {"sits down", "sit"},
                                                   {"jumps", "jump"},        {"turns to", "turn"}, {"stairs", "stairs"},
                                                   {"falls", "fall"},        {"bicycle", "cycle"}};
    int checked = 0;
    for (const nlohmann::json &narration : pass.at("narrations")) {
        const std::string text = narration.at("narration_text");
        QVERIFY(text.starts_with("#C C "));
        QCOMPARE(narration.at("annotation_uid").get<std::string>().size(), std::size_t{36});
        const double time = 1e9 * narration.at("timestamp_sec").get<double>();
        for (const auto &[word, label] : words) {
            if (text.find(word) == std::string::npos)
                continue;
            ++checked;
            const auto &activities = recording.at("activities");
            QVERIFY2(std::any_of(activities.begin(), activities.end(),
                                 [&](const nlohmann::json &a) {
                                     return a.at("label") == label && a.at("start_ns") <= time && time < a.at("end_ns");
                                 }),
                     text.c_str());
        }
    }
    QVERIFY(checked >= 8);
}

void SimulatorFilesTest::videoMayBeLeftOut()
{
    kino::test::TemporaryFolder folder;
    SimulatorOptions options = smallOptions();
    options.video.reset();
    options.recordingsPerSubject = 2;
    const nlohmann::json truth = simulate(options, folder / "out");
    QVERIFY(truth.at("recordings")[0].at("video").is_null());
    QVERIFY(!std::filesystem::exists(folder / "out" / "s01" / "s01_01.mp4"));
    const std::vector paths{folder / "out"};
    const ImportOutcome outcome = importPaths(paths);
    QCOMPARE(outcome.recordings.size(), std::size_t{4});
    QVERIFY(outcome.recordings[0].videos.empty());
}

void SimulatorFilesTest::videoMayBeginBeforeTheSensor()
{
    SimulatorOptions options = smallOptions();
    options.minutes = 0.3;
    options.offsetSeconds = -1.5;
    const simulator::RecordingPlan plan = simulator::planRecording(options, 0, 0);
    QCOMPARE(plan.frameTime(0).ns, Nanos{-1'500'000'000});
    QVERIFY(plan.claps[0].recording.ns > 1'000'000'000);
    QVERIFY(plan.frameTime(plan.framePts.size() - 1).ns < plan.lengthNs);
}

void SimulatorFilesTest::folderThatIsNotEmptyIsRefused()
{
    kino::test::TemporaryFolder folder;
    folder.write("out/mine.txt", "mine");
    QVERIFY(refusal([&] { simulate(smallOptions(), folder / "out"); }).contains("not empty"));
    QCOMPARE(readTextFile(folder / "out" / "mine.txt"), std::string("mine"));
    QVERIFY(refusal([&] { simulate(smallOptions(), folder / "out" / "mine.txt"); }).contains("in the way"));
    QVERIFY(refusal([&] { simulate(smallOptions(), "/proc/nowhere/out"); }).contains("cannot be made"));
}

void SimulatorFilesTest::cancellingLeavesNothing()
{
    kino::test::TemporaryFolder folder;
    CancelToken cancel;
    const Progress progress([&](double fraction, std::string_view) {
        if (fraction > 0.3)
            cancel.cancel();
    });
    QVERIFY_EXCEPTION_THROWN(simulate(smallOptions(), folder / "out", cancel, progress), Cancelled);
    QVERIFY(std::filesystem::is_empty(folder.path()));
}

void SimulatorFilesTest::shortRecordingsHoldWhatFits()
{
    SimulatorOptions options = smallOptions();
    options.activities.clear();
    options.minutes = 0.5;
    std::set<SimulatedActivity> seen;
    for (int subject = 0; subject < 6; ++subject) {
        const simulator::RecordingPlan plan = simulator::planRecording(options, subject, 0);
        std::set<SimulatedActivity> own;
        for (const simulator::Segment &segment : plan.motion->schedule().segments)
            if (segment.activity)
                own.insert(*segment.activity);
        QVERIFY(own.size() >= 3 && own.size() < 9);
        seen.merge(own);
    }
    QVERIFY(seen.size() >= 7);
}

void SimulatorFilesTest::impossibleOptionsAreRefused()
{
    kino::test::TemporaryFolder folder;
    const auto refused = [&](const std::function<void(SimulatorOptions &)> &change) {
        SimulatorOptions options = smallOptions();
        change(options);
        return refusal([&] { simulate(options, folder / "out"); });
    };
    QVERIFY(refused([](SimulatorOptions &o) { o.subjects = 0; }).contains("subjects"));
    QVERIFY(refused([](SimulatorOptions &o) { o.minutes = std::nan(""); }).contains("minutes"));
    QVERIFY(refused([](SimulatorOptions &o) { o.rateHz = 1; }).contains("rate"));
    QVERIFY(refused([](SimulatorOptions &o) { o.video->width = 333; }).contains("even"));
    QVERIFY(refused([](SimulatorOptions &o) { o.offsetSeconds = 14; }).contains("offset"));
    QVERIFY(refused([](SimulatorOptions &o) { o.driftPpm = 1e9; }).contains("drift"));
    QVERIFY(refused([](SimulatorOptions &o) { o.gravity = 0; }).contains("Gravity"));
    const QString tooShort = refused([](SimulatorOptions &o) { o.activities = allSimulatedActivities(); });
    QVERIFY2(tooShort.contains("(9) need recordings of 58 seconds at least, 0.97 minutes"), qPrintable(tooShort));
    const QString shortest = refused([](SimulatorOptions &o) {
        o.activities.clear();
        o.minutes = 0.1;
    });
    QVERIFY2(shortest.contains("Any activity needs"), qPrintable(shortest));
    QVERIFY(std::filesystem::is_empty(folder.path()));
}

void SimulatorFilesTest::textOptionsAreRead()
{
    const auto video = simulatedVideoFromText("320x240@29.97");
    QVERIFY(video && video->width == 320 && video->height == 240 && video->rateHz == 29.97);
    QVERIFY(!simulatedVideoFromText("none"));
    for (const char *wrong : {"", "640", "640x360", "x@", "640x360@30fps", "640@30x360"})
        QVERIFY(refusal([&] { simulatedVideoFromText(wrong); }).contains("640x360@30"));
    const auto activities = simulatedActivitiesFromText("walk,fall,walk");
    QVERIFY((activities == std::vector{SimulatedActivity::walk, SimulatedActivity::fall}));
    QVERIFY(refusal([] { simulatedActivitiesFromText("walk,fly"); }).contains("'fly'"));
    QCOMPARE(allSimulatedActivities().size(), std::size_t{9});
}

QTEST_GUILESS_MAIN(SimulatorFilesTest)
#include "simulator_files_test.moc"
