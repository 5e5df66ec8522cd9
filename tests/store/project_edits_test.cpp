#include "core/base/error.h"
#include "core/base/random.h"
#include "core/data/annotations/annotation_edits.h"
#include "core/data/import.h"
#include "core/store/project.h"
#include "core/store/project_check.h"
#include "tests/support/test_data.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>
#include <csignal>
#include <cstdio>

using namespace kino;
namespace fs = std::filesystem;

namespace {

std::string table()
{
    std::string text = "Time (s),Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n";
    for (int row = 0; row < 100; ++row)
        text += std::to_string(row / 100) + "." + (row % 100 < 10 ? "0" : "") + std::to_string(row % 100) + ",0,0,1\n";
    return text;
}

RecordingId addOne(Project &project, const fs::path &file)
{
    return project.add(importPaths(std::vector<fs::path>{file}).recordings.at(0)).id;
}

std::vector<StoredTier> stored(const Project &project, RecordingId id) { return project.tiers(id); }

/** Labels without end, saying each that is committed; until it is killed. */
int labelUntilKilled(const char *projectFolder)
{
    Project project = Project::open(projectFolder);
    const RecordingId id = project.findRecording("walk");
    AnnotationSet set(project.tiers(id));
    AnnotationIds ids = project.reserveIds();
    const TierId tier = set.tiers().front().id;
    for (Nanos at = 0;; at += 10) {
        const AnnotationEdit edit = addAnnotation(set, ids, tier, {{at}, {at + 8}, "walk"}, Overlap::allow);
        project.applyEdit(id, edit);
        set.apply(edit);
        std::printf("%lld\n", static_cast<long long>(edit.annotations.front().after->id));
        std::fflush(stdout);
    }
}

} // namespace

class ProjectEditsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<test::TemporaryFolder>();
        m_project = std::make_unique<Project>(Project::create(*m_folder / "p.kino"));
        m_id = addOne(*m_project, m_folder->write("walk.csv", table()));
        m_project->replaceTier(
            m_id, {"activity", TierKind::label, {{{0}, {10}, "walk"}, {{10}, {20}, "sit"}, {{30}, {40}, "run"}}});
        m_project->replaceTier(m_id, {"narration", TierKind::text, {{{5}, {5}, "C claps"}}});
    }
    void cleanup()
    {
        m_project.reset();
        m_folder.reset();
    }

    // What is in memory and what is on disk are the same after every edit, every undo and every redo.
    void everyEditIsStoredUndoneAndRedone()
    {
        AnnotationSet set(m_project->tiers(m_id));
        AnnotationIds ids = m_project->reserveIds();
        const TierId activity = set.findTier("activity")->id;
        const TierId narration = set.findTier("narration")->id;
        const auto first = set.tier(activity).annotations.at(0).id;
        std::vector<AnnotationEdit> done;
        std::vector<std::vector<StoredTier>> states{set.tiers()};
        const auto perform = [&](const AnnotationEdit &edit) {
            m_project->applyEdit(m_id, edit);
            set.apply(edit);
            done.push_back(edit);
            states.push_back(set.tiers());
            QVERIFY(stored(*m_project, m_id) == set.tiers());
        };
        perform(addAnnotation(set, ids, activity, {{8}, {35}, "stairs"}));
        perform(splitAnnotation(set, ids, first, {4}));
        perform(relabelAnnotations(set, std::vector{first}, "Straße \"ü\""));
        perform(moveEdge(set, ids, first, AnnotationEdge::start, {-100}));
        perform(addTier(set, ids, "gait", TierKind::label));
        const TierId gait = set.findTier("gait")->id;
        perform(retierAnnotations(set, ids, std::vector{first}, gait));
        perform(renameTier(set, gait, "stride"));
        perform(moveTier(set, gait, 0));
        perform(removeTier(set, activity));
        perform(removeTier(set, narration));
        for (std::size_t index = done.size(); index-- > 0;) {
            m_project->applyEdit(m_id, inverseOf(done[index]));
            QVERIFY(stored(*m_project, m_id) == states[index]);
        }
        for (std::size_t index = 0; index < done.size(); ++index) {
            m_project->applyEdit(m_id, done[index]);
            QVERIFY(Project::open(m_project->folder()).tiers(m_id) == states[index + 1]);
        }
    }

    void editsOfOthersAreNoticedAndNothingIsHalfDone()
    {
        const AnnotationSet set(m_project->tiers(m_id));
        const auto &rows = set.findTier("activity")->annotations;
        const AnnotationEdit both = relabelAnnotations(set, std::vector{rows[0].id, rows[1].id}, "x");
        const AnnotationEdit removal = removeTier(set, set.findTier("narration")->id);
        Project other = Project::open(m_project->folder());
        other.updateAnnotation(rows[1].id, {{10}, {21}, "sit"});
        other.insertAnnotation(set.findTier("narration")->id, {{7}, {8}, "new"});
        const auto before = stored(*m_project, m_id);
        QVERIFY_THROWS_EXCEPTION(Error, m_project->applyEdit(m_id, both));
        QVERIFY_THROWS_EXCEPTION(Error, m_project->applyEdit(m_id, removal));
        QVERIFY(stored(*m_project, m_id) == before);
        // Another recording's tiers are out of reach.
        m_folder->write("run.csv", table() + "1.00,1,1,1\n");
        const RecordingId second = addOne(*m_project, *m_folder / "run.csv");
        const AnnotationSet fresh(m_project->tiers(m_id));
        QVERIFY_THROWS_EXCEPTION(Error,
                                 m_project->applyEdit(second, removeAnnotations(fresh, std::vector{rows[0].id})));
    }

    void reservedNumbersAreNoOneElses()
    {
        AnnotationIds mine = m_project->reserveIds(10);
        AnnotationIds other = Project::open(m_project->folder()).reserveIds(10);
        const AnnotationId a = mine.annotations.next();
        const AnnotationId b = other.annotations.next();
        QCOMPARE(b - a, AnnotationId{10});
        const TierId tier = m_project->tiers(m_id).at(0).id;
        QVERIFY(m_project->insertAnnotation(tier, {{50}, {60}, "x"}) >= b + 10);
        for (int i = 0; i < 9; ++i)
            mine.annotations.next();
        QVERIFY_THROWS_EXCEPTION(Error, mine.annotations.next());
        Project empty = Project::create(*m_folder / "empty.kino");
        QCOMPARE(empty.reserveIds(5).annotations.next(), AnnotationId{1});
    }

    void labelSetsAreKeptAndTheirRemovalUndone()
    {
        const LabelSet adl{0, "ADL", {{"walk", "#1f77b4", "1"}, {"sit", "", "s"}}};
        const LabelSetId id = m_project->addLabelSet(adl);
        QVERIFY(m_project->labelSets().at(0).labels == adl.labels);
        QVERIFY_THROWS_EXCEPTION(Error, m_project->addLabelSet({0, "ADL", {}}));
        QVERIFY_THROWS_EXCEPTION(Error, m_project->addLabelSet({0, "same keys", {{"a", "", "1"}, {"b", "", "1"}}}));
        AnnotationSet set(m_project->tiers(m_id));
        const TierId tier = set.findTier("activity")->id;
        m_project->applyEdit(m_id, setTierLabelSet(set, tier, id));
        QCOMPARE(m_project->tiers(m_id).at(0).labelSet, std::optional(id));
        m_project->updateLabelSet({id, "Activities", {{"run", "", "r"}, {"walk", "", ""}}});
        QCOMPARE(m_project->labelSets().at(0).labels.at(0).label, std::string("run"));
        const LabelSet before = m_project->labelSets().at(0);
        const std::vector<TierId> users = m_project->removeLabelSet(id);
        QCOMPARE(users, std::vector<TierId>{tier});
        QVERIFY(m_project->labelSets().empty() && !m_project->tiers(m_id).at(0).labelSet);
        QCOMPARE(m_project->addLabelSet(before), id);
        m_project->setTierLabelSet(users, id);
        QVERIFY(m_project->labelSets().at(0) == before);
        QCOMPARE(m_project->tiers(m_id).at(0).labelSet, std::optional(id));
        QVERIFY_THROWS_EXCEPTION(Error, m_project->removeLabelSet(id + 1));
        QVERIFY_THROWS_EXCEPTION(Error, m_project->updateLabelSet({id + 1, "none", {}}));
    }

    void clocksAreStoredWithTheirReasonAndUndone()
    {
        const Recording recording = m_project->loadRecording(m_id);
        const std::string device = recording.devices.at(0).name;
        const ClockState present = clockOf(recording, ClockOwner::device, device);
        QVERIFY(!present.evidence);
        const std::vector<ClockPoint> points{{0, {350'000'000}}, {100'000'000'000, {100'354'000'000}}};
        const ClockEdit edit
            = editClock(recording, ClockOwner::device, device,
                        clockThroughPoints(present, points, 1'750'000'000'000'000'000), "Set two points");
        m_project->applyClockEdit(m_id, edit);
        const Recording loaded = Project::open(m_project->folder()).loadRecording(m_id);
        QVERIFY(clockOf(loaded, ClockOwner::device, device) == edit.after);
        Statement view(m_project->database(),
                       "SELECT origin, method, set_at_ns, points FROM v_clocks WHERE owner = 'device'");
        QVERIFY(view.step());
        QCOMPARE(view.text(0), std::string("set by hand"));
        QCOMPARE(view.text(1), std::string("two-points"));
        QCOMPARE(view.integer(2), std::int64_t{1'750'000'000'000'000'000});
        QCOMPARE(view.text(3), std::string("[[0,350000000],[100000000000,100354000000]]"));
        view.reset();
        QVERIFY_THROWS_EXCEPTION(Error, m_project->applyClockEdit(m_id, edit)); // it is not as it was before any more
        m_project->applyClockEdit(m_id, inverseOf(edit));
        QVERIFY(clockOf(m_project->recording(m_id).recording, ClockOwner::device, device) == present);
        m_project->setDeviceClock(m_id, device, {7, 1});
        QVERIFY(m_project->recording(m_id).recording.devices.at(0).clockEvidence->method == ClockMethod::typed);
        // A renewed import keeps both.
        m_folder->write("walk.csv", table() + "1.00,1,1,1\n");
        addOne(*m_project, *m_folder / "walk.csv");
        QVERIFY(m_project->recording(m_id).recording.devices.at(0).clockEvidence.has_value());
    }

    // Every label whose edit was committed is there after the program was killed at any moment, whole, and nothing
    // else.
    void killedWhileLabellingLosesNothingCommitted()
    {
        std::size_t before = m_project->tiers(m_id).at(0).annotations.size();
        for (int round = 0; round < 4; ++round) {
            const std::size_t wanted = 20 + 17 * static_cast<std::size_t>(round);
            QProcess child;
            child.start(QCoreApplication::applicationFilePath(),
                        {"--label-until-killed", QString::fromStdString(m_project->folder().string())});
            QByteArray said;
            while (static_cast<std::size_t>(said.count('\n')) < wanted && child.waitForReadyRead(20'000))
                said += child.readAllStandardOutput();
            QVERIFY(static_cast<std::size_t>(said.count('\n')) >= wanted);
            ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
            child.waitForFinished();
            said += child.readAllStandardOutput();
            const QList<QByteArray> lines = said.left(said.lastIndexOf('\n')).split('\n');
            Project project = Project::open(m_project->folder());
            const AnnotationSet set(project.tiers(m_id));
            for (const QByteArray &line : lines)
                QVERIFY2(set.contains(line.toLongLong()), line.constData());
            // At most the one that was committed but not yet said.
            const std::size_t after = set.findTier("activity")->annotations.size();
            QVERIFY(after - before == static_cast<std::size_t>(lines.size())
                    || after - before == static_cast<std::size_t>(lines.size()) + 1);
            before = after;
            QVERIFY(checkProject(project).isDatabaseSound);
        }
    }

private:
    std::unique_ptr<test::TemporaryFolder> m_folder;
    std::unique_ptr<Project> m_project;
    RecordingId m_id = 0;
};

int main(int argc, char **argv)
{
    if (argc == 3 && std::string_view(argv[1]) == "--label-until-killed")
        return labelUntilKilled(argv[2]);
    QCoreApplication application(argc, argv);
    ProjectEditsTest suite;
    return QTest::qExec(&suite, argc, argv);
}
#include "project_edits_test.moc"
