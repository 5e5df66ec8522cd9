// Lets the sound of the video that is shown be heard while it plays forward at 1×. Devices are looked for when there is
// something to be heard for the first time, on the sound's own thread: the window starts without them. GUI thread.
#pragma once

#include "core/base/time.h"

#include <QObject>
#include <QString>
#include <QThread>

#include <filesystem>
#include <functional>
#include <memory>

namespace kino {

class Session;
class SoundDevice;
class SoundFeed;
struct VideoTrack;

class SoundPlayer : public QObject {
    Q_OBJECT

public:
    explicit SoundPlayer(Session &session, QObject *parent = nullptr);
    /** Ends the sound and waits for its thread. */
    ~SoundPlayer() override;

    bool isMuted() const { return m_isMuted; }
    void setMuted(bool muted);
    /** 0 to 1, as loud as it is felt. */
    double volume() const { return m_volume; }
    void setVolume(double volume);
    /** Whether the video that is shown has sound. */
    bool hasSound() const;
    /** What a person should know: why nothing is heard, or when it will be. */
    QString explanation() const;
    /** A device takes samples now. */
    bool isSounding() const { return m_isSounding; }

Q_SIGNALS:
    void changed();

private:
    const VideoTrack *track() const;
    void update();
    void followPlayhead();
    void stop();
    void makeOutput();
    /** On the sound's thread, with the device, once there is one. */
    void withDevice(std::function<void(SoundDevice &)> work);

    Session &m_session;
    bool m_isMuted = false;
    double m_volume = 1;
    QString m_trouble; // of the device
    bool m_isSounding = false;
    bool m_isWanted = false;
    std::filesystem::path m_path;
    std::shared_ptr<SoundFeed> m_feed; // of m_path; shared with the output
    QThread m_thread;
    class Output;
    Output *m_output = nullptr; // lives on m_thread
};

} // namespace kino
