#include "app/kinoscope/play_clock.h"

#include "app/kinoscope/session.h"

#include <cmath>

namespace kino {
namespace {

constexpr int kTickMs = 16;

} // namespace

PlayClock::PlayClock(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kTickMs);
    connect(&m_timer, &QTimer::timeout, this, &PlayClock::tick);
    connect(&session, &Session::playingChanged, this, [this] {
        anchor();
        if (m_session.isPlaying())
            m_timer.start();
        else
            m_timer.stop();
    });
    connect(&session, &Session::speedChanged, this, &PlayClock::anchor);
    // Somebody else moved the playhead: time goes on from there.
    connect(&session, &Session::playheadChanged, this, [this] {
        if (!m_isTicking)
            anchor();
    });
}

void PlayClock::anchor()
{
    m_anchor = m_session.playhead();
    m_elapsed.start();
}

void PlayClock::tick()
{
    const double passed = static_cast<double>(m_elapsed.nsecsElapsed()) * m_session.speed();
    const RecordingTime before = m_session.playhead();
    RecordingTime now = m_anchor + std::llround(passed);
    // Who starts outside the loop plays on until it is reached; then it repeats.
    const std::optional<TimeRange> loop = m_session.loop();
    const bool passesEnd = loop && m_session.speed() > 0 && before < loop->end && now >= loop->end;
    const bool passesStart = loop && m_session.speed() < 0 && before >= loop->start && now < loop->start;
    if (passesEnd || passesStart) {
        const Nanos beyond = passesEnd ? (now - loop->end) % loop->duration() : -((loop->start - now) % loop->duration());
        now = passesEnd ? loop->start + beyond : loop->end + beyond;
        m_anchor = now;
        m_elapsed.start();
    }
    m_isTicking = true;
    m_session.setPlayhead(now);
    m_session.followPlayhead();
    m_isTicking = false;
    const bool isOver = m_session.speed() > 0 ? m_session.playhead() >= m_session.bounds().end
                                              : m_session.playhead() <= m_session.bounds().start;
    if (isOver)
        m_session.setPlaying(false);
}

} // namespace kino
