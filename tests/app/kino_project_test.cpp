#include "core/base/npy.h"
#include "core/media/image_io.h"
#include "core/store/database.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/eaf_rules.h"
#include "tests/support/elan_example.h"
#include "tests/support/run_kino.h"
#include "tests/support/test_data.h"

#include <cmath>
#include <fstream>
#include <numbers>
#include <random>

using namespace kino::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

QString text(const fs::path &path) { return QString::fromStdString(path.string()); }

std::string readBytes(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/** x: a sine of 1 g and 12.5 Hz at 100 Hz; y: 0.5; z: 1 g. As an NGIMU writes it. */
std::string sineTable(int rows)
{
    std::string csv = "Time (s),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),"
                      "Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n";
    for (int row = 0; row < rows; ++row) {
        // The eight values of sin(2 pi 12.5 t) at 100 Hz.
        constexpr const char *kSine[] = {"0", "0.70710678", "1", "0.70710678", "0", "-0.70710678", "-1", "-0.70710678"};
        csv += std::to_string(row / 100) + "." + (row % 100 < 10 ? "0" : "") + std::to_string(row % 100) + ",0,0,0," +
            kSine[row % 8] + ",0.5,1\n";
    }
    return csv;
}

} // namespace

class KinoProjectTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TemporaryFolder>();
        m_table = m_folder->write("data/s07/walk.csv", sineTable(1000));
        m_project = text(*m_folder / "p.kino");
    }

    void projectFromBeginningToEnd()
    {
        QCOMPARE(runKino({"new", m_project}).exitStatus, 0);
        const KinoRun again = runKino({"new", m_project});
        QCOMPARE(again.exitStatus, 1);
        QVERIFY2(again.messages.contains("already"), again.messages);

        const KinoRun imported = runKino({"import", m_project, text(*m_folder / "data"), "--subject", "/s(\\d+)/", "--tag", "pilot", "--json"});
        QCOMPARE(imported.exitStatus, 0);
        QCOMPARE(imported.json().at("recordings").at(0).at("outcome").get<std::string>(), std::string("added"));
        const std::string name = imported.json().at("recordings").at(0).at("name");
        const std::int64_t id = imported.json().at("recordings").at(0).at("id");

        const Json listed = runKino({"list", m_project, "--json"}).json().at("recordings").at(0);
        const Json inspected = runKino({"inspect", text(m_table), "--json"}).json().at("recordings").at(0);
        QCOMPARE(listed.at("id").get<std::int64_t>(), id);
        QCOMPARE(listed.at("subject").get<std::string>(), std::string("07"));
        QCOMPARE(listed.at("tags").dump(), std::string("[\"pilot\"]"));
        QVERIFY(listed.at("streams") == inspected.at("streams")); // recordings as in inspect
        QVERIFY(listed.at("report") == inspected.at("report"));
        QVERIFY(runKino({"list", m_project}).output.contains("pilot"));

        const std::string device = listed.at("streams").at(0).at("device");
        const KinoRun synced = runKino({"sync", m_project, QString::number(id), "--device", QString::fromStdString(device),
                                        "--offset-s", "-1.25", "--drift-ppm", "100", "--json"});
        QCOMPARE(synced.exitStatus, 0);
        const Json after = runKino({"list", m_project, "--json"}).json().at("recordings").at(0).at("streams").at(0);
        QCOMPARE(after.at("offset_ns").get<std::int64_t>(), -1'250'000'000);
        // Design.md §2: t = own · (1 + drift) + offset; own runs from 0 to 9.99 s.
        QCOMPARE(after.at("start_ns").get<std::int64_t>(), -1'250'000'000);
        QCOMPARE(after.at("end_ns").get<std::int64_t>(), 9'990'000'000 + 999'000 - 1'250'000'000);
        runKino({"sync", m_project, QString::number(id), "--device", QString::fromStdString(device), "--offset-s", "0"});
        const Json kept = runKino({"list", m_project, "--json"}).json().at("recordings").at(0).at("streams").at(0);
        QCOMPARE(kept.at("drift_ppm").get<double>(), 100.0); // what was not said stays
        const KinoRun nobody = runKino({"sync", m_project, QString::number(id), "--device", "nobody", "--offset-s", "0"});
        QCOMPARE(nobody.exitStatus, 1);
        QVERIFY(nobody.messages.contains(device.c_str()));
        QCOMPARE(runKino({"sync", m_project, QString::number(id), "--offset-s", "0"}).exitStatus, 2);

        const KinoRun check = runKino({"check", m_project, "--json"});
        QCOMPARE(check.exitStatus, 0);
        QCOMPARE(check.json().at("database").get<std::string>(), std::string("sound"));
        QVERIFY(check.json().at("report").empty());
    }

    // What was set by hand says so wherever the clock is shown, and with the exported data.
    void clocksSayWhoSetThem()
    {
        importTable();
        const auto clockOf = [](const Json &recording) { return recording.at("streams").at(0).at("clock"); };
        const Json imported = runKino({"inspect", text(m_table), "--json"}).json().at("recordings").at(0);
        QCOMPARE(clockOf(imported).dump(), std::string(R"({"origin":"as imported"})"));
        QCOMPARE(runKino({"sync", m_project, "1", "--device", device(), "--offset-s", "0.5", "--drift-ppm", "40"})
                     .exitStatus,
                 0);
        for (const char *command : {"list", "inspect"}) {
            const Json recording = runKino({command, m_project, "--json"}).json().at("recordings").at(0);
            QCOMPARE(clockOf(recording).at("origin").get<std::string>(), std::string("set by hand"));
            QCOMPARE(clockOf(recording).at("method").get<std::string>(), std::string("typed"));
            QVERIFY(clockOf(recording).at("set_at_ns").get<std::int64_t>() > 1'700'000'000'000'000'000);
            // The gyroscope's rows are all alike; the accelerometer never shows less than 1.118 g.
            std::vector<std::string> badges;
            for (const Json &badge : recording.at("badges"))
                badges.push_back(badge.at("code"));
            QCOMPARE(badges, (std::vector<std::string>{"repeated-samples", "gravity"}));
        }
        QVERIFY(runKino({"inspect", m_project}).output.contains("drift 40 ppm, set by hand (typed)"));
        const fs::path out = *m_folder / "out";
        QCOMPARE(runKino({"export", m_project, "1", "--to", text(out), "--as", "npy"}).exitStatus, 0);
        const Json exported = Json::parse(readBytes(out / "recording.json"));
        QCOMPARE(exported.at("streams").at(0).at("device_clock").at("origin").get<std::string>(),
                 std::string("set by hand"));
        QCOMPARE(exported.at("streams").at(0).at("device_clock").at("offset_ns").get<std::int64_t>(), 500'000'000);
    }

    void exportedSamplesAreThoseOfTheFileOnTheRecordingsClock()
    {
        importTable();
        runKino({"sync", m_project, "1", "--device", device(), "--offset-s", "0.5"});
        const fs::path csvFolder = *m_folder / "csv";
        QCOMPARE(runKino({"export", m_project, "1", "--to", text(csvFolder), "--as", "csv"}).exitStatus, 0);
        const std::string file = Json::parse(readBytes(csvFolder / "recording.json")).at("streams").at(0).at("file");
        const std::string csv = readBytes(csvFolder / file);
        const Json stream = Json::parse(readBytes(csvFolder / "recording.json")).at("streams").at(0);
        QVERIFY(csv.starts_with("time_s,time_ns,x (m/s^2),y (m/s^2),z (m/s^2)\n0.500000000,500000000,"));
        QVERIFY(csv.find("\n1.490000000,1490000000,") != std::string::npos); // row 99
        QCOMPARE(stream.at("device_clock").at("offset_ns").get<std::int64_t>(), 500'000'000);

        const fs::path npyFolder = *m_folder / "npy";
        QCOMPARE(runKino({"export", m_project, "walk", "--to", text(npyFolder), "--as", "npy"}).exitStatus, 0);
        const Json sidecar = Json::parse(readBytes(npyFolder / "recording.json"));
        for (const Json &entry : sidecar.at("streams")) {
            if (entry.at("kind") != "accelerometer")
                continue;
            const auto values = kino::NpyArray::open(npyFolder / entry.at("file").get<std::string>());
            const auto times = kino::NpyArray::open(npyFolder / entry.at("times_file").get<std::string>());
            QCOMPARE(values.shape(), (std::vector<std::int64_t>{1000, 3}));
            QVERIFY(std::abs(values.column<float>()[2 * 3 + 0] - 9.80665f) < 1e-5f);
            QVERIFY(std::abs(values.column<float>()[2 * 3 + 1] - 0.5f * 9.80665f) < 1e-5f);
            QCOMPARE(times.column<std::int64_t>()[999], 9'990'000'000 + 500'000'000);
            return;
        }
        QFAIL("no accelerometer was exported");
    }

    void annotationsGoOutAndComeBackByCsvAndElan_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("csv") << "a.csv";
        QTest::newRow("elan") << "a.eaf";
    }
    void annotationsGoOutAndComeBackByCsvAndElan()
    {
        QFETCH(QString, file);
        importTable();
        const fs::path source = m_folder->write("in.csv", "tier,start_ns,end_ns,label\nactivity,-500000000,1000000,sit\n"
                                                          "activity,1000000,2000000000,\"walk, fast\"\nnote,5000000,6000000,Tür\n");
        QCOMPARE(runKino({"annotations", m_project, "1", "--import", text(source)}).exitStatus, 0);
        const QString out = text(*m_folder / file.toStdString());
        QCOMPARE(runKino({"annotations", m_project, "1", "--export", out}).exitStatus, 0);
        runKino({"annotations", m_project, "1", "--import",
                 text(m_folder->write("other.csv", "tier,start_ns,end_ns,label\nactivity,0,1,x\nnote,0,1,y\n"))});
        QCOMPARE(runKino({"annotations", m_project, "1", "--import", out}).exitStatus, 0);
        const fs::path again = *m_folder / "again.csv";
        QCOMPARE(runKino({"annotations", m_project, "1", "--export", text(again)}).exitStatus, 0);
        QCOMPARE(readBytes(again), readBytes(source));
        const KinoRun bad = runKino({"annotations", m_project, "1", "--import",
                                     text(m_folder->write("bad.csv", "tier,start_ns,end_ns,label\nactivity,0,1,x\nactivity,5,2,y\n"))});
        QCOMPARE(bad.exitStatus, 1);
        QVERIFY2(bad.messages.contains("bad.csv") && bad.messages.contains("3"), bad.messages);
        runKino({"annotations", m_project, "1", "--export", text(again)});
        QCOMPARE(readBytes(again), readBytes(source)); // the sound row of the bad file was not taken either
    }

    void elansVocabulariesAreLabelSetsOfTheProject()
    {
        importTable();
        const QString in = text(m_folder->write("in.eaf", elanLanguagesExample()));
        const KinoRun imported = runKino({"annotations", m_project, "1", "--import", in});
        QCOMPARE(imported.exitStatus, 0);
        QCOMPARE(imported.messages.count("came with it"), 3);
        QVERIFY2(imported.messages.contains("\"looks cv\""), imported.messages);
        const fs::path out = *m_folder / "out.eaf";
        QCOMPARE(runKino({"annotations", m_project, "1", "--export", text(out)}).exitStatus, 0);
        QCOMPARE(eafProblems(out), QStringList());
        const QByteArray written = QByteArray::fromStdString(readBytes(out));
        QVERIFY(written.contains("CV_ID=\"looks cv\"") && written.contains(">oben</CVE_VALUE>") && written.contains("CVE_REF=\"cveid1\""));
        // Once they are there, they are not added again.
        QVERIFY(!runKino({"annotations", m_project, "1", "--import", text(out)}).messages.contains("came with it"));
    }

    void checkSaysWhatIsMissingOrChanged()
    {
        importTable();
        fs::rename(m_table, *m_folder / "data/moved.csv");
        KinoRun check = runKino({"check", m_project, "--json"});
        QCOMPARE(check.exitStatus, 3);
        QCOMPARE(check.json().at("report").at(0).at("code").get<std::string>(), std::string("missing-file"));
        QVERIFY(check.json().at("errors").at(0).at("path").get<std::string>().ends_with("walk.csv"));
        // The same content in its new place is the same recording.
        const KinoRun relocated = runKino({"import", m_project, text(*m_folder / "data/moved.csv"), "--json"});
        QCOMPARE(relocated.json().at("recordings").at(0).at("outcome").get<std::string>(), std::string("relocated"));
        QCOMPARE(runKino({"check", m_project}).exitStatus, 0);
        m_folder->write("data/moved.csv", sineTable(900));
        QCOMPARE(runKino({"check", m_project, "--json"}).json().at("report").at(0).at("code").get<std::string>(),
                 std::string("changed-file"));
        fs::remove_all(m_project.toStdString() + "/cache");
        QCOMPARE(runKino({"import", m_project, text(*m_folder / "data/moved.csv")}).exitStatus, 0);
        QCOMPARE(runKino({"check", m_project}).exitStatus, 0);
    }

    void damagedDatabaseIsOneWithASentence()
    {
        importTable();
        m_folder->write("p.kino/project.sqlite", std::string(9000, 'x'));
        for (const char *name : {"project.sqlite-wal", "project.sqlite-shm"})
            fs::remove(*m_folder / "p.kino" / name);
        for (const char *command : {"list", "check"}) {
            const KinoRun run = runKino({command, m_project});
            QCOMPARE(run.exitStatus, 1);
            QVERIFY2(run.messages.contains("damaged"), run.messages);
            // Only what is there is named.
            QVERIFY2(run.messages.contains("no backup") && !run.messages.contains("project-backup"), run.messages);
        }
        for (const char *name : {"project-backup-v1-20260101T000000Z.sqlite", "project-backup-v2-20250101T000000Z.sqlite"})
            m_folder->write(std::string("p.kino/") + name, "");
        const KinoRun run = runKino({"list", m_project});
        QVERIFY2(run.messages.contains("project-backup-v1-20260101T000000Z.sqlite"), run.messages);
        QVERIFY2(!run.messages.contains("v2"), run.messages);
    }

    void projectWithoutTheRightToWriteIsSaid()
    {
        importTable();
        fs::permissions(m_folder->path(), fs::perms::all);
        const KinoRun run = runKino({"sync", m_project, "1", "--device", device(), "--offset-s", "1"}, {.user = RunAs::nobody});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains("project.sqlite") || run.messages.contains("p.kino"), run.messages);
        QVERIFY2(run.messages.contains("write"), run.messages);
        QCOMPARE(runKino({"new", text(*m_folder / "data/x.kino")}, {.user = RunAs::nobody}).exitStatus, 1);
    }

    void projectThatCannotBeWrittenIsRead()
    {
        importTable();
        fs::permissions(m_folder->path(), fs::perms::all);
        fs::permissions(m_project.toStdString(), fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec);
        const KinoRun mine = runKino({"list", m_project, "--json"});
        const KinoRun list = runKino({"list", m_project, "--json"}, {.user = RunAs::nobody});
        QVERIFY2(list.exitStatus == 0, list.messages);
        QCOMPARE(list.json(), mine.json());
        QVERIFY2(list.messages.contains("can only be read"), list.messages);
        for (const char *command : {"jobs", "runs"}) {
            const KinoRun run = runKino({command, m_project, "--json"}, {.user = RunAs::nobody});
            QVERIFY2(run.exitStatus == 0, run.messages);
        }
        QVERIFY(!fs::exists(fs::path(m_project.toStdString()) / "project.sqlite-wal"));
        // Beside somebody who writes: what is not in the file yet is seen as well.
        const kino::Database writer(fs::path(m_project.toStdString()) / "project.sqlite", kino::OpenMode::existing);
        writer.execute("UPDATE recordings SET subject = 'beside'");
        const KinoRun beside = runKino({"list", m_project, "--json"}, {.user = RunAs::nobody});
        QVERIFY2(beside.exitStatus == 0, beside.messages);
        QVERIFY(beside.json().dump().find("beside") != std::string::npos);
    }

    // A sine of amplitude A in the middle of bin 16 of 128 at 100 Hz through a periodic Hann window: Σw = 64, Σw² = 48,
    // so the density there is 2 · (A/2 · 64)² / (100 · 48) = A² · 0.426667; its neighbours have a quarter of it.
    void powerOfASineIsItsClosedForm()
    {
        const fs::path out = *m_folder / "s.npy";
        const KinoRun run = runKino({"spectrogram", text(m_table), "--stream", "accelerometer", "--out", text(out), "--json"});
        QCOMPARE(run.exitStatus, 0);
        const auto array = kino::NpyArray::open(out);
        const std::int64_t frames = (1000 - 128) / 32 + 1;
        QCOMPARE(array.shape(), (std::vector<std::int64_t>{3, 65, frames}));
        const auto power = array.column<float>();
        const double expected = 9.80665 * 9.80665 * 0.4266666667;
        for (const std::int64_t frame : {std::int64_t{0}, frames - 1}) {
            const auto at = [&](std::int64_t axis, std::int64_t bin) {
                return power[static_cast<std::size_t>((axis * 65 + bin) * frames + frame)];
            };
            QVERIFY(std::abs(at(0, 16) / expected - 1) < 1e-5);
            QVERIFY(std::abs(at(0, 15) / expected - 0.25) < 1e-5);
            QVERIFY(std::abs(at(0, 17) / expected - 0.25) < 1e-5);
            QVERIFY(at(0, 30) < 1e-6 * expected);
            // A constant c: (c · 64)² / (100 · 48), not doubled.
            QVERIFY(std::abs(at(2, 0) / (9.80665 * 9.80665 * 64 * 64 / 4800) - 1) < 1e-5);
        }
    }

    void modelPictureIsItsArrayWithLowFrequenciesAtTheBottom()
    {
        const fs::path npy = *m_folder / "m.npy", png = *m_folder / "m.png";
        for (const fs::path &out : {npy, png})
            QCOMPARE(runKino({"spectrogram", text(m_table), "--stream", "accelerometer", "--mode", "model", "--out", text(out)}).exitStatus, 0);
        const auto array = kino::NpyArray::open(npy);
        const std::int64_t frames = (1000 - 128) / 12 + 1;
        QCOMPARE(array.dtype(), std::string("u1"));
        QCOMPARE(array.shape(), (std::vector<std::int64_t>{3, 65, frames}));
        const auto cells = array.column<std::uint8_t>();
        const kino::Image image = kino::readImage(png);
        QCOMPARE(image.height, 65);
        QCOMPARE(image.width, static_cast<int>(frames));
        std::size_t brightest = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            for (std::size_t bin = 0; bin < 65; ++bin) {
                for (std::size_t frame = 0; frame < static_cast<std::size_t>(frames); ++frame) {
                    const std::uint8_t cell = cells[(axis * 65 + bin) * static_cast<std::size_t>(frames) + frame];
                    QCOMPARE(image.bgra[((64 - bin) * static_cast<std::size_t>(frames) + frame) * 4 + 2 - axis], cell);
                    if (axis == 0 && cell == 255)
                        brightest = bin;
                }
            }
        }
        QCOMPARE(brightest, std::size_t{16}); // the sine's bin
        QCOMPARE(runKino({"spectrogram", text(m_table), "--stream", "accelerometer", "--mode", "model", "--hop", "3", "--out",
                          text(npy)}).exitStatus, 2);
    }

    // 12.5 Hz stay 12.5 Hz: at 50 Hz and a window of 64 they are bin 16 again.
    void rateResamplesFirst()
    {
        const fs::path out = *m_folder / "r.npy";
        QCOMPARE(runKino({"spectrogram", text(m_table), "--stream", "accelerometer", "--rate", "50", "--window", "64", "--out", text(out)}).exitStatus, 0);
        const auto array = kino::NpyArray::open(out);
        const auto frames = static_cast<std::size_t>(array.shape()[2]);
        const auto power = array.column<float>();
        std::size_t strongest = 1;
        for (std::size_t bin = 1; bin < 33; ++bin) {
            if (power[bin * frames + frames / 2] > power[strongest * frames + frames / 2])
                strongest = bin;
        }
        QCOMPARE(strongest, std::size_t{16});
    }

    void frameIsTheLastShownBeforeItsTime_data()
    {
        QTest::addColumn<bool>("isVariable");
        QTest::addColumn<int>("startMs");
        QTest::newRow("constant rate, B-frames") << false << 0;
        QTest::newRow("constant rate, late start") << false << 400;
        QTest::newRow("variable rate, edit list") << true << -300;
        QTest::newRow("variable rate, late start") << true << 700;
    }
    // Where a frame begins, the nanosecond before, and anywhere; what is right is told by the times the clip was written with,
    // which its pixels number. That seeking finds every frame, video_seek_test shows: here each is a start of the program.
    void frameIsTheLastShownBeforeItsTime()
    {
        QFETCH(bool, isVariable);
        QFETCH(int, startMs);
        const fs::path clip = *m_folder / "clip.mp4";
        const kino::Nanos first = kino::Nanos{startMs} * 1'000'000;
        const auto pts = isVariable ? variableRateTimes(120, 5, first) : constantRateTimes(120, 30, 1, first);
        kino::VideoWriterOptions options;
        options.width = 64;
        options.height = 48;
        options.bFrames = 2;
        options.preset = "ultrafast";
        writeNumberedClip(clip, options, pts);
        // Without IMU the recording's zero is the first frame that is shown; an edit list cuts off what lies before zero,
        // so the frame that is on at zero is the first, from there on.
        const kino::Nanos zero = std::max<kino::Nanos>(pts.front(), 0);
        const auto hidden = std::ranges::count_if(pts, [](kino::Nanos time) { return time <= 0; }) - (pts.front() <= 0 ? 1 : 0);
        std::mt19937_64 random(11);
        constexpr int kFrames = 4;
        std::vector<kino::Nanos> times;
        for (int round = 0; round < kFrames; ++round) {
            const kino::Nanos begin = pts[static_cast<std::size_t>(hidden) + 1 + random() % 100] - zero;
            times.insert(times.end(), {begin, begin - 1, static_cast<kino::Nanos>(random() % static_cast<std::uint64_t>(pts.back() - zero))});
        }
        for (const kino::Nanos at : times) {
            std::uint32_t expected = 0;
            for (std::size_t index = 0; index < pts.size(); ++index) {
                if (pts[index] <= at + zero)
                    expected = static_cast<std::uint32_t>(index);
            }
            const fs::path png = *m_folder / "f.png";
            const QString seconds = QString::number(at / 1'000'000'000) + "." +
                QString::number(at % 1'000'000'000).rightJustified(9, '0');
            const KinoRun run = runKino({"frame", text(clip), "--at", seconds, "--out", text(png), "--json"});
            QVERIFY2(run.exitStatus == 0, run.messages);
            const auto shown = readNumber(kino::readImage(png));
            QVERIFY(shown);
            QCOMPARE(run.json().at("index").get<std::int64_t>(), std::int64_t{expected} - hidden);
            QVERIFY2(*shown == expected, qPrintable(QString("at %1 s frame %2 instead of %3").arg(seconds).arg(*shown).arg(expected)));
        }
    }

private:
    void importTable()
    {
        QCOMPARE(runKino({"new", m_project}).exitStatus, 0);
        QCOMPARE(runKino({"import", m_project, text(m_table)}).exitStatus, 0);
    }
    QString device()
    {
        return QString::fromStdString(
            runKino({"list", m_project, "--json"}).json().at("recordings").at(0).at("streams").at(0).at("device").get<std::string>());
    }

    std::unique_ptr<TemporaryFolder> m_folder;
    fs::path m_table;
    QString m_project;
};

QTEST_GUILESS_MAIN(KinoProjectTest)
#include "kino_project_test.moc"
