// `kino train` as a person uses it: what it leaves behind, what it refuses, and that it survives being killed.
#include "core/base/files.h"
#include "core/base/safetensors.h"
#include "tests/support/run_kino.h"
#include "tests/support/small_training.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

using namespace kino;
using test::KinoRun;
using test::runKino;
using test::smallTraining;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::vector<std::vector<std::string>> tableOf(const fs::path &file)
{
    std::vector<std::vector<std::string>> rows;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        std::vector<std::string> cells(1);
        for (const char c : line) {
            if (c == ',')
                cells.emplace_back();
            else
                cells.back() += c;
        }
        rows.push_back(std::move(cells));
    }
    return rows;
}

/** All that must not depend on where a run was stopped: speeds do. */
std::vector<std::vector<std::string>> metricsOf(const fs::path &run)
{
    auto rows = tableOf(run / "metrics.csv");
    std::erase_if(rows, [](const std::vector<std::string> &row) { return row.size() > 2 && row[2] == "train.windows_per_second"; });
    return rows;
}

std::int64_t checkpointStep(const fs::path &run)
{
    // `current` may be replaced between two calls.
    for (int attempt = 0; attempt < 20; ++attempt) {
        try {
            return readJsonFile(run / "checkpoint" / "current" / "state.json").at("state").at("step").get<std::int64_t>();
        } catch (const std::exception &) {
            QTest::qSleep(1);
        }
    }
    return -1;
}

} // namespace

class KinoTrainTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCOMPARE(runKino({"simulate", "--out", path("data"), "--subjects", "5", "--minutes", "1", "--rate", "50", "--video", "none", "-q"}).exitStatus, 0);
        write("spec.json", smallTraining());
    }

    void aRunLeavesItsFiles()
    {
        const KinoRun run = runKino({"train", path("spec.json"), "--out", path("whole"), "--threads", "1", "--json"});
        QVERIFY2(run.exitStatus == 0, run.messages.constData());
        const Json result = run.json();
        QCOMPARE(result.at("state"), "done");
        QCOMPARE(result, readJsonFile(at("whole/result.json")));

        // Figures are those of the predictions that lie beside them.
        const auto windows = tableOf(at("whole/windows.csv"));
        QCOMPARE(std::vector(windows[0].begin(), windows[0].begin() + 5), (std::vector<std::string>{"recording", "start_ns", "label", "subject", "split"}));
        std::map<std::string, std::size_t> parts;
        for (std::size_t row = 1; row < windows.size(); ++row)
            ++parts[windows[row][4]];
        QCOMPARE(result.at("windows").at("train"), parts["train"]);
        QCOMPARE(result.at("windows").at("test"), parts["test"]);
        const auto predictions = tableOf(at("whole/predictions.csv"));
        QCOMPARE(predictions.size(), parts["test"] + 1);
        std::size_t right = 0;
        std::set<std::string> labels;
        std::map<std::string, std::size_t> hits, truly, guessed;
        for (std::size_t row = 1; row < predictions.size(); ++row) {
            const std::string &label = predictions[row][2], &predicted = predictions[row][3];
            right += label == predicted;
            hits[label] += label == predicted;
            ++truly[label];
            ++guessed[predicted];
            labels.insert(label);
        }
        QCOMPARE(result.at("metrics").at("test.accuracy").get<double>(), static_cast<double>(right) / static_cast<double>(predictions.size() - 1));
        double f1 = 0;
        for (const std::string &label : labels)
            f1 += 2.0 * static_cast<double>(hits[label]) / static_cast<double>(truly[label] + guessed[label]);
        QVERIFY(std::abs(result.at("metrics").at("test.macro_f1").get<double>() - f1 / static_cast<double>(labels.size())) < 1e-12);
        QVERIFY(result.at("per_subject").contains("s05"));
        QCOMPARE(result.at("fingerprint").get<std::string>().size(), std::size_t{64});
        QCOMPARE(result.at("leakage").at("shared_subjects"), Json::array());
        // The same specification, complete, gives the same run; what was left out is written there.
        const Json complete = readJsonFile(at("whole/spec.json"));
        QCOMPARE(complete.at("train").at("optimizer").at("options").at("beta1"), 0.9);
        QVERIFY(runKino({"weights", path("whole/best.safetensors"), "--encoder", "har-cnn", "--set", "channels=6", "--json"}).json().at("missing").empty());

        const KinoRun again = runKino({"train", path("whole/spec.json"), "--out", path("again"), "--threads", "1", "-q"});
        QVERIFY2(again.exitStatus == 0, again.messages.constData());
        QCOMPARE(sha256OfFile(at("again/last.safetensors")), sha256OfFile(at("whole/last.safetensors")));
        QCOMPARE(metricsOf(at("again")), metricsOf(at("whole")));
    }

    void killedAnywhereItEndsTheSame()
    {
        // Slow enough that it can be hit; a checkpoint every few steps.
        constexpr std::int64_t kInterval = 6;
        constexpr int kKills = 2; // of a worker's run kino_jobs_test does it twenty times
        Json slow = smallTraining();
        slow["objective"] = {{"name", "simclr"}};
        slow["train"] = {{"epochs", 7}, {"batch", 16}, {"checkpoint_steps", kInterval}};
        write("slow.json", slow);
        const QStringList command{"train", path("slow.json"), "--threads", "1", "-q"};
        QCOMPARE(runKino(command + QStringList{"--out", path("unharmed")}).exitStatus, 0);
        const std::int64_t steps = readJsonFile(at("unharmed/result.json")).at("steps");
        QVERIFY(steps > kKills * 2 * kInterval);

        std::mt19937 random(20261121);
        int kills = 0;
        std::int64_t lastStep = 0;
        for (; kills < kKills; ++kills) {
            QProcess process;
            QStringList arguments = command + QStringList{"--out", path("killed")};
            if (kills > 0)
                arguments << "--resume";
            process.start(QStringLiteral(KINOSCOPE_BINARY_DIR "/bin/kino"), arguments);
            const std::int64_t wanted = lastStep + kInterval * static_cast<std::int64_t>(1 + random() % 2);
            QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning || checkpointStep(at("killed")) >= wanted, 60'000);
            QTest::qSleep(static_cast<int>(random() % 40));
            if (process.state() == QProcess::NotRunning)
                break;
            kill(static_cast<pid_t>(process.processId()), SIGKILL);
            QVERIFY(process.waitForFinished());
            const std::int64_t kept = checkpointStep(at("killed"));
            QVERIFY2(kept > lastStep, qPrintable(QString("%1 after %2").arg(kept).arg(lastStep)));
            QVERIFY(kept % kInterval == 0);
            lastStep = kept;
        }
        QVERIFY2(kills == kKills, "the run was over before it was killed often enough");
        // Goes on from the checkpoint: what is in the metrics before it is not written again.
        const KinoRun last = runKino(command + QStringList{"--out", path("killed"), "--resume"});
        QVERIFY2(last.exitStatus == 0, last.messages.constData());
        QCOMPARE(sha256OfFile(at("killed/last.safetensors")), sha256OfFile(at("unharmed/last.safetensors")));
        QCOMPARE(sha256OfFile(at("killed/best.safetensors")), sha256OfFile(at("unharmed/best.safetensors")));
        QCOMPARE(metricsOf(at("killed")), metricsOf(at("unharmed")));
    }

    void stoppedItSavesAndSaysSo()
    {
        Json slow = smallTraining();
        slow["objective"] = {{"name", "simclr"}};
        slow["train"] = {{"epochs", 200}, {"batch", 16}};
        write("stopped.json", slow);
        QProcess process;
        process.start(QStringLiteral(KINOSCOPE_BINARY_DIR "/bin/kino"), {"train", path("stopped.json"), "--out", path("stopped"), "--threads", "1", "--json"});
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(at("stopped/windows.csv")), 60'000);
        QTest::qSleep(500);
        kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 130);
        if (fs::exists(at("stopped/result.json"))) { // it had begun
            QCOMPARE(readJsonFile(at("stopped/result.json")).at("state"), "cancelled");
            QVERIFY(checkpointStep(at("stopped")) > 0);
        }
    }

    void whatCannotBeIsRefused_data()
    {
        // Tables of windows in which nobody walks in training, and in which a subject trains and tests.
        std::ofstream untaught(at("untaught.csv")), shared(at("shared.csv"));
        std::size_t number = 0;
        for (std::vector<std::string> row : tableOf(at("whole/windows.csv"))) {
            const auto write = [&row](std::ofstream &stream) {
                for (std::size_t cell = 0; cell < row.size(); ++cell)
                    stream << (cell > 0 ? "," : "") << row[cell];
                stream << "\n";
            };
            if (row[4] != "train" || row[2] != "walk")
                write(untaught);
            if (row[3] == "s01" && ++number % 2 == 0)
                row[4] = "test";
            write(shared);
        }
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("no file") << QStringList{path("nowhere.json")} << "nowhere.json";
        QTest::newRow("unsound") << QStringList{path("spec.json"), "--set", "train.batch=0"} << "train.batch";
        QTest::newRow("a run is there") << QStringList{path("spec.json"), "--out", path("whole")} << "--resume";
        QTest::newRow("another specification") << QStringList{path("spec.json"), "--out", path("whole"), "--resume", "--set", "seed=9"} << "another specification";
        QTest::newRow("other threads") << QStringList{path("spec.json"), "--out", path("whole"), "--resume", "--threads", "2"} << "--threads 1";
        QTest::newRow("class that is only tested") << QStringList{path("spec.json"), "--out", path("a"), "--set", "data.split={\"file\": \"untaught.csv\"}"} << "walk";
        QTest::newRow("subject in two parts") << QStringList{path("spec.json"), "--out", path("b"), "--set", "data.split={\"file\": \"shared.csv\"}"} << "s01";
        QTest::newRow("pretrained on the test's subjects") << QStringList{path("spec.json"), "--out", path("c"), "--set", "encoder.weights=whole/best.safetensors", "--set",
                                                                          "data.split={\"by\": \"subject\", \"test\": [\"s01\"]}"}
                                                           << "s01";
        QTest::newRow("weights of another encoder") << QStringList{path("spec.json"), "--out", path("d"), "--set", "encoder={\"name\": \"primus\", \"weights\": \"whole/best.safetensors\"}",
                                                                   "--set", "data.window.seconds=2.5"}
                                                    << "do not fit the encoder";
        QTest::newRow("balanced versions") << QStringList{path("spec.json"), "--out", path("e"), "--set", "objective.name=multitask", "--set", "data.sampler={\"name\": \"balanced\"}"}
                                           << "data.sampler";
    }

    void whatCannotBeIsRefused()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, sentence);
        if (!arguments.contains("--threads"))
            arguments << "--threads" << "1";
        const KinoRun run = runKino(QStringList{"train"} + arguments);
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains(sentence.toUtf8()), run.messages.constData());
        // What could not begin does not stand in the way of what can.
        for (const char *folder : {"a", "b", "c", "d", "e"})
            QVERIFY2(!fs::exists(at(folder) / "spec.json"), folder);
    }

    void frozenEncodersAreProbed()
    {
        const KinoRun run = runKino({"train", path("spec.json"), "--out", path("probe"), "--threads", "1", "--json", "-q", "--set", "encoder.freeze=true", "--set",
                                     "encoder.weights=whole/best.safetensors"});
        QVERIFY2(run.exitStatus == 0, run.messages.constData());
        // The encoder is the one that was given, and it is in the file.
        const Json kept = runKino({"weights", path("probe/best.safetensors"), "--encoder", "har-cnn", "--set", "channels=6", "--json"}).json();
        QVERIFY(kept.at("missing").empty());
    }

    void figuresAreThoseOfTheBestState()
    {
        // A queue and a slow encoder that move on after the best epoch must not judge it.
        const KinoRun run = runKino({"train", path("spec.json"), "--out", path("moco"), "--threads", "1", "--json", "-q", "--set", "objective={\"name\": \"moco\", \"options\": {\"queue\": 64}}",
                                     "--set", "train.batch=16", "--set", "train.epochs=6", "--set", "train.optimizer.options.lr=0.02", "--set", "augment=[{\"name\": \"noise\"}]"});
        QVERIFY2(run.exitStatus == 0, run.messages.constData());
        double best = std::numeric_limits<double>::infinity();
        for (const auto &row : tableOf(at("moco/metrics.csv"))) {
            if (row[2] == "validation.loss")
                best = std::min(best, std::stod(row[3]));
        }
        QCOMPARE(run.json().at("metrics").at("validation.loss").get<double>(), best);
    }

    void vectorsAreClassifiedToo()
    {
        // Two people with two labels each, told apart by the sign of the first number.
        std::vector<float> vectors;
        std::vector<std::int64_t> recording, start, label, subject;
        for (std::int64_t row = 0; row < 80; ++row) {
            recording.push_back(row / 40);
            start.push_back(row * 1'000'000'000);
            label.push_back(row % 2);
            subject.push_back(row / 40);
            vectors.push_back(row % 2 == 0 ? 1.0F : -1.0F);
            vectors.push_back(static_cast<float>(row) / 80.0F);
        }
        const auto whole = [](const std::vector<std::int64_t> &values) { return TensorView{"I64", {80}, std::as_bytes(std::span(values))}; };
        writeSafetensors(at("vectors.safetensors"),
                         {{"vectors", {"F32", {80, 2}, std::as_bytes(std::span(vectors))}},
                          {"recording", whole(recording)},
                          {"start_ns", whole(start)},
                          {"label", whole(label)},
                          {"subject", whole(subject)}},
                         {{"recordings", "[\"one\", \"two\"]"}, {"labels", "[\"sit\", \"walk\"]"}, {"subjects", "[\"a\", \"b\"]"}});
        write("vectors.json", {{"kinoscope", 1},
                               {"data", {{"source", "embeddings"}, {"vectors", "vectors.safetensors"}, {"split", {{"by", "subject"}, {"test", {"b"}}}}}},
                               {"objective", {{"name", "supervised"}}},
                               {"train", {{"epochs", 40}, {"batch", 8}, {"optimizer", {{"name", "adam"}, {"options", {{"lr", 0.05}}}}}}}});
        const KinoRun run = runKino({"train", path("vectors.json"), "--out", path("vectors"), "--threads", "1", "--json", "-q"});
        QVERIFY2(run.exitStatus == 0, run.messages.constData());
        QCOMPARE(run.json().at("metrics").at("test.accuracy"), 1.0);
        QCOMPARE(run.json().at("windows").at("test"), 40);
        QVERIFY(runKino({"windows", path("vectors.json")}).output.contains("80 vectors of 2 values from 2 recordings"));
    }

    void foldersOfOthersAreLeftAlone()
    {
        fs::create_directories(at("mine"));
        std::ofstream(at("mine/windows.csv")) << "mine\n";
        const KinoRun run = runKino({"train", path("spec.json"), "--out", path("mine"), "--threads", "1", "-q"});
        QCOMPARE(run.exitStatus, 1);
        QVERIFY2(run.messages.contains("windows.csv"), run.messages.constData());
        QCOMPARE(readTextFile(at("mine/windows.csv")), std::string("mine\n"));
        // Nor do two runs share one.
        QProcess first;
        first.start(QStringLiteral(KINOSCOPE_BINARY_DIR "/bin/kino"), {"train", path("stopped.json"), "--out", path("shared"), "--threads", "1", "-q"});
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(at("shared/.lock")), 60'000);
        const KinoRun second = runKino({"train", path("stopped.json"), "--out", path("shared"), "--threads", "1", "-q", "--resume"});
        QCOMPARE(second.exitStatus, 1);
        QVERIFY2(second.messages.contains("in use"), second.messages.constData());
        first.kill();
        QVERIFY(first.waitForFinished());
    }

    void whatCouldNotBeReadIsInTheResult()
    {
        fs::copy(at("data"), at("hurt"), fs::copy_options::recursive);
        std::ofstream(at("hurt/s02/s02_01.csv")) << "no table\n";
        Json hurt = smallTraining();
        hurt["data"]["recordings"] = {"hurt/*/s*_*.csv"};
        hurt["train"]["epochs"] = 1;
        write("hurt.json", hurt);
        const KinoRun run = runKino({"train", path("hurt.json"), "--out", path("hurtrun"), "--threads", "1", "-q", "--json"});
        QCOMPARE(run.exitStatus, 3);
        QVERIFY(run.json().at("errors").dump().find("s02_01.csv") != std::string::npos);
    }

private:
    QString path(const char *name) const { return m_folder.filePath(name); }
    fs::path at(const char *name) const { return fs::path(m_folder.path().toStdString()) / name; }
    void write(const char *name, const Json &document) const { std::ofstream(at(name)) << document.dump(1); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(KinoTrainTest)
#include "kino_train_test.moc"
