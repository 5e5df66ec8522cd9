#include "widgets/spectrogram/data.h"

#include <algorithm>
#include <cmath>

namespace kino {

std::optional<float> SpectrogramData::powerAt(RecordingTime time, double hz) const
{
    if (bins < 2 || topHz <= 0 || hz < 0 || hz > topHz)
        return std::nullopt;
    for (const SpectrogramStretch &stretch : stretches) {
        if (!stretch.range.contains(time) || stretch.columns == 0)
            continue;
        const double share = static_cast<double>(time - stretch.range.start) / static_cast<double>(stretch.range.duration());
        const auto column = std::min(static_cast<std::size_t>(share * static_cast<double>(stretch.columns)), stretch.columns - 1);
        const auto bin = static_cast<std::size_t>(std::lround(hz / topHz * static_cast<double>(bins - 1)));
        return stretch.power[column * bins + bin];
    }
    return std::nullopt;
}

} // namespace kino
