#include "widgets/timeline/tier_data.h"

#include <algorithm>

namespace kino {

std::pair<std::size_t, std::size_t> TierData::touching(TimeRange range) const
{
    const auto last = std::ranges::lower_bound(items, range.end, {}, [](const TierItem &item) { return item.range.start; });
    const auto first = std::ranges::upper_bound(latestEnd, range.start);
    const auto end = static_cast<std::size_t>(last - items.begin());
    return {std::min(static_cast<std::size_t>(first - latestEnd.begin()), end), end};
}

std::optional<std::size_t> TierData::itemAt(RecordingTime time) const
{
    const auto [first, last] = touching({time, time + 1});
    for (std::size_t index = last; index > first; --index) {
        if (items[index - 1].range.contains(time))
            return index - 1;
    }
    return std::nullopt;
}

std::shared_ptr<const TierData> buildTier(const AnnotationTier &tier)
{
    auto data = std::make_shared<TierData>();
    data->name = QString::fromStdString(tier.name);
    data->kind = tier.kind;
    data->items.reserve(tier.annotations.size());
    for (const Annotation &annotation : tier.annotations)
        data->items.push_back({{annotation.start, annotation.end}, QString::fromStdString(annotation.label)});
    std::ranges::stable_sort(data->items, {}, [](const TierItem &item) { return item.range.start; });
    for (const TierItem &item : data->items)
        data->latestEnd.push_back(data->latestEnd.empty() ? item.range.end : std::max(data->latestEnd.back(), item.range.end));
    return data;
}

} // namespace kino
