// A panel that can be moved, tabbed, floated and closed. Its head is a row of the panel's own: title, controls, and a
// button with what can be done with the panel. GUI thread.
#pragma once

#include <QDockWidget>

class QHBoxLayout;
class QLabel;
class QMenu;

namespace kino {

/** The row on top of a panel. Its empty space is what a dock is dragged by. */
class PanelHead : public QWidget {
    Q_OBJECT

public:
    static constexpr int kHeight = 40;

    explicit PanelHead(const QString &title, QWidget *parent = nullptr);

    /** Beside the title, from left to right; where `stretch` is above 0 it shares the width that is left. */
    void addControl(QWidget *control, int stretch = 0);
    /** At the right end, before the panel's own button. */
    void addTrailing(QWidget *control);
    /** Below this width the title gives way to the controls. */
    void setTitleFrom(int width);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    friend class PanelDock;

    void showTitle();

    QLabel *m_title;
    int m_titleFrom = 0;
    QHBoxLayout *m_row;
    QHBoxLayout *m_controls;
    QHBoxLayout *m_trailing;
};

/** Goes behind, and what had the focus in it gives it on: nobody types into what is not seen. */
class PanelDock : public QDockWidget {
    Q_OBJECT

public:
    /** `name` is the object's name, by which layouts are kept. Takes head (or makes one) and content. */
    PanelDock(const QString &name, const QString &title, QWidget *content, PanelHead *head = nullptr, QWidget *parent = nullptr);
    PanelHead &head() { return *m_head; }
    /** Another panel of the same place is in front: Qt keeps this one shown, out of sight beyond the page's corner. */
    bool isBehind() const { return !isFloating() && !isHidden() && (geometry().right() < 0 || geometry().bottom() < 0); }

Q_SIGNALS:
    /** By the panel's own button, as opposed to a change of layout. */
    void closedByHand();

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void fillMenu(QMenu &menu);

    PanelHead *m_head;
    QMenu *m_menu;
};

/** In a panel that is behind another of the same place. */
bool isBehindAnother(const QWidget *widget);

} // namespace kino
