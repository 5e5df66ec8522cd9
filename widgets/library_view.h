// The list of recordings with a search field. GUI thread.
#pragma once

#include "widgets/library_model.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace kino {

class LibraryView : public QWidget {
    Q_OBJECT

public:
    /** Does not own the model. */
    explicit LibraryView(LibraryModel *model, QWidget *parent = nullptr);

    void setCurrent(qint64 id);
    void focusSearch();
    /** How many recordings there are, for the panel's head. */
    QLabel *countLabel() const { return m_count; }
    QSize sizeHint() const override { return {236, 400}; }

Q_SIGNALS:
    void chosen(qint64 id);

private:
    void updateCount();

    LibraryModel *m_model;
    QSortFilterProxyModel *m_filtered;
    QLabel *m_count;
    QLineEdit *m_search;
    QTreeView *m_tree;
};

} // namespace kino
