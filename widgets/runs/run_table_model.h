// The table of runs as a model: sorted, on request in groups, the same selection after every refresh. GUI thread.
#pragma once

#include "widgets/runs/run_table_data.h"

#include <QAbstractItemModel>
#include <QHash>

#include <optional>

namespace kino {

class RunTableModel : public QAbstractItemModel {
    Q_OBJECT

public:
    /** Before those of the data. */
    enum Column { choice, star, name, state, firstOfData };
    enum Role { sortRole = Qt::UserRole, idRole, stateRole, starRole, countRole };

    using QAbstractItemModel::QAbstractItemModel;

    void setTable(std::shared_ptr<const RunTableData> table);
    const RunTableData &table() const { return *m_table; }
    /** By the column's id; empty: none. kRepetitions: runs that differ by nothing but the seed, RunRow::repetition. */
    void setGrouping(const QString &column);
    const QString &grouping() const { return m_grouping; }
    static const QString kRepetitions;
    bool isGrouped() const { return !m_grouping.isEmpty(); }

    /** nullptr for a group's heading. */
    const RunRow *rowAt(const QModelIndex &index) const;
    QModelIndex indexOf(qint64 id, int column = 0) const;
    std::size_t runs() const { return m_table->rows.size(); }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    void renamed(qint64 id, const QString &name);

private:
    struct Group {
        QString title;
        std::vector<int> rows; // of the table
    };
    /** The place of a row in what is shown. */
    struct Place {
        int group = -1;
        int row = 0;
    };

    void arrange();
    void rearrange(const std::function<void()> &change);
    QString groupKey(const RunRow &row, QString &title) const;
    bool isBefore(int left, int right) const;
    std::vector<double> numbersOf(const Group &group, int column) const;
    QVariant groupData(const Group &group, int column, int role) const;
    static quintptr groupTag(int group) { return static_cast<quintptr>(group) + 1; }

    std::shared_ptr<const RunTableData> m_table = std::make_shared<const RunTableData>();
    QString m_grouping;
    int m_sortColumn = -1; // as it comes
    Qt::SortOrder m_order = Qt::AscendingOrder;
    std::vector<QString> m_folded; // texts of the sorted column, without their case
    std::vector<Group> m_groups; // one without a title where nothing is grouped
    QHash<qint64, Place> m_places;
};

} // namespace kino
