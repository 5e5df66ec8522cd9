// What people throw at an importer: nothing of it may crash, hang or eat memory, and the good part is loaded.
#include "core/data/import.h"

#include "core/data/stream_summary.h"
#include "tests/support/test_data.h"

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

using namespace kino;

namespace {

const std::string kHeader = "x_acc,y_acc,z_acc,x_gyro,y_gyro,z_gyro,timestamp,label\n";

std::string row(int i)
{
    std::string text = "0.5,-1.25,9.75,0.125,0.25,0.5,";
    text += std::to_string(1657533977813ll + 10 * i);
    text += ",SEATED\n";
    return text;
}

std::string rows(int count)
{
    std::string text = kHeader;
    for (int i = 0; i < count; ++i)
        text += row(i);
    return text;
}

ImportOutcome open(const std::filesystem::path &path, const std::string &profile = {})
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

std::string utf16(std::string_view text, bool bigEndian, bool mark)
{
    std::string out;
    const auto add = [&](unsigned char low, unsigned char high) {
        out += static_cast<char>(bigEndian ? high : low);
        out += static_cast<char>(bigEndian ? low : high);
    };
    if (mark)
        add(0xFF, 0xFE);
    for (const char c : text)
        add(static_cast<unsigned char>(c), 0);
    return out;
}

long residentPrivateMegabytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:"))
            return std::strtol(line.c_str() + 8, nullptr, 10) / 1024;
    }
    return -1;
}

} // namespace

class ImportBadInputTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("KINOSCOPE_PROFILES", "/nonexistent"); }

    void hopelessFilesGiveASentence_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "empty";
        QTest::newRow("blank lines only") << QByteArray("\n\n \n") << "empty";
        QTest::newRow("header only") << QByteArray::fromStdString(kHeader) << "no rows";
        QTest::newRow("every row broken") << QByteArray::fromStdString(kHeader) + "a,b,c,d,e,f,g,h\ni,j,k,l,m,n,o,p\n" << "not a table";
        QByteArray binary;
        for (int i = 0; i < 5000; ++i)
            binary += static_cast<char>((i * 7919) >> 3);
        QTest::newRow("binary") << binary << "binary";
        QTest::newRow("zeros") << QByteArray(4096, '\0') << "binary";
        QTest::newRow("a text") << QByteArray("Dear reader,\nthis is no table.\n") << "not a table";
        QTest::newRow("one endless line") << QByteArray(300'000, '7') << "line";
        QTest::newRow("times that fit nowhere")
            << QByteArray::fromStdString(kHeader) + "1,2,3,4,5,6,99999999999999999999999,SEATED\n" << "64 bits";
    }
    void hopelessFilesGiveASentence()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        test::TemporaryFolder folder;
        const auto path = folder.write("s01_01_sp.csv", std::string_view(content.data(), static_cast<std::size_t>(content.size())));
        const ImportOutcome outcome = open(path);
        QCOMPARE(outcome.recordings.size(), std::size_t{0});
        QCOMPARE(outcome.failures.size(), std::size_t{1});
        QVERIFY2(outcome.failures[0].message.find(says.toStdString()) != std::string::npos, outcome.failures[0].message.c_str());
        QVERIFY2(outcome.failures[0].message.find("s01_01_sp.csv") != std::string::npos, outcome.failures[0].message.c_str());
    }

    void pathsThatAreNotThereGiveASentence()
    {
        test::TemporaryFolder folder;
        QVERIFY(open(folder / "nothing.csv").failures.at(0).message.find("no such file") != std::string::npos);
        QVERIFY(open(folder.path()).failures.at(0).message.find("no recordings") != std::string::npos);
        std::filesystem::create_directories(folder / "a.csv"); // a folder that is called like a file
        std::filesystem::create_directory_symlink(folder.path(), folder / "loop");
        QCOMPARE(open(folder.path()).failures.size(), std::size_t{1});
        if (geteuid() != 0) {
            const auto path = folder.write("s01_01_sp.csv", rows(3));
            std::filesystem::permissions(path, std::filesystem::perms::none);
            QVERIFY(open(path).failures.at(0).message.find("permission") != std::string::npos);
        }
    }

    void theGoodPartIsLoaded_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("samples");
        QTest::addColumn<QString>("code");
        const QByteArray good = QByteArray::fromStdString(rows(100));
        QTest::newRow("whole") << good << 100 << "";
        QTest::newRow("one row") << QByteArray::fromStdString(rows(1)) << 1 << "";
        QTest::newRow("cut off in the middle of a row") << good.chopped(40) << 99 << "bad-row";
        QTest::newRow("zeros at the end") << good + QByteArray(2000, '\0') << 100 << "bad-row";
        QTest::newRow("another separator in between") << good + QByteArray("1;2;3;4;5;6;1657533979999;WALKING\n") << 100 << "bad-row";
        QTest::newRow("decimal commas in between") << good + QByteArray("1,0,2,0,3,0,4,0,5,0,6,0,1657533979999,WALKING\n") << 100 << "bad-row";
        QTest::newRow("not a number") << good + QByteArray("nan,NaN,,4,5,6,1657533979999,WALKING\n") << 101 << "missing-value";
        QTest::newRow("a time missing") << good + QByteArray("1,2,3,4,5,6,,WALKING\n") << 100 << "missing-time";
        QTest::newRow("header in the middle") << good + QByteArray::fromStdString(kHeader) + QByteArray::fromStdString(row(100)) << 101 << "bad-row";
        QTest::newRow("UTF-8 mark") << QByteArray("\xEF\xBB\xBF") + good << 100 << "";
        QTest::newRow("carriage returns") << QByteArray(good).replace("\n", "\r\n") << 100 << "";
        QTest::newRow("old Mac line ends") << QByteArray(good).replace("\n", "\r") << 100 << "encoding";
        const auto wide = [&](bool big, bool mark) { return QByteArray::fromStdString(utf16(good.toStdString(), big, mark)); };
        QTest::newRow("UTF-16 little endian") << wide(false, true) << 100 << "encoding";
        QTest::newRow("UTF-16 big endian") << wide(true, true) << 100 << "encoding";
        QTest::newRow("UTF-16 without a mark") << wide(false, false) << 100 << "encoding";
        QTest::newRow("a line of 20 MB") << good + QByteArray(20'000'000, 'x') + "\n" + QByteArray::fromStdString(row(100)) << 101 << "bad-row";
    }
    void theGoodPartIsLoaded()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, samples);
        QFETCH(QString, code);
        test::TemporaryFolder folder;
        const auto path = folder.write("s01_01_sp.csv", std::string_view(content.data(), static_cast<std::size_t>(content.size())));
        const ImportOutcome outcome = open(path);
        QVERIFY2(outcome.failures.empty(), outcome.failures.empty() ? "" : outcome.failures[0].message.c_str());
        const Recording &recording = outcome.recordings.at(0);
        QCOMPARE(recording.format, std::string("sp-sw-har"));
        const ImuStream *stream = recording.findStream("phone/accelerometer");
        QVERIFY(stream);
        QCOMPARE(stream->samples(), static_cast<std::size_t>(samples));
        QCOMPARE(stream->values[1][0], -1.25f);
        if (!code.isEmpty())
            QVERIFY2(rowOf(recording, code.toStdString()), qPrintable(code));
        // The watch's file is not there, which is said.
        QVERIFY(rowOf(recording, "missing-file"));
    }

    void anUnreadableNeighbourDoesNotTakeTheRecordingAlong()
    {
        test::TemporaryFolder folder;
        folder.write("s01_01_sp.csv", rows(50));
        folder.write("s01_01_sw.csv", kHeader + "x,y\n");
        const ImportOutcome outcome = open(folder / "s01_01_sp.csv");
        QCOMPARE(outcome.recordings.size(), std::size_t{1});
        QVERIFY(outcome.recordings[0].findStream("phone/accelerometer"));
        QVERIFY(rowOf(outcome.recordings[0], "missing-file") || rowOf(outcome.recordings[0], "unreadable-file"));
    }

    void aBrokenSidecarIsARowOfTheReport()
    {
        test::TemporaryFolder folder;
        folder.write("acc_exp01_user01.txt", "0.1 0.2 1.0\n0.1 0.2 1.0\n0.1 0.2 1.0\n");
        folder.write("gyro_exp01_user01.txt", "0.1 0.2 1.0\n0.1 0.2 1.0\n0.1 0.2 1.0\n");
        folder.write("labels.txt", "1 1 5 1 2\n1 1 oops\n1 1 4 9 3\n");
        const Recording recording = open(folder / "labels.txt").recordings.at(0);
        QCOMPARE(recording.tiers.at(0).annotations.size(), std::size_t{1});
        QCOMPARE(recording.tiers.at(0).annotations[0].label, std::string("STANDING"));
        QCOMPARE(rowOf(recording, "bad-row")->count, std::int64_t{2});
        QCOMPARE(rowOf(recording, "bad-row")->line, std::int64_t{2});
        // Not JSON where JSON is due.
        test::TemporaryFolder trip;
        trip.write("acelerometro_terra.csv", "timestamp,uptimeNanos,x,y,z\na,1000,1,2,3\nb,2000,1,2,3\n");
        trip.write("giroscopio_terra.csv", "timestamp,uptimeNanos,x,y,z\na,1000,1,2,3\nb,2000,1,2,3\n");
        trip.write("viagem.json", "{\"start\": ");
        trip.write("groundTruth.csv", "evento, inicio, fim\nfreada_agressiva,0,1\n");
        const Recording driven = open(trip.path()).recordings.at(0);
        QCOMPARE(driven.devices.at(0).streams.size(), std::size_t{2});
        QVERIFY(rowOf(driven, "sidecar"));
        QVERIFY(driven.tiers.empty());
    }

    void memoryStaysInProportionToAHugeLine()
    {
        // A sparse file: one line of a gigabyte of zeros behind good rows.
        test::TemporaryFolder folder;
        const auto path = folder.write("s01_01_sp.csv", rows(1000));
        std::filesystem::resize_file(path, std::uintmax_t{1} << 30);
        const long before = residentPrivateMegabytes();
        const ImportOutcome outcome = open(path);
        QVERIFY2(residentPrivateMegabytes() - before < 64, std::to_string(residentPrivateMegabytes() - before).c_str());
        QCOMPARE(outcome.recordings.at(0).findStream("phone/gyroscope")->samples(), std::size_t{1000});
        QCOMPARE(rowOf(outcome.recordings[0], "bad-row")->count, std::int64_t{1});
    }

    void aFileThatShrinksWhileItIsReadIsASentence()
    {
        test::TemporaryFolder folder;
        const std::filesystem::path path = folder.write("s01_01_sp.csv", rows(200'000));
        ImportOptions options;
        bool isCut = false;
        options.progress = Progress([&](double, std::string_view) {
            if (!isCut)
                std::filesystem::resize_file(path, 100'000);
            isCut = true;
        });
        const ImportOutcome outcome = importPaths(std::span(&path, 1), options);
        QVERIFY(isCut);
        QCOMPARE(outcome.recordings.size(), std::size_t{0});
        QVERIFY2(outcome.failures.at(0).message.find("s01_01_sp.csv") != std::string::npos, outcome.failures[0].message.c_str());
    }

    void aHeaderOfTenMillionColumnsIsASentence()
    {
        test::TemporaryFolder folder;
        std::string text;
        for (int i = 0; i < 10'000'000; ++i)
            text += "ab,";
        const auto path = folder.write("wide.csv", text + "\n1,2,3\n");
        const ImportOutcome outcome = open(path);
        QCOMPARE(outcome.recordings.size(), std::size_t{0});
        QVERIFY(!outcome.failures.at(0).message.empty());
        const ImportOutcome forced = open(path, "x-io");
        QVERIFY2(forced.failures.at(0).message.find("columns") != std::string::npos, forced.failures.at(0).message.c_str());
    }

    void severalArgumentsFailOneByOne()
    {
        test::TemporaryFolder folder;
        const std::vector<std::filesystem::path> paths{folder.write("a/s01_01_sp.csv", rows(10)), folder / "missing.csv",
                                                       folder.write("a/s01_01_sw.csv", rows(10)), folder.write("b/empty.csv", "")};
        const ImportOutcome outcome = importPaths(paths);
        // The two files of one recording are opened once.
        QCOMPARE(outcome.recordings.size(), std::size_t{1});
        QCOMPARE(outcome.recordings[0].files.size(), std::size_t{2});
        QCOMPARE(outcome.failures.size(), std::size_t{2});
    }

    void stoppingIsNotAFailure()
    {
        test::TemporaryFolder folder;
        const std::filesystem::path path = folder.write("s01_01_sp.csv", rows(10));
        ImportOptions options;
        options.cancel.cancel();
        QVERIFY_THROWS_EXCEPTION(Cancelled, importPaths(std::span(&path, 1), options));
    }

    void aSubjectPatternThatIsNoneIsASentence()
    {
        test::TemporaryFolder folder;
        const std::filesystem::path path = folder.write("s01_01_sp.csv", rows(10));
        ImportOptions options;
        options.subjectPattern = "s([0-9]+)_";
        QCOMPARE(importPaths(std::span(&path, 1), options).recordings.at(0).subject, std::string("01"));
        for (const char *wrong : {"s([0-9", "s[0-9]+"}) {
            options.subjectPattern = wrong;
            QCOMPARE(importPaths(std::span(&path, 1), options).failures.size(), std::size_t{1});
        }
        options.subjectPattern.clear();
        options.profile = "no-such-profile";
        QVERIFY(importPaths(std::span(&path, 1), options).failures.at(0).message.find("sp-sw-har") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(ImportBadInputTest)
#include "import_bad_input_test.moc"
