#include "widgets/library/view.h"

#include "widgets/controls/chip_bar.h"
#include "widgets/style/icons.h"
#include "widgets/style/text_painting.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kRowHeight = 26;
constexpr int kMarkRoom = 20;
constexpr int kItemIndent = 20;
constexpr int kFilmRoom = 18;
constexpr int kMostLabelChips = 10;
constexpr int kMostTagChips = 8;
/** Chips may take this much of the panel. */
constexpr int kMostFilterHeight = 190;
/** While recordings come in, chips follow now and then. */
constexpr int kChipsDelayMs = 120;

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
        const bool isMissing = !isGroup && index.data(LibraryModel::isMissingRole).toBool();
        painter->setPen(isMissing ? theme.bad : theme.dim);
        painter->setFont(smallFont(option.font));
        drawTabular(*painter, text, Qt::AlignRight, detail);
        text.setRight(text.right() - static_cast<int>(tabularWidth(painter->font(), detail)) - 8);
        if (!isGroup && index.data(LibraryModel::hasVideoRole).toBool()) {
            m_film.paint(painter, QRect(text.right() - 12, text.center().y() - 6, 13, 13), Qt::AlignCenter, QIcon::Disabled);
            text.setRight(text.right() - kFilmRoom);
        }
        QFont nameFont = option.font;
        if (isGroup)
            nameFont.setWeight(QFont::DemiBold);
        painter->setFont(nameFont);
        const auto state = static_cast<LibraryState>(index.data(LibraryModel::stateRole).toInt());
        painter->setPen(isGroup || (state == LibraryState::ready && !isMissing) ? theme.text : theme.dim);
        painter->drawText(text, Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, text.width()));
        if (!isGroup)
            paintMark(*painter, {row.right() - 16.0, row.center().y() + 0.5}, static_cast<Mark>(index.data(LibraryModel::markRole).toInt()), theme);
        painter->restore();
    }

private:
    QIcon m_film = icon(QStringLiteral("film"));

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
    : QWidget(parent), m_model(model), m_count(new QLabel(this)), m_search(new QLineEdit(this)), m_tree(new LibraryTree(this)),
      m_stack(new QStackedWidget(this)), m_empty(new QLabel(this)), m_clear(new QPushButton(tr("Show all recordings"), this)), m_filters(new QWidget(this)),
      m_filterScroll(new QScrollArea(this)), m_labelChips(new ChipBar(m_filters)), m_tagChips(new ChipBar(m_filters)), m_tagTitle(new QLabel(tr("Tags"), m_filters))
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(4);

    m_count->setProperty("role", QStringLiteral("dim"));
    auto *searchRow = new QHBoxLayout;
    searchRow->setContentsMargins(8, 0, 8, 4);
    searchRow->setSpacing(4);
    m_search->setPlaceholderText(tr("Search recordings, labels, tags"));
    m_search->setAccessibleName(tr("Search recordings, labels, tags"));
    m_search->setClearButtonEnabled(true);
    m_search->setAcceptDrops(false); // files are dropped on the window
    searchRow->addWidget(m_search, 1);
    auto *options = new QToolButton(this);
    makeOptions(options);
    searchRow->addWidget(options);
    column->addLayout(searchRow);

    m_tree->setModel(model);
    m_tree->setAccessibleName(tr("Recordings"));
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(0);
    m_tree->setRootIsDecorated(false);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setItemDelegate(new LibraryDelegate(m_tree));
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setMouseTracking(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->installEventFilter(this);
    m_search->installEventFilter(this);
    auto *emptyPage = new QWidget(m_stack);
    auto *emptyColumn = new QVBoxLayout(emptyPage);
    emptyColumn->setContentsMargins(16, 24, 16, 16);
    emptyColumn->setSpacing(12);
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_empty->setProperty("role", QStringLiteral("dim"));
    emptyColumn->addWidget(m_empty);
    emptyColumn->addWidget(m_clear, 0, Qt::AlignHCenter);
    emptyColumn->addStretch(1);
    connect(m_clear, &QPushButton::clicked, this, &LibraryView::clearFilters);
    m_stack->addWidget(m_tree);
    m_stack->addWidget(emptyPage);
    column->addWidget(m_stack, 1);

    auto *filterColumn = new QVBoxLayout(m_filters);
    filterColumn->setContentsMargins(12, 8, 12, 0);
    filterColumn->setSpacing(6);
    auto *show = new QLabel(tr("Show"), m_filters);
    show->setFont(panelTitleFont(font()));
    filterColumn->addWidget(show);
    filterColumn->addWidget(m_labelChips);
    m_tagTitle->setProperty("role", QStringLiteral("dim"));
    filterColumn->addWidget(m_tagTitle);
    filterColumn->addWidget(m_tagChips);
    filterColumn->addStretch(1);
    m_filterScroll->setWidget(m_filters);
    m_filterScroll->setWidgetResizable(true);
    m_filterScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_filterScroll->setFrameShape(QFrame::NoFrame);
    m_filterScroll->setFocusPolicy(Qt::NoFocus); // its chips are reached one by one
    m_filterScroll->setAccessibleName(tr("Filters by label and tag"));
    m_filterScroll->viewport()->setAutoFillBackground(false);
    m_filters->setAutoFillBackground(false);
    m_filterScroll->installEventFilter(this);
    column->addWidget(m_filterScroll);

    connect(m_search, &QLineEdit::textChanged, this, &LibraryView::takeQuery);
    connect(m_labelChips, &ChipBar::checkedChanged, this, &LibraryView::takeQuery);
    connect(m_tagChips, &ChipBar::checkedChanged, this, &LibraryView::takeQuery);
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex &index) {
        if (index.data(LibraryModel::isGroupRole).toBool())
            m_tree->setExpanded(index, !m_tree->isExpanded(index));
        else if (!(QGuiApplication::keyboardModifiers() & (Qt::ControlModifier | Qt::ShiftModifier)))
            Q_EMIT chosen(index.data(LibraryModel::idRole).toLongLong());
    });
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (!index.data(LibraryModel::isGroupRole).toBool())
            Q_EMIT chosen(index.data(LibraryModel::idRole).toLongLong());
    });
    connect(m_tree, &QTreeView::customContextMenuRequested, this, [this](const QPoint &at) {
        const std::vector<qint64> ids = selectedIds();
        if (!ids.empty())
            Q_EMIT menuRequested(m_tree->viewport()->mapToGlobal(at), ids);
    });
    connect(m_tree, &QTreeView::collapsed, this, [this](const QModelIndex &index) {
        if (!m_isRestoring)
            m_folded.insert(index.data().toString());
    });
    connect(m_tree, &QTreeView::expanded, this, [this](const QModelIndex &index) {
        if (!m_isRestoring)
            m_folded.remove(index.data().toString());
    });
    connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &parentIndex, int first) {
        updateCount();
        if (parentIndex.isValid() && first == 0 && !m_folded.contains(parentIndex.data().toString()))
            m_tree->expand(parentIndex);
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_isRestoring)
            m_selectedByHand = selectedIds();
    });
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        updateCount();
        restoreTree();
    });
    m_chipsDelay.setSingleShot(true);
    m_chipsDelay.setInterval(kChipsDelayMs);
    connect(&m_chipsDelay, &QTimer::timeout, this, &LibraryView::updateChips);
    connect(model, &LibraryModel::facetsChanged, this, [this] {
        if (!m_chipsDelay.isActive())
            m_chipsDelay.start();
    });
    m_tree->expandAll();
    updateChips();
    updateCount();
}

/** How the list is put in order: a menu behind one button beside the search. */
void LibraryView::makeOptions(QToolButton *button)
{
    button->setIcon(icon(QStringLiteral("settings")));
    button->setIconSize({16, 16});
    button->setToolTip(tr("Group and filter the list"));
    button->setAccessibleName(tr("Group and filter the list"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    auto *menu = new QMenu(button);
    auto *group = new QActionGroup(menu);
    const auto addGrouping = [&](const QString &text, LibraryGrouping grouping) {
        QAction *action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_model->grouping() == grouping);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, grouping] {
            m_model->setGrouping(grouping);
            Q_EMIT groupingChanged(grouping);
        });
        connect(menu, &QMenu::aboutToShow, action, [this, action, grouping] { action->setChecked(m_model->grouping() == grouping); });
    };
    addGrouping(tr("Group by subject or folder"), LibraryGrouping::automatic);
    addGrouping(tr("Group by folder"), LibraryGrouping::folder);
    addGrouping(tr("Group by subject"), LibraryGrouping::subject);
    addGrouping(tr("Group by first tag"), LibraryGrouping::tag);
    addGrouping(tr("One list"), LibraryGrouping::none);
    menu->addSeparator();
    QAction *marked = menu->addAction(tr("Only with warnings or missing files"));
    marked->setCheckable(true);
    connect(marked, &QAction::toggled, this, [this](bool isOn) {
        LibraryQuery query = m_model->query();
        query.onlyMarked = isOn;
        m_model->setQuery(query);
    });
    connect(menu, &QMenu::aboutToShow, marked, [this, marked] { marked->setChecked(m_model->query().onlyMarked); });
    menu->addSeparator();
    menu->addAction(tr("Unfold all groups"), this, [this] { m_tree->expandAll(); });
    menu->addAction(tr("Fold all groups"), this, [this] { m_tree->collapseAll(); });
    button->setMenu(menu);
}

void LibraryView::takeQuery()
{
    LibraryQuery query = m_model->query();
    query.text = m_search->text();
    query.labels = m_labelChips->checked();
    query.tags = m_tagChips->checked();
    m_model->setQuery(query);
}

void LibraryView::clearFilters()
{
    m_search->clear();
    m_labelChips->uncheckAll();
    m_tagChips->uncheckAll();
    m_model->setQuery({});
}

/** After a reset: groups folded as they were (a search shows what it finds), the current recording chosen. */
void LibraryView::restoreTree()
{
    const QScopedValueRollback restoring(m_isRestoring, true);
    m_tree->expandAll();
    if (m_model->query().isEmpty()) {
        for (int row = 0; !m_folded.isEmpty() && row < m_model->rowCount(); ++row) {
            const QModelIndex group = m_model->index(row, 0);
            if (m_folded.contains(group.data().toString()))
                m_tree->collapse(group);
        }
    }
    setCurrent(m_current);
    // Who sets the subject of several goes on with these several.
    if (m_selectedByHand.size() < 2)
        return;
    QItemSelection selection;
    for (const qint64 id : m_selectedByHand) {
        if (const QModelIndex index = m_model->indexOf(id); index.isValid())
            selection.select(index, index);
    }
    m_tree->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

void LibraryView::updateChips()
{
    std::vector<Chip> labels;
    for (const LibraryFacet &facet : m_model->labels())
        labels.push_back({facet.name, facet.count == 1 ? tr("%1: 1 recording").arg(facet.name) : tr("%1: %2 recordings").arg(facet.name).arg(facet.count), true});
    std::vector<Chip> tags;
    for (const LibraryFacet &facet : m_model->tags())
        tags.push_back({facet.name, facet.count == 1 ? tr("%1: 1 recording").arg(facet.name) : tr("%1: %2 recordings").arg(facet.name).arg(facet.count), false});
    m_labelChips->setChips(labels, kMostLabelChips);
    m_tagChips->setChips(tags, kMostTagChips);
    m_labelChips->setVisible(!labels.empty());
    m_tagChips->setVisible(!tags.empty());
    m_tagTitle->setVisible(!tags.empty() && !labels.empty());
    const bool hasAny = !labels.empty() || !tags.empty();
    m_filterScroll->setVisible(hasAny);
    const int wanted = m_filters->layout()->heightForWidth(std::max(80, m_filterScroll->viewport()->width()));
    m_filterScroll->setFixedHeight(std::clamp(wanted, 0, kMostFilterHeight));
}

void LibraryView::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void LibraryView::updateCount()
{
    const int all = m_model->count();
    const int shown = m_model->shownCount();
    m_count->setText(shown == all ? QString::number(all) : tr("%1 of %2").arg(shown).arg(all));
    updateEmpty();
}

QString LibraryView::emptyText() const { return m_stack->currentIndex() == 1 ? m_empty->text() : QString(); }

void LibraryView::updateEmpty()
{
    const bool isEmpty = m_model->shownCount() == 0;
    m_stack->setCurrentIndex(isEmpty ? 1 : 0);
    if (!isEmpty)
        return;
    const bool hasAny = m_model->count() > 0;
    m_clear->setVisible(hasAny);
    const QString looked = m_model->query().text.trimmed();
    m_empty->setText(hasAny && !looked.isEmpty() ? tr("No recording fits \u201c%1\u201d. Words are looked for in names, subjects, folders, labels and tags; all of them must be there.").arg(looked)
                     : hasAny ? tr("No recording has these labels and tags.")
                            : tr("Recordings will be listed here: drop files or a folder anywhere in this window, or press Ctrl+O."));
}

std::vector<qint64> LibraryView::selectedIds() const
{
    QModelIndexList rows = m_tree->selectionModel()->selectedIndexes();
    std::ranges::sort(rows, [](const QModelIndex &a, const QModelIndex &b) { return a.internalId() != b.internalId() ? a.internalId() < b.internalId() : a.row() < b.row(); });
    std::vector<qint64> ids;
    for (const QModelIndex &row : rows) {
        if (!row.data(LibraryModel::isGroupRole).toBool())
            ids.push_back(row.data(LibraryModel::idRole).toLongLong());
    }
    return ids;
}

void LibraryView::setCurrent(qint64 id)
{
    m_current = id;
    const QModelIndex index = m_model->indexOf(id);
    if (index.isValid())
        m_tree->setCurrentIndex(index);
    else
        m_tree->clearSelection();
}

bool LibraryView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_filterScroll && event->type() == QEvent::Resize) {
        if (!m_chipsDelay.isActive())
            m_chipsDelay.start(0);
        m_chipsDelay.setInterval(kChipsDelayMs);
    }
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down && m_model->shownCount() > 0) {
            m_tree->setFocus(Qt::OtherFocusReason);
            if (!m_tree->currentIndex().isValid())
                m_tree->setCurrentIndex(m_model->index(0, 0, m_model->index(0, 0)));
            return true;
        }
        if (key == Qt::Key_Escape && !m_search->text().isEmpty()) {
            m_search->clear();
            return true;
        }
    }
    if (watched == m_tree && (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress)) {
        auto *key = static_cast<QKeyEvent *>(event);
        // In the list, the key means the list.
        if (!key->matches(QKeySequence::Delete))
            return QWidget::eventFilter(watched, event);
        if (event->type() == QEvent::ShortcutOverride) {
            event->accept();
            return true;
        }
        if (const std::vector<qint64> ids = selectedIds(); !ids.empty())
            Q_EMIT removeRequested(ids);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace kino
