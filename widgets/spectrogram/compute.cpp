#include "widgets/spectrogram/compute.h"

#include "core/signal/resample.h"
#include "core/signal/spectrogram_image.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr double kMargin = 0.25;
constexpr std::size_t kFramesPerChunk = 4096;
constexpr float kDbRounding = 5;
constexpr std::size_t kCellsForDecibels = 60'000;
/** Samples beside a part that is resampled, so that its ends come out as they would in the whole. */
constexpr std::size_t kResampleMargin = 64;

std::size_t firstSampleAt(const LaneData &lane, RecordingTime time)
{
    const Nanos own = lane.clock.toOwn(time).ns;
    return static_cast<std::size_t>(std::ranges::lower_bound(lane.timesNs, own) - lane.timesNs.begin());
}

/** The whole gap-free stretches of the lane. */
std::vector<SampleSpan> gapFreeStretches(const LaneData &lane)
{
    std::vector<SampleSpan> stretches;
    std::size_t begin = 0;
    for (const TimeGap &gap : lane.timing.gaps) {
        stretches.push_back({begin, gap.sampleBefore + 1});
        begin = gap.sampleBefore + 1;
    }
    stretches.push_back({begin, lane.samples()});
    return stretches;
}

std::vector<float> magnitudeOf(std::span<const std::span<const float>> axes)
{
    std::vector<float> magnitude(axes.front().size());
    for (std::size_t sample = 0; sample < magnitude.size(); ++sample) {
        double sum = 0;
        for (const std::span<const float> &axis : axes)
            sum += static_cast<double>(axis[sample]) * axis[sample];
        magnitude[sample] = static_cast<float>(std::sqrt(sum));
    }
    return magnitude;
}

/**
 * A gap-free stretch as an even series: the samples themselves where they are even, else interpolated at the stream's
 * rate from the stretch's first sample on. Indices count from the stretch's beginning.
 */
class EvenSeries {
public:
    EvenSeries(const SpectrogramRequest &request, SampleSpan stretch, bool isEven, const CancelToken &cancel)
        : m_request(request), m_stretch(stretch), m_cancel(cancel), m_isEven(isEven)
    {
        const LaneData &data = lane();
        const Nanos length = data.timesNs[stretch.end - 1] - data.timesNs[stretch.begin];
        m_length = m_isEven ? stretch.end - stretch.begin
                            : static_cast<std::size_t>(toSeconds(length) * data.timing.rateHz + 1e-6) + 1;
    }

    std::size_t length() const { return m_length; }

    /** On the device's clock. */
    Nanos ownTime(std::size_t index) const
    {
        if (m_isEven)
            return lane().timesNs[m_stretch.begin + index];
        return SampleGrid{lane().timesNs[m_stretch.begin], lane().timing.rateHz, m_length}.timeNs(index);
    }

    std::size_t indexAtOrAfter(Nanos own) const
    {
        const Nanos first = lane().timesNs[m_stretch.begin];
        if (own <= first)
            return 0;
        if (m_isEven) {
            const auto begin = lane().timesNs.begin() + static_cast<std::ptrdiff_t>(m_stretch.begin);
            const auto end = lane().timesNs.begin() + static_cast<std::ptrdiff_t>(m_stretch.end);
            return static_cast<std::size_t>(std::lower_bound(begin, end, own) - begin);
        }
        const double index = std::ceil(toSeconds(own - first) * lane().timing.rateHz);
        return std::min(m_length, static_cast<std::size_t>(index));
    }

    std::vector<float> samples(std::size_t begin, std::size_t end) const
    {
        std::vector<std::span<const float>> axes;
        ResampledAxes resampled;
        if (m_isEven) {
            for (const Column<float> &axis : chosenAxes())
                axes.push_back(axis.values().subspan(m_stretch.begin + begin, end - begin));
        } else {
            resampled = resample(begin, end);
            axes.assign(resampled.axes.begin(), resampled.axes.end());
        }
        if (m_request.source == SpectrogramSource::magnitude)
            return magnitudeOf(axes);
        return {axes.front().begin(), axes.front().end()};
    }

private:
    const LaneData &lane() const { return *m_request.lane; }

    std::span<const Column<float>> chosenAxes() const
    {
        const std::span<const Column<float>> all = lane().values;
        return m_request.source == SpectrogramSource::magnitude ? all : all.subspan(m_request.axis, 1);
    }

    ResampledAxes resample(std::size_t begin, std::size_t end) const
    {
        const SampleGrid grid{ownTime(begin), lane().timing.rateHz, end - begin};
        const auto sampleAt = [&](Nanos own) {
            return static_cast<std::size_t>(std::ranges::lower_bound(lane().timesNs, own) - lane().timesNs.begin());
        };
        const std::size_t before = sampleAt(ownTime(begin));
        const std::size_t first = std::max(m_stretch.begin, before - std::min(before, kResampleMargin));
        const std::size_t last = std::min(m_stretch.end, sampleAt(ownTime(end - 1)) + 1 + kResampleMargin);
        std::vector<std::span<const float>> axes;
        for (const Column<float> &axis : chosenAxes())
            axes.push_back(axis.values().subspan(first, last - first));
        ResampleOptions options;
        options.cancel = m_cancel;
        return resampleOnto(grid, lane().timesNs.values().subspan(first, last - first), axes, options);
    }

    const SpectrogramRequest &m_request;
    SampleSpan m_stretch;
    const CancelToken &m_cancel;
    bool m_isEven;
    std::size_t m_length = 0;
};

/** Frames of one stretch that touch `shown`, on a grid that is fixed to the stretch: scrolling does not shift them. */
std::optional<SpectrogramStretch> computeStretch(const SpectrogramRequest &request, Stft &stft, SampleSpan stretch, bool isEven, TimeRange shown,
                                                 const CancelToken &cancel)
{
    const LaneData &lane = *request.lane;
    if (lane.timeOf(stretch.end - 1) < shown.start || lane.timeOf(stretch.begin) > shown.end)
        return std::nullopt;
    const EvenSeries series(request, stretch, isEven, cancel);
    const std::size_t window = stft.options().windowSamples;
    const std::size_t hop = stft.options().hopSamples;
    const std::size_t allFrames = stft.frames(series.length());
    if (allFrames == 0)
        return std::nullopt;
    const std::size_t from = series.indexAtOrAfter(lane.clock.toOwn(shown.start).ns);
    const std::size_t to = series.indexAtOrAfter(lane.clock.toOwn(shown.end).ns);
    const std::size_t firstFrame = std::min((from > window ? from - window : 0) / hop, allFrames - 1);
    const std::size_t lastFrame = std::clamp(to / hop + 1, firstFrame + 1, allFrames);
    const std::size_t frames = lastFrame - firstFrame;

    SpectrogramStretch result;
    result.frames = frames;
    result.columns = std::min(frames, std::max<std::size_t>(1, 2 * request.columns));
    const std::size_t bins = stft.bins();
    result.power.assign(result.columns * bins, 0.0F);
    std::vector<float> chunk;
    for (std::size_t done = 0; done < frames; done += kFramesPerChunk) {
        cancel.throwIfCancelled();
        const std::size_t count = std::min(kFramesPerChunk, frames - done);
        const std::size_t begin = (firstFrame + done) * hop;
        const std::vector<float> samples = series.samples(begin, begin + (count - 1) * hop + window);
        chunk.resize(count * bins);
        stft.powerInto(samples, 0, chunk);
        for (std::size_t frame = 0; frame < count; ++frame) {
            const std::size_t column = (done + frame) * result.columns / frames;
            float *strongest = result.power.data() + column * bins;
            for (std::size_t bin = 0; bin < bins; ++bin) {
                const float power = chunk[frame * bins + bin];
                // A NaN among the samples makes the frame a hole; it must not vanish behind a number.
                if (!std::isnan(strongest[bin]) && !(power <= strongest[bin]))
                    strongest[bin] = power;
            }
        }
    }
    const auto centre = [&](std::size_t frame) {
        const std::size_t begin = frame * hop;
        const Nanos first = series.ownTime(begin + (window - 1) / 2);
        return lane.clock.toRecording({first + (series.ownTime(begin + window / 2) - first) / 2});
    };
    const RecordingTime firstCentre = centre(firstFrame);
    const RecordingTime lastCentre = centre(lastFrame - 1);
    const Nanos step = frames > 1 ? (lastCentre - firstCentre) / static_cast<Nanos>(frames - 1)
                                  : lane.timing.medianPeriodNs * static_cast<Nanos>(hop);
    result.range = {firstCentre - step / 2, lastCentre + (step - step / 2)};
    return result;
}

/** Rounded outwards, so that the colours do not flicker while the view moves. */
DecibelRange suggestDecibels(const SpectrogramData &data)
{
    std::size_t cells = 0;
    for (const SpectrogramStretch &stretch : data.stretches)
        cells += stretch.power.size();
    const std::size_t stride = cells / kCellsForDecibels + 1;
    std::vector<float> powers;
    powers.reserve(cells / stride + data.stretches.size());
    for (const SpectrogramStretch &stretch : data.stretches) {
        for (std::size_t cell = 0; cell < stretch.power.size(); cell += stride)
            powers.push_back(stretch.power[cell]);
    }
    const DecibelRange exact = suggestDecibelRange(powers);
    return {std::floor(exact.lowDb / kDbRounding) * kDbRounding, std::ceil(exact.highDb / kDbRounding) * kDbRounding};
}

/** Centre of the model window that begins at a sample. */
RecordingTime modelFrameCentre(const LaneData &lane, std::size_t begin)
{
    const RecordingTime first = lane.timeOf(begin + (kModelWindowSamples - 1) / 2);
    const RecordingTime second = lane.timeOf(begin + kModelWindowSamples / 2);
    return first + (second - first) / 2;
}

/** What `frames` windows stand for, of which the first begins at this sample. */
TimeRange modelFrameRange(const LaneData &lane, std::size_t begin, std::size_t frames)
{
    const Nanos half = static_cast<Nanos>(kModelHopSamples) * lane.timing.medianPeriodNs / 2;
    return {modelFrameCentre(lane, begin) - half, modelFrameCentre(lane, begin + (frames - 1) * kModelHopSamples) + half};
}

/** Decibels as the image has them (spectrogram_image.h). */
std::vector<double> modelLevels(std::span<const double> samples)
{
    std::vector<double> levels = modelPower(samples);
    for (double &level : levels)
        level = 10 * std::log10(std::max(level, kModelPowerFloor));
    return levels;
}

/** How many windows reach half a window beyond the shown samples, without a gap and with numbers throughout: to the left and right. */
std::pair<std::size_t, std::size_t> surroundingFrames(const LaneData &lane, SampleSpan shown, std::size_t frames)
{
    SampleSpan free{0, lane.samples()};
    for (const TimeGap &gap : lane.timing.gaps) {
        if (gap.sampleBefore < shown.begin)
            free.begin = std::max(free.begin, gap.sampleBefore + 1);
        else
            free.end = std::min(free.end, gap.sampleBefore + 1);
    }
    const auto isNumber = [&lane](std::size_t sample) {
        return std::ranges::all_of(lane.values, [sample](const Column<float> &axis) { return std::isfinite(axis[sample]); });
    };
    constexpr std::size_t kMost = (kModelWindowSamples / 2 + kModelHopSamples - 1) / kModelHopSamples;
    std::size_t left = 0;
    std::size_t begin = shown.begin;
    const std::size_t nextBegin = shown.begin + frames * kModelHopSamples; // of the first window after the image's
    std::size_t right = 0;
    std::size_t end = shown.end;
    for (; left < kMost && shown.begin >= free.begin + (left + 1) * kModelHopSamples; ++left) {
        const std::size_t first = shown.begin - (left + 1) * kModelHopSamples;
        while (begin > first && isNumber(begin - 1))
            --begin;
        if (begin > first)
            break;
    }
    for (; right < kMost && nextBegin + right * kModelHopSamples + kModelWindowSamples <= free.end; ++right) {
        const std::size_t last = nextBegin + right * kModelHopSamples + kModelWindowSamples;
        while (end < last && isNumber(end))
            ++end;
        if (end < last)
            break;
    }
    return {left, right};
}

/** In the scale of the image, which the shown samples alone make. */
void addSurroundings(SpectrogramData &data, const LaneData &lane, SampleSpan shown, std::size_t frames, const std::array<std::vector<double>, 3> &axes)
{
    const auto [left, right] = surroundingFrames(lane, shown, frames);
    const std::array<std::uint8_t, 256> &greys = invertedGreys();
    std::array<std::pair<double, double>, 3> scales; // lowest level, range
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::vector<double> levels = modelLevels(axes[axis]);
        const auto [lowest, highest] = std::ranges::minmax_element(levels);
        scales[axis] = {*lowest, *highest - *lowest};
    }
    const auto windows = [&](std::size_t begin, std::size_t count) {
        SpectrogramData::Surroundings made;
        if (count == 0)
            return made;
        made.range = modelFrameRange(lane, begin, count);
        made.image = QImage(static_cast<int>(count), static_cast<int>(kModelBins), QImage::Format_RGB32);
        std::array<std::vector<std::uint8_t>, 3> cells;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::span<const float> values = std::span<const float>(lane.values[axis]).subspan(begin, (count - 1) * kModelHopSamples + kModelWindowSamples);
            for (const double level : modelLevels(std::vector<double>(values.begin(), values.end()))) {
                const double share = scales[axis].second > 0 ? (level - scales[axis].first) / scales[axis].second : 0;
                cells[axis].push_back(greys[static_cast<std::size_t>(std::clamp(256 * share, 0.0, 255.0))]);
            }
        }
        for (std::size_t bin = 0; bin < kModelBins; ++bin) {
            auto *line = reinterpret_cast<QRgb *>(made.image.scanLine(static_cast<int>(kModelBins - 1 - bin)));
            for (std::size_t frame = 0; frame < count; ++frame)
                line[frame] = qRgb(cells[0][bin * count + frame], cells[1][bin * count + frame], cells[2][bin * count + frame]);
        }
        return made;
    };
    data.before = windows(shown.begin - left * kModelHopSamples, left);
    data.after = windows(shown.begin + frames * kModelHopSamples, right);
    // Where times are uneven, windows are not as far apart as the period says: no seam at the edges.
    data.before.range.end = data.imageRange.start;
    data.after.range.start = data.imageRange.end;
}

std::shared_ptr<const SpectrogramData> computeTriaxial(const SpectrogramRequest &request, const CancelToken &cancel)
{
    const LaneData &lane = *request.lane;
    if (lane.values.size() < 3)
        throw Error("The triaxial image needs three axes; this stream has " + std::to_string(lane.values.size()) + ".");
    const SampleSpan shown{firstSampleAt(lane, request.visible.start), firstSampleAt(lane, request.visible.end)};
    const std::size_t count = shown.end - shown.begin;
    if (count < kModelWindowSamples)
        throw Error("The triaxial image needs at least 128 samples: zoom out.");
    if (count > kMostTriaxialSamples)
        throw Error("The triaxial image shows at most 200,000 samples: zoom in.");
    for (const TimeGap &gap : lane.timing.gaps) {
        if (gap.sampleBefore >= shown.begin && gap.sampleBefore + 1 < shown.end)
            throw Error("No window spans a gap: zoom to either side of it to see the triaxial image.");
    }
    std::array<std::vector<double>, 3> axes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::span<const float> values = std::span<const float>(lane.values[axis]).subspan(shown.begin, count);
        if (std::ranges::any_of(values, [](float value) { return !std::isfinite(value); }))
            throw Error("The samples in view hold missing values: the triaxial image needs numbers throughout.");
        axes[axis].assign(values.begin(), values.end());
    }
    cancel.throwIfCancelled();
    const SpectrogramImage image = computeSpectrogramImage(axes[0], axes[1], axes[2]);
    cancel.throwIfCancelled();

    auto data = std::make_shared<SpectrogramData>();
    data->topHz = lane.timing.rateHz / 2;
    data->lowestLogHz = lane.timing.rateHz / static_cast<double>(kModelWindowSamples);
    data->image = QImage(static_cast<int>(image.frames), static_cast<int>(kModelBins), QImage::Format_RGB32);
    for (std::size_t bin = 0; bin < kModelBins; ++bin) {
        auto *line = reinterpret_cast<QRgb *>(data->image.scanLine(static_cast<int>(kModelBins - 1 - bin)));
        for (std::size_t frame = 0; frame < image.frames; ++frame)
            line[frame] = qRgb(image.at(0, bin, frame), image.at(1, bin, frame), image.at(2, bin, frame));
    }
    data->imageRange = modelFrameRange(lane, shown.begin, image.frames);
    for (std::size_t axis = 0; axis < 3; ++axis)
        data->imageAxes[axis] = lane.axes.value(static_cast<qsizetype>(axis), QString::number(axis));
    addSurroundings(*data, lane, shown, image.frames, axes);
    // Every cell must be on the screen, and the samples must be what a window of this length would hold unchanged.
    if (image.frames > request.columns)
        data->whyNoModelInput = "This is not shown cell for cell: there are more windows than the picture has columns. Zoom in.";
    else if (!hasEvenSteps(lane.timesNs.values().subspan(shown.begin, count), lane.timing.medianPeriodNs))
        data->whyNoModelInput = "A model would not be given these very samples: their times are uneven here, so they are resampled first.";
    data->isModelInput = data->whyNoModelInput.empty();
    return data;
}

} // namespace

std::shared_ptr<const SpectrogramData> computeSpectrogram(const SpectrogramRequest &request, const CancelToken &cancel)
{
    const LaneData &lane = *request.lane;
    if (lane.samples() < 2 || !(lane.timing.rateHz > 0))
        throw Error("This stream has too few samples for a spectrogram.");
    if (request.source == SpectrogramSource::triaxial)
        return computeTriaxial(request, cancel);

    StftOptions options = request.stft;
    options.rateHz = lane.timing.rateHz;
    Stft stft(options);
    cancel.throwIfCancelled();
    auto data = std::make_shared<SpectrogramData>();
    data->bins = stft.bins();
    data->topHz = lane.timing.rateHz / 2;
    data->lowestLogHz = lane.timing.rateHz / static_cast<double>(options.windowSamples);
    const Nanos margin = std::llround(kMargin * static_cast<double>(request.visible.duration()));
    const TimeRange shown{request.visible.start - margin, request.visible.end + margin};
    const std::vector<SampleSpan> stretches = gapFreeStretches(lane);
    for (std::size_t each = 0; each < stretches.size(); ++each) {
        if (auto computed = computeStretch(request, stft, stretches[each], lane.evenStretches[each], shown, cancel))
            data->stretches.push_back(std::move(*computed));
    }
    if (data->stretches.empty())
        throw Error("No gap-free stretch here is as long as the window of " + std::to_string(options.windowSamples)
                    + " samples: choose a shorter window.");
    data->suggestedDecibels = suggestDecibels(*data);
    return data;
}

} // namespace kino
