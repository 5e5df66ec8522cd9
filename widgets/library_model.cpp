#include "widgets/library_model.h"

#include <algorithm>

namespace kino {

void LibraryModel::add(const LibraryItem &item)
{
    auto group = std::ranges::find(m_groups, item.group, &Group::name);
    if (group == m_groups.end()) {
        const int row = static_cast<int>(m_groups.size());
        beginInsertRows({}, row, row);
        m_groups.push_back({item.group, {}});
        endInsertRows();
        group = std::prev(m_groups.end());
    }
    const QModelIndex parentIndex = index(static_cast<int>(group - m_groups.begin()), 0);
    const int row = static_cast<int>(group->items.size());
    beginInsertRows(parentIndex, row, row);
    group->items.push_back(item);
    ++m_count;
    endInsertRows();
    Q_EMIT dataChanged(parentIndex, parentIndex); // its count
}

void LibraryModel::update(const LibraryItem &item)
{
    const QModelIndex at = indexOf(item.id);
    if (!at.isValid())
        return;
    LibraryItem &kept = m_groups[at.internalId() - 1].items[static_cast<std::size_t>(at.row())];
    const QString group = kept.group;
    kept = item;
    kept.group = group;
    Q_EMIT dataChanged(at, at);
}

void LibraryModel::remove(qint64 id)
{
    const QModelIndex at = indexOf(id);
    if (!at.isValid())
        return;
    const auto groupRow = static_cast<int>(at.internalId()) - 1;
    Group &group = m_groups[static_cast<std::size_t>(groupRow)];
    beginRemoveRows(at.parent(), at.row(), at.row());
    group.items.erase(group.items.begin() + at.row());
    --m_count;
    endRemoveRows();
    if (!group.items.empty())
        return;
    // The items of later groups carry their group's position in their indices: these move.
    beginResetModel();
    m_groups.erase(m_groups.begin() + groupRow);
    endResetModel();
}

void LibraryModel::clear()
{
    beginResetModel();
    m_groups.clear();
    m_count = 0;
    endResetModel();
}

QModelIndex LibraryModel::indexOf(qint64 id) const
{
    for (std::size_t group = 0; group < m_groups.size(); ++group) {
        const auto &items = m_groups[group].items;
        const auto item = std::ranges::find(items, id, &LibraryItem::id);
        if (item != items.end())
            return createIndex(static_cast<int>(item - items.begin()), 0, static_cast<quintptr>(group + 1));
    }
    return {};
}

std::vector<LibraryItem> LibraryModel::items() const
{
    std::vector<LibraryItem> all;
    for (const Group &group : m_groups)
        all.insert(all.end(), group.items.begin(), group.items.end());
    return all;
}

QModelIndex LibraryModel::index(int row, int column, const QModelIndex &parent) const
{
    if (column != 0 || row < 0 || row >= rowCount(parent))
        return {};
    return createIndex(row, 0, parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : quintptr{0});
}

QModelIndex LibraryModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr{0});
}

int LibraryModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != 0)
        return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].items.size());
}

int LibraryModel::columnCount(const QModelIndex &) const { return 1; }

QVariant LibraryModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (index.internalId() == 0) {
        const Group &group = m_groups[static_cast<std::size_t>(index.row())];
        switch (role) {
        case Qt::DisplayRole: return group.name;
        case detailRole: return group.items.size() == 1 ? tr("1 recording") : tr("%1 recordings").arg(group.items.size());
        case isGroupRole: return true;
        default: return {};
        }
    }
    const LibraryItem &item = m_groups[index.internalId() - 1].items[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return item.name;
    case Qt::ToolTipRole: return item.tip.isEmpty() ? item.name : item.name + QLatin1Char('\n') + item.tip;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2 %3").arg(item.name, item.detail, markName(item.mark));
    case idRole: return item.id;
    case detailRole: return item.detail;
    case stateRole: return static_cast<int>(item.state);
    case markRole: return static_cast<int>(item.mark);
    case isGroupRole: return false;
    default: return {};
    }
}

} // namespace kino
