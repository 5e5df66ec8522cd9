#include "app/kinoscope/clocks/sound_player.h"

#include "app/kinoscope/clocks/sound_output.h"
#include "app/kinoscope/session.h"

#include <algorithm>

namespace kino {

SoundPlayer::SoundPlayer(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_thread.setObjectName(QStringLiteral("sound"));
    connect(&session, &Session::playingChanged, this, &SoundPlayer::update);
    connect(&session, &Session::speedChanged, this, &SoundPlayer::update);
    connect(&session, &Session::videoChanged, this, [this] { // with every recording, too
        update();
        Q_EMIT changed();
    });
    connect(&session, &Session::clocksChanged, this, &SoundPlayer::followPlayhead);
    connect(&session, &Session::playheadChanged, this, &SoundPlayer::followPlayhead);
}

SoundPlayer::~SoundPlayer()
{
    m_thread.quit();
    m_thread.wait();
}

const VideoTrack *SoundPlayer::track() const
{
    const Recording *recording = m_session.recording();
    return recording && m_session.video() < recording->videos.size() ? &recording->videos[m_session.video()] : nullptr;
}

bool SoundPlayer::hasSound() const { return track() && track()->hasAudio; }

QString SoundPlayer::explanation() const
{
    if (!hasSound())
        return tr("No sound: there is no video with sound");
    if (!m_trouble.isEmpty())
        return tr("No sound: %1 Playing again tries again.").arg(m_trouble);
    if (m_isMuted)
        return tr("Sound is off");
    if (m_session.speed() != 1)
        return tr("Sound is heard at 1\u00d7 only");
    return tr("Sound, %1 %; the wheel makes it louder").arg(qRound(m_volume * 100));
}

void SoundPlayer::setMuted(bool muted)
{
    if (muted == m_isMuted)
        return;
    m_isMuted = muted;
    update();
    Q_EMIT changed();
}

void SoundPlayer::setVolume(double volume)
{
    volume = std::clamp(volume, 0.0, 1.0);
    if (volume == m_volume)
        return;
    m_volume = volume;
    if (m_output)
        QMetaObject::invokeMethod(m_output, [output = m_output, volume] { output->setVolume(volume); });
    Q_EMIT changed();
}

void SoundPlayer::update()
{
    const bool isWanted = m_session.isPlaying() && m_session.speed() == 1 && hasSound() && !m_isMuted;
    const bool isOther = isWanted && m_feed && m_path != track()->path;
    if (m_isWanted && (!isWanted || isOther))
        stop();
    if (!isWanted || m_isWanted) {
        Q_EMIT changed();
        return;
    }
    m_isWanted = true;
    if (!m_feed || isOther) {
        m_path = track()->path;
        m_feed = std::make_shared<SoundFeed>([path = m_path](VideoTime from, VideoTime to, const CancelToken &cancel) { return readAudio(path, from, to, cancel); });
    }
    if (!m_output) {
        m_output = new SoundOutput;
        m_output->moveToThread(&m_thread);
        connect(&m_thread, &QThread::finished, m_output, &QObject::deleteLater);
        connect(m_output, &SoundOutput::started, this, [this] {
            m_trouble.clear();
            m_isSounding = m_isWanted;
            Q_EMIT changed();
        });
        connect(m_output, &SoundOutput::failed, this, [this](const QString &sentence) {
            m_trouble = sentence;
            m_isSounding = false;
            Q_EMIT changed();
        });
        m_thread.start();
    }
    followPlayhead();
    QMetaObject::invokeMethod(m_output, [output = m_output, feed = m_feed, volume = m_volume] {
        output->setVolume(volume);
        output->start(feed);
    });
    Q_EMIT changed();
}

void SoundPlayer::stop()
{
    m_isWanted = false;
    m_isSounding = false;
    m_feed->pause();
    QMetaObject::invokeMethod(m_output, [output = m_output] { output->stop(); });
}

void SoundPlayer::followPlayhead()
{
    if (!m_isWanted || !track())
        return;
    const ClockMap<VideoClock> &clock = track()->clock;
    m_feed->follow(clock.toOwn(m_session.playhead()), steadyNowNs(), 1 / (1 + clock.driftPpm * 1e-6));
}

} // namespace kino
