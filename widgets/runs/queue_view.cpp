#include "widgets/runs/queue_view.h"

#include "widgets/style/icons.h"
#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"

#include <QAbstractListModel>
#include <QContextMenuEvent>
#include <QMimeData>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr int kSide = 12;
constexpr int kCardPadding = 10;
constexpr int kButton = 24;
const QString kMime = QStringLiteral("application/x-kinoscope-job");

/** Of one that has come somewhere. */
QString percentText(const QueueItem &item)
{
    return item.kind == QueueItem::Kind::card && item.progress > 0 ? QueueView::tr("%1 %").arg(static_cast<int>(item.progress * 100)) : QString();
}

int lineHeight(const QFont &font) { return QFontMetrics(font).height(); }

} // namespace

class QueueView::Model : public QAbstractListModel {
public:
    explicit Model(QueueView &view) : QAbstractListModel(&view), m_view(view) {}

    void setItems(std::vector<QueueItem> items)
    {
        const auto isSame = [](const QueueItem &one, const QueueItem &other) { return one.id == other.id && one.kind == other.kind; };
        if (std::ranges::equal(items, m_items, isSame)) {
            // Sizes follow from texts alone: only what changed is laid out anew.
            for (std::size_t row = 0; row < items.size(); ++row) {
                if (items[row] == m_items[row])
                    continue;
                m_items[row] = std::move(items[row]);
                const QModelIndex index = this->index(static_cast<int>(row));
                Q_EMIT dataChanged(index, index);
            }
            return;
        }
        beginResetModel();
        m_items = std::move(items);
        endResetModel();
    }
    const std::vector<QueueItem> &items() const { return m_items; }

    int rowCount(const QModelIndex &parent) const override { return parent.isValid() ? 0 : static_cast<int>(m_items.size()); }

    QVariant data(const QModelIndex &index, int role) const override
    {
        const QueueItem &item = m_items[static_cast<std::size_t>(index.row())];
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) {
            QStringList parts{item.name, item.detail};
            if (item.kind != QueueItem::Kind::heading)
                parts += {runStateText(item.state), item.status, percentText(item), item.remaining, item.value};
            parts.removeAll(QString());
            return parts.join(QStringLiteral(", "));
        }
        if (role == Qt::ToolTipRole && item.kind != QueueItem::Kind::heading) {
            QStringList lines{item.name, item.detail, runStateText(item.state), item.status, percentText(item), item.remaining};
            lines.removeAll(QString());
            return lines.join(QLatin1Char('\n'));
        }
        return {};
    }

    Qt::ItemFlags flags(const QModelIndex &index) const override
    {
        if (!index.isValid())
            return Qt::ItemIsDropEnabled;
        const QueueItem &item = m_items[static_cast<std::size_t>(index.row())];
        if (item.kind == QueueItem::Kind::heading)
            return Qt::ItemIsEnabled;
        Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
        flags.setFlag(Qt::ItemIsDragEnabled, item.canMove);
        return flags;
    }

    QStringList mimeTypes() const override { return {kMime}; }
    QMimeData *mimeData(const QModelIndexList &indexes) const override
    {
        auto *mime = new QMimeData;
        if (!indexes.isEmpty())
            mime->setData(kMime, QByteArray::number(m_items[static_cast<std::size_t>(indexes.front().row())].id));
        return mime;
    }
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    bool dropMimeData(const QMimeData *mime, Qt::DropAction, int row, int, const QModelIndex &parent) override
    {
        const qint64 id = mime->data(kMime).toLongLong();
        const int at = parent.isValid() ? parent.row() : row < 0 ? static_cast<int>(m_items.size()) : row;
        // Before the first card at or behind the place that can itself be moved; those that run stay ahead.
        qint64 before = 0;
        for (std::size_t each = static_cast<std::size_t>(at); each < m_items.size(); ++each) {
            if (m_items[each].kind != QueueItem::Kind::card)
                break;
            if (m_items[each].canMove) {
                before = m_items[each].id;
                break;
            }
        }
        if (id != 0 && id != before)
            Q_EMIT m_view.moveRequested(id, before);
        return false; // rows come as whoever keeps the queue has them
    }

private:
    QueueView &m_view;
    std::vector<QueueItem> m_items;
};

class QueueView::Delegate : public QStyledItemDelegate {
public:
    explicit Delegate(QueueView &view) : QStyledItemDelegate(&view), m_view(view) {}

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QueueItem *item = m_view.itemAt(index);
        const int line = lineHeight(option.font), small = lineHeight(smallFont(option.font));
        if (!item)
            return {0, 0};
        switch (item->kind) {
        case QueueItem::Kind::heading: return {100, line + 20};
        case QueueItem::Kind::finished: return {100, line + (item->status.isEmpty() ? 8 : small + 10)};
        case QueueItem::Kind::card: break;
        }
        const bool hasDetail = !item->detail.isEmpty() || item->progress > 0, hasStatus = !item->status.isEmpty() || !item->remaining.isEmpty();
        const int texts = line + (hasDetail ? small + 2 : 0) + (hasStatus ? small + 2 : 0);
        return {100, texts + (item->progress >= 0 ? 10 : 0) + 2 * kCardPadding + 6};
    }

    QRect card(const QRect &rect) const { return rect.adjusted(kSide, 3, -kSide, -3); }

    QRect button(const QRect &rect, const QueueItem &item, Button button) const
    {
        const QRect inside = card(rect);
        const bool hasPause = item.canPause || item.canResume;
        if (button == Button::cancel ? !item.canCancel : !hasPause)
            return {};
        const int right = inside.right() - 4 - (button == Button::pause && item.canCancel ? kButton : 0);
        return {right - kButton + 1, inside.top() + 5, kButton, kButton};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QueueItem *item = m_view.itemAt(index);
        if (!item)
            return;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (item->kind == QueueItem::Kind::heading)
            paintHeading(*painter, option, *item);
        else if (item->kind == QueueItem::Kind::finished)
            paintFinished(*painter, option, *item);
        else
            paintCard(*painter, option, *item);
        painter->restore();
    }

private:
    static QString elided(const QPainter &painter, const QString &text, int width) { return painter.fontMetrics().elidedText(text, Qt::ElideRight, std::max(0, width)); }

    void paintHeading(QPainter &painter, const QStyleOptionViewItem &option, const QueueItem &item) const
    {
        const Theme &theme = themeOf(option.palette);
        const QRect line = option.rect.adjusted(kSide, 8, -kSide, -2);
        painter.setFont(panelTitleFont(option.font));
        painter.setPen(theme.text);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, item.name);
        const int taken = painter.fontMetrics().horizontalAdvance(item.name) + 12;
        painter.setFont(smallFont(option.font));
        painter.setPen(theme.dim);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, elided(painter, item.detail, line.width() - taken));
    }

    void paintFinished(QPainter &painter, const QStyleOptionViewItem &option, const QueueItem &item) const
    {
        const Theme &theme = themeOf(option.palette);
        if (option.state & QStyle::State_Selected)
            painter.fillRect(option.rect, theme.selection);
        const int line = lineHeight(option.font);
        const QRect first(option.rect.left() + kSide, option.rect.top() + 4, option.rect.width() - 2 * kSide, line);
        paintRunState(painter, {first.left() + 6.0, QRectF(first).center().y()}, item.state, theme);
        painter.setPen(theme.text);
        painter.setFont(option.font);
        const double valueWidth = tabularWidth(option.font, item.value);
        painter.drawText(first.adjusted(18, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, elided(painter, item.name, first.width() - 26 - static_cast<int>(valueWidth)));
        drawTabular(painter, first, Qt::AlignRight, item.value);
        if (item.status.isEmpty())
            return;
        painter.setFont(smallFont(option.font));
        painter.setPen(item.state == RunState::failed ? theme.bad : theme.dim);
        painter.drawText(first.adjusted(18, line + 1, 0, line + 1), Qt::AlignLeft | Qt::AlignTop, elided(painter, item.status, first.width() - 18));
    }

    void paintCard(QPainter &painter, const QStyleOptionViewItem &option, const QueueItem &item) const
    {
        const Theme &theme = themeOf(option.palette);
        const QRect frame = card(option.rect);
        const bool isSelected = option.state & QStyle::State_Selected;
        painter.setPen(QPen(isSelected ? theme.accent : theme.line, 1));
        painter.setBrush(isSelected ? theme.selection : theme.surface);
        painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
        painter.setBrush(Qt::NoBrush);
        QRect line = frame.adjusted(kCardPadding, kCardPadding, -kCardPadding, 0);
        int right = line.right();
        for (const Button each : {Button::cancel, Button::pause}) {
            const QRect place = button(option.rect, item, each);
            if (place.isEmpty())
                continue;
            const QString name = each == Button::cancel ? QStringLiteral("close") : item.canPause ? QStringLiteral("pause") : QStringLiteral("play");
            icon(name).paint(&painter, place.adjusted(5, 5, -5, -5));
            right = std::min(right, place.left() - 4);
        }
        QFont strong = option.font;
        strong.setWeight(QFont::DemiBold);
        const int height = lineHeight(option.font);
        line.setHeight(height);
        painter.setFont(strong);
        painter.setPen(theme.text);
        paintRunState(painter, {line.left() + 5.0, QRectF(line).center().y()}, item.state, theme);
        painter.drawText(line.adjusted(16, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, elided(painter, item.name, right - line.left() - 16));
        const QFont small = smallFont(option.font);
        const int smallHeight = lineHeight(small);
        painter.setFont(small);
        line.translate(0, height + 2);
        line.setHeight(smallHeight);
        // What stands on the right is whole, what stands on the left gives way.
        const auto paintPair = [&](const QColor &pen, const QString &left, const QString &whole) {
            if (left.isEmpty() && whole.isEmpty())
                return;
            painter.setPen(pen);
            const int taken = whole.isEmpty() ? 0 : static_cast<int>(std::ceil(tabularWidth(small, whole))) + 8;
            drawTabular(painter, line, Qt::AlignRight, whole);
            drawTabular(painter, line, Qt::AlignLeft, elided(painter, left, line.width() - taken));
            line.translate(0, smallHeight + 2);
        };
        paintPair(theme.dim, item.detail, percentText(item));
        const QColor tone = item.state == RunState::running ? theme.accent : item.state == RunState::failed ? theme.bad
            : item.state == RunState::paused || item.state == RunState::interrupted                       ? theme.warning
                                                                                                          : theme.dim;
        paintPair(tone, item.status, item.remaining);
        if (item.progress < 0)
            return;
        const QRectF bar(line.left(), frame.bottom() - kCardPadding - 2, line.width(), 4);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.line);
        painter.drawRoundedRect(bar, 2, 2);
        painter.setBrush(item.state == RunState::running || item.state == RunState::paused ? tone : theme.dim);
        QRectF done = bar;
        done.setWidth(bar.width() * std::clamp(item.progress, 0.0, 1.0));
        if (done.width() > 0)
            painter.drawRoundedRect(done, 2, 2);
    }

    QueueView &m_view;
};

QueueView::QueueView(QWidget *parent) : QListView(parent), m_model(new Model(*this))
{
    setModel(m_model);
    setItemDelegate(new Delegate(*this));
    setFrameShape(NoFrame);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(SingleSelection);
    setDragDropMode(InternalMove);
    setDefaultDropAction(Qt::MoveAction);
    setDragDropOverwriteMode(false);
    setAccessibleName(tr("Queue"));
    setMouseTracking(true);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] { Q_EMIT selectedChanged(selected()); });
    connect(this, &QListView::doubleClicked, this, [this](const QModelIndex &index) {
        if (const QueueItem *item = itemAt(index); item && item->kind != QueueItem::Kind::heading)
            Q_EMIT openRequested(item->id);
    });
}

void QueueView::setItems(std::vector<QueueItem> items)
{
    const qint64 kept = selected();
    {
        const QSignalBlocker quiet(selectionModel());
        m_model->setItems(std::move(items));
    }
    if (kept != 0 && selected() != kept) {
        if (itemOf(kept)) {
            const QSignalBlocker quiet(selectionModel());
            select(kept);
        } else {
            Q_EMIT selectedChanged(0);
        }
    }
    doItemsLayout();
    viewport()->update();
}

const std::vector<QueueItem> &QueueView::items() const { return m_model->items(); }

void QueueView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

const QueueItem *QueueView::itemAt(const QModelIndex &index) const
{
    return index.isValid() && static_cast<std::size_t>(index.row()) < items().size() ? &items()[static_cast<std::size_t>(index.row())] : nullptr;
}

const QueueItem *QueueView::itemOf(qint64 id) const
{
    const auto found = std::ranges::find_if(items(), [id](const QueueItem &item) { return item.id == id && item.kind != QueueItem::Kind::heading; });
    return found == items().end() ? nullptr : &*found;
}

qint64 QueueView::selected() const
{
    const QModelIndexList chosen = selectionModel()->selectedIndexes();
    const QueueItem *item = chosen.isEmpty() ? nullptr : itemAt(chosen.front());
    return item ? item->id : 0;
}

void QueueView::select(qint64 id)
{
    const QueueItem *item = itemOf(id);
    if (item)
        selectionModel()->setCurrentIndex(m_model->index(static_cast<int>(item - items().data())), QItemSelectionModel::ClearAndSelect);
    else
        clearSelection();
    viewport()->update();
}

QRect QueueView::buttonRect(qint64 id, Button button) const
{
    const QueueItem *item = itemOf(id);
    if (!item)
        return {};
    const QRect rect = visualRect(m_model->index(static_cast<int>(item - items().data())));
    return static_cast<const Delegate *>(itemDelegate())->button(rect, *item, button);
}

void QueueView::press(const QueueItem &item, Button button)
{
    if (button == Button::cancel && item.canCancel)
        Q_EMIT cancelRequested(item.id);
    else if (button == Button::pause && item.canPause)
        Q_EMIT pauseRequested(item.id);
    else if (button == Button::pause && item.canResume)
        Q_EMIT resumeRequested(item.id);
}

void QueueView::mousePressEvent(QMouseEvent *event)
{
    const QueueItem *found = itemAt(indexAt(event->pos()));
    const std::optional<QueueItem> item = found ? std::optional(*found) : std::nullopt; // rows may come anew while it is told
    if (const auto button = item && event->button() == Qt::LeftButton ? buttonAt(*item, event->pos()) : std::nullopt) {
        press(*item, *button);
        return;
    }
    QListView::mousePressEvent(event);
    if (item && item->kind != QueueItem::Kind::heading)
        Q_EMIT pressedAt(item->id);
}

std::optional<QueueView::Button> QueueView::buttonAt(const QueueItem &item, QPoint place) const
{
    if (item.kind != QueueItem::Kind::card)
        return std::nullopt;
    for (const Button button : {Button::pause, Button::cancel}) {
        if (buttonRect(item.id, button).contains(place))
            return button;
    }
    return std::nullopt;
}

bool QueueView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QueueItem *item = itemAt(indexAt(help->pos()));
        if (const auto button = item ? buttonAt(*item, help->pos()) : std::nullopt) {
            const QString words = *button == Button::cancel ? tr("Cancel  (Del)") : item->canPause ? tr("Pause  (Space)") : tr("Resume  (Space)");
            QToolTip::showText(help->globalPos(), words, viewport(), buttonRect(item->id, *button));
            return true;
        }
    }
    return QListView::viewportEvent(event);
}

bool QueueView::event(QEvent *event)
{
    // Space pauses here; elsewhere it plays.
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Space || key == Qt::Key_Delete || key == Qt::Key_Return || key == Qt::Key_Enter) {
            event->accept();
            return true;
        }
    }
    return QListView::event(event);
}

void QueueView::keyPressEvent(QKeyEvent *event)
{
    const QueueItem *found = itemOf(selected());
    if (!found) {
        QListView::keyPressEvent(event);
        return;
    }
    const QueueItem item = *found;
    switch (event->key()) {
    case Qt::Key_Space: press(item, Button::pause); return;
    case Qt::Key_Delete: press(item, Button::cancel); return;
    case Qt::Key_Return:
    case Qt::Key_Enter: Q_EMIT openRequested(item.id); return;
    default: QListView::keyPressEvent(event);
    }
}

void QueueView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        if (selected() != 0)
            Q_EMIT menuRequested(selected(), viewport()->mapToGlobal(visualRect(currentIndex()).center()));
        return;
    }
    const QueueItem *item = itemAt(indexAt(event->pos()));
    if (!item || item->kind == QueueItem::Kind::heading)
        return;
    const qint64 id = item->id;
    select(id);
    Q_EMIT menuRequested(id, event->globalPos());
}

void QueueView::paintEvent(QPaintEvent *event)
{
    QListView::paintEvent(event);
    if (!items().empty() || m_emptyText.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setPen(themeOf(palette()).dim);
    painter.drawText(viewport()->rect().adjusted(16, 12, -16, -12), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_emptyText);
}

} // namespace kino
