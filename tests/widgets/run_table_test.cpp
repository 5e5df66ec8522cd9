#include "core/base/files.h"
#include "widgets/runs/comparison_view.h"
#include "widgets/runs/queue_view.h"
#include "widgets/runs/run_table_view.h"

#include "widgets/style/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QHeaderView>
#include <QSignalSpy>

#include <cmath>

using namespace kino;

/** Table, queue and comparison with real clicks and keys over rows made here. */
class RunTableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::light); }

    void spreadIsTheSamplesOwn();
    void sortingPutsNothingLast();
    void chosenRunsKeepTheirColours();
    void aRefreshKeepsWhatIsChosen();
    void repetitionsAreOneGroup();
    void repetitionsAreMoreThanWhatIsShown();
    void starsAndNamesAreAskedFor();
    void tenThousandRunsAreFluid();
    void cardsHaveButtonsAndKeys();
    void aQueueIsReordered();
    void whatDiffersComesFirst();
    void repetitionsHaveAnErrorBar();

private:
    static std::shared_ptr<const RunTableData> table(int runs);
};

/** Runs 1, 2, …: encoder mw2 or primus by turns, seed, score; every seventh has no score. */
std::shared_ptr<const RunTableData> RunTableTest::table(int runs)
{
    auto made = std::make_shared<RunTableData>();
    made->columns = {{"parameter:encoder.name", "encoder"}, {"parameter:seed", "seed", {}, true, true, GroupFigure::range}, {"metric:test.macro_f1", "macro-F1", {}, true}};
    for (int run = 1; run <= runs; ++run) {
        RunRow row{.id = run, .name = QStringLiteral("run %1").arg(run), .state = run % 5 == 0 ? RunState::failed : RunState::done};
        const double score = std::fmod(run * 0.37, 1);
        row.cells = {{run % 2 ? QStringLiteral("mw2") : QStringLiteral("primus")}, {QString::number(run / 2), run / 2.0}, run % 7 ? RunCell{numberCellText(score), score} : RunCell{}};
        row.repetition = run % 2;
        made->rows.push_back(row);
    }
    return made;
}

void RunTableTest::spreadIsTheSamplesOwn()
{
    // numpy: np.mean and np.std(ddof=1) of 0.5, 0.52, 0.56 are 0.52666…, 0.030550504633038933.
    const Spread spread = *finiteSpread({0.5, 0.52, std::numeric_limits<double>::quiet_NaN(), 0.56});
    QCOMPARE(spread.count, std::size_t{3});
    QVERIFY(std::abs(spread.mean - 1.58 / 3) < 1e-15);
    QVERIFY(std::abs(*spread.deviation - 0.030550504633038933) < 1e-15);
    QVERIFY(!finiteSpread({std::numeric_limits<double>::infinity()}));
    QCOMPARE(spreadText(spread), QStringLiteral("0.527 \u00b1 0.031"));
    QCOMPARE(spreadText(*finiteSpread({0.25})), QStringLiteral("0.2500"));
    QCOMPARE(spreadText(*finiteSpread({-1200, -1300})), QStringLiteral("\u22121250 \u00b1 71"));
    QCOMPARE(numberCellText(2884), QStringLiteral("2,884"));
    QCOMPARE(numberCellText(std::numeric_limits<double>::quiet_NaN()), QStringLiteral("\u2013"));
}

void RunTableTest::sortingPutsNothingLast()
{
    RunTableView view;
    QAbstractItemModelTester tester(&view.runs(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    view.setTable(table(20));
    const int score = RunTableModel::firstOfData + 2;
    for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        view.sortByColumn(score, order);
        double last = order == Qt::AscendingOrder ? -1 : 2;
        for (int row = 0; row < 18; ++row) {
            const double value = view.runs().rowAt(view.runs().index(row, 0))->cells[2].number;
            QVERIFY(order == Qt::AscendingOrder ? value >= last : value <= last);
            last = value;
        }
        QVERIFY(view.runs().rowAt(view.runs().index(19, 0))->id % 7 == 0);
    }
    view.sortByColumn(-1, Qt::AscendingOrder);
    QCOMPARE(view.runs().rowAt(view.runs().index(0, 0))->id, 1);
}

void RunTableTest::chosenRunsKeepTheirColours()
{
    RunTableView view;
    view.resize(800, 500);
    view.setTable(table(10));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy chosen(&view, &RunTableView::chosenChanged);
    const auto click = [&](qint64 id, int column, Qt::KeyboardModifiers keys = {}) {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, keys, view.visualRect(view.runs().indexOf(id, column)).center());
    };
    click(3, RunTableModel::name);
    click(5, RunTableModel::name, Qt::ControlModifier);
    click(7, RunTableModel::choice); // the circle adds
    QCOMPARE(view.chosen(), (std::vector<ChosenRun>{{3, 0}, {5, 1}, {7, 2}}));
    QCOMPARE(chosen.count(), 3);
    const QImage image = view.viewport()->grab().toImage();
    const QPoint dot = view.visualRect(view.runs().indexOf(5, RunTableModel::choice)).center();
    QCOMPARE(image.pixelColor(dot * image.devicePixelRatio()), lightTheme().labels[1]);
    click(5, RunTableModel::choice); // and takes away
    click(9, RunTableModel::name, Qt::ControlModifier);
    QCOMPARE(view.chosen(), (std::vector<ChosenRun>{{3, 0}, {7, 2}, {9, 1}})); // what is free is taken
    click(1, RunTableModel::name);
    QCOMPARE(view.chosen(), (std::vector<ChosenRun>{{1, 0}}));
    QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(view.chosen().size(), std::size_t{10});
}

void RunTableTest::aRefreshKeepsWhatIsChosen()
{
    RunTableView view;
    view.setTable(table(10));
    view.choose({4, 6});
    view.sortByColumn(RunTableModel::firstOfData + 2, Qt::DescendingOrder);
    QSignalSpy chosen(&view, &RunTableView::chosenChanged);
    view.setTable(table(12));
    QCOMPARE(chosen.count(), 0);
    QCOMPARE(view.chosen().size(), std::size_t{2});
    QCOMPARE(view.selectionModel()->selectedRows().size(), 2);
    for (const QModelIndex &index : view.selectionModel()->selectedRows())
        QVERIFY(view.runs().rowAt(index)->id == 4 || view.runs().rowAt(index)->id == 6);
    // What a filter leaves out stays chosen, with its colour, and others can be added; a plain click chooses anew.
    auto filtered = std::make_shared<RunTableData>(*table(12));
    std::erase_if(filtered->rows, [](const RunRow &row) { return row.id == 4; });
    const int place = view.placeOf(4);
    view.setTable(filtered, RunTableView::Missing::kept);
    QCOMPARE(chosen.count(), 0);
    QCOMPARE(view.placeOf(4), place);
    view.resize(800, 500);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const auto click = [&](qint64 id, Qt::KeyboardModifiers keys) {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, keys, view.visualRect(view.runs().indexOf(id, RunTableModel::name)).center());
    };
    click(8, Qt::ControlModifier);
    QCOMPARE(view.chosen().size(), std::size_t{3});
    view.setTable(table(12));
    QCOMPARE(view.placeOf(4), place);
    QCOMPARE(view.selectionModel()->selectedRows().size(), 3);
    view.setTable(filtered, RunTableView::Missing::kept);
    click(9, {});
    QCOMPARE(view.chosen().size(), std::size_t{1});
    view.choose({4, 6});
    view.setTable(table(12));
    view.choose({4, 6});
    chosen.clear();
    // Other columns are another model; a run that is gone is no longer chosen.
    auto fewer = std::make_shared<RunTableData>(*table(5));
    fewer->columns.pop_back();
    for (RunRow &row : fewer->rows)
        row.cells.pop_back();
    view.setTable(fewer);
    QCOMPARE(view.chosen(), (std::vector<ChosenRun>{{4, view.placeOf(4)}}));
    QCOMPARE(chosen.count(), 1);
}

void RunTableTest::repetitionsAreOneGroup()
{
    RunTableView view;
    QAbstractItemModelTester tester(&view.runs(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    view.setTable(table(20));
    view.choose({4});
    view.setGrouping(RunTableModel::kRepetitions);
    QCOMPARE(view.runs().rowCount(), 2);
    QCOMPARE(view.chosen().size(), std::size_t{1});
    const QModelIndex mw2 = view.runs().index(0, RunTableModel::name);
    QCOMPARE(mw2.data().toString(), QStringLiteral("mw2   (10)"));
    QCOMPARE(view.runs().rowCount(mw2.siblingAtColumn(0)), 10);
    std::vector<double> scores;
    for (int run = 1; run <= 20; run += 2) {
        if (run % 7)
            scores.push_back(std::fmod(run * 0.37, 1));
    }
    QCOMPARE(mw2.siblingAtColumn(RunTableModel::firstOfData + 2).data().toString(), spreadText(*finiteSpread(scores)));
    // A mean of seeds says nothing: here they are run / 2 of runs 1, 3, …, 19.
    QCOMPARE(mw2.siblingAtColumn(RunTableModel::firstOfData + 1).data().toString(), QStringLiteral("0.5000 to 9.5"));
    // Groups stand by their means.
    view.sortByColumn(RunTableModel::firstOfData + 2, Qt::DescendingOrder);
    const auto mean = [&](int row) { return view.runs().index(row, RunTableModel::firstOfData + 2).data().toString().section(QLatin1Char(' '), 0, 0).toDouble(); };
    QVERIFY(mean(0) >= mean(1));
    view.setGrouping(QStringLiteral("parameter:seed"));
    QCOMPARE(view.runs().rowCount(), 11);
    view.setTable(table(21));
    QCOMPARE(view.runs().rowCount(), 11);
    view.setGrouping({});
    QCOMPARE(view.runs().rowCount(), 21);
    QVERIFY(view.runs().indexOf(4).isValid());
}

void RunTableTest::repetitionsAreMoreThanWhatIsShown()
{
    auto made = std::make_shared<RunTableData>();
    made->columns = {{"parameter:encoder.name", "encoder"},
                     {"seconds", "Time", {}, true, false, GroupFigure::total, [](double seconds) { return QStringLiteral("%1 s").arg(seconds); }},
                     {"created", "Submitted", {}, true, false, GroupFigure::none}};
    for (int run = 1; run <= 4; ++run) {
        RunRow row{.id = run, .name = QStringLiteral("Supervised"), .state = RunState::done};
        row.cells = {{"primus"}, {QStringLiteral("%1 s").arg(10 * run), 10.0 * run}, {"2026-11-22", 1.79e18 + run}};
        row.repetition = run == 2 ? 1 : 0;
        row.repetitionWords = run == 2 ? QStringLiteral("epochs 40") : QStringLiteral("epochs 8");
        made->rows.push_back(row);
    }
    RunTableView view;
    view.setTable(made);
    view.setGrouping(RunTableModel::kRepetitions);
    QCOMPARE(view.runs().rowCount(), 2);
    const auto cell = [&](int group, int column) { return view.runs().index(group, column).data().toString(); };
    QCOMPARE(cell(0, RunTableModel::name), QStringLiteral("primus, epochs 8   (3)"));
    QCOMPARE(cell(1, RunTableModel::name), QStringLiteral("primus, epochs 40   (1)"));
    QCOMPARE(cell(0, RunTableModel::firstOfData + 1), QStringLiteral("80 s")); // 10 + 30 + 40
    QCOMPARE(cell(0, RunTableModel::firstOfData + 2), QString());
}

void RunTableTest::starsAndNamesAreAskedFor()
{
    RunTableView view;
    view.resize(800, 500);
    view.setTable(table(5));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy starred(&view, &RunTableView::starToggled), renamed(&view.runs(), &RunTableModel::renamed);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.visualRect(view.runs().indexOf(2, RunTableModel::star)).center());
    QCOMPARE(starred.count(), 1);
    QCOMPARE(starred[0][0].toLongLong(), 2);
    QVERIFY(starred[0][1].toBool());
    QVERIFY(view.chosen().empty());
    view.setCurrentIndex(view.runs().indexOf(3, RunTableModel::name));
    QTest::keyClick(&view, Qt::Key_F2);
    auto *editor = view.findChild<QLineEdit *>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("best so far"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(renamed.count(), 1);
    QCOMPARE(renamed[0][0].toLongLong(), 3);
    QCOMPARE(renamed[0][1].toString(), QStringLiteral("best so far"));
}

void RunTableTest::tenThousandRunsAreFluid()
{
    RunTableView view;
    view.resize(1200, 700);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const auto many = table(10'000), others = table(10'000);
    QElapsedTimer timer;
    const auto best = [&](const std::function<void()> &work) {
        double least = 1e9;
        for (int attempt = 0; attempt < 4; ++attempt) {
            timer.start();
            work();
            least = std::min(least, static_cast<double>(timer.nsecsElapsed()) * 1e-6);
        }
        return least;
    };
    bool isOther = false;
    view.setTable(many);
    view.choose({17, 99});
    view.sortByColumn(RunTableModel::firstOfData + 2, Qt::DescendingOrder);
    const double refresh = best([&] {
        isOther = !isOther;
        view.setTable(isOther ? others : many);
    });
    const double sorting = best([&] {
        isOther = !isOther;
        view.sortByColumn(RunTableModel::firstOfData + (isOther ? 1 : 2), isOther ? Qt::AscendingOrder : Qt::DescendingOrder);
    });
    const double repaint = best([&] { view.viewport()->repaint(); });
    qInfo("10,000 runs: refresh %.1f ms, sort %.1f ms, repaint %.1f ms", refresh, sorting, repaint);
    QVERIFY(refresh < 30);
    QVERIFY(sorting < 30);
    QVERIFY(repaint < 16);
}

void RunTableTest::cardsHaveButtonsAndKeys()
{
    QueueView view;
    view.resize(280, 500);
    view.setItems({{.kind = QueueItem::Kind::heading, .name = "Queue", .detail = "1 running"},
                   {.id = 4, .name = "SimCLR", .detail = "train, seed 3", .state = RunState::running, .status = "epoch 9 of 20", .progress = 0.42, .canPause = true, .canCancel = true},
                   {.id = 5, .name = "MoCo", .state = RunState::paused, .status = "paused by you", .progress = 0.6, .canResume = true, .canCancel = true},
                   {.kind = QueueItem::Kind::finished, .id = 2, .name = "Supervised", .state = RunState::done, .value = "0.447"}});
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy paused(&view, &QueueView::pauseRequested), resumed(&view, &QueueView::resumeRequested), cancelled(&view, &QueueView::cancelRequested), opened(&view, &QueueView::openRequested);
    const auto click = [&](qint64 id, QueueView::Button button) { QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.buttonRect(id, button).center()); };
    click(4, QueueView::Button::pause);
    QCOMPARE(paused.count(), 1);
    QCOMPARE(paused[0][0].toLongLong(), 4);
    click(5, QueueView::Button::pause);
    QCOMPARE(resumed.count(), 1);
    click(5, QueueView::Button::cancel);
    QCOMPARE(cancelled[0][0].toLongLong(), 5);
    QVERIFY(view.buttonRect(2, QueueView::Button::cancel).isEmpty());
    QCOMPARE(view.selected(), 0); // buttons choose nothing
    QSignalSpy pressed(&view, &QueueView::pressedAt), menus(&view, &QueueView::menuRequested);
    const QPoint body = view.buttonRect(5, QueueView::Button::pause).center() - QPoint(120, 0);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, body);
    QCOMPARE(view.selected(), 5);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, body); // also of the one that is selected
    QCOMPARE(pressed.count(), 2);
    const auto menuAt = [&view](QPoint place) {
        QContextMenuEvent event(QContextMenuEvent::Mouse, place, view.viewport()->mapToGlobal(place));
        QApplication::sendEvent(view.viewport(), &event);
    };
    menuAt({100, view.viewport()->height() - 5}); // of nothing, though a card is selected
    QCOMPARE(menus.count(), 0);
    menuAt(view.buttonRect(4, QueueView::Button::pause).center());
    QCOMPARE(menus[0][0].toLongLong(), 4);
    QCOMPARE(view.selected(), 4);
    QTest::keyClick(&view, Qt::Key_Space);
    QCOMPARE(paused.count(), 2);
    QTest::keyClick(&view, Qt::Key_Delete);
    QCOMPARE(cancelled.count(), 2);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    // Progress goes on: the same card stays selected.
    auto items = view.items();
    items[1].progress = 0.5;
    items.erase(items.begin() + 2);
    view.setItems(items);
    QCOMPARE(view.selected(), 4);
    // The state is said, not only coloured.
    QVERIFY(view.model()->index(1, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("running")));
    const QImage image = view.viewport()->grab().toImage();
    const QRect card = view.visualRect(view.model()->index(1, 0));
    const QPoint half(card.left() + 22 + (card.width() - 44) * 4 / 10, card.bottom() - 3 - 10);
    bool hasBar = false;
    for (int y = -4; y <= 4; ++y)
        hasBar = hasBar || image.pixelColor(half + QPoint(0, y)) == lightTheme().accent;
    QVERIFY(hasBar);
}

void RunTableTest::aQueueIsReordered()
{
    QueueView view;
    view.setItems({{.id = 1, .name = "runs", .state = RunState::running}, {.id = 2, .name = "a", .canMove = true}, {.id = 3, .name = "b", .canMove = true}});
    QSignalSpy moved(&view, &QueueView::moveRequested);
    QAbstractItemModel *model = view.model();
    const std::unique_ptr<QMimeData> mime(model->mimeData({model->index(2, 0)}));
    QVERIFY(model->flags(model->index(2, 0)).testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(!model->flags(model->index(0, 0)).testFlag(Qt::ItemIsDragEnabled));
    model->dropMimeData(mime.get(), Qt::MoveAction, 0, 0, {}); // above the one that runs: before the first that waits
    QCOMPARE(moved.count(), 1);
    QCOMPARE(moved[0][0].toLongLong(), 3);
    QCOMPARE(moved[0][1].toLongLong(), 2);
    const std::unique_ptr<QMimeData> first(model->mimeData({model->index(1, 0)}));
    model->dropMimeData(first.get(), Qt::MoveAction, 3, 0, {});
    QCOMPARE(moved[1][1].toLongLong(), 0); // to the end
    QCOMPARE(view.items()[1].id, 2); // rows come from whoever keeps the queue
}

void RunTableTest::whatDiffersComesFirst()
{
    const std::vector<ComparedRun> runs{{1, "a", 0, {{"seed", "1"}, {"train.batch", "64"}, {"encoder.name", "mw2"}}, {}},
                                        {2, "b", 3, {{"seed", "1"}, {"train.batch", "128"}, {"encoder.name", "mw2"}, {"train.clip_norm", "1"}}, {}}};
    const std::vector<ComparedLine> lines = comparedParameters(runs);
    QCOMPARE(lines.size(), std::size_t{4});
    QCOMPARE(lines[0].path, QStringLiteral("train.batch"));
    QCOMPARE(lines[0].values, (QStringList{"64", "128"}));
    QCOMPARE(lines[1].path, QStringLiteral("train.clip_norm"));
    QCOMPARE(lines[1].values, (QStringList{"", "1"}));
    QVERIFY(!lines[2].differs && !lines[3].differs);
    ComparisonView view;
    view.setRuns(runs);
    QCOMPARE(view.topLevelItemCount(), 3);
    QCOMPARE(view.topLevelItem(2)->text(0), QStringLiteral("2 are the same"));
    QCOMPARE(view.headerItem()->text(2), QStringLiteral("b"));
    QVERIFY(view.asText().startsWith(QStringLiteral("parameter\ta\tb\ntrain.batch\t64\t128\n")));
    view.setRuns({});
    QCOMPARE(view.topLevelItemCount(), 0);
}

void RunTableTest::repetitionsHaveAnErrorBar()
{
    const auto run = [](qint64 id, const QString &encoder, const QString &seed, double score) {
        return ComparedRun{id, encoder + ", seed " + seed, static_cast<int>(id), {{"encoder.name", encoder}, {"seed", seed}}, {{"test.macro_f1", score}}, encoder};
    };
    const std::vector<ComparedRun> runs{run(0, "mw2", "1", 0.4), run(1, "primus", "1", 0.5), run(2, "primus", "2", 0.52), run(3, "primus", "3", 0.56),
                                        run(4, "mw2", "2", std::numeric_limits<double>::quiet_NaN())};
    const std::vector<Repetitions> groups = repetitionsOf(runs, "test.macro_f1");
    QCOMPARE(groups.size(), std::size_t{2});
    QCOMPARE(groups[0].name, QStringLiteral("mw2, seed 1"));
    QCOMPARE(groups[1].name, QStringLiteral("primus"));
    QCOMPARE(groups[0].values, (std::vector<double>{0.4}));
    QVERIFY(!groups[0].spread.deviation);
    QVERIFY(std::abs(*groups[1].spread.deviation - 0.030550504633038933) < 1e-15);
    SpreadView view;
    view.resize(400, 120);
    view.setGroups("test.macro_f1", groups);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const QImage image = view.grab().toImage();
    const QColor colour = lightTheme().labels[1];
    const double mean = groups[1].spread.mean, reach = *groups[1].spread.deviation;
    QCOMPARE(image.pixelColor(view.positionOf(1, mean).toPoint()), colour);
    QCOMPARE(image.pixelColor(view.positionOf(1, mean + 0.8 * reach).toPoint()), colour);
    QVERIFY(image.pixelColor(view.positionOf(1, mean - 1.5 * reach).toPoint()) != colour);
    QCOMPARE(comparedMetrics(runs), (QStringList{"test.macro_f1"}));
    // For elsewhere: numbers with all their digits (numpy: std(ddof=1) / sqrt(3)), a drawing whose texts are texts.
    test::TemporaryFolder folder;
    savePlot(view.figure(), folder / "spread.csv", 1);
    savePlot(view.figure(), folder / "spread.svg", 1);
    const QStringList lines = QString::fromStdString(readTextFile(folder / "spread.csv")).split('\n');
    QCOMPARE(lines[0], QStringLiteral("name,mean,deviation,standard_error,n,values"));
    QCOMPARE(lines[1], QStringLiteral("\"mw2, seed 1\",0.4,,,1,0.4"));
    const QStringList fields = lines[2].split(',');
    QVERIFY(std::abs(fields[3].toDouble() - 0.017638342073763955) < 1e-15);
    QCOMPARE(fields[5], QStringLiteral("0.5 0.52 0.56"));
    QVERIFY(readTextFile(folder / "spread.svg").find("0.527 \u00b1 0.031, 3 seeds") != std::string::npos);
}

QTEST_MAIN(RunTableTest)
#include "run_table_test.moc"
