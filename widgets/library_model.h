// The recordings that are open or in the project, in groups. Knows their names and marks, not their samples.
#pragma once

#include "widgets/status_mark.h"

#include <QAbstractItemModel>

#include <vector>

namespace kino {

enum class LibraryState { waiting, loading, ready, failed };

struct LibraryItem {
    qint64 id = 0;
    QString group;
    QString name;
    /** "0:12  video" */
    QString detail;
    LibraryState state = LibraryState::waiting;
    Mark mark = Mark::none;
    /** Why it is marked, or what went wrong. */
    QString tip;
};

class LibraryModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Role { idRole = Qt::UserRole, detailRole, stateRole, markRole, isGroupRole };

    using QAbstractItemModel::QAbstractItemModel;

    /** Adds at the end of its group, which is made where it is new. */
    void add(const LibraryItem &item);
    /** Replaces name, detail, state, mark and tip of the item with this id; its group stays. */
    void update(const LibraryItem &item);
    void remove(qint64 id);
    void clear();
    int count() const { return m_count; }
    QModelIndex indexOf(qint64 id) const;
    std::vector<LibraryItem> items() const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Group {
        QString name;
        std::vector<LibraryItem> items;
    };
    // Groups have internal id 0; an item has its group's position + 1.
    std::vector<Group> m_groups;
    int m_count = 0;
};

} // namespace kino
