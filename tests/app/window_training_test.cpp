// One person's way through Experiments, by clicks and with the real worker: the simulator's people become a project, SimCLR and a
// supervised study are queued from the form, a curve grows, the job is cancelled and resumed across two windows, runs are compared and
// exported. With KINOSCOPE_SCREENSHOTS naming a folder each step leaves its picture there.
#include "app/kinoscope/commands.h"
#include "app/kinoscope/experiments/compare_panel.h"
#include "app/kinoscope/experiments/curves_panel.h"
#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/experiments/new_job_dialog.h"
#include "app/kinoscope/experiments/repeat_dialog.h"
#include "app/kinoscope/experiments/run_detail_panel.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "core/base/files.h"
#include "core/store/jobs/run_table.h"
#include "tests/support/run_kino.h"
#include "tests/support/window_fixture.h"
#include "widgets/form/json_editor.h"
#include "widgets/form/row_view.h"
#include "widgets/runs/queue_view.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>

#include <csignal>

using namespace kino;
using Json = nlohmann::json;

class WindowTrainingTest : public QObject, private test::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        startTests();
        openWindow();
        // The program's own worker, which does not wait a minute for another job.
        m_worker = m_folder->write("worker", "#!/bin/sh\nexec '" KINOSCOPE_BINARY_DIR "/bin/kino' \"$@\" --idle 3\n");
        std::filesystem::permissions(m_worker, std::filesystem::perms::owner_all);
        page().setWorkerProgram(QString::fromStdString(m_worker.string()));
    }
    void cleanupTestCase();

    void simulatedPeopleBecomeAProject();
    void simclrIsQueuedAndItsCurveGrows();
    void itIsCancelledAndResumed();
    void anotherWindowSeesItGoOn();
    void aStudyIsQueuedAndDone();
    void cellsAreComparedAndExported();
    void runAgainTellsWhatWouldDiffer();

private:
    ExperimentsPage &page() { return m_window->experiments(); }
    void picture(const char *step, QWidget *of = nullptr);
    /** Answers the next file dialog as a person would who types a path. */
    static void answerFileDialog(const std::filesystem::path &path);
    NewJobDialog *openNewJob(const QString &preset);
    static void type(NewJobDialog &dialog, const char *path, const char *text);
    void submit(NewJobDialog &dialog);
    bool isOverFor(JobId id) { return isOver(JobStore(m_project).row(id).state); }
    std::size_t pointsOf(JobId id) { return MetricReader(m_project).points(id, "train.loss").size(); }
    std::size_t drawnPoints(JobId id);

    std::filesystem::path m_project, m_worker;
    JobId m_simclr = 0;
    JobId m_study = 0;
};

void WindowTrainingTest::picture(const char *step, QWidget *of)
{
    const QString folder = qEnvironmentVariable("KINOSCOPE_SCREENSHOTS");
    if (!folder.isEmpty())
        QVERIFY((of ? of : m_window.get())->grab().save(folder + QStringLiteral("/training-") + QString::fromLatin1(step) + QStringLiteral(".png")));
}

void WindowTrainingTest::answerFileDialog(const std::filesystem::path &path)
{
    auto *timer = new QTimer(qApp);
    connect(timer, &QTimer::timeout, timer, [timer, path] {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            auto *dialog = qobject_cast<QFileDialog *>(widget);
            if (!dialog || !dialog->isVisible())
                continue;
            dialog->findChild<QLineEdit *>()->setText(QString::fromStdString(path.string()));
            QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
            timer->deleteLater();
            return;
        }
    });
    timer->start(20);
}

NewJobDialog *WindowTrainingTest::openNewJob(const QString &preset)
{
    for (QPushButton *button : page().findChildren<QPushButton *>()) {
        if (button->isVisible() && button->text() == QStringLiteral("New job")) {
            QTest::mouseClick(button, Qt::LeftButton);
            break;
        }
    }
    NewJobDialog *dialog = page().newJobDialog();
    if (!dialog)
        return nullptr;
    dialog->choosePreset(preset);
    const bool isReady = QTest::qWaitFor([dialog] { return dialog->isSettled() && dialog->editor().form().isComplete(); }, 10'000);
    return isReady ? dialog : nullptr;
}

void WindowTrainingTest::type(NewJobDialog &dialog, const char *path, const char *text)
{
    FormRowView *row = dialog.editor().form().rowAt(path);
    QVERIFY2(row, path);
    auto *line = row->findChild<QLineEdit *>();
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, QString::fromLatin1(text));
}

void WindowTrainingTest::submit(NewJobDialog &dialog)
{
    QTRY_VERIFY_WITH_TIMEOUT(dialog.isSettled(), 10'000);
    QVERIFY2(dialog.submitButton().isEnabled(), qPrintable(dialog.editor().text()));
    QTest::mouseClick(&dialog.submitButton(), Qt::LeftButton);
}

std::size_t WindowTrainingTest::drawnPoints(JobId id)
{
    for (const CurveChart *chart : page().curves().charts()) {
        if (chart->title() != QStringLiteral("train.loss"))
            continue;
        for (const Curve &curve : chart->curves()) {
            if (curve.id == id)
                return curve.series->size();
        }
    }
    return 0;
}

void WindowTrainingTest::simulatedPeopleBecomeAProject()
{
    const std::filesystem::path data = *m_folder / "people";
    QCOMPARE(test::runKino({"simulate", "--out", QString::fromStdString(data.string()), "--subjects", "4", "--minutes", "1", "--video", "none", "--rate", "50"}).exitStatus, 0);
    drop({data});
    QTRY_COMPARE_WITH_TIMEOUT(model().allItems().size(), std::size_t{4}, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->library().isBusy(), 30'000);
    m_project = *m_folder / "people.kino";
    answerFileDialog(m_project);
    m_window->commands().newProject->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().project(), m_project, 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->library().isBusy(), 30'000);
    QCOMPARE(Project::open(m_project).recordings().size(), std::size_t{4});
    m_window->commands().showExperiments->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(page().isSettled() && m_window->commands().newJob->isEnabled(), 20'000);
    picture("1-empty");
}

void WindowTrainingTest::simclrIsQueuedAndItsCurveGrows()
{
    NewJobDialog *dialog = openNewJob(QStringLiteral("simclr-small.json"));
    QVERIFY(dialog);
    // Long enough to be cancelled in its middle; the test ends it.
    type(*dialog, "train.epochs", "4000");
    type(*dialog, "train.batch", "8"); // windows of so short recordings that do not overlap
    type(*dialog, "train.checkpoint_seconds", "1");
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled(), 10'000);
    picture("2-form", dialog);
    submit(*dialog);
    QTRY_VERIFY_WITH_TIMEOUT(page().queue().items().size() == 2, 10'000);
    m_simclr = page().queue().items()[1].id;
    // The window starts the worker, the curve grows by itself.
    QTRY_VERIFY_WITH_TIMEOUT(drawnPoints(m_simclr) > 0 || isOverFor(m_simclr), 90'000);
    QVERIFY2(!isOverFor(m_simclr), JobStore(m_project).row(m_simclr).error.value_or("").c_str());
    const std::size_t before = drawnPoints(m_simclr);
    QTRY_VERIFY_WITH_TIMEOUT(drawnPoints(m_simclr) > before + 10, 30'000);
    QCOMPARE(page().queue().items()[1].state, RunState::running);
    QTRY_VERIFY_WITH_TIMEOUT(page().queue().items()[1].status.contains(QStringLiteral("epoch")), 10'000);
    picture("3-curve");
}

void WindowTrainingTest::itIsCancelledAndResumed()
{
    QTest::mouseClick(page().queue().viewport(), Qt::LeftButton, {}, page().queue().buttonRect(m_simclr, QueueView::Button::cancel).center());
    QTRY_COMPARE_WITH_TIMEOUT(JobStore(m_project).row(m_simclr).state, JobState::cancelled, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(page().queue().items().back().state, RunState::cancelled, 10'000);
    picture("4-cancelled");
    const std::size_t before = pointsOf(m_simclr);
    page().showJob(m_simclr);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->commands().resumeJob->isEnabled(), 10'000);
    m_window->commands().resumeJob->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(pointsOf(m_simclr) > before, 60'000);
    // The same run goes on from its checkpoint: no measurement is missing between what was before and what came after.
    const auto points = MetricReader(m_project).points(m_simclr, "train.loss");
    const std::int64_t interval = points[1].step - points[0].step;
    for (std::size_t place = 1; place < points.size(); ++place)
        QVERIFY2(points[place].step > points[place - 1].step && points[place].step - points[place - 1].step <= interval, qPrintable(QString::number(points[place].step)));
    QTRY_VERIFY_WITH_TIMEOUT(drawnPoints(m_simclr) > before, 10'000);
    picture("5-resumed");
}

void WindowTrainingTest::anotherWindowSeesItGoOn()
{
    reopenWindow();
    page().setWorkerProgram(QString::fromStdString(m_worker.string()));
    open({m_project});
    m_window->commands().showExperiments->trigger();
    // Nobody stopped the worker with the window.
    QTRY_VERIFY_WITH_TIMEOUT(page().queue().items().size() >= 2 && page().queue().items()[1].state == RunState::running, 20'000);
    page().showJob(m_simclr);
    QTRY_VERIFY_WITH_TIMEOUT(drawnPoints(m_simclr) > 0, 20'000);
    const std::size_t before = drawnPoints(m_simclr);
    QTRY_VERIFY_WITH_TIMEOUT(drawnPoints(m_simclr) > before, 20'000);
    QTest::mouseClick(page().queue().viewport(), Qt::LeftButton, {}, page().queue().buttonRect(m_simclr, QueueView::Button::cancel).center());
    QTRY_COMPARE_WITH_TIMEOUT(JobStore(m_project).row(m_simclr).state, JobState::cancelled, 30'000);
}

void WindowTrainingTest::aStudyIsQueuedAndDone()
{
    NewJobDialog *dialog = openNewJob(QStringLiteral("encoders-small.json"));
    QVERIFY(dialog);
    type(*dialog, "base.train.epochs", "2");
    QTRY_VERIFY_WITH_TIMEOUT(dialog->isSettled(), 10'000);
    picture("6-study-form", dialog);
    submit(*dialog);
    QTRY_VERIFY_WITH_TIMEOUT(!page().queue().items().empty() && page().queue().items()[1].kind == QueueItem::Kind::card, 10'000);
    for (const JobRow &row : JobStore(m_project).jobs()) {
        if (row.kind == "study")
            m_study = row.id;
    }
    QVERIFY(m_study != 0);
    QTRY_VERIFY_WITH_TIMEOUT(isOverFor(m_study), 240'000);
    for (const JobRow &row : JobStore(m_project).jobs()) {
        if (row.id != m_simclr)
            QVERIFY2(row.state == JobState::done, row.error.value_or(row.name).c_str());
    }
    QTest::mouseClick(&page().runs().ofStudies(), Qt::LeftButton);
    // SimCLR, the study, two encoders by three folds by two seeds.
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{14}, 20'000);
    page().showJob(m_study);
    QTRY_VERIFY_WITH_TIMEOUT(page().detail().facts().asText().contains(QStringLiteral("har-cnn")), 20'000);
    picture("7-study");
}

void WindowTrainingTest::cellsAreComparedAndExported()
{
    std::vector<qint64> runs;
    for (const JobRow &row : JobStore(m_project).jobs()) {
        if (row.kind == "train" && row.id != m_simclr)
            runs.push_back(row.id);
    }
    QCOMPARE(runs.size(), std::size_t{12});
    page().runs().view().choose(runs);
    QTRY_VERIFY_WITH_TIMEOUT(page().compare().spread().groups().size() >= 2, 20'000);
    const QTreeWidget &parameters = page().compare().parameters();
    QStringList differing;
    for (int row = 0; row < parameters.topLevelItemCount(); ++row)
        differing += parameters.topLevelItem(row)->text(0);
    QVERIFY2(differing.contains(QStringLiteral("encoder.name")) && differing.contains(QStringLiteral("seed")), qPrintable(differing.join(QLatin1Char(' '))));
    picture("8-compared");

    m_window->commands().runsAsMarkdown->trigger();
    const QString markdown = QApplication::clipboard()->text();
    QCOMPARE(markdown.count(QStringLiteral("| har-cnn |")), 7); // and SimCLR's
    const std::filesystem::path csv = *m_folder / "runs.csv";
    answerFileDialog(csv);
    m_window->commands().runsAsCsv->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(csv), 10'000);
    // Each run's test score as the database has it.
    const std::string text = readTextFile(csv);
    QCOMPARE(std::ranges::count(text, '\n'), 15);
    for (const qint64 run : runs) {
        const Json result = JobStore(m_project).detail(run).result;
        const QByteArray score = QByteArray::number(result.at("metrics").at("test.macro_f1").get<double>(), 'g', 17);
        QVERIFY2(text.find(score.toStdString()) != std::string::npos, score.constData());
    }
}

void WindowTrainingTest::runAgainTellsWhatWouldDiffer()
{
    JobId run = 0;
    for (const JobRow &row : JobStore(m_project).jobs())
        run = row.kind == "train" && row.id != m_simclr ? row.id : run;
    page().showJob(run);
    const auto isTold = [&] { return m_window->jobs().detail() && m_window->jobs().detail()->detail.row.id == run && !m_window->jobs().detail()->detail.artifacts.empty(); };
    QTRY_VERIFY_WITH_TIMEOUT(isTold() && m_window->commands().retryJob->isEnabled(), 10'000);
    m_window->commands().retryJob->trigger();
    QVERIFY(page().repeatDialog());
    QTRY_VERIFY_WITH_TIMEOUT(page().repeatDialog()->submitButton().isEnabled(), 30'000);
    // Labels and recordings are those of before.
    QVERIFY2(page().repeatDialog()->sentence().text().startsWith(QStringLiteral("All ")), qPrintable(page().repeatDialog()->sentence().text()));
    picture("9-run-again", page().repeatDialog());
    QSignalSpy wanted(page().repeatDialog(), &RepeatDialog::repeatWanted);
    page().repeatDialog()->reject();
    QVERIFY(wanted.isEmpty());
}

void WindowTrainingTest::cleanupTestCase()
{
    // The worker must not outlive the test's folder.
    if (!m_project.empty() && m_window)
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->jobs().queue() || !m_window->jobs().queue()->hasWorker, 30'000);
    closeWindow();
}

int main(int argc, char *argv[])
{
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    kino::test::WatchedApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("kinoscope-test"));
    QApplication::setOrganizationName(QStringLiteral("kinoscope"));
    WindowTrainingTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "window_training_test.moc"
