// A device that plays what a SoundFeed gives. Lives on the sound's own thread, where devices may take their time; call its
// slots through the event loop.
#pragma once

#include "app/kinoscope/clocks/sound_feed.h"

#include <QObject>

#include <memory>

class QAudioSink;
class QMediaDevices;

namespace kino {

class SoundOutput : public QObject {
    Q_OBJECT

public:
    SoundOutput();
    ~SoundOutput() override;

    /** started(), or failed() with a sentence, follows. */
    void start(const std::shared_ptr<SoundFeed> &feed);
    void stop();
    void setVolume(double volume);

Q_SIGNALS:
    void started();
    void failed(const QString &sentence);

private:
    class Source;

    std::unique_ptr<QMediaDevices> m_devices;
    std::unique_ptr<Source> m_source;
    std::unique_ptr<QAudioSink> m_sink;
    double m_volume = 1;
};

} // namespace kino
