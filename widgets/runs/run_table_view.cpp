#include "widgets/runs/run_table_view.h"

#include "widgets/style/icons.h"
#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QPainter>
#include <QScopedValueRollback>
#include <QStyledItemDelegate>

#include <algorithm>

namespace kino {
namespace {

constexpr int kRowHeight = 28;
constexpr int kNameWidth = 220;
constexpr std::size_t kMostNamesMeasured = 60;

} // namespace

class RunTableView::Delegate : public QStyledItemDelegate {
public:
    explicit Delegate(RunTableView &view) : QStyledItemDelegate(&view), m_view(view) {}

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width() + 8, kRowHeight};
    }

    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->state &= ~QStyle::State_HasFocus;
        if (!m_view.m_model->rowAt(index))
            option->font.setWeight(QFont::DemiBold);
        if (index.column() == RunTableModel::state)
            option->text.clear();
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const RunRow *row = m_view.m_model->rowAt(index);
        if (!row)
            return;
        const Theme &theme = themeOf(option.palette);
        const QPointF centre = QRectF(option.rect).center();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        switch (index.column()) {
        case RunTableModel::choice: {
            const int place = m_view.placeOf(row->id);
            if (place >= 0) {
                painter->setPen(Qt::NoPen);
                painter->setBrush(theme.labels[static_cast<std::size_t>(place) % theme.labels.size()]);
                painter->drawEllipse(centre, 5, 5);
            } else {
                painter->setPen(QPen(theme.dim, 1.2));
                painter->drawEllipse(centre, 4.5, 4.5);
            }
            break;
        }
        case RunTableModel::star:
            if (row->isStarred || (option.state & QStyle::State_MouseOver))
                icon(row->isStarred ? QStringLiteral("star-filled") : QStringLiteral("star")).paint(painter, QRect(option.rect.center() - QPoint(7, 7), QSize(14, 14)));
            break;
        case RunTableModel::state:
            paintRunState(*painter, {option.rect.left() + 10.0, centre.y()}, row->state, theme);
            painter->setPen(theme.text);
            painter->drawText(option.rect.adjusted(22, 0, -2, 0), Qt::AlignLeft | Qt::AlignVCenter,
                              option.fontMetrics.elidedText(runStateText(row->state), Qt::ElideRight, option.rect.width() - 24));
            break;
        default: break;
        }
        painter->restore();
    }

private:
    RunTableView &m_view;
};

RunTableView::RunTableView(QWidget *parent) : QTreeView(parent), m_model(new RunTableModel(this))
{
    setProperty("look", QStringLiteral("runs"));
    setModel(m_model);
    setItemDelegate(new Delegate(*this));
    setUniformRowHeights(true);
    setRootIsDecorated(false);
    setAllColumnsShowFocus(true);
    setSelectionMode(ExtendedSelection);
    setSelectionBehavior(SelectRows);
    setEditTriggers(EditKeyPressed);
    setMouseTracking(true);
    setAccessibleName(tr("Runs"));
    setHorizontalScrollMode(ScrollPerPixel);
    setTextElideMode(Qt::ElideMiddle); // runs of one study differ at the end of their names
    header()->setSectionsMovable(true);
    header()->setStretchLastSection(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setSortIndicator(-1, Qt::AscendingOrder);
    header()->setSortIndicatorClearable(true);
    header()->setMinimumSectionSize(24);
    setSortingEnabled(true);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunTableView::takeSelection);
    connect(m_model, &QAbstractItemModel::modelReset, this, &RunTableView::showColumns);
    connect(header(), &QHeaderView::sectionResized, this, [this](int section) { m_areNamesSet = m_areNamesSet || (section == RunTableModel::name && !m_isFitting); });
}

void RunTableView::setTable(std::shared_ptr<const RunTableData> table, Missing missing)
{
    m_keepsMissing = missing == Missing::kept;
    {
        const QScopedValueRollback restoring(m_isRestoring, true);
        const bool isReset = table->columns.size() != m_model->table().columns.size()
            || !std::ranges::equal(table->columns, m_model->table().columns, {}, &RunColumn::id, &RunColumn::id);
        m_model->setTable(std::move(table));
        if (isReset) {
            std::vector<qint64> ids;
            for (const ChosenRun &run : m_chosen)
                ids.push_back(run.id);
            choose(ids);
        }
        // Those that were filtered out are back.
        for (const ChosenRun &run : m_chosen) {
            const QModelIndex index = m_model->indexOf(run.id);
            if (index.isValid() && !selectionModel()->isSelected(index))
                selectionModel()->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
        showColumns();
    }
    takeSelection();
    viewport()->update();
}

void RunTableView::setGrouping(const QString &column)
{
    {
        const QScopedValueRollback restoring(m_isRestoring, true);
        std::vector<qint64> ids;
        for (const ChosenRun &run : m_chosen)
            ids.push_back(run.id);
        m_model->setGrouping(column);
        setRootIsDecorated(m_model->isGrouped());
        setTreePosition(RunTableModel::name);
        setIndentation(m_model->isGrouped() ? 14 : 0);
        expandAll();
        choose(ids);
    }
    takeSelection();
}

void RunTableView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

int RunTableView::placeOf(qint64 id) const
{
    const auto found = std::ranges::find(m_chosen, id, &ChosenRun::id);
    return found == m_chosen.end() ? -1 : found->place;
}

void RunTableView::choose(const std::vector<qint64> &ids)
{
    m_keepsMissing = m_keepsMissing && m_isRestoring;
    QItemSelection selection;
    for (const qint64 id : ids) {
        const QModelIndex first = m_model->indexOf(id);
        if (first.isValid())
            selection.select(first, m_model->indexOf(id, m_model->columnCount() - 1));
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (!selection.isEmpty() && !currentIndex().isValid())
        selectionModel()->setCurrentIndex(selection.indexes().front(), QItemSelectionModel::NoUpdate);
    takeSelection();
}

void RunTableView::takeSelection()
{
    if (m_isRestoring)
        return;
    std::vector<qint64> ids;
    for (const QModelIndex &index : selectionModel()->selectedRows()) {
        if (const RunRow *row = m_model->rowAt(index); row && ids.size() < kMostChosen)
            ids.push_back(row->id);
    }
    // Those that were chosen before keep place and colour; the others take what is free.
    std::vector<ChosenRun> chosen;
    for (const ChosenRun &run : m_chosen) {
        const bool isFilteredOut = m_keepsMissing && !m_model->indexOf(run.id).isValid();
        if (isFilteredOut || std::ranges::find(ids, run.id) != ids.end())
            chosen.push_back(run);
    }
    for (const qint64 id : ids) {
        if (std::ranges::find(chosen, id, &ChosenRun::id) != chosen.end() || chosen.size() >= kMostChosen)
            continue;
        int place = 0;
        while (std::ranges::find(chosen, place, &ChosenRun::place) != chosen.end())
            ++place;
        chosen.push_back({id, place});
    }
    if (chosen == m_chosen)
        return;
    m_chosen = std::move(chosen);
    viewport()->update();
    Q_EMIT chosenChanged();
}

QItemSelectionModel::SelectionFlags RunTableView::selectionCommand(const QModelIndex &index, const QEvent *event) const
{
    const QItemSelectionModel::SelectionFlags flags = QTreeView::selectionCommand(index, event);
    // Others take the place of all that were chosen, seen or not.
    if (event && flags.testFlag(QItemSelectionModel::Clear))
        m_keepsMissing = false;
    return flags;
}

/** Widths are given once; then they are the person's. */
void RunTableView::showColumns()
{
    if (m_model->isGrouped())
        expandAll();
    if (m_columns == m_model->table().columns.size() || m_model->columnCount() == 0) {
        fitNames();
        return;
    }
    const QScopedValueRollback fitting(m_isFitting, true);
    m_columns = m_model->table().columns.size();
    header()->setSectionResizeMode(RunTableModel::choice, QHeaderView::Fixed);
    header()->setSectionResizeMode(RunTableModel::star, QHeaderView::Fixed);
    header()->resizeSection(RunTableModel::choice, 30);
    header()->resizeSection(RunTableModel::star, 26);
    header()->resizeSection(RunTableModel::name, kNameWidth);
    header()->resizeSection(RunTableModel::state, 100);
    const QFontMetrics metrics(font());
    for (std::size_t column = 0; column < m_columns; ++column) {
        int width = metrics.horizontalAdvance(m_model->table().columns[column].title) + 28;
        for (std::size_t row = 0; row < std::min<std::size_t>(m_model->runs(), 40); ++row)
            width = std::max(width, metrics.horizontalAdvance(m_model->table().rows[row].cells[column].text) + 20);
        header()->resizeSection(RunTableModel::firstOfData + static_cast<int>(column), std::clamp(width, 60, 180));
    }
    fitNames();
}

/** Names take of what the other columns leave as much as they need, until the person sets their width. */
void RunTableView::fitNames()
{
    if (m_areNamesSet || m_columns == 0)
        return;
    const int room = viewport()->width() - (header()->length() - header()->sectionSize(RunTableModel::name));
    const QFontMetrics metrics(font());
    int wanted = 0;
    for (std::size_t row = 0; row < std::min(m_model->runs(), kMostNamesMeasured) && wanted < room; ++row)
        wanted = std::max(wanted, metrics.horizontalAdvance(m_model->table().rows[row].name) + indentation() + 16);
    const QScopedValueRollback fitting(m_isFitting, true);
    header()->resizeSection(RunTableModel::name, std::clamp(wanted, kNameWidth, std::max(kNameWidth, room)));
}

void RunTableView::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    fitNames();
}

void RunTableView::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    const RunRow *row = m_model->rowAt(index);
    if (row && event->button() == Qt::LeftButton && index.column() == RunTableModel::star) {
        Q_EMIT starToggled(row->id, !row->isStarred);
        return;
    }
    // The circle adds and takes away, as Ctrl does.
    if (row && event->button() == Qt::LeftButton && index.column() == RunTableModel::choice) {
        selectionModel()->select(index, QItemSelectionModel::Toggle | QItemSelectionModel::Rows);
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        return;
    }
    QTreeView::mousePressEvent(event);
}

void RunTableView::mouseReleaseEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    if (index.column() == RunTableModel::star || index.column() == RunTableModel::choice)
        return;
    QTreeView::mouseReleaseEvent(event);
}

void RunTableView::contextMenuEvent(QContextMenuEvent *event)
{
    QPoint place = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard && currentIndex().isValid())
        place = viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft());
    Q_EMIT menuRequested(place);
}

void RunTableView::paintEvent(QPaintEvent *event)
{
    QTreeView::paintEvent(event);
    if (m_model->runs() > 0 || m_emptyText.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setPen(themeOf(palette()).dim);
    painter.drawText(viewport()->rect().adjusted(40, 0, -40, 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

void RunTableView::changeEvent(QEvent *event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

} // namespace kino
