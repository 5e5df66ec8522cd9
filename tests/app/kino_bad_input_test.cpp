// What no program likes to be given: every file here must end in a sentence or a report, quickly, with what is good in
// it loaded, and never in a crash.
#include "tests/support/run_kino.h"
#include "tests/support/test_data.h"

#include <cmath>
#include <fstream>

using namespace kino::test;

namespace {

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
/** Address space of a kino with its libraries and threads before it has read anything, with room to spare. */
constexpr std::uint64_t kProgramBytes = 900 * kMegabyte;

/** A 100 Hz accelerometer at rest, `rows` long, in a layout that is recognised without a profile. */
std::string accelerometerCsv(int rows, const std::string &separator = ",", bool decimalComma = false)
{
    std::string text = "time_s" + separator + "acc_x" + separator + "acc_y" + separator + "acc_z\n";
    const auto number = [&](double value, int digits) {
        std::string written = std::to_string(value);
        written.resize(written.find('.') + 1 + static_cast<std::size_t>(digits));
        if (decimalComma)
            written[written.find('.')] = ',';
        return written;
    };
    for (int row = 0; row < rows; ++row) {
        text += number(row * 0.01, 2) + separator + number(0.1 * std::sin(row * 0.3), 4) + separator
                + number(0.2 * std::cos(row * 0.2), 4) + separator + number(9.8 + 0.01 * std::sin(row), 4) + "\n";
    }
    return text;
}

std::string utf16(const std::string &ascii)
{
    std::string wide("\xFF\xFE", 2);
    for (const char character : ascii) {
        wide += character;
        wide += '\0';
    }
    return wide;
}

std::string pseudoRandomBytes(std::size_t count)
{
    std::string bytes(count, '\0');
    std::uint32_t state = 12345;
    for (char &byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

std::string bigEndian32(std::uint32_t value)
{
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

KinoRun inspect(const std::filesystem::path &path, const KinoLimits &limits = {})
{
    return runKino({"inspect", QString::fromStdString(path.string()), "--json"}, limits);
}

/** Exit 1: nothing on stdout but perhaps a document without recordings, one line on stderr that names the file. */
void verifyRefused(const KinoRun &run, const std::filesystem::path &path)
{
    QCOMPARE(run.exitStatus, 1);
    QVERIFY2(run.messages.contains(path.filename().c_str()), run.messages);
    QVERIFY2(run.messages.count('\n') == 1, run.messages);
}

/** The samples of the first stream of the first recording, or -1. */
std::int64_t samplesRead(const KinoRun &run)
{
    const auto samples = run.json().value(nlohmann::json::json_pointer("/recordings/0/streams/0/samples"), std::int64_t{-1});
    return samples;
}

} // namespace

class KinoBadInputTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatHoldsNothingIsRefusedWithASentence_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        const auto add = [](const char *title, const char *name, const std::string &content) {
            QTest::newRow(title) << name << QByteArray(content.data(), static_cast<qsizetype>(content.size()));
        };
        add("empty table", "a.csv", "");
        add("empty video", "a.mp4", "");
        add("blank lines", "a.csv", "\n\n\n   \n");
        add("binary as CSV", "a.csv", pseudoRandomBytes(100'000));
        add("zeros as CSV", "a.csv", std::string(100'000, '\0'));
        add("prose", "a.txt", "Dear reader, this is not a table.\nIt has no numbers at all.\n");
        add("header without rows", "a.csv", "time,acc_x,acc_y,acc_z\n");
        add("a NaN table", "a.csv", "time,acc_x,acc_y,acc_z\nnan,nan,nan,nan\nnan,nan,nan,nan\n");
        add("MP4 without moov", "a.mp4", bigEndian32(24) + "ftypisom" + bigEndian32(512) + "isomiso2" + bigEndian32(0x10000) + "mdat" + pseudoRandomBytes(5000));
        add("MP4 of lies", "a.mp4", bigEndian32(0x7fffffff) + "moov" + bigEndian32(0xfffffff0) + "trak" + pseudoRandomBytes(300));
        add("GPMF with lying sizes", "a.raw", std::string("DEVC") + std::string("\0\x01\xff\xff", 4) + "STRM" + std::string("\0\xff\xff\xff", 4) + "ACCLs\x06\xff\xff");
        add("GPMF of zeros", "a.bin", std::string(4096, '\0'));
        add("damaged MAT", "a1_s1_t1_inertial.mat", std::string("MATLAB 5.0 MAT-file") + std::string(105, ' ') + std::string("\0\x01IM", 4) + pseudoRandomBytes(400));
    }
    void whatHoldsNothingIsRefusedWithASentence()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        const TemporaryFolder folder;
        const auto path = folder.write(name.toStdString(), std::string_view(content.data(), static_cast<std::size_t>(content.size())));
        verifyRefused(inspect(path, {.seconds = 20}), path);
    }

    void aMissingFileIsNamed() { verifyRefused(inspect("/nowhere/walk.csv"), "walk.csv"); }

    void aFolderWithoutRecordingsSaysSo()
    {
        const TemporaryFolder folder;
        folder.write("recordings/README.md", "# nothing here\n");
        verifyRefused(inspect(folder / "recordings"), folder / "recordings");
    }

    void oneBadFileAmongGoodOnesIsNamedAndTheOthersAreRead()
    {
        const TemporaryFolder folder;
        const auto good = folder.write("good.csv", accelerometerCsv(200));
        const auto bad = folder.write("bad.csv", "");
        const KinoRun run = runKino({"inspect", QString::fromStdString(good.string()), QString::fromStdString(bad.string()), "--json"});
        QCOMPARE(run.exitStatus, 3);
        QCOMPARE(samplesRead(run), 200);
        QCOMPARE(run.json().at("errors").size(), std::size_t{1});
        QVERIFY(run.json().at("errors").at(0).at("path").get<std::string>().ends_with("bad.csv"));
    }

    void aTableCutInTheMiddleOfARowGivesItsWholeRows()
    {
        const TemporaryFolder folder;
        std::string text = accelerometerCsv(300);
        text.resize(text.size() - 10);
        const KinoRun run = inspect(folder.write("cut.csv", text));
        QCOMPARE(run.exitStatus, 0);
        QVERIFY(samplesRead(run) == 299 || samplesRead(run) == 300);
        QVERIFY(!run.json().at("recordings").at(0).at("report").empty());
    }

    void rowsThatAreNotNumbersAreReportedWithTheirLine()
    {
        const TemporaryFolder folder;
        std::string text = accelerometerCsv(100);
        text += "1.00,oops,0.1,9.8\n1.01,0.1,0.1,9.8,77,78\nfoo;bar;baz\n";
        text += "1.02,0.1,0.1,9.8\n";
        const KinoRun run = inspect(folder.write("rows.csv", text));
        QCOMPARE(run.exitStatus, 0);
        const std::string report = run.json().at("recordings").at(0).at("report").dump();
        QVERIFY2(report.find("102") != std::string::npos || report.find("104") != std::string::npos, report.c_str());
        QVERIFY(samplesRead(run) >= 101);
    }

    void missingValuesAreCountedNotInvented()
    {
        const TemporaryFolder folder;
        std::string text = accelerometerCsv(100);
        text += "1.00,nan,0.1,9.8\n1.01,,0.1,9.8\n1.02,0.1,0.1,9.8\n";
        const KinoRun run = inspect(folder.write("nan.csv", text));
        QCOMPARE(run.exitStatus, 0);
        QCOMPARE(samplesRead(run), 103);
        QCOMPARE(run.json().at("recordings").at(0).at("streams").at(0).at("nan").get<int>(), 2);
        QVERIFY(!run.output.toLower().contains("nan,") && !run.output.contains(": NaN"));
    }

    void decimalCommasAndForeignEncodingsAreRead_data()
    {
        QTest::addColumn<QByteArray>("content");
        const auto add = [](const char *title, const std::string &content) {
            QTest::newRow(title) << QByteArray(content.data(), static_cast<qsizetype>(content.size()));
        };
        add("decimal commas", accelerometerCsv(200, ";", /*decimalComma=*/true));
        add("UTF-16", utf16(accelerometerCsv(200)));
        add("byte order mark", "\xEF\xBB\xBF" + accelerometerCsv(200));
        add("Windows line ends", [] {
            std::string text;
            for (const char character : accelerometerCsv(200))
                text += character == '\n' ? std::string("\r\n") : std::string(1, character);
            return text;
        }());
        add("tabs", accelerometerCsv(200, "\t"));
    }
    void decimalCommasAndForeignEncodingsAreRead()
    {
        QFETCH(QByteArray, content);
        const TemporaryFolder folder;
        const auto path = folder.write("a.csv", std::string_view(content.data(), static_cast<std::size_t>(content.size())));
        const KinoRun run = inspect(path);
        QCOMPARE(run.exitStatus, 0);
        QCOMPARE(samplesRead(run), 200);
        const auto stream = run.json().at("recordings").at(0).at("streams").at(0);
        QVERIFY(std::abs(stream.at("mean").at(2).get<double>() - 9.8) < 0.01);
        QVERIFY(std::abs(stream.at("rate_hz").get<double>() - 100) < 0.01);
    }

    void aSingleRowIsARecordingOfOneSampleOrASentence()
    {
        const TemporaryFolder folder;
        const auto path = folder.write("one.csv", accelerometerCsv(1));
        const KinoRun run = inspect(path);
        if (run.exitStatus == 0)
            QCOMPARE(samplesRead(run), 1);
        else
            verifyRefused(run, path);
    }

    void aHeaderOfTenMillionColumnsEndsSoon()
    {
        const TemporaryFolder folder;
        std::string text;
        for (int column = 0; column < 10'000'000; ++column)
            text += "c,";
        text += "\n1,2,3\n";
        const auto path = folder.write("wide.csv", text);
        const KinoRun run = inspect(path, {.seconds = 30, .memoryBytes = kProgramBytes + 20 * text.size()});
        verifyRefused(run, path);
    }

    void aLineOfHundredsOfMegabytesEndsSoon()
    {
        const TemporaryFolder folder;
        const auto path = folder / "line.csv";
        constexpr std::uint64_t kBytes = 256 * kMegabyte;
        {
            std::ofstream stream(path, std::ios::binary);
            stream << "time,acc_x,acc_y,acc_z\n0,";
            std::string block;
            while (block.size() < kMegabyte)
                block += "123.456,";
            for (std::uint64_t written = 0; written < kBytes; written += block.size())
                stream << block;
        }
        const KinoRun run = inspect(path, {.seconds = 60, .memoryBytes = kProgramBytes + 3 * kBytes});
        QVERIFY2(run.exitStatus == 1 || run.exitStatus == 0, run.messages);
    }

    void aSparseFileOfTwoGigabytesWithoutALineEndEndsSoon()
    {
        const TemporaryFolder folder;
        const auto path = folder.write("huge.csv", "time,acc_x,acc_y,acc_z\n0,0.1,0.2,9.8");
        std::filesystem::resize_file(path, 2048 * kMegabyte);
        const KinoRun run = inspect(path, {.seconds = 60, .memoryBytes = kProgramBytes + 3 * 2048 * kMegabyte});
        QVERIFY2(run.exitStatus == 1 || run.exitStatus == 0, run.messages);
    }

    void whatMayNotBeReadIsSaid()
    {
        if (geteuid() == 0)
            QSKIP("an administrator may read everything; run the tests as an ordinary user to see this one");
        const TemporaryFolder folder;
        const auto path = folder.write("secret.csv", accelerometerCsv(10));
        std::filesystem::permissions(path, std::filesystem::perms::none);
        const KinoRun run = inspect(path);
        verifyRefused(run, path);
        QVERIFY(run.messages.contains("permission"));
    }

    void aTruncatedRealClipGivesWhatIsThere()
    {
        KINO_NEEDS_TEST_DATA();
        // Both cameras write moov at the end, so a clip cut before it has no index: a sentence. Cut raw telemetry loads.
        const TemporaryFolder folder;
        const auto raw = kino::test::testDataFolder() / "gpmf_raw/gopro_telemetry_mit/hero7.raw";
        std::ifstream stream(raw, std::ios::binary);
        const std::string whole{std::istreambuf_iterator<char>(stream), {}};
        const auto path = folder.write("cut.raw", std::string_view(whole).substr(0, whole.size() / 2));
        const KinoRun run = inspect(path);
        QCOMPARE(run.exitStatus, 0);
        QVERIFY(samplesRead(run) > 1000);
        QVERIFY(!run.json().at("recordings").at(0).at("report").empty());
    }
};

QTEST_GUILESS_MAIN(KinoBadInputTest)
#include "kino_bad_input_test.moc"
