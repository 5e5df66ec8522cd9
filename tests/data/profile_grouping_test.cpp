// Which files become which recordings: by name patterns, by force, by the run they are of. Files are generated.
#include "core/data/import.h"
#include "core/data/profile/import_profile.h"
#include "tests/support/test_data.h"

using namespace kino;

namespace {

ImportOutcome openAll(const std::filesystem::path &path, const std::string &profile)
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

std::string rowsOf(int count, const std::string &header = "x,y,z\n")
{
    std::string text = header;
    for (int i = 0; i < count; ++i)
        text += "0,0," + std::to_string(i % 10) + "\n";
    return text;
}

/** t in seconds from `from` on, 100 a second. */
std::string timedRows(double from, double to)
{
    std::string text = "t,x,y,z\n";
    for (int i = static_cast<int>(from * 100); i <= static_cast<int>(to * 100); ++i)
        text += std::to_string(i / 100) + "." + std::to_string(100 + i % 100).substr(1) + ",0,0,9.8\n";
    return text;
}

/** Two kinds of files and no "recording". */
std::string pairProfile(const std::string &first, const std::string &second, const std::string &more = {})
{
    return "{\"kinoscope_profile\": 1, \"name\": \"pair\", " + more + "\"files\": [{\"match\": \"" + first
           + "\", \"time\": {\"rate_hz\": 50},\n\"streams\": {\"kind\": \"accelerometer\", \"unit\": \"m/s^2\", \"columns\": "
             "[\"x\", \"y\", \"z\"]}},\n{\"match\": \""
           + second
           + "\", \"time\": {\"rate_hz\": 200},\n\"streams\": {\"kind\": \"gyroscope\", \"unit\": \"rad/s\", \"columns\": "
             "[\"x\", \"y\", \"z\"]}}]}\n";
}

} // namespace

class ProfileGroupingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("KINOSCOPE_PROFILES", "/nonexistent"); }

    void filesOfOneNameAreJoinedWithoutBeingTold()
    {
        test::TemporaryFolder folder;
        for (const char *take : {"anna_1", "anna_2"}) {
            folder.write(std::string("d/") + take + "_acc.csv", rowsOf(100));
            folder.write(std::string("d/") + take + "_gyr.csv", rowsOf(400));
        }
        folder.write("p.json", pairProfile("{who}_{take:#}_acc.csv", "{who}_{take:#}_gyr.csv"));
        const std::string profile = (folder / "p.json").string();
        QCOMPARE(openAll(folder / "d", profile).recordings.size(), std::size_t{2});
        const ImportOutcome one = openAll(folder / "d/anna_2_gyr.csv", profile);
        QCOMPARE(one.recordings.size(), std::size_t{1});
        QCOMPARE(one.recordings[0].name, std::string("anna_2"));
        QCOMPARE(one.recordings[0].findStream("IMU/accelerometer")->timesNs.back(), Nanos{99} * 20'000'000);
        QCOMPARE(one.recordings[0].findStream("IMU/gyroscope")->timesNs.back(), Nanos{399} * 5'000'000);
        // Without anything caught: the folder.
        folder.write("e/acc.csv", rowsOf(100));
        folder.write("e/gyr.csv", rowsOf(400));
        folder.write("q.json", pairProfile("acc.csv", "gyr.csv"));
        const ImportOutcome both = openAll(folder / "e/acc.csv", (folder / "q.json").string());
        QCOMPARE(both.recordings.at(0).devices.at(0).streams.size(), std::size_t{2});
        QCOMPARE(both.recordings[0].name, std::string("e"));
    }

    void aProfileThatLeavesItOpenIsRefusedWithTheWayOut()
    {
        const auto mistakesOf = [](const std::string &text) { return profileMistakes(nlohmann::json::parse(text)); };
        for (const auto &[first, second] : {std::pair("*_acc.csv", "*_gyr.csv"), std::pair("*.csv", "*.csv"),
                                            std::pair("{a}_acc.csv", "{b}_gyr.csv"), std::pair("{who:*}acc.csv", "{who:*}gyr.csv")}) {
            const auto mistakes = mistakesOf(pairProfile(first, second));
            QCOMPARE(mistakes.size(), std::size_t{1});
            QVERIFY2(mistakes[0].starts_with("recording: ") && mistakes[0].find("{folder}") != std::string::npos, mistakes[0].c_str());
        }
        QVERIFY(mistakesOf(pairProfile("*_acc.csv", "*_gyr.csv", "\"recording\": \"{stem}\", ")).empty());
        QVERIFY(mistakesOf(pairProfile("{a}_acc.csv", "{a}_gyr.csv")).empty());
    }

    /** A name that does not fit is no obstacle to a profile asked for; what the name would say stays empty. */
    void aForcedProfileReadsAnyName()
    {
        test::TemporaryFolder folder;
        const std::string profile = pairProfile("{who}_acc.csv", "{who}_gyr.csv", "\"subject\": \"{who}\", ");
        std::string told = profile;
        told.replace(told.find("[\"x\", \"y\", \"z\"]", told.find("gyroscope")), 15, "[\"a\", \"b\", \"c\"]");
        folder.write("p.json", told);
        folder.write("anna_acc.csv", rowsOf(100)); // fits, and is of another recording
        folder.write("export (3).txt", rowsOf(400, "a,b,c\n"));
        folder.write("export (4).txt", rowsOf(30));
        folder.write("neither.txt", rowsOf(30, "u,v,w\n"));
        const ImportOutcome outcome = openAll(folder / "export (3).txt", (folder / "p.json").string());
        QVERIFY2(outcome.failures.empty(), outcome.failures.empty() ? "" : outcome.failures[0].message.c_str());
        const Recording &recording = outcome.recordings.at(0);
        QCOMPARE(recording.format, std::string("pair"));
        QCOMPARE(recording.name, std::string("export (3)"));
        QCOMPARE(recording.subject, std::string());
        QCOMPARE(recording.files.size(), std::size_t{1});
        QCOMPARE(recording.devices.at(0).streams.size(), std::size_t{1});
        // Its columns say that it is the second kind of file.
        QCOMPARE(recording.findStream("IMU/gyroscope")->samples(), std::size_t{400});
        const ReportRow *row = rowOf(recording, "other-name");
        QVERIFY(row && row->severity == Severity::warning);
        QVERIFY2(row->message.find("{who}") != std::string::npos && row->message.find("subject") != std::string::npos, row->message.c_str());
        QVERIFY(openAll(folder / "export (4).txt", (folder / "p.json").string()).recordings.at(0).findStream("IMU/accelerometer"));
        // Columns that are not there are named, and no one is told to use what he used.
        const ImportOutcome failed = openAll(folder / "neither.txt", (folder / "p.json").string());
        QVERIFY2(failed.failures.at(0).message.find("'u', 'v', 'w'") != std::string::npos, failed.failures[0].message.c_str());
        QVERIFY(failed.failures[0].message.find("--profile") == std::string::npos);
    }

    /** Accelerometer and gyroscope of one export look alike; the name may say which, else it is said that nothing does. */
    void aForcedProfileDoesNotPassOneSensorForAnother()
    {
        test::TemporaryFolder folder;
        folder.write("p.json", pairProfile("{who}_acc.csv", "{who}_gyr.csv"));
        folder.write("my Gyroscope 3.txt", rowsOf(40));
        folder.write("data.txt", rowsOf(40));
        const Recording told = openAll(folder / "my Gyroscope 3.txt", (folder / "p.json").string()).recordings.at(0);
        QVERIFY(told.findStream("IMU/gyroscope") && !rowOf(told, "guess"));
        QCOMPARE(told.confidence, 1.0);
        const Recording untold = openAll(folder / "data.txt", (folder / "p.json").string()).recordings.at(0);
        QVERIFY2(rowOf(untold, "guess") && rowOf(untold, "guess")->message.find("{who}_gyr.csv") != std::string::npos, "not said");
        QCOMPARE(untold.confidence, 0.5);
    }

    void aForcedProfileTakesFromAFolderWhatFits()
    {
        test::TemporaryFolder folder;
        folder.write("p.json", pairProfile("{who}_acc.csv", "{who}_gyr.csv"));
        folder.write("d/one.txt", rowsOf(100));
        folder.write("d/two.txt", rowsOf(100));
        folder.write("d/readme.txt", "Some words about it.\n");
        folder.write("d/picture.jpg", std::string_view("\xFF\xD8\xFF\xE0\0\1\2\3", 8));
        const ImportOutcome outcome = openAll(folder / "d", (folder / "p.json").string());
        QCOMPARE(outcome.recordings.size(), std::size_t{2});
        QCOMPARE(outcome.failures.size(), std::size_t{0});
        folder.write("e/readme.txt", "Some words about it.\n");
        const ImportOutcome nothing = openAll(folder / "e", (folder / "p.json").string());
        QVERIFY2(nothing.failures.at(0).message.find("neither by its name") != std::string::npos, nothing.failures[0].message.c_str());
    }

    /** `--profile` with the name of a reader that is no profile. */
    void theGuessCanBeAskedFor()
    {
        test::TemporaryFolder folder;
        folder.write("s01_01_sp.csv", "x_acc,y_acc,z_acc,x_gyro,y_gyro,z_gyro,timestamp,label\n1,2,9,4,5,6,1657533977813,SEATED\n"
                                      "1,2,9,4,5,6,1657533977823,SEATED\n");
        QCOMPARE(openAll(folder / "s01_01_sp.csv", "guess").recordings.at(0).format, std::string("guess"));
        const ImportOutcome wrong = openAll(folder / "s01_01_sp.csv", "gopro-mp4");
        QCOMPARE(wrong.recordings.size(), std::size_t{0});
        QVERIFY2(wrong.failures.at(0).message.find("--profile") == std::string::npos, wrong.failures[0].message.c_str());
    }

    void aLabelFileOpensTheRecordingsThatItDescribes()
    {
        test::TemporaryFolder folder;
        for (const char *take : {"1", "2", "3"})
            folder.write(std::string("take_") + take + ".csv", rowsOf(100));
        folder.write("labels.csv", "take,from,to,what\n1,0.5,1,a\n3,0,1,b\n");
        folder.write("p.json", "{\"kinoscope_profile\": 1, \"name\": \"takes\", \"files\": {\"match\": \"take_{n:#}.csv\",\n"
                               "\"time\": {\"rate_hz\": 50}, \"streams\": {\"kind\": \"accelerometer\", \"unit\": \"g\", \"columns\": [1, 2, 3]}},\n"
                               "\"annotations\": {\"file\": \"labels.csv\", \"rows\": {\"column\": \"take\", \"equals\": \"{n}\"},\n"
                               "\"label\": \"what\", \"start\": \"from\", \"end\": \"to\"}}\n");
        const ImportOutcome outcome = openAll(folder / "labels.csv", (folder / "p.json").string());
        QCOMPARE(outcome.recordings.size(), std::size_t{2});
        QCOMPARE(outcome.recordings[0].name, std::string("take_1"));
        QCOMPARE(outcome.recordings[1].name, std::string("take_3"));
        QCOMPARE(outcome.recordings[1].tiers.at(0).annotations.at(0).label, std::string("b"));
        QCOMPARE(openAll(folder.path(), (folder / "p.json").string()).recordings.size(), std::size_t{3});
    }

    /** The run went from 0 to 5 s in two stretches; what lasts 20 s is not of it. */
    void filesOfAnotherRunStandApart()
    {
        test::TemporaryFolder folder;
        folder.write("d/time.csv", "event,experiment,wall\nSTART,0,1000\nPAUSE,2,1002\nSTART,2,1010\nPAUSE,5,1013\n");
        folder.write("d/acc.csv", timedRows(0, 5.6)); // the last rows came in after the end was noted
        folder.write("d/gyr.csv", timedRows(0, 20));
        folder.write("d/mag.csv", timedRows(0.5, 20.3));
        const auto table = [](const char *name, const char *kind, const char *unit) {
            return std::string("{\"match\": \"") + name + "\", \"optional\": true, \"time\": {\"column\": \"t\", \"epoch\": "
                   "{\"wall\": \"{wall}\", \"unit\": \"s\", \"at\": \"{from}\", \"until\": \"{end}\"}},\n\"streams\": {\"kind\": \""
                   + kind + "\", \"unit\": \"" + unit + "\", \"columns\": [\"x\", \"y\", \"z\"]}}";
        };
        folder.write("p.json",
                     "{\"kinoscope_profile\": 1, \"name\": \"runs\", \"recording\": \"{folder}\", \"lookups\": [\n"
                     "{\"file\": \"time.csv\", \"rows\": {\"column\": \"event\", \"equals\": \"START\"}, \"set\": {\"wall\": \"wall\", \"from\": \"experiment\"}},\n"
                     "{\"file\": \"time.csv\", \"rows\": {\"column\": \"event\", \"equals\": \"PAUSE\"}, \"take\": \"last\", \"set\": {\"end\": \"experiment\"}}],\n"
                     "\"files\": [" + table("acc.csv", "accelerometer", "m/s^2") + ",\n" + table("gyr.csv", "gyroscope", "rad/s") + ",\n"
                         + table("mag.csv", "magnetometer", "uT") + "]}\n");
        const std::string profile = (folder / "p.json").string();
        const ImportOutcome all = openAll(folder / "d", profile);
        QCOMPARE(all.recordings.size(), std::size_t{2});
        const Recording &run = all.recordings[0];
        QVERIFY(run.findStream("IMU/accelerometer") && !run.findStream("IMU/gyroscope"));
        QCOMPARE(*run.epochNs, Nanos{1000} * kNanosPerSecond);
        QCOMPARE(std::ranges::count(run.report, "other-run", &ReportRow::code), std::ptrdiff_t{2});
        // The two that begin and end together are one recording, on the clock they share.
        const Recording &other = all.recordings[1];
        QVERIFY(!other.epochNs);
        QCOMPARE(other.findStream("IMU/gyroscope")->timesNs.front(), Nanos{0});
        QCOMPARE(other.findStream("IMU/magnetometer")->timesNs.front(), Nanos{500'000'000});
        QCOMPARE(openAll(folder / "d/mag.csv", profile).recordings.at(0).devices.at(0).streams.size(), std::size_t{2});
        QVERIFY(openAll(folder / "d/acc.csv", profile).recordings.at(0).epochNs);
        // Nothing of the run is here: one recording without a wall clock, and it is said why.
        std::filesystem::remove(folder / "d/acc.csv");
        const ImportOutcome left = openAll(folder / "d", profile);
        QCOMPARE(left.recordings.size(), std::size_t{1});
        QVERIFY(!left.recordings[0].epochNs && rowOf(left.recordings[0], "other-run"));
    }
};

QTEST_GUILESS_MAIN(ProfileGroupingTest)
#include "profile_grouping_test.moc"
