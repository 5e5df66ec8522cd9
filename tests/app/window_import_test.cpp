#include "app/kinoscope/import/dialog.h"
#include "app/kinoscope/import/form.h"
#include "app/kinoscope/import/report_dialog.h"
#include "app/kinoscope/inspect/recording_facts.h"
#include "app/kinoscope/library/menu.h"
#include "app/kinoscope/main_window.h"
#include "app/kinoscope/import/profile_save_dialog.h"
#include "core/data/profile/library.h"
#include "tests/support/window_fixture.h"
#include "widgets/window/message_line.h"
#include "widgets/import/report_view.h"
#include "widgets/import/table_preview.h"

#include <fstream>

using namespace kino;

/** Unknown files come into the window through the import dialog; imports are recognised, reported on and can be stopped. */
class WindowImportTest : public QObject, private test::WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void anUnknownTableIsAskedAbout();
    void aCorrectedColumnReachesTheSamples();
    void threeColumnsAtOnceBecomeXyz();
    void anotherCutIsReadAnew();
    void aSavedProfileIsUsedNextTime();
    void cancelImportsNothing();
    void whatIsStillAssumedStaysAWarning();
    void correctionsOutliveTheDialog();
    void onlyFilesOfAKindAreReadAlike();
    void whatAFolderHoldsBesideIsReported();
    void aMistakenUnitIsSaid();
    void aTimeThatComesTwiceIsCountedOnce();
    void anyFileGivesASentence_data();
    void anyFileGivesASentence();
    void aHugeFileDoesNotHoldTheWindow();
    void knownProfilesAreShownAsTheyAre();
    void theReportIsReadableAndCopied();
    void theSameFileAgainIsRecognised();
    void theSameFileAgainIsRecognisedInAProject();
    void aProjectKeepsACorrectedProfile();
    void oneBadFileStopsNoOther();
    void anImportCanBeStopped();

private:
    std::filesystem::path writeLogger(const std::string &name, const std::string &milli = "1000") const;
    ImportDialog *dropAndAsk(const std::vector<std::filesystem::path> &files);
    ImportDialog *dialogOf();
    void waitSettled(ImportDialog *dialog);
    void waitIdle() const { QTRY_VERIFY_WITH_TIMEOUT(!m_window->library().isBusy(), 30'000); }
    static void pick(QComboBox *box, const QString &text);
    static QWidget *field(ImportDialog *dialog, const QString &name);
    /** Messages of the warnings about what was guessed. */
    static QStringList assumed(const ImportReport &report);
};

/** 100 Hz, at rest, z up, in mg without saying so; one row of 500 is damaged. */
std::filesystem::path WindowImportTest::writeLogger(const std::string &name, const std::string &milli) const
{
    std::string text = "t;u;v;w\n";
    for (int i = 0; i < 500; ++i)
        text += std::to_string(i * 10) + (i == 7 ? ";oops;" : ";" + std::to_string(i % 3) + ";") + std::to_string(i % 5) + ";" + milli + "\n";
    return m_folder->write(name, text);
}

ImportDialog *WindowImportTest::dropAndAsk(const std::vector<std::filesystem::path> &files)
{
    drop(files);
    return dialogOf();
}

ImportDialog *WindowImportTest::dialogOf()
{
    if (!QTest::qWaitFor([this] { return m_window->libraryMenu().importDialog() != nullptr; }, 20'000))
        return nullptr;
    ImportDialog *dialog = m_window->libraryMenu().importDialog();
    waitSettled(dialog);
    return dialog;
}

void WindowImportTest::waitSettled(ImportDialog *dialog) { QVERIFY(QTest::qWaitFor([dialog] { return dialog->isSettled(); }, 20'000)); }

/** With the keyboard: down to the entry, as a person would. */
void WindowImportTest::pick(QComboBox *box, const QString &text)
{
    const int index = box->findText(text);
    QVERIFY2(index >= 0, qPrintable(text));
    box->setFocus();
    box->showPopup();
    box->view()->setCurrentIndex(box->model()->index(index, 0));
    QTest::keyClick(box->view(), Qt::Key_Return);
    QCOMPARE(box->currentIndex(), index);
}

QWidget *WindowImportTest::field(ImportDialog *dialog, const QString &name)
{
    for (QWidget *widget : dialog->form().findChildren<QWidget *>()) {
        if (widget->accessibleName() == name)
            return widget;
    }
    return nullptr;
}

QStringList WindowImportTest::assumed(const ImportReport &report)
{
    QStringList messages;
    for (const ReportRow &row : report) {
        if (row.code == "guess" && row.severity == Severity::warning)
            messages += QString::fromStdString(row.message);
    }
    return messages;
}

void WindowImportTest::anUnknownTableIsAskedAbout()
{
    ImportDialog *dialog = dropAndAsk({writeLogger("logger.csv")});
    QVERIFY(dialog);
    QCOMPARE(m_window->library().count(), 0);
    // The sentence, the guess and what would come of it are all there before anything is imported. The row that is left out
    // leaves 498 intervals in 4.99 s: 99.8 Hz.
    QVERIFY2(dialog->sentence().contains(QStringLiteral("No profile knows this file")), qPrintable(dialog->sentence()));
    QCOMPARE(dialog->preview().previewModel().columnCount(), 4);
    QVERIFY2(dialog->streamLines().value(0).contains(QStringLiteral("IMU/accelerometer 499 99.8 Hz")), qPrintable(dialog->streamLines().join(QLatin1Char('|'))));
    QVERIFY(dialog->importButton().isEnabled());
    // The damaged row is shown as it stands, with the reason.
    const TablePreviewModel &model = dialog->preview().previewModel();
    QCOMPARE(model.data(model.index(8, 1), Qt::DisplayRole).toString(), QStringLiteral("oops"));
    QVERIFY(model.data(model.index(8, 1), Qt::ToolTipRole).toString().contains(QStringLiteral("Line 9 is left out")));
    // Everything can be reached by keys and has a name.
    for (QWidget *widget : dialog->findChildren<QWidget *>()) {
        if (widget->isVisible() && (qobject_cast<QComboBox *>(widget) || qobject_cast<QAbstractSpinBox *>(widget) || qobject_cast<QAbstractButton *>(widget) || (qobject_cast<QLineEdit *>(widget) && !qobject_cast<QComboBox *>(widget->parentWidget()) && !qobject_cast<QAbstractSpinBox *>(widget->parentWidget())))) {
            const auto *button = qobject_cast<QAbstractButton *>(widget);
            const QString name = button && !button->text().isEmpty() ? button->text() : widget->accessibleName();
            const bool isInside = widget->parentWidget() && (widget->parentWidget()->inherits("QTableView") || widget->parentWidget()->inherits("QLineEdit"));
            QVERIFY2(isInside || (!name.isEmpty() && (widget->focusPolicy() & Qt::TabFocus)), qPrintable(QString::fromLatin1(widget->metaObject()->className()) + name));
        }
    }
    QTest::mouseClick(&dialog->importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    QTRY_VERIFY(m_window->session().recording());
    QCOMPARE(m_window->session().recording()->devices[0].streams[0].samples(), std::size_t{499});
    QVERIFY(m_window->messages().message().contains(QStringLiteral("1 recording imported")));
}

void WindowImportTest::aCorrectedColumnReachesTheSamples()
{
    ImportDialog *dialog = dropAndAsk({writeLogger("logger.csv")});
    QVERIFY(dialog);
    // Chosen by its head in the preview, said by the form: the third number is turned round and counts in 1/500 g.
    auto *header = dialog->preview().horizontalHeader();
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(header->sectionViewportPosition(3) + 20, header->height() / 2));
    QCOMPARE(dialog->form().chosenColumns(), std::vector<int>{3});
    const auto field = [&](const QString &name) {
        for (QWidget *widget : dialog->form().findChildren<QWidget *>()) {
            if (widget->accessibleName() == name)
                return widget;
        }
        return static_cast<QWidget *>(nullptr);
    };
    auto *unit = qobject_cast<QComboBox *>(field(QStringLiteral("Unit")));
    auto *scale = qobject_cast<QLineEdit *>(field(QStringLiteral("Scale \u00d7")));
    QVERIFY(unit && scale);
    pick(unit, QStringLiteral("g"));
    scale->setFocus();
    scale->selectAll();
    QTest::keyClicks(scale, QStringLiteral("-1/500"));
    waitSettled(dialog);
    QCOMPARE(dialog->form().draft().columns[3].unit, std::string("g"));
    QCOMPARE(dialog->form().draft().columns[3].scale, -1.0 / 500);
    // One sensor has one unit.
    QCOMPARE(dialog->form().draft().columns[1].unit, std::string("g"));
    // The preview follows: 1000 / -500 g in m/s².
    for (QToolButton *button : dialog->findChildren<QToolButton *>()) {
        if (button->text() == QStringLiteral("As read"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    const TablePreviewModel &model = dialog->preview().previewModel();
    QCOMPARE(model.data(model.index(1, 3), Qt::DisplayRole).toString(), QStringLiteral("-19.6133"));
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    QTRY_VERIFY(m_window->session().recording());
    QCOMPARE(m_window->session().recording()->devices[0].streams[0].values[2][0], static_cast<float>(-2 * 9.80665));
}

void WindowImportTest::threeColumnsAtOnceBecomeXyz()
{
    ImportDialog *dialog = dropAndAsk({m_folder->write("plain.csv", [] {
        std::string text = "n,p,q,r\n";
        for (int i = 0; i < 60; ++i)
            text += std::to_string(i) + ",0.1,0.2,0.3\n";
        return text;
    }())});
    QVERIFY(dialog);
    auto *header = dialog->preview().horizontalHeader();
    const auto click = [&](int column, Qt::KeyboardModifiers modifiers) { QTest::mouseClick(header->viewport(), Qt::LeftButton, modifiers, QPoint(header->sectionViewportPosition(column) + 20, 10)); };
    click(1, {});
    click(3, Qt::ShiftModifier);
    QCOMPARE(dialog->form().chosenColumns(), (std::vector<int>{1, 2, 3}));
    QComboBox *use = nullptr;
    for (QComboBox *box : dialog->form().findChildren<QComboBox *>())
        use = box->accessibleName() == QStringLiteral("It is") ? box : use;
    QVERIFY(use);
    pick(use, QStringLiteral("Gyroscope"));
    waitSettled(dialog);
    const ProfileDraft &draft = dialog->form().draft();
    const char *axes[] = {"x", "y", "z"};
    for (std::size_t i = 1; i < 4; ++i) {
        QCOMPARE(draft.columns[i].kind, StreamKind::gyroscope);
        QCOMPARE(draft.columns[i].axis, std::string(axes[i - 1]));
        QCOMPARE(draft.columns[i].unit, std::string("rad/s"));
    }
    QVERIFY2(dialog->streamLines().join(QLatin1Char('|')).contains(QStringLiteral("IMU/gyroscope 60")), qPrintable(dialog->sentence() + dialog->streamLines().join(QLatin1Char('|'))));
}

void WindowImportTest::anotherCutIsReadAnew()
{
    ImportDialog *dialog = dropAndAsk({writeLogger("logger.csv")});
    QVERIFY(dialog);
    QComboBox *separator = nullptr;
    for (QComboBox *box : dialog->form().findChildren<QComboBox *>())
        separator = box->accessibleName() == QStringLiteral("Separator") ? box : separator;
    pick(separator, QStringLiteral("Tab"));
    waitSettled(dialog);
    QCOMPARE(dialog->preview().previewModel().columnCount(), 1);
    QVERIFY(!dialog->importButton().isEnabled());
    QVERIFY(!dialog->sentence().isEmpty());
    pick(separator, QStringLiteral("Semicolon  ;"));
    waitSettled(dialog);
    QCOMPARE(dialog->preview().previewModel().columnCount(), 4);
    QVERIFY2(dialog->importButton().isEnabled(), qPrintable(dialog->sentence()));
}

void WindowImportTest::aSavedProfileIsUsedNextTime()
{
    const auto first = writeLogger("glove_01.csv");
    const auto second = writeLogger("glove_02.csv", "998");
    ImportDialog *dialog = dropAndAsk({first});
    QVERIFY(dialog);
    QTest::mouseClick(&dialog->saveButton(), Qt::LeftButton);
    auto *save = dialog->findChild<ProfileSaveDialog *>();
    QVERIFY(save);
    QCOMPARE(save->name().text(), QStringLiteral("glove"));
    save->name().setFocus();
    save->name().selectAll();
    QTest::keyClicks(&save->name(), QStringLiteral("data-glove"));
    QTRY_VERIFY_WITH_TIMEOUT(save->saveButton().isEnabled(), 10'000);
    QVERIFY2(save->note().contains(QStringLiteral("2 of 2")), qPrintable(save->note()));
    QTest::mouseClick(&save->saveButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(*m_folder / "profiles" / "data-glove.json"), 10'000);
    waitSettled(dialog);
    QTRY_COMPARE(dialog->readAs().currentData().toString(), QStringLiteral("data-glove"));
    QVERIFY(std::ranges::any_of(loadProfiles().profiles, [](const auto &profile) { return profile->name == "data-glove" && !profile->builtIn; }));
    QTest::mouseClick(&dialog->importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    // The next of the kind comes in without a question.
    QTRY_VERIFY(!m_window->libraryMenu().importDialog());
    m_window->openPaths({second});
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 2, 20'000);
    waitIdle();
    QVERIFY(!m_window->libraryMenu().importDialog());
    m_window->library().choose(m_window->library().model().allItems().back().id);
    QTRY_COMPARE(m_window->session().recording()->format, std::string("data-glove"));
}

void WindowImportTest::cancelImportsNothing()
{
    ImportDialog *dialog = dropAndAsk({writeLogger("logger.csv")});
    QVERIFY(dialog);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->libraryMenu().importDialog());
    QCOMPARE(m_window->library().count(), 0);
}

/** No times, no units: the rate, the unit of one sensor and that of the other are three assumptions. */
void WindowImportTest::whatIsStillAssumedStaysAWarning()
{
    std::string text = "acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z\n";
    for (int i = 0; i < 400; ++i)
        text += "0.0" + std::to_string(i % 7) + ",0.01,0.99" + std::to_string(i % 10) + ",1.0,2.0,0." + std::to_string(i % 10) + "\n";
    ImportDialog *dialog = dropAndAsk({m_folder->write("no_times.csv", text)});
    QVERIFY(dialog);
    const auto warnings = [&] { return assumed(dialog->report().model().report()); };
    QCOMPARE(warnings().size(), 3);
    auto *rate = qobject_cast<QLineEdit *>(field(dialog, QStringLiteral("Rate in Hz")));
    QVERIFY(rate);
    rate->setFocus();
    rate->selectAll();
    QTest::keyClicks(rate, QStringLiteral("50"));
    waitSettled(dialog);
    // The rate is said; the units are as they were.
    QCOMPARE(warnings().size(), 2);
    QVERIFY2(warnings().filter(QStringLiteral("no unit")).size() == 2, qPrintable(warnings().join(QLatin1Char('\n'))));
    QVERIFY2(dialog->sentence().contains(QStringLiteral("Still assumed")), qPrintable(dialog->sentence()));
    // The first sensor's unit is chosen as it stands: confirmed.
    dialog->form().chooseColumns({0, 1, 2});
    auto *unit = qobject_cast<QComboBox *>(field(dialog, QStringLiteral("Unit")));
    // To pass through the field says nothing.
    unit->setFocus();
    QVERIFY(unit->hasFocus());
    QTest::keyClick(unit, Qt::Key_Tab);
    waitSettled(dialog);
    QCOMPARE(warnings().size(), 2);
    pick(unit, unit->currentText());
    waitSettled(dialog);
    QCOMPARE(warnings().size(), 1);
    QVERIFY(warnings().front().contains(QStringLiteral("gyr_x")));
    QTest::mouseClick(&dialog->importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    QTRY_VERIFY(m_window->session().recording());
    // What is kept says so, too.
    QCOMPARE(assumed(m_window->session().recording()->report).size(), 1);
    QCOMPARE(assumed(m_window->library().lastImport().report).size(), 1);
}

void WindowImportTest::correctionsOutliveTheDialog()
{
    const auto file = writeLogger("logger.csv");
    ImportDialog *dialog = dropAndAsk({file});
    QVERIFY(dialog);
    dialog->form().chooseColumns({3});
    auto *scale = qobject_cast<QLineEdit *>(field(dialog, QStringLiteral("Scale \u00d7")));
    scale->setFocus();
    scale->selectAll();
    QTest::keyClicks(scale, QStringLiteral("-1/500"));
    waitSettled(dialog);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog->isVisible());
    QCOMPARE(m_window->library().count(), 0);
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("your corrections are kept")), qPrintable(m_window->messages().message()));
    // The report names the file, why it was not imported, and leads back.
    m_window->commands().importReport->trigger();
    auto *report = m_window->findChild<ImportReportDialog *>();
    QVERIFY(report && report->isVisible());
    const ImportReport &rows = report->report().model().report();
    const auto row = std::ranges::find(rows, std::string("needs-a-look"), &ReportRow::code);
    QVERIFY(row != rows.end());
    QCOMPARE(row->file, file);
    QVERIFY2(row->message.find("the guess is only") != std::string::npos, row->message.c_str());
    QTest::mouseClick(&report->lookButton(), Qt::LeftButton);
    QTRY_VERIFY(dialog->isVisible());
    QCOMPARE(m_window->libraryMenu().importDialog(), dialog);
    QCOMPARE(dialog->form().draft().columns[3].scale, -1.0 / 500);
    QTest::mouseClick(&dialog->importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    QVERIFY(m_window->library().lastImport().waiting.empty());
    QVERIFY(!report->lookButton().isVisible());
}

void WindowImportTest::onlyFilesOfAKindAreReadAlike()
{
    std::string tabs = "t\tu\tv\tw\n";
    for (int i = 0; i < 50; ++i)
        tabs += std::to_string(i * 10) + "\t1\t2\t1000\n";
    ImportDialog *dialog = dropAndAsk({writeLogger("a.csv"), m_folder->write("b.csv", tabs), writeLogger("c.csv", "998")});
    QVERIFY(dialog);
    waitSettled(dialog);
    QVERIFY(dialog->forAll().isVisible());
    QCOMPARE(dialog->forAll().text(), QStringLiteral("Read the 2 files of this kind like this"));
    QCOMPARE(dialog->importButton().text(), QStringLiteral("&Import 2 files"));
    QTest::mouseClick(&dialog->importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 2, 20'000);
    waitIdle();
    waitSettled(dialog);
    // The other one is looked at by itself.
    QCOMPARE(dialog->files(), std::vector<std::filesystem::path>{*m_folder / "b.csv"});
    QVERIFY(!dialog->forAll().isVisible());
    QTest::mouseClick(&dialog->importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 3, 20'000);
    waitIdle();
}

void WindowImportTest::whatAFolderHoldsBesideIsReported()
{
    std::string rows = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2]\n";
    for (int i = 0; i < 300; ++i)
        rows += std::to_string(i) + "e-2,0.1,0.2,9.8\n";
    m_folder->write("set/walk.csv", rows);
    m_folder->write("set/one.bag", "#ROSBAG V2.0\n");
    m_folder->write("set/two.bag", "#ROSBAG V2.0\n");
    m_folder->write("set/windows.csv", "start,end,text\n1,2,sits\n2,3,walks\n");
    m_folder->write("set/README.md", "# Read me\n");
    m_window->openPaths({*m_folder / "set"});
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    const ImportReport &report = m_window->library().lastImport().report;
    const auto rowOf = [&](const std::string &file) {
        const auto row = std::ranges::find_if(report, [&](const ReportRow &each) { return each.code == "passed-over" && each.file.filename() == file; });
        return row == report.end() ? nullptr : &*row;
    };
    const ReportRow *bags = rowOf("one.bag");
    QVERIFY(bags && bags->count == 2 && bags->severity == Severity::warning);
    QVERIFY2(bags->message.starts_with("2 .bag files not opened: logs of ROS"), bags->message.c_str());
    QVERIFY(rowOf("windows.csv") && rowOf("windows.csv")->severity == Severity::warning);
    QVERIFY(rowOf("README.md") && rowOf("README.md")->severity == Severity::info);
    QVERIFY(!rowOf("walk.csv"));
    // A folder of nothing else: the sentence leads to the report.
    m_folder->write("bags/one.bag", "#ROSBAG V2.0\n");
    m_window->openPaths({*m_folder / "bags"});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->messages().message().contains(QStringLiteral("No recordings in \u201cbags\u201d")), 20'000);
    waitIdle();
    QVERIFY(rowOf("one.bag") && m_window->library().lastImport().count(Severity::warning) == 1);
}

/** The header says m/s^2 and rad/s; the numbers are g and deg/s. */
void WindowImportTest::aMistakenUnitIsSaid()
{
    std::string text = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2],Gyr X [rad/s],Gyr Y [rad/s],Gyr Z [rad/s]\n";
    for (int i = 0; i < 600; ++i)
        text += std::to_string(i) + "e-2,0.01,0.02,1.0" + std::to_string(i % 3) + ",160,10,1" + std::to_string(i % 10) + "\n";
    const auto file = m_folder->write("walk.csv", text);
    m_window->openPaths({file});
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    QStringList doubts;
    for (const ReportRow &row : m_window->library().lastImport().report) {
        if (row.code == "unit-doubt" && row.severity == Severity::warning)
            doubts += QString::fromStdString(row.message);
    }
    QCOMPARE(doubts.size(), 2);
    QVERIFY2(doubts[0].contains(QStringLiteral("look like g, but were taken for m/s^2")), qPrintable(doubts[0]));
    QVERIFY2(doubts[1].contains(QStringLiteral("look like deg/s")), qPrintable(doubts[1]));
    // Nothing was converted because of it.
    QCOMPARE(m_window->session().recording()->devices[0].streams[0].values[0][0], 0.01F);
    ImportDialog *dialog = m_window->libraryMenu().openImportDialog({file});
    waitSettled(dialog);
    QVERIFY(std::ranges::any_of(dialog->report().model().report(), [](const ReportRow &row) { return row.code == "unit-doubt"; }));
    dialog->close();
}

/** Quality, the badge and the import report say the same of two sensors that share their rows. */
void WindowImportTest::aTimeThatComesTwiceIsCountedOnce()
{
    std::string text = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2],Gyr X [rad/s],Gyr Y [rad/s],Gyr Z [rad/s]\n";
    for (int i = 0; i < 300; ++i)
        text += std::to_string(i >= 100 && i < 107 ? 100 : i) + "e-2,0.1,0.2,9.8" + std::to_string(i % 10) + ",0.1,0.2,0." + std::to_string(i % 10) + "\n";
    m_window->openPaths({m_folder->write("walk.csv", text)});
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    const OpenRecording &open = m_window->session().open();
    QCOMPARE(open.recording->devices[0].streams.size(), std::size_t{2});
    const DetailSection section = qualitySection(*open.recording, *open.overview);
    const auto row = std::ranges::find(section.rows, QStringLiteral("Duplicate times"), &DetailRow::label);
    QVERIFY(row != section.rows.end());
    QCOMPARE(row->values, QStringList{QStringLiteral("6")});
    std::int64_t reported = 0;
    for (const ReportRow &each : open.recording->report)
        reported += each.code == "duplicate-time" ? each.count : 0;
    QCOMPARE(reported, std::int64_t{6});
}

void WindowImportTest::anyFileGivesASentence_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("blank lines") << QByteArray("\n\n \n");
    QTest::newRow("zeros") << QByteArray(8192, '\0');
    QByteArray noise(70'000, ' ');
    std::uint32_t state = 3;
    for (char &c : noise)
        c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    QTest::newRow("noise") << noise;
    QTest::newRow("picture") << QByteArray::fromHex("89504e470d0a1a0a0000000d49484452") + QByteArray(500, '\x01');
    QTest::newRow("words") << QByteArray("to be or not to be\nthat is the question\n");
    QTest::newRow("header alone") << QByteArray("t,ax,ay,az\n");
    QTest::newRow("one endless line") << QByteArray(3'000'000, '7');
    QTest::newRow("half a UTF-16 character") << QByteArray("\xFF\xFEt\0,\0a\0\n", 9);
    QTest::newRow("many columns") << QByteArray("1,").repeated(30'000) + "\n" + QByteArray("2,").repeated(30'000) + "\n";
    QTest::newRow("open quote") << QByteArray("t,ax,ay,az\n0,\"1,2,3\n1,2,3,4\n2,2,3,4\n");
}

void WindowImportTest::anyFileGivesASentence()
{
    QFETCH(QByteArray, content);
    const auto path = m_folder->write("strange.csv", std::string_view(content.constData(), static_cast<std::size_t>(content.size())));
    ImportDialog *dialog = m_window->libraryMenu().openImportDialog({path});
    waitSettled(dialog);
    QVERIFY(dialog->sentence().size() > 12);
    QVERIFY(dialog->grab().width() > 0);
    // Playing with the form does no harm.
    for (QComboBox *box : dialog->form().findChildren<QComboBox *>()) {
        if (box->isEnabled() && box->isVisible())
            QTest::keyClick(box, Qt::Key_Down);
    }
    waitSettled(dialog);
    dialog->close();
}

void WindowImportTest::aHugeFileDoesNotHoldTheWindow()
{
    const auto path = *m_folder / "long.csv";
    {
        std::ofstream out(path, std::ios::binary);
        std::string block;
        for (int i = 0; i < 20'000; ++i)
            block += "1,0.5,0.25,9.81,0.1,0.2,0.3\n";
        out << "t,ax,ay,az,gx,gy,gz\n";
        for (int i = 0; i < 60; ++i)
            out << block; // 34 MB, 1.2 million rows
    }
    auto *application = static_cast<test::WatchedApplication *>(qApp);
    application->startWatching();
    ImportDialog *dialog = m_window->libraryMenu().openImportDialog({path});
    QTRY_VERIFY_WITH_TIMEOUT(dialog->preview().previewModel().rowCount() > 0, 20'000);
    waitSettled(dialog);
    const auto handlers = application->stopWatching();
    double worst = 0;
    for (const auto &handler : handlers)
        worst = std::max(worst, handler.waitedMs);
    // Whatever the reading costs, it is not this thread that waits for it.
    QVERIFY2(worst <= 30 * test::timeSlack(), qPrintable(QStringLiteral("waited %1 ms").arg(worst)));
    QVERIFY2(dialog->streamLines().value(0).contains(QStringLiteral("1,200,000")), qPrintable(dialog->streamLines().join(QLatin1Char('|'))));
    dialog->close();
}

void WindowImportTest::knownProfilesAreShownAsTheyAre()
{
    KINO_NEEDS_TEST_DATA();
    const auto walk = test::testDataFolder() / "xio_gait_tracking" / "short_walk.csv";
    ImportDialog *dialog = m_window->libraryMenu().openImportDialog({walk});
    waitSettled(dialog);
    QTRY_VERIFY(dialog->readAs().findData(QStringLiteral("x-io")) >= 0);
    pick(&dialog->readAs(), QStringLiteral("x-io"));
    waitSettled(dialog);
    QVERIFY2(dialog->sentence().contains(QStringLiteral("x-io")), qPrintable(dialog->sentence()));
    // README of the data: 397.4 Hz (measured).
    QVERIFY2(dialog->streamLines().join(QLatin1Char('|')).contains(QStringLiteral("397.4 Hz")), qPrintable(dialog->streamLines().join(QLatin1Char('|'))));
    dialog->close();
}

void WindowImportTest::theReportIsReadableAndCopied()
{
    ImportDialog *dialog = dropAndAsk({writeLogger("logger.csv")});
    QVERIFY(dialog);
    QTest::mouseClick(&dialog->importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    m_window->commands().importReport->trigger();
    auto *report = m_window->findChild<ImportReportDialog *>();
    QVERIFY(report && report->isVisible());
    ReportModel &model = report->report().model();
    int badRow = -1;
    for (int row = 0; row < model.rowCount(); ++row)
        badRow = model.row(row).code == "bad-row" ? row : badRow;
    QVERIFY(badRow >= 0);
    QCOMPARE(model.data(model.index(badRow, ReportModel::lineColumn), Qt::DisplayRole).toString(), QStringLiteral("9"));
    QCOMPARE(model.data(model.index(badRow, ReportModel::fileColumn), Qt::DisplayRole).toString(), QStringLiteral("logger.csv"));
    const int all = model.rowCount();
    const int notes = static_cast<int>(model.count(Severity::info));
    QVERIFY(notes > 0 && notes < all);
    // Notes off: only warnings stay, and only they are copied.
    for (QToolButton *button : report->report().findChildren<QToolButton *>()) {
        if (button->text().contains(QStringLiteral("note")))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(model.rowCount(), all - notes);
    report->report().table().setFocus();
    QTest::mouseClick(report->report().findChild<QToolButton *>(QStringLiteral("copyReport")), Qt::LeftButton);
    const QString text = QGuiApplication::clipboard()->text();
    QCOMPARE(text.count(QLatin1Char('\n')), all - notes + 1);
    QVERIFY(text.contains(QStringLiteral("bad-row")));
    QVERIFY(!text.contains(QStringLiteral("\nnote")));
}

void WindowImportTest::theSameFileAgainIsRecognised()
{
    const std::string rows = [] {
        std::string text = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2]\n";
        for (int i = 0; i < 300; ++i)
            text += std::to_string(i) + "e-2,0.1,0.2,9.8\n";
        return text;
    }();
    const auto path = m_folder->write("walk.csv", rows);
    m_window->openPaths({path});
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    m_window->openPaths({path});
    waitIdle();
    QCOMPARE(m_window->library().count(), 1);
    QCOMPARE(m_window->library().lastImport().known, 1);
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("already here")), qPrintable(m_window->messages().message()));
    // A copy under another name is the same recording.
    m_window->openPaths({m_folder->write("copy of walk.csv", rows)});
    waitIdle();
    QCOMPARE(m_window->library().count(), 1);
    QCOMPARE(m_window->library().lastImport().known, 1);
    // Changed: said, and renewed in its place.
    m_folder->write("walk.csv", rows + "3.0,0.1,0.2,9.8\n");
    m_window->openPaths({path});
    waitIdle();
    QCOMPARE(m_window->library().count(), 1);
    QCOMPARE(m_window->library().lastImport().changed, 1);
    QVERIFY(std::ranges::any_of(m_window->library().lastImport().report, [](const ReportRow &row) { return row.code == "changed" && row.severity == Severity::warning; }));
    QCOMPARE(m_window->session().recording()->devices[0].streams[0].samples(), std::size_t{301});
}

void WindowImportTest::theSameFileAgainIsRecognisedInAProject()
{
    const auto folder = *m_folder / "study.kino";
    Project::create(folder);
    m_window->openPaths({folder});
    waitIdle();
    QCOMPARE(m_window->library().project(), folder);
    const std::string rows = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2]\n0,0,0,9.8\n0.01,0,0,9.8\n0.02,0,0,9.8\n0.03,0,0,9.8\n";
    const auto path = m_folder->write("walk.csv", rows);
    drop({}); // nothing: no harm
    m_window->openPaths({path});
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    QCOMPARE(Project::open(folder).recordings().size(), std::size_t{1});
    m_window->openPaths({path});
    waitIdle();
    QCOMPARE(m_window->library().lastImport().known, 1);
    QCOMPARE(m_window->library().count(), 1);
    m_folder->write("walk.csv", rows + "0.04,0,0,9.8\n");
    m_window->openPaths({path});
    waitIdle();
    QCOMPARE(m_window->library().lastImport().changed, 1);
    QCOMPARE(m_window->library().count(), 1);
    QCOMPARE(Project::open(folder).recordings().size(), std::size_t{1});
    QCOMPARE(m_window->session().recording()->devices[0].streams[0].samples(), std::size_t{5});
}

void WindowImportTest::aProjectKeepsACorrectedProfile()
{
    const auto folder = *m_folder / "study.kino";
    Project::create(folder);
    m_window->openPaths({folder});
    waitIdle();
    ImportDialog *dialog = dropAndAsk({writeLogger("logger.csv")});
    QVERIFY(dialog);
    QLineEdit *device = nullptr;
    for (QLineEdit *edit : dialog->form().findChildren<QLineEdit *>())
        device = edit->accessibleName() == QStringLiteral("Device") ? edit : device;
    device->setFocus();
    QTest::keyClicks(device, QStringLiteral("shoe"));
    waitSettled(dialog);
    QTest::mouseClick(&dialog->importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 20'000);
    waitIdle();
    // The same file again is in the project: nothing is asked.
    drop({*m_folder / "logger.csv"});
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().lastImport().known, 1, 20'000);
    waitIdle();
    QCOMPARE(m_window->library().lastImport().uncertain, 0);
    QVERIFY(!m_window->libraryMenu().importDialog());
    QVERIFY2(m_window->library().lastImport().report.front().message.find("is in the library already, as 'logger'") != std::string::npos, m_window->library().lastImport().report.front().message.c_str());
    // Read again without the cache, as on another day.
    m_window.reset();
    std::filesystem::remove_all(folder / "cache");
    Project project = Project::open(folder);
    const Recording again = project.loadRecording(project.recordings().front().id);
    QCOMPARE(again.devices.at(0).name, std::string("shoe"));
    QCOMPARE(again.devices[0].streams.at(0).samples(), std::size_t{499});
}

void WindowImportTest::oneBadFileStopsNoOther()
{
    std::filesystem::create_directories(*m_folder / "set");
    const std::string rows = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2]\n0,0,0,9.8\n0.01,0,0,9.8\n0.02,0,0,9.8\n0.03,0,0,9.";
    const auto good = m_folder->write("set/good.csv", rows + "8\n");
    const auto better = m_folder->write("set/better.csv", rows + "7\n");
    const auto bad = m_folder->write("set/broken.mp4", "no video at all");
    m_window->openPaths({good, bad, better, *m_folder / "not there.csv"});
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 2, 20'000);
    waitIdle();
    const ImportSummary &summary = m_window->library().lastImport();
    QCOMPARE(summary.added, 2);
    QCOMPARE(summary.failed, 2);
    QCOMPARE(summary.count(Severity::error), std::size_t{2});
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("2 could not be read")), qPrintable(m_window->messages().message()));
    QVERIFY(std::ranges::any_of(summary.report, [&](const ReportRow &row) { return row.severity == Severity::error && row.file == bad && !row.message.empty(); }));
}

void WindowImportTest::anImportCanBeStopped()
{
    std::filesystem::create_directories(*m_folder / "many");
    for (int file = 0; file < 120; ++file) {
        std::string text = "Time [s],Acc X [m/s^2],Acc Y [m/s^2],Acc Z [m/s^2]\n";
        for (int i = 0; i < 3000; ++i)
            text += std::to_string(i) + "e-2," + std::to_string(file) + ",0.2,9.8\n";
        m_folder->write("many/r" + std::to_string(file) + ".csv", text);
    }
    m_window->openPaths({*m_folder / "many"});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->library().count() > 0, 20'000);
    // By the cross beside the progress.
    for (QToolButton *button : m_window->messages().findChildren<QToolButton *>()) {
        if (button->accessibleName() == QStringLiteral("Stop"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    waitIdle();
    const int count = m_window->library().count();
    QVERIFY(count > 0 && count < 120);
    QVERIFY(m_window->library().lastImport().isStopped);
    QCOMPARE(m_window->library().lastImport().added, count);
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("then stopped")), qPrintable(m_window->messages().message()));
}

int main(int argc, char *argv[])
{
    test::WatchedApplication application(argc, argv);
    WindowImportTest window;
    return QTest::qExec(&window, argc, argv);
}

#include "window_import_test.moc"
