#include "app/kinoscope/inspect/transport_panel.h"

#include "app/kinoscope/session.h"

namespace kino {

TransportPanel::TransportPanel(Session &session, const Actions &actions, QWidget *parent)
    : TransportBar(actions, parent), m_session(session)
{
    connect(&session, &Session::recordingChanged, this, &TransportPanel::showPlayhead);
    connect(&session, &Session::playheadChanged, this, &TransportPanel::showPlayhead);
    connect(&session, &Session::videoClockworkChanged, this, &TransportPanel::showPlayhead);
    connect(&session, &Session::lanesChanged, this, &TransportPanel::showPlayhead);
    connect(&session, &Session::clocksChanged, this, &TransportPanel::showPlayhead);
    connect(&session, &Session::speedChanged, this, [this] { setSpeed(m_session.speed()); });
    connect(&session, &Session::followChanged, this, [this] { setFollow(static_cast<int>(m_session.follow())); });
    connect(this, &TransportBar::speedRequested, &session, &Session::setSpeed);
    connect(this, &TransportBar::followRequested, &session, [this](int index) { m_session.setFollow(static_cast<FollowMode>(index)); });
    showPlayhead();
}

void TransportPanel::showPlayhead()
{
    setTimes(m_session.playhead(), m_session.bounds().end);
    setEnabled(m_session.recording() != nullptr);
    QStringList parts;
    if (m_session.videoClockwork()) {
        const std::optional<std::size_t> frame = m_session.frameAtPlayhead();
        parts += frame ? tr("frame %1").arg(*frame) : tr("no footage");
    }
    if (!m_session.streamLanes().empty()) {
        const LaneData &lane = *m_session.streamLanes().front();
        if (const std::optional<std::size_t> sample = lane.sampleAt(m_session.playhead())) {
            for (std::size_t axis = 0; axis < std::min<std::size_t>(lane.values.size(), 4); ++axis)
                parts += lane.axes.value(static_cast<int>(axis)) + QLatin1Char(' ') + valueText(lane.values[axis][*sample], lane.resolution);
            parts.back() += QLatin1Char(' ') + lane.unit;
        }
    }
    setReadout(parts.join(QStringLiteral("   ")));
}

} // namespace kino
