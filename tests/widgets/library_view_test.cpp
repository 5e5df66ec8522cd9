#include "widgets/library/view.h"
#include "widgets/style/theme.h"

#include "tests/support/watched_application.h"

using namespace kino;

/** The list of a large project: thousands of rows, searched while one types. */
class LibraryViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::light); }
    void twoThousandRecordingsAreFilteredAtOnce();
    void choosingByKeysAndMouse();

private:
    static LibraryItem item(int number);
};

LibraryItem LibraryViewTest::item(int number)
{
    const QString subject = QStringLiteral("s%1").arg(number / 20, 3, 10, QLatin1Char('0'));
    return {number + 1, subject, QStringLiteral("%1_walk_%2").arg(subject).arg(number % 20, 2, 10, QLatin1Char('0')), QStringLiteral("0:21"), LibraryState::ready, number % 7 == 0 ? Mark::warning : Mark::good, {}};
}

void LibraryViewTest::twoThousandRecordingsAreFilteredAtOnce()
{
    LibraryModel model;
    LibraryView view(&model);
    view.resize(240, 700);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QElapsedTimer filling;
    filling.start();
    for (int number = 0; number < 2000; ++number)
        model.add(item(number));
    QCoreApplication::processEvents();
    QVERIFY2(filling.elapsed() < 1500 * test::timeSlack(), qPrintable(QString::number(filling.elapsed())));
    auto *field = view.findChild<QLineEdit *>();
    auto *tree = view.findChild<QTreeView *>();
    double worst = 0;
    const QString typed = QStringLiteral("s042_walk_1");
    for (const QChar letter : typed) {
        timespec begin{};
        timespec end{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
        QTest::keyClick(field, letter.toLatin1());
        view.grab(); // as painting would
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
        worst = std::max(worst, static_cast<double>(end.tv_sec - begin.tv_sec) * 1e3 + static_cast<double>(end.tv_nsec - begin.tv_nsec) * 1e-6);
    }
    qInfo("filter of 2,000 recordings: worst letter %.1f ms", worst);
    QVERIFY2(worst <= 50 * test::timeSlack(), qPrintable(QString::number(worst)));
    // s042_walk_10 to 19, under their subject.
    QCOMPARE(tree->model()->rowCount(), 1);
    QCOMPARE(tree->model()->rowCount(tree->model()->index(0, 0)), 10);
    field->clear();
    QCOMPARE(tree->model()->rowCount(), 100);
}

void LibraryViewTest::choosingByKeysAndMouse()
{
    LibraryModel model;
    for (int number = 0; number < 40; ++number)
        model.add(item(number));
    LibraryView view(&model);
    view.resize(240, 700);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy chosen(&view, &LibraryView::chosen);
    auto *tree = view.findChild<QTreeView *>();
    const QModelIndex group = tree->model()->index(1, 0);
    const QModelIndex third = tree->model()->index(2, 0, group);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(third).center());
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.at(0).at(0).toLongLong(), qint64{23});
    QTest::keyClick(tree, Qt::Key_Down);
    QTest::keyClick(tree, Qt::Key_Return);
    QCOMPARE(chosen.back().at(0).toLongLong(), qint64{24});
    // A click on a subject closes it.
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(group).center());
    QVERIFY(!tree->isExpanded(group));
    view.setCurrent(7);
    QCOMPARE(tree->currentIndex().data(LibraryModel::idRole).toLongLong(), qint64{7});
}

QTEST_MAIN(LibraryViewTest)
#include "library_view_test.moc"
