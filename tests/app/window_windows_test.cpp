#include "app/kinoscope/commands.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/windows/counts_view.h"
#include "app/kinoscope/windows/windows_panel.h"
#include "core/base/files.h"
#include "core/base/error.h"
#include "core/data/dataset/window_table.h"
#include "core/data/recording_overview.h"
#include "core/data/simulator/simulator.h"
#include "tests/support/lane_fixtures.h"
#include "tests/support/run_kino.h"
#include "tests/support/window_fixture.h"
#include "widgets/controls/chip_bar.h"
#include "widgets/controls/choice_box.h"
#include "widgets/controls/number_box.h"
#include "widgets/timeline/window_painter.h"
#include "widgets/window/message_line.h"

using namespace kino;

/** The Windows panel with real events; what a rule should give is worked out by hand, or is what `kino windows` says. */
class WindowWindowsTest : public QObject, private test::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void windowsAreCountedAsTheRuleSays();
    void theRowIsThereWhileThePanelIs();
    void strideAndOverlapFollowOneAnother();
    void aCommaIsAPoint();
    void mistakesAreSentences();
    void labelsAreLeftOutAndRenamed();
    void editsAreFollowed();
    void publishedRulesAreOffered();
    void allRecordingsAreCountedBySubject();
    void countingCanBeStopped();
    void theSpecificationGivesTheSameNumbers_data();
    void theSpecificationGivesTheSameNumbers();
    void severalTiersAreSaidBesideTheirField();
    void theRuleIsKept();
    void aProjectKeepsItsOwnRule();
    void aDayFollowsTheRuleAtOnce();

private:
    std::filesystem::path writeTwoActivities(const std::string &name) const;
    WindowsPanel &panel() { return m_window->inspect().windows(); }
    RuleForm &form() { return panel().form(); }
    void showPanel();
    void waitCut();
    void type(QAbstractSpinBox &box, const QString &text);
    void pick(QComboBox &box, const QString &text);
    void toggleChip(ChipBar &bar, const QString &name);
    /** The number beside a name in the counts; -1 where there is none. Below a heading where one is given. */
    int count(const QString &name, int column = 1, const QString &heading = {});
};

/** 30 s at 100 Hz: 15 s WALKING, then 15 s SITTING; no gyroscope. */
std::filesystem::path WindowWindowsTest::writeTwoActivities(const std::string &name) const
{
    std::string text = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2],label\n";
    for (int i = 0; i < 3000; ++i)
        text += std::to_string(i) + "e-2,0.1,0.2,9.8," + (i < 1500 ? "WALKING" : "SITTING") + "\n";
    std::filesystem::create_directories((*m_folder / name).parent_path());
    return m_folder->write(name, text);
}

void WindowWindowsTest::showPanel()
{
    m_window->commands().toggleWindows->trigger();
    QVERIFY(panel().isVisible());
    waitCut();
}

void WindowWindowsTest::waitCut() { QTRY_VERIFY_WITH_TIMEOUT(panel().isSettled(), 30'000); }

void WindowWindowsTest::type(QAbstractSpinBox &box, const QString &text)
{
    box.setFocus();
    box.selectAll();
    QTest::keyClicks(&box, text);
    QTest::keyClick(&box, Qt::Key_Return);
    waitCut();
}

void WindowWindowsTest::pick(QComboBox &box, const QString &text)
{
    const int index = box.findText(text);
    QVERIFY2(index >= 0, qPrintable(text));
    box.setFocus();
    box.showPopup();
    box.view()->setCurrentIndex(box.model()->index(index, 0));
    QTest::keyClick(box.view(), Qt::Key_Return);
    waitCut();
}

void WindowWindowsTest::toggleChip(ChipBar &bar, const QString &name)
{
    for (QToolButton *button : bar.findChildren<QToolButton *>()) {
        if (button->accessibleName() != name || button->isHidden())
            continue;
        QTest::mouseClick(button, Qt::LeftButton);
        waitCut();
        return;
    }
    QFAIL(qPrintable(name));
}

int WindowWindowsTest::count(const QString &name, int column, const QString &heading)
{
    for (QTreeWidgetItemIterator at(&panel().counts()); *at; ++at) {
        const QString above = (*at)->parent() ? (*at)->parent()->text(0) : QString();
        if ((*at)->text(0) == name && (heading.isEmpty() || above == heading))
            return static_cast<int>((*at)->text(column).remove(QLatin1Char(',')).toDouble());
    }
    return -1;
}

void WindowWindowsTest::windowsAreCountedAsTheRuleSays()
{
    open({writeTwoActivities("a.csv")});
    showPanel();
    // The usual rule wants a gyroscope, which this file has not; the panel says so.
    QVERIFY2(panel().notes().contains(QStringLiteral("has no gyroscope")), qPrintable(panel().notes()));
    toggleChip(form().channels(), QStringLiteral("gyroscope"));
    type(form().length(), QStringLiteral("2"));
    type(form().stride(), QStringLiteral("1"));
    pick(form().policy(), QStringLiteral("that covers all"));
    // Windows begin every second from 0 to 29. From 0 to 13 they lie in the walk, from 15 to 28 in the sitting; that of 14
    // has both, and that of 29 would need samples up to 30.98 s, of which the last is at 29.99 s.
    QCOMPARE(count(QStringLiteral("Kept")), 28);
    QCOMPARE(count(QStringLiteral("WALKING")), 14);
    QCOMPARE(count(QStringLiteral("SITTING")), 14);
    QCOMPARE(count(QStringLiteral("WALKING"), 2), 1); // one bout
    QCOMPARE(count(QStringLiteral("WALKING"), 3), 15);
    QCOMPARE(count(QStringLiteral("Dropped")), 2);
    QCOMPARE(count(QStringLiteral("mixed labels")), 1);
    QCOMPARE(count(QStringLiteral("over the end")), 1);
    QVERIFY(panel().notes().contains(QStringLiteral("Overlapping windows share samples")));
    // By the label that covers most, half is enough, but of two halves none is more.
    pick(form().policy(), QStringLiteral("that covers most"));
    QCOMPARE(count(QStringLiteral("Kept")), 28);
    // By the middle that window is of the sitting, which begins with its sixteenth second.
    pick(form().policy(), QStringLiteral("at the middle"));
    QCOMPARE(count(QStringLiteral("SITTING")), 15);
    pick(form().policy(), QStringLiteral("none"));
    QCOMPARE(count(QStringLiteral("Kept")), 29);
    QCOMPARE(count(QStringLiteral("without label")), 29);
}

void WindowWindowsTest::theRowIsThereWhileThePanelIs()
{
    open({writeTwoActivities("a.csv")});
    TimelineView &view = m_window->inspect().timeline().view();
    QVERIFY(!view.content().windows);
    showPanel();
    toggleChip(form().channels(), QStringLiteral("gyroscope"));
    type(form().length(), QStringLiteral("3"));
    type(form().stride(), QStringLiteral("3"));
    QVERIFY(view.content().windows);
    const TimelineLayout layout = view.layoutNow();
    QCOMPARE(layout.rows.back().kind, TimelineRowKind::windows);
    // A click selects the window: the fourth, from 9 to 12 s.
    const QRect plot = layout.plotOf(layout.rows.back().rect);
    QTest::mouseClick(&view, Qt::LeftButton, {}, {static_cast<int>(view.axis().xOf({10 * kNanosPerSecond})), plot.center().y()});
    QCOMPARE(m_window->session().selection(), std::optional(TimeRange{{9 * kNanosPerSecond}, {12 * kNanosPerSecond}}));
    QVERIFY(view.tipAt({static_cast<int>(view.axis().xOf({10 * kNanosPerSecond})), plot.center().y()}).startsWith(QStringLiteral("Kept: WALKING, 100")));
    m_window->commands().toggleWindows->trigger();
    QVERIFY(!view.content().windows);
    QVERIFY(!panel().isVisible());
    // The usual layout has no such panel.
    m_window->commands().toggleWindows->trigger();
    m_window->commands().resetLayout->trigger();
    QVERIFY(!m_window->commands().toggleWindows->isChecked());
}

void WindowWindowsTest::strideAndOverlapFollowOneAnother()
{
    open({writeTwoActivities("a.csv")});
    showPanel();
    type(form().length(), QStringLiteral("4"));
    type(form().overlap(), QStringLiteral("75"));
    QCOMPARE(form().rule().strideSeconds, 1.0);
    type(form().stride(), QStringLiteral("3"));
    QCOMPARE(form().overlap().value(), 25.0);
    type(form().stride(), QStringLiteral("6"));
    QCOMPARE(form().overlap().text(), QStringLiteral("no overlap"));
    QCOMPARE(form().rule().strideSeconds, 6.0);
    // A number that the box can show only rounded stays as it is while others are changed.
    WindowRule rule = form().rule();
    rule.strideSeconds = 1.0 / 3;
    form().setRule(rule);
    type(form().rate(), QStringLiteral("60"));
    QCOMPARE(form().rule().strideSeconds, 1.0 / 3);
    QCOMPARE(form().rule().rateHz, 60.0);
}

void WindowWindowsTest::aCommaIsAPoint()
{
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    reopenWindow();
    open({writeTwoActivities("a.csv")});
    showPanel();
    type(form().length(), QStringLiteral("3,25"));
    QCOMPARE(form().rule().seconds, 3.25);
    QCOMPARE(form().length().text(), QStringLiteral("3.25\u00a0s"));
    type(form().length(), QStringLiteral("4.5"));
    QCOMPARE(form().rule().seconds, 4.5);
    QLocale::setDefault(before);
}

void WindowWindowsTest::mistakesAreSentences()
{
    open({writeTwoActivities("a.csv")});
    showPanel();
    toggleChip(form().channels(), QStringLiteral("gyroscope"));
    toggleChip(form().channels(), QStringLiteral("accelerometer"));
    QVERIFY2(panel().message().contains(QStringLiteral("Kinds: name at least one kind of stream")), qPrintable(panel().message()));
    QVERIFY(!panel().windows());
    toggleChip(form().channels(), QStringLiteral("accelerometer"));
    QVERIFY(panel().windows());
    // 40 ms at 10 Hz is no sample, and a stride of 1 ms less than one.
    type(form().rate(), QStringLiteral("10"));
    type(form().length(), QStringLiteral("0.04"));
    QVERIFY2(panel().message().contains(QStringLiteral("Length: at this rate")), qPrintable(panel().message()));
    type(form().length(), QStringLiteral("2"));
    type(form().stride(), QStringLiteral("0.001"));
    QVERIFY2(panel().message().contains(QStringLiteral("Stride: at least one sample")), qPrintable(panel().message()));
    QVERIFY_THROWS_EXCEPTION(Error, panel().specification());
}

void WindowWindowsTest::labelsAreLeftOutAndRenamed()
{
    open({writeTwoActivities("a.csv")});
    showPanel();
    toggleChip(form().channels(), QStringLiteral("gyroscope"));
    type(form().length(), QStringLiteral("1"));
    type(form().stride(), QStringLiteral("1"));
    QCOMPARE(count(QStringLiteral("Kept")), 29 + 1); // whole seconds: 100 samples end 0.02 s before the next begins
    QTreeWidget &classes = form().classes();
    QCOMPARE(classes.topLevelItemCount(), 2);
    const auto item = [&](const QString &label) {
        const auto found = classes.findItems(label, Qt::MatchExactly);
        return found.isEmpty() ? nullptr : found.front();
    };
    // The tick of SITTING, by the mouse.
    QRect row = classes.visualItemRect(item(QStringLiteral("SITTING")));
    QTest::mouseClick(classes.viewport(), Qt::LeftButton, {}, {row.left() + 10, row.center().y()});
    waitCut();
    QCOMPARE(count(QStringLiteral("Kept")), 15);
    QCOMPARE(count(QStringLiteral("label left out")), 15);
    // WALKING is called "move" from now on.
    QTRY_VERIFY(item(QStringLiteral("SITTING"))->checkState(0) == Qt::Unchecked);
    classes.setFocus();
    classes.setCurrentItem(item(QStringLiteral("WALKING")), 1);
    QTest::keyClick(&classes, Qt::Key_F2);
    auto *editor = classes.findChild<QLineEdit *>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("move"));
    QTest::keyClick(editor, Qt::Key_Return);
    waitCut();
    QTRY_COMPARE(count(QStringLiteral("move")), 15);
    QCOMPARE(count(QStringLiteral("WALKING")), -1);
}

void WindowWindowsTest::editsAreFollowed()
{
    open({writeTwoActivities("a.csv")});
    showPanel();
    toggleChip(form().channels(), QStringLiteral("gyroscope"));
    type(form().length(), QStringLiteral("1"));
    type(form().stride(), QStringLiteral("1"));
    const qint64 id = m_window->session().open().id;
    // Half of the walk loses its label.
    auto edited = std::make_shared<Recording>(*m_window->library().recordingOf(id));
    edited->tiers.front().annotations.front().end = {7 * kNanosPerSecond};
    m_window->library().replaceRecording(id, edited, RecordingPart::labels);
    waitCut();
    QCOMPARE(count(QStringLiteral("WALKING")), 7);
    QCOMPARE(count(QStringLiteral("no label")), 8);
    // The sensor's clock is set half a second later: windows begin with it, and the last sample with them.
    auto moved = std::make_shared<Recording>(*edited);
    moved->devices.front().clock.offsetNs += kNanosPerSecond / 2;
    m_window->library().replaceRecording(id, moved, RecordingPart::clocks);
    waitCut();
    QCOMPARE(panel().windows()->windows->windows.front().start.ns, kNanosPerSecond / 2);
    QCOMPARE(count(QStringLiteral("WALKING")), 7); // from 0.5 to 6.5 s: the last has exactly half a second of it
}

void WindowWindowsTest::publishedRulesAreOffered()
{
    open({writeTwoActivities("a.csv")});
    showPanel();
    pick(form().preset(), QStringLiteral("SimCLR for HAR"));
    QCOMPARE(form().rule().samples(), std::size_t{400});
    QCOMPARE(form().rule().strideSeconds * form().rule().rateHz, 200.0);
    QCOMPARE(form().rule().channels, std::vector<StreamKind>{StreamKind::accelerometer});
    // Starts at 0, 4, 8, … 20 fit; of them 0 and 4 lie in the walk, 16 and 20 in the sitting; 8 has seven walked seconds of
    // eight, 12 three.
    QCOMPARE(count(QStringLiteral("WALKING")), 3);
    QCOMPARE(count(QStringLiteral("SITTING")), 3);
    type(form().length(), QStringLiteral("6"));
    QCOMPARE(form().preset().currentText(), QStringLiteral("Own rule"));
}

void WindowWindowsTest::allRecordingsAreCountedBySubject()
{
    const auto project = makeProject();
    open({project});
    open({writeTwoActivities("set/a.csv"), test::writeWalk(*m_folder, "set/b.csv", "WALKING", 1), test::writeWalk(*m_folder, "set/c.csv", "TURNING", 2)});
    {
        Project store = Project::open(project);
        store.setSubject(store.findRecording("a"), "anna");
        store.setSubject(store.findRecording("b"), "ben");
    }
    reopenWindow();
    open({project});
    showPanel();
    toggleChip(form().channels(), QStringLiteral("gyroscope"));
    type(form().length(), QStringLiteral("1"));
    type(form().stride(), QStringLiteral("1"));
    m_window->commands().countAllWindows->trigger();
    waitCut();
    QCOMPARE(panel().scope(), CountScope::all);
    QCOMPARE(count(QStringLiteral("Kept")), 36);
    QCOMPARE(count(QStringLiteral("WALKING"), 1, QStringLiteral("Kept")), 18);
    QCOMPARE(count(QStringLiteral("WALKING"), 1, QStringLiteral("anna")), 15);
    QCOMPARE(count(QStringLiteral("WALKING"), 1, QStringLiteral("ben")), 3);
    QCOMPARE(count(QStringLiteral("TURNING"), 1, QStringLiteral("Unknown subject")), 3);
    QCOMPARE(count(QStringLiteral("anna"), 2), 2); // bouts
    // Its specification names files, and says above them that what was edited in the project is not in them.
    const QString spec = panel().specification();
    QVERIFY2(spec.startsWith(QStringLiteral("// Labels and clocks")) && spec.section(QLatin1Char('\n'), 1, 1).contains(QStringLiteral("{\"project\": \"all\"}")), qPrintable(spec));
    QCOMPARE(readJsonFile(m_folder->write("spec.json", spec.toStdString())).at("data").at("recordings").size(), std::size_t{3});
    QVERIFY2(panel().notes().contains(QStringLiteral("2 subjects give windows.")), qPrintable(panel().notes()));
    QVERIFY2(panel().notes().contains(QStringLiteral("cannot both train and test them: SITTING, TURNING.")), qPrintable(panel().notes()));
    // Another rule: the numbers are said to be those of the old one.
    type(form().length(), QStringLiteral("1.5"));
    QVERIFY2(panel().message().contains(QStringLiteral("The rule has changed")), qPrintable(panel().message()));
    QCOMPARE(count(QStringLiteral("Kept")), 36);
    for (QPushButton *button : panel().findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Count again"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    waitCut();
    QCOMPARE(panel().message(), QString());
    QCOMPARE(count(QStringLiteral("Kept")), 29 + 2 + 2); // of 1.5 s every second: starts 0 to 28; 0 and 1
}

void WindowWindowsTest::countingCanBeStopped()
{
    std::vector<std::filesystem::path> files;
    for (int i = 0; i < 40; ++i)
        files.push_back(test::writeWalk(*m_folder, "set/w" + std::to_string(i) + ".csv", "WALKING", i));
    open({makeProject()});
    open(files);
    showPanel();
    toggleChip(form().channels(), QStringLiteral("gyroscope"));
    m_window->commands().countAllWindows->trigger();
    QVERIFY(!panel().isSettled());
    for (QToolButton *button : panel().findChildren<QToolButton *>()) {
        if (button->accessibleName() == QStringLiteral("Stop counting"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    waitCut();
    QVERIFY(panel().message().contains(QStringLiteral("Counts the windows of all 40 recordings")));
    QVERIFY(panel().counts().isHidden());
}

void WindowWindowsTest::theSpecificationGivesTheSameNumbers_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("one simulated recording") << QStringLiteral("one");
    QTest::newRow("all simulated recordings") << QStringLiteral("all");
    QTest::newRow("about narrations") << QStringLiteral("narrations");
    QTest::newRow("HAPT") << QStringLiteral("hapt");
}

void WindowWindowsTest::theSpecificationGivesTheSameNumbers()
{
    QFETCH(QString, kind);
    if (kind == QStringLiteral("hapt")) {
        KINO_NEEDS_TEST_DATA();
        open({test::testDataFolder() / "hapt/Raw-Data/acc_exp01_user01.txt"});
    } else {
        SimulatorOptions options;
        options.subjects = 2;
        options.minutes = 1;
        options.video = std::nullopt;
        simulate(options, *m_folder / "simulated");
        open({*m_folder / "simulated"});
        QVERIFY(m_window->library().count() >= 2);
    }
    showPanel();
    if (kind == QStringLiteral("narrations")) {
        pick(form().preset(), QStringLiteral("PRIMUS, narrations"));
        WindowRule rule = form().rule();
        rule.origin = WindowOrigin::channels; // there is no video
        form().setRule(rule);
        pick(form().tier(), QStringLiteral("narration"));
    } else {
        type(form().length(), QStringLiteral("2.56"));
        type(form().overlap(), QStringLiteral("50"));
    }
    if (kind == QStringLiteral("all")) {
        m_window->commands().countAllWindows->trigger();
        waitCut();
    }
    QVERIFY2(panel().message().isEmpty(), qPrintable(panel().message()));
    QVERIFY(count(QStringLiteral("Kept")) > 5);
    m_window->commands().copyWindowSpec->trigger();
    const auto spec = m_folder->write("spec.json", QGuiApplication::clipboard()->text().toStdString());
    const auto table = *m_folder / "kino.csv", saved = *m_folder / "saved.csv";
    const test::KinoRun run = test::runKino({QStringLiteral("windows"), QString::fromStdString(spec.string()), QStringLiteral("--json"), QStringLiteral("--table"), QString::fromStdString(table.string())});
    QVERIFY2(run.exitStatus == 0, run.messages);
    const nlohmann::json document = run.json();
    QCOMPARE(document.at("recordings").get<std::size_t>(), kind == QStringLiteral("all") ? static_cast<std::size_t>(m_window->library().count()) : 1);
    QCOMPARE(document.at("windows").get<int>(), count(QStringLiteral("Kept")));
    std::map<std::string, std::pair<int, int>> classes;
    for (const nlohmann::json &line : document.at("classes")) {
        classes[line.at("label")].first += line.at("windows").get<int>();
        classes[line.at("label")].second += line.at("bouts").get<int>();
    }
    for (const auto &[label, numbers] : classes) {
        QCOMPARE(count(QString::fromStdString(label), 1, QStringLiteral("Kept")), numbers.first);
        QCOMPARE(count(QString::fromStdString(label), 2, QStringLiteral("Kept")), numbers.second);
    }
    int dropped = 0;
    for (const nlohmann::json &line : document.at("dropped"))
        dropped += line.at("windows").get<int>();
    QCOMPARE(count(QStringLiteral("Dropped")), dropped);
    // Window by window, too. A folder that is opened calls its recordings by their way to it, a list of files by the files.
    panel().saveTable(saved);
    QTRY_VERIFY_WITH_TIMEOUT(panel().isSettled(), 30'000);
    const auto rowsOf = [](const std::filesystem::path &file) {
        std::vector<WindowLine> rows = readWindowTable(file);
        for (WindowLine &row : rows)
            row.recording = std::filesystem::path(row.recording).filename().string();
        return rows;
    };
    QCOMPARE(rowsOf(saved).size(), std::size_t{document.at("windows")});
    QVERIFY(rowsOf(saved) == rowsOf(table));
    // Without windows there is nothing to save, and the sentence says why.
    if (kind != QStringLiteral("hapt"))
        return;
    QSignalSpy failed(&panel(), &WindowsPanel::failed);
    type(form().length(), QStringLiteral("3000"));
    panel().saveTable(*m_folder / "none.csv");
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 30'000);
    QVERIFY2(failed.front()[0].toString().contains(QStringLiteral("window")), qPrintable(failed.front()[0].toString()));
    QVERIFY(!std::filesystem::exists(*m_folder / "none.csv"));
}

void WindowWindowsTest::severalTiersAreSaidBesideTheirField()
{
    RuleForm rules;
    const auto isSaid = [&rules] { return std::ranges::any_of(rules.findChildren<QLabel *>(), [](const QLabel *label) { return label->text().contains(QStringLiteral("several tiers")) && !label->isHidden(); }); };
    const RuleChoices::Tier mine{"mine", TierKind::label, {"walk"}}, yours{"yours", TierKind::label, {"sit"}}, remarks{"remarks", TierKind::text, {}};
    RuleChoices choices;
    choices.tiers = {mine, remarks};
    rules.setChoices(choices);
    QVERIFY(!isSaid()); // one of texts does not count on a grid
    choices.tiers = {mine, yours};
    rules.setChoices(choices);
    QVERIFY(isSaid());
    WindowRule rule = rules.rule();
    rule.tier = "yours";
    rules.setRule(rule);
    QVERIFY(!isSaid());
    rule.tier.clear();
    rule.policy = LabelPolicy::none; // no labels, no tier
    rules.setRule(rule);
    QVERIFY(!isSaid());
}

void WindowWindowsTest::theRuleIsKept()
{
    open({writeTwoActivities("a.csv")});
    showPanel();
    type(form().length(), QStringLiteral("7.5"));
    reopenWindow();
    QCOMPARE(form().rule().seconds, 7.5);
    QCOMPARE(form().length().value(), 7.5);
}

void WindowWindowsTest::aProjectKeepsItsOwnRule()
{
    const auto project = makeProject();
    open({project});
    showPanel();
    type(form().length(), QStringLiteral("6"));
    const auto kept = [&]() -> std::optional<double> {
        const auto json = Project::open(project).setting("windows/rule");
        return json ? std::optional(json->at("data").at("window").at("seconds").get<double>()) : std::nullopt;
    };
    QTRY_COMPARE_WITH_TIMEOUT(kept(), std::optional(6.0), 10'000);
    // Elsewhere another one; back in the project its own.
    m_window->commands().closeAll->trigger();
    open({writeTwoActivities("a.csv")});
    type(form().length(), QStringLiteral("3"));
    reopenWindow();
    QCOMPARE(form().rule().seconds, 3.0);
    open({project});
    waitCut();
    QCOMPARE(form().rule().seconds, 6.0);
}

void WindowWindowsTest::aDayFollowsTheRuleAtOnce()
{
    // 24 h at 100 Hz with a gap every hour, in 10 s of each activity.
    auto recording = std::make_shared<Recording>();
    recording->name = "day";
    std::vector<Nanos> times = test::evenTimes(8'640'001, 100);
    std::erase_if(times, [](Nanos time) { return time % (3600 * kNanosPerSecond) > 3598 * kNanosPerSecond; });
    recording->devices.push_back(test::makeDevice("watch", {test::makeStream(StreamKind::accelerometer, std::move(times), 3, [](std::size_t, std::size_t) { return 1.0F; })}));
    AnnotationTier tier{"activity", TierKind::label, {}};
    static const char *const kLabels[] = {"walk", "sit", "stand", "lie", "run"};
    for (Nanos at = 0; at < 86'400; at += 10)
        tier.annotations.push_back({{at * kNanosPerSecond}, {(at + 10) * kNanosPerSecond}, kLabels[at / 10 % 5]});
    recording->tiers.push_back(std::move(tier));
    m_window->session().setRecording({1, recording, std::make_shared<const RecordingOverview>(computeOverview(*recording))});
    WindowRule rule;
    rule.channels = {StreamKind::accelerometer};
    form().setRule(rule);
    m_window->commands().toggleWindows->trigger();
    waitCut();
    QVERIFY(panel().windows() && panel().windows()->windows->windows.size() == 69'121);
    auto &watched = static_cast<test::WatchedApplication &>(*qApp);
    std::vector<double> answers;
    watched.startWatching();
    form().stride().setFocus();
    for (int step = 0; step < 20; ++step) {
        form().stride().setValue(0.5 + 0.05 * step);
        waitCut();
        answers.push_back(panel().lastAnswerMs());
        QTest::qWait(1);
    }
    const auto handlers = watched.stopWatching();
    std::ranges::sort(answers);
    std::vector<double> computed;
    for (const auto &handler : handlers)
        computed.push_back(handler.computedMs + handler.waitedMs);
    std::ranges::sort(computed);
    const double p99 = computed[computed.size() * 99 / 100];
    qInfo("24 h in up to %zu windows: answer median %.1f ms, worst %.1f ms; handlers p99 %.1f ms, worst %.1f ms", std::size_t{172'801}, answers[10], answers.back(), p99, computed.back());
    QVERIFY2(answers[answers.size() / 2] <= 50 * test::timeSlack(), qPrintable(QString::number(answers[answers.size() / 2])));
    QVERIFY2(p99 <= 8 * test::timeSlack() && computed.back() <= 30 * test::timeSlack(), qPrintable(QStringLiteral("%1, %2").arg(p99).arg(computed.back())));
}

int main(int argc, char *argv[])
{
    test::WatchedApplication application(argc, argv);
    WindowWindowsTest window;
    return QTest::qExec(&window, argc, argv);
}

#include "window_windows_test.moc"
