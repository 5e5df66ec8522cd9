// The windows behind a confusion, from files of runs that were written by hand.
#include "core/jobs/queue/tested_windows.h"

#include "core/base/error.h"
#include "core/store/project.h"
#include "tests/support/prepared_runs.h"
#include "tests/support/test_data.h"

using namespace kino;
using test::PreparedRow;

class TestedWindowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<test::TemporaryFolder>();
        m_project = Project::create(*m_folder / "p.kino").folder();
        m_store = std::make_unique<JobStore>(m_project);
        m_work = std::make_unique<JobWork>(m_project);
    }
    void cleanup()
    {
        m_store.reset();
        m_work.reset();
        m_folder.reset();
    }

    void aRunsWindowsAreWhatItsFilesSay()
    {
        m_store->submit(test::preparedJob("one", 7));
        const std::vector<PreparedRow> rows = {{"a,b", "s1", -500'000'001, "walk", "walk", 0.25}, {"c", "s2", 9'007'199'254'740'993, "sit \"up\"", "walk", 1, "watch"}};
        const JobId id = test::finishNext(*m_work, [&](const JobRow &) { return rows; }, {{"a,b", 41}}, {});
        const TestedWindows windows = testedWindowsOf(*m_store, id);
        QCOMPARE(windows.classes, (std::vector<std::string>{"sit \"up\"", "walk"}));
        QCOMPARE(windows.windows.size(), std::size_t{2});
        QCOMPARE(windows.windows[0].startNs, -500'000'001);
        QCOMPARE(windows.windows[1].startNs, 9'007'199'254'740'993); // no double holds it
        QCOMPARE(windows.windows[0].confidence, 0.25);
        QCOMPARE(windows.recordings[0].name, std::string("a,b"));
        QCOMPARE(windows.recordings[0].subject, std::string("s1"));
        QCOMPARE(windows.recordings[0].id, std::optional<RecordingId>(41));
        QCOMPARE(windows.recordings[1].id, std::nullopt);
        QCOMPARE(windows.devices[windows.windows[1].device], std::string("watch"));
        QCOMPARE(windows.lengthNs, 500'000'000); // 0.5 s at 50 Hz
        QCOMPARE(windows.seeds, (std::vector<std::int64_t>{7}));
        QCOMPARE(windows.classification().confusion, (ConfusionMatrix{{0, 1}, {0, 1}}));
    }

    void aRunFromElsewhereKnowsNamesAlone()
    {
        const std::vector<PreparedRow> rows = {{"a", "s1", 0, "walk", "walk", 0.25}};
        const JobId id = m_store->insertFinished(test::preparedJob("one", 7), JobState::done, test::preparedResult(rows, {}), 1);
        test::writePreparedRun(m_store->runFolder(id), rows, {{"a", 3}});
        QCOMPARE(testedWindowsOf(*m_store, id).recordings.at(0).id, std::nullopt);
    }

    void aCellPoolsSeedsWhoseFoldsAreAllDone()
    {
        NewJob study = test::preparedJob("study", 0);
        study.kind = "study";
        std::vector<NewJob> runs;
        for (const auto &[cell, fold, seed] : {std::tuple(0, 0, 1), std::tuple(0, 1, 1), std::tuple(0, 0, 2), std::tuple(0, 1, 2), std::tuple(1, 0, 1)}) {
            NewJob &run = runs.emplace_back(test::preparedJob("run", seed));
            run.cell = cell;
            run.fold = fold;
        }
        const JobId id = m_store->submitStudy(study, runs).front();
        const auto rowsOf = [](const JobRow &run) {
            return std::vector<PreparedRow>{{run.fold == 0 ? "a" : "b", "s", 0, "walk", run.cell == 0 ? "walk" : "sit", 0.5}};
        };
        for (int run = 0; run < 3; ++run) // fold 1 of seed 2 waits
            test::finishNext(*m_work, rowsOf, {}, {});
        const TestedWindows part = testedWindowsOfCell(*m_store, id, 0);
        QCOMPARE(part.windows.size(), std::size_t{2});
        QCOMPARE(part.seeds, (std::vector<std::int64_t>{1}));
        QCOMPARE(part.windows[1].fold, 1);
        for (int run = 0; run < 2; ++run)
            test::finishNext(*m_work, rowsOf, {}, {});
        const TestedWindows whole = testedWindowsOfCell(*m_store, id, 0);
        QCOMPARE(whole.windows.size(), std::size_t{4});
        QCOMPARE(whole.runs, std::size_t{4});
        QCOMPARE(whole.classification(2).count, std::size_t{2});
        QCOMPARE(testedWindowsOfCell(*m_store, id, 1).classification().accuracy, 0.0);
        QVERIFY_EXCEPTION_THROWN(testedWindowsOfCell(*m_store, id + 1, 0), Error);
    }

    void damageIsASentence()
    {
        m_store->submit(test::preparedJob("one", 7));
        const JobId id = test::finishNext(*m_work, [](const JobRow &) { return std::vector<PreparedRow>{{"a", "s1", 0, "walk", "walk", 0.25}}; }, {}, {});
        for (const auto &[file, text] : {std::pair("predictions.csv", "recording,start_ns,label,predicted,confidence\na,0,walk\n"), std::pair("predictions.csv", "x\na,99999999999999999999,walk,walk,1\n"),
                                         std::pair("recordings.json", "[{\"id\": \"one\"}]"), std::pair("recordings.json", "[3"), std::pair("windows.csv", "\n")}) {
            const std::string before = readTextFile(m_store->runFolder(id) / file);
            writeFileAtomically(m_store->runFolder(id) / file, text);
            QVERIFY_EXCEPTION_THROWN(testedWindowsOf(*m_store, id), Error);
            writeFileAtomically(m_store->runFolder(id) / file, before);
        }
        QCOMPARE(testedWindowsOf(*m_store, id).windows.size(), std::size_t{1});
        QVERIFY_EXCEPTION_THROWN(testedWindowsOf(*m_store, 99), Error);
        // What is not done has none.
        QCOMPARE(testedWindowsOf(*m_store, m_store->submit(test::preparedJob("two", 7))).windows.size(), std::size_t{0});
    }

private:
    std::unique_ptr<test::TemporaryFolder> m_folder;
    std::filesystem::path m_project;
    std::unique_ptr<JobStore> m_store;
    std::unique_ptr<JobWork> m_work;
};

QTEST_GUILESS_MAIN(TestedWindowsTest)
#include "tested_windows_test.moc"
