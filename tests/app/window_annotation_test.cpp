#include "app/kinoscope/annotate/label_keys.h"
#include "app/kinoscope/annotate/label_set_dialog.h"
#include "app/kinoscope/annotate/labels_panel.h"
#include "app/kinoscope/commands.h"
#include "tests/support/labels_fixture.h"
#include "widgets/window/message_line.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTreeWidget>

using namespace kino;

/** Labelling in the window by mouse and keys, and what of it is in the project when. */
class WindowAnnotationTest : public QObject, private test::LabelsFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openLabels(); }
    void cleanup() { closeWindow(); }

    void keysLabelWhilePlaying();
    void undoneClosedAndOpenedAgainAllIsAsItWas();
    void anOpenLabelIsSavedWhileItGrows();
    void anOpenLabelThatIsDiscardedLeavesNoTrace();
    void draggingDrawsMovesAndResizes();
    void undoReachesAnotherRecording();
    void aRecordingWithoutAProjectAsksForOne();
    void aJumpBackWhilePlayingEndsTheLabel();
    void commandsSplitMergeAndSetBorders();
    void remarksAreTypedWhereTheyLie();
    void theMenuActsOnWhatIsUnderTheMouse();
    void tiersAreAddedNamedMovedAndRemoved();
    void labelSetsGiveKeysAndColours();
};

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
    waitWritten();
    QCOMPARE(plainTiers(stored()).back().annotations, made);
    // One step each, however often they were saved while they grew.
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{made[0]}));
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(annotationsOf("mine").empty());
    press(Qt::Key_Y, Qt::ControlModifier);
    press(Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(annotationsOf("mine"), made);
    waitWritten();
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
    reopenWindow();
    m_window->restoreLastState();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && annotator().state() == LabelsState::ready, 30'000);
    QCOMPARE(annotationsOf("mine"), left);
    QVERIFY(annotator().set()->tiers() == held); // the numbers too
    QCOMPARE(annotator().set()->tier(annotator().currentTier()).name, std::string("mine"));
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
    waitWritten();
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
    waitWritten();
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
    waitWritten();
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
    reopenWindow();
    const std::filesystem::path file = demoRecordings(demoFolder(), 1);
    m_window->openPaths({file});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && m_window->isSettled(), 30'000);
    QCOMPARE(annotator().state(), LabelsState::outsideProject);
    QVERIFY(!annotator().tiers().empty()); // shown all the same
    QSignalSpy needed(&annotator(), &Annotator::projectNeeded);
    annotator().pressLabel("walk");
    QCOMPARE(needed.count(), 1);
    m_project = *m_folder / "made" / "New.kino";
    std::filesystem::create_directories(m_project.parent_path());
    m_window->library().newProject(m_project);
    QTRY_VERIFY_WITH_TIMEOUT(annotator().state() == LabelsState::ready && !m_window->library().isBusy(), 30'000);
    QCOMPARE(m_window->library().project(), m_project);
    m_window->session().setSelection(TimeRange{{0}, {kNanosPerSecond}});
    annotator().pressLabel("jump");
    waitWritten();
    const std::vector<AnnotationTier> kept = plainTiers(stored());
    QVERIFY(std::ranges::any_of(kept, [](const AnnotationTier &tier) {
        return std::ranges::find(tier.annotations, Annotation{{0}, {kNanosPerSecond}, "jump"}) != tier.annotations.end();
    }));
}

void WindowAnnotationTest::aJumpBackWhilePlayingEndsTheLabel()
{
    makeTier("mine");
    Session &session = m_window->session();
    const RecordingTime end{2'800 * kNanosPerMillisecond};
    session.setLoop(TimeRange{{kNanosPerSecond}, end});
    session.setPlayhead({2 * kNanosPerSecond});
    session.setPlaying(true);
    press(Qt::Key_1);
    const RecordingTime begun = annotator().openLabel()->start();
    QTRY_VERIFY_WITH_TIMEOUT(!annotator().openLabel(), 5'000);
    session.setPlaying(false);
    // It reaches to B, not back to A.
    QCOMPARE(annotationsOf("mine").size(), std::size_t{1});
    QCOMPARE(annotationsOf("mine")[0].start, begun);
    QVERIFY(annotationsOf("mine")[0].end <= end);
    QVERIFY(annotationsOf("mine")[0].end > begun + 500 * kNanosPerMillisecond);
}

void WindowAnnotationTest::commandsSplitMergeAndSetBorders()
{
    makeTier("mine");
    Session &session = m_window->session();
    const auto s = [](double seconds) { return RecordingTime{fromSeconds(seconds)}; };
    session.setSelection(TimeRange{s(2), s(6)});
    press(Qt::Key_L, Qt::ControlModifier);
    const std::string label = annotator().currentLabel();
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{{s(2), s(6), label}}));
    session.setPlayhead(s(4));
    press(Qt::Key_K, Qt::ControlModifier);
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{{s(2), s(4), label}, {s(4), s(6), label}}));
    // From the first to the next, which is selected then.
    annotator().select({});
    session.setPlayhead(s(0));
    press(Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(session.playhead(), s(2));
    press(Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(session.playhead(), s(4));
    QCOMPARE(annotator().selected().size(), std::size_t{1});
    session.setPlayhead(s(5));
    press(Qt::Key_I, Qt::AltModifier);
    QCOMPARE(annotationsOf("mine")[1], (Annotation{s(5), s(6), label}));
    session.setPlayhead(s(7));
    press(Qt::Key_O, Qt::AltModifier);
    QCOMPARE(annotationsOf("mine")[1], (Annotation{s(5), s(7), label}));
    press(Qt::Key_Left, Qt::ControlModifier);
    press(Qt::Key_M, Qt::ControlModifier);
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{{s(2), s(7), label}}));
    // In its place: another text, which becomes a label to choose.
    QCOMPARE(annotator().selected().size(), std::size_t{1});
    press(Qt::Key_F2);
    QLineEdit *field = timeline().tierEditor().textEditor();
    QVERIFY(field);
    QTest::keyClicks(field, QStringLiteral("limp"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(annotationsOf("mine")[0].label, std::string("limp"));
    QTRY_VERIFY(std::ranges::find(annotator().vocabulary().labels, std::string("limp"), &LabelDefinition::label) != annotator().vocabulary().labels.end());
    // A gesture that makes no sense is said, and does nothing.
    session.setPlayhead(s(20));
    press(Qt::Key_K, Qt::ControlModifier);
    QVERIFY(m_window->messages().message().contains(QStringLiteral("split")));
    QCOMPARE(annotationsOf("mine").size(), std::size_t{1});
    press(Qt::Key_R, Qt::ControlModifier);
    QCOMPARE(session.loop(), std::optional(TimeRange{s(2), s(7)}));
    QVERIFY(session.isPlaying());
    session.setPlaying(false);
}

void WindowAnnotationTest::remarksAreTypedWhereTheyLie()
{
    const auto edit = annotator().perform([](const AnnotationSet &set, AnnotationIds &ids) { return addTier(set, ids, "notes", TierKind::text); });
    annotator().setCurrentTier(edit->tiers.front().id());
    QVERIFY(annotator().vocabulary().labels.empty()); // remarks are written, not chosen
    m_window->session().setVisibleRange({{0}, {10 * kNanosPerSecond}});
    const auto timeOf = [this](QPoint place) { return timeline().axis().timeAt(place.x()); };
    const QPoint from = placeOn("notes", {2 * kNanosPerSecond});
    const QPoint to = placeOn("notes", {4 * kNanosPerSecond});
    drag(from, to);
    QVERIFY(timeline().tierEditor().textEditor());
    QTest::keyClicks(timeline().tierEditor().textEditor(), QStringLiteral("slips on 1 step"));
    QTest::keyClick(timeline().tierEditor().textEditor(), Qt::Key_Return);
    QCOMPARE(annotationsOf("notes"), (std::vector<Annotation>{{timeOf(from), timeOf(to), "slips on 1 step"}}));
    // About an instant; and one that is given up is not there.
    const QPoint instant = placeOn("notes", {6 * kNanosPerSecond});
    QTest::mouseDClick(&timeline(), Qt::LeftButton, {}, instant);
    QTest::keyClicks(timeline().tierEditor().textEditor(), QStringLiteral("claps"));
    QTest::keyClick(timeline().tierEditor().textEditor(), Qt::Key_Return);
    QCOMPARE(annotationsOf("notes").back(), (Annotation{timeOf(instant), timeOf(instant), "claps"}));
    drag(placeOn("notes", {7 * kNanosPerSecond}), placeOn("notes", {8 * kNanosPerSecond}));
    QTest::keyClicks(timeline().tierEditor().textEditor(), QStringLiteral("never"));
    QTest::keyClick(timeline().tierEditor().textEditor(), Qt::Key_Escape);
    QCOMPARE(annotationsOf("notes").size(), std::size_t{2});
    // While one is typed, the view may move: the field stays over its remark.
    QTest::mouseDClick(&timeline(), Qt::LeftButton, {}, placeOn("notes", {3 * kNanosPerSecond}));
    const int before = timeline().tierEditor().textEditor()->x();
    m_window->session().setVisibleRange({{kNanosPerSecond}, {11 * kNanosPerSecond}});
    QVERIFY(std::abs(timeline().tierEditor().textEditor()->x() - placeOn("notes", annotationsOf("notes")[0].start).x()) <= 1);
    QVERIFY(timeline().tierEditor().textEditor()->x() < before);
}

void WindowAnnotationTest::theMenuActsOnWhatIsUnderTheMouse()
{
    makeTier("mine");
    m_window->session().setVisibleRange({{0}, {10 * kNanosPerSecond}});
    annotator().labelRange({{2 * kNanosPerSecond}, {6 * kNanosPerSecond}}, "walk");
    annotator().select({});
    const QPoint place = placeOn("mine", {4 * kNanosPerSecond});
    bool isSeen = false;
    QTimer::singleShot(0, this, [&] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        isSeen = true;
        QAction *split = nullptr;
        for (QAction *action : menu->actions()) {
            if (action->text().remove(QLatin1Char('&')) == QLatin1String("Split here"))
                split = action;
        }
        QVERIFY(split);
        QCOMPARE(annotator().selected().size(), std::size_t{1}); // by the right click
        split->trigger();
        menu->close();
    });
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, timeline().mapToGlobal(place));
    QApplication::sendEvent(&timeline(), &event);
    QVERIFY(isSeen);
    const RecordingTime at = timeline().axis().timeAt(place.x());
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{{{2 * kNanosPerSecond}, at, "walk"}, {at, {6 * kNanosPerSecond}, "walk"}}));
}

void WindowAnnotationTest::tiersAreAddedNamedMovedAndRemoved()
{
    LabelsPanel &panel = m_window->inspect().labels();
    m_window->inspect().showDock(QStringLiteral("labels"));
    const std::vector<StoredTier> before = annotator().set()->tiers();
    m_window->commands().addTier->trigger();
    QTreeWidgetItem *item = panel.tierList().currentItem();
    QVERIFY(item);
    // Its name is asked for in the list.
    auto *field = panel.tierList().findChild<QLineEdit *>();
    QVERIFY(field);
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(field, QStringLiteral("Ann 2")); // 2 is a label's key, and a letter here
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY(annotator().set()->findTier("Ann 2"));
    QVERIFY(!annotator().openLabel());
    QCOMPARE(annotator().currentTier(), annotator().set()->findTier("Ann 2")->id);
    QCOMPARE(timeline().content().tiers.back()->name, QStringLiteral("Ann 2"));
    // A name that is taken is refused, and the list shows what is.
    item = panel.tierList().currentItem();
    item->setText(0, QString::fromStdString(before.front().name));
    QTRY_COMPARE(panel.tierList().currentItem()->text(0), QStringLiteral("Ann 2"));
    QVERIFY(m_window->messages().message().contains(QStringLiteral("already")));
    const TierId tier = annotator().currentTier();
    annotator().perform([tier](const AnnotationSet &set, AnnotationIds &) { return moveTier(set, tier, 0); });
    QCOMPARE(timeline().content().tiers.front()->name, QStringLiteral("Ann 2"));
    annotator().perform([tier](const AnnotationSet &set, AnnotationIds &) { return removeTier(set, tier); });
    QVERIFY(!annotator().set()->findTier("Ann 2"));
    // A click on the list of annotations goes there.
    annotator().setCurrentTier(before.front().id);
    QTRY_COMPARE(panel.annotationList().model()->rowCount(), static_cast<int>(before.front().annotations.size()));
    const QModelIndex row = panel.annotationList().model()->index(1, 0);
    QTest::mouseClick(panel.annotationList().viewport(), Qt::LeftButton, {}, panel.annotationList().visualRect(row).center());
    QCOMPARE(annotator().selected(), (std::vector<AnnotationId>{before.front().annotations[1].id}));
    QCOMPARE(m_window->session().playhead(), before.front().annotations[1].annotation.start);
    while (m_window->history().canUndo())
        press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(annotator().set()->tiers() == before);
    waitWritten();
    QVERIFY(stored() == before);
}

void WindowAnnotationTest::labelSetsGiveKeysAndColours()
{
    const TierId tier = makeTier("mine");
    m_window->editLabelSet(true);
    auto *dialog = m_window->findChild<LabelSetDialog *>();
    QVERIFY(dialog);
    // J plays backwards: it cannot name a label.
    while (dialog->table().rowCount() > 2)
        dialog->table().removeRow(2);
    dialog->nameField().setText(QStringLiteral("gait"));
    dialog->table().item(0, 1)->setText(QStringLiteral("limp"));
    dialog->table().item(0, 2)->setText(QStringLiteral("j"));
    dialog->table().item(1, 1)->setText(QStringLiteral("shuffle"));
    QCOMPARE(dialog->problems().size(), 1);
    QVERIFY(dialog->problems().front().contains(QStringLiteral("another meaning")));
    QVERIFY(!dialog->keepButton().isEnabled());
    dialog->table().item(0, 2)->setText(QStringLiteral("x"));
    dialog->table().item(0, 0)->setData(Qt::UserRole, QStringLiteral("#123456"));
    QVERIFY(dialog->problems().isEmpty());
    QTest::mouseClick(&dialog->keepButton(), Qt::LeftButton);
    QCOMPARE(annotator().vocabulary().name, std::string("gait"));
    QCOMPARE(annotator().set()->tier(tier).labelSet, std::optional(annotator().vocabulary().id));
    // Its key labels, in its colour.
    Session &session = m_window->session();
    session.setVisibleRange({{0}, {10 * kNanosPerSecond}});
    session.setSelection(TimeRange{{2 * kNanosPerSecond}, {5 * kNanosPerSecond}});
    press(Qt::Key_X);
    QCOMPARE(annotationsOf("mine"), (std::vector<Annotation>{{{2 * kNanosPerSecond}, {5 * kNanosPerSecond}, "limp"}}));
    annotator().select({});
    const QPoint start = placeOn("mine", {2 * kNanosPerSecond});
    const QImage image = timeline().grab().toImage().convertToFormat(QImage::Format_RGB32);
    QCOMPARE(image.pixelColor(start + QPoint(1, 0)), QColor(0x12, 0x34, 0x56));
    waitWritten();
    QCOMPARE(Project::open(m_project).labelSets().size(), std::size_t{1});
    QCOMPARE(Project::open(m_project).labelSets()[0].labels[0], (LabelDefinition{"limp", "#123456", "x"}));
    // Removed it leaves the tier without one; undone it is back where it was.
    const LabelSet set = annotator().vocabulary();
    QVERIFY(annotator().changeLabelSet({set, std::nullopt}));
    QVERIFY(!annotator().set()->tier(tier).labelSet);
    waitWritten();
    QVERIFY(Project::open(m_project).labelSets().empty());
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(annotator().vocabulary(), set);
    waitWritten();
    QVERIFY(stored() == annotator().set()->tiers());
    // Undone to the beginning there is no set, and no tier.
    while (m_window->history().canUndo())
        press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(annotator().labelSets().empty());
    waitWritten();
    QVERIFY(Project::open(m_project).labelSets().empty());
    QVERIFY(stored() == annotator().set()->tiers());
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
