#include "widgets/form/json_editor.h"
#include "widgets/form/row_view.h"

#include "widgets/controls/chip_bar.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace kino;
using Json = nlohmann::json;

/** A form over a small table of its own, with real keys and clicks. What the text must be is written down by hand. */
class JsonEditorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::light); }
    void init();
    void cleanup() { m_editor.reset(); }

    void defaultsAreSeenAndNotWritten();
    void typingWritesOneValueAndKeepsComments();
    void whatIsTypedWronglyIsWrittenForTheJudge();
    void resetTakesTheKeyAway();
    void optionsFollowTheChoice();
    void optionsStandInTheGroupOfTheirChoice();
    void aFormIsShownWhole();
    void listsAreBuilt();
    void aDefaultListIsWrittenWhenAPartOfItChanges();
    void whatDoesNotApplyIsHiddenAndSaysWhy();
    void sectionsAreThereOrNot();
    void variantsAreChosen();
    void problemsStandBesideTheirFields();
    void theTextLeadsTheForm();
    void undoTakesBackAChangeInTheForm();
    void onlyDifferencesAndSearch();
    void chipsKeepTheirOrder();

private:
    static std::vector<FormField> table();
    FormVerdict judge(const Json &values) const;
    Json values() const { return m_editor->values().value_or(Json()); }
    template <class Control>
    Control *control(const std::string &path)
    {
        FormRowView *row = m_editor->form().rowAt(path);
        return row && row->isVisible() ? row->findChild<Control *>() : nullptr;
    }
    void type(const std::string &path, const QString &text);
    void pick(QComboBox *box, const QString &data);
    QToolButton *button(const std::string &path, const QString &name);

    std::unique_ptr<JsonEditor> m_editor;
    std::vector<FormProblem> m_more;
};

std::vector<FormField> JsonEditorTest::table()
{
    const FormField rate{.path = "rate", .kind = FieldKind::number, .title = "Learning rate"};
    const FormField sigma{.path = "sigma", .kind = FieldKind::number, .title = "Sigma"};
    const FormField turns{.path = "turns", .kind = FieldKind::whole, .title = "Turns"};
    return {
        {.path = "name", .kind = FieldKind::text, .title = "Name", .group = "Job"},
        {.path = "source", .kind = FieldKind::choice, .title = "Source", .group = "Data", .words = {"recordings", "images"}},
        {.path = "recordings", .kind = FieldKind::oneOf, .title = "Recordings", .group = "Data",
         .variants = {{.title = "All of the project", .holds = FieldVariant::Holds::nothing, .fixed = {{"project", "all"}}},
                      {.title = "With the tag", .key = "tag"},
                      {.title = "Files", .holds = FieldVariant::Holds::texts}}},
        {.path = "images", .kind = FieldKind::text, .title = "Images", .group = "Data", .isNeeded = true},
        {.path = "channels", .kind = FieldKind::choices, .title = "Channels", .group = "Data", .words = {"accelerometer", "gyroscope", "magnetometer"}},
        {.path = "train.epochs", .kind = FieldKind::whole, .title = "Epochs", .group = "Training", .help = "How often all windows are gone through."},
        {.path = "train.optimizer", .kind = FieldKind::named, .title = "Optimizer", .group = "Training", .named = {{"adam", "Adam", {}, {rate}}, {"sgd", "", {}, {rate, turns}}}},
        {.path = "train.stop", .kind = FieldKind::section, .title = "Early stopping", .group = "Training", .mayBeNull = true},
        {.path = "train.stop.patience", .kind = FieldKind::whole, .title = "Patience", .unit = "epochs", .group = "Training", .isNeeded = true},
        {.path = "augment", .kind = FieldKind::namedList, .title = "Augmentations", .group = "Training", .named = {{"scaling", "", {}, {sigma}}, {"rotation", "", {}, {}}}},
    };
}

FormVerdict JsonEditorTest::judge(const Json &values) const
{
    FormVerdict verdict;
    verdict.states["name"].usual = "";
    verdict.states["source"].usual = "recordings";
    verdict.states["channels"].usual = {"accelerometer", "gyroscope"};
    verdict.states["train.epochs"].usual = 20;
    verdict.states["train.optimizer"].usual = {{"name", "adam"}};
    verdict.states["train.optimizer.options.rate"].usual = 0.001;
    verdict.states["train.optimizer.options.turns"].usual = 3;
    verdict.states["augment"].usual = {{{"name", "scaling"}}};
    for (const char *place : {"0", "1", "2"})
        verdict.states[std::string("augment.") + place + ".options.sigma"].usual = 0.1;
    const bool areImages = values.value("source", Json("recordings")) == "images";
    verdict.states["images"] = {areImages, "goes with source images", nullptr};
    verdict.states["recordings"] = {!areImages, "goes with source recordings", nullptr};
    const Json *stop = valueAt(values, "train.stop");
    verdict.states["train.stop.patience"] = {stop && !stop->is_null(), "goes with train.stop", nullptr};
    if (const Json *epochs = valueAt(values, "train.epochs"); epochs && !epochs->is_number_integer())
        verdict.problems.push_back({"train.epochs", QStringLiteral("must be a whole number")});
    verdict.problems.insert(verdict.problems.end(), m_more.begin(), m_more.end());
    return verdict;
}

void JsonEditorTest::init()
{
    m_more.clear();
    m_editor = std::make_unique<JsonEditor>();
    connect(m_editor.get(), &JsonEditor::changed, m_editor.get(), [this] {
        if (m_editor->values())
            m_editor->setVerdict(judge(*m_editor->values()));
    });
    m_editor->resize(900, 900);
    m_editor->setFields(std::make_shared<const std::vector<FormField>>(table()));
    m_editor->setText(QStringLiteral("// Tried on two cores.\n{\n  \"name\": \"first\", // for the list\n  \"train\": {\n    \"epochs\": 5 // few\n  }\n}\n"));
    m_editor->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_editor.get()));
    QTRY_VERIFY(m_editor->form().isComplete());
}

void JsonEditorTest::type(const std::string &path, const QString &text)
{
    QTRY_VERIFY(m_editor->form().isComplete());
    auto *line = control<QLineEdit>(path);
    QVERIFY2(line, path.c_str());
    line->setFocus();
    line->selectAll();
    if (text.isEmpty())
        QTest::keyClick(line, Qt::Key_Delete);
    else
        QTest::keyClicks(line, text);
}

void JsonEditorTest::pick(QComboBox *box, const QString &data)
{
    QVERIFY(box);
    const int index = box->findData(data) >= 0 ? box->findData(data) : box->findText(data);
    QVERIFY2(index >= 0, qPrintable(data));
    box->setFocus();
    box->showPopup();
    box->view()->setCurrentIndex(box->model()->index(index, 0));
    QTest::keyClick(box->view(), Qt::Key_Return);
    QTRY_VERIFY(m_editor->form().isComplete());
}

QToolButton *JsonEditorTest::button(const std::string &path, const QString &name)
{
    FormRowView *row = m_editor->form().rowAt(path);
    if (!row)
        return nullptr;
    for (QToolButton *each : row->findChildren<QToolButton *>()) {
        if (each->accessibleName().startsWith(name) && each->isVisible())
            return each;
    }
    return nullptr;
}

void JsonEditorTest::defaultsAreSeenAndNotWritten()
{
    QCOMPARE(control<QLineEdit>("train.epochs")->text(), QStringLiteral("5"));
    QCOMPARE(control<QLineEdit>("train.optimizer.options.rate")->placeholderText(), QStringLiteral("0.001"));
    QCOMPARE(control<QLineEdit>("train.optimizer.options.rate")->text(), QString());
    QCOMPARE(control<QComboBox>("source")->currentText(), QStringLiteral("recordings"));
    QVERIFY(!values().contains("source"));
    QVERIFY(m_editor->form().rowAt("train.epochs")->isDifferent());
    QVERIFY(!m_editor->form().rowAt("source")->isDifferent());
    QVERIFY(control<QLineEdit>("train.epochs")->toolTip().contains(QStringLiteral("How often all windows")));
}

void JsonEditorTest::typingWritesOneValueAndKeepsComments()
{
    type("train.epochs", QStringLiteral("12"));
    QCOMPARE(m_editor->text(), QStringLiteral("// Tried on two cores.\n{\n  \"name\": \"first\", // for the list\n  \"train\": {\n    \"epochs\": 12 // few\n  }\n}\n"));
    // Options of a choice that is there by default: the choice is written with them.
    type("train.optimizer.options.rate", QStringLiteral("2e-4"));
    QCOMPARE(values()["train"], Json::parse("{\"epochs\": 12, \"optimizer\": {\"name\": \"adam\", \"options\": {\"rate\": 0.0002}}}"));
    QVERIFY(m_editor->text().contains(QStringLiteral("// few")));
    // A comma is a point, and what was typed stays as it was typed.
    type("train.optimizer.options.rate", QStringLiteral("0,50"));
    QCOMPARE(values()["train"]["optimizer"]["options"]["rate"], Json(0.5));
    QCOMPARE(control<QLineEdit>("train.optimizer.options.rate")->text(), QStringLiteral("0,50"));
}

void JsonEditorTest::whatIsTypedWronglyIsWrittenForTheJudge()
{
    type("train.epochs", QStringLiteral("many"));
    QCOMPARE(values()["train"]["epochs"], Json("many"));
    QCOMPARE(m_editor->errors(), 1);
    QVERIFY(m_editor->form().rowAt("train.epochs")->hasProblem());
    QCOMPARE(m_editor->problemsButton().text(), QStringLiteral("One problem"));
    type("train.epochs", QStringLiteral("7"));
    QCOMPARE(m_editor->errors(), 0);
    QVERIFY(!m_editor->form().rowAt("train.epochs")->hasProblem());
}

void JsonEditorTest::resetTakesTheKeyAway()
{
    QVERIFY(!button("source", QStringLiteral("Back to the default")));
    QTest::mouseClick(button("train.epochs", QStringLiteral("Back to the default")), Qt::LeftButton);
    QCOMPARE(values()["train"], Json::object());
    QCOMPARE(control<QLineEdit>("train.epochs")->placeholderText(), QStringLiteral("20"));
    QVERIFY(m_editor->text().contains(QStringLiteral("// few")));
    // So does an emptied field.
    type("name", {});
    QVERIFY(!values().contains("name"));
}

void JsonEditorTest::optionsFollowTheChoice()
{
    QVERIFY(!m_editor->form().rowAt("train.optimizer.options.turns"));
    type("train.optimizer.options.rate", QStringLiteral("0.5"));
    pick(control<QComboBox>("train.optimizer"), QStringLiteral("sgd"));
    QCOMPARE(values()["train"]["optimizer"], Json::parse("{\"name\": \"sgd\"}"));
    QVERIFY(control<QLineEdit>("train.optimizer.options.turns"));
    QCOMPARE(control<QLineEdit>("train.optimizer.options.rate")->text(), QString());
}

void JsonEditorTest::optionsStandInTheGroupOfTheirChoice()
{
    const auto top = [this](const std::string &path) { return control<QWidget>(path) ? m_editor->form().rowAt(path)->mapTo(m_editor.get(), QPoint()).y() : -1; };
    QVERIFY(top("train.optimizer") > 0);
    QVERIFY(top("train.optimizer.options.rate") > top("train.optimizer"));
    QVERIFY(top("train.optimizer.options.rate") < top("train.stop"));
    // What a search finds says of what it is an option.
    m_editor->findChild<QLineEdit *>()->setText(QStringLiteral("rate"));
    QTRY_VERIFY(m_editor->form().isComplete());
    QCOMPARE(m_editor->form().shownPaths(), (std::vector<std::string>{"train.optimizer", "train.optimizer.options.rate"}));
}

void JsonEditorTest::aFormIsShownWhole()
{
    FormView form;
    form.resize(600, 600);
    form.show();
    QVERIFY(QTest::qWaitForWindowExposed(&form));
    form.setValues(Json::object());
    form.setFields(std::make_shared<const std::vector<FormField>>(table()));
    QVERIFY(!form.isComplete());
    QVERIFY(!form.widget()->updatesEnabled());
    QTest::qWait(50); // nothing is made before it is known what applies
    QVERIFY(!form.rowAt("name"));
    QSignalSpy completed(&form, &FormView::completed);
    form.setVerdict(judge(Json::object()));
    QVERIFY(!form.widget()->updatesEnabled());
    QTRY_COMPARE(completed.count(), 1);
    QVERIFY(form.widget()->updatesEnabled());
    QVERIFY(form.rowAt("name") && form.rowAt("augment"));
}

void JsonEditorTest::listsAreBuilt()
{
    pick(control<QComboBox>("augment"), QStringLiteral("rotation"));
    QCOMPARE(values()["augment"], Json::parse("[{\"name\": \"scaling\"}, {\"name\": \"rotation\"}]"));
    pick(control<QComboBox>("augment"), QStringLiteral("scaling"));
    type("augment.2.options.sigma", QStringLiteral("0.3"));
    QCOMPARE(values()["augment"][2], Json::parse("{\"name\": \"scaling\", \"options\": {\"sigma\": 0.3}}"));
    QTest::mouseClick(button("augment.2", QStringLiteral("Earlier")), Qt::LeftButton);
    QCOMPARE(values()["augment"][1]["options"]["sigma"], Json(0.3));
    QTRY_VERIFY(m_editor->form().isComplete());
    QTest::mouseClick(button("augment.0", QStringLiteral("Take it out")), Qt::LeftButton);
    QCOMPARE(values()["augment"], Json::parse("[{\"name\": \"scaling\", \"options\": {\"sigma\": 0.3}}, {\"name\": \"rotation\"}]"));
    QTRY_VERIFY(m_editor->form().isComplete());
    QVERIFY(!m_editor->form().rowAt("augment.2"));
}

void JsonEditorTest::aDefaultListIsWrittenWhenAPartOfItChanges()
{
    QVERIFY(!values().contains("augment"));
    type("augment.0.options.sigma", QStringLiteral("0.2"));
    QCOMPARE(values()["augment"], Json::parse("[{\"name\": \"scaling\", \"options\": {\"sigma\": 0.2}}]"));
    // No entries is something else than the default.
    QTest::mouseClick(button("augment.0", QStringLiteral("Take it out")), Qt::LeftButton);
    QCOMPARE(values()["augment"], Json::array());
    QTest::mouseClick(button("augment", QStringLiteral("Back to the default")), Qt::LeftButton);
    QVERIFY(!values().contains("augment"));
}

void JsonEditorTest::whatDoesNotApplyIsHiddenAndSaysWhy()
{
    QVERIFY(!control<QLineEdit>("images"));
    QPushButton *more = nullptr;
    for (QPushButton *each : m_editor->form().findChildren<QPushButton *>()) {
        if (each->isVisible() && each->text().startsWith(QStringLiteral("One more does not apply")))
            more = more ? more : each;
    }
    QVERIFY(more);
    QTest::mouseClick(more, Qt::LeftButton);
    QTRY_VERIFY(m_editor->form().isComplete());
    QVERIFY(control<QLineEdit>("images"));
    QVERIFY(!control<QLineEdit>("images")->isEnabled());
    bool isSaid = false;
    for (QLabel *label : m_editor->form().rowAt("images")->findChildren<QLabel *>())
        isSaid = isSaid || label->text() == QStringLiteral("goes with source images");
    QVERIFY(isSaid);
    pick(control<QComboBox>("source"), QStringLiteral("images"));
    QVERIFY(control<QLineEdit>("images")->isEnabled());
}

void JsonEditorTest::sectionsAreThereOrNot()
{
    QVERIFY(!control<QLineEdit>("train.stop.patience"));
    QTest::mouseClick(control<QCheckBox>("train.stop"), Qt::LeftButton, {}, {8, 14});
    QCOMPARE(values()["train"]["stop"], Json::object());
    QTRY_VERIFY(m_editor->form().isComplete());
    QVERIFY(control<QLineEdit>("train.stop.patience"));
    type("train.stop.patience", QStringLiteral("3"));
    QTest::mouseClick(control<QCheckBox>("train.stop"), Qt::LeftButton, {}, {8, 14});
    QVERIFY(!values()["train"].contains("stop"));
}

void JsonEditorTest::variantsAreChosen()
{
    pick(control<QComboBox>("recordings"), QStringLiteral("With the tag"));
    type("recordings", QStringLiteral("pilot"));
    QCOMPARE(values()["recordings"], Json::parse("{\"tag\": \"pilot\"}"));
    pick(control<QComboBox>("recordings"), QStringLiteral("Files"));
    type("recordings", QStringLiteral("a/**/*.csv, b.csv"));
    QCOMPARE(values()["recordings"], Json::parse("[\"a/**/*.csv\", \"b.csv\"]"));
    pick(control<QComboBox>("recordings"), QStringLiteral("All of the project"));
    QCOMPARE(values()["recordings"], Json::parse("{\"project\": \"all\"}"));
}

void JsonEditorTest::problemsStandBesideTheirFields()
{
    m_more = {{"train.optimizer.options.momentum", "is no option of adam"}, {"flavour", "is unknown"}, {"recordings", "is not there yet", true}};
    type("name", QStringLiteral("x"));
    QVERIFY(m_editor->form().rowAt("train.optimizer")->hasProblem()); // the nearest line around it
    QVERIFY(m_editor->form().rowAt("recordings")->hasProblem());
    QCOMPARE(m_editor->errors(), 2);
    bool isOnTop = false;
    for (QLabel *label : m_editor->form().findChildren<QLabel *>())
        isOnTop = isOnTop || label->text() == QStringLiteral("flavour: is unknown");
    QVERIFY(isOnTop);
    QTest::mouseClick(&m_editor->problemsButton(), Qt::LeftButton);
    QVERIFY(m_editor->form().rowAt("recordings")->isAncestorOf(QApplication::focusWidget()));
    QTest::mouseClick(&m_editor->problemsButton(), Qt::LeftButton);
}

void JsonEditorTest::theTextLeadsTheForm()
{
    QVERIFY(!m_editor->source().isVisible());
    QTest::mouseClick(&m_editor->sourceButton(), Qt::LeftButton);
    QVERIFY(m_editor->source().isVisible());
    QSignalSpy changed(m_editor.get(), &JsonEditor::changed);
    m_editor->source().selectAll();
    QTest::keyClicks(&m_editor->source(), QStringLiteral("{\"source\": \"images\", "));
    QVERIFY(!m_editor->values());
    QVERIFY(!m_editor->form().isEnabled());
    QCOMPARE(m_editor->errors(), 1);
    QTest::keyClicks(&m_editor->source(), QStringLiteral("\"images\": \"photos\"}"));
    QTRY_VERIFY(m_editor->form().isComplete());
    QVERIFY(m_editor->form().isEnabled());
    QCOMPARE(control<QComboBox>("source")->currentText(), QStringLiteral("images"));
    QCOMPARE(control<QLineEdit>("images")->text(), QStringLiteral("photos"));
    QCOMPARE(m_editor->errors(), 0);
    QVERIFY(changed.count() >= 2);
}

void JsonEditorTest::undoTakesBackAChangeInTheForm()
{
    const QString before = m_editor->text();
    pick(control<QComboBox>("train.optimizer"), QStringLiteral("sgd"));
    QVERIFY(m_editor->text() != before);
    m_editor->source().undo();
    QCOMPARE(m_editor->text(), before);
    QCOMPARE(control<QComboBox>("train.optimizer")->currentData().toString(), QStringLiteral("adam"));
}

void JsonEditorTest::onlyDifferencesAndSearch()
{
    QTest::mouseClick(&m_editor->differentButton(), Qt::LeftButton);
    QCOMPARE(m_editor->form().shownPaths(), (std::vector<std::string>{"name", "train.epochs"}));
    QTest::mouseClick(&m_editor->differentButton(), Qt::LeftButton);
    m_editor->searchField().setFocus();
    QTest::keyClicks(&m_editor->searchField(), QStringLiteral("gone through"));
    QCOMPARE(m_editor->form().shownPaths(), (std::vector<std::string>{"train.epochs"}));
    QVERIFY(!control<QLineEdit>("name"));
}

void JsonEditorTest::chipsKeepTheirOrder()
{
    const auto chip = [&](const QString &name) {
        for (QToolButton *each : control<ChipBar>("channels")->findChildren<QToolButton *>()) {
            if (each->accessibleName() == name && !each->isHidden())
                return each;
        }
        return static_cast<QToolButton *>(nullptr);
    };
    QTest::mouseClick(chip(QStringLiteral("accelerometer")), Qt::LeftButton);
    QCOMPARE(values()["channels"], Json::parse("[\"gyroscope\"]"));
    QTest::mouseClick(chip(QStringLiteral("magnetometer")), Qt::LeftButton);
    QTest::mouseClick(chip(QStringLiteral("accelerometer")), Qt::LeftButton);
    QCOMPARE(values()["channels"].size(), std::size_t{3});
    QCOMPARE(values()["channels"][0], Json("gyroscope"));
}

QTEST_MAIN(JsonEditorTest)
#include "json_editor_test.moc"
