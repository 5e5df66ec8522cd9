#include "widgets/import/table_preview.h"

#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"

#include <QHeaderView>
#include <QPainter>
#include <QScopedValueRollback>
#include <QStyledItemDelegate>

#include <set>

namespace kino {
namespace {

constexpr int kPreviewRowHeight = 22;
constexpr int kHeadHeight = 44;
constexpr int kLeastWidth = 96;
constexpr int kMostWidth = 190;
/** Wider tables keep the usual width. */
constexpr int kMostFitted = 200;

} // namespace

/** Two lines a column: its name, and what it is taken for. */
class TablePreviewView::Head : public QHeaderView {
public:
    Head(TablePreviewView *view, TablePreviewModel &model) : QHeaderView(Qt::Horizontal, view), m_model(model)
    {
        setSectionsClickable(true);
        setHighlightSections(true);
        setFixedHeight(kHeadHeight);
    }

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        const Theme &theme = themeOf(palette());
        const bool isChosen = selectionModel() && selectionModel()->columnIntersectsSelection(section, {});
        painter->save();
        painter->fillRect(rect, isChosen ? theme.selection : theme.raised);
        painter->setPen(theme.line);
        painter->drawLine(rect.bottomLeft(), rect.bottomRight());
        painter->drawLine(rect.topRight(), rect.bottomRight());
        const QRect text = rect.adjusted(8, 4, -8, -4);
        const QString meaning = m_model.headerData(section, Qt::Horizontal, Qt::UserRole).toString();
        QFont strong = font();
        strong.setWeight(QFont::DemiBold);
        painter->setFont(strong);
        painter->setPen(meaning.isEmpty() ? theme.dim : theme.text);
        const QString name = m_model.headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
        painter->drawText(text, Qt::AlignTop | Qt::AlignLeft, painter->fontMetrics().elidedText(name, Qt::ElideMiddle, text.width()));
        painter->setFont(smallFont(font()));
        painter->setPen(meaning.isEmpty() ? theme.faint : theme.accent);
        painter->drawText(text, Qt::AlignBottom | Qt::AlignLeft, painter->fontMetrics().elidedText(meaning.isEmpty() ? TablePreviewView::tr("not used") : meaning, Qt::ElideRight, text.width()));
        painter->restore();
    }

private:
    TablePreviewModel &m_model;
};

class TablePreviewView::Delegate : public QStyledItemDelegate {
public:
    Delegate(QObject *parent, TablePreviewModel &model) : QStyledItemDelegate(parent), m_model(model) {}

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = themeOf(option.palette);
        const PreviewRow &row = m_model.preview()->rows[static_cast<std::size_t>(index.row())];
        const bool isUsed = !m_model.headerData(index.column(), Qt::Horizontal, Qt::UserRole).toString().isEmpty();
        painter->save();
        if (row.kind == PreviewRowKind::data && option.state.testFlag(QStyle::State_Selected)) {
            QColor tint = theme.selection;
            tint.setAlphaF(0.5);
            painter->fillRect(option.rect, tint);
        }
        const QRect text = option.rect.adjusted(8, 0, -8, 0);
        painter->setFont(option.font);
        painter->setPen(row.kind == PreviewRowKind::above ? theme.dim : row.kind == PreviewRowKind::leftOut ? theme.bad : isUsed ? theme.text : theme.faint);
        if (row.kind == PreviewRowKind::above)
            painter->setFont(smallFont(option.font));
        const QString shown = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, text.width());
        bool isNumber = false;
        shown.left(shown.indexOf(QLatin1Char(' '))).toDouble(&isNumber);
        // What is read lines up as numbers do; the text of the file stays text.
        if (row.kind == PreviewRowKind::data && isNumber && m_model.mode() == PreviewMode::asRead)
            drawTabular(*painter, text, Qt::AlignRight, shown);
        else
            painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, shown);
        painter->restore();
    }

private:
    TablePreviewModel &m_model;
};

void TablePreviewModel::setPreview(std::shared_ptr<const TablePreview> preview)
{
    beginResetModel();
    m_preview = std::move(preview);
    endResetModel();
}

void TablePreviewModel::setMode(PreviewMode mode)
{
    m_mode = mode;
    if (m_preview && !m_preview->rows.empty() && m_preview->columns > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void TablePreviewModel::setMeanings(const QStringList &meanings)
{
    m_meanings = meanings;
    if (columnCount() > 0)
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

int TablePreviewModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_preview ? 0 : static_cast<int>(m_preview->rows.size());
}

int TablePreviewModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_preview ? 0 : static_cast<int>(m_preview->columns);
}

QVariant TablePreviewModel::data(const QModelIndex &index, int role) const
{
    const PreviewRow &row = m_preview->rows[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<std::size_t>(index.column());
    if (role == Qt::ToolTipRole)
        return row.problem.empty() ? QVariant() : tr("Line %1 is left out: %2").arg(row.line).arg(QString::fromStdString(row.problem));
    if (role != Qt::DisplayRole)
        return {};
    // A row that is left out has no values: it is shown as it stands.
    const auto &cells = m_mode == PreviewMode::asRead && row.kind == PreviewRowKind::data && !row.values.empty() ? row.values : row.fields;
    return column < cells.size() ? QString::fromStdString(cells[column]) : QString();
}

QVariant TablePreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(static_cast<qlonglong>(m_preview->rows[static_cast<std::size_t>(section)].line)) : QVariant();
    if (role == Qt::UserRole)
        return m_meanings.value(section);
    if (role == Qt::AccessibleTextRole || role == Qt::ToolTipRole)
        return headerData(section, orientation, Qt::DisplayRole).toString() + QStringLiteral(": ") + (m_meanings.value(section).isEmpty() ? tr("not used") : m_meanings.value(section));
    if (role != Qt::DisplayRole)
        return {};
    const auto column = static_cast<std::size_t>(section);
    if (column < m_preview->names.size() && !m_preview->names[column].empty())
        return QString::fromStdString(m_preview->names[column]).simplified();
    return tr("Column %1").arg(section + 1);
}

TablePreviewView::TablePreviewView(QWidget *parent) : QTableView(parent)
{
    setModel(&m_model);
    setHorizontalHeader(new Head(this, m_model));
    setItemDelegate(new Delegate(this, m_model));
    setAccessibleName(tr("First rows of the file"));
    setSelectionBehavior(QAbstractItemView::SelectColumns);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setShowGrid(false);
    setCornerButtonEnabled(false);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setFrameShape(QFrame::NoFrame);
    horizontalHeader()->setDefaultSectionSize(kLeastWidth);
    horizontalHeader()->setMinimumSectionSize(56);
    verticalHeader()->setDefaultSectionSize(kPreviewRowHeight);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    verticalHeader()->setSectionsClickable(false);
    verticalHeader()->setHighlightSections(false);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        horizontalHeader()->viewport()->update();
        if (m_isSetting)
            return;
        std::set<int> columns;
        for (const QItemSelectionRange &range : selectionModel()->selection()) {
            for (int column = range.left(); column <= range.right(); ++column)
                columns.insert(column);
        }
        Q_EMIT columnsChosen({columns.begin(), columns.end()});
    });
}

void TablePreviewView::setPreview(std::shared_ptr<const TablePreview> preview)
{
    const QScopedValueRollback setting(m_isSetting, true);
    clearSpans();
    const int scrolled = horizontalScrollBar()->value();
    const bool isOther = !preview || m_model.columnCount() != static_cast<int>(preview->columns);
    m_model.setPreview(std::move(preview));
    m_isFitted = m_isFitted && !isOther;
    // A line above the data is no row of fields.
    for (int row = 0; row < m_model.rowCount() && m_model.columnCount() > 1; ++row) {
        if (m_model.preview()->rows[static_cast<std::size_t>(row)].kind == PreviewRowKind::above)
            setSpan(row, 0, 1, m_model.columnCount());
    }
    horizontalScrollBar()->setValue(scrolled);
}

void TablePreviewView::setMode(PreviewMode mode) { m_model.setMode(mode); }

void TablePreviewView::setMeanings(const QStringList &meanings)
{
    m_model.setMeanings(meanings);
    // Once a table: what a person has widened stays wide.
    if (!m_isFitted)
        fitColumns();
    m_isFitted = true;
}

void TablePreviewView::setChosenColumns(const std::vector<int> &columns)
{
    const QScopedValueRollback setting(m_isSetting, true);
    QItemSelection chosen;
    for (const int column : columns) {
        if (column < m_model.columnCount() && m_model.rowCount() > 0)
            chosen.select(m_model.index(0, column), m_model.index(m_model.rowCount() - 1, column));
    }
    selectionModel()->select(chosen, QItemSelectionModel::ClearAndSelect);
}

void TablePreviewView::showColumn(int column)
{
    if (column >= 0 && column < m_model.columnCount() && m_model.rowCount() > 0)
        scrollTo(m_model.index(std::max(0, rowAt(0)), column));
}

void TablePreviewView::fitColumns()
{
    const QFontMetrics metrics(smallFont(font()));
    for (int column = 0; column < std::min(m_model.columnCount(), kMostFitted); ++column) {
        const int wanted = metrics.horizontalAdvance(m_model.headerData(column, Qt::Horizontal, Qt::UserRole).toString());
        horizontalHeader()->resizeSection(column, std::clamp(wanted + 18, kLeastWidth, kMostWidth));
    }
}

} // namespace kino
