#include "core/data/dataset/normalisation.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

void scale(std::span<float> samples, double mean, double deviation)
{
    if (deviation == 0) {
        std::ranges::fill(samples, 0.0f);
        return;
    }
    for (float &sample : samples)
        sample = static_cast<float>((static_cast<double>(sample) - mean) / deviation);
}

} // namespace

std::string_view sampleNormalisationName(SampleNormalisation normalisation)
{
    return normalisation == SampleNormalisation::none ? "none" : normalisation == SampleNormalisation::window ? "window" : "train";
}

std::optional<SampleNormalisation> sampleNormalisationFromName(std::string_view name)
{
    for (const SampleNormalisation one : {SampleNormalisation::none, SampleNormalisation::window, SampleNormalisation::train}) {
        if (sampleNormalisationName(one) == name)
            return one;
    }
    return std::nullopt;
}

nlohmann::json statisticsJson(const ChannelStatistics &statistics)
{
    return {{"channels", statistics.channels}, {"mean", statistics.mean}, {"deviation", statistics.deviation}};
}

ChannelStatistics statisticsFromJson(const nlohmann::json &json)
{
    ChannelStatistics statistics;
    try {
        statistics = {json.at("channels").get<std::vector<std::string>>(), json.at("mean").get<std::vector<double>>(),
                      json.at("deviation").get<std::vector<double>>()};
    } catch (const nlohmann::json::exception &) {
        throw Error("the statistics of the training windows must be {\"channels\": […], \"mean\": […], \"deviation\": […]}");
    }
    const std::size_t channels = statistics.channels.size();
    if (statistics.mean.size() != channels || statistics.deviation.size() != channels
        || !std::ranges::all_of(statistics.mean, [](double mean) { return std::isfinite(mean); })
        || !std::ranges::all_of(statistics.deviation, [](double deviation) { return std::isfinite(deviation) && deviation >= 0; }))
        throw Error("the statistics of the training windows need a finite mean and a deviation of 0 or more for each channel");
    return statistics;
}

StatisticsSum::StatisticsSum(std::vector<std::string> channels) : m_names(std::move(channels)), m_channels(m_names.size()) { }

void StatisticsSum::add(std::span<const float> window)
{
    if (m_channels.empty() || window.size() < m_channels.size())
        return;
    const std::size_t samples = window.size() / m_channels.size();
    const auto before = static_cast<double>(m_samples), added = static_cast<double>(samples);
    for (std::size_t index = 0; index < m_channels.size(); ++index) {
        Channel &channel = m_channels[index];
        const std::span<const float> row = window.subspan(index * samples, samples);
        if (m_samples == 0)
            channel.shift = static_cast<double>(row.front());
        double mean = 0;
        for (const float sample : row)
            mean += static_cast<double>(sample) - channel.shift;
        mean /= added;
        double squares = 0;
        for (const float sample : row) {
            const double off = static_cast<double>(sample) - channel.shift - mean;
            squares += off * off;
        }
        // Chan, Golub and LeVeque's way to join two parts.
        const double apart = mean - channel.mean;
        channel.mean += apart * added / (before + added);
        channel.squares += squares + apart * apart * before * added / (before + added);
    }
    m_samples += samples;
}

ChannelStatistics StatisticsSum::result() const
{
    ChannelStatistics statistics{m_names, {}, {}};
    for (const Channel &channel : m_channels) {
        statistics.mean.push_back(channel.shift + channel.mean);
        statistics.deviation.push_back(m_samples == 0 ? 0 : std::sqrt(channel.squares / static_cast<double>(m_samples)));
    }
    return statistics;
}

void normaliseWindow(std::span<float> window, std::size_t channels)
{
    const std::size_t samples = channels == 0 ? 0 : window.size() / channels;
    if (samples == 0)
        return;
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const std::span<float> row = window.subspan(channel * samples, samples);
        // Less its first sample, so that what never changes has a deviation of exactly 0.
        const auto shift = static_cast<double>(row.front());
        double mean = 0;
        for (const float sample : row)
            mean += static_cast<double>(sample) - shift;
        mean /= static_cast<double>(samples);
        double squares = 0;
        for (const float sample : row) {
            const double off = static_cast<double>(sample) - shift - mean;
            squares += off * off;
        }
        scale(row, shift + mean, std::sqrt(squares / static_cast<double>(samples)));
    }
}

void normaliseBy(const ChannelStatistics &statistics, std::span<float> window)
{
    const std::size_t channels = statistics.mean.size();
    if (channels == 0 || window.size() % channels != 0)
        throw Error("statistics of " + std::to_string(channels) + " channels do not fit windows of " + std::to_string(window.size())
                    + " values");
    const std::size_t samples = window.size() / channels;
    for (std::size_t channel = 0; channel < channels; ++channel)
        scale(window.subspan(channel * samples, samples), statistics.mean[channel], statistics.deviation[channel]);
}

} // namespace kino
