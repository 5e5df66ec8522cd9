// The list of recordings: search field, groups, chips that filter by label and tag. GUI thread.
#pragma once

#include "widgets/library/model.h"

#include <QSet>
#include <QTimer>
#include <QWidget>

#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace kino {

class ChipBar;

class LibraryView : public QWidget {
    Q_OBJECT

public:
    /** Does not own the model. */
    explicit LibraryView(LibraryModel *model, QWidget *parent = nullptr);

    void setCurrent(qint64 id);
    void focusSearch();
    /** How many recordings there are, for the panel's head. */
    QLabel *countLabel() const { return m_count; }
    QTreeView &tree() { return *m_tree; }
    QLineEdit &searchField() { return *m_search; }
    ChipBar &labelChips() { return *m_labelChips; }
    ChipBar &tagChips() { return *m_tagChips; }
    /** The recordings that are selected, in the order of the list. */
    std::vector<qint64> selectedIds() const;
    void clearFilters();
    /** Said in the place of the list while there is nothing at all. */
    QString emptyText() const;
    QSize sizeHint() const override { return {236, 400}; }

Q_SIGNALS:
    void chosen(qint64 id);
    /** A right click or the menu key. */
    void menuRequested(const QPoint &global, const std::vector<qint64> &ids);
    void removeRequested(const std::vector<qint64> &ids);
    void groupingChanged(LibraryGrouping grouping);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeOptions(QToolButton *button);
    void takeQuery();
    void updateCount();
    void updateChips();
    void restoreTree();
    void updateEmpty();

    LibraryModel *m_model;
    QLabel *m_count;
    QLineEdit *m_search;
    QTreeView *m_tree;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QPushButton *m_clear;
    QWidget *m_filters;
    QScrollArea *m_filterScroll;
    ChipBar *m_labelChips;
    ChipBar *m_tagChips;
    QLabel *m_tagTitle;
    QTimer m_chipsDelay;
    QSet<QString> m_folded;
    qint64 m_current = -1;
    std::vector<qint64> m_selectedByHand;
    bool m_isRestoring = false;
};

} // namespace kino
