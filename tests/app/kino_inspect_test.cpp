#include "tests/support/run_kino.h"
#include "tests/support/test_data.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <csignal>
#include <filesystem>

using kino::test::runKino;
using kino::test::RunAs;
namespace fs = std::filesystem;

namespace {

QJsonObject document(const kino::test::KinoRun &run) { return QJsonDocument::fromJson(run.output).object(); }

QString data(const char *path) { return QString::fromStdString((kino::test::testDataFolder() / path).string()); }

QString path(const fs::path &file) { return QString::fromStdString(file.string()); }

QJsonObject streamOf(const QJsonObject &recording, const QString &name)
{
    for (const auto &stream : recording["streams"].toArray()) {
        if (stream.toObject()["name"].toString() == name)
            return stream.toObject();
    }
    return {};
}

} // namespace

class KinoInspectTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // data/README.md: 2397 accelerometer and 4795 gyroscope samples, 362 frames 854x480 at 30000/1001; cli.md: the names.
    void jsonHasTheContractsNamesAndTheFilesNumbers()
    {
        KINO_NEEDS_TEST_DATA();
        const auto run = runKino({"inspect", data("gopro_mp4/karma.mp4"), "--json"});
        QCOMPARE(run.exitStatus, 0);
        const QJsonArray recordings = document(run)["recordings"].toArray();
        QCOMPARE(recordings.size(), 1);
        QVERIFY(document(run)["errors"].isArray());
        const QJsonObject recording = recordings[0].toObject();
        for (const char *key : {"path", "name", "format", "subject", "confidence", "epoch_ns", "streams", "videos",
                                "annotations", "report"})
            QVERIFY2(recording.contains(key), key);
        const QJsonObject accelerometer = streamOf(recording, "Hero5 Black/accelerometer");
        for (const char *key : {"device", "kind", "axes", "unit_found", "unit", "samples", "rate_hz", "start_ns", "end_ns",
                                "offset_ns", "drift_ppm", "gaps", "duplicate_times", "backward_times", "nan", "clipped",
                                "repeated_samples", "min", "max", "mean", "first", "last"})
            QVERIFY2(accelerometer.contains(key), key);
        QCOMPARE(accelerometer["samples"].toInt(), 2397);
        QCOMPARE(accelerometer["unit"].toString(), QString("m/s^2"));
        QVERIFY(accelerometer["rate_hz"].toDouble() > 198 && accelerometer["rate_hz"].toDouble() < 199);
        QCOMPARE(streamOf(recording, "Hero5 Black/gyroscope")["samples"].toInt(), 4795);
        const QJsonObject video = recording["videos"].toArray()[0].toObject();
        QCOMPARE(video["frames"].toInt(), 362);
        QCOMPARE(video["width"].toInt(), 854);
        QCOMPARE(video["audio"].toBool(), true);
        QCOMPARE(video["variable_rate"].toBool(), false);
    }

    void whatHasNoRateSaysSo()
    {
        const kino::test::TemporaryFolder folder;
        const fs::path single = folder.write("single.csv", "time_s,acc_x,acc_y,acc_z\n0.5,0.1,0.2,9.8\n");
        const auto run = runKino({"inspect", path(single), "--json"});
        QCOMPARE(run.exitStatus, 0);
        const QJsonObject stream = document(run)["recordings"].toArray()[0].toObject()["streams"].toArray()[0].toObject();
        QVERIFY(stream["rate_hz"].isNull());
        QVERIFY(stream["median_period_ns"].isNull());
        const auto text = runKino({"inspect", path(single)});
        QVERIFY2(text.output.contains("unknown") && !text.output.contains("0 Hz"), text.output);
    }

    // Quaternions rest at 1, exposure at its limit, and neither is clipped.
    void camerasSettingsAreNotClipped()
    {
        KINO_NEEDS_TEST_DATA();
        const auto run = runKino({"inspect", data("gopro_mp4/max-heromode.mp4"), "--json"});
        for (const auto &entry : document(run)["recordings"].toArray()[0].toObject()["streams"].toArray()) {
            const QJsonObject stream = entry.toObject();
            const QString kind = stream["kind"].toString();
            if (kind != "accelerometer" && kind != "gyroscope" && kind != "magnetometer")
                QVERIFY2(stream["clipped"].toInt() == 0, qPrintable(stream["name"].toString()));
        }
    }

    // 646 trials with 115210 samples, 54 clips of 3509 frames (data/README.md, and scipy.io.loadmat over every file).
    void utdMhadFolderHasTheDatasetsCounts()
    {
        KINO_NEEDS_TEST_DATA();
        const auto run = runKino({"inspect", data("utd_mhad"), "--json"});
        QCOMPARE(run.exitStatus, 0);
        const QJsonArray recordings = document(run)["recordings"].toArray();
        QCOMPARE(recordings.size(), 646);
        int samples = 0, clips = 0, frames = 0, wrists = 0;
        for (const auto &entry : recordings) {
            const QJsonObject recording = entry.toObject();
            const QJsonObject stream = recording["streams"].toArray()[0].toObject();
            samples += stream["samples"].toInt();
            wrists += stream["device"].toString() == "right wrist";
            for (const auto &video : recording["videos"].toArray()) {
                ++clips;
                frames += video.toObject()["frames"].toInt();
            }
        }
        QCOMPARE(samples, 115210);
        QCOMPARE(clips, 54);
        QCOMPARE(frames, 3509);
        // 21 of 27 actions are on the wrist: 6 subjects x 21 actions x 4 trials, one trial (a8_s1_t4) missing.
        QCOMPARE(wrists, 6 * 21 * 4 - 1);
    }

    void textForPeopleNamesStreamsAndRemarks()
    {
        KINO_NEEDS_TEST_DATA();
        const auto run = runKino({"inspect", data("gopro_mp4/karma.mp4")});
        QCOMPARE(run.exitStatus, 0);
        QVERIFY(run.output.contains("Hero5 Black/accelerometer"));
        QVERIFY(run.output.contains("362 frames"));
        QVERIFY(!run.output.contains("{"));
        QVERIFY(run.messages.isEmpty()); // no bar in a pipe
    }

    void someFailedIsThreeAndDeliversTheOthers()
    {
        KINO_NEEDS_TEST_DATA();
        const kino::test::TemporaryFolder folder;
        const fs::path broken = folder.write("broken.mp4", "no moov here");
        const auto run = runKino({"inspect", data("gopro_mp4/karma.mp4"), path(broken), "--json"});
        QCOMPARE(run.exitStatus, 3);
        QCOMPARE(document(run)["recordings"].toArray().size(), 1);
        const QJsonArray errors = document(run)["errors"].toArray();
        QCOMPARE(errors.size(), 1);
        QVERIFY(errors[0].toObject()["path"].toString().endsWith("broken.mp4"));
        QVERIFY(!errors[0].toObject()["message"].toString().isEmpty());
    }

    void nothingReadableIsOneWithASentence_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("missing") << "missing.csv" << QByteArray();
        QTest::newRow("empty folder") << "empty" << QByteArray();
        QTest::newRow("folder of other things") << "other" << QByteArray();
        QTest::newRow("empty file") << "empty.csv" << QByteArray("");
        QTest::newRow("binary as csv") << "binary.csv" << QByteArray("\x00\x01\xff\xfe\x00garbage\x00", 13);
        QTest::newRow("mp4 without moov") << "clip.mp4" << QByteArray("\0\0\0\x10" "ftypisom\0\0\0\0", 16);
        QTest::newRow("mat cut short") << "a1_s1_t1_inertial.mat" << QByteArray("MATLAB 5.0 MAT-file");
    }
    void nothingReadableIsOneWithASentence()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        const kino::test::TemporaryFolder folder;
        fs::create_directories(folder / "empty");
        folder.write("other/readme.md", "nothing to see");
        if (!content.isNull())
            folder.write(name.toStdString(), std::string_view(content.constData(), static_cast<std::size_t>(content.size())));
        const auto run = runKino({"inspect", path(folder / name.toStdString())});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains(name.toUtf8()), run.messages.constData());
        QCOMPARE(run.messages.count('\n'), 1);
        QVERIFY(run.output.isEmpty() || run.output == "\n");
    }

    void fileWithoutPermissionIsSaid()
    {
        const kino::test::TemporaryFolder folder;
        fs::permissions(folder.path(), fs::perms::all);
        const fs::path file = folder.write("secret.csv", "Time (s),Accelerometer X (g)\n0,1\n");
        fs::permissions(file, fs::perms::none);
        const auto run = runKino({"inspect", path(file)}, {.user = RunAs::nobody});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains("secret.csv"), run.messages.constData());
        QVERIFY2(run.messages.contains("ermission") || run.messages.contains("may not"), run.messages.constData());
    }

    /** What a folder hides from its reader is an error beside what could be read. */
    void folderWithForbiddenPartsDeliversTheRest()
    {
        const kino::test::TemporaryFolder folder;
        fs::permissions(folder.path(), fs::perms::all);
        const std::string rows = "Time (s),Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n0,0,0,1\n0.01,0,0,1\n0.02,0,0,1\n";
        const fs::path good = folder.write("all/good.csv", rows);
        const fs::path secret = folder.write("all/secret.csv", rows);
        folder.write("all/closed/more.csv", rows);
        fs::permissions(folder / "all", fs::perms::all);
        fs::permissions(good, fs::perms::all);
        fs::permissions(secret, fs::perms::none);
        fs::permissions(folder / "all/closed", fs::perms::none);
        const auto run = runKino({"inspect", path(folder / "all"), "--json"}, {.user = RunAs::nobody});
        fs::permissions(folder / "all/closed", fs::perms::all);
        QCOMPARE(run.exitStatus, 3);
        QCOMPARE(document(run)["recordings"].toArray().size(), 1);
        const QString message = document(run)["errors"].toArray().at(0).toObject()["message"].toString();
        QVERIFY2(message.contains("may not be read") && message.contains("1 more"), qPrintable(message));
    }

    void linkToItselfIsSaid()
    {
        const kino::test::TemporaryFolder folder;
        fs::create_symlink("self.csv", folder / "self.csv");
        const auto run = runKino({"inspect", path(folder / "self.csv")});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains("leads back to itself"), run.messages.constData());
    }

    void wrongUsageIsTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("unknown command") << QStringList{"dance"};
        QTest::newRow("no path") << QStringList{"inspect"};
        QTest::newRow("unknown option") << QStringList{"inspect", "x", "--loud"};
        QTest::newRow("no time") << QStringList{"frame", "x.mp4", "--out", "x.png"};
        QTest::newRow("no number") << QStringList{"frame", "x.mp4", "--at", "soon", "--out", "x.png"};
        QTest::newRow("mode") << QStringList{"spectrogram", "x", "--stream", "a", "--out", "a.npy", "--mode", "loud"};
        QTest::newRow("ending") << QStringList{"spectrogram", "x", "--stream", "a", "--out", "a.txt"};
    }
    void wrongUsageIsTwo()
    {
        QFETCH(QStringList, arguments);
        const auto run = runKino(arguments);
        QCOMPARE(run.exitStatus, 2);
        QVERIFY(!run.messages.isEmpty());
        QVERIFY(run.output.isEmpty());
    }

    void everyCommandHasHelpWithOneExample_data()
    {
        QTest::addColumn<QString>("command");
        for (const char *command : {"formats", "inspect", "spectrogram", "frame", "simulate", "new", "import", "list", "sync",
                                    "export", "annotations", "check"})
            QTest::newRow(command) << command;
    }
    void everyCommandHasHelpWithOneExample()
    {
        QFETCH(QString, command);
        const auto run = runKino({command, "--help"});
        QCOMPARE(run.exitStatus, 0);
        QCOMPARE(run.output.count("Example:\n  kino " + command.toUtf8()), 1);
    }

    void versionsOfProgramAndLibraries()
    {
        const auto run = runKino({"--version", "--json"});
        QCOMPARE(run.exitStatus, 0);
        for (const char *name : {"kinoscope", "libtorch", "ffmpeg", "sqlite", "fftw", "opencv"})
            QVERIFY2(document(run)[name].toString().contains('.'), name);
        QVERIFY(runKino({"--version"}).output.contains("LibTorch"));
    }

    void formatsAreListed()
    {
        const auto run = runKino({"formats", "--json"});
        QCOMPARE(run.exitStatus, 0);
        QStringList names;
        for (const auto &format : document(run)["formats"].toArray()) {
            names << format.toObject()["name"].toString();
            QVERIFY(format.toObject()["built_in"].isBool() && format.toObject()["extensions"].isArray());
            QVERIFY(!format.toObject()["title"].toString().isEmpty());
        }
        QVERIFY(names.contains("utd-mhad") && names.contains("gopro-mp4"));
    }

    void fullDiskBehindStdoutIsSaid()
    {
        QProcess process;
        process.setStandardOutputFile("/dev/full");
        process.start(KINOSCOPE_BINARY_DIR "/bin/kino", {"formats", "--json"});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(!process.readAllStandardError().isEmpty());
    }

    void ctrlCEndsWith130()
    {
        const kino::test::TemporaryFolder folder;
        QProcess process;
        // Long enough to be interrupted whatever the machine; nothing half-made may be left.
        process.start(KINOSCOPE_BINARY_DIR "/bin/kino",
                      {"simulate", "--out", path(folder / "sim"), "--subjects", "4", "--minutes", "3", "--video", "1920x1080@60"});
        QVERIFY(process.waitForStarted());
        // The handler is set before anything else is done; a child of the simulation's folder shows that it runs.
        QTRY_VERIFY_WITH_TIMEOUT(!fs::is_empty(folder.path()) || process.state() == QProcess::NotRunning, 60'000);
        QCOMPARE(process.state(), QProcess::Running);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(!fs::exists(folder / "sim"));
    }
};

QTEST_GUILESS_MAIN(KinoInspectTest)
#include "kino_inspect_test.moc"
