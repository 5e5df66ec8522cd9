// What is done to samples before a model sees them: nothing, each window by itself, or all by the training windows' mean and
// standard deviation. Values; any thread.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

enum class SampleNormalisation { none, window, train };
/** "none", "window", "train". */
std::string_view sampleNormalisationName(SampleNormalisation normalisation);
std::optional<SampleNormalisation> sampleNormalisationFromName(std::string_view name);

/** Of each channel; standard deviations are those of a population (divided by the count). */
struct ChannelStatistics {
    std::vector<std::string> channels; // "accelerometer/x"
    std::vector<double> mean;
    std::vector<double> deviation;
    friend bool operator==(const ChannelStatistics &, const ChannelStatistics &) = default;
};

/** {"channels": […], "mean": […], "deviation": […]}; numbers come back bit by bit. */
nlohmann::json statisticsJson(const ChannelStatistics &statistics);
/** Throws Error for anything else, numbers that are not finite and negative deviations. */
ChannelStatistics statisticsFromJson(const nlohmann::json &json);

/** Collects mean and deviation in double precision; the order of windows decides the last bits. One thread. */
class StatisticsSum {
public:
    explicit StatisticsSum(std::vector<std::string> channels);
    /** [C, T] */
    void add(std::span<const float> window);
    /** Of no windows: mean 0, deviation 0. */
    ChannelStatistics result() const;

private:
    struct Channel {
        double shift = 0; // its first sample: what never changes has a deviation of exactly 0
        double mean = 0;
        double squares = 0;
    };
    std::vector<std::string> m_names;
    std::vector<Channel> m_channels;
    std::size_t m_samples = 0;
};

/** [C, T] in place: (x − mean) / deviation of each channel over the window; a channel that never changes becomes 0. */
void normaliseWindow(std::span<float> window, std::size_t channels);
/** [C, T] in place; a channel whose deviation is 0 becomes 0. Throws Error where the channels' count differs. */
void normaliseBy(const ChannelStatistics &statistics, std::span<float> window);

} // namespace kino
