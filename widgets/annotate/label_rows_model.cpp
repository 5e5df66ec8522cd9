#include "widgets/annotate/label_rows_model.h"

#include "widgets/annotate/annotation_list_model.h"

#include <QFont>

namespace kino {

std::vector<LabelRow> countLabels(const TierData *tier, std::vector<LabelRow> known)
{
    QHash<QString, std::size_t> places;
    for (std::size_t row = 0; row < known.size(); ++row)
        places.insert(known[row].label, row);
    const std::size_t listed = known.size();
    for (const TierItem &item : tier ? tier->items : std::vector<TierItem>()) {
        auto place = places.constFind(item.label);
        if (place == places.cend()) {
            place = places.insert(item.label, known.size());
            known.push_back({item.label, {}, {}, 0, 0, false});
        }
        ++known[*place].count;
        known[*place].duration += item.range.duration();
    }
    std::ranges::sort(known.begin() + static_cast<std::ptrdiff_t>(listed), known.end(), {}, &LabelRow::label);
    return known;
}

void LabelRowsModel::setRows(std::vector<LabelRow> rows)
{
    if (rows == m_rows)
        return;
    const bool isSameList = std::ranges::equal(rows, m_rows, {}, &LabelRow::label, &LabelRow::label);
    if (!isSameList) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    m_rows = std::move(rows);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
}

void LabelRowsModel::setCurrent(const QString &label, bool isOpen)
{
    if (m_current == label && m_isOpen == isOpen)
        return;
    m_current = label;
    m_isOpen = isOpen;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
}

int LabelRowsModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int LabelRowsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QVariant LabelRowsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const LabelRow &row = m_rows[static_cast<std::size_t>(index.row())];
    const bool isCurrent = row.label == m_current;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case labelColumn: return isCurrent && m_isOpen ? row.label + QStringLiteral("  \u25cf") : row.label;
        case keyColumn: return row.key;
        case countColumn: return row.count > 0 ? QString::number(row.count) : QString();
        case timeColumn: return row.duration > 0 ? durationText(row.duration) : QString();
        default: return {};
        }
    case Qt::FontRole:
        if (isCurrent && index.column() == labelColumn) {
            QFont strong;
            strong.setWeight(QFont::DemiBold);
            return strong;
        }
        return {};
    case Qt::ToolTipRole: {
        const QString use = tr("%1\nClick: names what is selected; while it plays, begins and ends it; else draw with it").arg(row.label);
        return row.isInSet ? use : use + QLatin1Char('\n') + tr("In use, but not in the set of labels");
    }
    case Qt::AccessibleTextRole:
        return row.key.isEmpty() ? row.label : tr("%1, key %2").arg(row.label, row.key);
    case Qt::TextAlignmentRole: return QVariant(index.column() == labelColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    case AnnotationListModel::labelRole: return row.label;
    case AnnotationListModel::colourRole: return row.colour.isValid() ? QVariant(row.colour) : QVariant();
    case AnnotationListModel::isTextRole: return false;
    default: return {};
    }
}

QVariant LabelRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == labelColumn ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return std::array{tr("Label"), tr("Key"), tr("Count"), tr("Time")}[static_cast<std::size_t>(section)];
}

} // namespace kino
