#include "core/base/error.h"
#include "core/base/random.h"
#include "core/data/dataset/load_dataset.h"
#include "tests/support/lane_fixtures.h"
#include "tests/support/table_fixture.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace kino;
using namespace kino::test;
namespace fs = std::filesystem;

namespace {

using Values = std::function<float(std::size_t axis, std::size_t sample)>;

Recording recordingOf(std::size_t samples, double rateHz, const Values &acceleration, StreamKind kind = StreamKind::accelerometer,
                      std::size_t axes = 3)
{
    Recording recording;
    recording.name = "r";
    recording.devices.push_back(makeDevice("imu", {makeStream(kind, evenTimes(samples, rateHz), axes, acceleration)}));
    return recording;
}

/** A signal as of a person who moves; `seed` is the person. */
Values walking(std::uint64_t seed)
{
    auto noise = std::make_shared<std::vector<float>>(3 * 20'000);
    RandomStream random(seed);
    for (float &value : *noise)
        value = static_cast<float>(random.normal(0, 1.5));
    return [noise](std::size_t axis, std::size_t sample) {
        const double smooth = 4 * std::sin(0.25 * static_cast<double>(sample) + static_cast<double>(axis));
        return static_cast<float>(smooth) + (*noise)[axis * 20'000 + sample] + (axis == 2 ? 9.8f : 0.0f);
    };
}

/** At rest: gravity and a noise of one step of a converter of 12 bits over ±2 g. */
Values resting(std::uint64_t seed)
{
    auto steps = std::make_shared<std::vector<int>>(3 * 20'000);
    RandomStream random(seed);
    for (int &step : *steps)
        step = static_cast<int>(random.below(10)) == 0 ? 1 : 0;
    return [steps](std::size_t axis, std::size_t sample) {
        return static_cast<float>((axis == 2 ? 1024 : 0) + (*steps)[axis * 20'000 + sample]) * 9.80665f / 1024;
    };
}

std::vector<ContentMatch> copiesAmong(const std::vector<Recording> &recordings)
{
    std::vector<ContentSketch> sketches;
    for (const Recording &recording : recordings)
        sketches.push_back(sketchContent(recording));
    std::vector<const ContentSketch *> pointers;
    for (const ContentSketch &sketch : sketches)
        pointers.push_back(&sketch);
    return findCopies(pointers, std::vector<int>(recordings.size(), 1));
}

double rounded(double value, int digits)
{
    const double scale = std::pow(10, digits);
    return std::round(value * scale) / scale;
}

/** The lines of a table. */
std::vector<std::string> linesOfFile(const fs::path &path)
{
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

DatasetSpec specOf(SplitRule split)
{
    DatasetSpec spec;
    spec.windows.recordings = {"s*/*.csv"};
    spec.windows.rule.seconds = 2.56;
    spec.windows.rule.strideSeconds = 0.64;
    spec.windows.split = std::move(split);
    return spec;
}

LeakageVerdict verdictOf(const fs::path &folder, SplitRule split, std::vector<std::string> pretrainedOn = {})
{
    LoadOptions options;
    options.samples = LoadedSamples::none;
    options.pretrainedOn = std::move(pretrainedOn);
    return loadDataset(specOf(std::move(split)), folder, options).leakage;
}

} // namespace

class LeakageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void copiesAreFoundWhereverTheyLie_data()
    {
        QTest::addColumn<int>("trimmed");
        QTest::addColumn<int>("length");
        QTest::addColumn<double>("rate");
        QTest::addColumn<int>("digits");
        QTest::newRow("the same") << 0 << 3000 << 100.0 << 7;
        QTest::newRow("begin cut off") << 137 << 3000 << 100.0 << 7;
        QTest::newRow("other time base") << 0 << 3000 << 99.87 << 7;
        QTest::newRow("three digits after the point") << 1 << 3000 << 100.0 << 3;
        QTest::newRow("two digits, cut, other times") << 500 << 2000 << 48.0 << 2;
        QTest::newRow("a second of a minute") << 2900 << 100 << 100.0 << 4;
    }
    void copiesAreFoundWhereverTheyLie()
    {
        QFETCH(int, trimmed);
        QFETCH(int, length);
        QFETCH(double, rate);
        QFETCH(int, digits);
        const Values original = walking(1);
        const Values copy = [&](std::size_t axis, std::size_t sample) {
            return static_cast<float>(rounded(static_cast<double>(original(axis, sample + static_cast<std::size_t>(trimmed))), digits));
        };
        const auto matches = copiesAmong({recordingOf(6000, 100, original), recordingOf(6000, 100, walking(2)),
                                          recordingOf(static_cast<std::size_t>(length), rate, copy)});
        QCOMPARE(matches.size(), std::size_t{1});
        QCOMPARE(matches[0].first, std::size_t{0});
        QCOMPARE(matches[0].second, std::size_t{2});
        QCOMPARE(matches[0].shiftRows, std::int64_t{-trimmed});
        const double shared = std::min(length, 6000 - trimmed) / 100.0;
        QVERIFY(matches[0].seconds <= shared + 0.01 && matches[0].seconds >= 0.6 * shared);
    }

    void otherPersonsAreNoCopies()
    {
        std::vector<Recording> recordings;
        for (std::uint64_t seed = 0; seed < 30; ++seed)
            recordings.push_back(recordingOf(5000, 100, walking(seed)));
        QVERIFY(copiesAmong(recordings).empty());
    }

    void sittingStillIsNoCopy()
    {
        std::vector<Recording> recordings;
        for (std::uint64_t seed = 0; seed < 20; ++seed)
            recordings.push_back(recordingOf(18'000, 50, resting(seed)));
        const Values nothing = [](std::size_t axis, std::size_t) { return axis == 2 ? 9.81f : 0.0f; };
        recordings.push_back(recordingOf(5000, 50, nothing));
        recordings.push_back(recordingOf(5000, 50, nothing));
        // What repeats itself, as a signal generator or a replayed loop does.
        const Values loop = [](std::size_t axis, std::size_t sample) { return static_cast<float>((sample * 7 + axis) % 10); };
        recordings.push_back(recordingOf(5000, 50, loop));
        recordings.push_back(recordingOf(5000, 50, loop));
        QVERIFY(copiesAmong(recordings).empty());
    }

    void holesAndOddStreamsAreSurvived()
    {
        const Values original = walking(3);
        const Values holed = [&](std::size_t axis, std::size_t sample) {
            return sample % 500 == 499 ? std::numeric_limits<float>::quiet_NaN() : sample % 500 == 250 ? 1e30f : original(axis, sample);
        };
        const auto matches = copiesAmong({recordingOf(5000, 100, original), recordingOf(5000, 100, holed)});
        QCOMPARE(matches.size(), std::size_t{1});
        QCOMPARE(matches[0].shiftRows, std::int64_t{0});
        // One axis alone: runs are longer, and found as well.
        QCOMPARE(copiesAmong({recordingOf(5000, 100, original, StreamKind::gyroscope, 1), recordingOf(5000, 100, original, StreamKind::gyroscope, 1)})
                     .size(),
                 std::size_t{1});
        QVERIFY(copiesAmong({Recording{}, recordingOf(0, 100, original), recordingOf(5, 100, original)}).empty());
    }

    // A sensor that the windows do not hold may be shared.
    void onlyWhatIsAskedForCounts()
    {
        const Recording recording = recordingOf(1000, 100, walking(5));
        const std::vector<StreamKind> others{StreamKind::gyroscope}, own{StreamKind::gyroscope, StreamKind::accelerometer};
        QVERIFY(sketchContent(recording, others).empty());
        QCOMPARE(sketchContent(recording, own).size(), std::size_t{1});
    }

    // Fifty copies are no thousand pairs.
    void manyCopiesAreEachMatchedOnce()
    {
        const std::vector<Recording> recordings(50, recordingOf(1000, 100, walking(4)));
        QCOMPARE(copiesAmong(recordings).size(), std::size_t{49});
    }

    void realRecordingsHoldNoCopies_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("recordings");
        // No 12 rows of one of these come in another: found by a Python program over the files' texts.
        QTest::newRow("hapt") << "hapt/Raw-Data/acc*.txt" << 32;
        QTest::newRow("sp_sw_har") << "sp_sw_har/s*/*.csv" << 155;
        QTest::newRow("utd_mhad") << "utd_mhad/Inertial/*.mat" << 646; // "no two equal trials"
    }
    void realRecordingsHoldNoCopies()
    {
        KINO_NEEDS_TEST_DATA();
        QFETCH(QString, pattern);
        QFETCH(int, recordings);
        DatasetSpec spec = specOf({.by = SplitBy::recording, .fractions = {0.5, 0.2, 0.3}});
        spec.windows.recordings = {pattern.toStdString()};
        spec.windows.rule.policy = LabelPolicy::none;
        spec.windows.rule.seconds = 1;
        LoadOptions options;
        options.samples = LoadedSamples::none;
        const LoadedDataset loaded = loadDataset(spec, testDataFolder(), options);
        QCOMPARE(loaded.table->recordings.size(), static_cast<std::size_t>(recordings));
        QVERIFY(loaded.leakage.identicalRecordings.empty() && loaded.leakage.copiesWithinParts.empty());
        QVERIFY(!loaded.leakage.sharedSubjects.empty() && !loaded.leakage.isClean());
    }

    // The same telemetry as its own file and inside the film: measured as equal byte for byte when the files were collected.
    void realCopyInAnotherFormatIsFound()
    {
        KINO_NEEDS_TEST_DATA();
        const std::vector<fs::path> paths{testDataFolder() / "gopro_mp4/karma.mp4", testDataFolder() / "gpmf_raw/gpmf_extract_mit/karma.raw",
                                          testDataFolder() / "gopro_mp4/max-heromode.mp4"};
        const ImportOutcome outcome = importPaths(paths);
        QVERIFY(outcome.recordings.size() == 3);
        std::size_t karma = 0;
        for (const ContentMatch &match : copiesAmong(outcome.recordings)) {
            const std::string names = outcome.recordings[match.first].name + outcome.recordings[match.second].name;
            QVERIFY(names.find("max") == std::string::npos);
            ++karma;
            QVERIFY(match.seconds > 8); // of 12
        }
        QCOMPARE(karma, std::size_t{1});
    }

    // A person's file under another's name, its times moved, its first rows gone, its numbers shorter.
    void renamedCopyInTestIsLeakage()
    {
        KINO_NEEDS_TEST_DATA();
        const TemporaryFolder folder;
        for (const char *subject : {"s01", "s02"})
            fs::copy(testDataFolder() / "sp_sw_har" / subject, folder / subject, fs::copy_options::recursive);
        const SplitRule split{.by = SplitBy::subject, .test = {"s99"}};
        const std::vector<std::string> original = linesOfFile(folder / "s01/s01_01_sp.csv");
        std::string text = original.front() + "\n";
        for (std::size_t line = 42; line < original.size(); ++line) {
            std::istringstream fields(original[line]);
            std::string field;
            for (int column = 0; std::getline(fields, field, ','); ++column) {
                if (column < 6)
                    text += QByteArray::number(field.empty() ? 0 : std::stod(field), 'f', 3).toStdString() + ",";
                else if (column == 6)
                    text += std::to_string(std::stoll(field) - 86'400'000 * 30LL) + ",";
                else
                    text += field;
            }
            text += "\n";
        }
        fs::create_directories(folder / "s99");
        folder.write("s99/s99_05_sp.csv", text);
        const LeakageVerdict verdict = verdictOf(folder.path(), split, {"s77", "s99"});
        QCOMPARE(verdict.identicalRecordings.size(), std::size_t{1});
        const RecordingPair &pair = verdict.identicalRecordings.front();
        QVERIFY(pair.first.find("s01_01") != std::string::npos && pair.second.find("s99_05") != std::string::npos);
        QCOMPARE(pair.firstParts + " " + pair.secondParts, std::string("train test"));
        QVERIFY(verdict.sharedSubjects.empty());
        QCOMPARE(verdict.pretrainedOnTestSubjects, std::vector<std::string>{"s99"});
        QVERIFY(!verdict.isClean());
        QVERIFY_THROWS_EXCEPTION(Error, requireNoLeakage(verdict));
        const auto json = leakageJson(verdict);
        QCOMPARE(json.at("identical_recordings").at(0).at("recordings").at(1).get<std::string>(), pair.second);
        // Without the copy the same split is clean.
        fs::remove_all(folder / "s99");
        const LeakageVerdict clean = verdictOf(folder.path(), {.by = SplitBy::subject, .test = {"s02"}});
        QVERIFY(clean.isClean());
        requireNoLeakage(clean);
    }

    // Phone and watch of one execution, brought as two recordings.
    void devicesWornTogetherInTwoPartsAreLeakage()
    {
        WindowTable table = evenTable(4, 10, 100);
        std::vector<RecordingTrace> traces(4);
        for (std::size_t recording = 0; recording < 4; ++recording) {
            table.recordings[recording].subject = recording < 2 ? "s0" : "";
            traces[recording].wallClockNs = {{1'700'000'000'000'000'000, 1'700'000'020'000'000'000}};
        }
        traces[1].wallClockNs->first += 15'000'000'000;
        traces[1].wallClockNs->second += 15'000'000'000;
        for (WindowRow &row : table.rows)
            row.part = row.recording == 1 ? SplitPart::test : SplitPart::train;
        LeakageVerdict verdict = judgeLeakage(table, traces);
        QCOMPARE(verdict.simultaneousRecordings.size(), std::size_t{1});
        QCOMPARE(verdict.simultaneousRecordings[0].seconds, 5.0);
        QCOMPARE(verdict.sharedSubjects, std::vector<std::string>{"s0"});
        QCOMPARE(verdict.recordingsWithoutSubject, std::size_t{2});
        traces[1].wallClockNs = {{1'700'000'020'000'000'000, 1'700'000'040'000'000'000}}; // one after the other
        QVERIFY(judgeLeakage(table, traces).simultaneousRecordings.empty());
    }

    // Windows of 2 s every second; counted by hand.
    void windowsThatShareTimeAreCounted()
    {
        WindowTable table = evenTable(1, 10, 50);
        table.recordings[0].sources.push_back({{"watch"}, table.recordings[0].sources[0].grid});
        for (WindowRow &row : table.rows)
            row.part = row.firstSample < 250 ? SplitPart::train : row.firstSample < 400 ? SplitPart::validation : SplitPart::test;
        // Training covers [0, 6): the one at 5 s (validation) overlaps. Validation covers [5, 9): the one at 8 s (test) does.
        QCOMPARE(judgeLeakage(table, {}).overlappingWindows, std::size_t{2});
        // On the watch from 6 s on they touch training and do not share an instant.
        for (WindowRow &row : table.rows) {
            row.source = row.part == SplitPart::train ? 0 : 1;
            row.start = row.part == SplitPart::train ? row.start : row.start + kNanosPerSecond;
        }
        QCOMPARE(judgeLeakage(table, {}).overlappingWindows, std::size_t{1});
        for (WindowRow &row : table.rows)
            row.part = SplitPart::train;
        QCOMPARE(judgeLeakage(table, {}).overlappingWindows, std::size_t{0});
        QVERIFY(judgeLeakage(table, {}).isClean());
        QVERIFY(leakageSentences(judgeLeakage(table, {})).front().starts_with("No leakage"));
    }
};

QTEST_GUILESS_MAIN(LeakageTest)
#include "leakage_test.moc"
