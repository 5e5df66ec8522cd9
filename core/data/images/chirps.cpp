#include "core/data/images/procedures.h"
#include "core/signal/spectrogram_image.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kino::procedures {
namespace {

/** Half a bin's width and more: the main lobe of a Hann window is four bins wide. */
constexpr double kLineBins = 0.85;
constexpr double kPowerFloor = 1e-12;

/** How much of a motion each axis sees. */
std::array<double, 3> direction(RandomStream &random)
{
    std::array<double, 3> axes{random.normal(), random.normal(), random.normal()};
    const double length = std::sqrt(axes[0] * axes[0] + axes[1] * axes[1] + axes[2] * axes[2]) + 1e-9;
    for (double &axis : axes)
        axis = axis * axis / (length * length);
    return axes;
}

/** Power [3, bins, frames], bin 0 the lowest. */
class PowerMap {
public:
    PowerMap(std::size_t bins, std::size_t frames) : m_bins(bins), m_frames(frames), m_power(3 * bins * frames) { }

    double &at(std::size_t axis, std::size_t bin, std::size_t frame) { return m_power[(axis * m_bins + bin) * m_frames + frame]; }
    std::size_t bins() const { return m_bins; }
    std::size_t frames() const { return m_frames; }

    void addLine(std::size_t frame, double bin, double power, double width, const std::array<double, 3> &axes)
    {
        const double reach = 4 * width;
        const auto first = static_cast<std::size_t>(std::clamp(std::floor(bin - reach), 0.0, static_cast<double>(m_bins)));
        const auto last = static_cast<std::size_t>(std::clamp(std::ceil(bin + reach) + 1, 0.0, static_cast<double>(m_bins)));
        for (std::size_t place = first; place < last; ++place) {
            const double off = (static_cast<double>(place) - bin) / width;
            for (std::size_t axis = 0; axis < 3; ++axis)
                at(axis, place, frame) += power * axes[axis] * std::exp(-0.5 * off * off);
        }
    }

private:
    std::size_t m_bins, m_frames;
    std::vector<double> m_power;
};

/** From where to where of the time, 0 … 1, with soft ends. */
struct Span {
    double from = 0, to = 1, ramp = 0.05;
    double at(double time) const
    {
        const auto rise = [&](double distance) { return std::clamp(distance / ramp, 0.0, 1.0); };
        return rise(time - from) * rise(to - time);
    }
};

Span drawSpan(RandomStream &random)
{
    if (random.uniform() < 0.4)
        return {-1, 2, 0.05};
    const double middle = random.uniform(), half = random.uniform(0.1, 0.5);
    return {middle - half, middle + half, random.uniform(0.02, 0.2)};
}

void addTone(PowerMap &map, std::size_t mostHarmonics, RandomStream &random)
{
    const auto bins = static_cast<double>(map.bins());
    const Span span = drawSpan(random);
    const double loudness = std::pow(10, random.uniform(-2, 0));
    const std::array<double, 3> first = direction(random), last = direction(random);
    // A walk has many harmonics of a low tone, a motor few of a high one.
    const std::size_t harmonics = 1 + random.below(mostHarmonics);
    const double start = bins * (harmonics > 2 ? random.uniform(0.02, 0.15) : random.uniform(0.05, 0.9));
    const double end = random.uniform() < 0.3 ? start : bins * (harmonics > 2 ? random.uniform(0.02, 0.2) : random.uniform(0.02, 0.95));
    const bool isExponential = random.below(2) == 0;
    const double swing = random.uniform() < 0.4 ? random.uniform(0.02, 0.15) : 0, swings = random.uniform(0.5, 6), phase = random.uniform();
    const double pulse = random.uniform() < 0.3 ? random.uniform(2, 10) : 0;
    const double decay = random.uniform(0.2, 0.9);
    for (std::size_t frame = 0; frame < map.frames(); ++frame) {
        const double time = (static_cast<double>(frame) + 0.5) / static_cast<double>(map.frames());
        const double path = isExponential ? start * std::pow(end / start, time) : start + (end - start) * time;
        const double bin = path * (1 + swing * std::sin(2 * std::numbers::pi * (swings * time + phase)));
        const double beat = pulse > 0 ? 0.5 + 0.5 * std::sin(2 * std::numbers::pi * (pulse * time + phase)) : 1;
        const double slope = std::abs(end - start) / static_cast<double>(map.frames());
        std::array<double, 3> axes{};
        for (std::size_t axis = 0; axis < 3; ++axis)
            axes[axis] = first[axis] + time * (last[axis] - first[axis]);
        double power = loudness * span.at(time) * beat * beat;
        for (std::size_t harmonic = 1; harmonic <= harmonics && power > 0; ++harmonic, power *= decay) {
            // What sweeps while a frame is taken is smeared over the bins it crosses.
            map.addLine(frame, bin * static_cast<double>(harmonic), power, kLineBins + 0.5 * slope * static_cast<double>(harmonic), axes);
        }
    }
}

/** How loud the noise of each axis is in each frame, [3, frames]. */
using Loudness = std::array<std::vector<double>, 3>;

/** Motion without a tone: a step or a fall fills all frequencies for a moment, work does for as long as it lasts. */
void addMotion(Loudness &loudness, bool isKnock, RandomStream &random)
{
    const std::size_t count = loudness[0].size();
    const double level = std::pow(10, random.uniform(0.3, 2));
    const std::array<double, 3> axes = direction(random);
    const Span span = drawSpan(random);
    const double when = random.uniform(0, static_cast<double>(count)), width = random.uniform(0.8, 2.5);
    for (std::size_t frame = 0; frame < count; ++frame) {
        const double off = (static_cast<double>(frame) - when) / width;
        const double share = isKnock ? std::exp(-0.5 * off * off) : span.at((static_cast<double>(frame) + 0.5) / static_cast<double>(count));
        for (std::size_t axis = 0; axis < 3; ++axis)
            loudness[axis][frame] += level * share * (0.1 + axes[axis]);
    }
}

/**
 * What a spectrum of overlapping Hann windows makes of white noise: neighbouring bins lean on each other by the window's shape,
 * neighbouring frames by the samples that they share (hop 12 of 128: about 0.93).
 */
void addNoise(PowerMap &map, double floor, double tilt, const Loudness &loudness, RandomStream &random)
{
    constexpr double kKept = 0.93;
    const double renewed = std::sqrt(1 - kKept * kKept);
    std::vector<std::array<double, 2>> spectrum(map.bins() + 2);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        for (std::array<double, 2> &bin : spectrum)
            bin = {random.normal(), random.normal()};
        for (std::size_t frame = 0; frame < map.frames(); ++frame) {
            for (std::size_t bin = 0; bin < map.bins(); ++bin) {
                double power = 0;
                for (std::size_t part = 0; part < 2; ++part) {
                    const double amplitude = spectrum[bin + 1][part] - 0.5 * (spectrum[bin][part] + spectrum[bin + 2][part]);
                    power += amplitude * amplitude / 3; // 2 parts, each of variance 1.5
                }
                map.at(axis, bin, frame)
                    += floor * loudness[axis][frame] * std::exp(-tilt * static_cast<double>(bin) / static_cast<double>(map.bins())) * power;
            }
            for (std::array<double, 2> &bin : spectrum)
                bin = {kKept * bin[0] + renewed * random.normal(), kKept * bin[1] + renewed * random.normal()};
        }
    }
}

} // namespace

Planes chirps(const nlohmann::json &options, PictureSize size, RandomStream random)
{
    PowerMap map(options.at("bins"), options.at("frames"));
    const std::size_t tones = 1 + random.below(options.at("most_tones"));
    for (std::size_t tone = 0; tone < tones; ++tone)
        addTone(map, options.at("harmonics"), random);
    Loudness loudness;
    loudness.fill(std::vector<double>(map.frames(), 1));
    for (std::uint64_t part = random.below(3); part > 0; --part)
        addMotion(loudness, /*isKnock=*/false, random);
    const bool hasKnocks = random.uniform() < options.at("knocks").get<double>();
    for (std::uint64_t knock = hasKnocks ? 1 + random.below(6) : 0; knock > 0; --knock)
        addMotion(loudness, /*isKnock=*/true, random);
    const double floor = std::pow(10, (options.at("noise_db").get<double>() + random.uniform(-10, 10)) / 10) * 0.1;
    const double colour = random.uniform(0, 3); // of the noise: louder below, as motion is
    const std::array<double, 3> gravity = direction(random);
    const double weight = std::pow(10, random.uniform(-1, 1));
    for (std::size_t frame = 0; frame < map.frames(); ++frame)
        map.addLine(frame, 0, weight, 0.7, gravity);
    addNoise(map, floor, colour, loudness, random);
    Planes planes(3 * size.width * size.height);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        double least = INFINITY, most = -INFINITY;
        for (std::size_t bin = 0; bin < map.bins(); ++bin) {
            for (std::size_t frame = 0; frame < map.frames(); ++frame) {
                double &cell = map.at(axis, bin, frame);
                cell = 10 * std::log10(std::max(kPowerFloor, cell));
                least = std::min(least, cell);
                most = std::max(most, cell);
            }
        }
        for (std::size_t y = 0; y < size.height; ++y) {
            const std::size_t bin = map.bins() - 1 - y * map.bins() / size.height;
            for (std::size_t x = 0; x < size.width; ++x) {
                const double level = (map.at(axis, bin, x * map.frames() / size.width) - least) / std::max(1e-12, most - least);
                planes[(axis * size.height + y) * size.width + x] = invertedGreys()[static_cast<std::size_t>(std::min(255.0, 256 * level))];
            }
        }
    }
    return planes;
}

} // namespace kino::procedures
