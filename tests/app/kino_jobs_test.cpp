// Jobs of a project as a person uses them: `kino submit`, `work` and the rest, with workers that are killed, suspended and told to stop.
// KINO_KILLS sets how often the worker is killed (20 without it).
#include "core/base/files.h"
#include "core/store/jobs/metrics.h"
#include "core/store/jobs/run_table.h"
#include "core/store/project.h"
#include "tests/support/run_kino.h"
#include "tests/support/small_training.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <sys/resource.h>

using namespace kino;
using test::KinoRun;
using test::runKino;
using test::smallTraining;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

/** That begin so. */
std::int64_t linesIn(const fs::path &file, const std::string &beginning)
{
    std::ifstream stream(file);
    std::int64_t lines = 0;
    for (std::string line; std::getline(stream, line);)
        lines += line.starts_with(beginning) ? 1 : 0;
    return lines;
}

/** A worker that the test may harm. */
class WorkerProcess {
public:
    explicit WorkerProcess(const QString &project, const QStringList &more = {"--once"}, const std::function<void()> &inChild = {})
    {
        if (inChild)
            m_process.setChildProcessModifier(inChild);
        m_process.start(QStringLiteral(KINOSCOPE_BINARY_DIR "/bin/kino"), QStringList{"work", project, "--threads", "1"} + more);
    }
    ~WorkerProcess()
    {
        if (m_process.state() != QProcess::NotRunning) {
            send(SIGCONT);
            m_process.kill();
            m_process.waitForFinished();
        }
    }
    void send(int signal) { ::kill(static_cast<pid_t>(m_process.processId()), signal); }
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    bool waitForEnd(int ms = 120'000) { return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(ms); }
    int status() const { return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1; }
    QByteArray messages() { return m_process.readAllStandardError(); }

private:
    QProcess m_process;
};

} // namespace

class KinoJobsTest : public QObject {
    Q_OBJECT

public:
    /** Twenty workers one after another take their time on a busy machine. */
    static void initMain() { qputenv("QTEST_FUNCTION_TIMEOUT", "1200000"); }

private Q_SLOTS:
    void initTestCase()
    {
        QCOMPARE(runKino({"simulate", "--out", path("data"), "--subjects", "5", "--minutes", "1", "--rate", "50", "--video", "none", "-q"}).exitStatus, 0);
        QCOMPARE(runKino({"new", path("p.kino")}).exitStatus, 0);
        m_store = std::make_unique<JobStore>(at("p.kino"));
        write("short.json", smallTraining());
        Json slow = smallTraining();
        slow["objective"] = {{"name", "simclr"}};
        slow["train"] = {{"epochs", 500}, {"batch", 16}, {"checkpoint_steps", 6}};
        write("slow.json", slow);
    }

    void cleanupTestCase() { m_store.reset(); }

    void aJobIsDone()
    {
        const KinoRun submitted = runKino({"submit", path("p.kino"), path("short.json"), "--tag", "first", "--json", "-q"});
        QVERIFY2(submitted.exitStatus == 0, submitted.messages.constData());
        const JobId id = submitted.json().at("job").get<JobId>();
        QCOMPARE(submitted.json(), (Json{{"job", id}}));
        QCOMPARE(jobJson(id).at("state"), "queued");
        const KinoRun work = runKino({"work", path("p.kino"), "--once", "--threads", "1", "--json", "-q"});
        QVERIFY2(work.exitStatus == 0, work.messages.constData());
        QCOMPARE(work.json(), (Json{{"done", 1}, {"failed", 0}, {"stopped", 0}}));
        const Json job = jobJson(id);
        QCOMPARE(job.at("state"), "done");
        QCOMPARE(job.at("progress"), 1.0);
        QVERIFY(job.at("error").is_null() && job.at("eta_s").is_null());

        // The same as without a project: files, result, and the numbers in the database.
        QCOMPARE(runKino({"train", path("short.json"), "--out", path("alone"), "--threads", "1", "-q"}).exitStatus, 0);
        const fs::path run = m_store->runFolder(id);
        QCOMPARE(sha256OfFile(run / "best.safetensors"), sha256OfFile(at("alone/best.safetensors")));
        QCOMPARE(sha256OfFile(run / "predictions.csv"), sha256OfFile(at("alone/predictions.csv")));
        const JobDetail detail = m_store->detail(id);
        QCOMPARE(detail.result.at("metrics"), readJsonFile(at("alone/result.json")).at("metrics"));
        QCOMPARE(detail.row.fingerprint, std::optional(detail.result.at("fingerprint").get<std::string>()));
        QCOMPARE(detail.environment.at("threads"), 1);
        QVERIFY(detail.environment.at("libtorch").get<std::string>().starts_with("2."));
        QVERIFY(std::ranges::any_of(detail.artifacts, [](const JobArtifact &each) { return each.path == "best.safetensors" && each.bytes > 1000; }));
        QCOMPARE(metricsOf(at("p.kino"), id), rowsWithoutSpeed(QByteArray::fromStdString(readTextFile(at("alone/metrics.csv")))));

        // Its log tells how it went: data, model, each validation, the end with what came of it.
        const std::vector<JobLogLine> log = m_store->log(id);
        const auto linesWith = [&](std::string_view words) { return std::ranges::count_if(log, [&](const JobLogLine &line) { return line.text.starts_with(words); }); };
        const Json &counts = detail.result.at("windows");
        QCOMPARE(linesWith("Data: training on " + std::to_string(counts.at("train").get<std::size_t>()) + " windows of "), 1);
        QCOMPARE(linesWith("Model: encoder "), 1);
        QVERIFY(linesWith("After epoch 1 of ") == 1 && linesWith("After epoch ") >= 2);
        QCOMPARE(linesWith("Done: " + std::to_string(detail.result.at("steps").get<int>()) + " steps in "), 1);
        QVERIFY(log.back().text.find("test.macro_f1 ") != std::string::npos);

        const Json runs = runKino({"runs", path("p.kino"), "--where", "tag = first and test.accuracy >= 0 and train.batch = 32", "--json"}).json().at("runs");
        QCOMPARE(runs.size(), std::size_t{1});
        QCOMPARE(runs[0].at("metrics").at("test.macro_f1"), detail.result.at("metrics").at("test.macro_f1"));
        QVERIFY(runKino({"runs", path("p.kino"), "--where", "tag = other", "--json"}).json().at("runs").empty());
        QCOMPARE(runKino({"runs", path("p.kino"), "--where", "tag = "}).exitStatus, 1);
        const KinoRun nothing = runKino({"metrics", path("p.kino"), QString::number(id), "--key", "nothing"});
        QCOMPARE(nothing.exitStatus, 1);
        QVERIFY2(nothing.messages.contains("train.loss"), nothing.messages.constData());
    }

    void runsFromElsewhereAreTakenIn()
    {
        const KinoRun taken = runKino({"import-run", path("p.kino"), path("alone"), "--json"});
        QVERIFY2(taken.exitStatus == 0, taken.messages.constData());
        const JobId id = taken.json().at("run").get<JobId>();
        QCOMPARE(m_store->row(id).state, JobState::done);
        QCOMPARE(metricsOf(at("p.kino"), id), rowsWithoutSpeed(QByteArray::fromStdString(readTextFile(at("alone/metrics.csv")))));
        QCOMPARE(sha256OfFile(m_store->runFolder(id) / "best.safetensors"), sha256OfFile(at("alone/best.safetensors")));
        QCOMPARE(m_store->detail(id).result, readJsonFile(at("alone/result.json")));
        const KinoRun again = runKino({"import-run", path("p.kino"), path("alone")});
        QCOMPARE(again.exitStatus, 1);
        QVERIFY2(again.messages.contains("already"), again.messages.constData());
        QCOMPARE(runKino({"import-run", path("p.kino"), path("data")}).exitStatus, 1);
    }

    /** One that was stopped elsewhere: what it had measured stays, and what comes later follows. */
    void anUnfinishedRunFromElsewhereGoesOn()
    {
        QProcess training;
        training.start(QStringLiteral(KINOSCOPE_BINARY_DIR "/bin/kino"),
                       {"train", path("short.json"), "--out", path("half"), "--threads", "1", "--set", "train.epochs=40", "--set", "train.checkpoint_steps=2", "-q"});
        QTRY_VERIFY_WITH_TIMEOUT(fs::exists(at("half/checkpoint/current")), 60'000);
        training.terminate();
        QVERIFY(training.waitForFinished(60'000));
        QCOMPARE(training.exitCode(), 130);
        const KinoRun taken = runKino({"import-run", path("p.kino"), path("half"), "--json"});
        QVERIFY2(taken.exitStatus == 0, taken.messages.constData());
        const JobId id = taken.json().at("run").get<JobId>();
        QCOMPARE(m_store->row(id).state, JobState::cancelled);
        const auto before = rowsWithoutSpeed(QByteArray::fromStdString(readTextFile(at("half/metrics.csv"))));
        QVERIFY(before.size() > 2);
        QCOMPARE(metricsOf(at("p.kino"), id), before);
        QCOMPARE(runKino({"resume", path("p.kino"), QString::number(id)}).exitStatus, 0);
        QCOMPARE(runKino({"work", path("p.kino"), "--once", "--threads", "1", "-q"}).exitStatus, 0);
        QCOMPARE(m_store->row(id).state, JobState::done);
        const auto after = rowsWithoutSpeed(QByteArray::fromStdString(readTextFile(m_store->runFolder(id) / "metrics.csv")));
        QVERIFY(after.size() > before.size());
        QCOMPARE(metricsOf(at("p.kino"), id), after);
    }

    /** The recordings of the project, with clocks and labels as they are there; a run's weights, with what they have seen. */
    void projectsGiveTheirRecordingsAndRuns()
    {
        QCOMPARE(runKino({"new", path("r.kino")}).exitStatus, 0);
        const KinoRun imported = runKino({"import", path("r.kino"), path("data"), "-q"});
        QVERIFY2(imported.exitStatus == 0, imported.messages.constData());
        Json all = smallTraining();
        all["data"]["recordings"] = {{"project", "all"}};
        write("all.json", all);
        JobStore store(at("r.kino"));
        const KinoRun first = runKino({"submit", path("r.kino"), path("all.json"), "-q"});
        QVERIFY2(first.exitStatus == 0, first.messages.constData());
        const KinoRun work = runKino({"work", path("r.kino"), "--once", "--threads", "1", "-q"});
        QVERIFY2(work.exitStatus == 0, store.row(1).error.value_or("").c_str());
        // The files are the same, so the samples are; only names differ.
        QCOMPARE(store.detail(1).result.at("windows"), readJsonFile(at("alone/result.json")).at("windows"));
        QCOMPARE(store.detail(1).result.at("metrics"), readJsonFile(at("alone/result.json")).at("metrics"));

        // A label that is taken away in the project is gone for the next run.
        Project project = Project::open(at("r.kino"));
        const RecordingId recording = project.library().at(0).id;
        const std::string recordingName = project.library().at(0).name;
        const KinoRun same = runKino({"difference", path("r.kino"), "1", "--json"});
        QVERIFY2(same.exitStatus == 0, same.messages.constData());
        QCOMPARE(same.json().at("unchanged"), linesIn(store.runFolder(1) / "windows.csv", "") - 1); // without its heading
        QVERIFY(same.json().at("added").empty() && same.json().at("removed").empty() && same.json().at("relabelled").empty() && same.json().at("moved").empty());
        const auto tiers = project.tiers(recording);
        const auto tier = std::ranges::find(tiers, std::string("activity"), &StoredTier::name);
        QVERIFY(tier != tiers.end());
        project.removeTier(tier->id);
        const KinoRun fewer = runKino({"difference", path("r.kino"), "1", "--json"});
        QVERIFY2(fewer.exitStatus == 0, fewer.messages.constData());
        const std::int64_t lost = linesIn(store.runFolder(1) / "windows.csv", recordingName + ",");
        QVERIFY(lost > 10);
        QCOMPARE(fewer.json().at("removed").size(), static_cast<std::size_t>(lost));
        QCOMPARE(fewer.json().at("removed")[0].at("recording"), recordingName);
        QVERIFY(fewer.json().at("added").empty() && fewer.json().at("relabelled").empty());
        QCOMPARE(fewer.json().at("unchanged"), same.json().at("unchanged").get<std::int64_t>() - lost);
        QCOMPARE(runKino({"difference", path("r.kino"), "99"}).exitStatus, 1);
        project.addTag(project.library().at(1).id, "none");
        // Weights of run 1, which trained on s01, for a test on s01: leakage through lineage.
        Json probe = all;
        probe["encoder"]["weights"] = {{"run", 1}};
        probe["data"]["split"] = {{"by", "subject"}, {"validation", {"s04"}}, {"test", {"s02"}}};
        write("probe.json", probe);
        QCOMPARE(runKino({"submit", path("r.kino"), path("probe.json"), "-q"}).exitStatus, 0);
        probe["data"]["split"] = {{"by", "subject"}, {"validation", {"s04"}}, {"test", {"s05"}}};
        write("fair.json", probe);
        QCOMPARE(runKino({"submit", path("r.kino"), path("fair.json"), "-q"}).exitStatus, 0);
        all["data"]["recordings"] = {{"tag", "nobody"}};
        write("tag.json", all);
        QCOMPARE(runKino({"submit", path("r.kino"), path("tag.json"), "-q"}).exitStatus, 0);
        QCOMPARE(runKino({"work", path("r.kino"), "--once", "--threads", "1", "-q"}).exitStatus, 3);
        QCOMPARE(store.row(2).state, JobState::failed);
        QVERIFY2(store.row(2).error->find("s02") != std::string::npos, store.row(2).error->c_str());
        QCOMPARE(store.log(2).back().text, *store.row(2).error);
        QVERIFY2(store.row(3).state == JobState::done, store.row(3).error.value_or("").c_str());
        QCOMPARE(store.detail(3).parents.at(0).id, 1);
        QVERIFY(store.detail(3).result.at("windows") != store.detail(1).result.at("windows"));
        QCOMPARE(store.row(4).state, JobState::failed);
        QVERIFY2(store.row(4).error->find("there is: none") != std::string::npos, store.row(4).error->c_str());
        // Of a run that there is not.
        probe["encoder"]["weights"] = {{"run", 77}};
        write("lost.json", probe);
        QCOMPARE(runKino({"submit", path("r.kino"), path("lost.json"), "-q"}).exitStatus, 1);
    }

    void cancelAndPauseAreFast()
    {
        std::vector<double> acknowledged, stopped, paused;
        const JobId id = submit("slow.json");
        for (int round = 0; round < 5; ++round) {
            WorkerProcess worker(path("p.kino"));
            QVERIFY(waitForStep(id, 1));
            auto start = Clock::now();
            m_store->cancel(id);
            while (m_store->row(id).state == JobState::running && msSince(start) < 10'000)
                QTest::qSleep(1);
            acknowledged.push_back(msSince(start));
            QVERIFY(m_store->row(id).state == JobState::cancelling || m_store->row(id).state == JobState::cancelled);
            while (m_store->row(id).state == JobState::cancelling && msSince(start) < 10'000)
                QTest::qSleep(1);
            stopped.push_back(msSince(start));
            QCOMPARE(m_store->row(id).state, JobState::cancelled);
            QVERIFY(worker.waitForEnd());
            const std::int64_t kept = checkpointStep(id);
            QVERIFY(kept > 0);
            // Cancelled is not lost: it goes on where it was, and pauses.
            QCOMPARE(runKino({"resume", path("p.kino"), QString::number(id)}).exitStatus, 0);
            WorkerProcess second(path("p.kino"));
            QVERIFY(waitForStep(id, kept + 1));
            start = Clock::now();
            m_store->pause(id);
            while (m_store->row(id).state == JobState::running && msSince(start) < 10'000)
                QTest::qSleep(1);
            paused.push_back(msSince(start));
            QCOMPARE(m_store->row(id).state, JobState::paused);
            QVERIFY(second.waitForEnd());
            m_store->resume(id);
        }
        m_store->cancel(id);
        const auto line = [](const char *what, std::vector<double> ms) {
            std::ranges::sort(ms);
            qInfo("%s: median %.0f ms, longest %.0f ms of %zu", what, ms[ms.size() / 2], ms.back(), ms.size());
            return ms[ms.size() / 2];
        };
        const double median = line("cancel acknowledged", acknowledged);
        line("cancel to stopped, checkpoint written", stopped);
        line("pause to paused, checkpoint written", paused);
        QVERIFY(median <= 200);
    }

    void killedAnywhereItEndsTheSame()
    {
        const char *wanted = std::getenv("KINO_KILLS");
        const int kKills = wanted ? std::max(1, std::atoi(wanted)) : 20;
        constexpr std::int64_t kInterval = 6;
        Json slow = readJsonFile(at("slow.json"));
        slow["train"]["epochs"] = kKills; // of 20 steps, of which a kill lets pass 7
        write("killed.json", slow);
        const JobId unharmed = submit("killed.json"), killed = submit("killed.json");
        m_store->pause(killed);
        {
            WorkerProcess worker(path("p.kino"));
            QVERIFY(worker.waitForEnd(900'000));
            QCOMPARE(worker.status(), 0);
        }
        m_store->resume(killed);
        std::mt19937 random(20261121);
        int kills = 0, resumedAboveZero = 0;
        std::int64_t mostRepeated = 0;
        std::string steps;
        while (kills < kKills) {
            const std::int64_t before = std::max<std::int64_t>(checkpointStep(killed), 0), attempts = m_store->row(killed).attempts;
            WorkerProcess worker(path("p.kino"));
            if (kills % 4 == 3) {
                // Anywhere: while it loads, resumes, writes its first checkpoint.
                QTest::qSleep(static_cast<int>(random() % 1500));
            } else {
                const std::int64_t until = before + kInterval * static_cast<std::int64_t>(1 + random() % 2);
                QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning() || checkpointStep(killed) >= until, 120'000);
                QTest::qSleep(static_cast<int>(random() % 60));
            }
            if (!worker.isRunning())
                break;
            worker.send(SIGKILL);
            QVERIFY(worker.waitForEnd());
            ++kills;
            const std::int64_t kept = std::max<std::int64_t>(checkpointStep(killed), 0);
            // A kill before the worker has taken its job interrupts nothing.
            resumedAboveZero += before > 0 && m_store->row(killed).attempts > attempts;
            steps += std::to_string(kept) + " ";
            // What was done beyond the checkpoint, as far as the worker could still say so, is what will be repeated.
            const QString stage = QString::fromStdString(m_store->row(killed).stage);
            mostRepeated = std::max<std::int64_t>(mostRepeated, stage.section("step ", 1).toLongLong() - kept);
            for (const MetricSummary &each : MetricReader(at("p.kino")).summaries(killed))
                mostRepeated = std::max(mostRepeated, each.lastStep + 1 - kept);
            const Database database(at("p.kino") / "project.sqlite", OpenMode::existing);
            Statement check(database, "PRAGMA integrity_check");
            QVERIFY(check.step());
            QCOMPARE(check.text(0), std::string("ok"));
        }
        qInfo("killed %d times, resumed %d times above step 0, at most %lld steps repeated; checkpoints kept: %s", kills, resumedAboveZero,
              static_cast<long long>(mostRepeated), steps.c_str());
        QVERIFY2(kills == kKills, "the run was over before it was killed often enough");
        QVERIFY(resumedAboveZero >= kKills - 5); // the first, and those that come before the worker has its job
        QVERIFY(mostRepeated <= kInterval);
        WorkerProcess worker(path("p.kino"));
        QVERIFY(worker.waitForEnd(900'000));
        QVERIFY2(m_store->row(killed).state == JobState::done, m_store->row(killed).error.value_or(jobStateName(m_store->row(killed).state).data()).c_str());
        QVERIFY(m_store->row(killed).attempts > resumedAboveZero);
        for (const char *file : {"last.safetensors", "best.safetensors", "predictions.csv", "windows.csv"}) {
            std::error_code ignored;
            if (fs::exists(m_store->runFolder(unharmed) / file, ignored))
                QCOMPARE(sha256OfFile(m_store->runFolder(killed) / file), sha256OfFile(m_store->runFolder(unharmed) / file));
        }
        QCOMPARE(metricsOf(at("p.kino"), killed), metricsOf(at("p.kino"), unharmed));
        // The figures that are kept beside them, too.
        const auto figures = [this](JobId run) {
            std::string text;
            for (const MetricSummary &each : MetricReader(at("p.kino")).summaries(run)) {
                if (each.key != "train.windows_per_second")
                    text += each.key + " " + std::to_string(each.count) + " " + std::to_string(each.least) + " " + std::to_string(each.leastStep) + " " + std::to_string(each.last) + "\n";
            }
            return text;
        };
        QCOMPARE(figures(killed), figures(unharmed));
    }

    /** Two cells, two folds: run by run, one of them cancelled and resumed, summed up when all are over. */
    void aStudyIsDoneRunByRun()
    {
        QCOMPARE(runKino({"new", path("s.kino")}).exitStatus, 0);
        Json base = smallTraining();
        base["data"]["split"] = {{"by", "subject"}};
        base["train"]["epochs"] = 1;
        write("study.json", {{"kinoscope", 1}, {"kind", "study"}, {"name", "Rates"}, {"base", base}, {"grid", {{"train.optimizer.options.lr", {0.001, 0.01}}}}, {"folds", 3}, {"seeds", {4}}});
        const KinoRun submitted = runKino({"submit", path("s.kino"), path("study.json"), "--json", "-q"});
        QVERIFY2(submitted.exitStatus == 0, submitted.messages.constData());
        QCOMPARE(submitted.json().at("job"), 1);
        JobStore store(at("s.kino"));
        QCOMPARE(store.runsOf(1).size(), std::size_t{6});
        store.cancel(4);
        QCOMPARE(runKino({"work", path("s.kino"), "--once", "--threads", "1", "-q"}, {.seconds = 240}).exitStatus, 0);
        QCOMPARE(store.row(1).state, JobState::cancelled);
        const Json part = runKino({"study", path("s.kino"), "1", "--json"}).json();
        QVERIFY(part.at("cells").at(0).at("macro_f1").is_null()); // a fold is missing
        QCOMPARE(part.at("cells").at(1).at("done"), 3);
        QCOMPARE(runKino({"resume", path("s.kino"), "1"}).exitStatus, 0);
        QCOMPARE(runKino({"work", path("s.kino"), "--once", "--threads", "1", "-q"}, {.seconds = 240}).exitStatus, 0);
        const JobDetail detail = store.detail(1);
        QCOMPARE(detail.row.state, JobState::done);
        QCOMPARE(store.row(2).attempts, 1);
        // Every subject was tested once in each cell, on as many windows as a run of all has.
        const Json whole = runKino({"study", path("s.kino"), "1", "--json"}).json();
        QCOMPARE(detail.result.at("cells"), whole.at("cells"));
        for (const Json &cell : whole.at("cells")) {
            QCOMPARE(cell.at("macro_f1").at("over_subjects").at("subjects"), 5);
            std::size_t windows = 0;
            for (const Json &row : cell.at("confusion")) {
                for (const Json &count : row)
                    windows += count.get<std::size_t>();
            }
            const Json counts = store.detail(2).result.at("windows");
            QCOMPARE(windows, counts.at("train").get<std::size_t>() + counts.at("validation").get<std::size_t>() + counts.at("test").get<std::size_t>());
        }
        QCOMPARE(whole.at("differences").at(0).at("subjects"), 5);
        // In the table of runs it stands with its best cell.
        const auto score = [&](std::size_t cell) { return whole.at("cells").at(cell).at("macro_f1").at("mean").get<double>(); };
        QCOMPARE(detail.result.at("metrics").at("test.macro_f1").get<double>(), std::max(score(0), score(1)));
        const KinoRun text = runKino({"study", path("s.kino"), "1"});
        QVERIFY2(text.output.contains("95 % over subjects"), text.output.constData());
        QVERIFY(fs::exists(store.runFolder(1) / "predictions.csv"));
    }

    void aSuspendedWorkerIsNotDoubled()
    {
        const JobId id = submit("slow.json");
        WorkerProcess worker(path("p.kino"), {"--idle", "0"});
        QVERIFY(waitForStep(id, 1));
        worker.send(SIGSTOP);
        const std::int64_t beaten = *m_store->row(id).heartbeatAtNs;
        QTest::qSleep(3000); // six heartbeats
        QVERIFY(*m_store->row(id).heartbeatAtNs - beaten < kNanosPerSecond);
        const KinoRun second = runKino({"work", path("p.kino"), "--once"});
        QCOMPARE(second.exitStatus, 1);
        QVERIFY2(second.messages.contains("has a worker already"), second.messages.constData());
        QCOMPARE(m_store->row(id).state, JobState::running);
        // Nor does a wish about its job take it for lost.
        QCOMPARE(runKino({"cancel", path("p.kino"), QString::number(id)}).exitStatus, 0);
        QCOMPARE(m_store->row(id).state, JobState::running);
        worker.send(SIGCONT);
        QTRY_COMPARE_WITH_TIMEOUT(m_store->row(id).state, JobState::cancelled, 30'000);
        QCOMPARE(m_store->row(id).attempts, 1);
        QVERIFY(worker.waitForEnd());
    }

    void aWorkerThatIsToldToStopGivesItsJobBack()
    {
        const JobId id = submit("slow.json");
        for (const int signal : {SIGTERM, SIGINT}) {
            WorkerProcess worker(path("p.kino"));
            const std::int64_t before = std::max<std::int64_t>(checkpointStep(id), 0);
            QVERIFY(waitForStep(id, before + 1));
            worker.send(signal);
            QVERIFY(worker.waitForEnd());
            QCOMPARE(worker.status(), 130);
            QCOMPARE(m_store->row(id).state, JobState::queued);
            QVERIFY(checkpointStep(id) > before);
        }
        QCOMPARE(m_store->row(id).attempts, 2);
        // A job whose worker is gone can be cancelled all the same, and at once.
        {
            WorkerProcess worker(path("p.kino"));
            QVERIFY(waitForStep(id, checkpointStep(id) + 1));
            worker.send(SIGKILL);
            QVERIFY(worker.waitForEnd());
        }
        QCOMPARE(m_store->row(id).state, JobState::running);
        const KinoRun cancelled = runKino({"cancel", path("p.kino"), QString::number(id), "--json"});
        QCOMPARE(cancelled.json().at("state"), "cancelled");
    }

    void theNextJobBeginsWhileOneIsPaused()
    {
        const JobId slow = submit("slow.json"), next = submit("short.json");
        WorkerProcess worker(path("p.kino"));
        QVERIFY(waitForStep(slow, 1));
        QCOMPARE(runKino({"pause", path("p.kino"), QString::number(slow)}).exitStatus, 0);
        QVERIFY(worker.waitForEnd());
        QCOMPARE(m_store->row(slow).state, JobState::paused);
        QVERIFY2(m_store->row(next).state == JobState::done, m_store->row(next).error.value_or("").c_str());
        m_store->cancel(slow);
    }

    /** A disk on which nothing more can be written: the job fails with a sentence or waits, the database stays whole. */
    void aFullDiskIsSurvived()
    {
        QCOMPARE(runKino({"new", path("f.kino")}).exitStatus, 0);
        JobStore store(at("f.kino"));
        // No file may grow beyond: that is what a full disk looks like to who writes.
        const auto noMoreThan = [](rlim_t bytes) {
            return [bytes] {
                const rlimit limit{bytes, bytes};
                setrlimit(RLIMIT_FSIZE, &limit);
                ::signal(SIGXFSZ, SIG_IGN);
            };
        };
        const auto isWhole = [this] {
            const Database database(at("f.kino") / "project.sqlite", OpenMode::existing);
            Statement check(database, "PRAGMA integrity_check");
            return check.step() && check.text(0) == "ok";
        };
        // The checkpoint, of 1.4 MB, finds no room; the database does.
        QCOMPARE(runKino({"submit", path("f.kino"), path("short.json"), "-q"}).exitStatus, 0);
        {
            WorkerProcess worker(path("f.kino"), {"--once"}, noMoreThan(1'200'000));
            QVERIFY(worker.waitForEnd());
        }
        QVERIFY(isWhole());
        QCOMPARE(store.row(1).state, JobState::failed);
        qInfo("no room for a checkpoint: %s", store.row(1).error->c_str());
        QVERIFY2(store.row(1).error->find("checkpoint") != std::string::npos, store.row(1).error->c_str());
        // Nor does the database: the worker waits, says so, and can be told to end.
        store.resume(1);
        {
            WorkerProcess worker(path("f.kino"), {"--once"}, noMoreThan(30'000));
            QByteArray messages;
            QTRY_VERIFY_WITH_TIMEOUT(!worker.isRunning() || (messages += worker.messages()).contains("waiting: "), 60'000);
            QVERIFY2(messages.contains("waiting: "), messages.constData());
            qInfo("no room for the database: %s", messages.mid(messages.indexOf("waiting: ")).trimmed().constData());
            QVERIFY(isWhole());
            worker.send(SIGTERM);
            QVERIFY(worker.waitForEnd(30'000));
        }
        QVERIFY(isWhole());
        if (store.row(1).state == JobState::failed)
            store.resume(1);
        QCOMPARE(runKino({"work", path("f.kino"), "--once", "--threads", "1", "-q"}).exitStatus, 0);
        QCOMPARE(store.row(1).state, JobState::done);
    }

    void whatVanishedIsSaid()
    {
        fs::copy(at("data"), at("gone"), fs::copy_options::recursive);
        Json gone = smallTraining();
        gone["data"]["recordings"] = {"gone/*/s*_*.csv"};
        write("gone.json", gone);
        const JobId id = submit("gone.json");
        fs::remove_all(at("gone"));
        QCOMPARE(runKino({"work", path("p.kino"), "--once", "--threads", "1", "-q"}).exitStatus, 1);
        QCOMPARE(m_store->row(id).state, JobState::failed);
        QVERIFY2(m_store->row(id).error->find("gone/*/s*_*.csv") != std::string::npos, m_store->row(id).error->c_str());
        const KinoRun again = runKino({"retry", path("p.kino"), QString::number(id), "--json"});
        QCOMPARE(m_store->row(again.json().at("job").get<JobId>()).state, JobState::queued);
        m_store->cancel(again.json().at("job").get<JobId>());
        QCOMPARE(runKino({"cancel", path("p.kino"), "999"}).exitStatus, 1);
        QCOMPARE(runKino({"resume", path("p.kino"), "nonsense"}).exitStatus, 2);
    }

    /** Another program holds the database for a while: nobody loses anything. */
    void aLockedDatabaseIsWaitedFor()
    {
        const JobId id = submit("short.json");
        WorkerProcess worker(path("p.kino"));
        QTRY_VERIFY_WITH_TIMEOUT(m_store->row(id).state == JobState::running, 60'000);
        {
            const Database other(at("p.kino") / "project.sqlite", OpenMode::existing);
            const Transaction transaction(other);
            QTest::qSleep(7000); // longer than the five seconds that a connection waits
        }
        QVERIFY(worker.waitForEnd());
        QVERIFY2(m_store->row(id).state == JobState::done, m_store->row(id).error.value_or(jobStateName(m_store->row(id).state).data()).c_str());
        QCOMPARE(metricsOf(at("p.kino"), id), rowsWithoutSpeed(QByteArray::fromStdString(readTextFile(at("alone/metrics.csv")))));
    }

private:
    QString path(const char *name) const { return m_folder.filePath(name); }
    fs::path at(const char *name) const { return fs::path(m_folder.path().toStdString()) / name; }
    void write(const char *name, const Json &document) const { std::ofstream(at(name)) << document.dump(1); }

    JobId submit(const char *name)
    {
        const KinoRun run = runKino({"submit", path("p.kino"), path(name), "--json", "-q"});
        return run.exitStatus == 0 ? run.json().at("job").get<JobId>() : 0;
    }

    Json jobJson(JobId id)
    {
        const Json listed = runKino({"jobs", path("p.kino"), "--json"}).json();
        for (const Json &job : listed.at("jobs")) {
            if (job.at("id") == id)
                return job;
        }
        return nullptr;
    }

    std::int64_t checkpointStep(JobId id) const
    {
        const fs::path current = m_store->runFolder(id) / "checkpoint" / "current" / "state.json";
        for (int attempt = 0; attempt < 5; ++attempt) {
            try {
                return readJsonFile(current).at("state").at("step").get<std::int64_t>();
            } catch (const std::exception &) {
                QTest::qSleep(1); // it may be replaced just then
            }
        }
        return -1;
    }

    /** Until the run has a checkpoint of that step. */
    bool waitForStep(JobId id, std::int64_t step) const
    {
        const auto start = Clock::now();
        while (msSince(start) < 60'000) {
            if (m_store->row(id).state == JobState::running && checkpointStep(id) >= step)
                return true;
            QTest::qSleep(5);
        }
        return false;
    }

    /** All that does not depend on how fast the machine was, sorted. */
    static std::vector<QByteArray> rowsWithoutSpeed(const QByteArray &csv)
    {
        std::vector<QByteArray> rows;
        for (const QByteArray &line : csv.split('\n')) {
            if (!line.contains("windows_per_second") && !line.isEmpty())
                rows.push_back(line);
        }
        std::ranges::sort(rows);
        return rows;
    }

    static std::vector<QByteArray> metricsOf(const fs::path &project, JobId run)
    {
        return rowsWithoutSpeed(runKino({"metrics", QString::fromStdString(project.string()), QString::number(run), "--csv"}).output);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<JobStore> m_store;
};

QTEST_GUILESS_MAIN(KinoJobsTest)
#include "kino_jobs_test.moc"
