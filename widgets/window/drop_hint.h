// What lies over the window while files are dragged over it: that they may be dropped, and what will happen. GUI thread.
#pragma once

#include <QWidget>

namespace kino {

class DropHint : public QWidget {
    Q_OBJECT

public:
    /** Covers `window` while it is visible; takes no events. */
    explicit DropHint(QWidget *window);
    void setText(const QString &text);
    const QString &text() const { return m_text; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    QString m_text;
};

} // namespace kino
