// A small popup with one field: a name, a subject. Return takes what stands there, Escape leaves all as it was. GUI thread.
#pragma once

#include "widgets/controls/popup_card.h"

#include <QStringList>

#include <functional>

class QLabel;
class QLineEdit;

namespace kino {

class FieldEditor : public PopupCard {
    Q_OBJECT

public:
    /** `accept` gives a sentence where the text cannot be taken: it is shown, and the popup stays. `offered` completes. */
    FieldEditor(const QString &title, const QString &text, const QString &placeholder, const QStringList &offered,
                std::function<QString(const QString &)> accept, QWidget *parent = nullptr);

    QLineEdit &field() { return *m_field; }
    QString problem() const;

private:
    void take();

    std::function<QString(const QString &)> m_accept;
    QLineEdit *m_field;
    QLabel *m_problem;
};

} // namespace kino
