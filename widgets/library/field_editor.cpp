#include "widgets/library/field_editor.h"

#include "widgets/style/theme.h"

#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kLongest = 200;

} // namespace

FieldEditor::FieldEditor(const QString &title, const QString &text, const QString &placeholder, const QStringList &offered,
                         std::function<QString(const QString &)> accept, QWidget *parent)
    : PopupCard(QStringLiteral("fieldEditor"), title, parent), m_accept(std::move(accept)), m_field(new QLineEdit(text, this)), m_problem(new QLabel(this))
{
    m_field->setAccessibleName(title);
    m_field->setPlaceholderText(placeholder);
    m_field->setMaxLength(kLongest);
    m_field->setAcceptDrops(false);
    if (!offered.isEmpty()) {
        auto *completer = new QCompleter(offered, m_field);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        completer->setCompletionMode(QCompleter::InlineCompletion); // a list of its own would close this popup
        m_field->setCompleter(completer);
    }
    column().addWidget(m_field);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    column().addWidget(m_problem);
    connect(m_field, &QLineEdit::returnPressed, this, &FieldEditor::take);
    m_field->selectAll();
    m_field->setFocus();
}

QString FieldEditor::problem() const { return m_problem->isHidden() ? QString() : m_problem->text(); }

void FieldEditor::take()
{
    const QString problem = m_accept(m_field->text());
    if (problem.isEmpty()) {
        close();
        return;
    }
    m_problem->setText(problem);
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(themeOf(palette()).bad.name()));
    m_problem->show();
    adjustSize();
}

} // namespace kino
