#include "core/data/events/peak_statistics.h"
#include "core/media/audio.h"
#include "core/signal/filter.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr Nanos kChunkNs = 60 * kNanosPerSecond;
/** Beside each chunk, so that a peak at its border is seen with what lies around it. */
constexpr Nanos kMarginNs = kNanosPerSecond / 2;
constexpr double kHighPassHz = 500;
constexpr double kReachSeconds = 0.1;
constexpr double kNoiseFactor = 10;
constexpr double kNormalMedian = 0.6745;
constexpr double kSuddenness = 4;
constexpr double kQuietFromSeconds = 0.030;
constexpr double kQuietToSeconds = 0.005;
/** Digital silence has no noise; what a 16-bit recorder would add. */
constexpr double kLeastSigma = 1.0 / 32768;

double loudness(std::span<const float> samples)
{
    double sum = 0;
    for (const float sample : samples)
        sum += static_cast<double>(sample) * sample;
    return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
}

/** The peaks of one chunk whose times lie in [from, to). */
void findIn(const AudioSamples &audio, Nanos from, Nanos to, std::vector<MotionEvent> &found)
{
    const double rate = audio.sampleRateHz;
    if (rate < 4 * kHighPassHz || audio.mono.size() < static_cast<std::size_t>(rate * kReachSeconds))
        return;
    const std::vector<float> fast = filterZeroPhase(designButterworth({FilterBand::highPass, 2, kHighPassHz, 0, rate}),
                                                    std::span<const float>(audio.mono));
    std::vector<float> heights(fast.size());
    std::ranges::transform(fast, heights.begin(), [](float value) { return std::abs(value); });
    std::vector<float> sorted = heights;
    const double sigma = std::max(events::medianOf(sorted) / kNormalMedian, kLeastSigma);
    const auto reach = static_cast<std::size_t>(kReachSeconds * rate);
    const auto quietFrom = static_cast<std::size_t>(kQuietFromSeconds * rate);
    const auto quietTo = static_cast<std::size_t>(kQuietToSeconds * rate);
    for (std::size_t at = quietFrom; at < heights.size();) {
        if (!(heights[at] > kNoiseFactor * sigma)) {
            ++at;
            continue;
        }
        const std::size_t first = at > reach ? at - reach : 0;
        const std::size_t last = std::min(at + reach + 1, heights.size());
        const auto greatest
            = static_cast<std::size_t>(std::max_element(heights.begin() + static_cast<std::ptrdiff_t>(first),
                                                        heights.begin() + static_cast<std::ptrdiff_t>(last))
                                       - heights.begin());
        if (greatest != at) {
            // None before a greater one that comes within reach can be the greatest.
            at = greatest > at ? greatest : at + 1;
            continue;
        }
        const std::span<const float> before = std::span<const float>(fast).subspan(at - quietFrom, quietFrom - quietTo);
        const Nanos time = audio.start.ns + static_cast<Nanos>(std::llround(static_cast<double>(at) * 1e9 / rate));
        if (heights[at] > kSuddenness * loudness(before) && time >= from && time < to)
            found.push_back({time, EventKind::sound, 20 * std::log10(heights[at] / sigma)});
        at += reach;
    }
}

} // namespace

std::vector<MotionEvent> findSounds(const VideoTrack &video, EventSelection selection, const CancelToken &cancel,
                                    const Progress &progress)
{
    std::vector<MotionEvent> found;
    if (!video.hasAudio || video.storage != VideoStorage::container)
        return found;
    for (Nanos from = video.start.ns; from < video.end.ns; from += kChunkNs) {
        progress(toSeconds(from - video.start.ns) / toSeconds(video.end - video.start), "listening for claps");
        const Nanos to = std::min(from + kChunkNs, video.end.ns);
        findIn(readAudio(video.path, {from - kMarginNs}, {to + kMarginNs}, cancel), from, to, found);
    }
    progress(1);
    return selection == EventSelection::all ? found : events::outstandingOf(std::move(found));
}

} // namespace kino
