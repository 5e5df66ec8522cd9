#include "app/kinoscope/timeline_panel.h"

#include "app/kinoscope/session.h"

#include <QVBoxLayout>

namespace kino {

TimelinePanel::TimelinePanel(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_view(new TimelineView(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);

    connect(&session, &Session::recordingChanged, this, &TimelinePanel::showRecording);
    connect(&session, &Session::lanesChanged, this, [this] { m_view->setLanes(m_session.lanes()); });
    connect(&session, &Session::visibleRangeChanged, this, [this] { m_view->setVisibleRange(m_session.visibleRange()); });
    connect(&session, &Session::playheadChanged, this, [this] { m_view->setPlayhead(m_session.playhead()); });
    connect(&session, &Session::selectionChanged, this, [this] { m_view->setSelection(m_session.selection()); });

    connect(m_view, &TimelineView::visibleRangeRequested, &session, &Session::setVisibleRange);
    connect(m_view, &TimelineView::playheadRequested, &session, &Session::setPlayhead);
    connect(m_view, &TimelineView::selectionRequested, &session, &Session::setSelection);
    connect(m_view, &TimelineView::fitRequested, &session, &Session::fit);
    connect(m_view, &TimelineView::playToggleRequested, this, &TimelinePanel::playToggleRequested);
    showRecording();
}

void TimelinePanel::showRecording()
{
    const Recording *recording = m_session.recording();
    std::vector<std::shared_ptr<const TierData>> tiers;
    bool hasStreams = false;
    if (recording) {
        for (const AnnotationTier &tier : recording->tiers)
            tiers.push_back(buildTier(tier));
        for (const Device &device : recording->devices)
            hasStreams = hasStreams || std::ranges::any_of(device.streams, [](const ImuStream &stream) { return stream.samples() > 0; });
    }
    m_view->setLanes({});
    m_view->setTiers(std::move(tiers));
    m_view->setBounds(m_session.bounds());
    m_view->setVisibleRange(m_session.visibleRange());
    m_view->setPlayhead(recording ? std::optional(m_session.playhead()) : std::nullopt);
    m_view->setSelection(m_session.selection());
    if (!recording)
        m_view->setMessage(tr("Signals and labels of the chosen recording appear here."));
    else
        m_view->setMessage(hasStreams ? tr("Preparing signals\u2026") : tr("This recording has no signals."));
}

} // namespace kino
