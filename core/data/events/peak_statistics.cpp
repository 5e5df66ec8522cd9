#include "core/data/events/peak_statistics.h"

#include <algorithm>
#include <cmath>

namespace kino {

std::string_view eventKindName(EventKind kind)
{
    switch (kind) {
    case EventKind::sound: return "sound";
    case EventKind::shock: return "shock";
    case EventKind::landing: return "landing";
    }
    return "shock";
}

namespace events {

float medianOf(std::span<float> values)
{
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

std::vector<MotionEvent> outstandingOf(std::vector<MotionEvent> events)
{
    constexpr std::size_t kFewestForStatistics = 10;
    constexpr double kNormalMad = 0.6745;
    constexpr double kOutlier = 3.5;
    if (events.size() < kFewestForStatistics)
        return events;
    std::vector<float> strengths, deviations;
    for (const MotionEvent &event : events)
        strengths.push_back(static_cast<float>(event.strengthDb));
    const float median = medianOf(strengths);
    for (const MotionEvent &event : events)
        deviations.push_back(std::abs(static_cast<float>(event.strengthDb) - median));
    // Peaks that are all alike would make any difference an outlier; less than half a decibel is none.
    const double mad = std::max(static_cast<double>(medianOf(deviations)), 0.5);
    std::erase_if(events, [&](const MotionEvent &event) {
        return event.kind != EventKind::landing && kNormalMad * (event.strengthDb - median) / mad <= kOutlier;
    });
    return events;
}

} // namespace events
} // namespace kino
