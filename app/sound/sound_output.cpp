// The module that knows Qt Multimedia: plays what it is given on the system's usual device.
#include "app/kinoscope/clocks/sound_device.h"

#include <QAudio>
#include <QAudioDevice>
#include <QAudioFormat>
#include <QAudioSink>
#include <QCoreApplication>
#include <QIODevice>
#include <QMediaDevices>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace kino {
namespace {

/** Enough for a busy machine; what is due is decided when it is asked for, so a longer one would not lag. */
constexpr int kBufferMs = 120;

QString say(const char *text) { return QCoreApplication::translate("SoundOutput", text); }

/** Endless: where there is nothing, it is silent. */
class Stream : public QIODevice {
public:
    Stream(SoundDevice::Source source, const QAudioFormat &format) : m_source(std::move(source)), m_format(format) { open(QIODevice::ReadOnly); }

    void setSink(const QAudioSink *sink) { m_sink = sink; }
    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override { return m_format.bytesForDuration(1'000'000) + QIODevice::bytesAvailable(); }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const auto frames = static_cast<std::size_t>(most / m_format.bytesPerFrame());
        if (frames == 0)
            return 0;
        // What waits in the device is heard before it.
        const qsizetype waiting = m_sink ? std::max<qsizetype>(0, m_sink->bufferSize() - m_sink->bytesFree()) : 0;
        m_mono.resize(frames);
        m_source.fill(m_mono, steadyNowNs() + m_format.durationForBytes(static_cast<qint32>(waiting)) * kNanosPerMicrosecond);
        auto *out = reinterpret_cast<qint16 *>(data);
        for (const float value : m_mono) {
            const auto sample = static_cast<qint16>(std::lround(std::clamp(value, -1.0F, 1.0F) * 32767));
            for (int channel = 0; channel < m_format.channelCount(); ++channel)
                *out++ = sample;
        }
        return static_cast<qint64>(frames) * m_format.bytesPerFrame();
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    SoundDevice::Source m_source;
    QAudioFormat m_format;
    const QAudioSink *m_sink = nullptr;
    std::vector<float> m_mono;
};

class SoundOutput : public SoundDevice {
public:
    ~SoundOutput() override { endSink(); }

    void start(Source source) override
    {
        endSink();
        // Kept: without one that lives, devices that come and go are not noticed.
        if (!m_devices)
            m_devices = std::make_unique<QMediaDevices>();
        const QAudioDevice device = QMediaDevices::defaultAudioOutput();
        if (device.isNull()) {
            onFailed(say("No sound device was found."));
            return;
        }
        const int rateHz = source.rateHz();
        if (rateHz == 0) {
            onFailed(say("The sound of this video cannot be read."));
            return;
        }
        QAudioFormat format;
        format.setSampleRate(rateHz);
        format.setSampleFormat(QAudioFormat::Int16);
        format.setChannelCount(1);
        if (!device.isFormatSupported(format))
            format.setChannelCount(2);
        if (!device.isFormatSupported(format)) {
            onFailed(say("%1 cannot play %2 Hz.").arg(device.description()).arg(rateHz));
            return;
        }
        m_stream = std::make_unique<Stream>(std::move(source), format);
        m_sink = std::make_unique<QAudioSink>(device, format);
        m_sink->setBufferSize(format.bytesForDuration(kBufferMs * 1000));
        m_stream->setSink(m_sink.get());
        setVolume(m_volume);
        QObject::connect(m_sink.get(), &QAudioSink::stateChanged, m_sink.get(), [this, name = device.description()](QAudio::State state) {
            if (state == QAudio::StoppedState && m_sink && m_sink->error() != QAudio::NoError)
                onFailed(say("%1 stopped playing.").arg(name));
        });
        m_sink->start(m_stream.get());
        if (m_sink->error() != QAudio::NoError)
            onFailed(say("%1 cannot be opened.").arg(device.description()));
        else
            onStarted();
    }

    void stop() override { endSink(); }

    void setVolume(double volume) override
    {
        m_volume = volume;
        if (m_sink)
            m_sink->setVolume(QAudio::convertVolume(volume, QAudio::LogarithmicVolumeScale, QAudio::LinearVolumeScale));
    }

private:
    void endSink()
    {
        if (!m_sink)
            return;
        m_sink->disconnect();
        m_sink->stop();
        m_sink.reset();
        m_stream.reset();
    }

    std::unique_ptr<QMediaDevices> m_devices;
    std::unique_ptr<Stream> m_stream;
    std::unique_ptr<QAudioSink> m_sink;
    double m_volume = 1;
};

} // namespace
} // namespace kino

extern "C" Q_DECL_EXPORT kino::SoundDevice *kinoMakeSoundDevice() { return new kino::SoundOutput; }
