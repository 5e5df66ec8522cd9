#include "widgets/runs/window_list.h"

#include "core/base/time.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/time_axis.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr int kMostMeasured = 60;

/** A column that says nothing anywhere is not shown. */
bool isEmptyColumn(const WindowListData &data, int column)
{
    const auto saysNothing = [](const QStringList &texts) { return std::ranges::all_of(texts, &QString::isEmpty); };
    switch (column) {
    case WindowListModel::subject: return saysNothing(data.subjects);
    case WindowListModel::device: return saysNothing(data.devices);
    case WindowListModel::length: return data.lengthNs <= 0;
    case WindowListModel::seed:
    case WindowListModel::run: return !data.hasRuns;
    default: return false;
    }
}

bool isNumber(int column) { return column == WindowListModel::start || column == WindowListModel::length || column >= WindowListModel::confidence; }

} // namespace

void WindowListModel::setRows(std::shared_ptr<const WindowListData> data)
{
    beginResetModel();
    m_data = data ? std::move(data) : std::make_shared<const WindowListData>();
    endResetModel();
}

int WindowListModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_data->rows.size()); }

int WindowListModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(columns); }

QString WindowListModel::textOf(const WindowListRow &row, int column) const
{
    const auto nameOf = [this](std::uint32_t place) {
        const QString &name = m_data->classes[static_cast<qsizetype>(place)];
        return name.isEmpty() ? tr("no label") : name;
    };
    switch (column) {
    case recording: return m_data->recordings[static_cast<qsizetype>(row.recording)];
    case subject: return m_data->subjects[static_cast<qsizetype>(row.recording)];
    case device: return m_data->devices[static_cast<qsizetype>(row.device)];
    case start: return clockText({row.startNs});
    case length: return m_data->lengthNs > 0 ? durationText(m_data->lengthNs) : QString();
    case label: return nameOf(row.label);
    case predicted: return nameOf(row.predicted);
    case confidence: return std::isfinite(row.confidence) ? QString::number(row.confidence, 'f', 3) : QString();
    case seed: return QString::number(row.seed);
    case run: return QString::number(row.run);
    default: return {};
    }
}

QVariant WindowListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const WindowListRow &row = m_data->rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return textOf(row, index.column());
    case Qt::TextAlignmentRole: return QVariant(isNumber(index.column()) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::DecorationRole:
        if (index.column() == label || index.column() == predicted) {
            const QString &name = m_data->classes[static_cast<qsizetype>(index.column() == label ? row.label : row.predicted)];
            return labelDot(themeOf(QGuiApplication::palette()), name, {}, 2);
        }
        return {};
    default: return {};
    }
}

QVariant WindowListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(isNumber(section) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case recording: return tr("Recording");
    case subject: return tr("Subject");
    case device: return tr("Device");
    case start: return tr("Start");
    case length: return tr("Length");
    case label: return tr("True");
    case predicted: return tr("Predicted");
    case confidence: return tr("Confidence");
    case seed: return tr("Seed");
    case run: return tr("Run");
    default: return {};
    }
}

WindowListView::WindowListView(QWidget *parent) : QTreeView(parent), m_model(new WindowListModel(this))
{
    setProperty("look", QStringLiteral("runs"));
    setModel(m_model);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSelectionMode(ExtendedSelection);
    setSelectionBehavior(SelectRows);
    setHorizontalScrollMode(ScrollPerPixel);
    setAccessibleName(tr("Windows"));
    header()->setSectionsClickable(true);
    header()->setSortIndicatorShown(true);
    header()->setSortIndicator(WindowListModel::confidence, Qt::DescendingOrder);
    header()->setStretchLastSection(false);
    connect(header(), &QHeaderView::sortIndicatorChanged, this, &WindowListView::sortRequested);
    connect(this, &QAbstractItemView::doubleClicked, this, &WindowListView::wantCurrent);
}

void WindowListView::setRows(std::shared_ptr<const WindowListData> data)
{
    m_model->setRows(std::move(data));
    for (int column = 0; column < WindowListModel::columns; ++column)
        setColumnHidden(column, isEmptyColumn(m_model->list(), column));
    if (m_model->rowCount() > 0) {
        setCurrentIndex(m_model->index(0, 0));
        fitColumns();
    }
    viewport()->update();
}

/** Once; then widths are the person's. */
void WindowListView::fitColumns()
{
    if (m_isFitted)
        return;
    m_isFitted = true;
    const QFontMetrics metrics(font());
    for (int column = 0; column < WindowListModel::columns; ++column) {
        int width = metrics.horizontalAdvance(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()) + 32;
        const bool hasDot = column == WindowListModel::label || column == WindowListModel::predicted;
        for (int row = 0; row < std::min(m_model->rowCount(), kMostMeasured); ++row)
            width = std::max(width, metrics.horizontalAdvance(m_model->index(row, column).data().toString()) + (hasDot ? 40 : 20));
        header()->resizeSection(column, std::min(width, 240));
    }
}

void WindowListView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

const WindowListRow *WindowListView::current() const
{
    const int row = currentIndex().row();
    return currentIndex().isValid() && row < m_model->rowCount() ? &m_model->list().rows[static_cast<std::size_t>(row)] : nullptr;
}

void WindowListView::wantCurrent()
{
    if (const WindowListRow *row = current())
        Q_EMIT wanted(*row);
}

QString WindowListView::asText() const
{
    std::vector<int> rows;
    for (const QModelIndex &index : selectionModel()->selectedRows())
        rows.push_back(index.row());
    std::ranges::sort(rows);
    if (rows.empty()) {
        for (int row = 0; row < m_model->rowCount(); ++row)
            rows.push_back(row);
    }
    const auto line = [this](const auto &textOf) {
        QStringList cells;
        for (int column = 0; column < WindowListModel::columns; ++column) {
            if (!isColumnHidden(column))
                cells += QString(textOf(column)).replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
        }
        return cells.join(QLatin1Char('\t'));
    };
    QStringList lines{line([this](int column) { return m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); })};
    for (const int row : rows)
        lines += line([&](int column) { return m_model->textOf(m_model->list().rows[static_cast<std::size_t>(row)], column); });
    return lines.join(QLatin1Char('\n'));
}

void WindowListView::copyRows() const { QGuiApplication::clipboard()->setText(asText()); }

bool WindowListView::event(QEvent *event)
{
    // The window's own Copy means a plot, its Return an instant.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        event->accept();
        return true;
    }
    return QTreeView::event(event);
}

void WindowListView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        copyRows();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        wantCurrent();
    else
        QTreeView::keyPressEvent(event);
}

void WindowListView::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_model->rowCount() == 0)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Show in Inspect"), this, &WindowListView::wantCurrent)->setEnabled(current());
    menu->addAction(tr("&Copy rows"), this, &WindowListView::copyRows);
    const bool isKeyboard = event->reason() == QContextMenuEvent::Keyboard && currentIndex().isValid();
    menu->popup(isKeyboard ? viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft()) : event->globalPos());
}

void WindowListView::paintEvent(QPaintEvent *event)
{
    QTreeView::paintEvent(event);
    if (m_model->rowCount() > 0 || m_emptyText.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setPen(themeOf(palette()).dim);
    painter.drawText(viewport()->rect().adjusted(24, 0, -24, 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
}

void WindowListView::changeEvent(QEvent *event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

} // namespace kino
