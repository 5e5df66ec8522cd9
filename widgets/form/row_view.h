// One line of a form: its name, what its value is typed with, the way back to the default, and what is wrong with it. GUI thread.
#pragma once

#include "widgets/form/value_editor.h"

#include <QLabel>

class QToolButton;

namespace kino {

/** A sentence behind a mark that tells by its shape how bad it is. */
class MarkedSentence : public QLabel {
public:
    explicit MarkedSentence(QWidget *parent);
    void setSentence(const QString &sentence, bool isWarning);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_isWarning = false;
};

class FormRowView : public QWidget {
    Q_OBJECT

public:
    static constexpr int kCaptionWidth = 150;

    FormRowView(FormRow row, QWidget *parent);

    const FormRow &row() const { return m_row; }
    /** `entries`: how many the list has that an entry is of. */
    void show(const nlohmann::json *given, const FieldState &state, const std::vector<FormProblem> &problems, std::size_t entries);
    /** Given, and not the same as the default. */
    bool isDifferent() const { return m_isDifferent; }
    bool hasProblem() const { return m_hasProblem; }
    void focus();

Q_SIGNALS:
    void edited(const nlohmann::json &value);
    /** Back to the default; of an entry: out of the list. */
    void cleared();
    /** Of an entry: -1 one place up, 1 down. */
    void moved(int places);

private:
    void markDifferent();

    FormRow m_row;
    QLabel *m_caption;
    ValueEditor *m_editor;
    QToolButton *m_up = nullptr;
    QToolButton *m_down = nullptr;
    QToolButton *m_clear;
    MarkedSentence *m_message;
    bool m_isDifferent = false;
    bool m_hasProblem = false;
};

} // namespace kino
