#include "app/kinoscope/clocks/sound_output.h"

#include <QAudio>
#include <QAudioDevice>
#include <QAudioFormat>
#include <QAudioSink>
#include <QIODevice>
#include <QMediaDevices>

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr int kPatienceMs = 2000;
/** Enough for a busy machine; what is due is decided when it is asked for, so a longer one would not lag. */
constexpr int kBufferMs = 120;

} // namespace

/** Endless: where the feed has nothing, it is silent. */
class SoundOutput::Source : public QIODevice {
public:
    Source(std::shared_ptr<SoundFeed> feed, const QAudioFormat &format) : m_feed(std::move(feed)), m_format(format) { open(QIODevice::ReadOnly); }

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
        m_feed->fill(m_mono, steadyNowNs() + m_format.durationForBytes(static_cast<qint32>(waiting)) * kNanosPerMicrosecond);
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
    std::shared_ptr<SoundFeed> m_feed;
    QAudioFormat m_format;
    const QAudioSink *m_sink = nullptr;
    std::vector<float> m_mono;
};

SoundOutput::SoundOutput() = default;

SoundOutput::~SoundOutput() { stop(); }

void SoundOutput::start(const std::shared_ptr<SoundFeed> &feed)
{
    stop();
    // Kept: without one that lives, devices that come and go are not noticed.
    if (!m_devices)
        m_devices = std::make_unique<QMediaDevices>();
    const QAudioDevice device = QMediaDevices::defaultAudioOutput();
    if (device.isNull()) {
        Q_EMIT failed(tr("No sound device was found."));
        return;
    }
    const int rateHz = feed->waitForRate(kPatienceMs);
    if (rateHz == 0) {
        Q_EMIT failed(tr("The sound of this video cannot be read."));
        return;
    }
    QAudioFormat format;
    format.setSampleRate(rateHz);
    format.setSampleFormat(QAudioFormat::Int16);
    format.setChannelCount(1);
    if (!device.isFormatSupported(format))
        format.setChannelCount(2);
    if (!device.isFormatSupported(format)) {
        Q_EMIT failed(tr("%1 cannot play %2 Hz.").arg(device.description()).arg(rateHz));
        return;
    }
    m_source = std::make_unique<Source>(feed, format);
    m_sink = std::make_unique<QAudioSink>(device, format);
    m_sink->setBufferSize(format.bytesForDuration(kBufferMs * 1000));
    m_source->setSink(m_sink.get());
    setVolume(m_volume);
    connect(m_sink.get(), &QAudioSink::stateChanged, this, [this, name = device.description()](QAudio::State state) {
        if (state == QAudio::StoppedState && m_sink && m_sink->error() != QAudio::NoError)
            Q_EMIT failed(tr("%1 stopped playing.").arg(name));
    });
    m_sink->start(m_source.get());
    if (m_sink->error() != QAudio::NoError)
        Q_EMIT failed(tr("%1 cannot be opened.").arg(device.description()));
    else
        Q_EMIT started();
}

void SoundOutput::stop()
{
    if (!m_sink)
        return;
    m_sink->disconnect(this);
    m_sink->stop();
    m_sink.reset();
    m_source.reset();
}

void SoundOutput::setVolume(double volume)
{
    m_volume = volume;
    if (m_sink)
        m_sink->setVolume(QAudio::convertVolume(volume, QAudio::LogarithmicVolumeScale, QAudio::LinearVolumeScale));
}

} // namespace kino
