#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/annotate/label_keys.h"
#include "app/kinoscope/demo.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/main_window.h"
#include "core/store/project.h"
#include "tests/support/lane_fixtures.h"
#include "tests/support/watched_application.h"
#include "widgets/timeline/tier_editor.h"
#include "widgets/window/message_line.h"

#include <QAction>
#include <QLineEdit>

using namespace kino;

/** Labelling in the window by mouse and keys, and what of it is in the project when. */
class WindowAnnotationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void keysLabelWhilePlaying();
    void undoneClosedAndOpenedAgainAllIsAsItWas();
    void anOpenLabelIsSavedWhileItGrows();
    void anOpenLabelThatIsDiscardedLeavesNoTrace();
    void draggingDrawsMovesAndResizes();
    void undoReachesAnotherRecording();
    void aRecordingWithoutAProjectAsksForOne();

private:
    void open();
    void start();
    /** A tier of one's own, current. */
    TierId makeTier(const char *name);
    std::vector<Annotation> annotationsOf(const char *tier) const;
    /** As the project has them. */
    std::vector<StoredTier> stored() const;
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(m_window.get(), key, modifiers); }
    void waitUntilSaved() { QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000); }
    TimelineView &timeline() { return m_window->inspect().timeline().view(); }
    QPoint placeOn(const char *tier, RecordingTime time);
    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = Qt::AltModifier);
    Annotator &annotator() { return m_window->annotator(); }

    test::TemporaryFolder m_folder;
    std::filesystem::path m_source;
    std::filesystem::path m_project;
    std::unique_ptr<MainWindow> m_window;
    int m_copy = 0;
};

void WindowAnnotationTest::initTestCase()
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((m_folder / "settings").string()));
    applyTheme(*qApp, ThemeKind::light);
    SimulatorOptions options;
    options.subjects = 2;
    options.minutes = 0.4;
    options.activities = {SimulatedActivity::walk, SimulatedActivity::stand};
    options.video = SimulatedVideo{.width = 96, .height = 64, .rateHz = 15};
    m_source = ensureDemoProject(m_folder / "demo", {}, {}, options);
}

void WindowAnnotationTest::init()
{
    QSettings().clear();
    m_project = m_folder / ("copy-" + std::to_string(++m_copy)) / "Labels.kino";
    std::filesystem::create_directories(m_project.parent_path());
    std::filesystem::copy(m_source, m_project, std::filesystem::copy_options::recursive);
    open();
}

void WindowAnnotationTest::cleanup() { m_window.reset(); }

void WindowAnnotationTest::start()
{
    m_window = std::make_unique<MainWindow>();
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void WindowAnnotationTest::open()
{
    start();
    m_window->openPaths({m_project});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && annotator().state() == LabelsState::ready && m_window->isSettled(), 30'000);
}

TierId WindowAnnotationTest::makeTier(const char *name)
{
    const auto edit = annotator().perform([name](const AnnotationSet &set, AnnotationIds &ids) { return addTier(set, ids, name, TierKind::label); });
    annotator().setCurrentTier(edit->tiers.front().id());
    return edit->tiers.front().id();
}

std::vector<Annotation> WindowAnnotationTest::annotationsOf(const char *tier) const
{
    for (const AnnotationTier &each : m_window->session().recording()->tiers) {
        if (each.name == tier)
            return each.annotations;
    }
    return {};
}

std::vector<StoredTier> WindowAnnotationTest::stored() const
{
    return Project::open(m_project).tiers(*m_window->library().storedIdOf(m_window->session().open().id));
}

QPoint WindowAnnotationTest::placeOn(const char *tier, RecordingTime time)
{
    const TimelineLayout layout = timeline().layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == TimelineRowKind::tier && timeline().content().tiers[row.index]->name == QLatin1String(tier))
            return {static_cast<int>(std::lround(timeline().axis().xOf(time))), row.rect.center().y()};
    }
    return {};
}

void WindowAnnotationTest::drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers)
{
    // Keys that come with a move are those that are held: tests give them with the events.
    const auto send = [&](QEvent::Type type, QPoint at, Qt::MouseButton button, Qt::MouseButtons held) {
        QMouseEvent event(type, at, timeline().mapToGlobal(at), button, held, modifiers);
        QApplication::sendEvent(&timeline(), &event);
    };
    send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    for (int step = 1; step <= 4; ++step)
        send(QEvent::MouseMove, from + (to - from) * step / 4, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
}

void WindowAnnotationTest::keysLabelWhilePlaying()
{
    makeTier("mine");
    const LabelSet &labels = annotator().vocabulary();
    // Nothing is on the tier yet: the labels of the others are offered, with the first digits as keys.
    QVERIFY(labels.labels.size() >= 2);
    QCOMPARE(labels.labels[0].key, std::string("1"));
    const std::string first = labels.labels[0].label;
    const std::string second = labels.labels[1].label;
    Session &session = m_window->session();
    session.setPlayhead({2 * kNanosPerSecond});
    press(Qt::Key_Space, Qt::NoModifier);
    if (!session.isPlaying())
        session.setPlaying(true);
    QTRY_VERIFY(session.playhead() > RecordingTime{2'300 * kNanosPerMillisecond});
    press(Qt::Key_1);
    QVERIFY(annotator().openLabel());
    const RecordingTime begun = annotator().openLabel()->start();
    QTRY_VERIFY(session.playhead() > begun + kNanosPerSecond);
    // Another key ends it and begins the next at the same instant.
    press(Qt::Key_2);
    const RecordingTime switched = annotator().openLabel()->start();
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{{begun, switched, first}}));
    QTRY_VERIFY(session.playhead() > switched + 600 * kNanosPerMillisecond);
    press(Qt::Key_2);
    QVERIFY(!annotator().openLabel());
    session.setPlaying(false);
    const std::vector<Annotation> made = annotationsOf("mine");
    QCOMPARE(made.size(), std::size_t{2});
    QCOMPARE(made[0], (Annotation{begun, switched, first}));
    QCOMPARE(made[1].start, switched);
    QVERIFY(made[1].end > switched + 600 * kNanosPerMillisecond);
    QCOMPARE(made[1].label, second);
    waitUntilSaved();
    QCOMPARE(plainTiers(stored()).back().annotations, made);
    // One step each, however often they were saved while they grew.
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{made[0]}));
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(annotationsOf("mine").empty());
    press(Qt::Key_Y, Qt::ControlModifier);
    press(Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(annotationsOf("mine"), made);
    waitUntilSaved();
    QCOMPARE(plainTiers(stored()).back().annotations, made);
}

void WindowAnnotationTest::undoneClosedAndOpenedAgainAllIsAsItWas()
{
    makeTier("mine");
    Session &session = m_window->session();
    const auto label = [&](double from, double to, Qt::Key key) {
        session.setSelection(TimeRange{{fromSeconds(from)}, {fromSeconds(to)}});
        press(key);
        annotator().select({});
    };
    label(1, 2, Qt::Key_1);
    label(3, 4.5, Qt::Key_2);
    label(5, 6, Qt::Key_1);
    QCOMPARE(annotationsOf("mine").size(), std::size_t{3});
    press(Qt::Key_Z, Qt::ControlModifier);
    const std::vector<Annotation> left = annotationsOf("mine");
    QCOMPARE(left.size(), std::size_t{2});
    const std::vector<StoredTier> held = annotator().set()->tiers();
    const RecordingTime playhead = session.playhead();
    m_window->close();
    m_window.reset();
    start();
    m_window->restoreLastState();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && annotator().state() == LabelsState::ready, 30'000);
    QCOMPARE(annotationsOf("mine"), left);
    QVERIFY(annotator().set()->tiers() == held); // the numbers too
    QCOMPARE(m_window->session().playhead(), playhead);
    QVERIFY(!m_window->history().canUndo());
}

void WindowAnnotationTest::anOpenLabelIsSavedWhileItGrows()
{
    makeTier("mine");
    Session &session = m_window->session();
    session.setPlayhead({kNanosPerSecond});
    session.setPlaying(true);
    press(Qt::Key_1);
    const RecordingTime begun = annotator().openLabel()->start();
    QTRY_VERIFY_WITH_TIMEOUT(session.playhead() > begun + 1'500 * kNanosPerMillisecond, 10'000);
    // What another program would find now is no older than a second.
    const std::vector<StoredTier> now = stored();
    const RecordingTime reached = session.playhead();
    QCOMPARE(now.back().annotations.size(), std::size_t{1});
    QCOMPARE(now.back().annotations[0].annotation.start, begun);
    QVERIFY(reached - now.back().annotations[0].annotation.end < kNanosPerSecond);
    // Undone while it is open, it ends and is taken back whole.
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!annotator().openLabel());
    QVERIFY(annotationsOf("mine").empty());
    waitUntilSaved();
    QVERIFY(stored().back().annotations.empty());
}

void WindowAnnotationTest::anOpenLabelThatIsDiscardedLeavesNoTrace()
{
    const TierId tier = annotator().currentTier();
    const std::vector<StoredTier> before = annotator().set()->tiers();
    QVERIFY(annotator().set()->tier(tier).annotations.size() > 1);
    m_window->session().setPlayhead({kNanosPerSecond});
    press(Qt::Key_1);
    // Over all that is there, and back: what it covered for a moment is as it was.
    m_window->session().setPlayhead({20 * kNanosPerSecond});
    QTRY_VERIFY(annotator().set()->tiers() != before);
    press(Qt::Key_Escape);
    QVERIFY(!annotator().openLabel());
    QVERIFY(annotator().set()->tiers() == before);
    QVERIFY(!m_window->history().canUndo());
    waitUntilSaved();
    QVERIFY(stored() == before);
}

void WindowAnnotationTest::draggingDrawsMovesAndResizes()
{
    makeTier("mine");
    Session &session = m_window->session();
    session.setVisibleRange({{0}, {10 * kNanosPerSecond}});
    const auto timeOf = [this](QPoint place) { return timeline().axis().timeAt(place.x()); };
    const QPoint from = placeOn("mine", {2 * kNanosPerSecond});
    const QPoint to = placeOn("mine", {4 * kNanosPerSecond});
    drag(from, to);
    const std::string label = annotator().currentLabel();
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{{timeOf(from), timeOf(to), label}}));
    QVERIFY(!session.selection()); // a stretch of time is selected on lanes
    // By its middle, a second later.
    const Nanos length = timeOf(to) - timeOf(from);
    const QPoint middle = placeOn("mine", {3 * kNanosPerSecond});
    const QPoint later = placeOn("mine", {4 * kNanosPerSecond});
    drag(middle, later);
    std::vector<Annotation> now = annotationsOf("mine");
    QCOMPARE(now[0].start, timeOf(from) + (timeOf(later) - timeOf(middle)));
    QCOMPARE(now[0].end - now[0].start, length);
    // Its end to seven seconds, then a second one drawn up against it with snapping.
    const QPoint seven = placeOn("mine", {7 * kNanosPerSecond});
    drag(placeOn("mine", now[0].end) - QPoint(1, 0), seven);
    now = annotationsOf("mine");
    QCOMPARE(now[0].end, timeOf(seven));
    drag(placeOn("mine", {9 * kNanosPerSecond}), seven + QPoint(3, 0), Qt::NoModifier);
    now = annotationsOf("mine");
    QCOMPARE(now.size(), std::size_t{2});
    QCOMPARE(now[1].start, now[0].end);
    // The border between the two moves both.
    const QPoint six = placeOn("mine", {6 * kNanosPerSecond});
    drag(seven - QPoint(1, 0), six);
    now = annotationsOf("mine");
    QCOMPARE(now[0].end, timeOf(six));
    QCOMPARE(now[1].start, timeOf(six));
    // Escape in the middle of a drag leaves all as it is.
    QTest::mousePress(&timeline(), Qt::LeftButton, {}, placeOn("mine", {5 * kNanosPerSecond}));
    QTest::mouseMove(&timeline(), placeOn("mine", {9 * kNanosPerSecond}));
    QVERIFY(timeline().tierEditor().isBusy());
    QTest::keyClick(&timeline(), Qt::Key_Escape);
    QTest::mouseRelease(&timeline(), Qt::LeftButton, {}, placeOn("mine", {9 * kNanosPerSecond}));
    QCOMPARE(annotationsOf("mine"), now);
    // Removed by key, and all of it undone.
    QTest::mouseClick(&timeline(), Qt::LeftButton, {}, placeOn("mine", {5 * kNanosPerSecond}));
    QCOMPARE(annotator().selected().size(), std::size_t{1});
    press(Qt::Key_Delete);
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{now[1]}));
    for (int step = 0; step < 6; ++step)
        press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(annotationsOf("mine").empty());
    waitUntilSaved();
    QVERIFY(stored().back().annotations.empty());
}

void WindowAnnotationTest::undoReachesAnotherRecording()
{
    Session &session = m_window->session();
    const qint64 first = session.open().id;
    makeTier("mine");
    session.setSelection(TimeRange{{0}, {kNanosPerSecond}});
    press(Qt::Key_1);
    QCOMPARE(annotationsOf("mine").size(), std::size_t{1});
    m_window->library().chooseNeighbour(1);
    QTRY_VERIFY_WITH_TIMEOUT(session.open().id != first && annotator().state() == LabelsState::ready, 30'000);
    press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(session.open().id, first, 30'000);
    QVERIFY(annotationsOf("mine").empty());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled(), 30'000);
    QVERIFY(stored().back().annotations.empty());
}

void WindowAnnotationTest::aRecordingWithoutAProjectAsksForOne()
{
    m_window.reset();
    start();
    const std::filesystem::path file = demoRecordings(m_folder / "demo", 1);
    m_window->openPaths({file});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && m_window->isSettled(), 30'000);
    QCOMPARE(annotator().state(), LabelsState::outsideProject);
    QVERIFY(!annotator().tiers().empty()); // shown all the same
    QSignalSpy needed(&annotator(), &Annotator::projectNeeded);
    annotator().pressLabel("walk");
    QCOMPARE(needed.count(), 1);
    m_project = m_folder / "made" / "New.kino";
    std::filesystem::create_directories(m_project.parent_path());
    m_window->library().newProject(m_project);
    QTRY_VERIFY_WITH_TIMEOUT(annotator().state() == LabelsState::ready && !m_window->library().isBusy(), 30'000);
    QCOMPARE(m_window->library().project(), m_project);
    m_window->session().setSelection(TimeRange{{0}, {kNanosPerSecond}});
    annotator().pressLabel("jump");
    waitUntilSaved();
    const std::vector<AnnotationTier> kept = plainTiers(stored());
    QVERIFY(std::ranges::any_of(kept, [](const AnnotationTier &tier) {
        return std::ranges::find(tier.annotations, Annotation{{0}, {kNanosPerSecond}, "jump"}) != tier.annotations.end();
    }));
}

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    test::WatchedApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("kinoscope-test"));
    QApplication::setApplicationName(QStringLiteral("kinoscope-test"));
    WindowAnnotationTest object;
    return QTest::qExec(&object, argc, argv);
}
#include "window_annotation_test.moc"
