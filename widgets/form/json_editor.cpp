#include "widgets/form/json_editor.h"

#include "core/base/error.h"
#include "widgets/controls/chip_button.h"
#include "widgets/form/json_text.h"
#include "widgets/style/theme.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTextBlock>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace kino {
namespace {

/** A text that a person cannot read would only make the window slow. */
constexpr int kMostLetters = 1'000'000;

} // namespace

JsonEditor::JsonEditor(QWidget *parent)
    : QWidget(parent), m_fields(std::make_shared<const std::vector<FormField>>()), m_form(new FormView(this)), m_source(new QPlainTextEdit(this)),
      m_search(new QLineEdit(this)), m_different(makeChip(tr("Changed only"), tr("Only what differs from its default"), this)),
      m_showSource(makeChip(tr("JSON"), tr("The text behind the form, to be edited too"), this)), m_problems(new QPushButton(this)), m_fault(new QLabel(this))
{
    m_different->setCheckable(true);
    m_showSource->setCheckable(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(12, 6, 12, 6);
    bar->setSpacing(8);
    m_search->setPlaceholderText(tr("Find a field"));
    m_search->setAccessibleName(tr("Find a field"));
    m_search->setClearButtonEnabled(true);
    m_problems->setProperty("look", QStringLiteral("link"));
    bar->addWidget(m_search, 1);
    bar->addWidget(m_different);
    bar->addWidget(m_showSource);
    bar->addWidget(m_problems);
    column->addLayout(bar);
    auto *parts = new QSplitter(Qt::Horizontal, this);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(1);
    parts->addWidget(m_form);
    auto *text = new QWidget(parts);
    auto *textColumn = new QVBoxLayout(text);
    textColumn->setContentsMargins(0, 0, 0, 0);
    textColumn->setSpacing(0);
    m_source->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_source->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_source->setTabChangesFocus(true);
    m_source->setAccessibleName(tr("Specification as JSON"));
    m_source->setFrameShape(QFrame::NoFrame);
    m_fault->setProperty("role", QStringLiteral("bad"));
    m_fault->setContentsMargins(12, 4, 12, 4);
    m_fault->setWordWrap(true);
    m_fault->hide();
    textColumn->addWidget(m_source, 1);
    textColumn->addWidget(m_fault);
    parts->addWidget(text);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    m_form->setMinimumWidth(400);
    m_source->setMinimumWidth(240);
    parts->setSizes({560, 440});
    text->hide();
    column->addWidget(parts, 1);
    connect(m_showSource, &QToolButton::toggled, text, &QWidget::setVisible);
    connect(m_different, &QToolButton::toggled, m_form, &FormView::setOnlyDifferent);
    connect(m_search, &QLineEdit::textChanged, m_form, &FormView::setSearch);
    connect(m_problems, &QPushButton::clicked, this, [this] {
        if (m_values) {
            m_form->focusProblem();
        } else {
            m_showSource->setChecked(true);
            m_source->setFocus();
        }
    });
    connect(m_form, &FormView::edited, this, &JsonEditor::takeEdits);
    connect(m_source, &QPlainTextEdit::textChanged, this, &JsonEditor::takeText);
    takeText();
}

void JsonEditor::setFields(std::shared_ptr<const std::vector<FormField>> fields)
{
    m_fields = std::move(fields);
    m_order.clear();
    for (const FormField &field : *m_fields)
        m_order.push_back(field.path);
    m_form->setFields(m_fields);
}

void JsonEditor::setText(const QString &text)
{
    m_source->setPlainText(text.left(kMostLetters));
    m_source->document()->clearUndoRedoStacks();
}

QString JsonEditor::text() const { return m_source->toPlainText(); }

void JsonEditor::takeText()
{
    JsonReading reading = readJsonText(text().toStdString());
    QList<QTextEdit::ExtraSelection> marks;
    if (reading.value && !reading.value->is_object()) {
        reading.value.reset();
        reading.fault = {1, 1, "a specification is an object, {…}"};
    }
    if (!reading.value) {
        QTextEdit::ExtraSelection line;
        QColor ground = themeOf(palette()).bad;
        ground.setAlpha(40);
        line.format.setBackground(ground);
        line.format.setProperty(QTextFormat::FullWidthSelection, true);
        line.cursor = QTextCursor(m_source->document()->findBlockByNumber(reading.fault.line - 1));
        marks.append(line);
        m_fault->setText(tr("Line %1, column %2: %3").arg(reading.fault.line).arg(reading.fault.column).arg(QString::fromStdString(reading.fault.reason)));
    }
    m_source->setExtraSelections(marks);
    m_fault->setVisible(!reading.value);
    // The form stands still until the text is JSON again.
    m_form->setEnabled(reading.value.has_value());
    const bool isAnother = reading.value != m_values;
    m_values = std::move(reading.value);
    if (m_values && isAnother)
        m_form->setValues(*m_values);
    showProblems();
    if (isAnother)
        Q_EMIT changed();
}

void JsonEditor::takeEdits(const std::vector<FormEdit> &edits)
{
    const std::string before = text().toStdString();
    std::string after = before;
    try {
        for (const FormEdit &edit : edits)
            after = edit.value ? withJsonValueAt(after, edit.path, *edit.value, m_order) : withoutJsonValueAt(after, edit.path);
    } catch (const Error &) {
        return; // the text is no JSON: the form is not enabled then
    }
    // Only what differs is replaced, so that the cursor and the view of the text stay where they are.
    const QString from = QString::fromStdString(before), to = QString::fromStdString(after);
    const qsizetype shorter = std::min(from.size(), to.size());
    qsizetype head = 0, tail = 0;
    while (head < shorter && from[head] == to[head])
        ++head;
    while (tail < shorter - head && from[from.size() - 1 - tail] == to[to.size() - 1 - tail])
        ++tail;
    if (head == from.size() && head == to.size())
        return;
    QTextCursor cursor(m_source->document());
    cursor.setPosition(static_cast<int>(head));
    cursor.setPosition(static_cast<int>(from.size() - tail), QTextCursor::KeepAnchor);
    cursor.insertText(to.mid(head, to.size() - tail - head));
}

void JsonEditor::setVerdict(FormVerdict verdict)
{
    m_form->setVerdict(std::move(verdict));
    showProblems();
}

int JsonEditor::errors() const
{
    if (!m_values)
        return 1;
    return static_cast<int>(std::ranges::count_if(m_form->verdict().problems, [](const FormProblem &problem) { return !problem.isWarning; }));
}

void JsonEditor::showProblems()
{
    const int wrong = errors();
    const auto all = static_cast<int>(m_form->verdict().problems.size());
    QString words = wrong == 0 ? QString() : !m_values ? tr("The text is no JSON") : wrong == 1 ? tr("One problem") : tr("%1 problems").arg(wrong);
    if (wrong == 0 && all > 0)
        words = all == 1 ? tr("One warning") : tr("%1 warnings").arg(all);
    m_problems->setText(words);
    m_problems->setToolTip(tr("To the next of them"));
    m_problems->setVisible(!words.isEmpty());
}

} // namespace kino
