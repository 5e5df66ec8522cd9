#include "app/kinoscope/annotate/labels_panel.h"

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/commands.h"
#include "app/kinoscope/library/library.h"
#include "core/data/annotations/annotation_edits.h"
#include "widgets/annotate/annotation_list_model.h"
#include "widgets/annotate/label_rows_model.h"
#include "widgets/annotate/label_swatch_delegate.h"
#include "widgets/controls/choice_box.h"
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QTableView>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kCountMs = 60;
constexpr std::size_t kCountedAtOnce = 500;
constexpr int kRowHeight = 24;
constexpr int kMostTierRows = 5;
constexpr int kMostLabelRows = 9;
/** Beyond, the list's selection would take longer to show than a click may. */
constexpr std::size_t kMostShownSelected = 2000;

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setProperty("role", QStringLiteral("dim"));
    return label;
}

QToolButton *smallButton(const QString &iconName, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setIconSize({14, 14});
    button->setProperty("look", QStringLiteral("small"));
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

void setUpTable(QTableView &table, const QString &name)
{
    table.setAccessibleName(name);
    table.setShowGrid(false);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setDefaultSectionSize(kRowHeight);
    table.verticalHeader()->setMinimumSectionSize(kRowHeight);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setSectionsClickable(false);
}

} // namespace

LabelsPanel::LabelsPanel(Session &session, Library &library, Annotator &annotator, Commands &commands, QWidget *parent)
    : QWidget(parent), m_session(session), m_library(library), m_annotator(annotator), m_commands(commands)
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeNote());
    m_body = new QWidget(this);
    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(8, 0, 8, 4);
    body->setSpacing(4);
    body->addWidget(makeTiers());
    body->addWidget(makeLabels());
    m_summary = heading({}, m_body);
    m_summary->setContentsMargins(4, 6, 4, 0);
    body->addWidget(m_summary);
    m_rows = new AnnotationListModel(this);
    m_list = new QTableView(m_body);
    setUpTable(*m_list, tr("Annotations of the tier"));
    m_list->setModel(m_rows);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setItemDelegateForColumn(AnnotationListModel::labelColumn, new LabelSwatchDelegate(LabelSwatchDelegate::Kind::label, m_list));
    m_list->horizontalHeader()->setSectionResizeMode(AnnotationListModel::startColumn, QHeaderView::Fixed);
    m_list->horizontalHeader()->setSectionResizeMode(AnnotationListModel::lengthColumn, QHeaderView::Fixed);
    m_list->horizontalHeader()->setSectionResizeMode(AnnotationListModel::labelColumn, QHeaderView::Stretch);
    m_list->setColumnWidth(AnnotationListModel::startColumn, 80);
    m_list->setColumnWidth(AnnotationListModel::lengthColumn, 66);
    body->addWidget(m_list, 1);
    column->addWidget(m_body, 1);
    column->addStretch(0);

    m_count.setSingleShot(true);
    m_count.setInterval(kCountMs);
    connect(&m_count, &QTimer::timeout, this, &LabelsPanel::showLabels);
    connect(&annotator, &Annotator::stateChanged, this, &LabelsPanel::showState);
    connect(&annotator, &Annotator::tiersChanged, this, [this] {
        showTiers();
        showList();
        const std::shared_ptr<const TierData> shown = shownTier();
        // Thousands are counted when the hand rests.
        shown && shown->items.size() > kCountedAtOnce ? m_count.start() : showLabels();
    });
    connect(&annotator, &Annotator::currentTierChanged, this, [this] {
        showTiers();
        showLabelSets();
        showList();
        showLabels();
    });
    connect(&annotator, &Annotator::vocabularyChanged, this, [this] {
        showLabelSets();
        m_rows->setColours(m_annotator.colours());
        showLabels();
    });
    connect(&annotator, &Annotator::selectionChanged, this, &LabelsPanel::showSelection);
    for (const auto signal : {&Annotator::currentLabelChanged, &Annotator::openLabelChanged})
        connect(&annotator, signal, this, [this] { m_labelRows->setCurrent(QString::fromStdString(m_annotator.currentLabel()), m_annotator.openLabel() != nullptr); });
    connect(&annotator, &Annotator::projectNeeded, this, [this] {
        // The button that helps is what to look at.
        m_noteButton->setProperty("look", QStringLiteral("primary"));
        m_noteButton->style()->unpolish(m_noteButton);
        m_noteButton->style()->polish(m_noteButton);
    });
    connect(&library, &Library::changed, this, &LabelsPanel::showState);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, &LabelsPanel::takeSelection);
    connect(m_list, &QTableView::doubleClicked, commands.editLabel, &QAction::trigger);
    connect(commands.addTier, &QAction::triggered, this, [this] { addTier(TierKind::label); });
    showState();
}

QWidget *LabelsPanel::makeNote()
{
    m_note = new QFrame(this);
    auto *column = new QVBoxLayout(m_note);
    column->setContentsMargins(12, 8, 12, 12);
    column->setSpacing(8);
    m_noteText = new QLabel(m_note);
    m_noteText->setWordWrap(true);
    m_noteText->setProperty("role", QStringLiteral("dim"));
    m_noteButton = new QPushButton(m_note);
    column->addWidget(m_noteText);
    column->addWidget(m_noteButton, 0, Qt::AlignLeft);
    connect(m_noteButton, &QPushButton::clicked, this, [this] {
        if (m_annotator.state() == LabelsState::ready)
            addTier(TierKind::label);
        else if (m_library.project().empty())
            m_commands.newProject->trigger();
        else
            m_library.addLooseToProject();
    });
    return m_note;
}

QWidget *LabelsPanel::makeTiers()
{
    auto *part = new QWidget(m_body);
    auto *column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 0, 0);
    head->addWidget(heading(tr("Tiers"), part), 1);
    auto *add = smallButton(QStringLiteral("add"), tr("Add tier"), part);
    auto *adding = new QMenu(add);
    adding->addAction(tr("Tier of &labels"), this, [this] { addTier(TierKind::label); });
    adding->addAction(tr("Tier of &remarks"), this, [this] { addTier(TierKind::text); });
    add->setMenu(adding);
    add->setPopupMode(QToolButton::InstantPopup);
    auto *more = smallButton(QStringLiteral("more"), tr("The current tier, import, export, comparison"), part);
    auto *menu = new QMenu(more);
    more->setMenu(menu);
    more->setPopupMode(QToolButton::InstantPopup);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        fillTierMenu(*menu);
    });
    head->addWidget(add);
    head->addWidget(more);
    column->addLayout(head);
    m_tiers = new QTreeWidget(part);
    m_tiers->setAccessibleName(tr("Tiers"));
    m_tiers->setColumnCount(2);
    m_tiers->setHeaderHidden(true);
    m_tiers->setRootIsDecorated(false);
    m_tiers->setUniformRowHeights(true);
    m_tiers->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_tiers->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tiers->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tiers->header()->setStretchLastSection(false);
    m_tiers->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tiers->header()->setSectionResizeMode(1, QHeaderView::Fixed);
    m_tiers->header()->resizeSection(1, 64);
    m_tiers->header()->setMinimumSectionSize(20);
    connect(m_tiers, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem *item) {
        if (!item || m_isFilling)
            return;
        m_annotator.setCurrentTier(item->data(0, Qt::UserRole).toLongLong());
        showList();
        showLabels();
    });
    connect(m_tiers, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem *item, int) {
        // Once the editor in the list is gone: renaming fills the list anew.
        if (!m_isFilling)
            QTimer::singleShot(0, this, [this, tier = item->data(0, Qt::UserRole).toLongLong(), name = item->text(0)] { renameTier(tier, name); });
    });
    connect(m_tiers, &QWidget::customContextMenuRequested, this, [this](QPoint place) {
        QMenu beside(this);
        fillTierMenu(beside);
        beside.exec(m_tiers->viewport()->mapToGlobal(place));
    });
    column->addWidget(m_tiers);
    return part;
}

QWidget *LabelsPanel::makeLabels()
{
    auto *part = new QWidget(m_body);
    auto *column = new QVBoxLayout(part);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(2);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 0, 0);
    head->setSpacing(4);
    m_sets = new ChoiceBox(tr("Label set of the current tier"), part);
    m_editSet = smallButton(QStringLiteral("settings"), tr("Edit label set: labels, colours, keys"), part);
    head->addWidget(m_sets, 1);
    head->addWidget(m_editSet);
    column->addLayout(head);
    m_labelRows = new LabelRowsModel(this);
    m_labels = new QTableView(part);
    setUpTable(*m_labels, tr("Labels"));
    m_labels->setModel(m_labelRows);
    m_labels->setSelectionMode(QAbstractItemView::NoSelection);
    m_labels->setItemDelegateForColumn(LabelRowsModel::labelColumn, new LabelSwatchDelegate(LabelSwatchDelegate::Kind::label, m_labels));
    m_labels->setItemDelegateForColumn(LabelRowsModel::keyColumn, new LabelSwatchDelegate(LabelSwatchDelegate::Kind::key, m_labels));
    m_labels->horizontalHeader()->hide();
    m_labels->horizontalHeader()->setMinimumSectionSize(20);
    m_labels->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_labels->horizontalHeader()->setSectionResizeMode(LabelRowsModel::labelColumn, QHeaderView::Stretch);
    m_labels->setColumnWidth(LabelRowsModel::keyColumn, 28);
    m_labels->setColumnWidth(LabelRowsModel::countColumn, 40);
    m_labels->setColumnWidth(LabelRowsModel::timeColumn, 62);
    column->addWidget(m_labels);
    const auto press = [this](const QModelIndex &index) {
        const std::string label = index.data(AnnotationListModel::labelRole).toString().toStdString();
        // Nothing is selected and nothing plays: it is chosen to draw with, not begun.
        const bool isChoice = !m_annotator.openLabel() && !m_session.isPlaying() && m_annotator.selected().empty() && !m_session.selection();
        isChoice ? m_annotator.setCurrentLabel(label) : m_annotator.pressLabel(label);
    };
    connect(m_labels, &QTableView::clicked, this, press);
    connect(m_labels, &QTableView::activated, this, press);
    connect(m_editSet, &QToolButton::clicked, m_commands.labelSets, &QAction::trigger);
    connect(m_sets, qOverload<int>(&QComboBox::activated), this, [this](int row) {
        const QVariant chosen = m_sets->itemData(row);
        const TierId tier = m_annotator.currentTier();
        if (!chosen.isValid()) {
            showLabelSets(); // "New…" is no set
            Q_EMIT labelSetWanted(true);
            return;
        }
        const LabelSetId id = chosen.toLongLong();
        m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &) { return setTierLabelSet(set, tier, id == 0 ? std::nullopt : std::optional(id)); });
    });
    return part;
}

QString LabelsPanel::note() const { return m_note->isHidden() ? QString() : m_noteText->text(); }

void LabelsPanel::showState()
{
    const LabelsState state = m_annotator.state();
    const bool hasTiers = !m_annotator.tiers().empty();
    m_note->setVisible(state != LabelsState::ready || !hasTiers);
    m_noteButton->setVisible(state == LabelsState::outsideProject || (state == LabelsState::ready && !hasTiers));
    m_body->setVisible(state == LabelsState::ready || hasTiers);
    switch (state) {
    case LabelsState::nothingOpen: m_noteText->setText(tr("Labels of the chosen recording appear here.")); break;
    case LabelsState::loading: m_noteText->setText(tr("Reading labels\u2026")); break;
    case LabelsState::outsideProject:
        if (m_library.project().empty()) {
            m_noteText->setText(tr("Labels are kept in a project. Make one: what is open now goes into it, files stay where they are."));
            m_noteButton->setText(tr("New project\u2026"));
        } else {
            m_noteText->setText(tr("Labels are kept in the project, and this recording is not in it yet."));
            m_noteButton->setText(tr("Put it into the project"));
        }
        break;
    case LabelsState::ready:
        m_noteText->setText(tr("No labels yet. Press a label's key while it plays and again to end it, or select a stretch and press the key. The first tier comes by itself."));
        m_noteButton->setText(tr("Add tier"));
        m_noteButton->setProperty("look", {});
        break;
    }
    m_sets->setEnabled(state == LabelsState::ready);
    m_editSet->setEnabled(state == LabelsState::ready);
    showTiers();
    showLabelSets();
    showLabels();
    showList();
}

void LabelsPanel::showTiers()
{
    const QScopedValueRollback filling(m_isFilling, true);
    const auto &tiers = m_annotator.tiers();
    const TierId current = m_annotator.currentTier();
    // An item that is being edited must stay the same object.
    while (m_tiers->topLevelItemCount() > static_cast<int>(tiers.size()))
        delete m_tiers->takeTopLevelItem(m_tiers->topLevelItemCount() - 1);
    while (m_tiers->topLevelItemCount() < static_cast<int>(tiers.size()))
        m_tiers->addTopLevelItem(new QTreeWidgetItem);
    for (std::size_t place = 0; place < tiers.size(); ++place) {
        QTreeWidgetItem &item = *m_tiers->topLevelItem(static_cast<int>(place));
        const TierData &tier = *tiers[place];
        item.setText(0, tier.name);
        item.setText(1, tier.kind == TierKind::text ? tr("%1 texts").arg(tier.items.size()) : QString::number(tier.items.size()));
        item.setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item.setForeground(1, themeOf(palette()).dim);
        item.setToolTip(0, tier.kind == TierKind::text ? tr("%1: remarks").arg(tier.name) : tr("%1: labels").arg(tier.name));
        item.setData(0, Qt::UserRole, static_cast<qlonglong>(tier.id));
        item.setFlags(tier.id != 0 ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable : Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        if (tier.id != 0 && tier.id == current)
            m_tiers->setCurrentItem(&item);
    }
    m_tiers->setFixedHeight(std::clamp(static_cast<int>(tiers.size()), 1, kMostTierRows) * kRowHeight + 4);
    m_note->setVisible(m_annotator.state() != LabelsState::ready || tiers.empty());
    m_body->setVisible(m_annotator.state() == LabelsState::ready || !tiers.empty());
}

void LabelsPanel::addTier(TierKind kind)
{
    if (m_annotator.state() == LabelsState::outsideProject) {
        Q_EMIT m_annotator.projectNeeded();
        return;
    }
    const auto edit = m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &ids) {
        std::string name = kind == TierKind::text ? "remarks" : "activity";
        for (int number = 2; set.findTier(name); ++number)
            name = (kind == TierKind::text ? "remarks " : "activity ") + std::to_string(number);
        return kino::addTier(set, ids, name, kind);
    });
    if (!edit)
        return;
    m_annotator.setCurrentTier(edit->tiers.front().id());
    if (QTreeWidgetItem *item = m_tiers->currentItem(); item && isVisible())
        m_tiers->editItem(item, 0);
}

void LabelsPanel::renameTier(TierId tier, const QString &name)
{
    m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &) { return kino::renameTier(set, tier, name.trimmed().toStdString()); });
    showTiers(); // refused or not: as it is
}

void LabelsPanel::fillTierMenu(QMenu &menu)
{
    const TierId tier = m_annotator.currentTier();
    const AnnotationSet *set = m_annotator.set();
    if (set && tier != 0) {
        const auto place = std::ranges::find(set->tiers(), tier, &StoredTier::id) - set->tiers().begin();
        const TierKind kind = set->tier(tier).kind;
        const auto moveTo = [this, tier](std::ptrdiff_t index) {
            m_annotator.perform([&](const AnnotationSet &now, AnnotationIds &) { return moveTier(now, tier, static_cast<std::size_t>(index)); });
        };
        menu.addAction(tr("&Rename"), this, [this] { m_tiers->editItem(m_tiers->currentItem(), 0); });
        menu.addAction(tr("Move &up"), this, [moveTo, place] { moveTo(place - 1); })->setEnabled(place > 0);
        menu.addAction(tr("Move &down"), this, [moveTo, place] { moveTo(place + 1); })->setEnabled(place + 1 < std::ssize(set->tiers()));
        menu.addAction(kind == TierKind::label ? tr("Holds re&marks instead of labels") : tr("Holds &labels instead of remarks"), this, [this, tier, kind] {
            m_annotator.perform([&](const AnnotationSet &now, AnnotationIds &) { return setTierKind(now, tier, kind == TierKind::label ? TierKind::text : TierKind::label); });
        });
        menu.addAction(tr("Remo&ve tier"), this, [this, tier] {
            m_annotator.perform([&](const AnnotationSet &now, AnnotationIds &) { return removeTier(now, tier); });
        });
        menu.addAction(tr("&Save as\u2026"), this, [this, name = QString::fromStdString(set->tier(tier).name)] { Q_EMIT tierSaveWanted(name); });
        menu.addSeparator();
    }
    menu.addActions({m_commands.compareTiers, m_commands.importLabels, m_commands.exportLabels});
}

void LabelsPanel::showLabelSets()
{
    const QScopedValueRollback filling(m_isFilling, true);
    const std::vector<LabelSet> &sets = m_annotator.labelSets();
    bool isSame = m_sets->count() == static_cast<int>(sets.size()) + 3;
    for (int row = 0; isSame && row < static_cast<int>(sets.size()); ++row)
        isSame = m_sets->itemText(row + 1) == QString::fromStdString(sets[static_cast<std::size_t>(row)].name) && m_sets->itemData(row + 1).toLongLong() == sets[static_cast<std::size_t>(row)].id;
    if (!isSame) {
        m_sets->clear();
        m_sets->addItem(tr("Labels in use"), 0);
        for (const LabelSet &set : sets)
            m_sets->addItem(QString::fromStdString(set.name), static_cast<qlonglong>(set.id));
        m_sets->insertSeparator(m_sets->count());
        m_sets->addItem(tr("New label set\u2026"));
    }
    const int current = m_sets->findData(static_cast<qlonglong>(m_annotator.vocabulary().id));
    m_sets->setCurrentIndex(std::max(0, current));
}

void LabelsPanel::showLabels()
{
    m_count.stop();
    const std::shared_ptr<const TierData> data = shownTier();
    std::vector<LabelRow> known;
    const LabelColours colours = m_annotator.colours();
    for (const LabelDefinition &label : m_annotator.vocabulary().labels)
        known.push_back({QString::fromStdString(label.label), QString::fromStdString(label.key), colours.value(QString::fromStdString(label.label)), 0, 0, true});
    const bool isText = data && data->kind == TierKind::text;
    m_labelRows->setRows(isText ? known : countLabels(data.get(), std::move(known)));
    m_labelRows->setCurrent(QString::fromStdString(m_annotator.currentLabel()), m_annotator.openLabel() != nullptr);
    m_labels->setVisible(m_labelRows->rowCount() > 0);
    m_labels->setFixedHeight(std::clamp(m_labelRows->rowCount(), 1, kMostLabelRows) * kRowHeight + 2);
    if (!data) {
        m_summary->setText({});
        return;
    }
    // Overlaps count once.
    Nanos covered = 0;
    RecordingTime to{std::numeric_limits<Nanos>::min()};
    for (const TierItem &item : data->items) {
        if (item.range.end <= to)
            continue;
        covered += item.range.end - std::max(item.range.start, to);
        to = item.range.end;
    }
    const Nanos whole = m_session.bounds().duration();
    const int percent = whole > 0 ? static_cast<int>(std::lround(100.0 * static_cast<double>(covered) / static_cast<double>(whole))) : 0;
    const QString count = data->items.size() == 1 ? tr("1 annotation") : tr("%1 annotations").arg(data->items.size());
    m_summary->setText(data->items.empty() ? tr("Nothing on this tier yet") : QStringLiteral("%1  \u00b7  %2  (%3 %)").arg(count, durationText(covered)).arg(percent));
}

/** Outside a project no tier is current: the one that is chosen in the list. */
std::shared_ptr<const TierData> LabelsPanel::shownTier() const
{
    const auto &tiers = m_annotator.tiers();
    const TierId current = m_annotator.currentTier();
    if (current == 0 && !tiers.empty())
        return tiers[static_cast<std::size_t>(std::clamp(m_tiers->indexOfTopLevelItem(m_tiers->currentItem()), 0, static_cast<int>(tiers.size()) - 1))];
    const auto tier = std::ranges::find(tiers, current, [](const auto &each) { return each->id; });
    return tier == tiers.end() ? nullptr : *tier;
}

void LabelsPanel::showList()
{
    const QScopedValueRollback filling(m_isFilling, true);
    m_rows->setTier(shownTier());
}

void LabelsPanel::showSelection()
{
    if (m_isFilling)
        return;
    const QScopedValueRollback filling(m_isFilling, true);
    QItemSelection selection;
    const std::vector<int> rows = m_annotator.selected().size() > kMostShownSelected ? std::vector<int>() : m_rows->rowsOf(m_annotator.selected());
    for (std::size_t first = 0; first < rows.size();) {
        std::size_t last = first;
        while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1)
            ++last;
        selection.select(m_rows->index(rows[first], 0), m_rows->index(rows[last], AnnotationListModel::columns - 1));
        first = last + 1;
    }
    m_list->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (rows.size() == 1) {
        m_list->selectionModel()->setCurrentIndex(m_rows->index(rows.front(), 0), QItemSelectionModel::NoUpdate);
        m_list->scrollTo(m_rows->index(rows.front(), 0));
    }
}

void LabelsPanel::takeSelection()
{
    if (m_isFilling)
        return;
    const QScopedValueRollback filling(m_isFilling, true);
    std::vector<AnnotationId> ids;
    for (const QModelIndex &index : m_list->selectionModel()->selectedRows())
        ids.push_back(m_rows->idAt(index.row()));
    if (ids.size() == 1 && ids.front() != 0)
        m_annotator.goTo(ids.front());
    else
        m_annotator.select(ids);
}

} // namespace kino
