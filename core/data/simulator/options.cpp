#include "core/data/simulator/simulator.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace kino {

namespace {

constexpr std::array<std::string_view, 9> kActivityNames{"walk", "run",  "stairs", "sit", "stand",
                                                         "turn", "jump", "cycle",  "fall"};

template <class T> std::optional<T> numberOf(std::string_view text)
{
    T value{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace

std::string_view simulatedActivityName(SimulatedActivity activity)
{
    return kActivityNames[static_cast<std::size_t>(activity)];
}

std::vector<SimulatedActivity> allSimulatedActivities()
{
    std::vector<SimulatedActivity> all;
    for (std::size_t i = 0; i < kActivityNames.size(); ++i)
        all.push_back(static_cast<SimulatedActivity>(i));
    return all;
}

std::vector<SimulatedActivity> simulatedActivitiesFromText(std::string_view commaSeparated)
{
    std::vector<SimulatedActivity> activities;
    while (true) {
        const std::size_t comma = commaSeparated.find(',');
        const std::string_view name = commaSeparated.substr(0, comma);
        const auto known = std::find(kActivityNames.begin(), kActivityNames.end(), name);
        if (known == kActivityNames.end()) {
            std::string allowed;
            for (const std::string_view activity : kActivityNames)
                allowed += (allowed.empty() ? "" : ", ") + std::string(activity);
            throw Error("There is no activity '" + std::string(name) + "' to simulate: choose among " + allowed
                        + ", separated by commas without spaces.");
        }
        const auto activity = static_cast<SimulatedActivity>(known - kActivityNames.begin());
        if (std::find(activities.begin(), activities.end(), activity) == activities.end())
            activities.push_back(activity);
        if (comma == std::string_view::npos)
            return activities;
        commaSeparated.remove_prefix(comma + 1);
    }
}

std::optional<SimulatedVideo> simulatedVideoFromText(std::string_view text)
{
    if (text == "none")
        return std::nullopt;
    const std::size_t cross = text.find('x');
    const std::size_t at = text.find('@');
    if (cross != std::string_view::npos && at != std::string_view::npos && cross < at) {
        const auto width = numberOf<int>(text.substr(0, cross));
        const auto height = numberOf<int>(text.substr(cross + 1, at - cross - 1));
        const auto rate = numberOf<double>(text.substr(at + 1));
        if (width && height && rate) {
            SimulatedVideo video;
            video.width = *width;
            video.height = *height;
            video.rateHz = *rate;
            return video;
        }
    }
    throw Error("'" + std::string(text)
                + "' is no video size: write WIDTHxHEIGHT@RATE, for example 640x360@30, or none.");
}

} // namespace kino
