#include "app/kinoscope/experiments/runs_panel.h"

#include "widgets/controls/chip_button.h"
#include "widgets/controls/choice_box.h"
#include "widgets/form/row_view.h"
#include "widgets/window/panel_dock.h"

#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kTypingMs = 150;
constexpr int kMostOffered = 80;

} // namespace

RunsPanel::RunsPanel(JobFeed &feed, QWidget *parent)
    : QWidget(parent), m_feed(feed), m_view(new RunTableView(this)), m_filter(new QLineEdit(this)), m_grouping(new ChoiceBox(tr("Group by"), this)),
      m_ofStudies(makeChip(tr("Runs of studies"), tr("Each run of a study in a row of its own"), this)), m_columnsButton(makeChip(tr("Columns"), tr("Parameters and metrics that the table shows"), this)),
      m_columns(new QMenu(this)), m_export(makeChip(tr("Export"), tr("The table as it stands"), this)), m_fault(new MarkedSentence(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_fault->setContentsMargins(28, 2, 12, 4);
    column->addWidget(m_fault);
    column->addWidget(m_view, 1);
    m_filter->setPlaceholderText(tr("Filter: encoder.name = primus and test.macro_f1 > 0.5"));
    m_filter->setAccessibleName(tr("Filter runs"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setToolTip(tr("<qt><p>Names of parameters and metrics, and state, name, tag, notes, star, seed, study, seconds.</p>"
                            "<p>= != &lt; &lt;= &gt; &gt;= compare, ~ is contained in, and or not ( ) join.</p>"
                            "<p>tag = pilot and not state = failed<br>train.batch &gt;= 64 or name ~ simclr<br>least(train.loss) &lt; 0.5</p></qt>"));
    m_ofStudies->setCheckable(true);
    m_columnsButton->setMenu(m_columns);
    m_columnsButton->setPopupMode(QToolButton::InstantPopup);
    const QSettings settings;
    m_parameters = settings.value(QStringLiteral("experiments/parameters"), QStringList{QStringLiteral("objective.name"), QStringLiteral("encoder.name"), QStringLiteral("seed")}).toStringList();
    m_metrics = settings.value(QStringLiteral("experiments/metrics"), QStringList{QStringLiteral("test.macro_f1"), QStringLiteral("test.accuracy"), QStringLiteral("train.loss")}).toStringList();
    m_grouping->addItem(tr("no groups"), QString());
    m_grouping->addItem(tr("repetitions"), RunTableModel::kRepetitions);
    m_grouping->setItemData(1, tr("Runs that differ by nothing but the seed, with mean and deviation"), Qt::ToolTipRole);
    m_ask.setSingleShot(true);
    connect(&m_ask, &QTimer::timeout, this, &RunsPanel::ask);
    connect(m_filter, &QLineEdit::textChanged, this, [this] { m_ask.start(kTypingMs); });
    connect(m_filter, &QLineEdit::returnPressed, this, &RunsPanel::ask);
    connect(m_ofStudies, &QToolButton::toggled, this, &RunsPanel::ask);
    connect(m_grouping, &QComboBox::activated, this, [this] {
        ask();
        group();
    });
    connect(m_columns, &QMenu::aboutToShow, this, &RunsPanel::showColumns);
    connect(&feed, &JobFeed::tableChanged, this, &RunsPanel::showTable);
    connect(m_view, &RunTableView::chosenChanged, this, [this] {
        m_isFresh = m_isFresh && m_view->chosen().empty();
        noteNames();
        if (!m_view->chosen().empty())
            m_wanted = 0;
    });
    ask();
    showTable();
}

void RunsPanel::fillHead(PanelHead &head, const QList<QAction *> &exports)
{
    auto *menu = new QMenu(m_export);
    menu->addActions(exports);
    m_export->setMenu(menu);
    m_export->setPopupMode(QToolButton::InstantPopup);
    m_filter->setMinimumWidth(160);
    head.addControl(m_filter, 1);
    head.addControl(m_ofStudies);
    head.addControl(m_grouping);
    head.addControl(m_columnsButton);
    head.addControl(m_export);
}

QString RunsPanel::fault() const { return m_fault->isHidden() ? QString() : m_fault->text(); }

QHash<qint64, QString> RunsPanel::names(SeedInName seed) const
{
    const RunTableData &table = m_view->runs().table();
    QHash<QString, std::vector<const RunRow *>> chosen;
    QHash<qint64, QString> names;
    for (const ChosenRun &run : m_view->chosen()) {
        if (const RunRow *row = m_view->runs().rowAt(m_view->runs().indexOf(run.id))) {
            names.insert(row->id, row->name);
            chosen[row->name].push_back(row);
        } else if (const auto known = m_names.constFind(run.id); known != m_names.cend()) {
            names.insert(run.id, *known);
        }
    }
    // Chosen runs of one name are told apart by what differs between them.
    for (const std::vector<const RunRow *> &namesakes : std::as_const(chosen)) {
        if (namesakes.size() < 2)
            continue;
        for (const RunRow *row : namesakes) {
            QStringList parts;
            for (std::size_t column = 0; column < table.columns.size(); ++column) {
                const QString &parameter = table.columns[column].id;
                if (!parameter.startsWith(QLatin1String("parameter:")) || (seed == SeedInName::left && parameter == QLatin1String("parameter:seed")))
                    continue;
                const bool differs = std::ranges::any_of(namesakes, [&](const RunRow *other) { return other->cells[column].text != row->cells[column].text; });
                if (differs)
                    parts += table.columns[column].title + QLatin1Char(' ') + row->cells[column].text;
            }
            if (parts.isEmpty() && seed == SeedInName::shown)
                parts += tr("run %1").arg(row->id);
            parts += row->name;
            names[row->id] = parts.join(QStringLiteral(", "));
        }
    }
    return names;
}

void RunsPanel::chooseSoon(qint64 id)
{
    // Until it is there nothing else counts as chosen in its place.
    const bool isThere = m_view->runs().indexOf(id).isValid();
    m_wanted = 0;
    m_view->choose(isThere ? std::vector<qint64>{id} : std::vector<qint64>{});
    if (isThere)
        m_view->selectionModel()->setCurrentIndex(m_view->runs().indexOf(id), QItemSelectionModel::NoUpdate);
    else
        m_wanted = id;
}

void RunsPanel::ask()
{
    m_ask.stop();
    RunTableQuery query;
    for (const QString &path : m_parameters)
        query.parameters.push_back(path.toStdString());
    for (const QString &key : m_metrics)
        query.metrics.push_back({key.toStdString()});
    query.where = m_filter->text().trimmed().toStdString();
    query.withRunsOfStudies = m_ofStudies->isChecked();
    query.withRepetitions = m_grouping->currentData().toString() == RunTableModel::kRepetitions;
    m_feed.setTableQuery(query);
}

void RunsPanel::showTable()
{
    if (m_project != m_feed.project()) {
        m_project = m_feed.project();
        m_isFresh = true;
    }
    const std::shared_ptr<const RunTableState> state = m_feed.table();
    m_fault->setSentence(state ? state->fault : QString(), false);
    m_view->setEmptyText(m_feed.project().empty()    ? tr("Runs are kept in a project. Make one from the open recordings under File, or open one.")
                         : !state                    ? QString()
                         : !m_filter->text().trimmed().isEmpty() ? tr("No run fits the filter.")
                                                     : tr("No runs yet. New job begins with a ready specification: try a small one on the recordings of this project."));
    const bool isFiltered = state && !state->query.where.empty();
    m_view->setTable(state ? state->table : std::make_shared<const RunTableData>(), isFiltered ? RunTableView::Missing::kept : RunTableView::Missing::forgotten);
    noteNames();
    // Other columns to group by come with the table.
    const QString chosen = m_grouping->currentData().toString();
    while (m_grouping->count() > 2)
        m_grouping->removeItem(2);
    for (const RunColumn &column : m_view->runs().table().columns) {
        if (column.id.startsWith(QLatin1String("parameter:")) || column.id == QLatin1String("tags"))
            m_grouping->addItem(tr("by %1").arg(column.title), column.id);
    }
    m_grouping->setCurrentIndex(std::max(0, m_grouping->findData(chosen)));
    group();
    if (m_wanted != 0 && m_view->runs().indexOf(m_wanted).isValid()) {
        m_view->choose({std::exchange(m_wanted, 0)});
        if (!m_view->chosen().empty())
            m_view->scrollTo(m_view->runs().indexOf(m_view->chosen().front().id));
    } else if (m_isFresh && m_wanted == 0 && m_view->chosen().empty() && !m_view->runs().table().rows.empty()) {
        // Something is to be seen at once: the newest that has been at work.
        const auto &rows = m_view->runs().table().rows;
        const auto worked = std::ranges::find_if(rows, [](const RunRow &row) { return row.state != RunState::queued; });
        if (worked != rows.end())
            m_view->choose({worked->id});
    }
}

/** What chosen runs are called, for when a filter leaves them out. */
void RunsPanel::noteNames()
{
    QHash<qint64, QString> names;
    for (const ChosenRun &run : m_view->chosen()) {
        const RunRow *row = m_view->runs().rowAt(m_view->runs().indexOf(run.id));
        names.insert(run.id, row ? row->name : m_names.value(run.id));
    }
    m_names = std::move(names);
}

/** As asked for, once the table is there that knows its repetitions. */
void RunsPanel::group()
{
    const QString wanted = m_grouping->currentData().toString();
    const std::shared_ptr<const RunTableState> state = m_feed.table();
    const bool isKnown = wanted != RunTableModel::kRepetitions || (state && state->query.withRepetitions);
    if (isKnown && wanted != m_view->runs().grouping())
        m_view->setGrouping(wanted);
}

void RunsPanel::toggleColumn(QStringList &columns, const QString &key, const QString &name, bool on)
{
    columns.removeAll(name);
    if (on)
        columns += name;
    QSettings().setValue(key, columns);
    ask();
}

void RunsPanel::showColumns()
{
    m_columns->clear();
    const std::shared_ptr<const RunTableState> state = m_feed.table();
    const auto add = [this](QMenu *menu, QStringList offered, QStringList &columns, const QString &key) {
        for (const QString &shown : columns) {
            if (!offered.contains(shown))
                offered.prepend(shown);
        }
        int count = 0;
        for (const QString &name : offered) {
            if (++count > kMostOffered && !columns.contains(name))
                continue;
            QAction *action = menu->addAction(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")));
            action->setCheckable(true);
            action->setChecked(columns.contains(name));
            connect(action, &QAction::toggled, this, [this, &columns, key, name](bool on) { toggleColumn(columns, key, name, on); });
        }
    };
    QStringList parameters, metrics;
    if (state) {
        for (const ParameterColumn &column : state->parameters)
            parameters += QString::fromStdString(column.path);
        for (const std::string &key : state->metrics)
            metrics += QString::fromStdString(key);
    }
    add(m_columns->addMenu(tr("&Parameters")), parameters, m_parameters, QStringLiteral("experiments/parameters"));
    add(m_columns->addMenu(tr("&Metrics")), metrics, m_metrics, QStringLiteral("experiments/metrics"));
}

} // namespace kino
