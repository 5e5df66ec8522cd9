// A form and the JSON text behind it, side by side. The text is what is edited: a change in the form replaces only its own value
// there, so that comments and order stay, and one Undo takes back either. GUI thread.
#pragma once

#include "widgets/form/form_view.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace kino {

class JsonEditor : public QWidget {
    Q_OBJECT

public:
    explicit JsonEditor(QWidget *parent = nullptr);

    void setFields(std::shared_ptr<const std::vector<FormField>> fields);
    /** Another text, as from a file; there is nothing to undo then. */
    void setText(const QString &text);
    QString text() const;
    /** Nothing while the text is no JSON. */
    const std::optional<nlohmann::json> &values() const { return m_values; }
    void setVerdict(FormVerdict verdict);
    /** Errors, not warnings; the text that is no JSON is one. */
    int errors() const;

    FormView &form() { return *m_form; }
    QPlainTextEdit &source() { return *m_source; }
    QLineEdit &searchField() { return *m_search; }
    QToolButton &differentButton() { return *m_different; }
    QToolButton &sourceButton() { return *m_showSource; }
    QPushButton &problemsButton() { return *m_problems; }

Q_SIGNALS:
    /** By the person or by setText(): values() are others, or there are none. */
    void changed();

private:
    void takeText();
    void takeEdits(const std::vector<FormEdit> &edits);
    void showProblems();

    std::shared_ptr<const std::vector<FormField>> m_fields;
    std::vector<std::string> m_order;
    FormView *m_form;
    QPlainTextEdit *m_source;
    QLineEdit *m_search;
    QToolButton *m_different;
    QToolButton *m_showSource;
    QPushButton *m_problems;
    QLabel *m_fault;
    std::optional<nlohmann::json> m_values;
};

} // namespace kino
