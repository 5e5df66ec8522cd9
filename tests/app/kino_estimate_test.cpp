// `kino estimate` beside what `kino train` then does: the same steps, windows, weights and checkpoints; time and memory of the same order.
#include "core/base/files.h"
#include "tests/support/run_kino.h"
#include "tests/support/small_training.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>

using namespace kino;
using test::KinoRun;
using test::runKino;
using test::smallTraining;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/** The header of a safetensors file: a length of 8 bytes, then JSON. */
Json tensorsOf(const fs::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    std::uint64_t length = 0;
    stream.read(reinterpret_cast<char *>(&length), sizeof length);
    std::string text(length, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(length));
    Json header = Json::parse(text);
    header.erase("__metadata__");
    return header;
}

std::int64_t bytesOf(const fs::path &file, const std::string &without = "\n")
{
    const Json header = tensorsOf(file);
    std::int64_t bytes = 0;
    for (const auto &[name, tensor] : header.items()) {
        if (!name.starts_with(without))
            bytes += tensor.at("data_offsets").at(1).get<std::int64_t>() - tensor.at("data_offsets").at(0).get<std::int64_t>();
    }
    return bytes;
}

/** Every file below, with its size and when it was written. */
std::set<std::string> contentsOf(const fs::path &folder)
{
    std::set<std::string> contents;
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            contents.insert(entry.path().string() + " " + std::to_string(entry.file_size()) + " " + std::to_string(entry.last_write_time().time_since_epoch().count()));
    }
    return contents;
}

double numberAt(const Json &estimate, const char *group, const char *key) { return estimate.at(group).at(key).get<double>(); }

} // namespace

class KinoEstimateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QCOMPARE(runKino({"simulate", "--out", path("data"), "--subjects", "5", "--minutes", "1", "--rate", "50", "--video", "none", "-q"}).exitStatus, 0);
        write("spec.json", smallTraining());
    }

    void aRunIsAsItWasEstimated()
    {
        const std::set<std::string> before = contentsOf(m_folder.path().toStdString());
        const KinoRun estimated = runKino({"estimate", path("spec.json"), "--threads", "1", "--seconds", "0.3", "--json"});
        QVERIFY2(estimated.exitStatus == 0, estimated.messages.constData());
        QCOMPARE(contentsOf(m_folder.path().toStdString()), before);
        const Json estimate = estimated.json();
        QElapsedTimer since;
        since.start();
        QCOMPARE(runKino({"train", path("spec.json"), "--out", path("run"), "--threads", "1", "-q"}).exitStatus, 0);
        const double seconds = static_cast<double>(since.elapsed()) * 1e-3;
        const Json result = readJsonFile(at("run/result.json"));
        QCOMPARE(estimate.at("steps").at("all"), result.at("steps"));
        QCOMPARE(estimate.at("steps").at("epochs"), 2);
        QCOMPARE(estimate.at("steps").at("all").get<int>(), 2 * estimate.at("steps").at("first_epoch").get<int>());
        QCOMPARE(estimate.at("steps").at("counted"), true);
        QCOMPARE(estimate.at("windows"), result.at("windows"));
        QCOMPARE(estimate.at("threads"), 1);

        // Of every trained tensor two of Adam's, and its step.
        std::int64_t parameters = 0, tensors = 0;
        const Json last = tensorsOf(at("run/last.safetensors"));
        for (const auto &[name, tensor] : last.items()) {
            if (name.find("running_") != std::string::npos || name.find("num_batches") != std::string::npos)
                continue;
            std::int64_t count = 1;
            for (const Json &extent : tensor.at("shape"))
                count *= extent.get<std::int64_t>();
            parameters += count;
            ++tensors;
        }
        QCOMPARE(estimate.at("parameters").at("all"), parameters);
        QCOMPARE(estimate.at("memory").at("gradient_bytes"), 4 * parameters);
        const auto optimizer = estimate.at("memory").at("optimizer_bytes").get<std::int64_t>();
        QVERIFY2(optimizer >= 8 * parameters && optimizer <= 8 * parameters + 8 * tensors, estimate.dump().c_str());
        QCOMPARE(estimate.at("disk").at("weights_bytes"), bytesOf(at("run/best.safetensors")));
        QCOMPARE(estimate.at("disk").at("checkpoint_bytes"), bytesOf(at("run/checkpoint/current/state.safetensors"), "random."));

        // Of the same order: other programs may be at work beside this one.
        QVERIFY2(numberAt(estimate, "seconds", "all") > seconds / 8 && numberAt(estimate, "seconds", "all") < seconds * 8, estimate.at("seconds").dump().c_str());
        for (const char *group : {"seconds", "step_seconds"}) {
            const double middle = numberAt(estimate, group, group == std::string("seconds") ? "all" : "median");
            QVERIFY(numberAt(estimate, group, "low") > 0 && numberAt(estimate, group, "low") <= middle && middle <= numberAt(estimate, group, "high"));
        }
        rusage usage{};
        QCOMPARE(::getrusage(RUSAGE_CHILDREN, &usage), 0); // the largest child so far, in KiB
        const double peak = numberAt(estimate, "memory", "peak_bytes"), most = static_cast<double>(usage.ru_maxrss) * 1024;
        QVERIFY2(peak > 0.5 * most && peak < 1.5 * most, QByteArray::number(peak / most).constData());

        const KinoRun text = runKino({"estimate", path("spec.json"), "--threads", "1", "--seconds", "0.1", "-q"});
        QVERIFY2(text.output.contains("in 2 epochs") && text.output.contains("checkpoint"), text.output.constData());
    }

    void aStudysCellsShareWhatCostsTheSame()
    {
        Json study{{"kinoscope", 1}, {"kind", "study"}, {"base", smallTraining()}, {"grid", {{"train.batch", {16, 64}}, {"train.optimizer.options.lr", {1e-3, 1e-4}}}}, {"seeds", {1, 2, 3}}};
        write("study.json", study);
        const KinoRun estimated = runKino({"estimate", path("study.json"), "--threads", "1", "--seconds", "0.1", "--json"});
        QVERIFY2(estimated.exitStatus == 0, estimated.messages.constData());
        const Json estimate = estimated.json();
        QCOMPARE(estimate.at("kind"), "study");
        QCOMPARE(estimate.at("runs"), 12);
        QCOMPARE(estimate.at("cells"), 4);
        QCOMPARE(estimate.at("probes").size(), std::size_t{2});
        double seconds = 0;
        for (const Json &probe : estimate.at("probes")) {
            QCOMPARE(probe.at("runs"), 6);
            QCOMPARE(probe.at("cells").size(), std::size_t{2});
            seconds += 6 * numberAt(probe, "seconds", "all");
        }
        QVERIFY(std::abs(seconds - numberAt(estimate, "seconds", "all")) < 1e-9 * seconds);
        QVERIFY(estimate.at("probes")[0].at("steps").at("all") > estimate.at("probes")[1].at("steps").at("all")); // 16 windows a step, not 64
        QCOMPARE(estimate.at("notes").size(), std::size_t{2});
    }

    void aProjectGivesItsRecordingsAndIsLeftAlone()
    {
        QCOMPARE(runKino({"new", path("p.kino")}).exitStatus, 0);
        QCOMPARE(runKino({"import", path("p.kino"), path("data"), "-q"}).exitStatus, 0);
        Json spec = smallTraining();
        spec["data"]["recordings"] = {{"project", "all"}};
        spec["encoder"]["weights"] = {{"run", 7}};
        write("project.json", spec);
        const KinoRun without = runKino({"estimate", path("project.json")});
        QCOMPARE(without.exitStatus, 1);
        const std::set<std::string> before = contentsOf(at("p.kino"));
        const KinoRun estimated = runKino({"estimate", path("project.json"), "--project", path("p.kino"), "--threads", "1", "--seconds", "0.1", "--json"});
        QVERIFY2(estimated.exitStatus == 0, estimated.messages.constData());
        std::set<std::string> after = contentsOf(at("p.kino"));
        std::erase_if(after, [](const std::string &each) { return each.find("project.sqlite-") != std::string::npos; });
        QVERIFY(std::ranges::includes(before, after));
        QVERIFY2(estimated.json().at("notes").dump().find("Run 7 has no weights yet") != std::string::npos, estimated.json().dump().c_str());

        // The same windows as the files give, and as `kino windows` tells of the project.
        const KinoRun files = runKino({"windows", path("spec.json"), "--json"}), windows = runKino({"windows", path("project.json"), "--project", path("p.kino"), "--json"});
        QVERIFY2(windows.exitStatus == 0, windows.messages.constData());
        QCOMPARE(windows.json().at("windows"), files.json().at("windows"));
        QCOMPARE(windows.json().at("classes"), files.json().at("classes"));
        spec["data"]["recordings"] = {{"tag", "nothing"}};
        spec["encoder"].erase("weights");
        write("tag.json", spec);
        for (const QString &command : {QStringLiteral("estimate"), QStringLiteral("windows")}) {
            const KinoRun none = runKino({command, path("tag.json"), "--project", path("p.kino")});
            QCOMPARE(none.exitStatus, 1);
            QVERIFY2(none.messages.contains("no recording of the project has the tag \"nothing\""), none.messages.constData());
        }
    }

    void whatARunWouldRefuseIsRefused()
    {
        Json spec = smallTraining();
        spec["train"]["batch"] = 100'000;
        spec["objective"] = {{"name", "simclr"}};
        write("large.json", spec);
        const KinoRun large = runKino({"estimate", path("large.json")});
        QCOMPARE(large.exitStatus, 1);
        QVERIFY2(large.messages.contains("train.batch"), large.messages.constData());
        QCOMPARE(runKino({"estimate", path("nothing.json")}).exitStatus, 1);
        QCOMPARE(runKino({"estimate", path("spec.json"), "--seconds", "-1"}).exitStatus, 2);
    }

    void itEndsWhenItIsTold()
    {
        QProcess process;
        process.start(QStringLiteral(KINOSCOPE_BINARY_DIR "/bin/kino"), {"estimate", path("spec.json"), "--threads", "1", "--seconds", "600", "--set", "train.epochs=1000", "--tell-progress"});
        QByteArray told;
        QTRY_VERIFY_WITH_TIMEOUT((process.waitForReadyRead(10), told += process.readAllStandardError(), told.contains("step")), 60'000);
        process.terminate();
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 130);
    }

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    fs::path at(const QString &name) const { return path(name).toStdString(); }
    void write(const QString &name, const Json &content) const { writeFileAtomically(at(name), content.dump(2)); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(KinoEstimateTest)
#include "kino_estimate_test.moc"
