// From a specification to jobs: one, or all runs of a study, in the queue with what they come from.
#include "core/base/error.h"
#include "core/jobs/queue/run_import.h"
#include "core/jobs/queue/study_summary.h"
#include "core/jobs/queue/submission.h"
#include "core/jobs/queue/worker_lock.h"
#include "core/store/jobs/work.h"
#include "core/store/project.h"
#include "tests/support/test_data.h"

#include <fstream>
#include <set>

using namespace kino;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

Json training()
{
    return {{"kinoscope", 1},
            {"data", {{"recordings", {"*.csv"}}, {"rate_hz", 200}, {"window", {{"seconds", 5}, {"label", {{"policy", "majority"}}}}}}},
            {"encoder", {{"name", "mw2"}}},
            {"objective", {{"name", "supervised"}}},
            {"train", {{"epochs", 2}}}};
}

Json study()
{
    return {{"kinoscope", 1},
            {"kind", "study"},
            {"name", "Encoders"},
            {"base", training()},
            {"grid", {{"encoder.name", {"mw2", "primus"}}, {"train", {{{"train.batch", 8}, {"train.epochs", 1}}, {{"train.batch", 16}, {"train.epochs", 3}}}}}},
            {"folds", 3},
            {"seeds", {5, 6}}};
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

} // namespace

class SubmissionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSpecificationBecomesAJob()
    {
        const test::TemporaryFolder folder;
        JobStore store(Project::create(folder / "p.kino").folder());
        Json given = training();
        given["seed"] = 9;
        const JobId id = submitSpecification(store, given, "/data/here", {.priority = 3, .tags = {"a"}});
        const JobDetail detail = store.detail(id);
        QCOMPARE(detail.row.name, std::string("supervised, mw2"));
        QCOMPARE(detail.row.kind, std::string("train"));
        QCOMPARE(detail.row.seed, std::optional<std::int64_t>(9));
        QCOMPARE(detail.row.priority, 3);
        QCOMPARE(detail.specification, given);
        QCOMPARE(detail.complete.at("train").at("batch"), 64);
        QCOMPARE(detail.folder, std::string("/data/here"));
        // Every mistake at once, and nothing is queued.
        given["train"]["batch"] = 0;
        given["encoder"]["name"] = "nothing";
        const std::string sentence = sentenceOf([&] { submitSpecification(store, given, "/data"); });
        QVERIFY2(sentence.find("train.batch") != std::string::npos && sentence.find("encoder.name") != std::string::npos, sentence.c_str());
        QCOMPARE(store.jobs().size(), std::size_t{1});
    }

    void startingWeightsAreLineage()
    {
        const test::TemporaryFolder folder;
        JobStore store(Project::create(folder / "p.kino").folder());
        const JobId first = submitSpecification(store, training(), "/data");
        Json probe = training();
        probe["encoder"]["weights"] = {{"run", first}};
        const JobId second = submitSpecification(store, probe, "/data", {.parents = {{first, Lineage::clone}}});
        const auto parents = store.detail(second).parents;
        QCOMPARE(parents.size(), std::size_t{2});
        QVERIFY(std::ranges::any_of(parents, [&](const JobRelative &each) { return each.id == first && each.role == Lineage::weights; }));
        store.remove(std::vector<JobId>{first});
        QVERIFY(sentenceOf([&] { submitSpecification(store, probe, "/data"); }).find("removed") != std::string::npos);
        const JobId parent = submitSpecification(store, study(), "/data");
        probe["encoder"]["weights"] = {{"run", parent}};
        QVERIFY(sentenceOf([&] { submitSpecification(store, probe, "/data"); }).find("is a study") != std::string::npos);
    }

    void aStudyBecomesItsRuns()
    {
        const test::TemporaryFolder folder;
        JobStore store(Project::create(folder / "p.kino").folder());
        const JobId id = submitSpecification(store, study(), "/data", {.priority = 2});
        QCOMPARE(store.row(id).kind, std::string("study"));
        QCOMPARE(store.row(id).state, JobState::queued);
        const auto runs = store.runsOf(id);
        QCOMPARE(runs.size(), std::size_t{2 * 2 * 3 * 2});
        std::set<std::string> different;
        for (const JobRow &run : runs) {
            const Json complete = store.detail(run.id).complete;
            QCOMPARE(complete.at("seed"), *run.seed);
            QCOMPARE(complete.at("data").at("split").at("fold"), *run.fold);
            QCOMPARE(complete.at("data").at("split").at("folds"), 3);
            QCOMPARE(complete.at("kind"), "train");
            // Values that change together do.
            QCOMPARE(complete.at("train").at("epochs"), complete.at("train").at("batch") == 8 ? 1 : 3);
            // The options of the encoder that the cell has, not of the base's.
            QVERIFY(run.cellName.find(complete.at("encoder").at("name").get<std::string>()) != std::string::npos);
            QVERIFY(run.name.starts_with("Encoders: "));
            QCOMPARE(run.priority, 2);
            different.insert(complete.dump());
        }
        QCOMPARE(different.size(), runs.size());
        QCOMPARE(*runs.front().cell, 0);
        QCOMPARE(*runs.back().cell, 3);
        // One sixth of them at a time is a cell.
        QCOMPARE(std::ranges::count_if(runs, [](const JobRow &run) { return run.cell == 2; }), 6);
        // An encoder as a whole is a value, too, and gives the cell its name, unless two have the same one.
        Json whole = study();
        whole["folds"] = nullptr;
        whole["seeds"] = {1};
        whole["grid"] = {{"encoder", {{{"name", "primus"}}, {{"name", "har-cnn"}, {"options", {{"channels", 6}}}}}}};
        const auto encoders = store.runsOf(submitSpecification(store, whole, "/data"));
        QCOMPARE(encoders.size(), std::size_t{2});
        QCOMPARE(encoders[0].cellName, std::string("encoder primus"));
        QCOMPARE(encoders[1].cellName, std::string("encoder har-cnn"));
        QCOMPARE(store.detail(encoders[0].id).complete.at("encoder").at("name"), "primus");
        QCOMPARE(store.detail(encoders[1].id).complete.at("encoder").at("options").at("channels"), 6);
        whole["grid"]["encoder"] = {{{"name", "primus"}, {"options", {{"width", 128}}}}, {{"name", "primus"}, {"options", {{"width", 256}}}}};
        const auto widths = store.runsOf(submitSpecification(store, whole, "/data"));
        QCOMPARE(widths[1].cellName, std::string("encoder number 2"));
        QCOMPARE(store.detail(widths[1].id).complete.at("encoder").at("options").at("width"), 256);
        const std::size_t jobs = store.jobs().size();
        Json many = study();
        many["seeds"] = Json::array();
        for (int seed = 0; seed < 1000; ++seed)
            many["seeds"].push_back(seed);
        many["folds"] = 1000;
        QVERIFY(sentenceOf([&] { submitSpecification(store, many, "/data"); }).find("20000") != std::string::npos);
        QCOMPARE(store.jobs().size(), jobs);
    }

    /** Predictions of three subjects in three folds and two seeds: pooled, with differences between cells, from the runs' files. */
    void aStudyIsSummedUp()
    {
        const test::TemporaryFolder folder;
        const fs::path project = Project::create(folder / "p.kino").folder();
        JobStore store(project);
        JobWork work(project);
        Json given = study();
        given["grid"] = {{"encoder.name", {"mw2", "primus"}}};
        given["folds"] = 3;
        const JobId id = submitSpecification(store, given, "/data");
        // Cell 0 is right always; cell 1 on seed 5 wrong for s2 alone, on seed 6 right.
        for (const JobRow &run : store.runsOf(id)) {
            work.takeNext(1);
            fs::create_directories(store.runFolder(run.id));
            std::ofstream windows(store.runFolder(run.id) / "windows.csv"), predictions(store.runFolder(run.id) / "predictions.csv");
            windows << "recording,start_ns,label,subject,split\n";
            predictions << "recording,start_ns,label,predicted,confidence,device\n";
            for (const std::string subject : {"s1", "s2", "s3"}) {
                const bool isTested = subject == "s" + std::to_string(*run.fold + 1);
                for (int window = 0; window < 4; ++window) {
                    const std::string label = window % 2 == 0 ? "sit" : "walk";
                    windows << "rec " << subject << ',' << window << ',' << label << ',' << subject << ',' << (isTested ? "test" : "train") << '\n';
                    const bool isWrong = *run.cell == 1 && *run.seed == 5 && subject == "s2";
                    if (isTested)
                        predictions << "rec " << subject << ',' << window << ',' << label << ',' << (isWrong ? (label == "sit" ? "walk" : "sit") : label) << ",0.75,phone\n";
                }
            }
            windows.close();
            predictions.close();
            work.end(run.id, {.end = JobEnd::done, .result = {{"metrics", {{"validation.loss", 0.5 + static_cast<double>(*run.seed)}}}}});
        }
        const StudySummary summary = summariseStudy(store, id);
        QCOMPARE(summary.classes, (std::vector<std::string>{"sit", "walk"}));
        QCOMPARE(summary.cells.size(), std::size_t{2});
        const auto best = pooledScore(summary.cells[0].predictions, Score::macroF1), other = pooledScore(summary.cells[1].predictions, Score::accuracy);
        QCOMPARE(best->overSeeds.mean, 1.0);
        QCOMPARE(best->subjects, std::size_t{3});
        QCOMPARE(other->bySeed.at(5), 8.0 / 12);
        QCOMPARE(other->bySeed.at(6), 1.0);
        QCOMPARE(summary.cells[1].predictions.total(), (ConfusionMatrix{{10, 2}, {2, 10}}));
        QCOMPARE(summary.cells[0].metrics.at("validation.loss").mean, 6.0);
        const auto difference = pairedDifference(summary.cells[1].predictions, summary.cells[0].predictions, Score::accuracy);
        QCOMPARE(difference->bySubject.at("s2"), -0.5);
        QCOMPARE(difference->mean, -0.5 / 3);
        const auto behind = predictionsOfCell(store, id, 1);
        QCOMPARE(behind.size(), std::size_t{24});
        const auto wrong = std::ranges::find_if(behind, [](const StudyPrediction &each) { return each.label != each.predicted; });
        QCOMPARE(wrong->recording, std::string("rec s2"));
        QCOMPARE(wrong->subject, std::string("s2"));
        QCOMPARE(wrong->seed, 5);
        QCOMPARE(wrong->device, std::string("phone"));
        // Written beside it, and kept as its result.
        const Json result = writeStudyFiles(store, id);
        QCOMPARE(result.at("cells").at(1).at("confusion"), (Json{{10, 2}, {2, 10}}));
        QVERIFY(!result.at("cells").at(0).at("macro_f1").at("over_subjects").is_null());
        QCOMPARE(result.at("differences").at(0).at("cell"), 1);
        QCOMPARE(findArtifacts(store.runFolder(id)).size(), std::size_t{3});
        // A seed of which a fold is missing does not count; the other does.
        const JobId last = store.runsOf(id).back().id;
        work.database().execute("UPDATE jobs SET state = 'failed' WHERE id = " + std::to_string(last));
        QCOMPARE(pooledScore(summariseStudy(store, id).cells[1].predictions, Score::accuracy)->bySeed.size(), std::size_t{1});
        QVERIFY(sentenceOf([&] { summariseStudy(store, last); }).find("no study") != std::string::npos);
    }

    void oneWorkerAtMost()
    {
        const test::TemporaryFolder folder;
        const fs::path project = Project::create(folder / "p.kino").folder();
        QVERIFY(!isWorkerThere(project));
        {
            const auto lock = WorkerLock::tryLock(project);
            QVERIFY(lock);
            QVERIFY(isWorkerThere(project));
            QVERIFY(!WorkerLock::tryLock(project));
            QCOMPARE(workerProcess(project), std::optional<std::int64_t>(QCoreApplication::applicationPid()));
        }
        QVERIFY(!isWorkerThere(project));
        QVERIFY(!workerProcess(project));
        QVERIFY(WorkerLock::tryLock(project));
    }

    void abandonedJobsAreSettled()
    {
        const test::TemporaryFolder folder;
        const fs::path project = Project::create(folder / "p.kino").folder();
        JobStore store(project);
        const JobId id = submitSpecification(store, training(), "/data");
        JobWork(project).takeNext(1);
        {
            const auto worker = WorkerLock::tryLock(project);
            settleAbandonedJobs(project);
            QCOMPARE(store.row(id).state, JobState::running);
        }
        settleAbandonedJobs(project);
        QCOMPARE(store.row(id).state, JobState::queued);
    }
};

QTEST_GUILESS_MAIN(SubmissionTest)
#include "submission_test.moc"
