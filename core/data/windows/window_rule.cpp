#include "core/data/windows/window_rule.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace kino {
namespace {

constexpr double kMostSamples = 1e6;
constexpr double kMostRateHz = 100'000;

} // namespace

std::size_t WindowRule::samples() const
{
    const double samples = std::round(seconds * rateHz);
    return samples > 0 && samples <= kMostSamples ? static_cast<std::size_t>(samples) : 0;
}

Nanos WindowRule::lengthNs() const
{
    return static_cast<Nanos>(std::llroundl(static_cast<long double>(samples()) * kNanosPerSecond / rateHz));
}

std::vector<std::string> problemsOf(const WindowRule &rule)
{
    std::vector<std::string> problems;
    const auto require = [&](bool isSound, const char *sentence) {
        if (!isSound)
            problems.emplace_back(sentence);
    };
    require(!rule.channels.empty(), "channels: name at least one kind of stream, for example accelerometer");
    require(std::set(rule.channels.begin(), rule.channels.end()).size() == rule.channels.size(),
            "channels: each kind at most once");
    require(std::set(rule.devices.begin(), rule.devices.end()).size() == rule.devices.size(),
            "devices: each at most once");
    require(!rule.joined || rule.devices.size() > 1,
            "joined: name the two or more devices to be stacked in \"devices\"");
    const bool hasRate = rule.rateHz > 0 && rule.rateHz <= kMostRateHz;
    require(hasRate, "rate_hz: above 0 and at most 100000");
    require(rule.seconds > 0 && std::isfinite(rule.seconds), "window.seconds: above 0");
    require(!hasRate || !(rule.seconds > 0) || rule.samples() > 0,
            "window.seconds: at this rate a window must hold 1 to 1000000 samples");
    if (rule.placement == WindowPlacement::grid)
        require(rule.strideSeconds > 0 && std::isfinite(rule.strideSeconds)
                    && (!hasRate || rule.strideSeconds * rule.rateHz >= 1),
                "window.stride_seconds: at least one sample");
    require(rule.minimumShare > 0 && rule.minimumShare <= 1, "window.label.minimum: above 0 and at most 1");
    require(rule.policy != LabelPolicy::annotation || rule.placement == WindowPlacement::around,
            "window.label.policy: \"annotation\" goes with windows around annotations only");
    require(rule.around.borderMarginSeconds >= 0 && std::isfinite(rule.around.borderMarginSeconds),
            "window.around.border_margin_seconds: 0 or more");
    require(rule.placement != WindowPlacement::around || !rule.around.wholeSeconds
                || std::round(rule.seconds) == rule.seconds,
            "window.around.whole_seconds: the window must be a whole number of seconds long");
    return problems;
}

} // namespace kino
