#include "core/data/dataset/training_windows.h"

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/signal/spectrogram_image.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kino {
namespace {

static_assert(std::endian::native == std::endian::little, "fingerprints are of little-endian samples");

/** To be raised whenever the same samples give other pictures. */
constexpr int kPictureVersion = 1;
constexpr std::size_t kPictureValues = 3 * kModelInputHeight * kModelInputWidth;
constexpr std::size_t kRowsBetweenReports = 4096;

/** Without the device, whose name may differ from recording to recording. */
std::string withoutDevice(const std::string &channel)
{
    const std::size_t axis = channel.rfind('/');
    const std::size_t device = axis == std::string::npos || axis == 0 ? std::string::npos : channel.rfind('/', axis - 1);
    return device == std::string::npos ? channel : channel.substr(device + 1);
}

std::string where(const WindowTable &table, const WindowRow &row)
{
    return table.recordingOf(row).name + " (" + table.deviceOf(row) + ")";
}

} // namespace

TrainingWindows::TrainingWindows(std::shared_ptr<const WindowTable> table, std::vector<RecordingReaders> readers,
                                 const TrainingWindowOptions &options)
    : m_table(std::move(table)), m_readers(std::move(readers)), m_normalise(options.normalise),
      m_isPicture(options.representation.name == "spectrogram")
{
    const RepresentationInfo &info = representationInfo(options.representation.name);
    requireNoProblems(optionProblems("the representation " + info.name, info.options, options.representation.options));
    if (m_isPicture && m_normalise != SampleNormalisation::none)
        throw Error("spectrograms are scaled to their own range already; data.normalise must be \"none\" with them");
    if (m_table->rows.empty())
        throw Error("the specification gives no windows; `kino windows` tells why");
    requireAlikeChannels();
    const std::string samplesHash = passOver(options);
    if (m_isPicture)
        draw(samplesHash, options);
}

void TrainingWindows::requireAlikeChannels()
{
    const WindowRow *first = nullptr;
    for (const WindowRow &row : m_table->rows) {
        if (row.recording >= m_readers.size() || row.source >= m_readers[row.recording].size()
            || !m_readers[row.recording][row.source])
            throw Error("there are no samples of " + where(*m_table, row));
        const WindowReader &reader = readerOf(row);
        if (!first) {
            first = &row;
            const bool isJoined = m_table->recordingOf(row).sources[row.source].devices.size() > 1;
            for (const std::string &channel : reader.channels())
                m_channels.push_back(isJoined ? channel : withoutDevice(channel));
        } else if (reader.channels().size() != m_channels.size()) {
            throw Error(where(*m_table, row) + " has " + std::to_string(reader.channels().size()) + " channels and "
                        + where(*m_table, *first) + " has " + std::to_string(m_channels.size())
                        + "; a model needs the same of all. Name devices or channels that they share in data.devices or "
                          "data.channels");
        }
        if (reader.samples() != m_table->samplesPerWindow)
            throw Error("windows of " + where(*m_table, row) + " have another length than the table's");
    }
}

std::string TrainingWindows::passOver(const TrainingWindowOptions &options)
{
    Sha256 samplesHash;
    StatisticsSum sum(m_channels);
    std::vector<float> window(m_channels.size() * samples());
    for (std::size_t place = 0; place < size(); ++place) {
        if (place % kRowsBetweenReports == 0) {
            options.cancel.throwIfCancelled();
            options.progress.part(0, m_isPicture ? 0.3 : 1)(static_cast<double>(place) / static_cast<double>(size()), "reading windows");
        }
        const WindowRow &row = m_table->rows[place];
        readSignal(place, window);
        if (!std::ranges::all_of(window, [](float sample) { return std::isfinite(sample); }))
            throw Error("the window of " + where(*m_table, row) + " at " + std::to_string(row.start.ns)
                        + " ns has samples that are no numbers");
        samplesHash.add(std::as_bytes(std::span(window)));
        if (m_normalise == SampleNormalisation::train && row.part == SplitPart::train)
            sum.add(window);
    }
    if (m_normalise == SampleNormalisation::train) {
        if (m_table->rowsOf(SplitPart::train).empty())
            throw Error("data.normalise is \"train\", but no window is left for training; check data.split");
        m_statistics = sum.result();
    }
    const std::string hash = samplesHash.hex();
    Sha256 whole;
    whole.add(windowTableText(*m_table));
    whole.add(hash);
    m_fingerprint = whole.hex();
    return hash;
}

void TrainingWindows::draw(const std::string &samplesHash, const TrainingWindowOptions &options)
{
    if (samples() < kModelWindowSamples)
        throw Error("a window of " + std::to_string(samples()) + " samples is too short for a spectrogram, which needs "
                    + std::to_string(kModelWindowSamples) + "; choose longer windows or a higher rate");
    const RepresentationInfo &info = representationInfo("spectrogram");
    const std::string kind = completeOptions(info.options, options.representation.options).at("stream");
    const std::size_t first = firstAxisOf(kind, m_channels);
    std::filesystem::path file;
    if (!options.cacheFolder.empty()) {
        Sha256 key;
        key.add(samplesHash + "|" + std::to_string(samples()) + "|" + std::to_string(m_channels.size()) + "|" + std::to_string(first) + "|"
                + std::to_string(kPictureVersion));
        file = options.cacheFolder / ("pictures-" + key.hex().substr(0, 24) + ".u8");
    }
    const auto render = [&](std::size_t row, std::span<std::uint8_t> picture) {
        std::vector<float> window(m_channels.size() * samples());
        readSignal(row, window);
        std::ranges::copy(computeWindowPicture(std::span(window).subspan(first * samples(), 3 * samples()), samples()), picture.begin());
    };
    m_pictures = PictureStore(size(), kPictureValues, render, file, options.cancel, options.progress.part(0.3, 1));
}

std::vector<std::int64_t> TrainingWindows::shape() const
{
    if (m_isPicture)
        return {3, kModelInputHeight, kModelInputWidth};
    return {static_cast<std::int64_t>(m_channels.size()), static_cast<std::int64_t>(samples())};
}

std::size_t TrainingWindows::valuesPerWindow() const { return m_isPicture ? kPictureValues : m_channels.size() * samples(); }

void TrainingWindows::read(std::size_t row, std::span<float> out) const
{
    if (m_isPicture)
        return toUnitRange(m_pictures.picture(row), out);
    readSignal(row, out);
    if (m_normalise == SampleNormalisation::window)
        normaliseWindow(out, m_channels.size());
    else if (m_statistics)
        normaliseBy(*m_statistics, out);
}

void TrainingWindows::readSignal(std::size_t row, std::span<float> out) const
{
    const WindowRow &window = m_table->rows.at(row);
    readerOf(window).read(window.firstSample, out);
}

void TrainingWindows::useStatistics(ChannelStatistics statistics)
{
    if (m_isPicture)
        throw Error("spectrograms are not normalised by the training windows' statistics");
    if (statistics.channels != m_channels)
        throw Error("the statistics are of other channels (" + listOfWords(statistics.channels) + ") than the windows ("
                    + listOfWords(m_channels) + ")");
    m_statistics = std::move(statistics);
    m_normalise = SampleNormalisation::train;
}

} // namespace kino
