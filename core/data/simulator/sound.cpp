#include "core/data/simulator/sound.h"

#include <algorithm>
#include <numbers>

namespace kino::simulator {

namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;
constexpr double kRate = kSoundRateHz;

/** The place of an instant among the samples, with its fraction. */
double sampleAt(double recordingSeconds, const ClockMap<VideoClock> &clock)
{
    return toSeconds(clock.toOwn({fromSeconds(recordingSeconds)}).ns) * kRate;
}

void addStep(std::vector<float> &sound, double place, double strength, RandomStream noise)
{
    constexpr double kSeconds = 0.09;
    const double first = std::max(std::ceil(place), 0.0);
    const double last = std::min(place + kSeconds * kRate, static_cast<double>(sound.size()) - 1);
    const double thumpHz = noise.uniform(75, 110);
    double dull = 0;
    for (double i = first; i <= last; i += 1) {
        const double since = (i - place) / kRate;
        dull += 0.25 * (noise.uniform(-1, 1) - dull);
        const double thump = std::sin(kTwoPi * thumpHz * since) * std::exp(-since / 0.02);
        const double scrape = dull * std::exp(-since / 0.012);
        sound[static_cast<std::size_t>(i)] += static_cast<float>(strength * (0.035 * thump + 0.045 * scrape));
    }
}

void addClap(std::vector<float> &sound, double place, RandomStream noise)
{
    constexpr double kSeconds = 0.15;
    const double first = std::max(std::ceil(place - 0.002 * kRate), 0.0);
    const double last = std::min(place + kSeconds * kRate, static_cast<double>(sound.size()) - 1);
    for (double i = first; i <= last; i += 1) {
        const double since = (i - place) / kRate;
        // A single swing of half a millisecond, whose crest is the clap's instant, then the square's echo.
        const double width = since / 0.00035;
        double value = 0.9 * std::exp(-0.5 * width * width) * std::cos(kTwoPi * 900 * since);
        if (since > 0.0015)
            value += 0.2 * noise.uniform(-1, 1) * std::exp(-(since - 0.0015) / 0.03);
        sound[static_cast<std::size_t>(i)] += static_cast<float>(value);
    }
}

} // namespace

std::vector<float> makeSound(const MotionModel &motion, const ClockMap<VideoClock> &clock, Nanos lengthNs,
                             RandomStream stream)
{
    const auto count = static_cast<std::size_t>(std::ceil(toSeconds(lengthNs) * kRate));
    std::vector<float> sound(count);

    // Wind, and the whirr of a bicycle as fast as it goes; its loudness changes slowly and is asked for rarely.
    RandomStream wind = stream.split(0);
    constexpr std::size_t kSlow = 480;
    double low = 0;
    double middle = 0;
    double whirr = 0;
    double whirrStep = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i % kSlow == 0) {
            const double time = toSeconds(clock.toRecording({fromSeconds(static_cast<double>(i) / kRate)}).ns);
            const Path &path = motion.path();
            const auto &segments = motion.schedule().segments;
            double loudness = 0;
            const std::size_t here = path.segmentAt(time);
            for (std::size_t k = here > 0 ? here - 1 : 0; k < std::min(here + 2, segments.size()); ++k)
                if (segments[k].activity == SimulatedActivity::cycle)
                    loudness += 0.02 * path.weight(k, time).value;
            whirrStep = (loudness - whirr) / kSlow;
        }
        whirr += whirrStep;
        const double white = wind.uniform(-1, 1);
        low += 0.01 * (white - low);
        middle += 0.2 * (white - middle);
        sound[i] = static_cast<float>(0.03 * low + 0.0015 * white + whirr * (middle - low));
    }

    RandomStream stepNoise = stream.split(1);
    std::uint64_t number = 0;
    for (const Impact &impact : motion.impacts())
        addStep(sound, sampleAt(impact.time, clock), impact.strength, stepNoise.split(number++));
    for (const double clap : motion.schedule().claps)
        addClap(sound, sampleAt(clap, clock), stream.split(2 + number++));
    for (float &sample : sound)
        sample = std::clamp(sample, -1.0f, 1.0f);
    return sound;
}

} // namespace kino::simulator
