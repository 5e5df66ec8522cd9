#include "app/kinoscope/clocks/point_guide.h"

#include "app/kinoscope/session.h"
#include "core/base/error.h"

namespace kino {
namespace {

constexpr std::size_t kMostPoints = 2;

} // namespace

PointGuide::PointGuide(Session &session, ClockSetter &setter, QObject *parent) : QObject(parent), m_session(session), m_setter(setter)
{
    connect(&session, &Session::recordingChanged, this, &PointGuide::cancel);
    connect(&setter, &ClockSetter::changed, this, [this] {
        if (!isOn())
            return;
        // Points of one thing mean nothing for another; with the same one, own instants stay right when it is nudged.
        if (m_setter.target() != m_target)
            cancel();
        else
            Q_EMIT changed();
    });
}

void PointGuide::start()
{
    const std::optional<ClockState> now = m_setter.state();
    if (!now)
        return;
    m_target = m_setter.target();
    m_points.clear();
    m_pending.reset();
    if (now->evidence && now->evidence->method == ClockMethod::onePoint)
        m_points = now->evidence->points;
    m_session.setPlaying(false);
    setStage(Stage::shown);
}

void PointGuide::take()
{
    const std::optional<ClockState> now = m_setter.state();
    if (!now)
        return;
    if (m_stage == Stage::shown) {
        m_pending = now->map<DeviceClock>().toOwn(m_session.playhead());
        setStage(Stage::truly);
    } else if (m_stage == Stage::truly) {
        m_points.push_back({m_pending->ns, m_session.playhead()});
        m_pending.reset();
        setStage(m_points.size() < kMostPoints ? Stage::shown : Stage::complete);
    }
}

void PointGuide::takeBack()
{
    if (m_pending) {
        m_pending.reset();
        setStage(Stage::shown);
    } else if (!m_points.empty()) {
        m_points.pop_back();
        setStage(Stage::shown);
    }
}

void PointGuide::cancel()
{
    if (!isOn())
        return;
    m_points.clear();
    m_pending.reset();
    setStage(Stage::off);
}

std::optional<RecordingTime> PointGuide::pending() const
{
    const std::optional<ClockState> now = m_setter.state();
    return now && m_pending ? std::optional(now->map<DeviceClock>().toRecording(*m_pending)) : std::nullopt;
}

std::optional<ClockState> PointGuide::result() const
{
    const std::optional<ClockState> now = m_setter.state();
    if (!now || m_points.empty())
        return std::nullopt;
    try {
        return clockThroughPoints(*now, m_points, wallClockNowNs());
    } catch (const Error &) {
        return std::nullopt;
    }
}

QString PointGuide::problem() const
{
    const std::optional<ClockState> now = m_setter.state();
    if (!now || m_points.empty())
        return {};
    try {
        clockThroughPoints(*now, m_points, wallClockNowNs());
        return {};
    } catch (const Error &error) {
        QString sentence = QString::fromStdString(error.sentence());
        sentence[0] = sentence[0].toUpper();
        return sentence + QLatin1Char('.');
    }
}

void PointGuide::apply()
{
    const std::optional<ClockState> after = result();
    if (!after)
        return;
    const QString name = QString::fromStdString(m_target->name);
    const QString what = m_points.size() == 1 ? tr("Set clock of %1 by a point").arg(name) : tr("Set clock of %1 by two points").arg(name);
    // Off first: what follows from the new clock is no change of the points.
    cancel();
    m_setter.set(*after, what);
}

QString PointGuide::instruction() const
{
    if (!isOn())
        return {};
    const QString name = QString::fromStdString(m_target->name);
    switch (m_stage) {
    case Stage::shown:
        return m_points.empty() ? tr("Go to an instant as %1 shows it: a clap, a tap, a first step. Click near a mark to snap to it, or go frame by frame with \u2190 \u2192.").arg(name)
                                : tr("Apply sets the offset. For the drift, go to another instant as %1 shows it, as far from the first as you can.").arg(name);
    case Stage::truly: return tr("Now go to the same instant as the others show it: that is when it really happened.");
    case Stage::complete: return tr("Two points give offset and drift.");
    case Stage::off: break;
    }
    return {};
}

std::vector<TimelinePin> PointGuide::pins() const
{
    std::vector<TimelinePin> pins;
    const std::optional<ClockState> now = m_setter.state();
    if (!isOn() || !now)
        return pins;
    const ClockMap<DeviceClock> clock = now->map<DeviceClock>();
    for (std::size_t point = 0; point < m_points.size(); ++point) {
        pins.push_back({clock.toRecording({m_points[point].ownNs}), tr("%1 here").arg(point + 1)});
        pins.push_back({m_points[point].recording, tr("%1 truly").arg(point + 1)});
    }
    if (m_pending)
        pins.push_back({clock.toRecording(*m_pending), tr("%1 here").arg(m_points.size() + 1)});
    return pins;
}

void PointGuide::setStage(Stage stage)
{
    m_stage = stage;
    Q_EMIT changed();
}

} // namespace kino
