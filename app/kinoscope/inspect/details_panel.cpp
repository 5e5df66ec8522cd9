#include "app/kinoscope/inspect/details_panel.h"

#include "app/kinoscope/inspect/quality_places.h"
#include "app/kinoscope/inspect/recording_facts.h"
#include "app/kinoscope/session.h"
#include "core/signal/quality.h"

#include <QVBoxLayout>

#include <cmath>

namespace kino {
namespace {

constexpr std::size_t kMostReportRows = 200;
constexpr int kFollowEditsMs = 250;
/** A gap that is gone to is shown with this many times its length around it. */
constexpr Nanos kAroundPlace = 8;
constexpr Nanos kLeastAroundPlace = 2 * kNanosPerSecond;
/** Smaller spreads are written with an exponent. */
constexpr double kFinestResolution = 1e-4;

/** Mean and range by the function behind `kino inspect`. */
DetailRow axisStatistics(const LaneData &lane, std::size_t axis, std::size_t begin, std::size_t end, const CancelToken &cancel)
{
    const std::span<const float> values = std::span<const float>(lane.values[axis]).subspan(begin, end - begin);
    cancel.throwIfCancelled();
    const AxisStatistics statistics = computeAxisStatistics(values);
    const std::size_t count = values.size() - statistics.nan;
    const QString name = lane.axes.value(static_cast<int>(axis), QString::number(axis));
    DetailRow row{name, {}, Mark::none, name, {}, false, false};
    if (count == 0) {
        row.values = {QStringLiteral("\u2013"), QStringLiteral("\u2013"), QStringLiteral("\u2013")};
        return row;
    }
    const double mean = statistics.mean;
    const double deviation = computeStandardDeviation(values, mean, cancel);
    // Digits as far as the spread makes them mean something.
    const double resolution = deviation > 0 ? std::pow(10, std::floor(std::log10(deviation)) - 1) : 0;
    for (const double value : {mean, deviation, statistics.max - statistics.min})
        row.values += resolution >= kFinestResolution ? valueText(value, std::min(1.0, resolution)) : valueText(value);
    return row;
}

std::vector<DetailSection> selectionSections(const std::vector<std::shared_ptr<const LaneData>> &lanes, TimeRange selection, const CancelToken &cancel)
{
    std::vector<DetailSection> sections;
    const auto seconds = [](RecordingTime time) { return valueText(toSeconds(time.ns), 0.01); };
    DetailSection whole{QStringLiteral("Selection %1 \u2013 %2 s").arg(seconds(selection.start), seconds(selection.end)), {}};
    const bool severalDevices = std::ranges::any_of(lanes, [&](const auto &lane) { return lane->device != lanes.front()->device; });
    QString device;
    for (const auto &lane : lanes) {
        const auto [begin, end] = lane->samplesIn(selection);
        if (severalDevices && lane->device != device) {
            device = lane->device;
            whole.rows.push_back({device, {}, Mark::none, {}, {}, true, false});
        }
        whole.rows.push_back({lane->title + QStringLiteral("  ") + lane->unit, {QStringLiteral("%1 samples").arg(end - begin)}, Mark::none, {}, lane->id, false, false});
        whole.rows.back().shortValue = QString::number(end - begin);
        whole.rows.push_back({{}, {QStringLiteral("mean"), QStringLiteral("std"), QStringLiteral("range")}, Mark::none, {}, {}, true, false});
        for (std::size_t axis = 0; axis < lane->values.size(); ++axis)
            whole.rows.push_back(axisStatistics(*lane, axis, begin, end, cancel));
    }
    sections.push_back(std::move(whole));
    return sections;
}

} // namespace

DetailsPanel::DetailsPanel(Session &session, TaskRunner &runner, QWidget *parent)
    : QWidget(parent), m_session(session), m_line(runner, this), m_view(new DetailsView(this))
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    connect(&session, &Session::recordingChanged, this, &DetailsPanel::showRecording);
    // While somebody labels or moves a clock, the facts follow at leisure.
    m_followEdits.setSingleShot(true);
    m_followEdits.setInterval(kFollowEditsMs);
    connect(&m_followEdits, &QTimer::timeout, this, &DetailsPanel::showRecording);
    connect(&session, &Session::labelsChanged, &m_followEdits, qOverload<>(&QTimer::start));
    connect(&session, &Session::clocksChanged, &m_followEdits, qOverload<>(&QTimer::start));
    connect(&session, &Session::factsChanged, this, &DetailsPanel::showRecording);
    connect(&session, &Session::selectionChanged, this, &DetailsPanel::askStatistics);
    connect(&session, &Session::lanesArranged, this, &DetailsPanel::askStatistics);
    connect(m_view, &DetailsView::rowActivated, this, &DetailsPanel::goTo);
    showRecording();
}

void DetailsPanel::goTo(const QString &target)
{
    const std::optional<QualityMark> mark = qualityMarkFromName(target);
    const std::optional<TimeRange> place = mark ? nextPlace(m_session.lanes(), *mark, m_session.playhead()) : std::nullopt;
    if (!place)
        return;
    m_session.setPlayhead(place->start);
    const TimeRange visible = m_session.visibleRange();
    const Nanos wanted = std::max(kLeastAroundPlace, kAroundPlace * place->duration());
    // As near as it takes to see it; who is nearer already stays so.
    if (const Nanos length = std::min(visible.duration(), wanted); length < visible.duration() || !visible.contains(place->start)) {
        const RecordingTime middle = length >= wanted ? place->start + place->duration() / 2 : place->start;
        m_session.setVisibleRange({middle - length / 2, middle - length / 2 + length});
    }
}

void DetailsPanel::showRecording()
{
    m_facts.clear();
    const OpenRecording &open = m_session.open();
    if (open.recording && open.overview) {
        m_facts.push_back(factsSection(*open.recording, *open.overview));
        if (DetailSection quality = qualitySection(*open.recording, *open.overview); !quality.rows.empty())
            m_facts.push_back(std::move(quality));
        m_factsBeforeSelection = m_facts.size();
        if (DetailSection report = reportSection(*open.recording, kMostReportRows); !report.rows.empty())
            m_facts.push_back(std::move(report));
    } else {
        m_facts.push_back({{}, {{tr("Rates, quality and the import report of the chosen recording appear here."), {}, Mark::none, {}, {}, false, true}}});
    }
    askStatistics();
    compose();
}

void DetailsPanel::askStatistics()
{
    const std::optional<TimeRange> selection = m_session.selection();
    if (!selection) {
        m_line.drop();
        if (!m_selected.empty()) {
            m_selected.clear();
            compose();
        }
        return;
    }
    using Sections = std::vector<DetailSection>;
    std::vector<std::shared_ptr<const LaneData>> lanes = m_session.arrangedLanes().shown;
    std::erase_if(lanes, [](const auto &lane) { return lane->kind == LaneKind::sound; });
    m_line.ask<Sections>([lanes, range = *selection](const TaskContext &context, const std::function<void(Sections)> &) { return selectionSections(lanes, range, context.cancel); },
                         [this](const Sections &sections) {
                             m_selected = sections;
                             compose();
                         },
                         WhenBusy::letFinish);
}

void DetailsPanel::compose()
{
    std::vector<DetailSection> all;
    // Facts and quality, then what is selected; the report may be long and comes last.
    const std::size_t before = std::min(m_factsBeforeSelection, m_facts.size());
    all.insert(all.end(), m_facts.begin(), m_facts.begin() + static_cast<std::ptrdiff_t>(before));
    all.insert(all.end(), m_selected.begin(), m_selected.end());
    all.insert(all.end(), m_facts.begin() + static_cast<std::ptrdiff_t>(before), m_facts.end());
    m_view->setSections(std::move(all));
}

} // namespace kino
