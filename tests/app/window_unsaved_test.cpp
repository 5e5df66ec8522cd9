// The window is closed, or looked into, while the project cannot take what was changed.
#include "app/kinoscope/unsaved_changes.h"
#include "core/store/project.h"
#include "tests/support/window_fixture.h"
#include "widgets/window/message_line.h"

#include <QLabel>
#include <QPushButton>

using namespace kino;

class WindowUnsavedTest : public QObject, test::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init();
    void cleanup();

    void closingWaitsForALockWithoutHoldingUpTheWindow();
    void closingCanDiscardWhatIsNotSaved();
    void closingCanBeGivenUp();
    void whatTheProjectRefusesIsSaidAndDiscarded();
    void aCopyIsOpenedInstead();

private:
    void lock() { m_lock = std::make_unique<Transaction>(m_other->database()); }
    /** The button of the dialog whose text begins so. */
    void press(const QString &text);
    UnsavedDialog *dialog() const { return m_window->findChild<UnsavedDialog *>(); }
    QString said(const QString &label) const { return dialog()->findChild<QLabel *>(label)->text(); }
    std::vector<std::string> storedTags() const;

    std::filesystem::path m_project;
    std::unique_ptr<Project> m_other;
    std::unique_ptr<Transaction> m_lock;
};

void WindowUnsavedTest::init()
{
    openWindow();
    m_project = makeProject();
    open({m_project});
    open({test::writeWalk(*m_folder, "a.csv", "WALKING"), test::writeWalk(*m_folder, "b.csv", "SITTING", 1)});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled(), 20'000);
    m_other = std::make_unique<Project>(Project::open(m_project));
}

void WindowUnsavedTest::cleanup()
{
    m_lock.reset();
    m_other.reset();
    closeWindow();
}

void WindowUnsavedTest::press(const QString &text)
{
    for (QPushButton *button : dialog()->findChildren<QPushButton *>()) {
        if (button->isVisible() && button->text().remove(QLatin1Char('&')).startsWith(text)) {
            QTest::mouseClick(button, Qt::LeftButton);
            return;
        }
    }
    QFAIL(qPrintable(QStringLiteral("there is no button ") + text));
}

std::vector<std::string> WindowUnsavedTest::storedTags() const
{
    const Project project = Project::open(m_project);
    return project.recording(project.findRecording("a")).tags;
}

void WindowUnsavedTest::closingWaitsForALockWithoutHoldingUpTheWindow()
{
    lock();
    m_window->library().setTags(idOf(QStringLiteral("a")), {QStringLiteral("pilot")});
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!m_window->close());
    QVERIFY2(timer.elapsed() < 1000 * test::timeSlack(), qPrintable(QString::number(timer.elapsed())));
    QVERIFY(m_window->isVisible());
    QVERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(said(QStringLiteral("headline")), QStringLiteral("One change is not saved yet"));
    QCOMPARE(said(QStringLiteral("changes")), QStringLiteral("Tags of a"));
    // SQLite gives up after five seconds: then it is said why.
    QTRY_VERIFY_WITH_TIMEOUT(said(QStringLiteral("reason")).contains(QStringLiteral("another program"), Qt::CaseInsensitive), 15'000);
    m_lock.reset();
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), 15'000);
    QCOMPARE(storedTags(), std::vector<std::string>{"pilot"});
}

void WindowUnsavedTest::closingCanDiscardWhatIsNotSaved()
{
    lock();
    m_window->library().setTags(idOf(QStringLiteral("a")), {QStringLiteral("pilot")});
    QVERIFY(!m_window->close());
    press(QStringLiteral("Discard"));
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), 1'000);
    QVERIFY(!m_window->writer().isBusy());
}

void WindowUnsavedTest::closingCanBeGivenUp()
{
    lock();
    m_window->library().setTags(idOf(QStringLiteral("a")), {QStringLiteral("pilot")});
    QVERIFY(!m_window->close());
    // Enter, by who does not read: nothing is lost by it.
    QTest::keyClick(dialog()->focusWidget() ? dialog()->focusWidget() : dialog(), Qt::Key_Return);
    QTRY_VERIFY(!dialog());
    m_lock.reset();
    waitWritten();
    QTest::qWait(100);
    QVERIFY(m_window->isVisible());
    QCOMPARE(storedTags(), std::vector<std::string>{"pilot"});
    QVERIFY(m_window->close());
}

void WindowUnsavedTest::whatTheProjectRefusesIsSaidAndDiscarded()
{
    // Another program has just given the name that is chosen here.
    m_other->renameRecording(m_other->findRecording("b"), "taken");
    QCOMPARE(m_window->library().rename(idOf(QStringLiteral("a")), QStringLiteral("taken")), QString());
    QTRY_VERIFY(m_window->writer().isRefused());
    QVERIFY(m_window->messages().message().startsWith(QStringLiteral("Not saved yet.")));
    QVERIFY(m_window->messages().message().contains(QStringLiteral("taken")));
    QVERIFY(m_window->commands().showUnsaved->isEnabled());
    m_window->commands().showUnsaved->trigger();
    QVERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(said(QStringLiteral("changes")), QStringLiteral("Name taken"));
    press(QStringLiteral("Discard"));
    // The window shows what the project holds.
    QTRY_VERIFY_WITH_TIMEOUT(idOf(QStringLiteral("taken")) >= 0 && idOf(QStringLiteral("a")) >= 0 && idOf(QStringLiteral("b")) < 0, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled(), 20'000);
    QVERIFY(!m_window->commands().showUnsaved->isEnabled());
    QVERIFY(m_window->close());
}

void WindowUnsavedTest::aCopyIsOpenedInstead()
{
    lock();
    m_window->library().setTags(idOf(QStringLiteral("a")), {QStringLiteral("pilot")});
    m_window->unsaved().show();
    const std::filesystem::path copy = *m_folder / "copy.kino";
    m_window->unsaved().saveCopyTo(copy);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().project(), copy, 20'000);
    QVERIFY(!dialog() || !dialog()->isVisible());
    waitWritten();
    m_lock.reset();
    QCOMPARE(storedTags(), std::vector<std::string>{});
    const Project project = Project::open(copy);
    QCOMPARE(project.recording(project.findRecording("a")).tags, std::vector<std::string>{"pilot"});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled(), 20'000);
    QVERIFY(m_window->close());
}

QTEST_MAIN(WindowUnsavedTest)
#include "window_unsaved_test.moc"
