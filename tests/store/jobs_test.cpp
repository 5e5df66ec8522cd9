// Jobs in a project: what is submitted comes back, what a person and a worker say of it holds, and nobody is left behind.
#include "core/base/error.h"
#include "core/store/jobs/work.h"
#include "core/store/project.h"
#include "tests/support/test_data.h"

#include <set>
#include <thread>

using namespace kino;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

NewJob jobCalled(const std::string &name)
{
    NewJob job;
    job.name = name;
    job.specification = {{"kinoscope", 1}, {"name", name}};
    job.complete = {{"kinoscope", 1}, {"name", name}, {"seed", 3}, {"train", {{"batch", 64}, {"clip_norm", nullptr}}}};
    job.folder = "/data";
    job.seed = 3;
    return job;
}

std::vector<JobId> idsOf(const std::vector<JobRow> &rows)
{
    std::vector<JobId> ids;
    for (const JobRow &row : rows)
        ids.push_back(row.id);
    return ids;
}

std::string sentenceOf(const std::function<void()> &work)
{
    try {
        work();
    } catch (const Error &error) {
        return error.what();
    }
    return "nothing was thrown";
}

/** A project with its store and a worker's side. */
struct Bench {
    test::TemporaryFolder folder;
    fs::path path = Project::create(folder / "p.kino").folder();
    JobStore store{path};
    JobWork work{path};
};

} // namespace

class JobsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsSubmittedComesBack()
    {
        Bench bench;
        NewJob job = jobCalled("SimCLR, \xc3\xa9t\xc3\xa9");
        job.tags = {"pilot", "night"};
        const JobId id = bench.store.submit(job);
        const JobDetail detail = bench.store.detail(id);
        QCOMPARE(detail.row.name, job.name);
        QCOMPARE(detail.row.state, JobState::queued);
        QCOMPARE(detail.row.seed, std::optional<std::int64_t>(3));
        QCOMPARE(detail.row.tags, (std::vector<std::string>{"night", "pilot"}));
        QCOMPARE(detail.specification, job.specification);
        QCOMPARE(detail.complete, job.complete);
        QCOMPARE(detail.folder, std::string("/data"));
        QVERIFY(detail.result.is_null());
        QVERIFY(std::abs(detail.row.createdAtNs - std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count())
                < 60 * kNanosPerSecond);
        QVERIFY(sentenceOf([&] { bench.store.row(id + 1); }).find("no job number 2") != std::string::npos);
    }

    void aJobRunsToItsEnd()
    {
        Bench bench;
        const JobId id = bench.store.submit(jobCalled("a"));
        QCOMPARE(bench.work.takeNext(4711), std::optional(id));
        QCOMPARE(bench.work.takeNext(4711), std::optional<JobId>());
        QCOMPARE(bench.store.row(id).state, JobState::running);
        QVERIFY(bench.store.row(id).heartbeatAtNs.has_value());
        bench.work.beat(id, {.progress = 0.4, .stage = "epoch 2 of 5", .ratePerSecond = 412, .secondsLeft = 30, .workedSeconds = 20});
        JobRow row = bench.store.row(id);
        QCOMPARE(row.progress, 0.4);
        QCOMPARE(row.stage, std::string("epoch 2 of 5"));
        QCOMPARE(row.ratePerSecond, std::optional(412.0));
        QCOMPARE(row.secondsLeft, std::optional(30.0));
        QCOMPARE(row.workedSeconds, 20.0);
        bench.work.addLog(id, JobLogLevel::info, "one");
        bench.work.addLog(id, JobLogLevel::warning, "two");
        bench.work.setEnvironment(id, {{"threads", 2}});
        bench.work.setFingerprint(id, "abc");
        const Json result{{"state", "done"}, {"metrics", {{"test.macro_f1", 0.5}, {"test.loss", nullptr}}}};
        QCOMPARE(bench.work.end(id, {.end = JobEnd::done, .result = result, .artifacts = {{"best weights", "best.safetensors", 12, 7}}, .workedSeconds = 50}),
                 JobState::done);
        const JobDetail detail = bench.store.detail(id);
        QCOMPARE(detail.row.progress, 1.0);
        QCOMPARE(detail.row.workedSeconds, 50.0);
        QVERIFY(!detail.row.ratePerSecond && !detail.row.heartbeatAtNs && detail.row.finishedAtNs);
        QCOMPARE(detail.result, result);
        QCOMPARE(detail.environment, (Json{{"threads", 2}}));
        QCOMPARE(detail.row.fingerprint, std::optional<std::string>("abc"));
        QCOMPARE(detail.artifacts, (std::vector<JobArtifact>{{"best weights", "best.safetensors", 12, 7}}));
        const auto lines = bench.store.log(id);
        QCOMPARE(lines.size(), std::size_t{2});
        QCOMPARE(lines[1].number, 2);
        QCOMPARE(lines[1].level, JobLogLevel::warning);
        QCOMPARE(lines[1].text, std::string("two"));
        QCOMPARE(bench.store.log(id, 1).size(), std::size_t{1});
        QCOMPARE(bench.store.log(id, 0, 1).front().text, std::string("two"));
        QVERIFY(sentenceOf([&] { bench.store.cancel(id); }).find("is done") != std::string::npos);
        QVERIFY(sentenceOf([&] { bench.store.resume(id); }).find("retry") != std::string::npos);
    }

    void requestsAreObeyed()
    {
        Bench bench;
        const JobId id = bench.store.submit(jobCalled("a"));
        bench.work.takeNext(1);
        QCOMPARE(bench.work.obeyRequest(id), JobRequest::none);
        QCOMPARE(bench.store.pause(id), JobState::running);
        QCOMPARE(bench.work.obeyRequest(id), JobRequest::pause);
        QCOMPARE(bench.store.resume(id), JobState::running); // taken back
        QCOMPARE(bench.work.obeyRequest(id), JobRequest::none);
        bench.store.pause(id);
        QCOMPARE(bench.store.cancel(id), JobState::running);
        QCOMPARE(bench.store.pause(id), JobState::running);
        QCOMPARE(bench.work.obeyRequest(id), JobRequest::cancel); // a pause does not take it back
        QCOMPARE(bench.store.row(id).state, JobState::cancelling);
        QCOMPARE(bench.work.end(id, {.end = JobEnd::cancelled, .workedSeconds = 5}), JobState::cancelled);
        QCOMPARE(bench.store.row(id).workedSeconds, 5.0);
        // The same run goes on.
        QCOMPARE(bench.store.resume(id), JobState::queued);
        QCOMPARE(bench.work.takeNext(1), std::optional(id));
        QCOMPARE(bench.store.row(id).attempts, 2);
        // What is asked too late to be seen counts at the end; what is done is done.
        bench.store.pause(id);
        QCOMPARE(bench.work.end(id, {.end = JobEnd::released, .workedSeconds = 3}), JobState::paused);
        QCOMPARE(bench.store.row(id).workedSeconds, 8.0);
        bench.store.resume(id);
        bench.work.takeNext(1);
        bench.store.cancel(id);
        QCOMPARE(bench.work.end(id, {.end = JobEnd::done, .result = Json::object(), .workedSeconds = 1}), JobState::done);
        QCOMPARE(bench.store.row(id).request, JobRequest::none);
    }

    void aFailedOneKeepsItsSentence()
    {
        Bench bench;
        const JobId id = bench.store.submit(jobCalled("a"));
        bench.work.takeNext(1);
        bench.work.addLog(id, JobLogLevel::info, "epoch 1");
        bench.work.end(id, {.end = JobEnd::failed, .error = "The loss is not finite at step 812.", .workedSeconds = 1});
        QCOMPARE(bench.store.row(id).error, std::optional<std::string>("The loss is not finite at step 812."));
        QCOMPARE(bench.store.log(id).back().level, JobLogLevel::error);
        QCOMPARE(bench.store.log(id).front().text, std::string("epoch 1"));
        const JobId again = bench.store.retry(id);
        QVERIFY(again != id);
        const JobDetail clone = bench.store.detail(again);
        QCOMPARE(clone.row.state, JobState::queued);
        QVERIFY(!clone.row.error);
        QCOMPARE(clone.complete, jobCalled("a").complete);
        QCOMPARE(clone.parents.at(0).id, id);
        QCOMPARE(clone.parents.at(0).role, Lineage::clone);
        QCOMPARE(bench.store.detail(id).children.at(0).id, again);
    }

    void theLostAreFound_data()
    {
        QTest::addColumn<QString>("policy");
        QTest::addColumn<QString>("state");
        QTest::newRow("always") << "always" << "queued";
        QTest::newRow("ask") << "ask" << "interrupted";
        QTest::newRow("never") << "never" << "interrupted";
    }

    void theLostAreFound()
    {
        QFETCH(QString, policy);
        QFETCH(QString, state);
        Bench bench;
        QCOMPARE(bench.store.resumePolicy(), ResumePolicy::always);
        bench.store.setResumePolicy(*resumePolicyFromName(policy.toStdString()));
        const JobId running = bench.store.submit(jobCalled("running")), cancelling = bench.store.submit(jobCalled("cancelling")),
                    waiting = bench.store.submit(jobCalled("waiting"));
        bench.work.takeNext(1);
        bench.work.takeNext(1);
        bench.store.cancel(cancelling);
        bench.work.obeyRequest(cancelling);
        QCOMPARE(bench.work.recoverLost(), (std::vector<JobId>{running, cancelling}));
        QCOMPARE(QString::fromStdString(std::string(jobStateName(bench.store.row(running).state))), state);
        QCOMPARE(bench.store.row(cancelling).state, JobState::cancelled);
        QCOMPARE(bench.store.row(waiting).state, JobState::queued);
        QVERIFY(bench.store.log(running).back().text.find("killed") != std::string::npos);
        QVERIFY(bench.work.recoverLost().empty());
    }

    void whatKillsItsWorkerIsLeftAfterSomeTries()
    {
        Bench bench;
        const JobId id = bench.store.submit(jobCalled("a"));
        for (int loss = 1; loss < JobWork::kMostLosses; ++loss) {
            bench.work.takeNext(1);
            bench.work.recoverLost();
            QCOMPARE(bench.store.row(id).state, JobState::queued);
        }
        bench.work.takeNext(1);
        bench.work.noteCheckpoint(id); // it had come further: counted anew
        for (int loss = 1; loss < JobWork::kMostLosses; ++loss) {
            bench.work.recoverLost();
            QCOMPARE(bench.store.row(id).state, JobState::queued);
            bench.work.takeNext(1);
        }
        bench.work.recoverLost();
        QCOMPARE(bench.store.row(id).state, JobState::interrupted);
        QVERIFY(bench.store.row(id).error->find("5 times") != std::string::npos);
        bench.store.resume(id);
        QCOMPARE(bench.work.takeNext(1), std::optional(id));
    }

    void whatLostItsWorkerGoesOnFirst()
    {
        QFETCH(QString, how);
        Bench bench;
        const JobId a = bench.store.submit(jobCalled("a")), b = bench.store.submit(jobCalled("b")), c = bench.store.submit(jobCalled("c")), d = bench.store.submit(jobCalled("d"));
        bench.store.moveBefore(std::vector<JobId>{d}, a);
        bench.store.moveBefore(std::vector<JobId>{a}, std::nullopt);
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{d, b, c, a}));
        bench.work.takeNext(1);
        bench.work.end(d, {.end = JobEnd::done, .result = Json::object()});
        QCOMPARE(bench.work.takeNext(1), std::optional(b));
        bench.store.moveBefore(std::vector<JobId>{a}, c);
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{b, a, c})); // what a person sees
        if (how == QStringLiteral("killed")) {
            bench.work.recoverLost();
        } else if (how == QStringLiteral("killed, ask")) {
            bench.store.setResumePolicy(ResumePolicy::ask);
            bench.work.recoverLost();
            bench.store.resume(b);
        } else {
            bench.work.end(b, {.end = JobEnd::released});
        }
        QCOMPARE(bench.store.row(b).state, JobState::queued);
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{b, a, c}));
        QCOMPARE(bench.work.takeNext(1), std::optional(b));
    }
    void whatLostItsWorkerGoesOnFirst_data()
    {
        QTest::addColumn<QString>("how");
        for (const char *how : {"killed", "killed, ask", "told to end"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }

    void aPersonIsOfferedWhatMakesSense()
    {
        Bench bench;
        const JobId id = bench.store.submit(jobCalled("a"));
        const auto offered = [&](JobId of) {
            const JobRow row = bench.store.row(of);
            return std::string(mayPause(row) ? "pause " : "") + (mayResume(row) ? "resume " : "") + (mayCancel(row) ? "cancel" : "");
        };
        QCOMPARE(offered(id), std::string("pause cancel"));
        bench.store.pause(id);
        QCOMPARE(offered(id), std::string("resume cancel"));
        bench.store.resume(id);
        bench.work.takeNext(1);
        QCOMPARE(offered(id), std::string("pause cancel"));
        bench.store.pause(id);
        QCOMPARE(offered(id), std::string("resume cancel")); // pausing, which can be taken back
        bench.store.resume(id);
        QCOMPARE(bench.store.row(id).request, JobRequest::none);
        bench.store.cancel(id);
        QCOMPARE(offered(id), std::string());
        bench.work.obeyRequest(id);
        QCOMPARE(offered(id), std::string());
        bench.work.end(id, {.end = JobEnd::cancelled});
        QCOMPARE(offered(id), std::string("resume "));
    }

    void theQueueHasAnOrder()
    {
        Bench bench;
        std::vector<JobId> ids;
        for (const char *name : {"a", "b", "c", "d"})
            ids.push_back(bench.store.submit(jobCalled(name)));
        const auto a = ids[0], b = ids[1], c = ids[2], d = ids[3];
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{a, b, c, d}));
        bench.store.setPriority(d, 5);
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{d, a, b, c}));
        const auto before = bench.store.moveBefore(std::vector<JobId>{c}, d);
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{c, d, a, b}));
        QCOMPARE(bench.store.row(c).priority, 5);
        bench.store.restorePlaces(before);
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{d, a, b, c}));
        QCOMPARE(bench.store.row(c).priority, 0);
        bench.store.moveBefore(std::vector<JobId>{d, a}, std::nullopt);
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{b, c, d, a}));
        QCOMPARE(bench.work.takeNext(1), std::optional(b));
        QVERIFY(sentenceOf([&] { bench.store.moveBefore(std::vector<JobId>{a}, b); }).find("does not wait") != std::string::npos);
        QCOMPARE(idsOf(bench.store.queue()), (std::vector<JobId>{b, c, d, a}));
    }

    void weightsOfARunAreWaitedFor()
    {
        Bench bench;
        const JobId pretraining = bench.store.submit(jobCalled("pretraining"));
        NewJob probe = jobCalled("probe");
        probe.priority = 9;
        probe.parents = {{pretraining, Lineage::weights}};
        const JobId id = bench.store.submit(probe);
        QCOMPARE(bench.work.takeNext(1), std::optional(pretraining));
        QCOMPARE(bench.work.takeNext(1), std::optional<JobId>());
        QVERIFY(bench.store.row(id).stage.find("run 1") != std::string::npos);
        bench.work.end(pretraining, {.end = JobEnd::failed, .error = "no", .workedSeconds = 0});
        QCOMPARE(bench.work.takeNext(1), std::optional<JobId>());
        QCOMPARE(bench.store.row(id).state, JobState::failed);
        QVERIFY(bench.store.row(id).error->find("run 1") != std::string::npos);
        bench.store.resume(pretraining);
        bench.store.resume(id);
        QCOMPARE(bench.work.takeNext(1), std::optional(pretraining));
        bench.work.end(pretraining, {.end = JobEnd::done, .result = Json::object(), .workedSeconds = 0});
        QCOMPARE(bench.work.takeNext(1), std::optional(id));
        NewJob lost = jobCalled("lost");
        lost.parents = {{99, Lineage::weights}};
        QVERIFY(sentenceOf([&] { bench.store.submit(lost); }).find("no job number 99") != std::string::npos);
        QCOMPARE(bench.store.jobs().size(), std::size_t{2});
    }

    void aStudyFollowsItsRuns()
    {
        Bench bench;
        NewJob study = jobCalled("study");
        study.kind = "study";
        std::vector<NewJob> runs{jobCalled("one"), jobCalled("two"), jobCalled("three")};
        for (std::size_t place = 0; place < runs.size(); ++place)
            runs[place].cell = static_cast<std::int64_t>(place);
        const std::vector<JobId> ids = bench.store.submitStudy(study, runs);
        QCOMPARE(ids.size(), std::size_t{4});
        QCOMPARE(idsOf(bench.store.runsOf(ids[0])), (std::vector<JobId>{ids[1], ids[2], ids[3]}));
        QCOMPARE(idsOf(bench.store.queue()), ids);
        // Its card stands where its runs do.
        const JobId other = bench.store.submit(jobCalled("other"));
        QCOMPARE(idsOf(bench.store.queue(StudyRuns::left)), (std::vector<JobId>{ids[0], other}));
        bench.store.moveBefore(std::vector<JobId>{ids[0]}, std::nullopt);
        QCOMPARE(idsOf(bench.store.queue(StudyRuns::left)), (std::vector<JobId>{other, ids[0]}));
        bench.store.forget(other);
        QCOMPARE(bench.work.takeNext(1), std::optional(ids[1]));
        QCOMPARE(bench.store.row(ids[0]).state, JobState::running);
        // Pausing, once nothing of it will begin.
        QVERIFY(mayPause(bench.store.row(ids[0])));
        bench.store.pause(ids[0]);
        QCOMPARE(bench.store.row(ids[0]).request, JobRequest::pause);
        QVERIFY(mayResume(bench.store.row(ids[0])) && !mayPause(bench.store.row(ids[0])));
        bench.store.resume(ids[0]);
        QCOMPARE(bench.store.row(ids[0]).request, JobRequest::none);
        QCOMPARE(bench.store.row(ids[2]).state, JobState::queued);
        bench.work.beat(ids[1], {.progress = 0.6, .workedSeconds = 4});
        QVERIFY(std::abs(bench.store.row(ids[0]).progress - 0.2) < 1e-12);
        bench.work.end(ids[1], {.end = JobEnd::done, .result = Json::object(), .workedSeconds = 5});
        QCOMPARE(bench.store.row(ids[0]).state, JobState::queued);
        QCOMPARE(bench.store.cancel(ids[0]), JobState::cancelled);
        QCOMPARE(bench.store.row(ids[1]).state, JobState::done);
        QCOMPARE(bench.store.row(ids[2]).state, JobState::cancelled);
        QCOMPARE(bench.store.resume(ids[0]), JobState::queued);
        bench.work.takeNext(1);
        bench.work.end(ids[2], {.end = JobEnd::done, .result = Json::object(), .workedSeconds = 5});
        bench.work.takeNext(1);
        bench.work.end(ids[3], {.end = JobEnd::done, .result = Json::object(), .workedSeconds = 5});
        QCOMPARE(bench.store.row(ids[0]).state, JobState::done);
        QCOMPARE(bench.store.row(ids[0]).workedSeconds, 15.0);
        QVERIFY(bench.store.row(ids[0]).finishedAtNs.has_value());
        // Removed and brought back with its runs.
        bench.store.remove(std::vector<JobId>{ids[0]});
        QVERIFY(bench.store.jobs().empty());
        QCOMPARE(bench.store.deletedJobs().size(), std::size_t{4});
        bench.store.restore(std::vector<JobId>{ids[0]});
        QCOMPARE(bench.store.jobs().size(), std::size_t{4});
        const JobId again = bench.store.retry(ids[0]);
        QCOMPARE(bench.store.runsOf(again).size(), std::size_t{3});
    }

    void changesAreTold()
    {
        Bench bench;
        QVERIFY(bench.store.hasChanged());
        QVERIFY(!bench.store.hasChanged());
        JobStore other(bench.store.folder());
        const JobId a = other.submit(jobCalled("a")), b = other.submit(jobCalled("b"));
        QVERIFY(bench.store.hasChanged());
        QVERIFY(!bench.store.hasChanged());
        JobChanges changes = bench.store.changesSince(0);
        QCOMPARE(changes.rows.size(), std::size_t{2});
        QVERIFY(bench.store.changesSince(changes.revision).rows.empty());
        const auto changesOf = [&](const std::function<void()> &change) {
            change();
            const JobChanges found = bench.store.changesSince(changes.revision);
            changes.revision = found.revision;
            return idsOf(found.rows);
        };
        const std::vector<JobId> one{a}, two{b};
        QCOMPARE(changesOf([&] { other.addTag(two, "pilot"); }), two);
        QCOMPARE(changesOf([&] { other.removeTag(two, "pilot"); }), two);
        QCOMPARE(changesOf([&] { other.star(one); }), one);
        QCOMPARE(changesOf([&] { other.setNotes(a, "n"); }), one);
        QCOMPARE(changesOf([&] { other.rename(b, "n"); }), two);
        QCOMPARE(changesOf([&] { other.remove(one); }), one);
        QVERIFY(changesOf([&] { other.setResumePolicy(ResumePolicy::ask); }).empty());
    }

    void viewsAreThereToBeRead()
    {
        Bench bench;
        const JobId id = bench.store.submit(jobCalled("a"));
        Statement run(bench.store.database(), "SELECT id, name, state, seed, json_extract(complete, '$.train.batch') FROM v_runs");
        QVERIFY(run.step());
        QCOMPARE(run.integer(0), id);
        QCOMPARE(run.text(1), std::string("a"));
        QCOMPARE(run.integer(4), 64);
        Statement batch(bench.store.database(), "SELECT value FROM v_parameters WHERE run = 1 AND path = 'train.batch'");
        QVERIFY(batch.step());
        QVERIFY(batch.isInteger(0));
        for (const char *view : {"v_metrics", "v_summaries", "v_lineage", "v_artifacts", "v_log"})
            QVERIFY(!Statement(bench.store.database(), std::string("SELECT * FROM ") + view).step());
    }

    /** Two workers' sides and a person over connections of their own: no job is taken twice and none is lost. */
    void nobodyTakesTheSameJob()
    {
        Bench bench;
        constexpr int kJobs = 40;
        for (int number = 0; number < kJobs; ++number)
            bench.store.submit(jobCalled(std::to_string(number)));
        std::vector<JobId> taken[2];
        std::vector<std::thread> workers;
        for (auto &own : taken) {
            workers.emplace_back([&own, path = bench.store.folder()] {
                JobWork work(path);
                while (const auto id = work.takeNext(1)) {
                    own.push_back(*id);
                    work.end(*id, {.end = JobEnd::done, .result = Json::object(), .workedSeconds = 0});
                }
            });
        }
        for (std::thread &worker : workers)
            worker.join();
        std::set<JobId> all(taken[0].begin(), taken[0].end());
        all.insert(taken[1].begin(), taken[1].end());
        QCOMPARE(all.size(), std::size_t{kJobs});
        QCOMPARE(taken[0].size() + taken[1].size(), std::size_t{kJobs});
    }
};

QTEST_GUILESS_MAIN(JobsTest)
#include "jobs_test.moc"
