#include "app/kinoscope/import/form.h"

#include "app/kinoscope/import/draft_edits.h"
#include "app/kinoscope/import/draft_texts.h"
#include "app/kinoscope/import/field_grid.h"
#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"

#include <QAbstractTableModel>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <set>

namespace kino {
namespace {

constexpr int kRowHeight = 24;
/** More columns are chosen in the preview only: nobody reads such a list. */
constexpr std::size_t kMostListed = 500;

struct UseChoice {
    ColumnUse use;
    StreamKind kind;
    const char *name;
};

constexpr UseChoice kUses[] = {
    {ColumnUse::ignored, StreamKind::other, QT_TRANSLATE_NOOP("ImportForm", "Not used")},
    {ColumnUse::time, StreamKind::other, QT_TRANSLATE_NOOP("ImportForm", "Time")},
    {ColumnUse::label, StreamKind::other, QT_TRANSLATE_NOOP("ImportForm", "Label")},
    {ColumnUse::sensor, StreamKind::accelerometer, QT_TRANSLATE_NOOP("ImportForm", "Accelerometer")},
    {ColumnUse::sensor, StreamKind::gyroscope, QT_TRANSLATE_NOOP("ImportForm", "Gyroscope")},
    {ColumnUse::sensor, StreamKind::magnetometer, QT_TRANSLATE_NOOP("ImportForm", "Magnetometer")},
    {ColumnUse::sensor, StreamKind::linearAcceleration, QT_TRANSLATE_NOOP("ImportForm", "Linear acceleration (without gravity)")},
    {ColumnUse::sensor, StreamKind::gravity, QT_TRANSLATE_NOOP("ImportForm", "Gravity")},
    {ColumnUse::sensor, StreamKind::orientation, QT_TRANSLATE_NOOP("ImportForm", "Orientation")},
    {ColumnUse::sensor, StreamKind::barometer, QT_TRANSLATE_NOOP("ImportForm", "Barometer")},
    {ColumnUse::sensor, StreamKind::temperature, QT_TRANSLATE_NOOP("ImportForm", "Temperature")},
    {ColumnUse::sensor, StreamKind::other, QT_TRANSLATE_NOOP("ImportForm", "Another number")},
};

/** A long text shows its first letters unless somebody is typing. */
void showBeginning(QComboBox *box)
{
    if (box->lineEdit() && !box->lineEdit()->hasFocus())
        box->lineEdit()->setCursorPosition(0);
}

int choiceOf(const ColumnDraft &column)
{
    for (int i = 0; i < static_cast<int>(std::size(kUses)); ++i) {
        if (kUses[i].use == column.use && (column.use != ColumnUse::sensor || kUses[i].kind == column.kind))
            return i;
    }
    return 0;
}

struct Separator {
    char character;
    const char *name;
};

constexpr Separator kSeparators[] = {{',', QT_TRANSLATE_NOOP("ImportForm", "Comma  ,")},
                                     {';', QT_TRANSLATE_NOOP("ImportForm", "Semicolon  ;")},
                                     {'\t', QT_TRANSLATE_NOOP("ImportForm", "Tab")},
                                     {' ', QT_TRANSLATE_NOOP("ImportForm", "Blanks and tabs")},
                                     {'|', QT_TRANSLATE_NOOP("ImportForm", "Bar  |")},
                                     {':', QT_TRANSLATE_NOOP("ImportForm", "Colon  :")}};

struct Unit {
    const char *unit;
    const char *name;
};

constexpr Unit kTimeUnits[] = {{"s", QT_TRANSLATE_NOOP("ImportForm", "Seconds")},
                               {"ms", QT_TRANSLATE_NOOP("ImportForm", "Milliseconds")},
                               {"us", QT_TRANSLATE_NOOP("ImportForm", "Microseconds")},
                               {"ns", QT_TRANSLATE_NOOP("ImportForm", "Nanoseconds")},
                               {"samples", QT_TRANSLATE_NOOP("ImportForm", "Counts of samples")},
                               {"iso8601", QT_TRANSLATE_NOOP("ImportForm", "Date and time (ISO 8601)")}};

QLabel *sectionTitle(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setFont(panelTitleFont(parent->font()));
    return label;
}

void setItems(QComboBox *box, const QStringList &items, const QString &current)
{
    box->clear();
    box->addItems(items);
    if (!items.contains(current) && !current.isEmpty())
        box->addItem(current);
    // By its place: a box whose text is not that of its place takes leaving it for a choice.
    box->setCurrentIndex(current.isEmpty() ? -1 : box->findText(current, Qt::MatchExactly | Qt::MatchCaseSensitive));
}

/** A box as wide as its place, not as its longest entry. */
QComboBox *makeBox(QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(6);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return box;
}

} // namespace

/** The columns and what they are, read from the draft. */
class ImportForm::ColumnsModel : public QAbstractTableModel {
public:
    explicit ColumnsModel(ImportForm *form) : QAbstractTableModel(form), m_form(form) {}

    void renew()
    {
        beginResetModel();
        endResetModel();
    }
    void renewTexts()
    {
        if (rowCount({}) > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount({}) - 1, 1));
    }
    int rowCount(const QModelIndex &parent) const override { return parent.isValid() ? 0 : static_cast<int>(std::min(m_form->m_draft.columns.size(), kMostListed)); }
    int columnCount(const QModelIndex &parent) const override { return parent.isValid() ? 0 : 2; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        const auto column = static_cast<std::size_t>(index.row());
        const ColumnDraft &each = m_form->m_draft.columns[column];
        const QString meaning = columnMeaningText(m_form->m_draft, column);
        if (role == Qt::ForegroundRole && (index.column() == 1 || meaning.isEmpty())) {
            const Theme &theme = themeOf(m_form->palette());
            return meaning.isEmpty() ? theme.faint : theme.accent;
        }
        if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
            return {};
        if (index.column() == 1)
            return meaning.isEmpty() ? tr("not used") : meaning;
        return each.name.empty() ? tr("Column %1").arg(index.row() + 1) : QString::fromStdString(each.name).simplified();
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
            return {};
        return section == 0 ? tr("Column") : tr("Is");
    }

private:
    ImportForm *m_form;
};

ImportForm::ImportForm(QWidget *parent) : QWidget(parent), m_columnsModel(new ColumnsModel(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);
    column->addWidget(sectionTitle(tr("Text"), this));
    column->addWidget(makeLayoutPart());
    column->addWidget(sectionTitle(tr("Time"), this));
    column->addWidget(makeTimePart());
    column->addWidget(sectionTitle(tr("Columns"), this));
    m_columns = new QTableView(this);
    m_columns->setModel(m_columnsModel);
    m_columns->setAccessibleName(tr("Columns and what they are"));
    m_columns->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_columns->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_columns->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_columns->setTabKeyNavigation(false);
    m_columns->setShowGrid(false);
    m_columns->setWordWrap(false);
    m_columns->verticalHeader()->hide();
    m_columns->verticalHeader()->setDefaultSectionSize(kRowHeight);
    m_columns->horizontalHeader()->hide();
    m_columns->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Interactive);
    m_columns->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_columns->horizontalHeader()->resizeSection(0, 130);
    m_columns->setMinimumHeight(4 * kRowHeight);
    m_columns->setProperty("look", QStringLiteral("framed"));
    column->addWidget(m_columns, 1);
    column->addWidget(makeColumnPart());
    connect(m_columns->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        showColumn();
        if (!m_isShowing)
            Q_EMIT columnsChosen(chosenColumns());
    });
    showColumn();
}

QWidget *ImportForm::makeLayoutPart()
{
    FieldGrid grid(this);
    QWidget *part = grid.part();
    m_separator = makeBox(part);
    for (const Separator &separator : kSeparators)
        m_separator->addItem(tr(separator.name), static_cast<int>(separator.character));
    m_decimal = makeBox(part);
    m_decimal->addItem(tr("Point  1.5"), static_cast<int>('.'));
    m_decimal->addItem(tr("Comma  1,5"), static_cast<int>(','));
    m_headerRows = new QSpinBox(part);
    m_headerRows->setRange(0, 10);
    m_headerRows->setToolTip(tr("Rows that name the columns"));
    m_skipLines = new QSpinBox(part);
    m_skipLines->setRange(0, 100'000);
    m_skipLines->setToolTip(tr("Lines to pass over before the header"));
    m_comment = new QLineEdit(part);
    m_comment->setMaxLength(8);
    m_comment->setPlaceholderText(tr("none"));
    m_comment->setToolTip(tr("Lines that begin with this text are left out"));
    grid.add(0, 0, tr("S&eparator"), m_separator);
    grid.add(0, 1, tr("&Decimals"), m_decimal);
    grid.add(1, 0, tr("S&kip lines"), m_skipLines);
    grid.add(1, 1, tr("&Header rows"), m_headerRows);
    grid.add(2, 0, tr("Co&mments"), m_comment);
    for (QComboBox *box : {m_separator, m_decimal})
        connect(box, &QComboBox::activated, this, [this] { confirm(GuessField::cut); });
    connect(m_separator, &QComboBox::currentIndexChanged, this, &ImportForm::takeLayout);
    connect(m_decimal, &QComboBox::currentIndexChanged, this, &ImportForm::takeLayout);
    connect(m_headerRows, &QSpinBox::valueChanged, this, &ImportForm::takeLayout);
    connect(m_skipLines, &QSpinBox::valueChanged, this, &ImportForm::takeLayout);
    connect(m_comment, &QLineEdit::textEdited, this, &ImportForm::takeLayout);
    return part;
}

QWidget *ImportForm::makeTimePart()
{
    FieldGrid grid(this);
    QWidget *part = grid.part();
    m_timeFrom = makeBox(part);
    m_timeUnit = makeBox(part);
    m_timeUnit->setEditable(true);
    m_timeUnit->setInsertPolicy(QComboBox::NoInsert);
    m_timeUnit->setToolTip(tr("Or a pattern of the date and time, such as %d/%m/%Y %H:%M:%S.%f"));
    m_timeEpoch = makeBox(part);
    m_timeEpoch->addItem(tr("Any instant"));
    m_timeEpoch->addItem(tr("1970 (UTC)"));
    m_timeEpoch->setToolTip(tr("What 0 means. Times since 1970 give the recording its wall clock."));
    m_rate = new QLineEdit(part);
    m_zone = new QLineEdit(part);
    m_zone->setPlaceholderText(tr("+01:00"));
    m_zone->setToolTip(tr("Zone of times that name none"));
    grid.add(0, 0, tr("&Time from"), m_timeFrom);
    m_rateLabel = grid.add(0, 1, tr("&Rate in Hz"), m_rate);
    m_unitLabel = grid.add(1, 0, tr("Time &unit"), m_timeUnit);
    m_epochLabel = grid.add(1, 1, tr("Counts &from"), m_timeEpoch);
    m_zoneLabel = grid.add(1, 1, tr("&Zone"), m_zone);
    connect(m_timeFrom, &QComboBox::currentIndexChanged, this, &ImportForm::takeTime);
    connect(m_timeUnit, &QComboBox::currentTextChanged, this, &ImportForm::takeTime);
    connect(m_timeEpoch, &QComboBox::currentIndexChanged, this, &ImportForm::takeTime);
    connect(m_rate, &QLineEdit::textEdited, this, &ImportForm::takeTime);
    connect(m_zone, &QLineEdit::textEdited, this, &ImportForm::takeTime);
    connect(m_timeFrom, &QComboBox::activated, this, [this] { confirm(GuessField::timeColumn); });
    for (QComboBox *box : {m_timeUnit, m_timeEpoch})
        connect(box, &QComboBox::activated, this, [this] { confirm(GuessField::timeUnit); });
    connect(m_rate, &QLineEdit::textEdited, this, [this] { confirm(GuessField::rate); });
    return part;
}

QWidget *ImportForm::makeColumnPart()
{
    m_columnForm = new QWidget(this);
    auto *column = new QVBoxLayout(m_columnForm);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_columnTitle = new QLabel(m_columnForm);
    m_columnTitle->setTextFormat(Qt::PlainText);
    m_columnTitle->setWordWrap(true);
    column->addWidget(m_columnTitle);
    FieldGrid grid(m_columnForm);
    QWidget *part = grid.part();
    m_use = makeBox(part);
    for (const UseChoice &choice : kUses)
        m_use->addItem(tr(choice.name));
    m_use->setMaxVisibleItems(static_cast<int>(std::size(kUses)));
    m_axis = makeBox(part);
    m_axis->setEditable(true);
    m_axis->setInsertPolicy(QComboBox::NoInsert);
    m_unit = makeBox(part);
    m_unit->setEditable(true);
    m_unit->setInsertPolicy(QComboBox::NoInsert);
    m_scale = new QLineEdit(part);
    m_scale->setToolTip(tr("Value in the unit = number in the file \u00d7 scale + offset. A fraction such as 1/16384 will do."));
    m_offset = new QLineEdit(part);
    m_device = new QLineEdit(part);
    m_device->setPlaceholderText(tr("one for all"));
    grid.addWide(0, tr("It i&s"), m_use);
    grid.add(1, 0, tr("&Axis"), m_axis);
    grid.add(1, 1, tr("U&nit"), m_unit);
    grid.add(2, 0, tr("S&cale \u00d7"), m_scale);
    grid.add(2, 1, tr("&Offset +"), m_offset);
    grid.addWide(3, tr("De&vice"), m_device);
    column->addWidget(part);
    connect(m_use, &QComboBox::activated, this, &ImportForm::setUse);
    connect(m_axis, &QComboBox::currentTextChanged, this, [this](const QString &text) {
        if (m_isShowing)
            return;
        for (const int chosen : chosenColumns())
            m_draft.columns[static_cast<std::size_t>(chosen)].axis = text.trimmed().toStdString();
        changed();
    });
    connect(m_unit, &QComboBox::currentTextChanged, this, &ImportForm::setUnit);
    connect(m_unit, &QComboBox::activated, this, [this] { confirm(GuessField::unit); });
    const auto takeFactor = [this](QLineEdit *edit, double ColumnDraft::*member) {
        connect(edit, &QLineEdit::textEdited, this, [this, member](const QString &text) {
            const auto value = parseFactor(text);
            if (!value)
                return; // half typed
            for (const int chosen : chosenColumns())
                m_draft.columns[static_cast<std::size_t>(chosen)].*member = *value;
            changed();
            confirm(GuessField::unit);
        });
    };
    takeFactor(m_scale, &ColumnDraft::scale);
    takeFactor(m_offset, &ColumnDraft::offset);
    connect(m_device, &QLineEdit::textEdited, this, [this](const QString &text) {
        assignDevice(m_draft, chosenColumns(), text.trimmed().toStdString());
        changed();
    });
    return m_columnForm;
}

void ImportForm::setDraft(const ProfileDraft &draft)
{
    const QScopedValueRollback showing(m_isShowing, true);
    const std::vector<int> chosen = chosenColumns();
    const bool isSameWidth = draft.columns.size() == m_draft.columns.size();
    m_draft = draft;
    m_columnsModel->renew();
    showLayout();
    showTime();
    chooseColumns(isSameWidth ? chosen : std::vector<int>());
    if (chosenColumns().empty()) {
        const auto first = std::ranges::find(m_draft.columns, ColumnUse::sensor, &ColumnDraft::use);
        if (first != m_draft.columns.end())
            chooseColumns({static_cast<int>(first - m_draft.columns.begin())});
    }
    showColumn();
}

void ImportForm::chooseColumns(const std::vector<int> &columns)
{
    const QScopedValueRollback showing(m_isShowing, true);
    QItemSelection selection;
    for (const int column : columns) {
        if (column < m_columnsModel->rowCount({}))
            selection.select(m_columnsModel->index(column, 0), m_columnsModel->index(column, 1));
    }
    m_columns->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    if (!columns.empty() && columns.front() < m_columnsModel->rowCount({}))
        m_columns->selectionModel()->setCurrentIndex(m_columnsModel->index(columns.front(), 0), QItemSelectionModel::NoUpdate);
    showColumn();
}

std::vector<int> ImportForm::chosenColumns() const
{
    std::set<int> rows;
    for (const QItemSelectionRange &range : m_columns->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.insert(row);
    }
    return {rows.begin(), rows.end()};
}

void ImportForm::showLayout()
{
    const QScopedValueRollback showing(m_isShowing, true);
    const auto choose = [](QComboBox *box, char character) {
        int index = box->findData(static_cast<int>(character));
        if (index < 0) {
            box->addItem(QString(QLatin1Char(character)), static_cast<int>(character));
            index = box->count() - 1;
        }
        box->setCurrentIndex(index);
    };
    choose(m_separator, m_draft.layout.separator);
    choose(m_decimal, m_draft.layout.decimal);
    m_headerRows->setValue(static_cast<int>(m_draft.layout.headerRows));
    m_skipLines->setValue(static_cast<int>(m_draft.layout.skipLines));
    if (m_comment->text() != QString::fromStdString(m_draft.layout.comment))
        m_comment->setText(QString::fromStdString(m_draft.layout.comment));
}

void ImportForm::showTime()
{
    const QScopedValueRollback showing(m_isShowing, true);
    m_timeFrom->clear();
    m_timeFrom->addItem(tr("A fixed rate"));
    for (std::size_t i = 0; i < std::min(m_draft.columns.size(), kMostListed); ++i) {
        const std::string &name = m_draft.columns[i].name;
        m_timeFrom->addItem(name.empty() ? tr("Column %1").arg(i + 1) : QString::fromStdString(name).simplified());
    }
    const auto column = m_draft.timeColumn();
    m_timeFrom->setCurrentIndex(column && *column < kMostListed ? static_cast<int>(*column) + 1 : 0);
    const QString unit = QString::fromStdString(m_draft.time.unit);
    if (m_timeUnit->count() == 0) {
        for (const Unit &each : kTimeUnits)
            m_timeUnit->addItem(tr(each.name), QLatin1String(each.unit));
    }
    const int known = m_timeUnit->findData(unit);
    if (known >= 0)
        m_timeUnit->setCurrentIndex(known);
    else if (m_timeUnit->currentText() != unit)
        m_timeUnit->setEditText(unit);
    showBeginning(m_timeUnit);
    m_timeEpoch->setCurrentIndex(m_draft.time.isUnix ? 1 : 0);
    if (const auto typed = parseFactor(m_rate->text()); !typed || *typed != m_draft.time.rateHz)
        m_rate->setText(QString::number(m_draft.time.rateHz, 'g', 12));
    if (m_zone->text() != QString::fromStdString(m_draft.time.utcOffset))
        m_zone->setText(QString::fromStdString(m_draft.time.utcOffset));
    const bool hasColumn = column.has_value();
    const bool isCounter = unit == QLatin1String("samples");
    const bool isWall = unit == QLatin1String("iso8601") || unit.contains(QLatin1Char('%'));
    const auto show = [](QWidget *label, QWidget *field, bool isShown) {
        label->setVisible(isShown);
        field->setVisible(isShown);
    };
    show(m_rateLabel, m_rate, !hasColumn || isCounter);
    show(m_unitLabel, m_timeUnit, hasColumn);
    show(m_epochLabel, m_timeEpoch, hasColumn && !isCounter && !isWall);
    show(m_zoneLabel, m_zone, hasColumn && isWall);
}

void ImportForm::showColumn()
{
    const QScopedValueRollback showing(m_isShowing, true);
    const std::vector<int> chosen = chosenColumns();
    m_columnForm->setEnabled(!chosen.empty());
    if (chosen.empty()) {
        m_columnTitle->setText(tr("Choose a column to say what it is; three at once become x, y and z."));
        return;
    }
    const ColumnDraft &first = m_draft.columns[static_cast<std::size_t>(chosen.front())];
    const QString name = first.name.empty() ? tr("Column %1").arg(chosen.front() + 1) : QString::fromStdString(first.name).simplified();
    m_columnTitle->setText(chosen.size() == 1 ? name : tr("%1 and %2 more").arg(name).arg(chosen.size() - 1));
    m_use->setCurrentIndex(choiceOf(first));
    const bool isSensor = first.use == ColumnUse::sensor;
    QStringList axes;
    for (const std::string &axis : usualAxes(first.kind))
        axes += QString::fromStdString(axis);
    const QString axis = isSensor ? QString::fromStdString(first.axis) : QString();
    if (m_axis->currentText() != axis || m_axis->count() != axes.size())
        setItems(m_axis, axes, axis);
    QStringList units;
    if (isSensor) {
        // One spelling of each; any other may be typed.
        std::set<std::pair<double, double>> known;
        for (const std::string &unit : unitsOf(first.kind)) {
            const auto conversion = unitConversion(first.kind, unit);
            if (conversion && known.emplace(conversion->scale, conversion->offset).second)
                units += QString::fromStdString(unit);
        }
    }
    const QString unit = isSensor ? QString::fromStdString(first.unit) : QString();
    if (m_unit->currentText() != unit || m_unit->count() < units.size())
        setItems(m_unit, units, unit);
    showBeginning(m_axis);
    showBeginning(m_unit);
    const auto showFactor = [isSensor](QLineEdit *edit, double value) {
        const auto typed = parseFactor(edit->text());
        if (!isSensor)
            edit->clear();
        else if (!typed || *typed != value)
            edit->setText(factorText(value));
    };
    showFactor(m_scale, first.scale);
    showFactor(m_offset, first.offset);
    if (m_device->text().trimmed() != QString::fromStdString(first.device))
        m_device->setText(QString::fromStdString(first.device));
    m_axis->setEnabled(isSensor && chosen.size() == 1);
    for (QWidget *field : std::initializer_list<QWidget *>{m_unit, m_scale, m_offset, m_device})
        field->setEnabled(isSensor);
}

void ImportForm::takeLayout()
{
    if (m_isShowing)
        return;
    TableLayout &layout = m_draft.layout;
    layout.separator = static_cast<char>(m_separator->currentData().toInt());
    layout.decimal = static_cast<char>(m_decimal->currentData().toInt());
    layout.headerRows = static_cast<std::size_t>(m_headerRows->value());
    layout.skipLines = static_cast<std::size_t>(m_skipLines->value());
    layout.comment = m_comment->text().toStdString();
    Q_EMIT layoutEdited();
}

void ImportForm::takeTime()
{
    if (m_isShowing)
        return;
    const int from = m_timeFrom->currentIndex() - 1;
    assignTimeColumn(m_draft, from < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(from)));
    const int known = m_timeUnit->findText(m_timeUnit->currentText());
    m_draft.time.unit = known >= 0 ? m_timeUnit->itemData(known).toString().toStdString() : m_timeUnit->currentText().trimmed().toStdString();
    m_draft.time.isUnix = m_timeEpoch->currentIndex() == 1;
    if (const auto rate = parseFactor(m_rate->text()))
        m_draft.time.rateHz = *rate;
    m_draft.time.utcOffset = m_zone->text().trimmed().toStdString();
    changed();
}

void ImportForm::setUse(int choice)
{
    const std::vector<int> chosen = chosenColumns();
    // What is chosen again keeps its axes and its unit.
    const bool isNew = std::ranges::any_of(chosen, [&](int column) { return choiceOf(m_draft.columns[static_cast<std::size_t>(column)]) != choice; });
    if (isNew) {
        assignUse(m_draft, chosen, kUses[choice].use, kUses[choice].kind);
        changed();
    }
    confirm(GuessField::kind);
}

void ImportForm::confirm(GuessField field)
{
    GuessConcern concern{field, {}};
    if (field == GuessField::kind || field == GuessField::unit) {
        for (const int column : chosenColumns())
            concern.columns.push_back(static_cast<std::size_t>(column));
    }
    Q_EMIT confirmed(concern);
}

void ImportForm::setUnit(const QString &unit)
{
    if (m_isShowing)
        return;
    assignUnit(m_draft, chosenColumns(), unit.trimmed().toStdString());
    changed();
}

void ImportForm::changed()
{
    m_columnsModel->renewTexts();
    showTime();
    showColumn();
    Q_EMIT edited();
}

} // namespace kino
