#include "widgets/library/model.h"

#include <algorithm>

namespace kino {
namespace {

/** What a search looks at, in folded case. Line ends keep words of two fields apart. */
QString searchedText(const LibraryItem &item)
{
    const QStringList parts{item.name, item.subject, item.folder, item.group, item.labels.join(QLatin1Char('\n')), item.tags.join(QLatin1Char('\n')), item.words};
    return parts.join(QLatin1Char('\n')).toCaseFolded();
}

bool hasAny(const QStringList &names, const QSet<QString> &wanted)
{
    return wanted.isEmpty() || std::ranges::any_of(names, [&](const QString &name) { return wanted.contains(name); });
}

} // namespace

QString LibraryModel::headingOf(const LibraryItem &item) const
{
    switch (m_grouping) {
    case LibraryGrouping::automatic: return item.group;
    case LibraryGrouping::folder: return item.folder.isEmpty() ? tr("No folder") : item.folder;
    case LibraryGrouping::subject: return item.subject.isEmpty() ? tr("Subject unknown") : item.subject;
    case LibraryGrouping::tag: return item.tags.isEmpty() ? tr("Without a tag") : item.tags.front();
    case LibraryGrouping::none: break;
    }
    return tr("All recordings");
}

bool LibraryModel::isShown(std::size_t at) const
{
    const LibraryItem &item = m_items[at];
    if (m_query.onlyMarked && item.mark != Mark::warning && item.mark != Mark::bad && !item.isMissing)
        return false;
    if (!hasAny(item.labels, m_query.labels) || !hasAny(item.tags, m_query.tags))
        return false;
    return std::ranges::all_of(m_queryWords, [&](const QString &word) { return item.searched.contains(word); });
}

/** Puts a shown item at the end of its group; tells nobody. */
void LibraryModel::place(std::size_t at)
{
    const QString heading = headingOf(m_items[at]);
    auto group = m_groupAt.find(heading);
    if (group == m_groupAt.end()) {
        group = m_groupAt.insert(heading, m_groups.size());
        m_groups.push_back({heading, {}});
    }
    Group &to = m_groups[*group];
    m_shownAt.insert(m_items[at].id, {static_cast<int>(*group), static_cast<int>(to.items.size())});
    to.items.push_back(at);
    ++m_shownCount;
}

void LibraryModel::rebuild()
{
    beginResetModel();
    m_groups.clear();
    m_groupAt.clear();
    m_shownAt.clear();
    m_shownCount = 0;
    m_shownAt.reserve(static_cast<qsizetype>(m_items.size()));
    for (std::size_t at = 0; at < m_items.size(); ++at) {
        if (isShown(at))
            place(at);
    }
    endResetModel();
}

void LibraryModel::add(const LibraryItem &item)
{
    const std::size_t at = m_items.size();
    m_items.push_back(prepared(item));
    m_at.insert(item.id, at);
    if (isShown(at)) {
        const QString heading = headingOf(item);
        if (!m_groupAt.contains(heading)) {
            const int row = static_cast<int>(m_groups.size());
            beginInsertRows({}, row, row);
            m_groupAt.insert(heading, m_groups.size());
            m_groups.push_back({heading, {}});
            endInsertRows();
        }
        const int group = static_cast<int>(m_groupAt.value(heading));
        const QModelIndex parentIndex = index(group, 0);
        const int row = static_cast<int>(m_groups[static_cast<std::size_t>(group)].items.size());
        beginInsertRows(parentIndex, row, row);
        place(at);
        endInsertRows();
        Q_EMIT dataChanged(parentIndex, parentIndex); // its count
    }
    if (!item.labels.isEmpty() || !item.tags.isEmpty())
        Q_EMIT facetsChanged();
}

void LibraryModel::addAll(const std::vector<LibraryItem> &items)
{
    m_items.reserve(m_items.size() + items.size());
    m_at.reserve(static_cast<qsizetype>(m_items.size() + items.size()));
    for (const LibraryItem &item : items) {
        m_at.insert(item.id, m_items.size());
        m_items.push_back(item.searched.isEmpty() ? prepared(item) : item);
    }
    rebuild();
    Q_EMIT facetsChanged();
}

LibraryItem LibraryModel::prepared(LibraryItem item)
{
    item.searched = searchedText(item);
    return item;
}

void LibraryModel::updateAll(const std::vector<LibraryItem> &items)
{
    bool haveFacetsChanged = false;
    bool needsRebuild = false;
    std::vector<qint64> changed;
    for (const LibraryItem &item : items) {
        const auto found = m_at.constFind(item.id);
        if (found == m_at.constEnd())
            continue;
        LibraryItem &kept = m_items[*found];
        haveFacetsChanged = haveFacetsChanged || kept.labels != item.labels || kept.tags != item.tags;
        const QString headingBefore = headingOf(kept);
        const bool wasShown = m_shownAt.contains(item.id);
        kept = prepared(item);
        needsRebuild = needsRebuild || wasShown != isShown(*found) || headingOf(kept) != headingBefore;
        if (wasShown)
            changed.push_back(item.id);
    }
    if (needsRebuild) {
        rebuild();
    } else {
        for (const qint64 id : changed) {
            const QModelIndex at = indexOf(id);
            Q_EMIT dataChanged(at, at);
        }
    }
    if (haveFacetsChanged)
        Q_EMIT facetsChanged();
}

void LibraryModel::removeAll(const std::vector<qint64> &ids)
{
    const QSet<qint64> gone(ids.begin(), ids.end());
    std::vector<LibraryItem> kept;
    m_at.clear();
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (gone.contains(m_items[i].id))
            continue;
        m_at.insert(m_items[i].id, kept.size());
        kept.push_back(std::move(m_items[i]));
    }
    m_items = std::move(kept);
    rebuild();
    Q_EMIT facetsChanged();
}

void LibraryModel::clear()
{
    m_items.clear();
    m_at.clear();
    rebuild();
    Q_EMIT facetsChanged();
}

void LibraryModel::setOrder(const std::vector<qint64> &ids)
{
    QHash<qint64, std::size_t> rank;
    for (std::size_t i = 0; i < ids.size(); ++i)
        rank.insert(ids[i], i);
    const auto rankOf = [&](const LibraryItem &item) { return rank.value(item.id, ids.size()); };
    if (std::ranges::is_sorted(m_items, {}, rankOf))
        return;
    std::ranges::stable_sort(m_items, {}, rankOf);
    for (std::size_t at = 0; at < m_items.size(); ++at)
        m_at[m_items[at].id] = at;
    rebuild();
}

const LibraryItem *LibraryModel::item(qint64 id) const
{
    const auto found = m_at.constFind(id);
    return found == m_at.constEnd() ? nullptr : &m_items[*found];
}

QModelIndex LibraryModel::indexOf(qint64 id) const
{
    const auto found = m_shownAt.constFind(id);
    return found == m_shownAt.constEnd() ? QModelIndex() : createIndex(found->second, 0, static_cast<quintptr>(found->first + 1));
}

std::vector<LibraryItem> LibraryModel::items() const
{
    std::vector<LibraryItem> all;
    for (const Group &group : m_groups) {
        for (const std::size_t at : group.items)
            all.push_back(m_items[at]);
    }
    return all;
}

void LibraryModel::setQuery(const LibraryQuery &query)
{
    if (query == m_query)
        return;
    m_query = query;
    m_queryWords = query.text.toCaseFolded().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    rebuild();
}

void LibraryModel::setGrouping(LibraryGrouping grouping)
{
    if (grouping == m_grouping)
        return;
    m_grouping = grouping;
    rebuild();
}

std::vector<LibraryFacet> LibraryModel::facets(QStringList LibraryItem::*member) const
{
    QHash<QString, int> counts;
    for (const LibraryItem &item : m_items) {
        for (const QString &name : item.*member)
            ++counts[name];
    }
    std::vector<LibraryFacet> all;
    for (auto each = counts.constBegin(); each != counts.constEnd(); ++each)
        all.push_back({each.key(), each.value()});
    std::ranges::sort(all, [](const LibraryFacet &a, const LibraryFacet &b) { return a.count != b.count ? a.count > b.count : a.name < b.name; });
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
        case Qt::ToolTipRole: return group.name;
        case detailRole: return group.items.size() == 1 ? tr("1 recording") : tr("%1 recordings").arg(group.items.size());
        case isGroupRole: return true;
        default: return {};
        }
    }
    const LibraryItem &item = m_items[m_groups[index.internalId() - 1].items[static_cast<std::size_t>(index.row())]];
    switch (role) {
    case Qt::DisplayRole: return item.name;
    case Qt::ToolTipRole: {
        QString tip = item.tip.isEmpty() ? item.name : item.name + QLatin1Char('\n') + item.tip;
        if (!item.labels.isEmpty())
            tip += QLatin1Char('\n') + tr("Labels: %1").arg(item.labels.mid(0, 12).join(QStringLiteral(", ")));
        if (!item.tags.isEmpty())
            tip += QLatin1Char('\n') + tr("Tags: %1").arg(item.tags.join(QStringLiteral(", ")));
        return tip;
    }
    case Qt::AccessibleTextRole: {
        QStringList parts{item.name, item.detail};
        if (item.hasVideo)
            parts += tr("with video");
        if (item.isMissing)
            parts += tr("file missing");
        parts += markName(item.mark);
        parts.removeAll(QString());
        return parts.join(QStringLiteral(", "));
    }
    case idRole: return item.id;
    case detailRole: return item.isMissing ? tr("missing") : item.detail;
    case stateRole: return static_cast<int>(item.state);
    case markRole: return static_cast<int>(item.mark);
    case isGroupRole: return false;
    case hasVideoRole: return item.hasVideo;
    case isMissingRole: return item.isMissing;
    case tagsRole: return item.tags;
    default: return {};
    }
}

} // namespace kino
