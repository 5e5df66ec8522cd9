#include "core/media/audio.h"

#include "core/media/audio_decoder.h"

#include <limits>

namespace kino {
namespace {

// A longer hole in the sound is a damaged time stamp.
constexpr double kLongestGapSeconds = 3600;
constexpr Nanos kLongestRead = 600 * kNanosPerSecond;
constexpr float kSilence = std::numeric_limits<float>::quiet_NaN();

/** Takes samples one after the other and keeps their envelope in bounded memory, halving its resolution when full. */
class EnvelopeBuilder {
public:
    void add(float sample)
    {
        if (m_binSamples == 0) {
            m_values.push_back(sample);
            if (m_values.size() == Waveform::kMostValues)
                foldSamples();
            return;
        }
        // Comparisons with NaN are false, so that a bin is NaN only where all of it is.
        if (!(m_low <= sample))
            m_low = std::isnan(sample) ? m_low : sample;
        if (!(m_high >= sample))
            m_high = std::isnan(sample) ? m_high : sample;
        if (++m_inBin == m_binSamples)
            closeBin();
    }

    void finish()
    {
        if (m_inBin > 0)
            closeBin();
    }

    std::size_t binSamples() const { return m_binSamples; }
    std::vector<float> take() { return std::move(m_values); }

private:
    static float lower(float a, float b) { return std::isnan(a) || b < a ? b : a; }
    static float higher(float a, float b) { return std::isnan(a) || b > a ? b : a; }

    void closeBin()
    {
        m_values.push_back(m_low);
        m_values.push_back(m_high);
        m_low = m_high = kSilence;
        m_inBin = 0;
        if (m_values.size() == Waveform::kMostValues)
            foldBins();
    }

    /** Four samples become a pair: half the values. */
    void foldSamples()
    {
        for (std::size_t i = 0; i < m_values.size(); i += 4) {
            const std::array<float, 4> four = {m_values[i], m_values[i + 1], m_values[i + 2], m_values[i + 3]};
            m_values[i / 2] = lower(lower(four[0], four[1]), lower(four[2], four[3]));
            m_values[i / 2 + 1] = higher(higher(four[0], four[1]), higher(four[2], four[3]));
        }
        m_values.resize(m_values.size() / 2);
        m_binSamples = 4;
    }

    void foldBins()
    {
        for (std::size_t i = 0; i < m_values.size(); i += 4) {
            const float low = lower(m_values[i], m_values[i + 2]);
            const float high = higher(m_values[i + 1], m_values[i + 3]);
            m_values[i / 2] = low;
            m_values[i / 2 + 1] = high;
        }
        m_values.resize(m_values.size() / 2);
        m_binSamples *= 2;
    }

    std::vector<float> m_values;
    std::size_t m_binSamples = 0;
    std::size_t m_inBin = 0;
    float m_low = kSilence;
    float m_high = kSilence;
};

} // namespace

VideoTime Waveform::end() const
{
    return start + (sampleRateHz > 0 ? fromSeconds(static_cast<double>(samples) / sampleRateHz) : 0);
}

Waveform readWaveform(const std::filesystem::path &path, const CancelToken &cancel, const Progress &progress)
{
    ffmpeg::AudioDecoder decoder(path);
    Waveform waveform;
    waveform.sampleRateHz = decoder.sampleRateHz();
    waveform.channels = decoder.channels();
    const Nanos length = decoder.claimedLengthNs();
    EnvelopeBuilder envelope;
    while (decoder.next(cancel)) {
        if (waveform.samples == 0)
            waveform.start = {decoder.blockStartNs()};
        const double due = toSeconds(decoder.blockStartNs() - waveform.start.ns) * waveform.sampleRateHz;
        const double ahead = due - static_cast<double>(waveform.samples);
        // Time stamps jitter by their rounding; more than a block of sound missing is a gap that stays a gap.
        const double tolerance = std::max(0.02 * waveform.sampleRateHz, static_cast<double>(decoder.mono().size()) / 2);
        if (ahead > kLongestGapSeconds * waveform.sampleRateHz)
            break;
        if (ahead > tolerance) {
            const auto missing = static_cast<std::size_t>(ahead);
            for (std::size_t i = 0; i < missing; ++i)
                envelope.add(kSilence);
            waveform.samples += missing;
        }
        for (const float sample : decoder.mono())
            envelope.add(sample);
        waveform.samples += decoder.mono().size();
        if (length > 0)
            progress(toSeconds(decoder.blockStartNs() - waveform.start.ns) / toSeconds(length), "reading the sound");
    }
    if (waveform.samples == 0)
        throw Error(path, "its sound cannot be decoded; the file is damaged");
    envelope.finish();
    waveform.samplesPerBin = envelope.binSamples();
    waveform.values = envelope.take();
    waveform.values.shrink_to_fit();
    waveform.valueRateHz = waveform.samplesPerBin == 0
        ? waveform.sampleRateHz
        : 2.0 * waveform.sampleRateHz / static_cast<double>(waveform.samplesPerBin);
    waveform.damagedPackets = decoder.damagedPackets();
    waveform.pyramid = MinMaxPyramid(waveform.values);
    return waveform;
}

AudioSamples readAudio(const std::filesystem::path &path, VideoTime from, VideoTime to, const CancelToken &cancel)
{
    if (to.ns - from.ns > kLongestRead)
        throw Error(path, "more than ten minutes of sound were asked for at once");
    ffmpeg::AudioDecoder decoder(path);
    AudioSamples audio;
    audio.sampleRateHz = decoder.sampleRateHz();
    decoder.seekTo(from.ns);
    const double rate = audio.sampleRateHz;
    while (decoder.next(cancel)) {
        const Nanos blockStart = decoder.blockStartNs();
        if (blockStart >= to.ns)
            break;
        for (std::size_t i = 0; i < decoder.mono().size(); ++i) {
            const Nanos time = blockStart + static_cast<Nanos>(std::llround(static_cast<double>(i) * 1e9 / rate));
            if (time < from.ns || time >= to.ns)
                continue;
            if (audio.mono.empty())
                audio.start = {time};
            audio.mono.push_back(decoder.mono()[i]);
        }
    }
    return audio;
}

} // namespace kino
