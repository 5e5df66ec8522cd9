#include "widgets/annotate/annotation_list_model.h"

#include <QSet>

namespace kino {
namespace {

bool isSame(const TierItem &a, const TierItem &b) { return a.id == b.id && a.range == b.range && a.label == b.label; }

} // namespace

void AnnotationListModel::setTier(std::shared_ptr<const TierData> tier)
{
    if (tier == m_tier)
        return;
    if (!m_tier || !tier || m_tier->id != tier->id || m_tier->kind != tier->kind) {
        beginResetModel();
        m_tier = std::move(tier);
        endResetModel();
        return;
    }
    // What is alike before and behind stays as it is.
    const std::vector<TierItem> &was = m_tier->items;
    const std::vector<TierItem> &now = tier->items;
    const std::size_t most = std::min(was.size(), now.size());
    std::size_t before = 0;
    while (before < most && isSame(was[before], now[before]))
        ++before;
    std::size_t behind = 0;
    while (behind < most - before && isSame(was[was.size() - 1 - behind], now[now.size() - 1 - behind]))
        ++behind;
    const int first = static_cast<int>(before);
    const int gone = static_cast<int>(was.size() - before - behind);
    const int come = static_cast<int>(now.size() - before - behind);
    const int changed = std::min(gone, come);
    if (gone > come)
        beginRemoveRows({}, first + come, first + gone - 1);
    else if (come > gone)
        beginInsertRows({}, first + gone, first + come - 1);
    m_tier = std::move(tier);
    if (gone > come)
        endRemoveRows();
    else if (come > gone)
        endInsertRows();
    if (changed > 0)
        Q_EMIT dataChanged(index(first, 0), index(first + changed - 1, columns - 1));
}

void AnnotationListModel::setColours(const LabelColours &colours)
{
    if (m_colours == colours)
        return;
    m_colours = colours;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, labelColumn), index(rowCount() - 1, labelColumn));
}

AnnotationId AnnotationListModel::idAt(int row) const { return row >= 0 && row < rowCount() ? m_tier->items[static_cast<std::size_t>(row)].id : 0; }

std::vector<int> AnnotationListModel::rowsOf(const std::vector<AnnotationId> &ids) const
{
    std::vector<int> rows;
    if (!m_tier || ids.empty())
        return rows;
    const QSet<AnnotationId> wanted(ids.begin(), ids.end());
    for (std::size_t row = 0; row < m_tier->items.size(); ++row) {
        if (wanted.contains(m_tier->items[row].id))
            rows.push_back(static_cast<int>(row));
    }
    return rows;
}

int AnnotationListModel::rowCount(const QModelIndex &parent) const { return parent.isValid() || !m_tier ? 0 : static_cast<int>(m_tier->items.size()); }

int AnnotationListModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QVariant AnnotationListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const TierItem &item = m_tier->items[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == startColumn)
            return clockText(item.range.start);
        return index.column() == lengthColumn ? durationText(item.range.duration()) : item.label;
    case Qt::ToolTipRole: return QStringLiteral("%1\n%2 \u2013 %3").arg(item.label, clockText(item.range.start), clockText(item.range.end));
    case Qt::TextAlignmentRole: return QVariant(index.column() == labelColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    case labelRole: return item.label;
    case isTextRole: return m_tier->kind == TierKind::text;
    case colourRole: {
        const auto chosen = m_colours.constFind(item.label);
        return chosen == m_colours.cend() ? QVariant() : QVariant(*chosen);
    }
    default: return {};
    }
}

QVariant AnnotationListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == labelColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case startColumn: return tr("Start");
    case lengthColumn: return tr("Length");
    default: return m_tier && m_tier->kind == TierKind::text ? tr("Text") : tr("Label");
    }
}

} // namespace kino
