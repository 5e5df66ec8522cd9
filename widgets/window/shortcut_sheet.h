// The keys of all commands, read off the living actions, and the gestures of the mouse: what F1 shows. GUI thread.
#pragma once

#include <QFrame>

#include <vector>

class QAction;

namespace kino {

struct ShortcutEntry {
    QString category;
    QString name;
    QString keys;
};

/** Of the actions that have keys, in their order. */
std::vector<ShortcutEntry> shortcutEntries(const std::vector<QAction *> &actions);

/** In how many columns, how high a line, how high the columns. */
struct SheetColumns {
    int count = 3;
    int rowHeight = 22;
    int height = 300;
};

class ShortcutSheet : public QFrame {
    Q_OBJECT

public:
    explicit ShortcutSheet(QWidget *window);
    void open(const std::vector<QAction *> &actions);
    const std::vector<ShortcutEntry> &entries() const { return m_entries; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void place();
    int bottomOf(const SheetColumns &shape) const;

    SheetColumns m_columns;

    std::vector<ShortcutEntry> m_entries;
};

} // namespace kino
