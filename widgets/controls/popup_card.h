// What small popups share: a frame with a title and a column below it, gone when closed. GUI thread.
#pragma once

#include <QFrame>

class QVBoxLayout;

namespace kino {

class PopupCard : public QFrame {
    Q_OBJECT

protected:
    /** `name` is the object's, by which tests and styles find it. */
    PopupCard(const QString &name, const QString &title, QWidget *parent);

    QVBoxLayout &column() { return *m_column; }

private:
    QVBoxLayout *m_column;
};

} // namespace kino
