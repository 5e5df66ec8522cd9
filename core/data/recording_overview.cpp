#include "core/data/recording_overview.h"

#include "core/base/parallel.h"

namespace kino {

RecordingOverview computeOverview(const Recording &recording)
{
    RecordingOverview overview;
    std::vector<std::pair<const ImuStream *, StreamOverview *>> work;
    overview.reserve(recording.devices.size());
    for (const Device &device : recording.devices) {
        auto &streams = overview.emplace_back(device.streams.size());
        for (std::size_t index = 0; index < streams.size(); ++index)
            work.emplace_back(&device.streams[index], &streams[index]);
    }
    parallelFor(work.size(), usableThreads(), [&](std::size_t index) {
        const auto &[stream, target] = work[index];
        target->summary = summariseStream(*stream);
        if (!stream->timesNs.empty()) {
            target->firstOwnNs = stream->timesNs.front();
            target->lastOwnNs = stream->timesNs.back();
        }
    });
    return overview;
}

} // namespace kino
