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

class ShortcutSheet : public QFrame {
    Q_OBJECT

public:
    explicit ShortcutSheet(QWidget *window);
    void open(const std::vector<QAction *> &actions);
    const std::vector<ShortcutEntry> &entries() const { return m_entries; }
    /** Pixels of the longest column that have no room and are scrolled to. */
    int hiddenHeight() const { return m_hidden; }

    struct Placed {
        std::size_t entry; // as many as there are entries: a heading
        QString heading;
        int column;
        int y;
    };

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void place();
    void scrollBy(int pixels);

    std::vector<ShortcutEntry> m_entries;
    std::vector<Placed> m_placed;
    int m_columns = 1;
    int m_hidden = 0;
    int m_scrolled = 0;
};

} // namespace kino
