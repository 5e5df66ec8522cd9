// Labels in rows, conversions and their place in the report. All files are generated, so every expected value is known.
#include "core/data/import.h"
#include "tests/support/mp4_bytes.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/test_data.h"

using namespace kino;

namespace {

Recording openWith(const std::filesystem::path &path, const std::filesystem::path &profile)
{
    ImportOptions options;
    options.profile = profile.string();
    ImportOutcome outcome = importPaths(std::span(&path, 1), options);
    if (outcome.recordings.size() != 1)
        throw std::runtime_error(outcome.failures.empty() ? "nothing found" : outcome.failures[0].message);
    return std::move(outcome.recordings.front());
}

std::vector<Annotation> activityOf(const Recording &recording)
{
    const auto tier = std::ranges::find(recording.tiers, "activity", &AnnotationTier::name);
    return tier == recording.tiers.end() ? std::vector<Annotation>() : tier->annotations;
}

std::string shown(const std::vector<Annotation> &annotations)
{
    std::string out;
    for (const Annotation &annotation : annotations)
        out += annotation.label + " " + std::to_string(annotation.start.ns / 1'000'000) + "-"
               + std::to_string(annotation.end.ns / 1'000'000) + "; ";
    return out;
}

const char *const kProfile = "{\"kinoscope_profile\": 1, \"name\": \"rows\", \"files\": [{\"match\": \"*.csv\",\n"
                             "\"time\": {\"column\": \"t\", \"unit\": \"ms\"}, \"labels\": {\"column\": \"label\"},\n"
                             "\"streams\": [{\"kind\": \"accelerometer\", \"unit\": \"g\", \"columns\": [\"x\", \"y\", \"z\"]}]}]}\n";

} // namespace

class ProfileLabelsTest : public QObject {
    Q_OBJECT

    test::TemporaryFolder m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("KINOSCOPE_PROFILES", (m_folder / "profiles").c_str());
        m_folder.write("rows.json", kProfile);
    }

    /** Steps of 20 ms (median), one of 2 s between rows that say the same, one of 1 s at a change. */
    void labelsHoldTheirLastRowAndStopAtGaps()
    {
        std::string text = "t,x,y,z,label\n";
        for (int t = 0; t < 200; t += 20)
            text += std::to_string(t) + ",0,0,1,walk\n"; // 0 … 180
        for (int t = 2180; t < 2280; t += 20)
            text += std::to_string(t) + ",0,0,1,walk\n"; // 2180 … 2260
        for (int t = 3260; t < 3360; t += 20)
            text += std::to_string(t) + ",0,0,1,sit\n"; // 3260 … 3340
        for (int t = 3360; t <= 3400; t += 20)
            text += std::to_string(t) + ",0,0,1,run\n"; // 3360 … 3400, the last row
        m_folder.write("gaps.csv", text);
        const Recording recording = openWith(m_folder / "gaps.csv", m_folder / "rows.json");
        QCOMPARE(QString::fromStdString(shown(activityOf(recording))),
                 QString("walk 0-200; walk 2180-2280; sit 3260-3360; run 3360-3420; "));
        // Every sample lies in the label of its own row.
        const ImuStream &stream = recording.devices.at(0).streams.at(0);
        for (const Nanos ns : stream.timesNs.values()) {
            const auto annotations = activityOf(recording);
            QCOMPARE(std::ranges::count_if(annotations, [&](const Annotation &a) { return a.start.ns <= ns && ns < a.end.ns; }),
                     std::ptrdiff_t{1});
        }
    }

    void oneRowAloneLiesInItsLabel()
    {
        m_folder.write("one.csv", "t,x,y,z,label\n0,0,0,1,walk\n");
        const auto annotations = activityOf(openWith(m_folder / "one.csv", m_folder / "rows.json"));
        QCOMPARE(annotations.size(), std::size_t{1});
        QVERIFY(annotations[0].start < annotations[0].end);
    }

    /** The phone pauses for a second in a bout; the watch saw it go on. */
    void aSecondDeviceFillsTheFirstOnesGap()
    {
        std::string phone = "t,x,y,z,label\n", watch = phone;
        for (int t = 0; t <= 3000; t += 10) {
            const std::string row = std::to_string(t) + ",0,0,1," + (t < 2000 ? "walk" : "sit") + "\n";
            if (t <= 1000 || t >= 1500)
                phone += row;
            watch += row;
        }
        m_folder.write("pair/a_phone.csv", phone);
        m_folder.write("pair/a_watch.csv", watch);
        std::string profile = kProfile;
        profile.replace(profile.find("*.csv"), 5, "{take}_{device:phone|watch}.csv\", \"device\": \"{device}");
        profile.replace(profile.find("\"rows\""), 6, "\"rows\", \"recording\": \"{take}\"");
        m_folder.write("pair.json", profile);
        const Recording recording = openWith(m_folder / "pair", m_folder / "pair.json");
        QCOMPARE(recording.devices.size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(shown(activityOf(recording))), QString("walk 0-2000; sit 2000-3010; "));
    }

    void aConversionIsOneRowBelowTheWarnings()
    {
        std::string text = "t,id,x,y,z,label\n";
        for (int t = 0; t < 600; t += 10) {
            for (int id = 0; id < 6; ++id)
                text += std::to_string(t - t % 20) + "," + std::to_string(id) + ",0,0,1,a\n"; // every other time twice
        }
        m_folder.write("six.csv", text);
        std::string profile = kProfile;
        profile.replace(profile.find("\"time\""), 6, "\"split\": {\"column\": \"id\"}, \"time\"");
        m_folder.write("six.json", profile);
        const Recording recording = openWith(m_folder / "six.csv", m_folder / "six.json");
        QCOMPARE(recording.devices.size(), std::size_t{6});
        QCOMPARE(std::ranges::count(recording.report, "unit", &ReportRow::code), std::ptrdiff_t{1});
        const auto unit = std::ranges::find(recording.report, "unit", &ReportRow::code);
        QCOMPARE(unit->count, std::int64_t{360});
        QVERIFY2(unit->message.find("0/accelerometer") != std::string::npos && unit->message.find("2 more") != std::string::npos,
                 unit->message.c_str());
        QVERIFY(std::ranges::find(recording.report, Severity::warning, &ReportRow::severity) < unit);
        QVERIFY(std::ranges::is_sorted(recording.report, std::ranges::greater(), &ReportRow::severity));
    }

    /** A clip cut off behind its index, beside a table: its missing frames are said as they are for a clip alone. */
    void framesMissingFromAVideoBesideATableAreSaid()
    {
        VideoWriterOptions options;
        options.width = 96;
        options.height = 64;
        options.preset = "ultrafast";
        options.index = IndexPlace::beginning;
        test::writeNumberedClip(m_folder / "whole.mp4", options, test::constantRateTimes(60, 30, 1));
        const std::string bytes = test::readBytes(m_folder / "whole.mp4");
        std::filesystem::create_directories(m_folder / "film");
        test::writeBytes(m_folder / "film/a.mp4", bytes.substr(0, bytes.size() * 6 / 10));
        m_folder.write("film/a.csv", "t,x,y,z,label\n0,0,0,1,a\n10,0,0,1,a\n20,0,0,1,a\n");
        std::string profile = kProfile;
        profile.replace(profile.find("\"files\""), 7, "\"videos\": {\"name\": \"head\", \"file\": \"{stem}.mp4\"}, \"files\"");
        m_folder.write("film.json", profile);
        const Recording recording = openWith(m_folder / "film/a.csv", m_folder / "film.json");
        QCOMPARE(recording.videos.size(), std::size_t{1});
        QCOMPARE(recording.videos[0].name, std::string("head"));
        const auto row = std::ranges::find(recording.report, "missing-frames", &ReportRow::code);
        QVERIFY(row != recording.report.end());
        QCOMPARE(static_cast<std::size_t>(row->count), 60 - recording.videos[0].frames);
    }
};

QTEST_GUILESS_MAIN(ProfileLabelsTest)
#include "profile_labels_test.moc"
