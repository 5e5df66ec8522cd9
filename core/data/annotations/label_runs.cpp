#include "core/data/annotations/label_runs.h"

#include <algorithm>
#include <set>

namespace kino {

std::vector<LabelStretch> flattened(std::span<const Annotation> annotations)
{
    struct Border {
        RecordingTime time;
        bool isStart = false;
        std::size_t annotation = 0;
    };
    std::vector<Border> borders;
    borders.reserve(2 * annotations.size());
    for (std::size_t index = 0; index < annotations.size(); ++index) {
        if (annotations[index].start < annotations[index].end) {
            borders.push_back({annotations[index].start, true, index});
            borders.push_back({annotations[index].end, false, index});
        }
    }
    std::ranges::sort(borders, {}, [](const Border &border) { return border.time; });

    std::vector<LabelStretch> stretches;
    std::set<std::pair<RecordingTime, std::size_t>> open;
    for (std::size_t at = 0; at < borders.size();) {
        const RecordingTime from = borders[at].time;
        for (; at < borders.size() && borders[at].time == from; ++at) {
            const std::pair key(annotations[borders[at].annotation].start, borders[at].annotation);
            if (borders[at].isStart)
                open.insert(key);
            else
                open.erase(key);
        }
        if (open.empty() || at == borders.size())
            continue;
        const std::size_t top = open.rbegin()->second;
        const bool goesOn = !stretches.empty() && stretches.back().annotation == top && stretches.back().end == from;
        if (goesOn)
            stretches.back().end = borders[at].time;
        else
            stretches.push_back({from, borders[at].time, top});
    }
    return stretches;
}

} // namespace kino
