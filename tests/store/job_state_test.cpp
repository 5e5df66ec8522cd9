// The states of a job: every state with every event, against a table written by hand from cli.md and design.md §4.
#include "core/store/jobs/state.h"
#include "tests/support/test_data.h"

#include <map>
#include <set>

using namespace kino;

class JobStateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyEventInEveryState()
    {
        // "" where the event makes no sense.
        const std::vector<std::string> events = {"cancel", "pause", "resume", "take", "obey", "stop", "halt", "release", "finish", "fail", "lose"};
        const std::map<std::string, std::vector<std::string>> expected = {
            {"queued", {"cancelled", "paused", "", "running", "", "", "", "", "", "", ""}},
            {"running", {"running", "running", "running", "", "cancelling", "cancelled", "paused", "queued", "done", "failed", "interrupted"}},
            {"paused", {"cancelled", "paused", "queued", "", "", "", "", "", "", "", ""}},
            {"cancelling", {"cancelling", "", "", "", "cancelling", "cancelled", "cancelled", "cancelled", "done", "failed", "cancelled"}},
            {"cancelled", {"", "", "queued", "", "", "", "", "", "", "", ""}},
            {"interrupted", {"cancelled", "paused", "queued", "", "", "", "", "", "", "", ""}},
            {"failed", {"", "", "queued", "", "", "", "", "", "", "", ""}},
            {"done", {"", "", "", "", "", "", "", "", "", "", ""}}};
        QCOMPARE(allJobStates().size(), expected.size());
        QCOMPARE(allJobEvents().size(), events.size());
        for (const auto &[name, row] : expected) {
            const auto state = jobStateFromName(name);
            QVERIFY(state.has_value());
            QCOMPARE(std::string(jobStateName(*state)), name);
            for (std::size_t column = 0; column < events.size(); ++column) {
                const JobEvent event = allJobEvents()[column];
                QCOMPARE(std::string(jobEventName(event)), events[column]);
                const auto next = nextState(*state, event);
                QVERIFY2((next ? std::string(jobStateName(*next)) : std::string()) == row[column], (name + " " + events[column]).c_str());
            }
        }
        QVERIFY(!jobStateFromName("resting"));
    }

    /** From anywhere a job can still come to an end, and only done is one for ever. */
    void noStateIsATrap()
    {
        for (const JobState from : allJobStates()) {
            std::set<JobState> reached{from};
            for (std::size_t before = 0; before != reached.size();) {
                before = reached.size();
                for (const JobState state : std::set(reached)) {
                    for (const JobEvent event : allJobEvents()) {
                        if (const auto next = nextState(state, event))
                            reached.insert(*next);
                    }
                }
            }
            QVERIFY(reached.contains(JobState::done));
        }
    }

    void aStudyIsWhatItsRunsAre_data()
    {
        QTest::addColumn<QString>("runs");
        QTest::addColumn<QString>("state");
        QTest::newRow("one at work") << "done running queued failed" << "running";
        QTest::newRow("stopping") << "done cancelling queued" << "cancelling";
        QTest::newRow("waiting") << "done queued paused failed" << "queued";
        QTest::newRow("held") << "done paused interrupted" << "paused";
        QTest::newRow("lost") << "done interrupted failed" << "interrupted";
        QTest::newRow("one failed") << "done failed cancelled" << "failed";
        QTest::newRow("stopped") << "done cancelled" << "cancelled";
        QTest::newRow("all") << "done done" << "done";
    }

    void aStudyIsWhatItsRunsAre()
    {
        QFETCH(QString, runs);
        QFETCH(QString, state);
        JobCounts counts{};
        for (const QString &run : runs.split(' '))
            ++counts[static_cast<std::size_t>(*jobStateFromName(run.toStdString()))];
        QCOMPARE(QString::fromStdString(std::string(jobStateName(studyState(counts)))), state);
    }
};

QTEST_GUILESS_MAIN(JobStateTest)
#include "job_state_test.moc"
