#include "app/kinoscope/experiments/confusion_panel.h"

#include "app/kinoscope/experiments/job_words.h"
#include "app/kinoscope/inspect/plot_files.h"
#include "widgets/controls/choice_box.h"
#include "widgets/window/panel_dock.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace kino {
namespace {

QStringList textsOf(const std::vector<std::string> &utf8)
{
    QStringList texts;
    for (const std::string &each : utf8)
        texts += QString::fromStdString(each);
    return texts;
}

bool isListed(const TestedWindow &window, ConfusionCell cell)
{
    if (cell == ConfusionCell{}) // then the mistakes
        return window.label != window.predicted;
    return (cell.label < 0 || window.label == static_cast<std::uint32_t>(cell.label)) && (cell.predicted < 0 || window.predicted == static_cast<std::uint32_t>(cell.predicted));
}

/** Place of each text in the order of people. */
std::vector<std::size_t> ranksOf(const QStringList &texts)
{
    std::vector<std::size_t> order(static_cast<std::size_t>(texts.size())), ranks(order.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t one, std::size_t other) { return texts[static_cast<qsizetype>(one)].compare(texts[static_cast<qsizetype>(other)], Qt::CaseInsensitive) < 0; });
    for (std::size_t place = 0; place < order.size(); ++place) {
        const bool isSame = place > 0 && texts[static_cast<qsizetype>(order[place])] == texts[static_cast<qsizetype>(order[place - 1])];
        ranks[order[place]] = isSame ? ranks[order[place - 1]] : place;
    }
    return ranks;
}

void sortRows(WindowListData &list, int column, Qt::SortOrder order, const CancelToken &cancel)
{
    const std::vector<std::size_t> recordings = ranksOf(list.recordings), subjects = ranksOf(list.subjects), devices = ranksOf(list.devices);
    const auto keyOf = [&](const WindowListRow &row) -> double {
        switch (column) {
        case WindowListModel::recording: return static_cast<double>(recordings[row.recording]);
        case WindowListModel::subject: return static_cast<double>(subjects[row.recording]);
        case WindowListModel::device: return static_cast<double>(devices[row.device]);
        case WindowListModel::label: return row.label;
        case WindowListModel::predicted: return row.predicted;
        case WindowListModel::confidence: return std::isfinite(row.confidence) ? row.confidence : -1;
        case WindowListModel::seed: return static_cast<double>(row.seed);
        case WindowListModel::run: return static_cast<double>(row.run);
        default: return 0; // start: below
        }
    };
    const bool isDown = order == Qt::DescendingOrder;
    cancel.throwIfCancelled();
    std::ranges::sort(list.rows, [&](const WindowListRow &one, const WindowListRow &other) {
        if (column == WindowListModel::start && one.startNs != other.startNs)
            return isDown ? one.startNs > other.startNs : one.startNs < other.startNs;
        const double a = keyOf(one), b = keyOf(other);
        if (a != b)
            return isDown ? a > b : a < b;
        return std::tuple(recordings[one.recording], one.startNs, one.window) < std::tuple(recordings[other.recording], other.startNs, other.window);
    });
}

} // namespace

ConfusionPanel::ConfusionPanel(JobFeed &feed, TaskRunner &runner, QWidget *parent)
    : QWidget(parent), m_feed(feed), m_parts(new QSplitter(Qt::Horizontal, this)), m_matrix(new ConfusionView), m_list(new WindowListView), m_about(new QLabel),
      m_show(new QPushButton(tr("Show in Inspect"))), m_empty(new QLabel(this)), m_cells(new ChoiceBox(tr("Cell of the study"), this)),
      m_seeds(new ChoiceBox(tr("Seed"), this)), m_plotFiles(new PlotFiles(runner, *this)), m_reading(runner, this), m_listing(runner, this)
{
    m_parts->setChildrenCollapsible(false);
    m_parts->setHandleWidth(1);
    auto *scroll = new QScrollArea(m_parts);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_matrix);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *right = new QWidget(m_parts);
    auto *rows = new QVBoxLayout(right);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(12, 4, 8, 4);
    head->addWidget(m_about, 1);
    head->addWidget(m_show);
    rows->addLayout(head);
    rows->addWidget(m_list, 1);
    m_about->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_show->setToolTip(tr("Opens the recording of the current row where the window lies  (Enter)"));
    m_parts->setStretchFactor(0, 1);
    m_parts->setStretchFactor(1, 1);
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setMargin(24);
    m_empty->setProperty("role", QStringLiteral("dim"));
    m_list->setEmptyText(tr("There are none."));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_empty, 1);
    column->addWidget(m_parts, 1);
    connect(&feed, &JobFeed::detailChanged, this, &ConfusionPanel::follow);
    connect(m_matrix, &ConfusionView::cellChosen, this, [this] { list(Renew::list); });
    connect(m_matrix, &ConfusionView::saveRequested, this, [this](PlotFormat format, double pixelRatio) { m_plotFiles->ask(m_matrix->figure(), m_name, format, pixelRatio); });
    connect(m_list, &WindowListView::sortRequested, this, [this] { list(Renew::list); });
    connect(m_list, &WindowListView::wanted, this, &ConfusionPanel::wantWindow);
    connect(m_show, &QPushButton::clicked, this, [this] {
        if (const WindowListRow *row = m_list->current())
            wantWindow(*row);
    });
    connect(m_seeds, &QComboBox::activated, this, [this] { list(Renew::all); });
    connect(m_cells, &QComboBox::activated, this, [this] { showCell(m_subject.job, m_cells->currentData().toLongLong()); });
    for (TaskLine *line : {&m_reading, &m_listing}) {
        line->onFailure([this](const QString &sentence, const QString &) { showNothing(sentence); });
        connect(line, &TaskLine::busyChanged, this, &ConfusionPanel::settledChanged);
    }
    read();
    follow();
}

void ConfusionPanel::fillHead(PanelHead &head)
{
    head.addControl(m_cells);
    head.addControl(m_seeds);
}

QString ConfusionPanel::emptyText() const { return m_empty->isHidden() ? QString() : m_empty->text(); }

void ConfusionPanel::showNothing(const QString &sentence)
{
    m_reading.drop();
    m_listing.drop();
    m_windows.reset();
    m_matrix->setData(nullptr);
    m_list->setRows(nullptr);
    m_seeds->hide();
    m_parts->hide();
    m_empty->setText(sentence);
    m_empty->show();
}

/** The job whose detail is shown is the one whose confusion is. */
void ConfusionPanel::follow()
{
    const std::shared_ptr<const RunDetailState> state = m_feed.detail();
    Subject subject;
    if (state) {
        const JobRow &job = state->detail.row;
        subject = {m_feed.project(), job.id, job.kind, job.state, {}};
        for (const JobRelative &child : state->detail.children) {
            if (child.role == Lineage::study)
                subject.runs.emplace_back(child.id, child.state);
        }
        m_name = jobName(job);
    }
    if (subject == m_subject)
        return;
    // Somebody went on to another job.
    if (m_wantedCell && m_wantedCell->first == m_subject.job && subject.job != m_subject.job)
        m_wantedCell.reset();
    m_subject = std::move(subject);
    read();
}

void ConfusionPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (std::exchange(m_isStale, false))
        read();
}

void ConfusionPanel::showCell(JobId study, std::int64_t cell)
{
    m_wantedCell = {study, cell};
    if (study == m_subject.job)
        read();
}

void ConfusionPanel::read()
{
    const bool isStudy = m_subject.kind == "study";
    m_cells->setVisible(isStudy && m_cells->count() > 1);
    if (m_subject.job == 0)
        return showNothing(tr("Choose a run to see what it took for what, and the windows behind each number."));
    if (!isStudy && m_subject.state != JobState::done)
        return showNothing(tr("The confusion of this run is there when it is done."));
    m_isStale = !isVisible();
    if (m_isStale)
        return;
    m_listing.drop();
    m_reading.ask<Outcome>(
        [subject = m_subject, wanted = m_wantedCell](const TaskContext &context, const std::function<void(Outcome)> &) {
            const JobStore store(subject.project);
            Outcome outcome;
            if (subject.kind != "study") {
                outcome.windows = std::make_shared<const TestedWindows>(testedWindowsOf(store, subject.job));
                return outcome;
            }
            for (const JobRow &run : store.runsOf(subject.job)) {
                const std::int64_t cell = run.cell.value_or(0);
                if (outcome.cells.empty() || outcome.cells.back().first != cell)
                    outcome.cells.emplace_back(cell, run.cellName.empty() ? tr("cell %1").arg(cell) : QString::fromStdString(run.cellName));
            }
            outcome.cell = wanted ? wanted->second : outcome.cells.empty() ? 0 : outcome.cells.front().first;
            outcome.windows = std::make_shared<const TestedWindows>(testedWindowsOfCell(store, subject.job, outcome.cell, context.cancel));
            return outcome;
        },
        [this](const Outcome &outcome) { take(outcome); });
}

void ConfusionPanel::take(const Outcome &outcome)
{
    m_cells->clear();
    for (const auto &[number, name] : outcome.cells)
        m_cells->addItem(name, static_cast<qlonglong>(number));
    m_cells->setCurrentIndex(std::max(0, m_cells->findData(static_cast<qlonglong>(outcome.cell))));
    m_cells->setVisible(outcome.cells.size() > 1);
    if (outcome.windows->windows.empty())
        return showNothing(outcome.cells.empty() ? tr("This run classifies nothing. A confusion needs the objective \u201csupervised\u201d and something to test on.")
                                                 : tr("There is nothing to pool yet: a seed counts when all its folds are done, and only runs that classify have a confusion."));
    const QVariant before = m_seeds->currentData();
    m_seeds->clear();
    m_seeds->addItem(tr("all %1 seeds").arg(outcome.windows->seeds.size()));
    for (const std::int64_t seed : outcome.windows->seeds)
        m_seeds->addItem(tr("seed %1").arg(seed), static_cast<qlonglong>(seed));
    m_seeds->setCurrentIndex(before.isValid() ? std::max(0, m_seeds->findData(before)) : 0);
    m_seeds->setVisible(outcome.windows->seeds.size() > 1);
    m_windows = outcome.windows;
    list(Renew::all);
}

void ConfusionPanel::list(Renew what)
{
    if (!m_windows)
        return;
    const QVariant chosenSeed = m_seeds->currentData();
    const std::optional<std::int64_t> seed = chosenSeed.isValid() ? std::optional<std::int64_t>(chosenSeed.toLongLong()) : std::nullopt;
    const ConfusionCell cell = what == Renew::all ? ConfusionCell{} : m_matrix->chosen();
    const int column = m_list->header()->sortIndicatorSection();
    const Qt::SortOrder order = m_list->header()->sortIndicatorOrder();
    const QString title = m_cells->count() > 1 ? m_name + QStringLiteral(", ") + m_cells->currentText() : m_name;
    m_listing.ask<Listing>(
        [windows = m_windows, seed, cell, column, order, what, title](const TaskContext &context, const std::function<void(Listing)> &) {
            Listing listing;
            if (what == Renew::all) {
                auto confusion = std::make_shared<ConfusionData>();
                confusion->title = seed ? title + tr(", seed %1").arg(*seed) : title;
                confusion->classes = textsOf(windows->classes);
                confusion->classification = windows->classification(seed);
                if (!seed && windows->seeds.size() > 1) {
                    double sum = 0;
                    for (const std::int64_t each : windows->seeds)
                        sum += windows->classification(each).macroF1;
                    listing.meanOfSeeds = sum / static_cast<double>(windows->seeds.size());
                }
                listing.confusion = std::move(confusion);
            }
            auto list = std::make_shared<WindowListData>();
            for (const TestedRecording &recording : windows->recordings) {
                list->recordings += QString::fromStdString(recording.name);
                list->subjects += QString::fromStdString(recording.subject);
            }
            list->devices = textsOf(windows->devices);
            list->classes = textsOf(windows->classes);
            list->lengthNs = windows->lengthNs;
            list->hasRuns = windows->runs > 1;
            for (std::size_t place = 0; place < windows->windows.size(); ++place) {
                const TestedWindow &each = windows->windows[place];
                if ((!seed || each.seed == *seed) && isListed(each, cell))
                    list->rows.push_back({static_cast<std::uint32_t>(place), each.recording, each.device, each.label, each.predicted, each.startNs, each.confidence, each.seed, each.run});
            }
            sortRows(*list, column, order, context.cancel);
            listing.found = list->rows.size();
            list->rows.resize(std::min(list->rows.size(), kMostListed));
            listing.list = std::move(list);
            return listing;
        },
        [this](const Listing &listing) { takeListing(listing); });
}

void ConfusionPanel::takeListing(const Listing &listing)
{
    m_empty->hide();
    m_parts->show();
    if (listing.confusion) {
        m_matrix->setData(listing.confusion);
        m_meanOfSeeds = listing.meanOfSeeds;
    }
    if (!std::exchange(m_isDivided, true)) {
        // All of the matrix can be seen where there is room, and the list keeps its part.
        const int wanted = std::clamp(m_matrix->minimumSizeHint().width() + 16, width() / 3, std::max(width() / 3, width() * 3 / 5));
        m_parts->setSizes({wanted, width() - wanted});
    }
    m_list->setRows(listing.list);
    QString about = confusionSentence(*m_matrix->data(), m_matrix->chosen());
    if (listing.found > listing.list->rows.size())
        about += QStringLiteral("   ") + tr("The first %1 are listed.").arg(listing.list->rows.size());
    if (m_meanOfSeeds)
        about += QStringLiteral("   ") + tr("macro-F1 of all %1 seeds together %2, mean of the seeds as in Run %3")
                                             .arg(m_windows->seeds.size())
                                             .arg(numberCellText(m_matrix->data()->classification.macroF1), numberCellText(*m_meanOfSeeds));
    m_about->setText(about);
    m_about->setToolTip(about);
    m_show->setEnabled(!listing.list->rows.empty());
}

void ConfusionPanel::wantWindow(const WindowListRow &row)
{
    if (!m_windows || row.window >= m_windows->windows.size())
        return;
    const TestedWindow &window = m_windows->windows[row.window];
    const TestedRecording &recording = m_windows->recordings[window.recording];
    Q_EMIT windowWanted({recording.id ? std::optional<qint64>(*recording.id) : std::nullopt, QString::fromStdString(recording.name), {window.startNs}, m_windows->lengthNs});
}

} // namespace kino
