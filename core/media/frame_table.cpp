#include "core/media/frame_table.h"

namespace kino {

std::optional<std::size_t> FrameTable::frameAt(VideoTime time) const
{
    if (ptsNs.empty() || time.ns < ptsNs.front() || time.ns >= endNs)
        return std::nullopt;
    for (const Gap &gap : gaps) {
        if (time.ns >= gap.fromNs && time.ns < gap.toNs)
            return std::nullopt;
    }
    const auto after = std::upper_bound(ptsNs.begin(), ptsNs.end(), time.ns);
    return static_cast<std::size_t>(after - ptsNs.begin()) - 1;
}

std::size_t FrameTable::keyframeBefore(std::size_t index) const
{
    while (index > 0 && !keyframe[index])
        --index;
    return index;
}

double FrameTable::rateHz() const
{
    if (size() < 2 || ptsNs.back() == ptsNs.front())
        return 0;
    return static_cast<double>(size() - 1) / toSeconds(ptsNs.back() - ptsNs.front());
}

bool FrameTable::isVariableRate() const
{
    if (size() < 3)
        return false;
    Nanos shortest = ptsNs[1] - ptsNs[0];
    Nanos longest = shortest;
    for (std::size_t i = 2; i < size(); ++i) {
        shortest = std::min(shortest, ptsNs[i] - ptsNs[i - 1]);
        longest = std::max(longest, ptsNs[i] - ptsNs[i - 1]);
    }
    // Containers count in ticks of up to a millisecond, so an even rate may step by one tick more or less.
    const Nanos tolerance = std::max(kNanosPerMillisecond + kNanosPerMicrosecond, longest / 100);
    return longest - shortest > tolerance;
}

Nanos medianStepNs(const std::vector<Nanos> &timesNs)
{
    if (timesNs.size() < 2)
        return kNanosPerSecond / 30;
    std::vector<Nanos> steps(timesNs.size() - 1);
    for (std::size_t i = 1; i < timesNs.size(); ++i)
        steps[i - 1] = timesNs[i] - timesNs[i - 1];
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

} // namespace kino
