#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "core/base/error.h"
#include "core/base/npy.h"
#include "core/media/image_io.h"
#include "core/signal/resample.h"
#include "core/signal/spectrogram_image.h"
#include "core/signal/stft.h"
#include "core/signal/timing.h"

#include <limits>

namespace kino::cli {
namespace {

struct Options {
    std::string path, stream, out, recording, profile;
    std::string mode = "power";
    std::string shape = "hann";
    std::size_t windowSamples = 128;
    std::size_t hopSamples = 32;
    std::optional<double> rateHz;
};

/** One stream, axis by axis, at one rate. */
struct Signal {
    std::string unit;
    double rateHz = 0;
    std::vector<std::vector<float>> axes;
};

/** What a result consists of, whichever way it is written. Cells are [axes, bins, frames]. */
struct Cells {
    std::size_t axes = 0, bins = 0, frames = 0;
    std::size_t index(std::size_t axis, std::size_t bin, std::size_t frame) const
    {
        return (axis * bins + bin) * frames + frame;
    }
};

Signal signalOf(const Context &context, const ImuStream &stream, const std::optional<double> &rateHz)
{
    Signal signal{stream.unit, 0, {}};
    const TimingSummary timing = summariseTiming(stream.timesNs);
    if (rateHz) {
        std::vector<std::span<const float>> axes(stream.values.begin(), stream.values.end());
        ResampleOptions options;
        options.cancel = context.cancel;
        signal.axes = resampleOnto(gridOver(stream.timesNs, *rateHz), stream.timesNs, axes, options).axes;
        signal.rateHz = *rateHz;
        return signal;
    }
    for (const Column<float> &column : stream.values)
        signal.axes.emplace_back(column.begin(), column.end());
    signal.rateHz = timing.rateHz;
    if (!timing.gaps.empty() || timing.duplicateTimes > 0)
        say(context, "kino: the samples are taken as they came, at " + decimal(timing.rateHz) + " Hz, across " +
                         std::to_string(timing.gaps.size()) + " gaps and " + std::to_string(timing.duplicateTimes) +
                         " repeated times; --rate puts them on an even grid first");
    return signal;
}

std::pair<Cells, std::vector<float>> powerCells(const Context &context, const Signal &signal, const Options &options)
{
    StftOptions stftOptions;
    stftOptions.windowSamples = options.windowSamples;
    stftOptions.hopSamples = options.hopSamples;
    stftOptions.shape = windowShapeFromName(options.shape);
    stftOptions.rateHz = signal.rateHz;
    Stft stft(stftOptions);
    const std::size_t samples = signal.axes.front().size();
    Cells cells{signal.axes.size(), stft.bins(), stft.frames(samples)};
    if (cells.frames == 0)
        throw Error("the stream has " + std::to_string(samples) + " samples, fewer than the window's " +
                    std::to_string(options.windowSamples) + "; choose a shorter --window");
    std::vector<float> values(cells.axes * cells.bins * cells.frames);
    for (std::size_t axis = 0; axis < cells.axes; ++axis) {
        const PowerSpectrogram power = stft.power(signal.axes[axis], context.cancel);
        for (std::size_t bin = 0; bin < cells.bins; ++bin) {
            for (std::size_t frame = 0; frame < cells.frames; ++frame) {
                const float value = power.at(bin, frame);
                values[cells.index(axis, bin, frame)] = options.mode == "db" ? decibel(value) : value;
            }
        }
    }
    return {cells, std::move(values)};
}

SpectrogramImage modelImage(const Signal &signal)
{
    if (signal.axes.size() != 3)
        throw Error("the model's spectrogram needs three axes; this stream has " + std::to_string(signal.axes.size()));
    std::array<std::vector<double>, 3> axes;
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        axes[axis].assign(signal.axes[axis].begin(), signal.axes[axis].end());
        if (!std::ranges::all_of(axes[axis], [](double value) { return std::isfinite(value); }))
            throw Error("the stream has gaps or missing values, which the model's spectrogram cannot hold");
    }
    return computeSpectrogramImage(axes[0], axes[1], axes[2]);
}

Image blackImage(std::size_t width, std::size_t height)
{
    // What OpenCV can write in one PNG.
    constexpr std::size_t kMostPixels = std::size_t{1} << 20;
    if (width > kMostPixels || height > kMostPixels)
        throw Error("the picture would be " + std::to_string(width) + " x " + std::to_string(height) +
                    " pixels; write .npy, or choose a longer --hop");
    Image image{static_cast<int>(width), static_cast<int>(height), std::vector<std::uint8_t>(width * height * 4)};
    for (std::size_t alpha = 3; alpha < image.bgra.size(); alpha += 4)
        image.bgra[alpha] = 255;
    return image;
}

/** x, y, z are red, green, blue; the lowest frequency is the bottom row. */
Image pictureOf(const SpectrogramImage &spectrogram)
{
    Image image = blackImage(spectrogram.frames, kModelBins);
    const std::vector<std::uint8_t> rgb = interleavedLowAtBottom(spectrogram);
    for (std::size_t pixel = 0; pixel < rgb.size() / 3; ++pixel) {
        for (std::size_t axis = 0; axis < 3; ++axis)
            image.bgra[pixel * 4 + 2 - axis] = rgb[pixel * 3 + axis];
    }
    return image;
}

/** One axis below the other, the lowest frequency at the bottom of each; from black to white over all decibels there are. */
Image pictureOf(const Cells &cells, std::span<const float> values, bool areDecibels)
{
    std::vector<float> levels(values.begin(), values.end());
    if (!areDecibels)
        std::ranges::transform(levels, levels.begin(), [](float power) { return decibel(power); });
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (const float level : levels) {
        if (std::isfinite(level)) {
            low = std::min(low, level);
            high = std::max(high, level);
        }
    }
    Image image = blackImage(cells.frames, cells.axes * cells.bins);
    for (std::size_t axis = 0; axis < cells.axes; ++axis) {
        for (std::size_t bin = 0; bin < cells.bins; ++bin) {
            const std::size_t row = axis * cells.bins + (cells.bins - 1 - bin);
            for (std::size_t frame = 0; frame < cells.frames; ++frame) {
                const float level = levels[cells.index(axis, bin, frame)];
                const float share = high > low && std::isfinite(level) ? (level - low) / (high - low) : 0;
                std::uint8_t *pixel = image.bgra.data() + (row * cells.frames + frame) * 4;
                std::fill(pixel, pixel + 3, static_cast<std::uint8_t>(std::lround(255 * share)));
            }
        }
    }
    return image;
}

int run(const Context &context, const Options &options)
{
    const std::filesystem::path out(options.out);
    const bool isPicture = out.extension() == ".png";
    const Recording recording = readOneRecording(context, options.path, options.profile, options.recording);
    const auto [device, stream] = findStream(recording, options.stream);
    if (stream->samples() == 0 || stream->values.empty())
        throw Error(recording.path, "stream " + streamName(*device, *stream) + " has no samples");
    const Signal signal = signalOf(context, *stream, options.rateHz);
    context.cancel.throwIfCancelled();
    Cells cells;
    if (options.mode == "model") {
        const SpectrogramImage image = modelImage(signal);
        cells = {3, kModelBins, image.frames};
        if (isPicture)
            writePng(out, pictureOf(image));
        else
            writeNpy<std::uint8_t>(out, image.cells, {3, kModelBins, static_cast<std::int64_t>(image.frames)});
    } else {
        std::vector<float> values;
        std::tie(cells, values) = powerCells(context, signal, options);
        if (isPicture)
            writePng(out, pictureOf(cells, values, options.mode == "db"));
        else
            writeNpy<float>(out, values,
                            {static_cast<std::int64_t>(cells.axes), static_cast<std::int64_t>(cells.bins),
                             static_cast<std::int64_t>(cells.frames)});
    }
    const std::string unit = options.mode == "power" ? "(" + signal.unit + ")^2/Hz" : options.mode == "db" ? "dB" : "grey";
    if (context.json)
        printJson({{"stream", streamName(*device, *stream)},
                   {"mode", options.mode},
                   {"shape", {cells.axes, cells.bins, cells.frames}},
                   {"rate_hz", signal.rateHz},
                   {"unit", unit},
                   {"out", out.string()}});
    else
        printText(out.string() + ": " + std::to_string(cells.axes) + " axes, " + std::to_string(cells.bins) + " bins, " +
                  std::to_string(cells.frames) + " frames, " + unit + ", at " + decimal(signal.rateHz) + " Hz\n");
    return kDone;
}

} // namespace

void addSpectrogramCommand(Program &program)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand(
        "spectrogram", "Write the spectrogram of a stream",
        "kino spectrogram ride.mp4 --stream accelerometer --mode db --out ride.png");
    command->add_option("PATH", options->path, "A recording")->required()->check(notEmpty());
    command->add_option("--stream", options->stream, "DEVICE/KIND as `kino inspect` names it, or KIND where only one has it")
        ->required()
        ->check(notEmpty());
    command->add_option("--out", options->out, "FILE.npy: [axes, bins, frames], or FILE.png: low frequencies at the bottom")
        ->required()
        ->check(fileEndingIn({".npy", ".png"}));
    command->add_option("--mode", options->mode, "power and db: spectral density; model: grey levels as the encoders see them")
        ->check(oneOf({"power", "db", "model"}))
        ->capture_default_str();
    CLI::Option *window = command->add_option("--window", options->windowSamples, "Samples a window; not with model")
                              ->check(wholeNumberFrom(2, 1 << 20))
                              ->capture_default_str();
    CLI::Option *hop = command->add_option("--hop", options->hopSamples, "Samples from one window to the next; not with model")
                           ->check(wholeNumberFrom(1, 1 << 20))
                           ->capture_default_str();
    CLI::Option *shape = command->add_option("--shape", options->shape, "Window: hann, hann-symmetric, hamming, blackman, rectangular")
                             ->check(oneOf({"hann", "hann-symmetric", "hamming", "blackman", "rectangular"}))
                             ->capture_default_str();
    command->add_option("--rate", options->rateHz, "Resample to this many Hz first")->check(numberFrom(1e-3, 1e6, "a rate in Hz"));
    command->add_option("--recording", options->recording, "Which one, where PATH holds several")->check(notEmpty());
    command->add_option("--profile", options->profile, "Read by this profile")->check(notEmpty());
    program.onRun(command, [options, window, hop, shape, &context = program.context] {
        if (options->mode == "model" && (window->count() > 0 || hop->count() > 0 || shape->count() > 0))
            throw CLI::ValidationError("--mode model has constants of its own: leave --window, --hop and --shape out");
        return run(context, *options);
    });
}

} // namespace kino::cli
