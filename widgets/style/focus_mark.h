// The one mark of the keyboard's focus in lists, trees and tables, whatever their delegates and style sheets draw: a frame around the
// current row (or the cell, where cells are chosen one by one), or around the view where it has none. GUI thread.
#pragma once

#include <QAbstractItemView>
#include <QPointer>

namespace kino {

class FocusMark : public QObject {
    Q_OBJECT

public:
    /** For all item views of the program, as long as it runs; once is enough. */
    static void ensureFor(QApplication &application);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    explicit FocusMark(QApplication &application);
    void follow(QWidget *focused);
    /** That has the focus; none while it is being destroyed, when it tells that the focus leaves it. */
    QAbstractItemView *view() const;
    /** On the viewport. */
    static QRectF frameOf(const QAbstractItemView &view);

    QPointer<QWidget> m_viewport;
    QMetaObject::Connection m_moves;
    bool m_isPainting = false;
};

} // namespace kino
