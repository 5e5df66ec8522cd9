// Nonsense for every option of every command: status 2 and one sentence that says what, where and what is allowed.
#include "tests/support/run_kino.h"
#include "tests/support/test_data.h"

#include <QTest>

using namespace kino::test;

class KinoUsageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nonsenseIsTwoWithASentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("said");
        const auto add = [](const char *line, const QStringList &arguments, const QStringList &said) {
            QTest::newRow(line) << arguments << said;
        };
        const QStringList frame{"frame", "x.mp4", "--out", "x.png", "--at"};
        for (const char *at : {"nan", "inf", "1e400", "abc", "", "1,5"})
            add(at, frame + QStringList{at}, {"--at", "seconds"});
        const QStringList frameAt = frame + QStringList{"1"};
        for (const char *video : {"-1", "x", "1.5"})
            add((std::string("video ") + video).c_str(), frameAt + QStringList{"--video", video}, {"--video", "whole number"});
        add("frame.jpg", {"frame", "x.mp4", "--at", "1", "--out", "x.jpg"}, {"--out", "x.jpg", ".png"});
        add("frame of nothing", {"frame", "", "--at", "1", "--out", "x.png"}, {"PATH", "empty"});
        add("empty recording", frameAt + QStringList{"--recording", ""}, {"--recording", "empty"});
        add("empty profile", frameAt + QStringList{"--profile", ""}, {"--profile", "empty"});
        add("value missing", frame, {"--at"});

        const QStringList spectrogram{"spectrogram", "x.csv", "--stream", "accelerometer", "--out", "x.npy"};
        const auto addSpectrogram = [&](const char *option, const char *value, const QStringList &said) {
            add((std::string("spectrogram ") + option + value).c_str(), spectrogram + QStringList{option, value},
                QStringList{option} + said);
        };
        for (const char *value : {"1", "nan", "1.5", "99999999"})
            addSpectrogram("--window", value, {"whole number"});
        for (const char *value : {"0", "abc"})
            addSpectrogram("--hop", value, {"whole number"});
        for (const char *value : {"0", "nan", "inf"})
            addSpectrogram("--rate", value, {"Hz"});
        addSpectrogram("--mode", "loud", {"power, db or model"});
        addSpectrogram("--shape", "round", {"hann"});
        add("spectrogram.txt", {"spectrogram", "x", "--stream", "a", "--out", "a.txt"}, {"--out", ".npy or .png"});
        add("empty stream", {"spectrogram", "x", "--stream", "", "--out", "a.npy"}, {"--stream", "empty"});

        const auto addSimulate = [&](const char *option, const char *value, const QStringList &said) {
            add((std::string("simulate ") + option + value).c_str(), {"simulate", "--out", "never-made", option, value}, said);
        };
        for (const char *value : {"0", "-1", "99999999999999999999", "1.5"})
            addSimulate("--subjects", value, {"--subjects", "1 to 999"});
        for (const char *value : {"0", "nan", "1e9"})
            addSimulate("--minutes", value, {"minutes", "1440"});
        for (const char *value : {"-1", "1e3"})
            addSimulate("--seed", value, {"--seed", "whole number"});
        for (const char *value : {"0", "nan"})
            addSimulate("--rate", value, {"--rate", "10 to 10000"});
        for (const char *value : {"banana", "640x360@", ""})
            addSimulate("--video", value, {});
        addSimulate("--video", "0x0@30", {"width and height"});
        addSimulate("--video", "641x361@30", {"even"});
        addSimulate("--video", "640x360@nan", {"rate"});
        for (const char *value : {"nan", "1e12"})
            addSimulate("--offset-s", value, {"--offset-s", "3600"});
        for (const char *value : {"nan", "1e9"})
            addSimulate("--drift-ppm", value, {"--drift-ppm", "10000"});
        for (const char *value : {"foo", "walk,,run", ""})
            addSimulate("--activities", value, {});
        add("simulate nowhere", {"simulate", "--out", ""}, {"--out", "empty"});

        for (const char *command : {"new", "list", "check"})
            add((std::string(command) + " nothing").c_str(), {command, ""}, {"P.kino", "empty"});
        add("inspect nothing", {"inspect", ""}, {"PATH", "empty"});
        add("inspect nothing and something", {"inspect", "a.csv", ""}, {"PATH", "empty"});
        add("inspect subject", {"inspect", "a.csv", "--subject", "("}, {"--subject", "regular expression"});
        add("inspect profile", {"inspect", "a.csv", "--profile", ""}, {"--profile", "empty"});
        add("import nothing", {"import", "p.kino", ""}, {"PATH", "empty"});
        add("import subject", {"import", "p.kino", "a.csv", "--subject", "["}, {"--subject", "regular expression"});
        add("import tag", {"import", "p.kino", "a.csv", "--tag", ""}, {"--tag", "empty"});
        for (const char *value : {"nan", "1e10", ""}) {
            add((std::string("sync ") + value).c_str(), {"sync", "p.kino", "r", "--video", "v", "--offset-s", value},
                {"--offset-s", "seconds"});
            add((std::string("sync drift ") + value).c_str(),
                {"sync", "p.kino", "r", "--video", "v", "--offset-s", "0", "--drift-ppm", value}, {"--drift-ppm", "ppm"});
        }
        add("sync whose", {"sync", "p.kino", "r", "--offset-s", "0"}, {"--device NAME or --video NAME"});
        add("sync both", {"sync", "p.kino", "r", "--offset-s", "0", "--video", "v", "--device", "d"}, {"--device", "--video"});
        add("sync empty", {"sync", "p.kino", "", "--offset-s", "0", "--video", "v"}, {"RECORDING", "empty"});
        add("export as", {"export", "p.kino", "r", "--to", "e", "--as", "xml"}, {"--as", "csv or npy"});
        add("export to", {"export", "p.kino", "r", "--to", ""}, {"--to", "empty"});
        add("annotations what", {"annotations", "p.kino", "r"}, {"--export FILE or --import FILE"});
        add("annotations.txt", {"annotations", "p.kino", "r", "--export", "a.txt"}, {"--export", ".csv or .eaf"});
        add("annotations import", {"annotations", "p.kino", "r", "--import", ""}, {"--import", ".csv or .eaf"});
        add("check locate", {"check", "p.kino", "--locate", "/nowhere"}, {"--locate", "/nowhere"});

        add("command", {"inspekt", "a.csv"}, {"\"inspekt\"", "`inspect`", "kino --help"});
        add("command chek", {"chek", "p.kino"}, {"\"chek\"", "`check`"});
        add("no such command", {"banana"}, {"\"banana\"", "kino --help"});
        add("option", {"inspect", "a.csv", "--jsn"}, {"--jsn", "`--json`", "kino inspect --help"});
        add("option far off", {"inspect", "a.csv", "--nonsense=3"}, {"--nonsense", "kino inspect --help"});
        add("further argument", {"formats", "extra"}, {"\"extra\"", "kino formats --help"});
        add("flag with a value", {"inspect", "a.csv", "--json=banana"}, {"--json", "banana"});
    }
    void nonsenseIsTwoWithASentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, said);
        const KinoRun run = runKino(arguments);
        QVERIFY2(run.exitStatus == 2, run.messages);
        QVERIFY(run.output.isEmpty());
        QVERIFY2(run.messages.startsWith("kino: ") && run.messages.count('\n') == 1, run.messages);
        for (const QString &part : said)
            QVERIFY2(run.messages.contains(part.toUtf8()), run.messages);
    }

    void farWordsAreNotSuggested()
    {
        QVERIFY(!runKino({"banana"}).messages.contains("did you mean"));
        QVERIFY(runKino({"smiulate"}).messages.contains("did you mean `simulate`?"));
    }

    void missingVideoIsOneAndSaysWhichThereAre()
    {
        KINO_NEEDS_TEST_DATA();
        const TemporaryFolder folder;
        const auto clip = QString::fromStdString((testDataFolder() / "gopro_mp4/karma.mp4").string());
        const auto out = QString::fromStdString((folder.path() / "x.png").string());
        const KinoRun run = runKino({"frame", clip, "--at", "1", "--out", out, "--video", "7"});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains("no video 7") && run.messages.contains("0 only"), run.messages);
    }

    void placeThatCannotBeWrittenIsOneWithAWayOut()
    {
        KINO_NEEDS_TEST_DATA();
        const auto clip = QString::fromStdString((testDataFolder() / "gopro_mp4/karma.mp4").string());
        const KinoRun run = runKino({"frame", clip, "--at", "1", "--out", "/nowhere/x.png"});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains("/nowhere/x.png") && run.messages.contains("choose a folder"), run.messages);
    }
};

QTEST_GUILESS_MAIN(KinoUsageTest)
#include "kino_usage_test.moc"
