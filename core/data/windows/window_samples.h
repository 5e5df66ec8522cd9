// The samples of windows. Each stream is resampled once, as a whole, onto its source's grid, and windows are cut from
// that: a preview and a training run see the very same numbers, and overlapping windows are equal where they overlap.
#pragma once

#include "core/data/windows/window_set.h"

#include <filesystem>
#include <memory>
#include <mutex>

namespace kino {

/** One stream on a grid; NaN in gaps. Immutable. */
struct ResampledStream {
    SampleGrid grid;
    std::vector<Column<float>> axes; // grid.samples each
    ResampleAccount account;
};

/**
 * The resampled streams of one recording, made when first asked for and kept. With a folder (a project's cache) they
 * are kept there as NPY [axes, samples], mapped, and found again by the next program. Thread-safe.
 */
class ResampledStreams {
public:
    /**
     * `contentKey` says which columns these are, whatever their place (the project's cache stamp); without it or
     * without a folder nothing is written.
     */
    explicit ResampledStreams(std::shared_ptr<const Recording> recording, std::filesystem::path folder = {},
                              std::string contentKey = {});

    const Recording &recording() const { return *m_recording; }
    /** Lowering the rate filters first (resample.h). Throws Error, Cancelled. */
    std::shared_ptr<const ResampledStream> stream(std::size_t device, std::size_t stream, const SampleGrid &grid,
                                                  const CancelToken &cancel = {});

private:
    std::filesystem::path fileOf(std::size_t device, std::size_t stream, const SampleGrid &grid) const;
    std::shared_ptr<const ResampledStream> compute(std::size_t device, std::size_t stream, const SampleGrid &grid,
                                                   const CancelToken &cancel) const;

    std::shared_ptr<const Recording> m_recording;
    std::filesystem::path m_folder;
    std::string m_contentKey;
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<const ResampledStream>> m_known;
};

/** Reads windows of one source. Any thread, several at once. */
class WindowReader {
public:
    /** Resamples what is not there yet. */
    WindowReader(ResampledStreams &streams, const ChannelSource &source, const SampleGrid &grid,
                 std::size_t samplesPerWindow, const CancelToken &cancel = {});

    /** "device/accelerometer/x", in the order of the rule's devices and channels. */
    const std::vector<std::string> &channels() const { return m_channels; }
    std::size_t samples() const { return m_samples; }
    /** Added up over the streams. */
    const ResampleAccount &account() const { return m_account; }

    /** [channels, samples] in C order. What lies beyond the grid is NaN. `out` must have channels * samples places. */
    void read(std::int64_t firstSample, std::span<float> out) const;
    std::vector<float> read(const Window &window) const;

private:
    std::vector<std::string> m_channels;
    std::vector<Column<float>> m_columns;
    std::vector<std::shared_ptr<const ResampledStream>> m_owners;
    std::size_t m_samples = 0;
    ResampleAccount m_account;
};

} // namespace kino
