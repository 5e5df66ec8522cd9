// Profiles as a user writes them, from docs/profiles.md alone. The files are generated here, so every expected value is
// known in closed form.
#include "core/data/profile/import_profile.h"

#include "core/base/error.h"
#include "core/data/import.h"
#include "core/data/profile/library.h"
#include "core/data/stream_summary.h"
#include "core/data/table/units.h"
#include "tests/support/test_data.h"

#include <fstream>
#include <numbers>
#include <set>

using namespace kino;

namespace {

ImportOutcome importWith(const std::filesystem::path &path, const std::string &profile = {})
{
    ImportOptions options;
    options.profile = profile;
    return importPaths(std::span(&path, 1), options);
}

const ReportRow *rowOf(const Recording &recording, const std::string &code)
{
    const auto found = std::ranges::find(recording.report, code, &ReportRow::code);
    return found == recording.report.end() ? nullptr : &*found;
}

/** The n-th block of ```json in the guide. */
std::string guideExample(int number)
{
    std::ifstream in(std::string(KINOSCOPE_SOURCE_DIR) + "/docs/profiles.md");
    const std::string guide((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::size_t at = 0;
    for (int i = 0; i <= number; ++i)
        at = guide.find("```json\n", at) + 8;
    return guide.substr(at, guide.find("```", at) - at);
}

bool mentions(const std::vector<std::string> &mistakes, std::string_view start, std::string_view part)
{
    return std::ranges::any_of(mistakes, [&](const std::string &mistake) {
        return mistake.starts_with(start) && mistake.find(part) != std::string::npos;
    });
}

} // namespace

class ImportProfileTest : public QObject {
    Q_OBJECT

    test::TemporaryFolder m_profiles;

private Q_SLOTS:
    void init() { qputenv("KINOSCOPE_PROFILES", m_profiles.path().c_str()); }

    void shippedProfilesAreWithoutMistakes()
    {
        QVERIFY(shippedProfileTexts().size() >= 15);
        std::set<std::string> names;
        for (const std::string_view text : shippedProfileTexts()) {
            const auto json = nlohmann::json::parse(text, nullptr, true, true);
            const auto mistakes = profileMistakes(json);
            QVERIFY2(mistakes.empty(), mistakes.empty() ? "" : mistakes.front().c_str());
            QVERIFY(names.insert(json["name"]).second);
        }
        std::set<std::string> formats;
        for (const FormatInfo &format : knownFormats())
            QVERIFY2(formats.insert(format.name).second, format.name.c_str());
        for (const char *name : {"sp-sw-har", "hapt", "umafall", "gopro-mp4", "ego4d-imu", "utd-mhad", "euroc"})
            QVERIFY2(formats.contains(name), name);
    }

    /** "no header, raw integer counts, `;` at line ends": the first example of the guide. */
    void rawCountsWithoutHeaderOpenByTheGuidesProfile()
    {
        test::TemporaryFolder folder;
        std::string text;
        for (int i = 0; i < 500; ++i) {
            // 16384 counts are 1 g, 16.4 counts 1 deg/s; x is mounted backwards.
            text += std::to_string(5000 + 10 * i) + "," + std::to_string(i % 100) + ",-8192,16384," + std::to_string(164 * (i % 3))
                    + ",0,-1640;\n";
        }
        folder.write("walk_anna_1.txt", text);
        folder.write("bumpy.json", guideExample(0));
        const ImportOutcome outcome = importWith(folder / "walk_anna_1.txt", (folder / "bumpy.json").string());
        QVERIFY2(outcome.failures.empty(), outcome.failures.empty() ? "" : outcome.failures[0].message.c_str());
        const Recording &recording = outcome.recordings.at(0);
        QCOMPARE(recording.subject, std::string("anna"));
        const ImuStream *acceleration = recording.findStream("wrist/accelerometer");
        const ImuStream *rate = recording.findStream("wrist/gyroscope");
        QVERIFY(acceleration && rate);
        QCOMPARE(acceleration->samples(), std::size_t{500});
        QCOMPARE(acceleration->timesNs[0], Nanos{0});
        QCOMPARE(acceleration->timesNs[499], Nanos{4'990'000'000});
        QCOMPARE(acceleration->unit, std::string("m/s^2"));
        QVERIFY(std::abs(acceleration->values[0][42] + 42.0 / 16384 * 9.80665) < 1e-6);
        QVERIFY(std::abs(acceleration->values[1][0] + 0.5 * 9.80665) < 1e-6);
        QVERIFY(std::abs(acceleration->values[2][0] - 9.80665) < 1e-6);
        QVERIFY(std::abs(rate->values[0][2] - 20 * std::numbers::pi / 180) < 1e-6);
        QVERIFY(std::abs(rate->values[2][0] + 100 * std::numbers::pi / 180) < 1e-6);
        QCOMPARE(recording.tiers.at(0).annotations.at(0).label, std::string("walk"));
        QVERIFY(rowOf(recording, "scale"));
        QVERIFY(rowOf(recording, "unit"));
    }

    /** "two files with two rates for one recording": the second example of the guide. */
    void twoFilesWithTwoRatesAreOneRecordingByTheGuidesProfile()
    {
        test::TemporaryFolder folder;
        std::string slow = "ax ay az\n", fast = "gx gy gz\n";
        for (int i = 0; i < 300; ++i)
            slow += "0 0 9.81\n";
        for (int i = 0; i < 1200; ++i)
            fast += "1 2 " + std::to_string(i) + "\n";
        for (const char *trial : {"p01_t1", "p01_t2", "p02_t1"}) {
            folder.write(std::string("data/acc/") + trial + ".dat", slow);
            folder.write(std::string("data/gyr/") + trial + ".dat", fast);
        }
        const std::string labels = "trial,from,to,what\np01_t1,0.5,1.25,reach\np02_t1,1,2,grasp\np01_t1,2,2.5,grasp\n";
        folder.write("data/labels.csv", labels);
        std::filesystem::create_directories(m_profiles.path());
        std::ofstream(m_profiles / "two-rates.json") << guideExample(1);
        // From the folder, and from any one of the files: the user's profile is found by itself.
        QCOMPARE(importWith(folder / "data").recordings.size(), std::size_t{3});
        for (const char *path : {"data/gyr/p01_t1.dat", "data/acc/p01_t1.dat"}) {
            const ImportOutcome outcome = importWith(folder / path);
            QVERIFY2(outcome.failures.empty(), outcome.failures.empty() ? "" : outcome.failures[0].message.c_str());
            const Recording &recording = outcome.recordings.at(0);
            QCOMPARE(recording.format, std::string("two-rates"));
            QCOMPARE(recording.subject, std::string("p01"));
            const ImuStream *acceleration = recording.findStream("glove/accelerometer");
            const ImuStream *rate = recording.findStream("glove/gyroscope");
            QVERIFY(acceleration && rate);
            QCOMPARE(acceleration->timesNs.back(), Nanos{299} * 20'000'000); // 50 Hz
            QCOMPARE(rate->timesNs.back(), Nanos{1199} * 5'000'000);         // 200 Hz
            QVERIFY(std::abs(rate->values[2][57] - 57 * std::numbers::pi / 180) < 1e-6);
            const auto &annotations = recording.tiers.at(0).annotations;
            QCOMPARE(annotations.size(), std::size_t{2});
            QCOMPARE(annotations[0].start.ns, Nanos{500'000'000});
            QCOMPARE(annotations[0].end.ns, Nanos{1'250'000'000});
            QCOMPARE(annotations[1].label, std::string("grasp"));
        }
        std::filesystem::remove(m_profiles / "two-rates.json");
    }

    void everyExampleOfTheGuideIsAValidProfile()
    {
        int examples = 0;
        std::ifstream in(std::string(KINOSCOPE_SOURCE_DIR) + "/docs/profiles.md");
        const std::string guide((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        for (std::size_t at = guide.find("```json\n"); at != std::string::npos; at = guide.find("```json\n", at + 1), ++examples) {
            const auto json = nlohmann::json::parse(guideExample(examples), nullptr, true, true);
            const auto mistakes = profileMistakes(json);
            QVERIFY2(mistakes.empty(), mistakes.empty() ? "" : mistakes.front().c_str());
        }
        QVERIFY(examples >= 2);
    }

    void everyMistakeIsNamedAtOnce()
    {
        const auto json = nlohmann::json::parse("{\n"
                "\"kinoscope_profile\": 2, \"name\": \"My Profile\", \"recording\": \"{trail}\", \"colour\": 1,\n"
                "\"files\": [{\"match\": \"{trial.csv\", \"tabel\": {}, \"time\": {\"unit\": \"minutes\", \"column\": \"t\"},\n"
                "\"table\": {\"separator\": \"::\", \"header\": 0},\n"
                "\"streams\": [{\"kind\": \"accelerometr\", \"columns\": []},\n"
                "{\"kind\": \"gyroscope\", \"unit\": \"m/s\", \"columns\": [\"x\", 0, \"z\"], \"axes\": [\"x\"]}],\n"
                "\"labels\": {\"tier\": \"activity\"}}],\n"
                "\"annotations\": [{\"file\": \"a.csv\", \"label\": \"l\", \"unit\": \"samples\"}],\n"
                "\"videos\": [{\"name\": \"v\"}]}\n");
        const auto mistakes = profileMistakes(json);
        QVERIFY(mentions(mistakes, "kinoscope_profile", "1"));
        QVERIFY(mentions(mistakes, "name", "small letters"));
        QVERIFY(mentions(mistakes, "colour", "no such key"));
        QVERIFY(mentions(mistakes, "recording", "{trail}"));
        QVERIFY(mentions(mistakes, "files[0].match", "not closed"));
        QVERIFY(mentions(mistakes, "files[0].tabel", "did you mean 'table'"));
        QVERIFY(mentions(mistakes, "files[0].time.unit", "minutes"));
        QVERIFY(mentions(mistakes, "files[0].table.separator", "single character"));
        QVERIFY(mentions(mistakes, "files[0].table.header", "position"));
        QVERIFY(mentions(mistakes, "files[0].streams[0].kind", "accelerometer, gyroscope"));
        QVERIFY(mentions(mistakes, "files[0].streams[0].columns", "list"));
        QVERIFY(mentions(mistakes, "files[0].streams[1].unit", "deg/s"));
        QVERIFY(mentions(mistakes, "files[0].streams[1].columns[1]", "position"));
        QVERIFY(mentions(mistakes, "files[0].streams[1].axes", "as many"));
        QVERIFY(mentions(mistakes, "files[0].labels", "either"));
        QVERIFY(mentions(mistakes, "annotations[0].start", "missing"));
        QVERIFY(mentions(mistakes, "annotations[0].unit", "rate_hz"));
        QVERIFY(mentions(mistakes, "videos[0]", "exactly one"));
        QVERIFY_THROWS_EXCEPTION(Error, parseProfile(json));
        for (const char *odd : {"null", "[]", "3", "\"x\"", "{}", R"({"files": 3})", R"({"files": [[]]})", R"({"files":[{"streams":{}}]})"})
            QVERIFY2(!profileMistakes(nlohmann::json::parse(odd)).empty(), odd);
    }

    void rowsWithoutTimesKeepTheirPlaceWhenOneIsBad()
    {
        test::TemporaryFolder folder;
        folder.write("a.txt", "1 2 3\n4 5 6\nx y z\n\n7 8 9\n");
        folder.write("p.json", R"({"kinoscope_profile": 1, "name": "even", "files": [{"match": "*.txt",
            "table": {"separator": "whitespace", "header": 0}, "time": {"rate_hz": 10},
            "streams": [{"kind": "gyroscope", "unit": "rad/s", "columns": [1, 2, 3]}]}]})");
        const ImportOutcome outcome = importWith(folder / "a.txt", (folder / "p.json").string());
        const Recording &recording = outcome.recordings.at(0);
        const ImuStream &stream = recording.devices.at(0).streams.at(0);
        QCOMPARE(stream.samples(), std::size_t{3});
        QCOMPARE(stream.timesNs[1], Nanos{100'000'000});
        QCOMPARE(stream.timesNs[2], Nanos{300'000'000});
        QCOMPARE(rowOf(recording, "bad-row")->line, std::int64_t{3});
        QCOMPARE(rowOf(recording, "bad-row")->count, std::int64_t{1});
    }

    void countersThatWrapGoOn()
    {
        test::TemporaryFolder folder;
        std::string text = "n,x,y,z\n";
        for (int i = 0; i < 600; ++i)
            text += std::to_string((250 + i) % 256) + ",0,0," + std::to_string(i) + "\n";
        folder.write("a.csv", text);
        folder.write("p.json", R"({"kinoscope_profile": 1, "name": "wrap", "files": [{"match": "*.csv",
            "time": {"column": "n", "unit": "samples", "rate_hz": 100, "wraps_at": 256},
            "streams": [{"kind": "accelerometer", "unit": "m/s^2", "columns": ["x", "y", "z"]}]}]})");
        const ImuStream stream = importWith(folder / "a.csv", (folder / "p.json").string()).recordings.at(0).devices.at(0).streams.at(0);
        QCOMPARE(stream.timesNs.back(), Nanos{599} * 10'000'000);
        QCOMPARE(stream.backwardTimes, std::size_t{0});
        QCOMPARE(stream.values[2][599], 599.0f);
    }

    void rowsOutOfOrderAreSortedAndSaid()
    {
        test::TemporaryFolder folder;
        folder.write("a.csv", "t,x,y,z\n0,0,0,0\n10,0,0,1\n30,0,0,3\n20,0,0,2\n20,0,0,2.5\n40,0,0,4\n");
        folder.write("p.json", R"({"kinoscope_profile": 1, "name": "order", "files": [{"match": "*.csv",
            "time": {"column": "t", "unit": "ms"},
            "streams": [{"kind": "accelerometer", "unit": "m/s^2", "columns": ["x", "y", "z"]}]}]})");
        const Recording recording = importWith(folder / "a.csv", (folder / "p.json").string()).recordings.at(0);
        const ImuStream &stream = recording.devices.at(0).streams.at(0);
        QCOMPARE(std::vector<float>(stream.values[2].begin(), stream.values[2].end()),
                 (std::vector<float>{0, 1, 2, 2.5, 3, 4}));
        QCOMPARE(stream.backwardTimes, std::size_t{1});
        QCOMPARE(rowOf(recording, "backward-time")->line, std::int64_t{5});
        QCOMPARE(rowOf(recording, "duplicate-time")->count, std::int64_t{1});
        QVERIFY(std::ranges::is_sorted(stream.timesNs.values()));
    }

    void aMissingPieceLeavesItsTimeEmpty()
    {
        test::TemporaryFolder folder;
        for (const int piece : {1, 2, 4, 10})
            folder.write("cut_" + std::to_string(piece) + ".csv", "1,2,3\n1,2," + std::to_string(piece) + "\n");
        folder.write("p.json", "{\"kinoscope_profile\": 1, \"name\": \"cut\", \"recording\": \"whole\", \"files\": [{\"match\": \"cut_{n:#}.csv\",\n"
                "\"table\": {\"header\": 0}, \"time\": {\"rate_hz\": 10}, \"part\": {\"capture\": \"n\", \"rows\": 2},\n"
                "\"streams\": [{\"kind\": \"accelerometer\", \"unit\": \"m/s^2\", \"columns\": [1, 2, 3]}]}]}\n");
        const Recording recording = importWith(folder / "cut_2.csv", (folder / "p.json").string()).recordings.at(0);
        const ImuStream &stream = recording.devices.at(0).streams.at(0);
        QCOMPARE(stream.samples(), std::size_t{8});
        QCOMPARE(std::vector<float>(stream.values[2].begin(), stream.values[2].end()),
                 (std::vector<float>{3, 1, 3, 2, 3, 4, 3, 10}));
        QCOMPARE(stream.timesNs[3], Nanos{300'000'000});
        QCOMPARE(stream.timesNs[4], Nanos{600'000'000}); // piece 3 is not there
        QCOMPARE(stream.timesNs[7], Nanos{1'900'000'000});
        QVERIFY(rowOf(recording, "missing-part"));
    }

    /** The three rows that Ego4D's own documentation shows, one of them with NULL, and narrations beside it. */
    void ego4dRowsAndNarrationsShareTheCanonicalClock()
    {
        test::TemporaryFolder folder;
        folder.write("imu/0a1b.csv",
                     "component_idx,component_timestamp_ms,canonical_timestamp_ms,gyro_x,gyro_y,gyro_z,accl_x,accl_y,accl_z\n"
                     "0,0.0,0.0,0.025559105431309903,0.25026624068157616,0.11182108626198084,-2.278177458033573,-1.0311750599520384,-1.0311750599520384\n"
                     "0,4.975124378109452,4.975124378109452,0.01597444089456869,0.27689030883919064,0.10862619808306707,-2.2709832134292567,-0.8609112709832134,-0.8609112709832134\n"
                     "0,7.0,NULL,0,0,0,0,0,0\n"
                     "0,9.950248756218905,9.950248756218905,-0.014909478168264113,0.29073482428115016,0.0926517571884984,-2.3669064748201443,-0.4268585131894485,-0.4268585131894485\n");
        folder.write("annotations/narration.json", "{\"videos\": {\"0a1b\": {\"narration_pass_1\": {\"narrations\": [\n"
                "{\"timestamp_sec\": 0.0071, \"narration_text\": \"#C C walks\", \"annotation_uid\": \"x\"},\n"
                "{\"timestamp_sec\": 0.002, \"narration_text\": \"#C C turns\"}]}},\n"
                "\"other\": {\"narration_pass_1\": {\"narrations\": [{\"timestamp_sec\": 1, \"narration_text\": \"no\"}]}}}}\n");
        const ImportOutcome outcome = importWith(folder / "imu");
        const Recording &recording = outcome.recordings.at(0);
        QCOMPARE(recording.format, std::string("ego4d-imu"));
        const ImuStream *rate = recording.findStream("camera/gyroscope");
        QCOMPARE(rate->samples(), std::size_t{3});
        QCOMPARE(rate->timesNs[1], Nanos{4'975'124});
        QCOMPARE(rate->timesNs[2], Nanos{9'950'249});
        QCOMPARE(recording.findStream("camera/accelerometer")->values[0][2], -2.3669064748201443f);
        QCOMPARE(rowOf(recording, "missing-time")->line, std::int64_t{4});
        const AnnotationTier &narration = recording.tiers.at(0);
        QCOMPARE(narration.name, std::string("narration"));
        QVERIFY(narration.kind == TierKind::text);
        QCOMPARE(narration.annotations.size(), std::size_t{2});
        QCOMPARE(narration.annotations[0].label, std::string("#C C turns"));
        QCOMPARE(narration.annotations[1].start.ns, Nanos{7'100'000});
    }

    void wallClockTimesAndTheirZone()
    {
        test::TemporaryFolder folder;
        folder.write("a.csv", "when,x,y,z\n\"29/03/2022 14:25:22.100\",0,0,1\n\"29/03/2022 14:25:22.200\",0,0,1\n");
        const auto profile = [](const std::string &zone) {
            return R"({"kinoscope_profile": 1, "name": "wall", "files": [{"match": "*.csv",
                "time": {"column": "when", "unit": "%d/%m/%Y %H:%M:%S.%f")" + zone + R"(},
                "streams": [{"kind": "accelerometer", "unit": "g", "columns": ["x", "y", "z"]}]}]})";
        };
        folder.write("zone.json", profile(R"(, "utc_offset": "+09:00")"));
        folder.write("plain.json", profile(""));
        const Recording zoned = importWith(folder / "a.csv", (folder / "zone.json").string()).recordings.at(0);
        QCOMPARE(*zoned.epochNs, Nanos{1648531522100} * 1'000'000);
        QCOMPARE(zoned.devices[0].streams[0].timesNs[1], Nanos{100'000'000});
        QVERIFY(!rowOf(zoned, "time-zone"));
        const Recording plain = importWith(folder / "a.csv", (folder / "plain.json").string()).recordings.at(0);
        QCOMPARE(*plain.epochNs, Nanos{1648531522100} * 1'000'000 + 9 * 3600 * kNanosPerSecond);
        QVERIFY(rowOf(plain, "time-zone"));
    }

    void aColumnThatIsNotThereIsNamedWithTheOnesThatAre()
    {
        test::TemporaryFolder folder;
        folder.write("a.csv", "t,ax,ay,az\n0,1,2,3\n");
        folder.write("p.json", R"({"kinoscope_profile": 1, "name": "wrong", "files": [{"match": "*.csv",
            "time": {"column": "t", "unit": "s"},
            "streams": [{"kind": "accelerometer", "unit": "g", "columns": ["x", "ay", "az"]}]}]})");
        const ImportOutcome outcome = importWith(folder / "a.csv", (folder / "p.json").string());
        QCOMPARE(outcome.recordings.size(), std::size_t{0});
        const std::string &message = outcome.failures.at(0).message;
        QVERIFY2(message.find("'x'") != std::string::npos && message.find("'ax'") != std::string::npos, message.c_str());
    }

    void aUsersProfileIsSavedFoundAndReplaced()
    {
        auto json = nlohmann::json::parse(guideExample(0));
        json["name"] = "saved";
        json["title"] = "First";
        const auto path = saveUserProfile(json);
        QCOMPARE(path, m_profiles / "saved.json");
        QCOMPARE(findProfile("saved")->title, std::string("First"));
        QVERIFY(!findProfile("saved")->builtIn);
        json["title"] = "Second";
        saveUserProfile(json);
        QCOMPARE(findProfile("saved")->title, std::string("Second"));
        json["files"] = 3;
        QVERIFY_THROWS_EXCEPTION(Error, saveUserProfile(json));
        // A broken file in the folder is named and does no harm.
        std::ofstream(m_profiles / "broken.json") << "{ not json";
        QCOMPARE(loadProfiles().problems.size(), std::size_t{1});
        QCOMPARE(findProfile("saved")->title, std::string("Second"));
        QVERIFY_THROWS_EXCEPTION(Error, findProfile("nobody-knows"));
        std::filesystem::remove(m_profiles / "broken.json");
        std::filesystem::remove(path);
    }

    void unitsConvertToSi()
    {
        const auto scale = [](StreamKind kind, const char *unit) {
            const auto conversion = unitConversion(kind, unit);
            return conversion ? conversion->scale : -1;
        };
        QCOMPARE(scale(StreamKind::accelerometer, "g"), 9.80665);
        QCOMPARE(scale(StreamKind::accelerometer, "m/s²"), 1.0);
        QCOMPARE(scale(StreamKind::accelerometer, "m s^-2"), 1.0);
        QCOMPARE(scale(StreamKind::accelerometer, "mG"), 0.00980665);
        QCOMPARE(scale(StreamKind::gyroscope, "°/s"), std::numbers::pi / 180);
        QCOMPARE(scale(StreamKind::gyroscope, "dps"), std::numbers::pi / 180);
        QCOMPARE(scale(StreamKind::gyroscope, "rad s^-1"), 1.0);
        QCOMPARE(scale(StreamKind::magnetometer, "µT"), 1.0);
        QCOMPARE(scale(StreamKind::magnetometer, "mG"), 0.1);
        QCOMPARE(scale(StreamKind::magnetometer, "Gauss"), 100.0);
        QCOMPARE(scale(StreamKind::gyroscope, "g"), -1.0);
        QCOMPARE(unitConversion(StreamKind::temperature, "degF")->scale * 212 + unitConversion(StreamKind::temperature, "degF")->offset, 100.0);
    }

    void patternsCatchWhatTheySay()
    {
        const NamePattern pattern("{subject}/run_{run:#}_{device:phone|watch|}.csv");
        const auto match = pattern.match("/data/anna/RUN_07_watch.csv");
        QVERIFY(match.has_value());
        QCOMPARE(match->base, std::filesystem::path("/data"));
        QCOMPARE(match->captures, (Captures{{"device", "watch"}, {"run", "07"}, {"subject", "anna"}}));
        QVERIFY(pattern.match("/data/anna/run_1_.csv").has_value());
        QVERIFY(!pattern.match("/data/anna/run_x_phone.csv"));
        QVERIFY(!pattern.match("/run_1_phone.csv"));
        QVERIFY(!NamePattern("{a}_{a}.csv").match("/x/1_2.csv"));
        QVERIFY(NamePattern("{a}_{a}.csv").match("/x/1_1.csv").has_value());
        // Many stars against a long name end soon.
        QVERIFY(!NamePattern("*a*a*a*a*a*a*a*a*a*a*b").match("/" + std::string(200, 'a')));
        for (const char *wrong : {"", "{a", "a}", "/a", "a//b", "a/", "{}"})
            QVERIFY_THROWS_EXCEPTION(Error, NamePattern{wrong});
    }
};

QTEST_GUILESS_MAIN(ImportProfileTest)
#include "import_profile_test.moc"
