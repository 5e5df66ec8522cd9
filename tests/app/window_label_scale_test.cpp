#include "app/kinoscope/annotate/label_files.h"
#include "core/data/formats/annotation_file.h"
#include "tests/support/labels_fixture.h"

using namespace kino;

/** Ten thousand labels: how long the window is held by them. */
class WindowLabelScaleTest : public QObject, private test::LabelsFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openLabels(); }
    void cleanup() { closeWindow(); }

    void tenThousandLabelsAreImportedWithoutHoldingTheWindow_data();
    void tenThousandLabelsAreImportedWithoutHoldingTheWindow();
    void tenThousandLabelsAreEditedWithoutHoldingTheWindow();
};

void WindowLabelScaleTest::tenThousandLabelsAreImportedWithoutHoldingTheWindow_data()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("csv") << QStringLiteral(".csv");
    QTest::newRow("eaf, with a label set") << QStringLiteral(".eaf");
}

void WindowLabelScaleTest::tenThousandLabelsAreImportedWithoutHoldingTheWindow()
{
    QFETCH(QString, ending);
    constexpr int kCount = 10'000;
    AnnotationTier many{"many", TierKind::label, {}};
    LabelSet labels{1, "twenty", {}};
    for (int index = 0; index < kCount; ++index)
        many.annotations.push_back({{index * 2 * kNanosPerMillisecond}, {(index * 2 + 2) * kNanosPerMillisecond}, "label " + std::to_string(index % 20)});
    for (int label = 0; label < 20; ++label)
        labels.labels.push_back({"label " + std::to_string(label), {}, {}});
    const std::filesystem::path file = *m_folder / ("many" + ending.toStdString());
    const bool isEaf = ending == QLatin1String(".eaf");
    if (isEaf)
        writeEaf(file, {many}, std::nullopt, {{labels}, {0}});
    else
        writeAnnotationCsv(file, {many});
    m_window->inspect().showDock(QStringLiteral("labels"));
    waitWritten();
    QTest::qWait(300);
    const std::vector<StoredTier> before = annotator().set()->tiers();
    const int steps = m_window->history().count();
    auto &application = *static_cast<test::WatchedApplication *>(qApp);
    // Up to three times, each from the same beginning: what holds the thread by its own doing does so each time.
    double worst = 0;
    for (int round = 0; round < 3; ++round) {
        if (round > 0) {
            m_window->history().undo();
            QVERIFY(annotator().set()->tiers() == before);
            waitWritten();
            QTest::qWait(300);
        }
        QSignalSpy told(&m_window->labelFiles(), &LabelFiles::told);
        application.startWatching();
        m_window->labelFiles().importFrom(file);
        QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, 20'000);
        QTest::qWait(400); // what comes when the hand rests comes too
        worst = 0;
        double repaint = 0;
        for (const auto &handler : application.stopWatching()) {
            const bool isRepaint = handler.eventType == QEvent::UpdateRequest || handler.eventType == QEvent::Paint;
            const double ms = handler.computedMs + handler.waitedMs;
            if (!isRepaint && ms > 4)
                qInfo("%s, event %d: %.2f ms, of these %.2f ms waited, %.2f ms in %s", handler.receiver, handler.eventType, ms, handler.waitedMs, handler.slowestMs, handler.slowest);
            (isRepaint ? repaint : worst) = std::max(isRepaint ? repaint : worst, ms);
        }
        qInfo("10,000 labels from %s: the longest handler %.2f ms, the longest repaint %.2f ms", qPrintable(ending), worst, repaint);
        QVERIFY(repaint <= 30 * test::timeSlack());
        if (worst <= 8 * test::timeSlack())
            break;
    }
    QVERIFY(worst <= 8 * test::timeSlack());
    QCOMPARE(annotationsOf("many").size(), std::size_t{kCount});
    QCOMPARE(m_window->history().count(), steps + 1);
    QCOMPARE(annotator().labelSets().size(), isEaf ? std::size_t{1} : std::size_t{0});
    waitWritten();
    QVERIFY(stored() == annotator().set()->tiers());
    QCOMPARE(Project::open(m_project).labelSets().size(), isEaf ? std::size_t{1} : std::size_t{0});
    // One step takes all of it back, and one brings it again.
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(annotator().set()->tiers() == before);
    QVERIFY(annotator().labelSets().empty());
    waitWritten();
    QVERIFY(stored() == before);
    QVERIFY(Project::open(m_project).labelSets().empty());
    press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(annotationsOf("many").size(), std::size_t{kCount});
    if (isEaf)
        QCOMPARE(annotator().set()->findTier("many")->labelSet, std::optional(annotator().labelSets().front().id));
    waitWritten();
    QVERIFY(stored() == annotator().set()->tiers());
}

void WindowLabelScaleTest::tenThousandLabelsAreEditedWithoutHoldingTheWindow()
{
    AnnotationTier many{"many", TierKind::label, {}};
    for (int index = 0; index < 10'000; ++index)
        many.annotations.push_back({{index * 2 * kNanosPerMillisecond}, {(index * 2 + 2) * kNanosPerMillisecond}, "label " + std::to_string(index % 20)});
    const auto made = importTiersOf({many});
    QVERIFY(made);
    annotator().setCurrentTier(made->tiers.front().id());
    m_window->inspect().showDock(QStringLiteral("labels"));
    waitWritten();
    QTest::qWait(300);
    auto &application = *static_cast<test::WatchedApplication *>(qApp);
    application.startWatching();
    std::vector<double> edits;
    for (int round = 0; round < 40; ++round) {
        const AnnotationId id = annotator().set()->tier(annotator().currentTier()).annotations[static_cast<std::size_t>(round * 200)].id;
        // From a handler of the window's own, as a key or the mouse would.
        QTimer::singleShot(0, m_window.get(), [this, id, round, &edits] {
            QElapsedTimer timer;
            timer.start();
            annotator().select({id});
            annotator().perform([&](const AnnotationSet &set, AnnotationIds &) { return relabelAnnotations(set, std::vector{id}, "edited " + std::to_string(round % 3)); });
            edits.push_back(static_cast<double>(timer.nsecsElapsed()) * 1e-6);
        });
        QTest::qWait(50);
    }
    const auto handlers = application.stopWatching();
    std::ranges::sort(edits);
    std::vector<double> held;
    std::vector<double> repaints;
    for (const auto &handler : handlers)
        (handler.eventType == QEvent::UpdateRequest || handler.eventType == QEvent::Paint ? repaints : held).push_back(handler.computedMs + handler.waitedMs);
    std::ranges::sort(held);
    std::ranges::sort(repaints);
    QVERIFY(!repaints.empty());
    const double p99 = held[held.size() * 99 / 100];
    const double repaint = repaints[repaints.size() * 99 / 100];
    qInfo("10,000 labels: an edit takes %.2f ms (median), %.2f ms (worst); handlers p99 %.2f ms, worst %.2f ms; repaints p99 %.2f ms", edits[20], edits.back(), p99, held.back(), repaint);
    QVERIFY(edits[20] <= 8 * test::timeSlack());
    QVERIFY(p99 <= 8 * test::timeSlack());
    QVERIFY(repaint <= 16 * test::timeSlack());
    QVERIFY(held.back() <= 30 * test::timeSlack());
}

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    test::WatchedApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("kinoscope-test"));
    QApplication::setApplicationName(QStringLiteral("kinoscope-test"));
    WindowLabelScaleTest object;
    return QTest::qExec(&object, argc, argv);
}
#include "window_label_scale_test.moc"
