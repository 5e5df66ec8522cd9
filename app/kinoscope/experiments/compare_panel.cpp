#include "app/kinoscope/experiments/compare_panel.h"

#include "widgets/controls/choice_box.h"
#include "widgets/window/panel_dock.h"

#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace kino {
namespace {

bool isSame(const ComparedRun &one, const ComparedRun &other)
{
    return one.id == other.id && one.name == other.name && one.repeatedName == other.repeatedName && one.place == other.place && one.parameters == other.parameters;
}

} // namespace

ComparePanel::ComparePanel(JobFeed &feed, QWidget *parent)
    : QWidget(parent), m_feed(feed), m_parameters(new ComparisonView(this)), m_spread(new SpreadView), m_metric(new ChoiceBox(tr("Metric"), this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto *parts = new QSplitter(Qt::Horizontal, this);
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(1);
    parts->addWidget(m_parameters);
    auto *scroll = new QScrollArea(parts);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_spread);
    scroll->setAccessibleName(tr("Final numbers"));
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    parts->addWidget(scroll);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    column->addWidget(parts);
    m_parameters->setEmptyText(tr("Choose two runs and more, with Ctrl or by their circles: what differs between them stands here."));
    connect(&feed, &JobFeed::curvesChanged, this, &ComparePanel::showRuns);
    connect(m_metric, &QComboBox::activated, this, &ComparePanel::showSpread);
}

void ComparePanel::fillHead(PanelHead &head) { head.addControl(m_metric); }

void ComparePanel::setRuns(const std::vector<ChosenRun> &runs, const QHash<qint64, QString> &names, const QHash<qint64, QString> &repeatedNames)
{
    m_runs = runs;
    m_names = names;
    m_repeatedNames = repeatedNames;
    showRuns();
}

void ComparePanel::showRuns()
{
    std::vector<ComparedRun> compared;
    if (const std::shared_ptr<const CurvesState> state = m_feed.curves()) {
        for (const ChosenRun &run : m_runs) {
            const auto found = state->details.find(run.id);
            if (found == state->details.end())
                continue;
            ComparedRun &made = compared.emplace_back(ComparedRun{run.id, m_names.value(run.id, tr("run %1").arg(run.id)), run.place, {}, {}, m_repeatedNames.value(run.id)});
            for (const auto &[path, value] : found->second.parameters)
                made.parameters.emplace_back(QString::fromStdString(path), QString::fromStdString(parameterText(value)));
            for (const auto &[key, value] : found->second.finals)
                made.metrics.emplace(QString::fromStdString(key), value);
        }
    }
    // Numbers come with every step, parameters never change.
    const bool isAnother = !std::ranges::equal(compared, m_compared, isSame);
    m_compared = std::move(compared);
    if (isAnother)
        m_parameters->setRuns(m_compared);
    const QStringList metrics = comparedMetrics(m_compared);
    QStringList shown;
    for (int each = 0; each < m_metric->count(); ++each)
        shown += m_metric->itemText(each);
    if (metrics != shown) {
        const QString before = m_metric->currentText();
        m_metric->clear();
        m_metric->addItems(metrics);
        int index = m_metric->findText(before);
        for (const char *usual : {"test.macro_f1", "validation.macro_f1", "train.loss"}) {
            if (index < 0)
                index = m_metric->findText(QLatin1String(usual));
        }
        m_metric->setCurrentIndex(std::max(0, index));
    }
    m_metric->setVisible(!metrics.isEmpty());
    showSpread();
}

void ComparePanel::showSpread()
{
    m_spread->setGroups(m_metric->currentText(), m_metric->count() > 0 ? repetitionsOf(m_compared, m_metric->currentText()) : std::vector<Repetitions>{});
    m_spread->setMinimumHeight(m_spread->sizeHint().height());
    m_spread->parentWidget()->parentWidget()->setVisible(!m_spread->groups().empty()); // the area that it scrolls in
}

} // namespace kino
