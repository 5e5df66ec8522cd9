#include "widgets/library_view.h"

#include "widgets/text_painting.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kRowHeight = 26;
constexpr int kMarkRoom = 20;
constexpr int kItemIndent = 20;

/** Name on the left, length and mark on the right; groups with an arrow. */
class LibraryDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, kRowHeight}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = themeOf(option.palette);
        const bool isGroup = index.data(LibraryModel::isGroupRole).toBool();
        const auto *tree = qobject_cast<const QTreeView *>(option.widget);
        QRect row = option.rect;
        row.setLeft(tree ? tree->viewport()->rect().left() : row.left());
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if ((selected || hovered) && !isGroup) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(selected ? theme.selection : theme.surface);
            painter->drawRoundedRect(QRectF(row).adjusted(6, 0.5, -6, -0.5), 5, 5);
        }
        if (option.state.testFlag(QStyle::State_HasFocus) && tree && tree->hasFocus() && selected) {
            painter->setPen(theme.accent);
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(QRectF(row).adjusted(6.5, 1, -6.5, -1), 5, 5);
        }
        QRect text = row.adjusted(isGroup ? 28 : 12 + kItemIndent, 0, isGroup ? -12 : -12 - kMarkRoom + 4, 0);
        if (isGroup)
            paintArrow(*painter, {row.left() + 17.0, row.center().y() + 0.5}, tree && tree->isExpanded(index), theme);
        painter->setFont(option.font);
        const QString detail = index.data(LibraryModel::detailRole).toString();
        painter->setPen(theme.dim);
        painter->setFont(smallFont(option.font));
        drawTabular(*painter, text, Qt::AlignRight, detail);
        text.setRight(text.right() - static_cast<int>(tabularWidth(painter->font(), detail)) - 8);
        QFont nameFont = option.font;
        if (isGroup)
            nameFont.setWeight(QFont::DemiBold);
        painter->setFont(nameFont);
        const auto state = static_cast<LibraryState>(index.data(LibraryModel::stateRole).toInt());
        painter->setPen(isGroup || state == LibraryState::ready ? theme.text : theme.dim);
        painter->drawText(text, Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, text.width()));
        if (!isGroup)
            paintMark(*painter, {row.right() - 16.0, row.center().y() + 0.5}, static_cast<Mark>(index.data(LibraryModel::markRole).toInt()), theme);
        painter->restore();
    }

private:
    static void paintArrow(QPainter &painter, QPointF centre, bool isOpen, const Theme &theme)
    {
        painter.setPen(QPen(theme.dim, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
        const QPolygonF arrow = isOpen ? QPolygonF({centre + QPointF(-3.5, -1.5), centre + QPointF(0, 2), centre + QPointF(3.5, -1.5)})
                                       : QPolygonF({centre + QPointF(-1.5, -3.5), centre + QPointF(2, 0), centre + QPointF(-1.5, 3.5)});
        painter.drawPolyline(arrow);
    }
};

/** A tree without branch lines of its own: the delegate draws the arrows. */
class LibraryTree : public QTreeView {
public:
    using QTreeView::QTreeView;

protected:
    void drawBranches(QPainter *, const QRect &, const QModelIndex &) const override {}
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        // The base class would fill the branch column of a selected row.
        QStyleOptionViewItem plain = option;
        plain.rect.setLeft(0);
        if (selectionModel()->isSelected(index))
            plain.state |= QStyle::State_Selected;
        if (currentIndex() == index)
            plain.state |= QStyle::State_HasFocus;
        if (viewport()->underMouse() && plain.rect.contains(viewport()->mapFromGlobal(QCursor::pos())))
            plain.state |= QStyle::State_MouseOver;
        else
            plain.state &= ~QStyle::State_MouseOver;
        plain.font = font();
        plain.palette = palette();
        plain.widget = this;
        itemDelegate()->paint(painter, plain, index);
    }
};

} // namespace

LibraryView::LibraryView(LibraryModel *model, QWidget *parent)
    : QWidget(parent), m_model(model), m_filtered(new QSortFilterProxyModel(this)), m_count(new QLabel(this)),
      m_search(new QLineEdit(this)), m_tree(new LibraryTree(this))
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(4);

    m_count->setProperty("role", QStringLiteral("dim"));
    auto *searchRow = new QHBoxLayout;
    searchRow->setContentsMargins(8, 0, 8, 4);
    m_search->setPlaceholderText(tr("Search recordings"));
    m_search->setAccessibleName(tr("Search recordings"));
    m_search->setClearButtonEnabled(true);
    searchRow->addWidget(m_search);
    column->addLayout(searchRow);

    m_filtered->setSourceModel(model);
    m_filtered->setRecursiveFilteringEnabled(true);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_tree->setModel(m_filtered);
    m_tree->setAccessibleName(tr("Recordings"));
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(0);
    m_tree->setRootIsDecorated(false);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setItemDelegate(new LibraryDelegate(m_tree));
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setMouseTracking(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    column->addWidget(m_tree, 1);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filtered->setFilterFixedString(text);
        m_tree->expandAll();
    });
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex &index) {
        if (index.data(LibraryModel::isGroupRole).toBool())
            m_tree->setExpanded(index, !m_tree->isExpanded(index));
        else
            Q_EMIT chosen(index.data(LibraryModel::idRole).toLongLong());
    });
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (!index.data(LibraryModel::isGroupRole).toBool())
            Q_EMIT chosen(index.data(LibraryModel::idRole).toLongLong());
    });
    connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &parentIndex) {
        updateCount();
        if (parentIndex.isValid())
            m_tree->expand(m_filtered->mapFromSource(parentIndex));
    });
    connect(model, &QAbstractItemModel::rowsRemoved, this, &LibraryView::updateCount);
    connect(model, &QAbstractItemModel::modelReset, this, &LibraryView::updateCount);
    m_tree->expandAll();
    updateCount();
}

void LibraryView::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void LibraryView::updateCount() { m_count->setText(QString::number(m_model->count())); }

void LibraryView::setCurrent(qint64 id)
{
    const QModelIndex index = m_filtered->mapFromSource(m_model->indexOf(id));
    if (index.isValid())
        m_tree->setCurrentIndex(index);
    else
        m_tree->clearSelection();
}

} // namespace kino
