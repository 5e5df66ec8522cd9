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

namespace {

TierItem itemOf(const Annotation &annotation, AnnotationId id)
{
    return {{annotation.start, annotation.end}, QString::fromStdString(annotation.label), id};
}

std::shared_ptr<const TierData> searchable(TierData &&data)
{
    std::ranges::stable_sort(data.items, {}, [](const TierItem &item) { return item.range.start; });
    data.latestEnd.reserve(data.items.size());
    for (const TierItem &item : data.items)
        data.latestEnd.push_back(data.latestEnd.empty() ? item.range.end : std::max(data.latestEnd.back(), item.range.end));
    return std::make_shared<const TierData>(std::move(data));
}

} // namespace

std::shared_ptr<const TierData> buildTier(const AnnotationTier &tier)
{
    TierData data{0, QString::fromStdString(tier.name), tier.kind, {}, {}};
    data.items.reserve(tier.annotations.size());
    for (const Annotation &annotation : tier.annotations)
        data.items.push_back(itemOf(annotation, 0));
    return searchable(std::move(data));
}

std::shared_ptr<const TierData> buildTier(const StoredTier &tier)
{
    TierData data{tier.id, QString::fromStdString(tier.name), tier.kind, {}, {}};
    data.items.reserve(tier.annotations.size());
    for (const StoredAnnotation &row : tier.annotations)
        data.items.push_back(itemOf(row.annotation, row.id));
    return searchable(std::move(data));
}

} // namespace kino
