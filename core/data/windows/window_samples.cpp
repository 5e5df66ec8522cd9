#include "core/data/windows/window_samples.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/npy.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace kino {
namespace {

/** To be raised whenever the resampler gives other numbers for the same columns. */
constexpr int kResamplerVersion = 1;

std::string keyOf(std::size_t device, std::size_t stream, const SampleGrid &grid)
{
    // Bits of the rate, not its digits: two rates that print alike are two.
    std::uint64_t rateBits = 0;
    std::memcpy(&rateBits, &grid.rateHz, sizeof rateBits);
    return std::to_string(device) + "/" + std::to_string(stream) + "@" + std::to_string(grid.startNs) + "+"
        + std::to_string(grid.samples) + "*" + std::to_string(rateBits);
}

/** Everything that decides the numbers, the clock too. */
std::string fileKey(const Recording &recording, std::size_t device, std::size_t stream, const SampleGrid &grid,
                    const std::string &content)
{
    const ClockMap<DeviceClock> &clock = recording.devices[device].clock;
    std::uint64_t driftBits = 0;
    std::memcpy(&driftBits, &clock.driftPpm, sizeof driftBits);
    const std::string text = content + "|" + keyOf(device, stream, grid) + "|" + std::to_string(clock.offsetNs) + ","
        + std::to_string(driftBits) + "|" + std::to_string(kResamplerVersion);
    return sha256(std::as_bytes(std::span(text))).substr(0, 24);
}

nlohmann::json toJson(const ResampleAccount &account)
{
    return {account.copied, account.polyphase, account.interpolated, account.missing, account.averagedDuplicates};
}

std::shared_ptr<const ResampledStream> load(const std::filesystem::path &file, const SampleGrid &grid, std::size_t axes)
{
    try {
        const NpyArray array = NpyArray::open(file);
        if (array.shape()
            != std::vector<std::int64_t>{static_cast<std::int64_t>(axes), static_cast<std::int64_t>(grid.samples)})
            return nullptr;
        const nlohmann::json account = readJsonFile(std::filesystem::path(file).replace_extension(".json"));
        const auto whole = std::make_shared<const Column<float>>(array.column<float>());
        auto loaded = std::make_shared<ResampledStream>();
        loaded->grid = grid;
        for (std::size_t axis = 0; axis < axes; ++axis)
            loaded->axes.emplace_back(whole, whole->values().subspan(axis * grid.samples, grid.samples));
        loaded->account = {account.at(0), account.at(1), account.at(2), account.at(3), account.at(4)};
        return loaded;
    } catch (const std::exception &) {
        return nullptr; // absent or damaged: it is made again
    }
}

void save(const std::filesystem::path &file, const ResampledStream &stream)
{
    try {
        std::filesystem::create_directories(file.parent_path());
        std::vector<float> all;
        all.reserve(stream.axes.size() * stream.grid.samples);
        for (const Column<float> &axis : stream.axes)
            all.insert(all.end(), axis.begin(), axis.end());
        writeFileAtomically(std::filesystem::path(file).replace_extension(".json"), toJson(stream.account).dump(),
                            DiskSync::leave);
        writeNpy<float>(file, all,
                        {static_cast<std::int64_t>(stream.axes.size()), static_cast<std::int64_t>(stream.grid.samples)},
                        DiskSync::leave);
    } catch (const std::exception &error) {
        log(LogLevel::warning, std::string("resampled samples could not be cached: ") + error.what());
    }
}

} // namespace

ResampledStreams::ResampledStreams(std::shared_ptr<const Recording> recording, std::filesystem::path folder,
                                   std::string contentKey)
    : m_recording(std::move(recording)), m_folder(std::move(folder)), m_contentKey(std::move(contentKey))
{
}

std::filesystem::path ResampledStreams::fileOf(std::size_t device, std::size_t stream, const SampleGrid &grid) const
{
    return m_folder / (fileKey(*m_recording, device, stream, grid, m_contentKey) + ".npy");
}

std::shared_ptr<const ResampledStream> ResampledStreams::stream(std::size_t device, std::size_t stream,
                                                                const SampleGrid &grid, const CancelToken &cancel)
{
    const std::string key = keyOf(device, stream, grid);
    {
        const std::scoped_lock lock(m_mutex);
        if (const auto found = m_known.find(key); found != m_known.end())
            return found->second;
    }
    const std::size_t axes = m_recording->devices.at(device).streams.at(stream).values.size();
    const bool isOnDisk = !m_folder.empty() && !m_contentKey.empty();
    std::shared_ptr<const ResampledStream> made;
    if (isOnDisk)
        made = load(fileOf(device, stream, grid), grid, axes);
    if (!made) {
        made = compute(device, stream, grid, cancel);
        if (isOnDisk) {
            save(fileOf(device, stream, grid), *made);
            // Mapped pages can be given back, owned memory cannot.
            if (auto mapped = load(fileOf(device, stream, grid), grid, axes))
                made = std::move(mapped);
        }
    }
    const std::scoped_lock lock(m_mutex);
    return m_known.try_emplace(key, std::move(made)).first->second;
}

std::shared_ptr<const ResampledStream> ResampledStreams::compute(std::size_t device, std::size_t stream,
                                                                 const SampleGrid &grid,
                                                                 const CancelToken &cancel) const
{
    const Device &owner = m_recording->devices.at(device);
    const ImuStream &source = owner.streams.at(stream);
    const double mostSamples = std::max(1e7, 1000.0 * static_cast<double>(source.samples()));
    if (static_cast<double>(grid.samples) > mostSamples)
        throw Error("at this rate " + std::to_string(source.samples()) + " samples of " + streamName(owner, source)
                    + " would become " + std::to_string(grid.samples)
                    + "; a wrong time or a very long gap may be the reason. Choose a lower rate");
    const Column<Nanos> times = timesOnRecordingClock(owner, source);
    std::vector<std::span<const float>> axes;
    for (const Column<float> &axis : source.values)
        axes.emplace_back(axis.values());
    ResampleOptions options;
    options.cancel = cancel;
    ResampledAxes resampled = resampleOnto(grid, times, axes, options);
    auto made = std::make_shared<ResampledStream>();
    made->grid = grid;
    made->account = resampled.account;
    for (std::vector<float> &axis : resampled.axes)
        made->axes.emplace_back(std::move(axis));
    return made;
}

WindowReader::WindowReader(ResampledStreams &streams, const ChannelSource &source, const SampleGrid &grid,
                           std::size_t samplesPerWindow, const CancelToken &cancel)
    : m_samples(samplesPerWindow)
{
    for (const ChannelStream &channel : source.streams) {
        const auto stream = streams.stream(channel.device, channel.stream, grid, cancel);
        const Device &device = streams.recording().devices[channel.device];
        const ImuStream &original = device.streams[channel.stream];
        for (std::size_t axis = 0; axis < stream->axes.size(); ++axis) {
            m_channels.push_back(streamName(device, original) + "/"
                                 + (axis < original.axes.size() ? original.axes[axis] : std::to_string(axis)));
            m_columns.push_back(stream->axes[axis]);
        }
        m_account.copied += stream->account.copied;
        m_account.polyphase += stream->account.polyphase;
        m_account.interpolated += stream->account.interpolated;
        m_account.missing += stream->account.missing;
        m_account.averagedDuplicates += stream->account.averagedDuplicates;
        m_owners.push_back(stream);
    }
}

void WindowReader::read(std::int64_t firstSample, std::span<float> out) const
{
    if (out.size() != m_columns.size() * m_samples)
        throw Error("a window of " + std::to_string(m_columns.size()) + " x " + std::to_string(m_samples)
                    + " does not fit its place");
    for (std::size_t channel = 0; channel < m_columns.size(); ++channel) {
        const std::span<const float> column = m_columns[channel].values();
        const std::span<float> row = out.subspan(channel * m_samples, m_samples);
        const auto size = static_cast<std::int64_t>(column.size());
        const std::int64_t from = std::clamp<std::int64_t>(firstSample, 0, size);
        const std::int64_t to
            = std::clamp<std::int64_t>(firstSample + static_cast<std::int64_t>(m_samples), from, size);
        std::ranges::fill(row, std::numeric_limits<float>::quiet_NaN());
        std::copy(column.begin() + from, column.begin() + to, row.begin() + (from - firstSample));
    }
}

std::vector<float> WindowReader::read(const Window &window) const
{
    std::vector<float> samples(m_columns.size() * m_samples);
    read(window.firstSample, samples);
    return samples;
}

} // namespace kino
