#include "app/kinoscope/clocks/sound_player.h"

#include "app/kinoscope/clocks/sound_device.h"
#include "app/kinoscope/clocks/sound_feed.h"
#include "app/kinoscope/session.h"

#include <QCoreApplication>
#include <QLibrary>

#include <algorithm>

namespace kino {
namespace {

constexpr int kPatienceMs = 2000;

} // namespace

/** Owns the device on the sound's thread, and ends it there. */
class SoundPlayer::Output : public QObject {
public:
    std::unique_ptr<SoundDevice> device;
};

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
        withDevice([volume](SoundDevice &device) { device.setVolume(volume); });
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
    if (!m_output)
        makeOutput();
    followPlayhead();
    withDevice([feed = m_feed, volume = m_volume](SoundDevice &device) {
        device.setVolume(volume);
        device.start({[feed] { return feed->waitForRate(kPatienceMs); }, [feed](std::span<float> samples, Nanos heardAtNs) { feed->fill(samples, heardAtNs); }});
    });
    Q_EMIT changed();
}

void SoundPlayer::withDevice(std::function<void(SoundDevice &)> work)
{
    QMetaObject::invokeMethod(m_output, [output = m_output, work = std::move(work)] {
        if (output->device)
            work(*output->device);
    });
}

/** The module is loaded on the sound's thread: that takes longer than a handler may. */
void SoundPlayer::makeOutput()
{
    m_output = new Output;
    m_output->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_output, &QObject::deleteLater);
    m_thread.start();
    // From the sound's thread; dropped where this is gone by then.
    const auto tell = [this](const QString &trouble) {
        QMetaObject::invokeMethod(this, [this, trouble] {
            m_trouble = trouble;
            m_isSounding = trouble.isEmpty() && m_isWanted;
            Q_EMIT changed();
        });
    };
    QMetaObject::invokeMethod(m_output, [output = m_output, tell] {
        QLibrary module(QCoreApplication::applicationDirPath() + QLatin1Char('/') + QLatin1String(kSoundModule));
        auto *make = reinterpret_cast<MakeSoundDevice *>(module.resolve(kMakeSoundDevice));
        if (!make) {
            tell(tr("%1 could not be loaded.").arg(QLatin1String(kSoundModule)));
            return;
        }
        output->device.reset(make());
        output->device->onStarted = [tell] { tell({}); };
        output->device->onFailed = tell;
    });
}

void SoundPlayer::stop()
{
    m_isWanted = false;
    m_isSounding = false;
    m_feed->pause();
    withDevice([](SoundDevice &device) { device.stop(); });
}

void SoundPlayer::followPlayhead()
{
    if (!m_isWanted || !track())
        return;
    const ClockMap<VideoClock> &clock = track()->clock;
    m_feed->follow(clock.toOwn(m_session.playhead()), steadyNowNs(), 1 / (1 + clock.driftPpm * 1e-6));
}

} // namespace kino
