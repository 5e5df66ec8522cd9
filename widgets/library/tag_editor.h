// A small popup: tags as chips that are on or off, and a field for a new one. What is toggled counts at once. GUI thread.
#pragma once

#include "widgets/controls/popup_card.h"

#include <QSet>
#include <QStringList>

class QLineEdit;

namespace kino {

class ChipBar;

class TagEditor : public PopupCard {
    Q_OBJECT

public:
    /** `known` are offered, `present` are on. */
    TagEditor(const QString &title, const QStringList &known, const QStringList &present, QWidget *parent = nullptr);

    QLineEdit &field() { return *m_field; }
    ChipBar &chips() { return *m_chips; }

Q_SIGNALS:
    void tagAdded(const QString &tag);
    void tagRemoved(const QString &tag);

private:
    void addTyped();
    void showChips();

    QStringList m_known;
    QSet<QString> m_present;
    QLineEdit *m_field;
    ChipBar *m_chips;
};

} // namespace kino
