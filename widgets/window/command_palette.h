// Every command by its name: a field, a list that narrows while one types, each with its keys. It lies over the window
// as one of its children and goes when it is left. GUI thread.
#pragma once

#include <QFrame>
#include <QPointer>

#include <vector>

class QAction;
class QLineEdit;
class QListView;
class QStandardItemModel;

namespace kino {

class CommandPalette : public QFrame {
    Q_OBJECT

public:
    /** `window` is what it lies over. */
    explicit CommandPalette(QWidget *window);

    /** Shows these actions, the enabled ones first, with `typed` in the field. */
    void open(const std::vector<QAction *> &actions, const QString &typed = {});
    /** What the list shows now, best first. */
    std::vector<QAction *> shownActions() const;

Q_SIGNALS:
    void closed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void narrow(const QString &typed);
    void triggerCurrent();
    void place();

    QLineEdit *m_field;
    QListView *m_list;
    QStandardItemModel *m_model;
    std::vector<QPointer<QAction>> m_actions;
    QPointer<QWidget> m_focusBefore;
};

} // namespace kino
