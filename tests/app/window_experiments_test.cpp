#include "app/kinoscope/commands.h"
#include "app/kinoscope/experiments/compare_panel.h"
#include "app/kinoscope/experiments/curves_panel.h"
#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/experiments/job_corner.h"
#include "app/kinoscope/experiments/lost_notice.h"
#include "app/kinoscope/experiments/new_job_dialog.h"
#include "app/kinoscope/experiments/presets.h"
#include "app/kinoscope/experiments/repeat_dialog.h"
#include "app/kinoscope/experiments/run_detail_panel.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "app/kinoscope/experiments/specification_fields.h"
#include "core/jobs/queue/worker_lock.h"
#include "core/store/jobs/work.h"
#include "tests/support/run_kino.h"
#include "tests/support/window_fixture.h"
#include "widgets/controls/choice_box.h"
#include "widgets/form/json_editor.h"
#include "widgets/form/row_view.h"
#include "widgets/runs/queue_view.h"
#include "widgets/window/message_line.h"
#include "widgets/window/panel_dock.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>

#include <cmath>

using namespace kino;
using Json = nlohmann::json;

/**
 * The Experiments page with real clicks over a project's database. What the window shows is compared with what the store says over a
 * connection of the test's own, and what a worker does is said by JobWork and MetricWriter as `kino work` says it.
 */
class WindowExperimentsTest : public QObject, private test::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void everyParameterHasAField();
    void everyPresetIsSound();
    void emptyPanelsTeach();
    void aJobIsQueuedFromTheForm();
    void theFormTellsWhatIsWrong();
    void aStudyHasItsBaseInTheForm();
    void anEstimateIsToldInTheForm();
    void aStudysCellsAreDrawnAsOne();
    void panelsStayWhereTheyWerePut();
    void closingWaitsForNoOtherProgram();
    void theCurveGrowsAndTheJobIsCancelled();
    void aFailureIsASentenceInTheCorner();
    void runsAreComparedAndExported();
    void editsCanBeUndone();
    void aCardsMenuIsAboutItsJob();
    void aCardsButtonFollowsItsState();
    void aDeadWorkerIsTold();
    void aWorkerThatDiedMeanwhileIsTold();
    void aLostRunOfAStudyIsTold();
    void removalIsToldAndUndone();
    void theLastPageIsOpenedAgain();
    void theFilterIsTheStores();
    void aCopyBeginsWithItsSpecification();
    void anotherProjectHasOtherJobs();
    void keysStayOnThePage();
    void tenThousandRunsAndAMillionNumbersAreFluid();

private:
    ExperimentsPage &page() { return m_window->experiments(); }
    void openPage();
    void waitSettled() { QTRY_VERIFY_WITH_TIMEOUT(page().isSettled(), 20'000); }
    static NewJob job(const std::string &name, const std::string &encoder, int seed);
    JobId finished(JobStore &store, const NewJob &job, double score);
    JobCorner *corner() { return m_window->findChild<JobCorner *>(); }

    std::filesystem::path m_project;
};

NewJob WindowExperimentsTest::job(const std::string &name, const std::string &encoder, int seed)
{
    NewJob made;
    made.name = name;
    made.specification = {{"kinoscope", 1}, {"kind", "train"}, {"name", name}, {"seed", seed}, {"encoder", {{"name", encoder}}}};
    made.complete = made.specification;
    made.complete["objective"] = {{"name", "supervised"}};
    made.complete["train"] = {{"batch", 64}};
    made.folder = "/";
    made.seed = seed;
    return made;
}

JobId WindowExperimentsTest::finished(JobStore &store, const NewJob &job, double score)
{
    return store.insertFinished(job, JobState::done, {{"state", "done"}, {"metrics", {{"test.macro_f1", score}}}}, 12);
}

void WindowExperimentsTest::openPage()
{
    m_project = makeProject();
    page().setWorkerProgram({});
    open({m_project});
    m_window->commands().showExperiments->trigger();
    waitSettled();
    QVERIFY(page().isVisible());
}

void WindowExperimentsTest::everyParameterHasAField()
{
    for (const SpecificationKind kind : {SpecificationKind::train, SpecificationKind::study}) {
        const auto fields = specificationFields(kind);
        for (const Parameter &parameter : schemaOf(kind).parameters()) {
            const auto found = std::ranges::find(*fields, parameter.path, &FormField::path);
            // The version is no choice; objects that are always there are made by what lies in them.
            const bool isLeftOut = parameter.path == "kinoscope" || parameter.type == ParameterType::base
                || (parameter.type == ParameterType::object && !parameter.mayBeNull && parameter.absence != Absence::leftOut);
            QVERIFY2((found == fields->end()) == isLeftOut, parameter.path.c_str());
            if (found == fields->end())
                continue;
            QVERIFY2(!found->title.isEmpty() && !found->group.isEmpty() && !found->help.isEmpty(), parameter.path.c_str());
            QCOMPARE(found->named.size(), parameter.named.size());
        }
    }
}

void WindowExperimentsTest::everyPresetIsSound()
{
    const QStringList files = QDir(QStringLiteral(KINOSCOPE_SOURCE_DIR "/projects")).entryList({QStringLiteral("*.json")}, QDir::Files);
    QCOMPARE(static_cast<qsizetype>(jobPresets().size()), files.size());
    for (const JobPreset &preset : jobPresets()) {
        QVERIFY2(!preset.name.isEmpty() && !preset.about.isEmpty(), qPrintable(preset.file));
        const QString text = withProjectsRecordings(preset.text, {"s1", "s2", "s3"});
        const Json values = Json::parse(text.toStdString(), nullptr, true, true);
        const FormVerdict verdict = judgeSpecification(values, {});
        for (const FormProblem &problem : verdict.problems)
            QVERIFY2(problem.isWarning, qPrintable(preset.file + QStringLiteral(": ") + QString::fromStdString(problem.path) + QStringLiteral(" ") + problem.sentence));
        // What is given is what applies.
        for (const FormRow &row : formRows(*specificationFields(kindOf(values)), values, verdict)) {
            if (const Json *given = valueAt(values, row.path); given && !given->is_null() && verdict.states.contains(row.path))
                QVERIFY2(verdict.states.at(row.path).applies, row.path.c_str());
        }
    }
}

void WindowExperimentsTest::emptyPanelsTeach()
{
    m_window->commands().showExperiments->trigger();
    QVERIFY(page().isVisible());
    QVERIFY(!m_window->commands().newJob->isEnabled());
    QVERIFY(page().queue().items().empty());
    openPage();
    QVERIFY(m_window->commands().newJob->isEnabled());
    QVERIFY(!m_window->commands().cancelJob->isEnabled());
    QVERIFY(!m_window->commands().runsAsCsv->isEnabled());
    m_window->commands().showInspect->trigger();
    QVERIFY(!page().isVisible());
}

void WindowExperimentsTest::aJobIsQueuedFromTheForm()
{
    openPage();
    QPushButton *button = nullptr;
    for (QPushButton *each : page().findChildren<QPushButton *>())
        button = each->isVisible() && each->text() == QStringLiteral("New job") ? each : button;
    QVERIFY(button);
    QTest::mouseClick(button, Qt::LeftButton);
    NewJobDialog *dialog = page().newJobDialog();
    QVERIFY(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled(), 10'000);
    dialog->choosePreset(QStringLiteral("simclr-small.json"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled() && dialog->editor().form().isComplete(), 10'000);
    QVERIFY(dialog->submitButton().isEnabled());
    FormRowView *epochs = dialog->editor().form().rowAt("train.epochs");
    QVERIFY(epochs);
    auto *line = epochs->findChild<QLineEdit *>();
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("2"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled(), 10'000);
    QTest::mouseClick(&dialog->submitButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items().size(), std::size_t{2}, 10'000);
    // In the database is what was in the form, with the project's own recordings.
    JobStore store(m_project);
    const std::vector<JobRow> queue = store.queue();
    QCOMPARE(queue.size(), std::size_t{1});
    const JobDetail detail = store.detail(queue[0].id);
    QCOMPARE(detail.specification["train"]["epochs"], Json(2));
    QCOMPARE(detail.specification["data"]["recordings"], Json::parse("{\"project\": \"all\"}"));
    QCOMPARE(detail.complete["objective"]["name"], Json("simclr"));
    QCOMPARE(QString::fromStdString(queue[0].name), page().queue().items()[1].name);
    QCOMPARE(page().queue().items()[1].state, RunState::queued);
    // Chosen in the table, told in the detail; no worker is there, so it can be started.
    waitSettled();
    QTRY_COMPARE(page().runs().view().chosen().size(), std::size_t{1});
    QTRY_VERIFY(!page().detail().specification().toPlainText().isEmpty());
    QVERIFY(page().detail().specification().toPlainText().contains(QStringLiteral("simclr")));
    QVERIFY(m_window->commands().startWorker->isEnabled());
    QTRY_VERIFY(corner()->isVisible());
    QCOMPARE(corner()->words(), QStringLiteral("1 waiting"));
}

void WindowExperimentsTest::theFormTellsWhatIsWrong()
{
    openPage();
    m_window->commands().newJob->trigger();
    NewJobDialog *dialog = page().newJobDialog();
    dialog->choosePreset(QStringLiteral("supervised-small.json"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled() && dialog->editor().form().isComplete(), 10'000);
    auto *line = dialog->editor().form().rowAt("train.batch")->findChild<QLineEdit *>();
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("0"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled(), 10'000);
    QVERIFY(!dialog->submitButton().isEnabled());
    QVERIFY(dialog->editor().form().rowAt("train.batch")->hasProblem());
    // Word for word what the command line says.
    const auto path = m_folder->write("spec.json", dialog->editor().text().toStdString());
    const test::KinoRun run = test::runKino({QStringLiteral("validate"), QString::fromStdString(path.string()), QStringLiteral("--json")});
    const Json told = run.json();
    QVERIFY(told.is_object());
    bool isSaid = false;
    for (const FormProblem &problem : dialog->editor().form().verdict().problems)
        isSaid = isSaid || (problem.path == "train.batch" && told.dump().find(problem.sentence.toStdString()) != std::string::npos);
    QVERIFY2(isSaid, told.dump().c_str());
    // Escape does not drop what was typed unasked.
    QVERIFY(dialog->isEdited());
    QTest::keyClick(dialog, Qt::Key_Escape);
    auto *box = dialog->findChild<QMessageBox *>();
    QVERIFY(box && dialog->isVisible());
    QTest::keyClick(box, Qt::Key_Escape);
    QVERIFY(dialog->isVisible());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog->findChildren<QMessageBox *>().isEmpty());
    for (QPushButton *button : dialog->findChildren<QMessageBox *>().back()->findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("&Drop the changes"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_VERIFY(!page().newJobDialog());
}

void WindowExperimentsTest::aStudyHasItsBaseInTheForm()
{
    openPage();
    m_window->commands().newJob->trigger();
    NewJobDialog *dialog = page().newJobDialog();
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled() && dialog->editor().form().isComplete(), 10'000);
    Json base = Json::parse(withProjectsRecordings(std::ranges::find(jobPresets(), QStringLiteral("supervised-small.json"), &JobPreset::file)->text, {}).toStdString(), nullptr, true, true);
    base.erase("name");
    base.erase("about");
    base["data"]["split"] = {{"by", "subject"}};
    const Json study = {{"kinoscope", 1}, {"kind", "study"}, {"name", "batches"}, {"base", base}, {"grid", {{"train.batch", {16, 32}}}}, {"seeds", {1, 2, 3}}, {"folds", 3}};
    dialog->openText(QString::fromStdString(study.dump(2)), m_project);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled() && dialog->editor().form().isComplete(), 10'000);
    QVERIFY2(dialog->submitButton().isEnabled(), qPrintable(dialog->editor().form().verdict().problems.empty() ? QString() : dialog->editor().form().verdict().problems.front().sentence));
    QVERIFY(dialog->editor().form().rowAt("base.train.epochs"));
    QCOMPARE(dialog->editor().form().rowAt("seeds")->findChild<QLineEdit *>()->text(), QStringLiteral("1, 2, 3"));
    QTest::mouseClick(&dialog->submitButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!page().queue().items().empty(), 10'000);
    JobStore store(m_project);
    const auto jobs = store.jobs();
    QCOMPARE(std::ranges::count(jobs, "study", &JobRow::kind), 1);
    QCOMPARE(std::ranges::count(jobs, "train", &JobRow::kind), 18); // 2 batches x 3 folds x 3 seeds
    // One card stands for all of them; the table has each where that is asked for.
    QCOMPARE(page().queue().items().size(), std::size_t{2});
    waitSettled();
    QTRY_COMPARE(page().runs().view().runs().runs(), std::size_t{1});
    QTest::mouseClick(&page().runs().ofStudies(), Qt::LeftButton);
    QTRY_COMPARE(page().runs().view().runs().runs(), std::size_t{19});
}

/** What the command finds out is its own test's: here it is played by a script. */
void WindowExperimentsTest::anEstimateIsToldInTheForm()
{
    openPage();
    const auto figures = m_folder->write("estimate.json", Json{{"kind", "train"},
                                                               {"runs", 1},
                                                               {"device", "cpu"},
                                                               {"threads", 2},
                                                               {"windows", {{"train", 400}, {"validation", 50}, {"test", 60}}},
                                                               {"parameters", {{"all", 850892}, {"trained", 850892}}},
                                                               {"steps", {{"first_epoch", 117}, {"epochs", 20}, {"all", 2340}, {"counted", true}}},
                                                               {"step_seconds", {{"median", 0.0985}, {"low", 0.09}, {"high", 0.12}, {"timed", 40}, {"warm_up", 3}}},
                                                               {"seconds", {{"loading", 3}, {"training", 230.5}, {"evaluation", 12}, {"all", 245.5}, {"low", 225.6}, {"high", 295.8}}},
                                                               {"memory", {{"peak_bytes", 640e6}, {"data_bytes", 9e6}, {"weights_bytes", 3.4e6}, {"gradient_bytes", 3.4e6}, {"optimizer_bytes", 6.8e6}, {"best_bytes", 3.4e6}}},
                                                               {"disk", {{"checkpoint_bytes", 13.6e6}, {"weights_bytes", 3.4e6}, {"most_bytes", 34e6}}},
                                                               {"notes", {"Early stopping may end it sooner."}}}.dump());
    const auto program = m_folder->write("kino.sh", "#!/bin/sh\necho \"$@\" > '" + (*m_folder / "arguments").string() + "'\ncp \"$2\" '" + (*m_folder / "asked.json").string()
                                                        + "'\necho '0.4 step 3' >&2\nwhile [ -e '" + (*m_folder / "wait").string() + "' ]; do sleep 0.02; done\n[ -e '" + figures.string()
                                                        + "' ] && exec cat '" + figures.string() + "'\necho 'kino: No window trains.' >&2\nexit 1\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    m_folder->write("wait", "");
    page().setWorkerProgram(QString::fromStdString(program.string()));
    m_window->commands().newJob->trigger();
    NewJobDialog *dialog = page().newJobDialog();
    dialog->choosePreset(QStringLiteral("supervised-small.json"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled() && dialog->editor().form().isComplete(), 10'000);
    const auto line = [dialog] { return dialog->estimateLine().text(); };
    QVERIFY(dialog->estimateButton().isEnabled());
    QTest::mouseClick(&dialog->estimateButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(line(), QStringLiteral("Estimating: 40 %, step 3"), 10'000);
    // Stopped and asked again.
    QTest::mouseClick(&dialog->estimateButton(), Qt::LeftButton);
    QCOMPARE(dialog->estimateButton().text(), QStringLiteral("&Estimate"));
    QVERIFY(line().isEmpty());
    std::filesystem::remove(*m_folder / "wait");
    QTest::mouseClick(&dialog->estimateButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(line().startsWith(QStringLiteral("About 4 min")), 10'000);
    QCOMPARE(line(), QStringLiteral("About 4 min (4 min to 5 min)   2,340 steps of 99 ms (90 to 120)   memory 640 MB, disk 34 MB"));
    QVERIFY(dialog->estimateLine().toolTip().contains(QStringLiteral("850,892 parameters")) && dialog->estimateLine().toolTip().contains(QStringLiteral("Early stopping")));
    QFile arguments(QString::fromStdString((*m_folder / "arguments").string()));
    QVERIFY(arguments.open(QIODevice::ReadOnly));
    QVERIFY2(arguments.readAll().contains("--project " + QByteArray::fromStdString(m_project.string())), "project");
    QFile asked(QString::fromStdString((*m_folder / "asked.json").string()));
    QVERIFY(asked.open(QIODevice::ReadOnly));
    QCOMPARE(Json::parse(asked.readAll().toStdString()), *dialog->editor().values());
    // The form says something else: the figures are of before, until asked again. The command's sentence comes as it is.
    auto *batch = dialog->editor().form().rowAt("train.batch")->findChild<QLineEdit *>();
    batch->setFocus();
    batch->selectAll();
    QTest::keyClicks(batch, QStringLiteral("17"));
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled() && line().startsWith(QStringLiteral("Out of date")), 10'000);
    std::filesystem::remove(figures);
    QTest::mouseClick(&dialog->estimateButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(line(), QStringLiteral("No window trains."), 10'000);
    dialog->reject();
    page().setWorkerProgram({});
}

void WindowExperimentsTest::aStudysCellsAreDrawnAsOne()
{
    openPage();
    JobStore store(m_project);
    std::vector<NewJob> runs;
    for (int run = 0; run < 6; ++run) {
        runs.push_back(job("run", run < 3 ? "mw2" : "primus", run % 3));
        runs.back().cell = run / 3;
        runs.back().cellName = run < 3 ? "encoder.name mw2" : "encoder.name primus";
    }
    NewJob study = job("both", "mw2", 0);
    study.kind = "study";
    const std::vector<JobId> ids = store.submitStudy(study, runs);
    const auto measure = [this](JobId run, std::vector<double> values) {
        MetricWriter writer(m_project, run);
        for (std::size_t step = 0; step < values.size(); ++step)
            writer.add(static_cast<std::int64_t>(step), 0, "train.loss", values[step]);
        writer.flush();
    };
    measure(ids[1], {4, 2, 1});
    measure(ids[2], {6, 4});
    measure(ids[3], {8, 6, 5});
    measure(ids[4], {3, 1});
    page().showJob(ids[0]);
    const auto chart = [this]() -> CurveChart * { return page().curves().charts().empty() ? nullptr : page().curves().charts()[0]; };
    QTRY_VERIFY_WITH_TIMEOUT(chart() && chart()->curves().size() == 2, 10'000);
    const Curve &mw2 = chart()->curves()[0], &primus = chart()->curves()[1];
    QCOMPARE(mw2.name, QStringLiteral("encoder.name mw2 (3)"));
    QCOMPARE(primus.name, QStringLiteral("encoder.name primus (1 of 3)"));
    QVERIFY(mw2.place != primus.place);
    QVERIFY(std::ranges::equal(mw2.series->values, std::vector<double>{6, 4, 3})); // the second run has no third; two of three go as far
    QCOMPARE(mw2.band->low, (std::vector<double>{4, 2, 1}));
    QCOMPARE(mw2.band->high, (std::vector<double>{8, 6, 5}));
    QVERIFY(mw2.drops.size() == 1 && mw2.drops[0].step == 1 && mw2.drops[0].runs == 2);
    QVERIFY(!primus.band && std::ranges::equal(primus.series->values, std::vector<double>{3, 1}));
    QCOMPARE(chart()->legendNote(), QStringLiteral("mean, min to max"));
    page().curves().members().setChecked(true);
    QCOMPARE(chart()->curves().size(), std::size_t{6});
    page().curves().members().setChecked(false);
    page().curves().band().setCurrentIndex(1);
    Q_EMIT page().curves().band().activated(1);
    QVERIFY(std::abs(chart()->curves()[0].band->high[0] - (6 + 2 / std::sqrt(3))) < 1e-12);
    page().curves().band().setCurrentIndex(0);
    Q_EMIT page().curves().band().activated(0);
    // It grows with its runs.
    measure(ids[2], {6, 4, 3});
    QTRY_VERIFY_WITH_TIMEOUT(chart()->curves()[0].series->size() == 3 && chart()->curves()[0].drops.empty(), 5'000);
    QCOMPARE(chart()->curves()[0].series->values[2], 3.0);
    // A cell alone, as a click on it in the detail asks for it.
    Q_EMIT page().detail().cellWanted(ids[0], 1);
    QTRY_VERIFY_WITH_TIMEOUT(chart() && chart()->curves().size() == 1 && chart()->curves()[0].name == QStringLiteral("encoder.name primus (1 of 3)"), 5'000);
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{3}, 5'000);
    QCOMPARE(chart()->curves().size(), std::size_t{1});
}

void WindowExperimentsTest::panelsStayWhereTheyWerePut()
{
    openPage();
    QVERIFY(!page().isLayoutChanged());
    page().dock(QStringLiteral("compare"))->hide();
    page().tabifyDockWidget(page().dock(QStringLiteral("curves")), page().dock(QStringLiteral("detail")));
    const QByteArray kept = page().saveLayout();
    page().resetLayout();
    QVERIFY(page().dock(QStringLiteral("compare"))->isVisible());
    page().restoreLayout(kept);
    QVERIFY(page().dock(QStringLiteral("compare"))->isHidden());
    QCOMPARE(page().tabifiedDockWidgets(page().dock(QStringLiteral("curves"))).size(), 2); // the confusion is always there
    QVERIFY(page().isLayoutChanged());
    m_window->close();
    reopenWindow();
    QVERIFY(page().dock(QStringLiteral("compare"))->isHidden() && page().isLayoutChanged());
    m_window->commands().showExperiments->trigger();
    QByteArray damaged = kept;
    damaged[40] = static_cast<char>(damaged[40] ^ 1);
    page().restoreLayout(damaged);
    QVERIFY(page().dock(QStringLiteral("compare"))->isVisible() && !page().isLayoutChanged());
}

/** While another program writes, a decision waits for it up to five seconds; the window that is closed does not. */
void WindowExperimentsTest::closingWaitsForNoOtherProgram()
{
    openPage();
    const Database other(m_project / "project.sqlite", OpenMode::existing);
    const Transaction held(other);
    m_window->jobs().act([](JobStore &store) { store.setResumePolicy(ResumePolicy::ask); });
    QTest::qWait(100);
    QElapsedTimer since;
    since.start();
    m_window.reset();
    QVERIFY2(since.elapsed() < 2'500, QByteArray::number(since.elapsed()).constData());
}

void WindowExperimentsTest::theCurveGrowsAndTheJobIsCancelled()
{
    openPage();
    JobStore store(m_project);
    const JobId id = store.submit(job("SimCLR on phone", "primus", 3));
    // As a worker that lives: without the lock the job would count as abandoned.
    const std::optional<WorkerLock> lock = WorkerLock::tryLock(m_project);
    QVERIFY(lock);
    JobWork work(m_project);
    QCOMPARE(work.takeNext(1234), std::optional<JobId>(id));
    work.beat(id, {.progress = 0.42, .stage = "epoch 9 of 20", .ratePerSecond = 412, .secondsLeft = 180, .workedSeconds = 130});
    // Somebody else wrote: the page wakes by itself.
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items().size(), std::size_t{2}, 5'000);
    QTRY_COMPARE(page().queue().items()[1].status, QStringLiteral("epoch 9 of 20   412 windows/s"));
    QCOMPARE(page().queue().items()[1].remaining, QStringLiteral("3 min left"));
    QCOMPARE(page().queue().items()[1].progress, 0.42);
    QTRY_COMPARE(corner()->words(), QStringLiteral("SimCLR on phone  42 %  3 min"));
    QTRY_COMPARE(page().runs().view().chosen().size(), std::size_t{1});

    MetricWriter writer(m_project, id);
    for (int step = 0; step < 50; ++step)
        writer.add(step, step / 10, "train.loss", 1.0 / (1 + step));
    writer.flush();
    QTRY_VERIFY_WITH_TIMEOUT(page().curves().charts().size() == 1 && !page().curves().charts()[0]->curves().empty(), 5'000);
    CurveChart &chart = *page().curves().charts()[0];
    QTRY_COMPARE(chart.curves()[0].series->size(), std::size_t{50});
    QCOMPARE(chart.visibleX(), (ValueRange{0, 49}));
    for (int step = 50; step < 120; ++step)
        writer.add(step, step / 10, "train.loss", step == 70 ? std::numeric_limits<double>::quiet_NaN() : 1.0 / (1 + step));
    writer.add(119, 11, "validation.loss", 0.4);
    writer.flush();
    QTRY_COMPARE_WITH_TIMEOUT(chart.curves()[0].series->size(), std::size_t{120}, 5'000);
    QCOMPARE(chart.curves()[0].series->values[119], 1.0 / 120);
    QTRY_COMPARE(chart.drawnLines(0).size(), std::size_t{2}); // a gap at step 70
    QTRY_COMPARE(page().curves().charts().size(), std::size_t{2});
    page().curves().smoothing().setValue(60);
    QCOMPARE(chart.settings().smoothing, 0.6);
    QTest::mouseClick(&page().curves().logarithmic(), Qt::LeftButton);
    QCOMPARE(chart.settings().scale, CurveScale::logarithmic);

    // Cancel by the card's button: the worker is asked, obeys, stops.
    QTest::mouseClick(page().queue().viewport(), Qt::LeftButton, {}, page().queue().buttonRect(id, QueueView::Button::cancel).center());
    QTRY_COMPARE_WITH_TIMEOUT(store.row(id).request, JobRequest::cancel, 5'000);
    QCOMPARE(work.obeyRequest(id), JobRequest::cancel);
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items()[1].state, RunState::cancelling, 5'000);
    work.end(id, {.end = JobEnd::cancelled});
    QTRY_VERIFY_WITH_TIMEOUT(page().queue().items().size() == 2 && page().queue().items()[1].kind == QueueItem::Kind::finished, 5'000);
    QCOMPARE(page().queue().items()[1].state, RunState::cancelled);
    // And resumed by the command: the same run goes on.
    page().showJob(id);
    QTRY_VERIFY(m_window->commands().resumeJob->isEnabled());
    m_window->commands().resumeJob->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(store.row(id).state, JobState::queued, 5'000);
    QTRY_COMPARE(page().queue().items()[1].state, RunState::queued);
}

void WindowExperimentsTest::aFailureIsASentenceInTheCorner()
{
    openPage();
    JobStore store(m_project);
    const JobId id = store.submit(job("RKD beside contrast", "mw2", 1));
    const std::optional<WorkerLock> lock = WorkerLock::tryLock(m_project);
    JobWork work(m_project);
    work.takeNext(1);
    work.addLog(id, JobLogLevel::error, "the contrast term is not finite");
    work.end(id, {.end = JobEnd::failed, .error = "stopped: loss not finite, step 812"});
    QTRY_VERIFY_WITH_TIMEOUT(corner()->tellsOfFailure(), 5'000);
    QVERIFY(corner()->isVisible());
    QVERIFY(corner()->toolTip().contains(QStringLiteral("loss not finite, step 812")));
    // A click opens it, and it is told no more.
    m_window->commands().showInspect->trigger();
    QTest::mouseClick(corner(), Qt::LeftButton);
    QVERIFY(page().isVisible());
    QVERIFY(!corner()->tellsOfFailure());
    QTRY_VERIFY(page().detail().log().toPlainText().contains(QStringLiteral("error: the contrast term is not finite")));
    QVERIFY(page().detail().facts().asText().contains(QStringLiteral("stopped: loss not finite, step 812")));
    QCOMPARE(page().queue().items().back().status, QStringLiteral("stopped: loss not finite, step 812"));
}

void WindowExperimentsTest::runsAreComparedAndExported()
{
    openPage();
    JobStore store(m_project);
    const JobId a = finished(store, job("mw2 one", "mw2", 1), 0.4), b = finished(store, job("primus one", "primus", 1), 0.5), c = finished(store, job("primus two", "primus", 2), 0.54);
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{3}, 5'000);
    page().runs().view().choose({a, b, c});
    QTRY_COMPARE(page().compare().parameters().topLevelItemCount(), 4); // encoder, name, seed; the same
    QStringList differing;
    for (int row = 0; row < 3; ++row)
        differing += page().compare().parameters().topLevelItem(row)->text(0);
    differing.sort();
    QCOMPARE(differing, (QStringList{"encoder.name", "name", "seed"}));
    QCOMPARE(page().compare().metric().currentText(), QStringLiteral("test.macro_f1"));
    QCOMPARE(page().compare().spread().groups().size(), std::size_t{2});
    // numpy: mean and std(ddof=1) of 0.5 and 0.54 are 0.52 and 0.0282842712474619.
    const auto repeated = std::ranges::find_if(page().compare().spread().groups(), [](const Repetitions &group) { return group.values.size() == 2; });
    QVERIFY(repeated != page().compare().spread().groups().end());
    QVERIFY(std::abs(repeated->spread.deviation.value_or(0) - 0.0282842712474619) < 1e-12);
    m_window->commands().runsAsMarkdown->trigger();
    const QString markdown = QApplication::clipboard()->text();
    QVERIFY(markdown.startsWith(QStringLiteral("| Name | State | objective | encoder | seed | macro-F1, test |")));
    QVERIFY2(markdown.contains(QStringLiteral("| primus two | done | supervised | primus | 2 | 0.5400 |")), qPrintable(markdown));
    m_window->commands().runsAsLatex->trigger();
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("macro-F1, test")));
    // In groups of repetitions the paper gets means.
    page().runs().grouping().setCurrentIndex(1);
    Q_EMIT page().runs().grouping().activated(1);
    QTRY_COMPARE(page().runs().view().runs().grouping(), RunTableModel::kRepetitions);
    m_window->commands().runsAsLatex->trigger();
    QVERIFY2(QApplication::clipboard()->text().contains(QStringLiteral("0.520 $\\pm$ 0.028")), qPrintable(QApplication::clipboard()->text()));
    QCOMPARE(page().runs().view().chosen().size(), std::size_t{3});
}

void WindowExperimentsTest::editsCanBeUndone()
{
    openPage();
    JobStore store(m_project);
    const JobId a = finished(store, job("one", "mw2", 1), 0.4), b = finished(store, job("two", "primus", 1), 0.5);
    const JobId first = store.submit(job("first", "mw2", 1)), second = store.submit(job("second", "mw2", 2));
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{4}, 5'000);
    page().runs().view().choose({a, b});
    m_window->commands().starRuns->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(store.row(a).isStarred && store.row(b).isStarred, 5'000);
    m_window->commands().undo->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!store.row(a).isStarred, 5'000);
    m_window->commands().removeRuns->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{2}, 5'000);
    QVERIFY(store.row(a).deletedAtNs);
    m_window->commands().undo->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{4}, 5'000);
    QVERIFY(!store.row(a).deletedAtNs);
    // The queue in another order, and back.
    page().showJob(second);
    QTRY_VERIFY(m_window->commands().takeJobFirst->isEnabled());
    m_window->commands().takeJobFirst->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items()[1].id, second, 5'000);
    m_window->commands().undo->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items()[1].id, first, 5'000);
}

void WindowExperimentsTest::aCardsMenuIsAboutItsJob()
{
    openPage();
    JobStore store(m_project);
    const JobId a = finished(store, job("one", "mw2", 1), 0.4), b = finished(store, job("two", "primus", 1), 0.5);
    const JobId first = store.submit(job("first", "mw2", 1)), second = store.submit(job("second", "mw2", 2));
    QTRY_VERIFY_WITH_TIMEOUT(page().runs().view().runs().runs() == 4 && page().queue().items().size() == 6, 5'000);
    page().runs().view().choose({a, b, first});
    QTRY_COMPARE(m_window->commands().pauseJob->isEnabled(), true);
    QueueView &queue = page().queue();
    const auto menuAt = [&](JobId id) {
        const QRect button = queue.buttonRect(id, QueueView::Button::cancel);
        const QPoint place(40, button.center().y());
        QContextMenuEvent event(QContextMenuEvent::Mouse, place, queue.viewport()->mapToGlobal(place));
        QApplication::sendEvent(queue.viewport(), &event);
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        if (menu)
            menu->close();
        return menu != nullptr;
    };
    // Also of the card that is among the chosen ones.
    QVERIFY(menuAt(first));
    QTRY_COMPARE(page().runs().view().chosen().size(), std::size_t{1});
    QCOMPARE(page().runs().view().chosen()[0].id, first);
    page().runs().view().choose({a, b});
    QVERIFY(menuAt(second));
    QCOMPARE(page().runs().view().chosen()[0].id, second);
    m_window->commands().starRuns->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(store.row(second).isStarred, 5'000);
    QVERIFY(!store.row(a).isStarred && !store.row(b).isStarred && !store.row(first).isStarred);
    m_window->commands().pauseJob->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(store.row(second).state, JobState::paused, 5'000);
    QCOMPARE(store.row(first).state, JobState::queued);
    // Where the table lists it not, what it lists is still not meant.
    page().runs().view().choose({a, b});
    page().runs().filter().setText(QStringLiteral("name = one"));
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{1}, 5'000);
    QVERIFY(menuAt(second));
    m_window->commands().removeRuns->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(store.row(second).deletedAtNs.has_value(), 5'000);
    QVERIFY(!store.row(a).deletedAtNs && !store.row(b).deletedAtNs && !store.row(first).deletedAtNs);
    // Of several that are chosen in the table, those that wait are paused.
    page().runs().filter().clear();
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{3}, 5'000);
    page().runs().view().choose({a, first});
    QTRY_VERIFY(m_window->commands().pauseJob->isEnabled());
    m_window->commands().pauseJob->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(store.row(first).state, JobState::paused, 5'000);
}

void WindowExperimentsTest::aCardsButtonFollowsItsState()
{
    openPage();
    JobStore store(m_project);
    const std::optional<WorkerLock> lock = WorkerLock::tryLock(m_project);
    const JobId id = store.submit(job("one", "mw2", 1));
    QueueView &queue = page().queue();
    const auto card = [&]() -> QueueItem { return queue.items().size() == 2 ? queue.items()[1] : QueueItem(); };
    const auto press = [&] { QTest::mouseClick(queue.viewport(), Qt::LeftButton, {}, queue.buttonRect(id, QueueView::Button::pause).center()); };
    QTRY_VERIFY_WITH_TIMEOUT(card().canPause && !card().canResume, 5'000);
    press();
    QTRY_VERIFY_WITH_TIMEOUT(card().state == RunState::paused && card().canResume && !card().canPause, 5'000);
    press();
    QTRY_VERIFY_WITH_TIMEOUT(card().state == RunState::queued && card().canPause, 5'000);
    queue.select(id);
    QTest::keyClick(&queue, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(card().state == RunState::paused, 5'000);
    QTRY_VERIFY(m_window->commands().resumeJob->isEnabled() && !m_window->commands().pauseJob->isEnabled());
    QTest::keyClick(&queue, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(card().state == RunState::queued, 5'000);
    JobWork work(m_project);
    work.takeNext(1);
    QTRY_VERIFY_WITH_TIMEOUT(card().state == RunState::running && card().canPause && !card().canResume, 5'000);
    QTRY_VERIFY(!m_window->commands().resumeJob->isEnabled());
    press();
    QTRY_VERIFY_WITH_TIMEOUT(card().status.startsWith(QStringLiteral("pausing")) && card().canResume && !card().canPause, 5'000);
    press(); // thought better of it
    QTRY_VERIFY_WITH_TIMEOUT(card().canPause, 5'000);
    QCOMPARE(store.row(id).request, JobRequest::none);
}

void WindowExperimentsTest::aDeadWorkerIsTold()
{
    openPage();
    JobStore store(m_project);
    store.setResumePolicy(ResumePolicy::ask);
    std::optional<WorkerLock> lock = WorkerLock::tryLock(m_project);
    const JobId id = store.submit(job("one", "mw2", 1));
    JobWork work(m_project);
    work.takeNext(1);
    {
        MetricWriter writer(m_project, id);
        for (int step = 1; step <= 57; ++step)
            writer.add(step, 0, "train.loss", 1);
        writer.flush();
    }
    std::filesystem::create_directories(store.runFolder(id) / "checkpoint" / "step-20");
    std::filesystem::create_directory_symlink("step-20", store.runFolder(id) / "checkpoint" / "current");
    QTRY_VERIFY_WITH_TIMEOUT(page().queue().items().size() == 2 && page().queue().items()[1].state == RunState::running, 5'000);
    QVERIFY(page().lostNotice().isHidden());
    lock.reset(); // as the system lets go of it when the worker is killed
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items()[1].state, RunState::interrupted, 3'000);
    QCOMPARE(store.row(id).state, JobState::interrupted);
    QVERIFY(page().lostNotice().isVisible());
    QVERIFY2(page().lostNotice().sentence().contains(QStringLiteral("ended unexpectedly. 37 steps")), qPrintable(page().lostNotice().sentence()));
    QTRY_VERIFY(m_window->messages().message().contains(QStringLiteral("ended unexpectedly")));
    QTRY_VERIFY(corner()->words().endsWith(QStringLiteral("interrupted")));
    QVERIFY(page().queue().items()[1].canResume && !page().queue().items()[1].canPause);
    QTest::mouseClick(&page().lostNotice().resumeButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(store.row(id).state, JobState::queued, 5'000);
    QTRY_VERIFY(page().lostNotice().isHidden());
    // By the project's other setting it waits again at once; never: no question.
    QVERIFY(m_window->commands().afterCrashAsk->isChecked());
    m_window->commands().afterCrashAlways->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(store.resumePolicy(), ResumePolicy::always, 5'000);
    lock = WorkerLock::tryLock(m_project);
    work.takeNext(1);
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items()[1].state, RunState::running, 5'000);
    lock.reset();
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items()[1].state, RunState::queued, 3'000);
    QTRY_VERIFY(m_window->messages().message().contains(QStringLiteral("going on from the last checkpoint")));
    QVERIFY(page().lostNotice().isHidden());
    m_window->commands().afterCrashNever->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(store.resumePolicy(), ResumePolicy::never, 5'000);
    lock = WorkerLock::tryLock(m_project);
    work.takeNext(1);
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items()[1].state, RunState::running, 5'000);
    lock.reset();
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items()[1].state, RunState::interrupted, 3'000);
    QVERIFY(page().lostNotice().isHidden());
}

void WindowExperimentsTest::aWorkerThatDiedMeanwhileIsTold()
{
    m_project = makeProject();
    page().setWorkerProgram({});
    JobStore store(m_project);
    store.setResumePolicy(ResumePolicy::ask);
    const JobId id = store.submit(job("one", "mw2", 1));
    JobWork(m_project).takeNext(1);
    open({m_project});
    m_window->commands().showExperiments->trigger();
    waitSettled();
    QCOMPARE(store.row(id).state, JobState::interrupted);
    QCOMPARE(page().queue().items().size(), std::size_t{2});
    QCOMPARE(page().queue().items()[1].state, RunState::interrupted);
    QVERIFY(page().lostNotice().isVisible());
    // The way on is the same by the command.
    page().showJob(id);
    QTRY_VERIFY(m_window->commands().resumeJob->isEnabled());
    m_window->commands().resumeJob->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(store.row(id).state, JobState::queued, 5'000);
    QTRY_VERIFY(m_window->commands().startWorker->isEnabled());
}

/** Others of the study wait, so the study waits: what it lost must not be hidden by that. */
void WindowExperimentsTest::aLostRunOfAStudyIsTold()
{
    openPage();
    JobStore store(m_project);
    store.setResumePolicy(ResumePolicy::ask);
    NewJob study = job("both", "mw2", 0);
    study.kind = "study";
    const std::vector<JobId> ids = store.submitStudy(study, {job("one", "mw2", 1), job("two", "mw2", 2)});
    std::optional<WorkerLock> lock = WorkerLock::tryLock(m_project);
    JobWork(m_project).takeNext(1);
    QTRY_VERIFY_WITH_TIMEOUT(page().queue().items().size() == 2 && page().queue().items()[1].state == RunState::running, 5'000);
    lock.reset();
    QTRY_VERIFY_WITH_TIMEOUT(page().lostNotice().isVisible(), 3'000);
    QCOMPARE(page().queue().items()[1].state, RunState::queued);
    QVERIFY2(page().queue().items()[1].status.startsWith(QStringLiteral("1 run lost its worker")), qPrintable(page().queue().items()[1].status));
    QTest::mouseClick(&page().lostNotice().resumeButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(store.row(ids[1]).state, JobState::queued, 5'000);
    QTRY_VERIFY(page().lostNotice().isHidden());
}

void WindowExperimentsTest::removalIsToldAndUndone()
{
    openPage();
    JobStore store(m_project);
    const JobId a = finished(store, job("one", "mw2", 1), 0.4);
    finished(store, job("two", "primus", 1), 0.5);
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{2}, 5'000);
    page().showJob(a);
    page().runs().view().setFocus();
    // Delete takes away what is chosen; with nothing chosen, nothing.
    QTest::keyClick(&page().runs().view(), Qt::Key_Delete);
    QTRY_VERIFY_WITH_TIMEOUT(store.row(a).deletedAtNs.has_value(), 5'000);
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("\u201cone\u201d was taken off the list")), qPrintable(m_window->messages().message()));
    QVERIFY(m_window->messages().hasAction());
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{1}, 5'000);
    QVERIFY(page().runs().view().chosen().empty());
    QTest::keyClick(&page().runs().view(), Qt::Key_Delete);
    m_window->commands().undo->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!store.row(a).deletedAtNs, 5'000);
    QVERIFY(!m_window->commands().undo->isEnabled());
    // F2 names it in its place.
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{2}, 5'000);
    page().showJob(a);
    QTest::keyClick(&page().runs().view(), Qt::Key_F2);
    auto *editor = page().runs().view().viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("another name"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(store.row(a).name, std::string("another name"), 5'000);
    // What is at work is not removed, and that is told.
    const std::optional<WorkerLock> lock = WorkerLock::tryLock(m_project);
    const JobId busy = store.submit(job("busy", "mw2", 1));
    JobWork(m_project).takeNext(1);
    QTRY_VERIFY_WITH_TIMEOUT(page().queue().items().size() > 1 && page().queue().items()[1].state == RunState::running, 5'000);
    page().showJob(busy);
    m_window->commands().removeRuns->trigger();
    QVERIFY(m_window->messages().message().contains(QStringLiteral("is at work")));
}

void WindowExperimentsTest::theLastPageIsOpenedAgain()
{
    openPage();
    m_window->close();
    reopenWindow();
    page().setWorkerProgram({});
    m_window->restoreLastState();
    QVERIFY(page().isVisible());
    m_window->commands().showInspect->trigger();
    m_window->close();
    reopenWindow();
    m_window->restoreLastState();
    QVERIFY(!page().isVisible());
}

void WindowExperimentsTest::theFilterIsTheStores()
{
    openPage();
    JobStore store(m_project);
    finished(store, job("one", "mw2", 1), 0.4);
    finished(store, job("two", "primus", 1), 0.5);
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{2}, 5'000);
    page().runs().filter().setFocus();
    QTest::keyClicks(&page().runs().filter(), QStringLiteral("encoder.name = primus and test.macro_f1 >= 0.5"));
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{1}, 5'000);
    QCOMPARE(page().runs().fault(), QString());
    QTest::keyClicks(&page().runs().filter(), QStringLiteral(" and ("));
    QTRY_VERIFY_WITH_TIMEOUT(!page().runs().fault().isEmpty(), 5'000);
    QCOMPARE(page().runs().view().runs().runs(), std::size_t{1}); // what was shown stays
    page().runs().filter().clear();
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{2}, 5'000);
    QCOMPARE(page().runs().fault(), QString());
}

void WindowExperimentsTest::aCopyBeginsWithItsSpecification()
{
    openPage();
    JobStore store(m_project);
    const JobId id = finished(store, job("one", "mw2", 17), 0.4);
    page().showJob(id);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->commands().changeJob->isEnabled(), 5'000);
    m_window->commands().changeJob->trigger();
    NewJobDialog *dialog = page().newJobDialog();
    QVERIFY(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled(), 10'000);
    QCOMPARE(*dialog->editor().values(), job("one", "mw2", 17).specification);
    QVERIFY(!dialog->submitButton().isEnabled()); // it names no data
    dialog->reject();
}

void WindowExperimentsTest::anotherProjectHasOtherJobs()
{
    openPage();
    JobStore store(m_project);
    finished(store, job("one", "mw2", 1), 0.4);
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{1}, 5'000);
    const auto other = *m_folder / "other.kino";
    Project::create(other);
    open({other});
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{0}, 5'000);
    waitSettled();
    QVERIFY(page().queue().items().empty());
    QVERIFY(page().runs().view().chosen().empty());
    m_window->commands().closeAll->trigger();
    QVERIFY(!m_window->commands().newJob->isEnabled());
}

void WindowExperimentsTest::keysStayOnThePage()
{
    openPage();
    const bool wasPlaying = m_window->session().isPlaying();
    page().runs().view().setFocus();
    QTest::keyClick(&page().runs().view(), Qt::Key_Space);
    QTest::keyClick(&page().runs().view(), Qt::Key_Delete);
    QCOMPARE(m_window->session().isPlaying(), wasPlaying);
    QTest::keyClick(&page().runs().view(), Qt::Key_1, Qt::AltModifier);
    QVERIFY(!page().isVisible());
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::AltModifier);
    QVERIFY(page().isVisible());
}

void WindowExperimentsTest::tenThousandRunsAndAMillionNumbersAreFluid()
{
    openPage();
    {
        JobStore store(m_project);
        std::vector<NewJob> runs;
        for (int run = 0; run < 10'000; ++run) {
            runs.push_back(job("cell", run % 2 ? "mw2" : "primus", run));
            runs.back().cell = run / 100;
            runs.back().cellName = "cell " + std::to_string(run / 100);
        }
        store.submitStudy(job("large", "mw2", 0), runs);
        MetricWriter writer(m_project, 2);
        for (int step = 0; step < 1'000'000; ++step)
            writer.add(step, step / 1000, "train.loss", std::sin(step * 0.001) + 2);
        writer.flush();
    }
    auto &application = static_cast<test::WatchedApplication &>(*qApp);
    page().runs().ofStudies().setChecked(true);
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{10'001}, 30'000);
    page().runs().view().choose({2, 3, 4});
    QTRY_VERIFY_WITH_TIMEOUT(page().curves().charts().size() == 1 && page().curves().charts()[0]->isSettled() && !page().curves().charts()[0]->curves().empty(), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(page().curves().charts()[0]->curves()[0].series->size(), std::size_t{1'000'000}, 30'000);
    qInfo("the table of 10,001 runs was read in %.1f ms", m_window->jobs().table()->milliseconds);
    const std::optional<WorkerLock> lock = WorkerLock::tryLock(m_project);
    JobWork work(m_project);
    const std::optional<JobId> taken = work.takeNext(1);
    QVERIFY(taken);
    const auto script = [&] {
        // A worker beats and measures while a person scrolls, sorts, filters and zooms.
        for (int turn = 0; turn < 12; ++turn) {
            work.beat(*taken, {.progress = turn / 12.0, .stage = "epoch"});
            page().runs().view().scrollTo(page().runs().view().runs().index(turn * 700, 0));
            if (turn % 4 == 1)
                page().runs().view().sortByColumn(RunTableModel::firstOfData + turn % 3, turn % 2 ? Qt::AscendingOrder : Qt::DescendingOrder);
            CurveChart &chart = *page().curves().charts()[0];
            const QPointF at = chart.plotArea().center();
            QWheelEvent wheel(at, chart.viewport()->mapToGlobal(at), {}, {0, turn < 6 ? 120 : -120}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
            QApplication::sendEvent(chart.viewport(), &wheel);
            QTest::qWait(60);
        }
    };
    // As test::watch() has it, but that a graphics scene paints within an event of its own: that is a repaint too.
    std::vector<double> held, repaints;
    const auto at = [](const std::vector<double> &sorted, std::size_t hundredths) { return sorted.empty() ? 0.0 : sorted[std::min(sorted.size() - 1, sorted.size() * hundredths / 100)]; };
    // The house's budgets are 8, 30 and 16 ms; these catch what would hold the window for all to see.
    const auto isFluent = [&] { return at(held, 99) <= 30 * test::timeSlack() && at(held, 100) <= 100 * test::timeSlack() && at(repaints, 50) <= 50 * test::timeSlack(); };
    for (int attempt = 0; attempt < 3; ++attempt) {
        held.clear();
        repaints.clear();
        application.startWatching();
        script();
        for (const auto &handler : application.stopWatching()) {
            const bool isRepaint = handler.eventType == QEvent::UpdateRequest || QLatin1String(handler.receiver) == QLatin1String("QGraphicsScene");
            (isRepaint ? repaints : held).push_back(handler.computedMs + handler.waitedMs);
        }
        std::ranges::sort(held);
        std::ranges::sort(repaints);
        qInfo("%zu handlers: p99 %.1f ms, worst %.1f ms; %zu repaints: median %.1f ms, p99 %.1f ms", held.size(), at(held, 99), at(held, 100), repaints.size(), at(repaints, 50),
              at(repaints, 99));
        if (isFluent())
            break;
    }
    QVERIFY(isFluent());
}

int main(int argc, char *argv[])
{
    kino::test::WatchedApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("kinoscope-test"));
    QApplication::setOrganizationName(QStringLiteral("kinoscope"));
    WindowExperimentsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "window_experiments_test.moc"
