#include "app/kinoscope/commands.h"
#include "app/kinoscope/experiments/confusion_panel.h"
#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/experiments/run_detail_panel.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/plot_files.h"
#include "core/jobs/queue/study_summary.h"
#include "tests/support/prepared_runs.h"
#include "tests/support/run_kino.h"
#include "tests/support/window_fixture.h"
#include "widgets/controls/choice_box.h"
#include "widgets/window/message_line.h"
#include "widgets/window/panel_dock.h"

#include <QAction>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QXmlStreamReader>

using namespace kino;
using test::PreparedRow;

namespace {

constexpr Nanos kMs = kNanosPerMillisecond;

/**
 * Of 9 windows: walk 3 of 4 (one taken for sit), sit 2 of 4 (two taken for walk), run 1 of 1. By hand: precision of walk 3/5, of sit 2/3,
 * of run 1; F1 2*3/(4+5) = 2/3, 2*2/(4+3) = 4/7, 1; accuracy 6/9.
 */
const std::vector<PreparedRow> kRows = {{"a", "s1", 0, "walk", "walk", 0.9},        {"a", "s1", 500 * kMs, "walk", "walk", 0.8},  {"a", "s1", 1000 * kMs, "walk", "sit", 0.55},
                                        {"a", "s1", 1500 * kMs, "walk", "walk", 0.7}, {"b", "s2", 250 * kMs, "sit", "walk", 0.61}, {"b", "s2", 750 * kMs, "sit", "sit", 0.99},
                                        {"b", "s2", 1250 * kMs, "sit", "walk", 0.83}, {"b", "s2", 1750 * kMs, "sit", "sit", 0.5},  {"b", "s2", 2250 * kMs, "run", "run", 0.4}};

} // namespace

/** From a number to its confusion, from a cell of it to the windows behind it, from a window to Inspect: with real clicks and keys. */
class WindowResultsTest : public QObject, private test::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void aCellLeadsToItsWindowsAndToInspect();
    void keysDoTheSame();
    void whatIsNotThereIsASentence();
    void aStudysScoreLeadsToItsConfusion();
    void theMatrixIsSaved();
    void runsWithoutOneSayWhy();
    void theReportIsThatOfTheCommandLine();

private:
    ExperimentsPage &page() { return m_window->experiments(); }
    ConfusionPanel &panel() { return page().confusion(); }
    ConfusionView &matrix() { return panel().matrix(); }
    WindowListView &windows() { return panel().windows(); }
    /** Not behind another panel in the same place. */
    bool isInFront() { return page().isVisible() && !panel().visibleRegion().isEmpty(); }
    void waitSettled() { QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled(), 20'000); }
    /** A project of the recordings a and b, three seconds each. */
    void makeRecordings();
    void openPage();
    void showRun(JobId id);
    void clickCell(int label, int predicted);
    void clickDetail(const QString &label);

    std::filesystem::path m_project;
    std::map<std::string, std::int64_t> m_ids;
};

void WindowResultsTest::makeRecordings()
{
    m_project = makeProject();
    open({m_project});
    open({test::writeWalk(*m_folder, "a.csv", "walk", 1), test::writeWalk(*m_folder, "b.csv", "sit", 2)});
    waitSettled();
    m_ids.clear();
    for (const LibraryRow &row : Project::open(m_project).library())
        m_ids[row.name] = row.id;
    QCOMPARE(m_ids.size(), std::size_t{2});
    QVERIFY(m_ids.contains("a") && m_ids.contains("b"));
}

void WindowResultsTest::openPage()
{
    page().setWorkerProgram({});
    m_window->commands().showExperiments->trigger();
    waitSettled();
}

void WindowResultsTest::showRun(JobId id)
{
    page().showJob(id);
    QTRY_VERIFY(m_window->jobs().detail() && m_window->jobs().detail()->detail.row.id == id);
    QTRY_VERIFY(m_window->commands().showConfusion->isEnabled());
    m_window->commands().showConfusion->trigger();
    QTRY_VERIFY(isInFront());
    waitSettled();
}

void WindowResultsTest::clickCell(int label, int predicted)
{
    QTest::mouseClick(&matrix(), Qt::LeftButton, {}, matrix().placeOf({label, predicted}).center().toPoint());
    waitSettled();
}

void WindowResultsTest::clickDetail(const QString &label)
{
    QWidget *sheet = page().detail().facts().widget();
    bool isFound = false;
    // Rows are painted: those that lead somewhere are clicked until the wanted one was.
    const std::vector<DetailSection> sections = page().detail().facts().sections();
    QString target;
    for (const DetailSection &section : sections) {
        for (const DetailRow &row : section.rows)
            target = row.label == label && !row.target.isEmpty() ? row.target : target;
    }
    QVERIFY2(!target.isEmpty(), qPrintable(label));
    QSignalSpy spy(&page().detail().facts(), &DetailsView::rowActivated);
    for (int y = 4; y < sheet->height() && !isFound; y += 8) {
        QMouseEvent move(QEvent::MouseMove, QPointF(30, y), sheet->mapToGlobal(QPointF(30, y)), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(sheet, &move);
        if (sheet->cursor().shape() != Qt::PointingHandCursor)
            continue;
        QTest::mouseClick(sheet, Qt::LeftButton, {}, QPoint(30, y));
        isFound = !spy.isEmpty() && spy.last().first().toString() == target;
    }
    QVERIFY(isFound);
}

void WindowResultsTest::aCellLeadsToItsWindowsAndToInspect()
{
    makeRecordings();
    JobStore store(m_project);
    JobWork work(m_project);
    store.submit(test::preparedJob("one", 7));
    const JobId id = test::finishNext(work, [](const JobRow &) { return kRows; }, m_ids, {{"test.accuracy", 6.0 / 9}});
    openPage();
    page().showJob(id);
    QTRY_VERIFY(page().detail().facts().asText().contains(QStringLiteral("test.accuracy")));
    QVERIFY(!isInFront()); // behind the curves
    clickDetail(QStringLiteral("test.accuracy"));
    QTRY_VERIFY(isInFront());
    QTRY_VERIFY(matrix().data());
    waitSettled();
    const Classification &counted = matrix().data()->classification;
    QCOMPARE(matrix().data()->classes, (QStringList{"run", "sit", "walk"}));
    QCOMPARE(counted.confusion, (ConfusionMatrix{{1, 0, 0}, {0, 2, 2}, {0, 1, 3}}));
    QCOMPARE(counted.precision.at(2), 0.6);
    QCOMPARE(counted.f1.at(1), 4.0 / 7);
    QCOMPARE(confusionSummary(*matrix().data()), QStringLiteral("accuracy 0.667   macro-F1 0.746   9 windows")); // (1 + 4/7 + 2/3) / 3
    // Nothing chosen: the mistakes, the surest first.
    QCOMPARE(windows().windows().rowCount(), 3);
    QCOMPARE(windows().windows().index(0, WindowListModel::confidence).data().toString(), QStringLiteral("0.830"));

    clickCell(1, 2); // sit, taken for walk
    QCOMPARE(windows().windows().rowCount(), 2);
    QCOMPARE(windows().asText().split(QLatin1Char('\n')).mid(1), (QStringList{"b\ts2\tphone\t00:01.250\t500 ms\tsit\twalk\t0.830"})); // the current row
    windows().selectAll();
    QCOMPARE(windows().asText().split(QLatin1Char('\n')),
             (QStringList{"Recording\tSubject\tDevice\tStart\tLength\tTrue\tPredicted\tConfidence", "b\ts2\tphone\t00:01.250\t500 ms\tsit\twalk\t0.830", "b\ts2\tphone\t00:00.250\t500 ms\tsit\twalk\t0.610"}));
    QVERIFY(panel().about().text().startsWith(QStringLiteral("2 of 4 windows of sit (50 %) were taken for walk.")));
    // Sorted by start, by a click on its head.
    QHeaderView *head = windows().header();
    QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, QPoint(head->sectionViewportPosition(WindowListModel::start) + 12, head->height() / 2));
    waitSettled();
    if (head->sortIndicatorOrder() == Qt::DescendingOrder) {
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, QPoint(head->sectionViewportPosition(WindowListModel::start) + 12, head->height() / 2));
        waitSettled();
    }
    QCOMPARE(windows().windows().index(0, WindowListModel::start).data().toString(), QStringLiteral("00:00.250"));

    // A double click opens the recording there.
    const QModelIndex second = windows().windows().index(1, WindowListModel::recording);
    const QPoint place = windows().visualRect(second).center();
    QTest::mouseClick(windows().viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(windows().viewport(), Qt::LeftButton, {}, place);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->inspect().isVisible(), 10'000);
    Session &session = m_window->session();
    QCOMPARE(session.recording()->name, std::string("b"));
    QCOMPARE(session.playhead().ns, 1250 * kMs);
    QVERIFY(session.selection());
    QCOMPARE(session.selection()->start.ns, 1250 * kMs);
    QCOMPARE(session.selection()->end.ns, 1750 * kMs);
    QVERIFY(session.visibleRange().start.ns <= 1250 * kMs && session.visibleRange().end.ns >= 1750 * kMs);
    waitSettled();
    QCOMPARE(session.playhead().ns, 1250 * kMs); // nothing that is loaded later takes it away
}

void WindowResultsTest::keysDoTheSame()
{
    makeRecordings();
    JobStore store(m_project);
    JobWork work(m_project);
    store.submit(test::preparedJob("one", 7));
    const JobId id = test::finishNext(work, [](const JobRow &) { return kRows; }, m_ids, {});
    openPage();
    showRun(id);
    matrix().setFocus();
    QTest::keyClick(&matrix(), Qt::Key_Down);
    QTest::keyClick(&matrix(), Qt::Key_Down);
    QTest::keyClick(&matrix(), Qt::Key_Right);
    QCOMPARE(matrix().accessibleDescription(), QStringLiteral("1 of 4 windows of walk (25 %) were taken for sit."));
    QTest::keyClick(&matrix(), Qt::Key_Return);
    waitSettled();
    QCOMPARE(matrix().chosen(), (ConfusionCell{2, 1}));
    QCOMPARE(windows().windows().rowCount(), 1);
    QTest::keyClick(&matrix(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("label,run,sit,walk\nrun,1,0,0\nsit,0,2,2\nwalk,0,1,3\n"));
    // The recording has another name meanwhile: the run knows it by its number.
    m_window->library().rename(idOf(QStringLiteral("a")), QStringLiteral("renamed"));
    waitWritten();
    windows().setFocus();
    QTest::keyClick(&windows(), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->inspect().isVisible(), 10'000);
    QCOMPARE(m_window->session().recording()->name, std::string("renamed"));
    QCOMPARE(m_window->session().playhead().ns, 1000 * kMs);
    // The same once more, of the recording that is open already.
    m_window->session().setPlayhead({0});
    m_window->commands().showExperiments->trigger();
    QTest::mouseClick(&panel().showButton(), Qt::LeftButton);
    QTRY_VERIFY(m_window->inspect().isVisible());
    QCOMPARE(m_window->session().playhead().ns, 1000 * kMs);
    // Let go of the cell: mistakes again.
    m_window->commands().showExperiments->trigger();
    QTest::keyClick(&matrix(), Qt::Key_Escape);
    waitSettled();
    QCOMPARE(matrix().chosen(), ConfusionCell{});
    QCOMPARE(windows().windows().rowCount(), 3);
}

void WindowResultsTest::whatIsNotThereIsASentence()
{
    makeRecordings();
    JobStore store(m_project);
    JobWork work(m_project);
    store.submit(test::preparedJob("one", 7));
    std::map<std::string, std::int64_t> ids = m_ids;
    ids["removed"] = 99;
    const std::vector<PreparedRow> rows = {{"removed", "s9", 0, "walk", "sit", 0.9}, {"files/outside", "s9", 0, "walk", "sit", 0.8}, {"b", "s2", 60'000 * kMs, "walk", "sit", 0.7}};
    const JobId id = test::finishNext(work, [&](const JobRow &) { return rows; }, ids, {});
    openPage();
    showRun(id);
    QCOMPARE(windows().windows().rowCount(), 3);
    for (const auto &[row, sentence] : {std::pair(0, QStringLiteral("removed\u201d is not among the recordings of this project")), std::pair(1, QStringLiteral("files/outside\u201d is not among")),
                                        std::pair(2, QStringLiteral("The window lies outside of \u201cb\u201d"))}) {
        windows().setCurrentIndex(windows().windows().index(row, 0));
        QTest::mouseClick(&panel().showButton(), Qt::LeftButton);
        QTRY_VERIFY2(m_window->messages().message().contains(sentence), qPrintable(m_window->messages().message()));
        QVERIFY(page().isVisible());
        waitSettled();
    }
}

void WindowResultsTest::aStudysScoreLeadsToItsConfusion()
{
    makeRecordings();
    JobStore store(m_project);
    JobWork work(m_project);
    const JobId id = test::submitPreparedStudy(store, "study");
    const auto rowsOf = [](const JobRow &run) { return test::rowsOfPreparedStudy(kRows, run); };
    for (int run = 0; run < 8; ++run)
        test::finishNext(work, rowsOf, m_ids, {{"test.macro_f1", 0.5}});
    work.setStudyResult(id, writeStudyFiles(store, id), {});
    openPage();
    page().showJob(id);
    QTRY_VERIFY(page().detail().facts().asText().contains(QStringLiteral("primus")));
    waitSettled();
    clickDetail(QStringLiteral("primus"));
    // Its runs, and its confusion.
    QTRY_COMPARE_WITH_TIMEOUT(page().runs().view().runs().runs(), std::size_t{4}, 5'000);
    QTRY_VERIFY(isInFront());
    waitSettled();
    QCOMPARE(page().runs().filter().text(), QStringLiteral("study = %1 and cell = 1").arg(id));
    QCOMPARE(panel().cells().currentText(), QStringLiteral("primus"));
    QVERIFY(matrix().data());
    // kRows once, and once all taken for sit: by hand.
    QCOMPARE(matrix().data()->classification.confusion, (ConfusionMatrix{{1, 1, 0}, {0, 6, 2}, {0, 5, 3}}));
    const nlohmann::json told = test::runKino({"study", QString::fromStdString(m_project.string()), QString::number(id), "--json"}).json();
    QCOMPARE(nlohmann::json(matrix().data()->classification.confusion), told.at("cells").at(1).at("confusion"));
    QVERIFY(!windows().isColumnHidden(WindowListModel::run));
    // One seed of it.
    panel().seeds().setFocus();
    QTest::keyClick(&panel().seeds(), Qt::Key_Down);
    QTest::keyClick(&panel().seeds(), Qt::Key_Down);
    waitSettled();
    QCOMPARE(panel().seeds().currentText(), QStringLiteral("seed 2"));
    QCOMPARE(matrix().data()->classification.confusion, (ConfusionMatrix{{0, 1, 0}, {0, 4, 0}, {0, 4, 0}}));
    QCOMPARE(windows().windows().rowCount(), 5);
    // Another cell by its list.
    panel().cells().setFocus();
    QTest::keyClick(&panel().cells(), Qt::Key_Up);
    waitSettled();
    QCOMPARE(panel().cells().currentText(), QStringLiteral("mw2"));
    QCOMPARE(matrix().data()->classification.confusion, (ConfusionMatrix{{1, 0, 0}, {0, 2, 2}, {0, 1, 3}})); // still seed 2
    // And a run of it by a click in the table.
    QTest::mouseClick(page().runs().view().viewport(), Qt::LeftButton, {}, page().runs().view().visualRect(page().runs().view().runs().index(0, RunTableModel::name)).center());
    QTRY_VERIFY(m_window->jobs().detail()->detail.row.id != id);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled() && matrix().data() && matrix().data()->classification.count < 9, 5'000);
    QVERIFY(panel().cells().isHidden());
}

void WindowResultsTest::theMatrixIsSaved()
{
    makeRecordings();
    JobStore store(m_project);
    JobWork work(m_project);
    store.submit(test::preparedJob("a, \"quoted\" <run>", 7));
    const JobId id = test::finishNext(work, [](const JobRow &) { return kRows; }, m_ids, {});
    openPage();
    showRun(id);
    QString ending;
    panel().plotFiles().setAsks([&](const QString &, PlotFormat) { return QString::fromStdString((*m_folder / "matrix").string()) + ending; }, [](const QStringList &) { return true; });
    for (const PlotFormatInfo &info : plotFormats()) {
        ending = QLatin1String(info.ending);
        Q_EMIT matrix().saveRequested(info.format, 2);
        QTRY_VERIFY_WITH_TIMEOUT(!panel().plotFiles().isBusy(), 10'000);
    }
    QCOMPARE(readTextFile(*m_folder / "matrix.csv"), std::string("label,run,sit,walk\nrun,1,0,0\nsit,0,2,2\nwalk,0,1,3\n"));
    QCOMPARE(readTextFile(*m_folder / "matrix-classes.csv"),
             std::string("class,precision,recall,f1,windows,predictions\nrun,1,1,1,1,1\nsit,0.6666666666666666,0.5,0.5714285714285714,4,3\nwalk,0.6,0.75,0.6666666666666666,4,5\n"));
    const QByteArray svg = QByteArray::fromStdString(readTextFile(*m_folder / "matrix.svg"));
    QXmlStreamReader reader(svg);
    QStringList texts;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("text"))
            texts += reader.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QVERIFY(QSvgRenderer(svg).isValid());
    for (const char *text : {"walk", "sit", "run", "0.600", "0.667", "0.571", "accuracy 0.667   macro-F1 0.746   9 windows"})
        QVERIFY2(texts.contains(QString::fromUtf8(text)), text);
    const QImage picture(QString::fromStdString((*m_folder / "matrix.png").string()));
    QCOMPARE(picture.size(), matrix().figure().size * 2);
}

void WindowResultsTest::runsWithoutOneSayWhy()
{
    makeRecordings();
    openPage();
    JobStore store(m_project);
    JobWork work(m_project);
    store.submit(test::preparedJob("contrast", 1));
    const JobId contrast = test::finishNext(work, [](const JobRow &) { return std::vector<PreparedRow>(); }, m_ids, {});
    store.submit(test::preparedJob("damaged", 2));
    const JobId damaged = test::finishNext(work, [](const JobRow &) { return kRows; }, m_ids, {});
    writeFileAtomically(store.runFolder(damaged) / "predictions.csv", "recording,start_ns,label,predicted,confidence,device\na,soon,walk,walk,0.5,phone\n");
    const JobId waiting = store.submit(test::preparedJob("waiting", 3));
    showRun(contrast);
    QVERIFY(panel().emptyText().contains(QStringLiteral("classifies nothing")));
    showRun(damaged);
    QVERIFY2(panel().emptyText().contains(QStringLiteral("\"soon\" is no number")), qPrintable(panel().emptyText()));
    showRun(waiting);
    QVERIFY(panel().emptyText().contains(QStringLiteral("when it is done")));
}

void WindowResultsTest::theReportIsThatOfTheCommandLine()
{
    makeRecordings();
    JobStore store(m_project);
    JobWork work(m_project);
    std::vector<JobId> ids;
    for (const int seed : {1, 2}) {
        store.submit(test::preparedJob("one", seed));
        ids.push_back(test::finishNext(work, [](const JobRow &) { return kRows; }, m_ids, {{"test.macro_f1", 0.5 + 0.04 * seed}}));
    }
    openPage();
    QTRY_COMPARE(page().runs().view().runs().runs(), std::size_t{2});
    page().runs().view().choose({ids[0], ids[1]});
    waitSettled();
    ids.clear(); // in the order in which the table has them
    for (const ChosenRun &chosen : page().runs().view().chosen())
        ids.push_back(chosen.id);
    QCOMPARE(ids.size(), std::size_t{2});
    QVERIFY(m_window->commands().reportRuns->isEnabled());
    const std::filesystem::path own = *m_folder / "own.html", other = *m_folder / "other.html";
    page().writeReport(QString::fromStdString(own.string()));
    waitSettled();
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("The report of 2 runs is in")), qPrintable(m_window->messages().message()));
    const QString project = QString::fromStdString(m_project.string());
    const test::KinoRun run = test::runKino({"report", project, QString::number(ids[0]), QString::number(ids[1]), "--out", QString::fromStdString(other.string()), "--json"});
    QCOMPARE(run.exitStatus, 0);
    QCOMPARE(run.json().at("runs"), nlohmann::json(ids));
    const auto pageOf = [](const std::filesystem::path &file) {
        static const QRegularExpression kTime(QStringLiteral("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC"));
        return QString::fromStdString(readTextFile(file)).replace(kTime, QStringLiteral("then"));
    };
    QVERIFY(pageOf(own).contains(QStringLiteral("0.560 \u00b1 0.020"))); // numpy: mean and std(ddof=1)/sqrt(2) of 0.54 and 0.58
    QCOMPARE(pageOf(own), pageOf(other));
    // What is not there is refused, and nothing is written.
    const test::KinoRun refused = test::runKino({"report", project, QString::number(ids[0]), "99", "--out", QString::fromStdString((*m_folder / "none.html").string())});
    QCOMPARE(refused.exitStatus, 1);
    QVERIFY2(refused.messages.contains("no job number 99"), refused.messages.constData());
    QVERIFY(!std::filesystem::exists(*m_folder / "none.html"));
    // A folder that cannot be written to is told in a sentence, and the page goes on.
    page().writeReport(QString::fromStdString((*m_folder / "nowhere" / "report.html").string()));
    QTRY_VERIFY2(m_window->messages().message().contains(QStringLiteral("cannot be written")), qPrintable(m_window->messages().message()));
}

int main(int argc, char *argv[])
{
    kino::test::WatchedApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("kinoscope-test"));
    QApplication::setOrganizationName(QStringLiteral("kinoscope"));
    WindowResultsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "window_results_test.moc"
