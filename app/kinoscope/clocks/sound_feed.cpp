#include "app/kinoscope/clocks/sound_feed.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace kino {
namespace {

/** Chunks before and after the one that is heard, which need not be decoded again. */
constexpr std::int64_t kKeptAround = 3;
/** A beginning in the middle of a wave would click. */
constexpr int kFadeInMs = 5;

std::int64_t chunkOf(Nanos ownNs) { return ownNs >= 0 ? ownNs / SoundFeed::kChunkNs : -((-ownNs - 1) / SoundFeed::kChunkNs) - 1; }

} // namespace

SoundFeed::SoundFeed(Decode decode) : m_decode(std::move(decode)), m_worker([this](const std::stop_token &stop) { work(stop); }) {}

SoundFeed::~SoundFeed()
{
    m_cancel.cancel();
    m_worker.request_stop();
    m_changed.notify_all();
}

void SoundFeed::follow(VideoTime own, Nanos steadyNs, double ownPerSecond)
{
    const std::lock_guard lock(m_mutex);
    m_anchor = Anchor{own, steadyNs, ownPerSecond};
    want(chunkOf(own.ns));
}

void SoundFeed::pause()
{
    const std::lock_guard lock(m_mutex);
    m_anchor.reset();
    m_position.reset();
}

int SoundFeed::waitForRate(int patienceMs)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::chrono::milliseconds(patienceMs), [this] { return m_rateHz > 0 || m_isSilent; });
    return m_rateHz;
}

std::size_t SoundFeed::jumps() const
{
    const std::lock_guard lock(m_mutex);
    return m_jumps;
}

bool SoundFeed::isReadyAt(VideoTime own) const
{
    const std::lock_guard lock(m_mutex);
    return m_chunks.contains(chunkOf(own.ns));
}

void SoundFeed::want(std::int64_t chunk)
{
    if (m_isWanted && m_wanted == chunk)
        return;
    m_wanted = chunk;
    m_isWanted = true;
    m_changed.notify_all();
}

std::optional<std::int64_t> SoundFeed::missingChunk() const
{
    if (!m_isWanted)
        return std::nullopt;
    for (const std::int64_t chunk : {m_wanted, m_wanted + 1}) {
        if (!m_chunks.contains(chunk))
            return chunk;
    }
    return std::nullopt;
}

void SoundFeed::work(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return missingChunk().has_value(); })) {
        const std::int64_t number = *missingChunk();
        lock.unlock();
        auto chunk = std::make_shared<Chunk>();
        int rateHz = 0;
        try {
            AudioSamples samples = m_decode({number * kChunkNs}, {(number + 1) * kChunkNs}, m_cancel);
            rateHz = samples.sampleRateHz;
            chunk->first = std::llround(static_cast<double>(samples.start.ns) * 1e-9 * rateHz);
            chunk->samples = std::move(samples.mono);
        } catch (const std::exception &) {
            // Silence: the sound's lane says why it cannot be read.
        }
        lock.lock();
        if (rateHz > 0 && m_rateHz == 0)
            m_rateHz = rateHz;
        m_isSilent = m_isSilent || rateHz == 0;
        m_chunks[number] = std::move(chunk);
        std::erase_if(m_chunks, [this](const auto &each) { return std::abs(each.first - m_wanted) > kKeptAround; });
        m_changed.notify_all();
    }
}

void SoundFeed::fill(std::span<float> out, Nanos steadyNs)
{
    std::ranges::fill(out, 0.0F);
    const std::lock_guard lock(m_mutex);
    if (!m_anchor || m_rateHz == 0)
        return;
    const double ownNs = static_cast<double>(m_anchor->own.ns) + static_cast<double>(steadyNs - m_anchor->steadyNs) * m_anchor->ownPerSecond;
    const auto due = static_cast<std::int64_t>(std::llround(ownNs * 1e-9 * m_rateHz));
    const auto most = static_cast<std::int64_t>(static_cast<double>(kMostOffNs) * 1e-9 * m_rateHz);
    if (!m_position || std::abs(*m_position - due) > most) {
        if (m_position)
            ++m_jumps;
        m_position = due;
        m_fadeIn = m_rateHz * kFadeInMs / 1000;
    }
    const int fade = std::max(1, m_rateHz * kFadeInMs / 1000);
    std::int64_t from = *m_position;
    const std::int64_t end = from + static_cast<std::int64_t>(out.size());
    for (const auto &[number, chunk] : m_chunks) {
        const std::int64_t chunkEnd = chunk->first + static_cast<std::int64_t>(chunk->samples.size());
        for (std::int64_t sample = std::max(from, chunk->first); sample < std::min(end, chunkEnd); ++sample)
            out[static_cast<std::size_t>(sample - from)] = chunk->samples[static_cast<std::size_t>(sample - chunk->first)];
    }
    for (float &value : out) {
        if (m_fadeIn > 0) {
            value *= 1 - static_cast<float>(m_fadeIn) / static_cast<float>(fade);
            --m_fadeIn;
        }
        if (std::isnan(value))
            value = 0; // a gap of the file
    }
    m_position = end;
    want(chunkOf(static_cast<Nanos>(static_cast<double>(end) * 1e9 / m_rateHz)));
}

} // namespace kino
