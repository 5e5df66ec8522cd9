#include "core/data/profile/guess.h"

#include "core/base/error.h"
#include "core/data/import.h"
#include "core/data/profile/library.h"
#include "core/data/profile/reader.h"
#include "core/data/stream_summary.h"
#include "core/data/table/column_names.h"
#include "tests/support/test_data.h"

#include <fstream>
#include <numbers>

using namespace kino;

namespace {

Recording openOne(const std::filesystem::path &path)
{
    ImportOutcome outcome = importPaths(std::span(&path, 1));
    if (outcome.recordings.size() != 1)
        throw std::runtime_error(outcome.failures.empty() ? "nothing found" : outcome.failures[0].message);
    return std::move(outcome.recordings.front());
}

bool assumes(const ImportReport &report, std::string_view part)
{
    return std::ranges::any_of(report, [&](const ReportRow &row) {
        return row.code == "guess" && row.message.find(part) != std::string::npos;
    });
}

std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/** 100 Hz, at rest with z up and a slow turn about x. */
std::string restingRows(const std::function<std::string(int)> &row, int count = 400)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += row(i) + "\n";
    return text;
}

} // namespace

class ProfileGuessTest : public QObject {
    Q_OBJECT

    test::TemporaryFolder m_folder;

private Q_SLOTS:
    void init() { qputenv("KINOSCOPE_PROFILES", (m_folder / "profiles").c_str()); }

    void namesAndUnitsInTheHeaderMakeASureGuess()
    {
        const auto path = m_folder.write("named.csv", "Time [ms];Acc X [g];Acc Y [g];Acc Z [g];Gyro X [deg/s];Gyro Y [deg/s];Gyro Z [deg/s];label\n"
            + restingRows([](int i) { return std::to_string(10 * i) + ";0,0;0,0;1,0;9,0;0,0;0,0;" + (i < 200 ? "sit" : "stand"); }));
        const GuessedProfile guess = guessProfile(path);
        QVERIFY2(guess.confidence > 0.85, std::to_string(guess.confidence).c_str());
        QVERIFY(guess.hasInertial && guess.isNamed);
        QVERIFY(profileMistakes(guess.profile).empty());
        QCOMPARE(guess.columns[1], std::string("Acc X [g]"));
        QCOMPARE(guess.preview[0][4], std::string("9,0"));
        const Recording recording = openOne(path);
        QCOMPARE(recording.format, std::string("guess"));
        QVERIFY(recording.confidence < 1);
        QVERIFY(std::abs(recording.findStream("IMU/accelerometer")->values[2][0] - 9.80665) < 1e-5);
        QVERIFY(std::abs(recording.findStream("IMU/gyroscope")->values[0][0] - 9 * std::numbers::pi / 180) < 1e-6);
        QCOMPARE(recording.findStream("IMU/gyroscope")->timesNs[399], Nanos{3'990'000'000});
        QCOMPARE(recording.tiers.at(0).annotations.size(), std::size_t{2});
        QCOMPARE(recording.tiers.at(0).annotations[0].end.ns, Nanos{2'000'000'000});
    }

    void bareNumbersAreGuessedFromTheirSizeAndEveryAssumptionIsSaid()
    {
        const auto path = m_folder.write("bare.dat", restingRows([](int i) {
            return nlohmann::json(0.01 * i).dump() + " 0.10 0.20 9.79 0.01 -0.02 0.03";
        }));
        const GuessedProfile guess = guessProfile(path);
        QVERIFY(guess.hasInertial && !guess.isNamed);
        QVERIFY(guess.confidence < 0.6);
        QVERIFY(assumes(guess.assumptions, "gravity"));
        QVERIFY(assumes(guess.assumptions, "m/s^2"));
        QVERIFY(assumes(guess.assumptions, "gyroscope"));
        QVERIFY(assumes(guess.assumptions, "rad/s"));
        QVERIFY(assumes(guess.assumptions, "time"));
        const Recording recording = openOne(path);
        QVERIFY(assumes(recording.report, "gravity"));
        QCOMPARE(recording.findStream("IMU/accelerometer")->values[2][7], 9.79f);
        QCOMPARE(recording.findStream("IMU/gyroscope")->values[1][7], -0.02f);
        QCOMPARE(recording.findStream("IMU/gyroscope")->timesNs[100], Nanos{1'000'000'000});
    }

    void rawCountsAreRecognisedByGravity()
    {
        const auto path = m_folder.write("raw.txt", restingRows([](int i) {
            return std::to_string(1000 * i) + "," + std::to_string(i % 7) + ",-12,16390," + std::to_string(1000 - i) + ",3,4;";
        }));
        const Recording recording = openOne(path);
        // 16384 counts a g.
        QVERIFY(std::abs(recording.findStream("IMU/accelerometer")->values[2][0] - 16390.0 / 16384 * 9.80665) < 1e-4);
        QVERIFY(assumes(recording.report, "16384 counts"));
        QVERIFY(assumes(recording.report, "16.4 counts"));
        QVERIFY(recording.confidence < 0.3);
    }

    void withoutTimesTheRateIsAnAssumptionNobodyCanOverlook()
    {
        const auto path = m_folder.write("accelerometer.csv", "x,y,z\n" + restingRows([](int i) { return std::to_string(i % 3) + ".5,0.25,9.5"; }));
        const GuessedProfile guess = guessProfile(path);
        QVERIFY(guess.confidence < 0.45);
        QVERIFY(assumes(guess.assumptions, "very likely wrong"));
        QVERIFY(assumes(guess.assumptions, "file's name"));
    }

    void aCorrectedGuessIsSavedAndKnownFromThenOn()
    {
        const auto path = m_folder.write("mine/run7.log", "# my logger\n" + restingRows([](int i) {
            return std::to_string(i) + ";0;0;1;100;0;0;23";
        }));
        GuessedProfile guess = guessProfile(path);
        nlohmann::json mine = guess.profile;
        mine["name"] = "my-logger";
        mine["files"][0]["match"] = "run{n:#}.log";
        mine["files"][0]["time"] = {{"column", 1}, {"unit", "samples"}, {"rate_hz", 208}};
        mine["files"][0]["streams"] = {{{"kind", "accelerometer"}, {"unit", "g"}, {"columns", {2, 3, 4}}},
                                       {{"kind", "gyroscope"}, {"unit", "deg/s"}, {"columns", {5, 6, 7}}}};
        // Seen before it is saved.
        const Recording preview = readFileByProfile(path, std::make_shared<const ImportProfile>(parseProfile(mine)));
        QCOMPARE(preview.name, std::string("run7"));
        QVERIFY(preview.findStream("IMU/gyroscope"));
        saveUserProfile(mine);
        const Recording recording = openOne(path);
        QCOMPARE(recording.format, std::string("my-logger"));
        QCOMPARE(recording.confidence, 1.0);
        QVERIFY(std::abs(summariseStream(*recording.findStream("IMU/gyroscope")).timing.rateHz - 208) < 1e-6);
        QVERIFY(std::abs(recording.findStream("IMU/gyroscope")->values[0][0] - 100 * std::numbers::pi / 180) < 1e-6);
        std::filesystem::remove(m_folder / "profiles" / "my-logger.json");
    }

    /** Real recordings under strange names and without their headers still come out right. */
    void realTablesAreGuessed_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("header");
        QTest::addColumn<int>("samples");
        QTest::addColumn<QString>("stream");
        QTest::addColumn<double>("rest"); // median magnitude, m/s^2
        QTest::newRow("phone, renamed columns") << "sp_sw_har/s01/s01_01_sp.csv"
            << "accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z,timestamp,activity" << 1351 << "IMU/accelerometer" << 9.9;
        QTest::newRow("two feet in g") << "openpack_sample/U0209/atr/atr01/S0500.csv"
            << "t,ax,ay,az,gx,gy,gz,q1,q2,q3,q4" << 46800 << "IMU/accelerometer" << 1.0890 * 9.80665;
        QTest::newRow("drone") << "euroc_v1_01_micro/mav0/imu0/data.csv"
            << "stamp,wx,wy,wz,ax,ay,az" << 29120 << "IMU/accelerometer" << 9.79;
    }
    void realTablesAreGuessed()
    {
        KINO_NEEDS_TEST_DATA();
        QFETCH(QString, source);
        QFETCH(QString, header);
        QFETCH(int, samples);
        QFETCH(QString, stream);
        QFETCH(double, rest);
        const std::string content = contentOf(test::testDataFolder() / source.toStdString());
        const auto path = m_folder.write("strange.csv", header.toStdString() + content.substr(content.find('\n')));
        const Recording recording = openOne(path);
        QCOMPARE(recording.format, std::string("guess"));
        const ImuStream *found = recording.findStream(stream.toStdString());
        QVERIFY(found);
        QCOMPARE(found->samples(), static_cast<std::size_t>(samples));
        std::vector<double> magnitudes;
        for (std::size_t i = 0; i < found->samples(); ++i)
            magnitudes.push_back(std::hypot(found->values[0][i], found->values[1][i], found->values[2][i]));
        std::ranges::nth_element(magnitudes, magnitudes.begin() + samples / 2);
        QVERIFY2(std::abs(magnitudes[static_cast<std::size_t>(samples / 2)] - rest) < 0.3,
                 std::to_string(magnitudes[static_cast<std::size_t>(samples / 2)]).c_str());
        QVERIFY(recording.epochNs.has_value());
        QVERIFY(recording.findStream("IMU/gyroscope"));
    }

    /** 1700000000123456789 ns has no double; the first epoch_ns must be it to the last digit. */
    void aWallClockIsTakenBeforeSecondsElapsedAndStaysExact()
    {
        std::int64_t ns = 1'700'000'000'123'456'789;
        const auto path = m_folder.write("both.csv", "seconds_elapsed,time,x_acc,y_acc,z_acc\n" + restingRows([&](int i) {
            return nlohmann::json(0.01 * i).dump() + "," + std::to_string(ns + i * 10'000'001LL) + ",0.1,0.2,9.79";
        }));
        const Recording recording = openOne(path);
        QCOMPARE(*recording.epochNs, Nanos{ns});
        QCOMPARE(recording.findStream("IMU/accelerometer")->timesNs[399], Nanos{399} * 10'000'001);
        for (const Device &device : recording.devices) {
            for (const ImuStream &stream : device.streams)
                QVERIFY2(stream.kind != StreamKind::other, "a time became a channel");
        }
        QVERIFY(assumes(recording.report, "seconds_elapsed"));
        // Whole seconds of a wall clock at 100 rows a second say less than the count of seconds.
        const auto coarse = m_folder.write("coarse.csv", "seconds_elapsed,unix,x_acc,y_acc,z_acc\n" + restingRows([&](int i) {
            return nlohmann::json(0.01 * i).dump() + "," + std::to_string(1'700'000'000 + i / 100) + ",0.1,0.2,9.79";
        }));
        QCOMPARE(openOne(coarse).findStream("IMU/accelerometer")->timesNs[399], Nanos{3'990'000'000});
    }

    /** Apple's userAcceleration and gravity, as Sensor Logger writes them; then the same with gravity left in. */
    void accelerationBesideGravityIsWithoutGravityUnlessItHoldsIt()
    {
        const std::string header = "time,accelerationX,accelerationY,accelerationZ,gravityX,gravityY,gravityZ\n";
        const auto moving = [](int i) { return nlohmann::json(0.3 * std::sin(0.2 * i)).dump(); };
        const auto without = m_folder.write("apple.csv", header + restingRows([&](int i) {
            return nlohmann::json(0.01 * i).dump() + "," + moving(i) + ",0.01," + moving(i + 8) + ",0.1,-0.2,-0.97";
        }));
        const Recording recording = openOne(without);
        QVERIFY(!recording.findStream("IMU/accelerometer"));
        const ImuStream *linear = recording.findStream("IMU/linear-acceleration");
        QVERIFY(linear);
        QCOMPARE(linear->unitFound, std::string("g"));
        QVERIFY(std::abs(linear->values[1][5] - 0.01 * 9.80665) < 1e-6);
        QVERIFY(recording.findStream("IMU/gravity"));
        const auto with = m_folder.write("whole.csv", header + restingRows([&](int i) {
            return nlohmann::json(0.01 * i).dump() + "," + moving(i) + ",-0.2,-0.97,0.1,-0.2,-0.97";
        }));
        QVERIFY(openOne(with).findStream("IMU/accelerometer"));
    }

    void realWatchAccelerationIsWithoutGravity()
    {
        KINO_NEEDS_TEST_DATA();
        const auto path = m_folder.write("strange2.csv", contentOf(test::testDataFolder() / "formats/sensor_logger_applewatch_mit/WristMotion.csv"));
        const Recording guessed = openOne(path);
        QCOMPARE(guessed.format, std::string("guess"));
        // As the shipped profile reads the same file.
        const Recording known = openOne(test::testDataFolder() / "formats/sensor_logger_applewatch_mit/WristMotion.csv");
        QVERIFY(known.format != "guess");
        QCOMPARE(*guessed.epochNs, *known.epochNs);
        const ImuStream *a = guessed.findStream("IMU/linear-acceleration");
        QVERIFY(a);
        const ImuStream *b = nullptr;
        for (const ImuStream &stream : known.devices.at(0).streams) {
            if (stream.kind == StreamKind::linearAcceleration)
                b = &stream;
        }
        QVERIFY(b && std::ranges::equal(a->timesNs.values(), b->timesNs.values()));
        for (std::size_t axis = 0; axis < 3; ++axis)
            QVERIFY(std::abs(a->values[axis][100] - b->values[axis][100]) < 1e-5);
    }

    void aColumnCalledTimeThatCannotBeOneIsNamedWithTheReason_data()
    {
        QTest::addColumn<QString>("value"); // of row %1 or %2
        QTest::addColumn<QString>("reason");
        QTest::newRow("words") << "about %1" << "about";
        QTest::newRow("a clock without date") << "12:00:%1" << "ISO 8601";
        QTest::newRow("always the same") << "0" << "says the same in every row";
        QTest::newRow("back and forth") << "%2" << "do not rise";
        QTest::newRow("empty") << "" << "is empty";
    }
    void aColumnCalledTimeThatCannotBeOneIsNamedWithTheReason()
    {
        QFETCH(QString, value);
        QFETCH(QString, reason);
        const auto path = m_folder.write("odd_time.csv", "time,x_acc,y_acc,z_acc\n" + restingRows([&](int i) {
            QString text = value;
            text.replace("%1", QString::number(i)).replace("%2", QString::number((i * 7) % 10));
            return text.toStdString() + ",0.1,0.2,9.79";
        }));
        const GuessedProfile guess = guessProfile(path);
        QVERIFY(!assumes(guess.assumptions, "there is no column of times"));
        const auto row = std::ranges::find_if(guess.assumptions, [](const ReportRow &one) {
            return one.message.find("'time' cannot be the time") != std::string::npos;
        });
        QVERIFY(row != guess.assumptions.end());
        QVERIFY2(row->message.find(reason.toStdString()) != std::string::npos, row->message.c_str());
        QVERIFY(row->message.find("100 samples a second") != std::string::npos);
    }

    /** Two loggers' exports pasted into one file. */
    void rowsOfAnotherSeparatorAreLeftOutAndCounted_data()
    {
        QTest::addColumn<int>("every");
        QTest::addColumn<int>("good");
        QTest::newRow("one in four") << 4 << 300;
        QTest::newRow("nearly half") << 0 << 210; // the last 190 of 400
        QTest::newRow("every other, from the first on") << -2 << 200;
    }
    void rowsOfAnotherSeparatorAreLeftOutAndCounted()
    {
        QFETCH(int, every);
        QFETCH(int, good);
        const auto path = m_folder.write("mixed.csv", "time,x_acc,y_acc,z_acc,x_gyro,y_gyro,z_gyro\n" + restingRows([&](int i) {
            std::string row = nlohmann::json(0.01 * i).dump() + ",0.1,0.2,9.79,0.01,0.02,0.03";
            if (every > 0 ? i % every == 1 : every < 0 ? i % 2 == 0 : i >= good && i % 2 == 0)
                std::ranges::replace(row, ',', ';');
            if (every == 0 && i >= good && i % 2 == 1)
                std::ranges::replace(row, ',', '|');
            return row;
        }));
        const Recording recording = openOne(path);
        QCOMPARE(recording.findStream("IMU/accelerometer")->samples(), static_cast<std::size_t>(good));
        const auto bad = std::ranges::find(recording.report, "bad-row", &ReportRow::code);
        QVERIFY(bad != recording.report.end());
        QCOMPARE(bad->count, std::int64_t{400 - good});
        QCOMPARE(bad->line, std::int64_t{every > 0 ? 3 : every < 0 ? 2 : 212});
        QCOMPARE(recording.findStream("IMU/accelerometer")->timesNs[1], every > 0 ? Nanos{20'000'000} : every < 0 ? Nanos{20'000'000} : Nanos{10'000'000});
        QCOMPARE(std::ranges::count(recording.report, "bad-row", &ReportRow::code), std::ptrdiff_t{1});
    }

    /** Most fields of slow sensors are empty or say so in words; what is left still makes a table. */
    void wordsForNoValueAreNoObstacle()
    {
        const std::vector<std::string> words{"NaN", "#N/A", "", "-", "1.#IND", "inf", "NULL", "n/a", "None"};
        const auto path = m_folder.write("words.csv", "time,x_acc,y_acc,z_acc,x_mag (uT),y_mag (uT),z_mag (uT),who\n" + restingRows([&](int i) {
            const std::string word = words[static_cast<std::size_t>(i) % words.size()];
            return nlohmann::json(0.01 * i).dump() + (i % 3 == 0 ? "," + word : std::string(",0.1")) + ",0.2,9.79,"
                   + (i % 10 == 0 ? "30,1,2" : word + "," + word + "," + word) + ",p" + std::to_string(i % 3);
        }));
        const Recording recording = openOne(path);
        QCOMPARE(recording.findStream("IMU/accelerometer")->samples(), std::size_t{400});
        QCOMPARE(summariseStream(*recording.findStream("IMU/accelerometer")).nanValues, std::size_t{134}); // 0, 3, … 399
        QVERIFY(recording.findStream("IMU/magnetometer"));
        QVERIFY(std::ranges::find(recording.report, "bad-row", &ReportRow::code) == recording.report.end());
        // A column of texts is not dropped in silence.
        QVERIFY(assumes(recording.report, "'who' holds texts such as 'p0'"));
    }

    void textBesideRecordingsIsNoRecordingInAFolderAndASentenceByName()
    {
        test::TemporaryFolder folder;
        folder.write("README.md", "# Title\n\nSome words, and 3 numbers: 1, 2, 3.\n");
        folder.write("LICENSE.txt", "Permission is hereby granted,\nfree of charge, to any person\n");
        folder.write("subjects.csv", "id,age,height\ns1,31,180\ns2,44,171\ns3,27,165\n");
        folder.write("labels.txt", "1 1 5 250 1232\n1 1 7 1233 1392\n1 1 4 1393 2194\n");
        const std::filesystem::path all = folder.path();
        const ImportOutcome outcome = importPaths(std::span(&all, 1));
        QCOMPARE(outcome.recordings.size(), std::size_t{0});
        QCOMPARE(outcome.failures.size(), std::size_t{1}); // the folder holds nothing
        const std::filesystem::path license = folder / "LICENSE.txt";
        const ImportOutcome named = importPaths(std::span(&license, 1));
        QCOMPARE(named.recordings.size(), std::size_t{0});
        QVERIFY2(named.failures.at(0).message.find("not a table") != std::string::npos, named.failures.at(0).message.c_str());
    }

    void columnNamesAreUnderstood_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("axis");
        QTest::addColumn<QString>("device");
        QTest::addColumn<QString>("unit");
        QTest::newRow("1") << "Accelerometer X (g)" << "accelerometer" << "x" << "" << "g";
        QTest::newRow("2") << "gyroZ" << "gyroscope" << "z" << "" << "";
        QTest::newRow("3") << "left_sensor/acc_y" << "accelerometer" << "y" << "left_sensor" << "";
        QTest::newRow("4") << "rotationRateX" << "gyroscope" << "x" << "" << "";
        QTest::newRow("5") << "userAccelerationY" << "linear-acceleration" << "y" << "" << "";
        QTest::newRow("6") << "wrist_gx [deg/s]" << "gyroscope" << "x" << "wrist" << "deg/s";
        QTest::newRow("7") << "x_acc" << "accelerometer" << "x" << "" << "";
        QTest::newRow("8") << "quaternionW" << "orientation" << "w" << "" << "";
        QTest::newRow("9") << "Magnetometer Z (uT)" << "magnetometer" << "z" << "" << "uT";
        QTest::newRow("10") << "heart_rate" << "" << "" << "heart" << "";
    }
    void columnNamesAreUnderstood()
    {
        QFETCH(QString, name);
        QFETCH(QString, kind);
        QFETCH(QString, axis);
        QFETCH(QString, device);
        QFETCH(QString, unit);
        const ColumnMeaning meaning = columnMeaning(name.toStdString());
        QCOMPARE(QString::fromStdString(std::string(meaning.kind ? streamKindName(*meaning.kind) : "")), kind);
        QCOMPARE(QString::fromStdString(meaning.axis), axis);
        QCOMPARE(QString::fromStdString(meaning.device), device);
        QCOMPARE(QString::fromStdString(meaning.unit), unit);
    }
};

QTEST_GUILESS_MAIN(ProfileGuessTest)
#include "profile_guess_test.moc"
