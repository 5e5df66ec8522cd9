#include "widgets/runs/run_table_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace kino {
namespace {

double meanOf(std::vector<double> values)
{
    const std::optional<Spread> spread = finiteSpread(std::move(values));
    return spread ? spread->mean : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

const QString RunTableModel::kRepetitions = QStringLiteral("repetitions");

void RunTableModel::setTable(std::shared_ptr<const RunTableData> table)
{
    const auto isSameColumn = [](const RunColumn &one, const RunColumn &other) { return one.id == other.id && one.title == other.title; };
    if (!std::ranges::equal(table->columns, m_table->columns, isSameColumn)) {
        beginResetModel();
        m_table = std::move(table);
        if (m_sortColumn >= columnCount())
            m_sortColumn = -1;
        arrange();
        endResetModel();
        return;
    }
    // A refresh mostly changes numbers, not places: then nothing is laid out anew.
    const std::shared_ptr<const RunTableData> before = std::exchange(m_table, std::move(table));
    const std::vector<Group> groups = std::exchange(m_groups, {});
    const QHash<qint64, Place> places = std::exchange(m_places, {});
    arrange();
    const auto isSamePlace = [&] {
        if (groups.size() != m_groups.size() || before->rows.size() != m_table->rows.size())
            return false;
        for (std::size_t group = 0; group < groups.size(); ++group) {
            const auto idOf = [](const RunTableData &data, int row) { return data.rows[static_cast<std::size_t>(row)].id; };
            const bool isSame = groups[group].title == m_groups[group].title
                && std::ranges::equal(groups[group].rows, m_groups[group].rows, [&](int one, int other) { return idOf(*before, one) == idOf(*m_table, other); });
            if (!isSame)
                return false;
        }
        return true;
    };
    if (isSamePlace()) {
        const int last = columnCount() - 1;
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, last));
        for (int group = 0; isGrouped() && group < rowCount(); ++group) {
            const QModelIndex heading = index(group, 0);
            Q_EMIT dataChanged(index(0, 0, heading), index(rowCount(heading) - 1, last, heading));
        }
        return;
    }
    const std::shared_ptr<const RunTableData> after = std::exchange(m_table, before);
    m_groups = groups;
    m_places = places;
    rearrange([&] { m_table = after; });
}

void RunTableModel::setGrouping(const QString &column)
{
    if (column == m_grouping)
        return;
    // Rows get other parents: nothing of the view's state could stay.
    beginResetModel();
    m_grouping = column;
    arrange();
    endResetModel();
}

void RunTableModel::sort(int column, Qt::SortOrder order)
{
    rearrange([&] {
        m_sortColumn = column;
        m_order = order;
    });
}

void RunTableModel::rearrange(const std::function<void()> &change)
{
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList before = persistentIndexList();
    QList<qint64> ids;
    for (const QModelIndex &index : before) {
        const RunRow *row = rowAt(index);
        ids.append(row ? row->id : -1);
    }
    change();
    arrange();
    QModelIndexList after;
    for (qsizetype each = 0; each < before.size(); ++each)
        after.append(ids[each] < 0 ? QModelIndex() : indexOf(ids[each], before[each].column()));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged();
}

QString RunTableModel::groupKey(const RunRow &row, QString &title) const
{
    QStringList parts;
    for (std::size_t column = 0; column < m_table->columns.size(); ++column) {
        const RunColumn &each = m_table->columns[column];
        const bool counts = m_grouping == kRepetitions ? each.id.startsWith(QLatin1String("parameter:")) && !each.isSeed : each.id == m_grouping;
        if (counts)
            parts += row.cells[column].text.isEmpty() ? QStringLiteral("\u2013") : row.cells[column].text;
    }
    if (m_grouping == kRepetitions && !row.repetitionWords.isEmpty())
        parts += row.repetitionWords;
    title = parts.join(QStringLiteral(", "));
    if (m_grouping != kRepetitions)
        return title;
    // Who does not know of what it is a repetition stands alone.
    return row.repetition >= 0 ? QString::number(row.repetition) : QStringLiteral("run %1").arg(row.id);
}

bool RunTableModel::isBefore(int left, int right) const
{
    const RunRow &a = m_table->rows[static_cast<std::size_t>(left)], &b = m_table->rows[static_cast<std::size_t>(right)];
    const bool isRising = m_order == Qt::AscendingOrder;
    const auto byText = [&] {
        const int order = m_folded[static_cast<std::size_t>(left)].compare(m_folded[static_cast<std::size_t>(right)]);
        return isRising ? order < 0 : order > 0;
    };
    switch (m_sortColumn) {
    case choice: return false;
    case star: return isRising ? a.isStarred > b.isStarred : a.isStarred < b.isStarred;
    case name: return byText();
    case state: return isRising ? a.state < b.state : a.state > b.state;
    default: break;
    }
    const auto column = static_cast<std::size_t>(m_sortColumn - firstOfData);
    const RunCell &one = a.cells[column], &other = b.cells[column];
    const bool isNumber = std::isfinite(one.number), isOtherNumber = std::isfinite(other.number);
    // What has nothing there comes last, whichever way it goes.
    if (one.text.isEmpty() != other.text.isEmpty())
        return !one.text.isEmpty();
    if (isNumber != isOtherNumber)
        return isNumber;
    if (isNumber)
        return isRising ? one.number < other.number : one.number > other.number;
    return byText();
}

void RunTableModel::arrange()
{
    m_groups.clear();
    std::vector<int> order(m_table->rows.size());
    std::iota(order.begin(), order.end(), 0);
    m_folded.clear();
    if (m_sortColumn == name || m_sortColumn >= firstOfData) {
        m_folded.reserve(m_table->rows.size());
        for (const RunRow &row : m_table->rows)
            m_folded.push_back((m_sortColumn == name ? row.name : row.cells[static_cast<std::size_t>(m_sortColumn - firstOfData)].text).toCaseFolded());
    }
    if (m_sortColumn >= 0)
        std::ranges::stable_sort(order, [this](int left, int right) { return isBefore(left, right); });
    if (!isGrouped()) {
        m_groups.push_back({{}, std::move(order)});
    } else {
        QHash<QString, int> known;
        for (const int row : order) {
            QString title;
            const QString key = groupKey(m_table->rows[static_cast<std::size_t>(row)], title);
            auto found = known.constFind(key);
            if (found == known.cend()) {
                found = known.insert(key, static_cast<int>(m_groups.size()));
                m_groups.push_back({title, {}});
            }
            m_groups[static_cast<std::size_t>(*found)].rows.push_back(row);
        }
        if (m_sortColumn >= firstOfData) {
            // Groups stand by their means.
            std::vector<std::pair<double, Group>> means;
            for (Group &group : m_groups)
                means.emplace_back(meanOf(numbersOf(group, m_sortColumn)), std::move(group));
            if (std::ranges::any_of(means, [](const auto &each) { return std::isfinite(each.first); }))
                std::ranges::stable_sort(means, [this](const auto &left, const auto &right) {
                    if (std::isfinite(left.first) != std::isfinite(right.first))
                        return std::isfinite(left.first);
                    return m_order == Qt::AscendingOrder ? left.first < right.first : left.first > right.first;
                });
            for (std::size_t each = 0; each < means.size(); ++each)
                m_groups[each] = std::move(means[each].second);
        }
    }
    m_places.clear();
    m_places.reserve(static_cast<qsizetype>(m_table->rows.size()));
    for (std::size_t group = 0; group < m_groups.size(); ++group) {
        for (std::size_t row = 0; row < m_groups[group].rows.size(); ++row)
            m_places.insert(m_table->rows[static_cast<std::size_t>(m_groups[group].rows[row])].id, {static_cast<int>(group), static_cast<int>(row)});
    }
}

std::vector<double> RunTableModel::numbersOf(const Group &group, int column) const
{
    std::vector<double> numbers;
    for (const int row : group.rows)
        numbers.push_back(m_table->rows[static_cast<std::size_t>(row)].cells[static_cast<std::size_t>(column - firstOfData)].number);
    return numbers;
}

const RunRow *RunTableModel::rowAt(const QModelIndex &index) const
{
    if (!index.isValid() || (isGrouped() && index.internalId() == 0))
        return nullptr;
    const std::size_t group = isGrouped() ? static_cast<std::size_t>(index.internalId()) - 1 : 0;
    if (group >= m_groups.size() || static_cast<std::size_t>(index.row()) >= m_groups[group].rows.size())
        return nullptr;
    return &m_table->rows[static_cast<std::size_t>(m_groups[group].rows[static_cast<std::size_t>(index.row())])];
}

QModelIndex RunTableModel::indexOf(qint64 id, int column) const
{
    const auto found = m_places.constFind(id);
    if (found == m_places.cend())
        return {};
    return createIndex(found->row, column, isGrouped() ? groupTag(found->group) : 0);
}

QModelIndex RunTableModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || row >= rowCount(parent) || column < 0 || column >= columnCount())
        return {};
    return createIndex(row, column, parent.isValid() ? groupTag(parent.row()) : 0);
}

QModelIndex RunTableModel::parent(const QModelIndex &index) const
{
    if (!isGrouped() || !index.isValid() || index.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(index.internalId()) - 1, 0, quintptr{0});
}

int RunTableModel::rowCount(const QModelIndex &parent) const
{
    if (!isGrouped())
        return parent.isValid() || m_groups.empty() ? 0 : static_cast<int>(m_groups.front().rows.size());
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    return parent.internalId() == 0 && parent.column() == 0 ? static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].rows.size()) : 0;
}

int RunTableModel::columnCount(const QModelIndex &) const { return firstOfData + static_cast<int>(m_table->columns.size()); }

QVariant RunTableModel::groupData(const Group &group, int column, int role) const
{
    if (role == countRole)
        return static_cast<int>(group.rows.size());
    if (role == Qt::DisplayRole && column == name)
        return tr("%1   (%2)").arg(group.title.isEmpty() ? tr("all") : group.title).arg(group.rows.size());
    if (column < firstOfData || !m_table->columns[static_cast<std::size_t>(column - firstOfData)].isNumber)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    const RunColumn &kind = m_table->columns[static_cast<std::size_t>(column - firstOfData)];
    const std::optional<Spread> spread = kind.ofGroup == GroupFigure::none ? std::nullopt : finiteSpread(numbersOf(group, column));
    if (!spread)
        return {};
    const auto words = [&](double number) { return kind.words ? kind.words(number) : numberCellText(number); };
    if (role == Qt::DisplayRole) {
        if (kind.ofGroup == GroupFigure::spread)
            return spreadText(*spread);
        if (kind.ofGroup == GroupFigure::total)
            return words(spread->mean * static_cast<double>(spread->count));
        return spread->least == spread->most ? words(spread->least) : tr("%1 to %2").arg(words(spread->least), words(spread->most));
    }
    if (role != Qt::ToolTipRole || !spread->deviation)
        return {};
    if (kind.ofGroup == GroupFigure::spread)
        return tr("Mean and standard deviation over %1 runs").arg(spread->count);
    return kind.ofGroup == GroupFigure::total ? tr("In all; %1 each on average").arg(words(spread->mean)) : tr("Least and greatest of %1 runs").arg(spread->count);
}

QVariant RunTableModel::data(const QModelIndex &index, int role) const
{
    const RunRow *row = rowAt(index);
    if (!row)
        return index.isValid() && isGrouped() ? groupData(m_groups[static_cast<std::size_t>(index.row())], index.column(), role) : QVariant();
    switch (role) {
    case idRole: return row->id;
    case stateRole: return static_cast<int>(row->state);
    case starRole: return row->isStarred;
    default: break;
    }
    switch (index.column()) {
    case choice: return role == Qt::ToolTipRole ? QVariant(tr("Chosen runs are drawn in this colour")) : QVariant();
    case star:
        if (role == Qt::ToolTipRole)
            return row->isStarred ? tr("Starred") : tr("Star it");
        return role == Qt::AccessibleTextRole ? QVariant(row->isStarred ? tr("starred") : QString()) : QVariant();
    case name:
        if (role == Qt::DisplayRole || role == Qt::EditRole)
            return row->name;
        if (role == Qt::ToolTipRole)
            return row->notes.isEmpty() ? row->name : row->name + QLatin1Char('\n') + row->notes;
        return {};
    case state:
        if (role == Qt::DisplayRole)
            return runStateText(row->state);
        return role == Qt::ToolTipRole ? QVariant(row->stateTip) : QVariant();
    default: break;
    }
    const auto column = static_cast<std::size_t>(index.column() - firstOfData);
    if (role == Qt::DisplayRole)
        return row->cells[column].text;
    if (role == Qt::TextAlignmentRole)
        return int((m_table->columns[column].isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return role == Qt::ToolTipRole && row->cells[column].text.size() > 12 ? QVariant(row->cells[column].text) : QVariant();
}

bool RunTableModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const RunRow *row = rowAt(index);
    if (!row || index.column() != name || role != Qt::EditRole)
        return false;
    const QString text = value.toString().trimmed();
    // The row is another once whoever keeps it has taken this.
    if (!text.isEmpty() && text != row->name)
        Q_EMIT renamed(row->id, text);
    return true;
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (section >= firstOfData) {
        const RunColumn &column = m_table->columns[static_cast<std::size_t>(section - firstOfData)];
        if (role == Qt::DisplayRole)
            return column.title;
        if (role == Qt::ToolTipRole)
            return column.tip;
        return role == Qt::TextAlignmentRole ? QVariant(int((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter)) : QVariant();
    }
    if (role == Qt::DisplayRole)
        return section == name ? tr("Name") : section == state ? tr("State") : QString();
    if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole)
        return section == star ? tr("Starred") : section == choice ? tr("Chosen") : QString();
    return role == Qt::TextAlignmentRole ? QVariant(int(Qt::AlignLeft | Qt::AlignVCenter)) : QVariant();
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const RunRow *row = rowAt(index);
    if (!row)
        return Qt::ItemIsEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == name)
        flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace kino
