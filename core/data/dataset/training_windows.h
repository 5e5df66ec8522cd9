// The samples behind a table of windows, as a model is fed them. The recordings are resampled once; a window is copied
// straight from there, so epochs keep no copies. Immutable after construction but for useStatistics(); read() from any
// thread, several at once.
#pragma once

#include "core/base/progress.h"
#include "core/data/dataset/normalisation.h"
#include "core/data/dataset/picture_store.h"
#include "core/data/dataset/representation.h"
#include "core/data/dataset/window_table.h"
#include "core/data/windows/window_samples.h"

#include <memory>

namespace kino {

/** The readers of one recording, by source; nothing for a source that gives no windows. */
using RecordingReaders = std::vector<std::unique_ptr<WindowReader>>;

struct TrainingWindowOptions {
    SampleNormalisation normalise = SampleNormalisation::none;
    RepresentationChoice representation = {};
    /** Where pictures are kept for the next program; empty: nowhere. */
    std::filesystem::path cacheFolder = {};
    CancelToken cancel = {};
    Progress progress = {};
};

class TrainingWindows {
public:
    /**
     * `readers` by recording of the table. Throws Error for sources that differ in their number of channels (naming the
     * recording), for no windows at all, for samples that are no numbers, and for what the representation cannot draw.
     */
    TrainingWindows(std::shared_ptr<const WindowTable> table, std::vector<RecordingReaders> readers,
                    const TrainingWindowOptions &options = {});

    const WindowTable &table() const { return *m_table; }
    std::shared_ptr<const WindowTable> sharedTable() const { return m_table; }
    std::size_t size() const { return m_table->rows.size(); }

    /** Of one window as it is read: [C, T], or [3, 96, 128]. */
    std::vector<std::int64_t> shape() const;
    std::size_t valuesPerWindow() const;
    /** Of the signal: "accelerometer/x"; with joined devices "phone/accelerometer/x". */
    const std::vector<std::string> &channels() const { return m_channels; }
    std::size_t samples() const { return m_table->samplesPerWindow; }

    /**
     * What the model is fed: the signal, normalised; or the picture as 0 … 1, before ImageNet's statistics
     * (applyImageNetStatistics()). `out` has valuesPerWindow() places.
     */
    void read(std::size_t row, std::span<float> out) const;
    /** [C, T] in SI units, whatever the representation. */
    void readSignal(std::size_t row, std::span<float> out) const;
    /** uint8 [3, 96, 128]; representation spectrogram only. */
    std::span<const std::uint8_t> picture(std::size_t row) const { return m_pictures.picture(row); }

    /** Of the training windows' samples; there with normalise train, kept with a run and given back to useStatistics(). */
    const std::optional<ChannelStatistics> &statistics() const { return m_statistics; }
    /** Those of the run whose weights are used here. Not while others read. Throws Error for other channels. */
    void useStatistics(ChannelStatistics statistics);

    /** SHA-256 over the window table (its CSV text) and the samples of all rows in order, little-endian float, before normalising. */
    const std::string &fingerprint() const { return m_fingerprint; }

private:
    const WindowReader &readerOf(const WindowRow &row) const { return *m_readers[row.recording][row.source]; }
    void requireAlikeChannels();
    /** One pass over all samples: fingerprint, statistics, and that they are numbers. Gives the hash of the samples alone. */
    std::string passOver(const TrainingWindowOptions &options);
    void draw(const std::string &samplesHash, const TrainingWindowOptions &options);

    std::shared_ptr<const WindowTable> m_table;
    std::vector<RecordingReaders> m_readers;
    std::vector<std::string> m_channels;
    SampleNormalisation m_normalise;
    std::optional<ChannelStatistics> m_statistics;
    bool m_isPicture = false;
    PictureStore m_pictures;
    std::string m_fingerprint;
};

} // namespace kino
