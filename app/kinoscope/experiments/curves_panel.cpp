#include "app/kinoscope/experiments/curves_panel.h"

#include "widgets/controls/chip_button.h"
#include "widgets/controls/choice_box.h"
#include "widgets/window/panel_dock.h"

#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QSlider>
#include <QToolButton>

#include <algorithm>
#include <set>

namespace kino {
namespace {

constexpr int kNarrowestChart = 300;

} // namespace

CurvesPanel::CurvesPanel(JobFeed &feed, QWidget *parent)
    : QWidget(parent), m_feed(feed), m_grid(new QGridLayout(this)), m_empty(new CurveChart(this)), m_smoothing(new QSlider(Qt::Horizontal, this)),
      m_logarithmic(makeChip(tr("Log"), tr("A logarithmic axis of values"), this)), m_axis(new ChoiceBox(tr("Over"), this)),
      m_band(new ChoiceBox(tr("Band"), this)), m_members(makeChip(tr("Runs"), tr("The runs behind each mean, faint"), this)),
      m_metricsButton(makeChip(tr("Metrics"), tr("Which metrics are drawn"), this)), m_metrics(new QMenu(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(1);
    m_grid->addWidget(m_empty, 0, 0);
    m_smoothing->setRange(0, 99);
    m_smoothing->setFixedWidth(96);
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothing->setFocusPolicy(Qt::StrongFocus);
    m_logarithmic->setCheckable(true);
    m_axis->addItem(tr("steps"), static_cast<int>(CurveAxis::step));
    m_axis->addItem(tr("epochs"), static_cast<int>(CurveAxis::epoch));
    m_axis->addItem(tr("time"), static_cast<int>(CurveAxis::seconds));
    m_band->addItem(tr("min to max"), QStringLiteral("range"));
    m_band->addItem(tr("\u00b1 standard error"), QStringLiteral("error"));
    m_band->setToolTip(tr("What the band around a cell's mean is, over its seeds and folds"));
    m_members->setCheckable(true);
    m_metricsButton->setMenu(m_metrics);
    m_metricsButton->setPopupMode(QToolButton::InstantPopup);
    const QSettings settings;
    m_smoothing->setValue(settings.value(QStringLiteral("experiments/smoothing"), 0).toInt());
    m_logarithmic->setChecked(settings.value(QStringLiteral("experiments/log"), false).toBool());
    m_axis->setCurrentIndex(std::max(0, m_axis->findData(settings.value(QStringLiteral("experiments/axis"), 0).toInt())));
    m_band->setCurrentIndex(std::max(0, m_band->findData(settings.value(QStringLiteral("experiments/band")))));
    m_members->setChecked(settings.value(QStringLiteral("experiments/members"), false).toBool());
    m_keys = settings.value(QStringLiteral("experiments/curves"), QStringList{QStringLiteral("train.loss"), QStringLiteral("validation.loss"), QStringLiteral("validation.macro_f1")}).toStringList();
    connect(m_smoothing, &QSlider::valueChanged, this, &CurvesPanel::takeSettings);
    connect(m_logarithmic, &QToolButton::toggled, this, &CurvesPanel::takeSettings);
    connect(m_axis, &QComboBox::activated, this, &CurvesPanel::takeSettings);
    connect(m_band, &QComboBox::activated, this, &CurvesPanel::showCurves);
    connect(m_members, &QToolButton::toggled, this, &CurvesPanel::showCurves);
    // Kept when a person changes them: curves that grow pass through showCurves() several times a second.
    connect(m_smoothing, &QSlider::valueChanged, this, &CurvesPanel::keepSettings);
    connect(m_logarithmic, &QToolButton::toggled, this, &CurvesPanel::keepSettings);
    connect(m_axis, &QComboBox::activated, this, &CurvesPanel::keepSettings);
    connect(m_band, &QComboBox::activated, this, &CurvesPanel::keepSettings);
    connect(m_members, &QToolButton::toggled, this, &CurvesPanel::keepSettings);
    connect(m_metrics, &QMenu::aboutToShow, this, &CurvesPanel::showMetrics);
    connect(&feed, &JobFeed::curvesChanged, this, &CurvesPanel::showCurves);
    takeSettings();
    showCurves();
}

void CurvesPanel::fillHead(PanelHead &head)
{
    auto *smooth = new QLabel(tr("smooth"), &head);
    smooth->setProperty("role", QStringLiteral("dim"));
    smooth->setBuddy(m_smoothing);
    auto *over = new QLabel(tr("over"), &head);
    over->setProperty("role", QStringLiteral("dim"));
    for (QWidget *control : {static_cast<QWidget *>(m_members), static_cast<QWidget *>(m_band), static_cast<QWidget *>(m_metricsButton), static_cast<QWidget *>(smooth), static_cast<QWidget *>(m_smoothing), static_cast<QWidget *>(m_logarithmic),
                             static_cast<QWidget *>(over), static_cast<QWidget *>(m_axis)})
        head.addControl(control);
}

void CurvesPanel::setRuns(const std::vector<ChosenRun> &runs, const QHash<qint64, QString> &names)
{
    const bool isSame = runs == m_runs;
    m_runs = runs;
    m_names = names;
    // A filter that a cell brings with it takes the chosen runs out of the table.
    const bool endsCell = m_cell && !isSame && !runs.empty();
    if (endsCell)
        m_cell.reset();
    if (endsCell || (!isSame && !m_cell))
        ask();
    showCurves();
}

void CurvesPanel::showCell(const StudyCellId &cell)
{
    m_cell = cell;
    ask();
}

void CurvesPanel::setKeys(const QStringList &keys)
{
    m_keys = keys;
    QSettings().setValue(QStringLiteral("experiments/curves"), keys);
    ask();
}

void CurvesPanel::ask()
{
    std::vector<JobId> ids;
    if (!m_cell) {
        for (const ChosenRun &run : m_runs)
            ids.push_back(run.id);
    }
    std::vector<std::string> keys;
    for (const QString &key : m_keys)
        keys.push_back(key.toStdString());
    m_feed.setCurves(ids, keys, m_cell);
}

void CurvesPanel::showCurves()
{
    const std::shared_ptr<const CurvesState> state = m_feed.curves();
    QStringList keys;
    for (const QString &key : m_keys) {
        const bool isThere = state && (m_cell || !m_runs.empty()) && std::ranges::find(state->keys, key.toStdString()) != state->keys.end();
        if (isThere && keys.size() < static_cast<qsizetype>(kMostCharts))
            keys += key;
    }
    while (m_charts.size() > static_cast<std::size_t>(keys.size())) {
        m_charts.back()->hide();
        m_charts.back()->deleteLater();
        m_charts.pop_back();
        m_columns = 0;
    }
    while (m_charts.size() < static_cast<std::size_t>(keys.size())) {
        auto *chart = new CurveChart(this);
        connect(chart, &CurveChart::failed, this, &CurvesPanel::failed);
        // One cursor through all charts.
        connect(chart, &CurveChart::hovered, this, [this, chart](std::optional<double> x) {
            for (CurveChart *other : m_charts) {
                if (other != chart)
                    other->setHover(x);
            }
        });
        m_charts.push_back(chart);
        m_columns = 0;
    }
    for (std::size_t each = 0; each < m_charts.size(); ++each) {
        CurveChart &chart = *m_charts[each];
        const std::string key = keys[static_cast<qsizetype>(each)].toStdString();
        chart.setTitle(keys[static_cast<qsizetype>(each)]);
        chart.setEmptyText(tr("None of the chosen runs has this yet."));
        chart.setLegendNote(legendNote(*state, key));
        chart.setCurves(curvesOf(*state, key));
    }
    const bool hasCells = state && !state->cells.empty();
    m_band->setVisible(hasCells);
    m_members->setVisible(hasCells);
    m_empty->setVisible(m_charts.empty());
    m_empty->setEmptyText(m_runs.empty() && !m_cell            ? tr("Choose runs in the table above: their curves are drawn here, one colour each, and grow while they run.")
                              : state && !state->keys.empty() ? tr("The chosen runs have other metrics: choose them under Metrics.")
                                                              : tr("Nothing has been measured yet. Curves begin with the first steps."));
    takeSettings();
    placeCharts();
}

std::vector<Curve> CurvesPanel::curvesOf(const CurvesState &state, const std::string &key) const
{
    std::vector<Curve> curves;
    std::set<int> taken;
    for (const ChosenRun &run : m_runs)
        taken.insert(run.place);
    std::set<JobId> given; // a study's own colour goes to its first cell
    const auto placeOf = [&](const CurvesState::Cell &cell) {
        const auto chosen = std::ranges::find(m_runs, cell.id.study, &ChosenRun::id);
        if (given.insert(cell.id.study).second)
            return chosen != m_runs.end() ? chosen->place : 0;
        int place = 0;
        while (taken.contains(place))
            ++place;
        taken.insert(place);
        return place;
    };
    for (const CurvesState::Cell &cell : state.cells)
        addCell(curves, state, cell, key, placeOf(cell));
    for (const ChosenRun &run : m_runs) {
        const auto found = state.series.find({run.id, key});
        const bool isMember = std::ranges::any_of(state.cells, [&](const CurvesState::Cell &cell) { return std::ranges::find(cell.runs, run.id) != cell.runs.end(); });
        if (!isMember && found != state.series.end() && found->second && found->second->size() > 0)
            curves.push_back({run.id, m_names.value(run.id, tr("run %1").arg(run.id)), run.place, found->second});
    }
    return curves;
}

void CurvesPanel::addCell(std::vector<Curve> &curves, const CurvesState &state, const CurvesState::Cell &cell, const std::string &key, int place) const
{
    const auto found = cell.curves.find(key);
    if (found == cell.curves.end() || found->second.runs == 0)
        return;
    const CellCurve &mean = found->second;
    const QString count = mean.runs == cell.runs.size() ? QString::number(mean.runs) : tr("%1 of %2").arg(mean.runs).arg(cell.runs.size());
    const QString name = cell.name.empty() ? tr("%1 runs").arg(count) : tr("%1 (%2)").arg(QString::fromStdString(cell.name), count);
    // Numbers of runs are above 0: below are cells.
    constexpr qint64 kMostCellsOfStudy = 1'000'000;
    Curve curve{-(cell.id.study * kMostCellsOfStudy + cell.id.cell + 1), name, place, mean.mean};
    curve.band = m_band->currentData() == QLatin1String("error") ? mean.standardError : mean.range;
    curve.drops = mean.drops;
    curves.push_back(std::move(curve));
    if (!m_members->isChecked())
        return;
    for (const JobId run : cell.runs) {
        if (const auto series = state.series.find({run, key}); series != state.series.end() && series->second && series->second->size() > 0)
            curves.push_back({.id = run, .name = tr("run %1").arg(run), .place = place, .series = series->second, .isMember = true});
    }
}

QString CurvesPanel::legendNote(const CurvesState &state, const std::string &key) const
{
    const bool hasMean = std::ranges::any_of(state.cells, [&](const CurvesState::Cell &cell) { return cell.curves.contains(key) && cell.curves.at(key).runs > 0; });
    if (!hasMean)
        return {};
    const QString note = tr("mean, %1").arg(m_band->currentText());
    return state.cellsLeftOut == 0 ? note : tr("%1; %2 more cells are not drawn").arg(note).arg(state.cellsLeftOut);
}

void CurvesPanel::showMetrics()
{
    m_metrics->clear();
    const std::shared_ptr<const CurvesState> state = m_feed.curves();
    QStringList keys = m_keys;
    if (state) {
        for (const std::string &key : state->keys) {
            if (!keys.contains(QString::fromStdString(key)))
                keys += QString::fromStdString(key);
        }
    }
    keys.sort();
    for (const QString &key : keys) {
        QAction *action = m_metrics->addAction(key);
        action->setCheckable(true);
        action->setChecked(m_keys.contains(key));
        connect(action, &QAction::toggled, this, [this, key](bool on) {
            QStringList wanted = m_keys;
            wanted.removeAll(key);
            if (on)
                wanted += key;
            setKeys(wanted);
        });
    }
}

void CurvesPanel::takeSettings()
{
    CurveSettings settings;
    settings.smoothing = m_smoothing->value() / 100.0;
    settings.scale = m_logarithmic->isChecked() ? CurveScale::logarithmic : CurveScale::linear;
    settings.axis = static_cast<CurveAxis>(m_axis->currentData().toInt());
    m_smoothing->setToolTip(tr("Smoothing %1: an exponential moving average without the bias of its beginning").arg(settings.smoothing, 0, 'f', 2));
    for (CurveChart *chart : m_charts)
        chart->setSettings(settings);
}

void CurvesPanel::keepSettings() const
{
    QSettings kept;
    kept.setValue(QStringLiteral("experiments/smoothing"), m_smoothing->value());
    kept.setValue(QStringLiteral("experiments/log"), m_logarithmic->isChecked());
    kept.setValue(QStringLiteral("experiments/axis"), m_axis->currentData());
    kept.setValue(QStringLiteral("experiments/band"), m_band->currentData());
    kept.setValue(QStringLiteral("experiments/members"), m_members->isChecked());
}

void CurvesPanel::placeCharts()
{
    const auto count = static_cast<int>(m_charts.size());
    const int columns = std::clamp(width() / kNarrowestChart, 1, std::max(1, count));
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int each = 0; each < count; ++each) {
        m_grid->addWidget(m_charts[static_cast<std::size_t>(each)], each / columns, each % columns);
        m_charts[static_cast<std::size_t>(each)]->show();
    }
}

void CurvesPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeCharts();
}

} // namespace kino
