#include "app/kinoscope/commands.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/library/menu.h"
#include "app/kinoscope/main_window.h"
#include "tests/support/window_fixture.h"
#include "widgets/controls/chip_bar.h"
#include "widgets/library/view.h"
#include "widgets/window/message_line.h"
#include "widgets/library/field_editor.h"
#include "widgets/library/tag_editor.h"

using namespace kino;

/** The list of recordings in the window: search, chips, tags, removal and its undo, files that moved; and thousands of rows. */
class WindowLibraryTest : public QObject, private test::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void wordsAreLookedForEverywhere();
    void chipsFilterByLabelAndTag();
    void tagsAreEditedAndKept();
    void changesAreUndoneInTheirOrder();
    void aSubjectIsSetForAllThatAreSelected();
    void aNameThatIsTakenIsRefused();
    void removalCanBeUndone();
    void undoIsOfferedAsLongAsItMeansThis();
    void aProjectLetsGoWhenItIsClosed();
    void movedFilesAreFoundByTheirContent();
    void oneMissingFileIsShownToTheLibrary();
    void qualityIsComputedAnewInTheBackground();
    void emptyStatesTeach();
    void keysWork();
    void thousandsOfRowsStayFluid();
    void aProjectOfThousandsOpensWithoutAHalt();

private:
    std::filesystem::path writeWalk(const std::string &name, const std::string &label, int seed = 0) const { return test::writeWalk(*m_folder, name, label, seed); }
    LibraryView &view() { return m_window->inspect().library(); }
    void click(qint64 id, Qt::KeyboardModifiers modifiers = {});
    QToolButton *chip(ChipBar &bar, const QString &name);
    /** The message at the foot, by the mouse. */
    void clickMessage();
    /** Types into the small popup that is open and presses Return. */
    void answer(const QString &text);
    RecordingEntry stored(const std::filesystem::path &project, const std::string &name) const;
};

void WindowLibraryTest::click(qint64 id, Qt::KeyboardModifiers modifiers)
{
    const QRect row = view().tree().visualRect(model().indexOf(id));
    QVERIFY(row.isValid());
    QTest::mouseClick(view().tree().viewport(), Qt::LeftButton, modifiers, row.center());
}

QToolButton *WindowLibraryTest::chip(ChipBar &bar, const QString &name)
{
    for (QToolButton *button : bar.findChildren<QToolButton *>()) {
        if (button->accessibleName() == name && button->isVisible())
            return button;
    }
    return nullptr;
}

void WindowLibraryTest::clickMessage()
{
    for (QToolButton *button : m_window->messages().findChildren<QToolButton *>()) {
        if (button->accessibleName() == QStringLiteral("Last message"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
}

void WindowLibraryTest::answer(const QString &text)
{
    auto *editor = m_window->findChild<FieldEditor *>();
    QVERIFY(editor && editor->isVisible());
    editor->field().selectAll();
    QTest::keyClicks(&editor->field(), text);
    QTest::keyClick(&editor->field(), Qt::Key_Return);
    // Without a window system nobody gives the focus back from a popup.
    m_window->activateWindow();
    QTRY_VERIFY(m_window->isActiveWindow());
}

RecordingEntry WindowLibraryTest::stored(const std::filesystem::path &project, const std::string &name) const
{
    const Project store = Project::open(project);
    return store.recording(store.findRecording(name));
}

void WindowLibraryTest::wordsAreLookedForEverywhere()
{
    open({writeWalk("anna/run_1.csv", "RUNNING"), writeWalk("ben/walk_1.csv", "WALKING", 1), writeWalk("ben/sit_1.csv", "SITTING", 2)});
    QCOMPARE(model().count(), 3);
    const auto shownFor = [&](const QString &text) {
        view().searchField().setFocus();
        view().searchField().selectAll();
        QTest::keyClick(&view().searchField(), Qt::Key_Delete);
        QTest::keyClicks(&view().searchField(), text);
        QStringList names;
        for (const LibraryItem &item : model().items())
            names += item.name;
        names.sort();
        return names.join(QLatin1Char(' '));
    };
    QCOMPARE(shownFor(QStringLiteral("run")), QStringLiteral("run_1"));
    QCOMPARE(shownFor(QStringLiteral("ben")), QStringLiteral("sit_1 walk_1")); // the folder
    QCOMPARE(shownFor(QStringLiteral("sitt")), QStringLiteral("sit_1"));         // a label, in any case
    QCOMPARE(shownFor(QStringLiteral("ben walk")), QStringLiteral("walk_1"));    // both words
    QCOMPARE(view().countLabel()->text(), QStringLiteral("1 of 3"));
    QCOMPARE(shownFor(QStringLiteral("nothing like it")), QString());
    QVERIFY(view().emptyText().contains(QStringLiteral("No recording fits")));
    QTest::keyClick(&view().searchField(), Qt::Key_Escape);
    QCOMPARE(model().shownCount(), 3);
    // The choice is kept while the list is searched.
    click(idOf(QStringLiteral("walk_1")));
    QTRY_COMPARE(m_window->session().open().id, idOf(QStringLiteral("walk_1")));
    shownFor(QStringLiteral("ben"));
    QCOMPARE(view().tree().currentIndex().data().toString(), QStringLiteral("walk_1"));
}

void WindowLibraryTest::chipsFilterByLabelAndTag()
{
    open({writeWalk("set/run_1.csv", "RUNNING"), writeWalk("set/walk_1.csv", "WALKING", 1), writeWalk("set/walk_2.csv", "WALKING", 2)});
    QTRY_VERIFY(chip(view().labelChips(), QStringLiteral("WALKING")));
    QTest::mouseClick(chip(view().labelChips(), QStringLiteral("WALKING")), Qt::LeftButton);
    QCOMPARE(model().shownCount(), 2);
    QTest::mouseClick(chip(view().labelChips(), QStringLiteral("RUNNING")), Qt::LeftButton);
    QCOMPARE(model().shownCount(), 3); // either of them
    QTest::mouseClick(chip(view().labelChips(), QStringLiteral("RUNNING")), Qt::LeftButton);
    m_window->library().setTags(idOf(QStringLiteral("walk_2")), {QStringLiteral("pilot")});
    QTRY_VERIFY(chip(view().tagChips(), QStringLiteral("pilot")));
    QTest::mouseClick(chip(view().tagChips(), QStringLiteral("pilot")), Qt::LeftButton);
    QCOMPARE(model().shownCount(), 1); // the label and the tag
    QCOMPARE(model().items().front().name, QStringLiteral("walk_2"));
    view().clearFilters();
    QCOMPARE(model().shownCount(), 3);
    QVERIFY(!chip(view().labelChips(), QStringLiteral("WALKING"))->isChecked());
}

void WindowLibraryTest::tagsAreEditedAndKept()
{
    const auto project = makeProject();
    open({project});
    open({writeWalk("a.csv", "WALKING"), writeWalk("b.csv", "SITTING", 1)});
    click(idOf(QStringLiteral("a")));
    click(idOf(QStringLiteral("b")), Qt::ControlModifier);
    QCOMPARE(view().selectedIds().size(), std::size_t{2});
    m_window->commands().editTags->trigger();
    auto *editor = m_window->findChild<TagEditor *>();
    QVERIFY(editor && editor->isVisible());
    QTest::keyClicks(&editor->field(), QStringLiteral("  day  one "));
    QTest::keyClick(&editor->field(), Qt::Key_Return);
    QTest::keyClicks(&editor->field(), QStringLiteral("good"));
    QTest::keyClick(&editor->field(), Qt::Key_Return);
    QVERIFY(chip(editor->chips(), QStringLiteral("good")));
    QTest::mouseClick(chip(editor->chips(), QStringLiteral("good")), Qt::LeftButton); // off again
    editor->close();
    QCOMPARE(model().item(idOf(QStringLiteral("a")))->tags, QStringList{QStringLiteral("day one")});
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000);
    for (const RecordingEntry &entry : Project::open(project).recordings())
        QCOMPARE(entry.tags, std::vector<std::string>{"day one"});
    // And they are there again on another day.
    reopenWindow();
    open({project});
    QCOMPARE(model().allItems().front().tags, QStringList{QStringLiteral("day one")});
}

/** Tags, subject and name of one recording, then back by Ctrl+Z and forth again; the project follows each. */
void WindowLibraryTest::changesAreUndoneInTheirOrder()
{
    const auto project = makeProject();
    open({project});
    open({writeWalk("a.csv", "WALKING"), writeWalk("b.csv", "SITTING", 1)});
    const qint64 id = idOf(QStringLiteral("a"));
    click(id);
    QTRY_COMPARE(m_window->session().open().id, id);
    m_window->library().setTags(id, {QStringLiteral("pilot")});
    m_window->commands().editSubject->trigger();
    answer(QStringLiteral("anna"));
    QTRY_VERIFY(!m_window->findChild<FieldEditor *>());
    view().tree().setFocus();
    QTest::keyClick(&view().tree(), Qt::Key_F2, Qt::ControlModifier);
    answer(QStringLiteral("first walk"));
    QCOMPARE(model().item(id)->name, QStringLiteral("first walk"));
    QCOMPARE(model().item(id)->subject, QStringLiteral("anna"));
    QCOMPARE(model().item(id)->group, QStringLiteral("anna"));
    QCOMPARE(m_window->session().recording()->name, std::string("first walk"));
    QCOMPARE(m_window->session().recording()->subject, std::string("anna"));
    QVERIFY(m_window->commands().undo->text().contains(QStringLiteral("name of")));
    waitWritten();
    QCOMPARE(stored(project, "first walk").recording.subject, std::string("anna"));
    QCOMPARE(stored(project, "first walk").tags, std::vector<std::string>{"pilot"});
    // Found by its new name and not by the old one.
    LibraryQuery query;
    query.text = QStringLiteral("first");
    model().setQuery(query);
    QCOMPARE(model().shownCount(), 1);
    model().setQuery({});
    const auto press = [this](Qt::Key key, Qt::KeyboardModifiers modifiers) {
        m_window->inspect().setFocus();
        QTest::keyClick(m_window.get(), key, modifiers);
    };
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(model().item(id)->name, QStringLiteral("a"));
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(model().item(id)->subject, QString());
    QCOMPARE(m_window->session().recording()->subject, std::string());
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(model().item(id)->tags, QStringList());
    QVERIFY(!m_window->commands().undo->isEnabled());
    waitWritten();
    QCOMPARE(stored(project, "a").recording.subject, std::string());
    QVERIFY(stored(project, "a").tags.empty());
    for (int i = 0; i < 3; ++i)
        press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    waitWritten();
    QCOMPARE(stored(project, "first walk").recording.subject, std::string("anna"));
    // Elsewhere nothing of it can be undone.
    m_window->commands().closeAll->trigger();
    QVERIFY(!m_window->commands().undo->isEnabled());
    QCOMPARE(stored(project, "first walk").tags, std::vector<std::string>{"pilot"});
}

void WindowLibraryTest::aSubjectIsSetForAllThatAreSelected()
{
    const auto project = makeProject();
    open({project});
    open({writeWalk("a.csv", "WALKING"), writeWalk("b.csv", "SITTING", 1), writeWalk("c.csv", "SITTING", 2)});
    click(idOf(QStringLiteral("a")));
    click(idOf(QStringLiteral("b")), Qt::ControlModifier);
    m_window->commands().editSubject->trigger();
    answer(QStringLiteral(" s 07 "));
    QCOMPARE(model().item(idOf(QStringLiteral("a")))->subject, QStringLiteral("s 07"));
    QCOMPARE(model().item(idOf(QStringLiteral("b")))->group, QStringLiteral("s 07"));
    QCOMPARE(model().item(idOf(QStringLiteral("c")))->subject, QString());
    QCOMPARE(view().selectedIds().size(), std::size_t{2});
    waitWritten();
    QCOMPARE(stored(project, "b").recording.subject, std::string("s 07"));
    // It was one change.
    m_window->commands().undo->trigger();
    QCOMPARE(model().item(idOf(QStringLiteral("a")))->subject, QString());
    QCOMPARE(model().item(idOf(QStringLiteral("b")))->subject, QString());
    waitWritten();
    QCOMPARE(stored(project, "b").recording.subject, std::string());
}

void WindowLibraryTest::aNameThatIsTakenIsRefused()
{
    const auto project = makeProject();
    open({project});
    open({writeWalk("a.csv", "WALKING"), writeWalk("b.csv", "SITTING", 1)});
    click(idOf(QStringLiteral("a")));
    m_window->commands().renameRecording->trigger();
    answer(QStringLiteral("b"));
    auto *editor = m_window->findChild<FieldEditor *>();
    QVERIFY(editor && editor->isVisible());
    QVERIFY2(editor->problem().contains(QStringLiteral("Another recording is called")), qPrintable(editor->problem()));
    answer(QStringLiteral("  "));
    QVERIFY(editor->problem().contains(QStringLiteral("needs a name")));
    QTest::keyClick(&editor->field(), Qt::Key_Escape);
    QVERIFY(idOf(QStringLiteral("a")) > 0);
    QVERIFY(!m_window->commands().undo->isEnabled());
    // The name of what was taken off the list is in the project until it is closed.
    m_window->library().remove({idOf(QStringLiteral("b"))});
    QVERIFY(!m_window->library().rename(idOf(QStringLiteral("a")), QStringLiteral("b")).isEmpty());
}

/** A click on the message takes back what it speaks of, never something else. */
void WindowLibraryTest::undoIsOfferedAsLongAsItMeansThis()
{
    open({writeWalk("set/a.csv", "WALKING"), writeWalk("set/b.csv", "SITTING", 1), writeWalk("set/c.csv", "SITTING", 2)});
    m_window->library().remove({idOf(QStringLiteral("b"))});
    QVERIFY(m_window->messages().message().contains(QStringLiteral("Undo")));
    m_window->library().setTags(idOf(QStringLiteral("a")), {QStringLiteral("pilot")});
    QCOMPARE(m_window->messages().message(), QString());
    m_window->commands().undo->trigger();
    m_window->commands().undo->trigger();
    QCOMPARE(model().count(), 3);
    QVERIFY(m_window->messages().message().contains(QStringLiteral("is back")));
    // The same file again while it is off the list: it is there once, also after an undo.
    m_window->library().remove({idOf(QStringLiteral("b"))});
    m_window->commands().redo->trigger();
    QCOMPARE(model().count(), 2);
}

void WindowLibraryTest::removalCanBeUndone()
{
    open({writeWalk("set/a.csv", "WALKING"), writeWalk("set/b.csv", "SITTING", 1), writeWalk("set/c.csv", "SITTING", 2)});
    click(idOf(QStringLiteral("b")));
    QTRY_COMPARE(m_window->session().open().id, idOf(QStringLiteral("b")));
    view().tree().setFocus();
    QTest::keyClick(&view().tree(), Qt::Key_Delete);
    QCOMPARE(model().count(), 2);
    QTRY_COMPARE(m_window->session().open().id, idOf(QStringLiteral("c"))); // its neighbour
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("Undo")), qPrintable(m_window->messages().message()));
    // By a click on the message.
    clickMessage();
    QCOMPARE(model().count(), 3);
    QTRY_COMPARE(m_window->session().open().id, idOf(QStringLiteral("b")));
    // All of them, then back by the key.
    view().tree().setFocus();
    QTest::keyClick(&view().tree(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(&view().tree(), Qt::Key_Delete);
    QCOMPARE(model().count(), 0);
    QVERIFY(!m_window->session().recording());
    QTest::keyClick(&view().tree(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(model().count(), 3);
    // And off it again.
    QTest::keyClick(&view().tree(), Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(model().count(), 0);
    m_window->commands().undo->trigger();
    QCOMPARE(model().count(), 3);
}

void WindowLibraryTest::aProjectLetsGoWhenItIsClosed()
{
    const auto project = makeProject();
    open({project});
    const auto file = writeWalk("a.csv", "WALKING");
    open({file, writeWalk("b.csv", "SITTING", 1)});
    m_window->library().remove({idOf(QStringLiteral("a"))});
    QCOMPARE(model().count(), 1);
    QCOMPARE(Project::open(project).recordings().size(), std::size_t{2}); // a crash would lose nothing
    m_window.reset();
    const auto left = Project::open(project).recordings();
    QCOMPARE(left.size(), std::size_t{1});
    QCOMPARE(left.front().recording.name, std::string("b"));
    QVERIFY(std::filesystem::exists(file)); // never the file itself
}

void WindowLibraryTest::movedFilesAreFoundByTheirContent()
{
    const auto project = makeProject();
    open({project});
    open({writeWalk("old/a.csv", "WALKING"), writeWalk("old/b.csv", "SITTING", 1)});
    m_window.reset();
    std::filesystem::create_directories(*m_folder / "new" / "deeper");
    std::filesystem::rename(*m_folder / "old" / "a.csv", *m_folder / "new" / "deeper" / "a.csv");
    reopenWindow();
    open({project});
    QTRY_VERIFY_WITH_TIMEOUT(model().item(idOf(QStringLiteral("a")))->isMissing, 10'000);
    QVERIFY(!model().item(idOf(QStringLiteral("b")))->isMissing);
    QCOMPARE(model().indexOf(idOf(QStringLiteral("a"))).data(LibraryModel::detailRole).toString(), QStringLiteral("missing"));
    // A folder without it says so and changes nothing.
    m_window->library().relocate(*m_folder / "old");
    QTRY_VERIFY_WITH_TIMEOUT(m_window->messages().message().contains(QStringLiteral("None of the missing files")), 10'000);
    m_window->library().relocate(*m_folder / "new");
    QTRY_VERIFY_WITH_TIMEOUT(!model().item(idOf(QStringLiteral("a")))->isMissing, 10'000);
    QCOMPARE(m_window->library().pathOf(idOf(QStringLiteral("a"))), *m_folder / "new" / "deeper" / "a.csv");
}

void WindowLibraryTest::oneMissingFileIsShownToTheLibrary()
{
    const auto project = makeProject();
    open({project});
    open({writeWalk("old/a.csv", "WALKING"), writeWalk("old/b.csv", "SITTING", 1)});
    m_window.reset();
    std::filesystem::create_directories(*m_folder / "new");
    std::filesystem::rename(*m_folder / "old" / "a.csv", *m_folder / "new" / "renamed.csv");
    std::filesystem::rename(*m_folder / "old" / "b.csv", *m_folder / "new" / "b.csv");
    const auto other = writeWalk("other/a.csv", "RUNNING", 7);
    reopenWindow();
    open({project});
    QTRY_VERIFY_WITH_TIMEOUT(model().item(idOf(QStringLiteral("a")))->isMissing && model().item(idOf(QStringLiteral("b")))->isMissing, 10'000);
    // A file of the same name that is another one.
    m_window->library().relocateRecording(idOf(QStringLiteral("a")), other);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->messages().message().contains(QStringLiteral("is another file")), 10'000);
    QVERIFY(model().item(idOf(QStringLiteral("a")))->isMissing);
    m_window->library().relocateRecording(idOf(QStringLiteral("a")), *m_folder / "new" / "renamed.csv");
    QTRY_VERIFY_WITH_TIMEOUT(!model().item(idOf(QStringLiteral("a")))->isMissing && !model().item(idOf(QStringLiteral("b")))->isMissing, 10'000);
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("and 1 more that moved with it.")), qPrintable(m_window->messages().message()));
    QCOMPARE(m_window->library().pathOf(idOf(QStringLiteral("a"))), *m_folder / "new" / "renamed.csv");
    QCOMPARE(m_window->library().pathOf(idOf(QStringLiteral("b"))), *m_folder / "new" / "b.csv");
}

void WindowLibraryTest::qualityIsComputedAnewInTheBackground()
{
    // A second without samples, in a project whose badges an older program computed.
    std::string text = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2]\n";
    for (int i = 0; i < 400; ++i)
        text += std::to_string(i < 200 ? i : i + 100) + "e-2,0.1,0.2,9.8\n";
    const auto project = makeProject();
    open({project});
    open({writeWalk("a.csv", "WALKING"), m_folder->write("gap.csv", text)});
    m_window.reset();
    {
        const Project store = Project::open(project);
        Statement(store.database(), "DELETE FROM badges").run();
        Statement(store.database(), "UPDATE recordings SET badges_stamp = 'of another day'").run();
        QVERIFY(!store.library().at(1).areBadgesCurrent);
    }
    reopenWindow();
    open({project});
    const qint64 id = idOf(QStringLiteral("gap"));
    QTRY_VERIFY_WITH_TIMEOUT(model().item(id)->mark == Mark::warning, 10'000);
    QVERIFY2(model().item(id)->tip.contains(QStringLiteral("1 gap, 1.01 s in all")), qPrintable(model().item(id)->tip));
    const auto areKept = [&] {
        const auto rows = Project::open(project).library();
        return std::ranges::all_of(rows, &LibraryRow::areBadgesCurrent) && rows.at(1).badges.front().code == "gaps";
    };
    QTRY_VERIFY_WITH_TIMEOUT(areKept(), 10'000);
}

void WindowLibraryTest::emptyStatesTeach()
{
    open({makeProject()});
    QVERIFY(view().isVisible());
    QVERIFY2(view().emptyText().contains(QStringLiteral("drop files")), qPrintable(view().emptyText()));
    QVERIFY(m_window->library().project().filename() == "study.kino");
}

void WindowLibraryTest::keysWork()
{
    open({writeWalk("set/a.csv", "WALKING"), writeWalk("set/b.csv", "SITTING", 1)});
    m_window->commands().search->trigger();
    QTRY_VERIFY(view().searchField().hasFocus());
    QTest::keyClick(&view().searchField(), Qt::Key_Down);
    QVERIFY(view().tree().hasFocus());
    view().tree().setCurrentIndex(model().indexOf(idOf(QStringLiteral("b"))));
    QTest::keyClick(&view().tree(), Qt::Key_Return);
    QTRY_COMPARE(m_window->session().open().id, idOf(QStringLiteral("b")));
    click(idOf(QStringLiteral("a")));
    m_window->commands().copyPath->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().endsWith(QStringLiteral("/set/a.csv")));
    // A file dropped on the search field opens: its path is not pasted.
    QVERIFY(!view().searchField().acceptDrops());
}

/** A search of 2,000 recordings, key stroke to painted list, within 50 ms; as many come in without holding the window. */
void WindowLibraryTest::thousandsOfRowsStayFluid()
{
    open({writeWalk("set/a.csv", "WALKING")});
    static const char *const kDeeds[] = {"WALKING", "SITTING", "STANDING", "LAYING", "STAIRS_UP", "STAIRS_DOWN", "RUNNING", "CYCLING"};
    std::vector<LibraryItem> items;
    for (int i = 0; i < 2000; ++i) {
        LibraryItem item;
        item.id = 10'000 + i;
        item.subject = QStringLiteral("s%1").arg(i / 40, 3, 10, QLatin1Char('0'));
        item.group = item.subject;
        item.name = QStringLiteral("%1_trial_%2").arg(QString::fromLatin1(kDeeds[i % 8]).toLower()).arg(i);
        item.detail = QStringLiteral("1:%1").arg(i % 60, 2, 10, QLatin1Char('0'));
        item.state = LibraryState::ready;
        item.mark = i % 5 == 0 ? Mark::warning : Mark::good;
        item.labels = {QString::fromLatin1(kDeeds[i % 8]), QString::fromLatin1(kDeeds[(i + 3) % 8])};
        item.tags = i % 7 == 0 ? QStringList{QStringLiteral("pilot")} : QStringList();
        item.words = QStringLiteral("guess\nphone\nwatch\n/data/study/subject/%1").arg(i);
        items.push_back(item);
    }
    QElapsedTimer timer;
    timer.start();
    model().addAll(items);
    view().tree().repaint();
    const double addMs = static_cast<double>(timer.nsecsElapsed()) * 1e-6;
    QCOMPARE(model().count(), 2001);
    double worst = 0;
    const auto measure = [&](const std::function<void()> &act) {
        timer.restart();
        act();
        view().tree().repaint();
        worst = std::max(worst, static_cast<double>(timer.nsecsElapsed()) * 1e-6);
    };
    view().searchField().setFocus();
    for (const QChar key : QStringLiteral("walking_trial_1"))
        measure([&] { QTest::keyClick(&view().searchField(), key.toLatin1()); });
    // Every eighth is a walk; those whose number begins with 1, counted one by one.
    int expected = 0;
    for (int i = 0; i < 2000; i += 8)
        expected += QString::number(i).startsWith(QLatin1Char('1'));
    QCOMPARE(model().shownCount(), expected);
    for (int i = 0; i < 15; ++i)
        measure([&] { QTest::keyClick(&view().searchField(), Qt::Key_Backspace); });
    QCOMPARE(model().shownCount(), 2001);
    QTRY_VERIFY(chip(view().labelChips(), QStringLiteral("CYCLING")));
    for (int i = 0; i < 4; ++i)
        measure([&] { QTest::mouseClick(chip(view().labelChips(), QStringLiteral("CYCLING")), Qt::LeftButton); });
    measure([&] { model().setGrouping(LibraryGrouping::tag); });
    measure([&] { model().setGrouping(LibraryGrouping::automatic); });
    qInfo("2,001 recordings: added in %.1f ms, slowest of 36 filters with its repaint %.1f ms", addMs, worst);
    QVERIFY2(worst <= 50 * test::timeSlack(), qPrintable(QStringLiteral("%1 ms").arg(worst)));
    QVERIFY2(addMs <= 100 * test::timeSlack(), qPrintable(QStringLiteral("%1 ms").arg(addMs)));
}

/** 2,001 recordings of a project: none of the handlers that bring them into the window takes longer than 8 ms. */
void WindowLibraryTest::aProjectOfThousandsOpensWithoutAHalt()
{
    const auto project = makeProject();
    open({project});
    open({writeWalk("a.csv", "WALKING")});
    m_window.reset();
    {
        const Project store = Project::open(project);
        Transaction transaction(store.database());
        Statement columns(store.database(), "SELECT group_concat(name, ', ') FROM pragma_table_info('recordings') WHERE name NOT IN ('id', 'name', 'subject')");
        QVERIFY(columns.step());
        const std::string others = columns.text(0);
        Statement(store.database(), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO recordings (name, subject, " + others + ") SELECT name || '_' || i, 's' || (i % 50), " + others + " FROM recordings, n WHERE id = 1").run();
        transaction.commit();
        QCOMPARE(store.library().size(), std::size_t{2001});
    }
    reopenWindow();
    auto &watched = static_cast<test::WatchedApplication &>(*qApp);
    watched.startWatching();
    m_window->library().openProjectAt(project, QStringLiteral("a"));
    QTRY_COMPARE_WITH_TIMEOUT(model().count(), 2001, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->library().isBusy(), 20'000);
    QTest::qWait(300); // chips and what is missing come a little later
    const std::vector<test::WatchedApplication::Handler> handlers = watched.stopWatching();
    // A repaint of the whole window has a budget of its own.
    const auto longest = [&](bool ofRepaints) {
        test::WatchedApplication::Handler worst;
        for (const auto &handler : handlers) {
            if ((handler.eventType == QEvent::UpdateRequest) == ofRepaints && handler.computedMs > worst.computedMs)
                worst = handler;
        }
        return worst;
    };
    const auto handler = longest(false);
    const auto repaint = longest(true);
    qInfo("2,001 recordings of a project: longest handler %.1f ms (%s, event %d), longest repaint %.1f ms", handler.computedMs, handler.receiver, handler.eventType, repaint.computedMs);
    // No picture is missed: the house's limits are 8 ms for 99 of a hundred and 30 ms for the worst.
    std::vector<double> held;
    for (const auto &each : handlers) {
        if (each.eventType != QEvent::UpdateRequest)
            held.push_back(each.computedMs);
    }
    std::ranges::sort(held);
    QVERIFY2(held[held.size() * 99 / 100] <= 8 * test::timeSlack(), qPrintable(QString::number(held[held.size() * 99 / 100])));
    QVERIFY2(handler.computedMs <= 16 * test::timeSlack(), qPrintable(QString::number(handler.computedMs)));
    QVERIFY2(repaint.computedMs <= 16 * test::timeSlack(), qPrintable(QString::number(repaint.computedMs)));
}

int main(int argc, char *argv[])
{
    test::WatchedApplication application(argc, argv);
    WindowLibraryTest window;
    return QTest::qExec(&window, argc, argv);
}

#include "window_library_test.moc"
