// Loggers that nobody here has seen, opened by profiles as docs/profiles.md teaches to write them. Values in closed form.
#include "core/data/import.h"
#include "core/data/stream_summary.h"
#include "tests/support/test_data.h"

#include <numbers>

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

const ReportRow *rowOf(const Recording &recording, const std::string &code)
{
    const auto found = std::ranges::find(recording.report, code, &ReportRow::code);
    return found == recording.report.end() ? nullptr : &*found;
}

std::string utf16BigEndian(const std::u16string &text)
{
    std::string bytes;
    for (const char16_t unit : text) {
        bytes += static_cast<char>(unit >> 8);
        bytes += static_cast<char>(unit & 0xFF);
    }
    return bytes;
}

} // namespace

class ProfileFormatsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("KINOSCOPE_PROFILES", "/nonexistent"); }

    /** Blanks between counts, `;` at the line ends, a counter of eight bits in place of times. */
    void rawCountsWithACounterThatWraps()
    {
        test::TemporaryFolder folder;
        std::string text;
        for (int i = 0; i < 400; ++i)
            text += std::to_string(i % 256) + " -2048 0 " + std::to_string(4096 + i % 2) + " " + std::to_string(100 * (i % 3)) + " 0 -50;\n";
        folder.write("run_ben_07.raw", text);
        folder.write("a.json",
                     "{\"kinoscope_profile\": 1, \"name\": \"belt-raw\", \"subject\": \"{who}\", \"device\": \"belt\", \"files\": [{\n"
                     "\"match\": \"{what}_{who}_{n:#}.raw\", \"table\": {\"separator\": \"whitespace\", \"header\": 0, \"row_end\": \";\"},\n"
                     "\"time\": {\"column\": 1, \"unit\": \"samples\", \"rate_hz\": 104, \"wraps_at\": 256},\n"
                     "\"streams\": [{\"kind\": \"accelerometer\", \"unit\": \"g\", \"scale\": 0.000244140625, \"columns\": [2, 3, 4]},\n"
                     "{\"kind\": \"gyroscope\", \"unit\": \"dps\", \"scale\": 0.07, \"columns\": [5, 6, 7]}],\n"
                     "\"labels\": {\"text\": \"{what}\"}}]}\n");
        const Recording recording = openWith(folder / "run_ben_07.raw", folder / "a.json");
        QCOMPARE(recording.subject, std::string("ben"));
        const ImuStream *acceleration = recording.findStream("belt/accelerometer");
        QVERIFY(acceleration);
        QCOMPARE(acceleration->samples(), std::size_t{400});
        QCOMPARE(acceleration->timesNs.back(), Nanos{3'836'538'462}); // 399 / 104 s
        QVERIFY(std::abs(acceleration->values[0][0] + 0.5 * 9.80665) < 1e-6);
        QVERIFY(std::abs(acceleration->values[2][1] - 4097.0 / 4096 * 9.80665) < 1e-6);
        QVERIFY(std::abs(recording.findStream("belt/gyroscope")->values[2][0] + 3.5 * std::numbers::pi / 180) < 1e-6);
        QCOMPARE(recording.tiers.at(0).annotations.at(0).label, std::string("run"));
    }

    void decimalCommasInUtf16WithUmlautsInTheHeader()
    {
        test::TemporaryFolder folder;
        std::u16string text = u"\uFEFFZeit (ms)\tBeschl. X (m/s\u00B2)\tY \u2211\tZ\tTemp (\u00B0C)\r\n";
        for (int i = 0; i < 320; ++i) {
            const int tenths = 125 * i;
            std::string row = std::to_string(tenths / 10) + "," + std::to_string(tenths % 10) + "\t0,5\t-0,25\t9," + std::to_string(80 + i % 10) + "\t21,5\r\n";
            text.append(row.begin(), row.end());
        }
        folder.write("Messung 3.csv", utf16BigEndian(text));
        folder.write("c.json",
                     "{\"kinoscope_profile\": 1, \"name\": \"messung\", \"files\": [{\"match\": \"Messung {n:#}.csv\",\n"
                     "\"table\": {\"separator\": \"tab\", \"decimal\": \",\"}, \"time\": {\"column\": \"Zeit (ms)\", \"unit\": \"ms\"}, \"streams\": [\n"
                     "{\"kind\": \"accelerometer\", \"unit\": \"m/s\u00B2\", \"columns\": [\"Beschl. X (m/s\u00B2)\", \"Y \u2211\", \"Z\"]},\n"
                     "{\"kind\": \"temperature\", \"unit\": \"\u00B0C\", \"columns\": [\"Temp (\u00B0C)\"]}]}]}\n");
        const Recording recording = openWith(folder / "Messung 3.csv", folder / "c.json");
        const ImuStream *acceleration = recording.findStream("IMU/accelerometer");
        QVERIFY(acceleration);
        QCOMPARE(acceleration->samples(), std::size_t{320});
        QCOMPARE(acceleration->timesNs[319], Nanos{3'987'500'000}); // 319 * 12.5 ms
        QCOMPARE(acceleration->values[1][7], -0.25f);
        QCOMPARE(acceleration->values[2][7], 9.87f);
        QCOMPARE(recording.findStream("IMU/temperature")->values[0][0], 21.5f);
        QVERIFY(rowOf(recording, "encoding") && !rowOf(recording, "bad-row"));
    }

    /** Words above two header rows, two hands in turn, local time with a comma, crossed axes, marks for "no value". */
    void aListThatDoesEverythingAnotherWay()
    {
        test::TemporaryFolder folder;
        std::string text = "Logger v2 | serial 99 | site K\u00F6ln\nTrial: T042   Person: Eva\n\n"
                           "when|who|acc|acc|acc|gyr|gyr|gyr|act|batt\nlocal|id|a|b|c|p|q|r|code|mV\n";
        for (int i = 0; i < 500; ++i) {
            if (i == 100)
                text += "! battery low\n";
            const int ms = 58'000 + 10 * i; // after 02:59
            const std::string minute = ms < 60'000 ? "02:59:" : "03:00:";
            const std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
            const std::string when = "29.10.2023 " + minute + std::to_string(100 + ms / 1000 % 60).substr(1) + "," + fraction;
            for (const char hand : {'L', 'R'}) {
                const std::string b = i == 7 && hand == 'L' ? "-9999" : hand == 'L' ? "981" : "-981";
                const std::string rate = i % 50 == 3 && hand == 'R' ? "---" : "5,5";
                text += when + "|" + hand + "|12,5|" + b + "|0|" + rate + "|" + rate + "|" + rate + "|" + (i < 100 ? "0" : i < 300 ? "1" : "2") + "|3700|\n";
            }
        }
        folder.write("T042.lst", text);
        folder.write("d.json",
                     "{\"kinoscope_profile\": 1, \"name\": \"lst\", \"subject\": \"{person}\", \"lookups\": [{\"file\": \"{stem}.lst\",\n"
                     "\"table\": {\"separator\": \"whitespace\", \"header\": 0, \"skip_lines\": 1}, \"rows\": {\"column\": 1, \"equals\": \"Trial:\"}, \"set\": {\"person\": 4}}],\n"
                     "\"files\": [{\"match\": \"{trial}.lst\", \"table\": {\"separator\": \"|\", \"decimal\": \",\", \"header\": 2, \"skip_lines\": 3,\n"
                     "\"comment\": \"!\", \"missing\": [\"-9999\", \"---\"]}, \"time\": {\"column\": \"when/local\", \"unit\": \"%d.%m.%Y %H:%M:%S,%f\", \"utc_offset\": \"+02:00\"},\n"
                     "\"split\": {\"column\": \"who/id\", \"names\": {\"L\": \"left hand\", \"R\": \"right hand\"}},\n"
                     "\"streams\": [{\"kind\": \"accelerometer\", \"unit\": \"mg\", \"columns\": [\"acc/b\", {\"column\": \"acc/a\", \"scale\": -1}, \"acc/c\"]},\n"
                     "{\"kind\": \"gyroscope\", \"unit\": \"deg/s\", \"columns\": [\"gyr/p\", \"gyr/q\", \"gyr/r\"]}],\n"
                     "\"labels\": {\"column\": \"act/code\", \"names\": {\"1\": \"reach\", \"2\": \"grasp\"}, \"ignore\": [\"0\"]}}]}\n");
        const Recording recording = openWith(folder / "T042.lst", folder / "d.json");
        QCOMPARE(recording.subject, std::string("Eva"));
        // date -u -d '2023-10-29 02:59:58 +0200' +%s
        QCOMPARE(*recording.epochNs, Nanos{1698541198} * kNanosPerSecond);
        const ImuStream *left = recording.findStream("left hand/accelerometer");
        const ImuStream *right = recording.findStream("right hand/gyroscope");
        QVERIFY(left && right);
        QCOMPARE(left->samples(), std::size_t{500});
        QCOMPARE(left->timesNs.back(), Nanos{4'990'000'000});
        QVERIFY(std::abs(left->values[0][0] - 0.981 * 9.80665) < 1e-5);
        QVERIFY(std::abs(left->values[1][0] + 0.0125 * 9.80665) < 1e-6);
        QCOMPARE(summariseStream(*left).nanValues, std::size_t{1});
        QCOMPARE(summariseStream(*right).nanValues, std::size_t{30});
        // Each stream's own, not the column's: one value of the left hand, three times ten of the right.
        std::map<std::int64_t, std::string> missing;
        for (const ReportRow &row : recording.report) {
            if (row.code == "missing-value")
                missing[row.count] = row.message.substr(0, row.message.find(':'));
        }
        QCOMPARE(missing, (std::map<std::int64_t, std::string>{{1, "left hand/accelerometer"}, {30, "right hand/gyroscope"}}));
        const auto &labels = recording.tiers.at(0).annotations;
        QCOMPARE(labels.size(), std::size_t{2});
        QCOMPARE(labels[0].label, std::string("reach"));
        QCOMPARE(labels[0].start.ns, Nanos{1'000'000'000});
        QCOMPARE(labels[1].end.ns, Nanos{5'000'000'000});
    }
};

QTEST_GUILESS_MAIN(ProfileFormatsTest)
#include "profile_formats_test.moc"
