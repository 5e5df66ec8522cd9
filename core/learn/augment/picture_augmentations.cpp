// The augmentations of pictures: their options, how they draw, what they do.
#include "core/learn/augment/augmentation_operation.h"
#include "core/learn/augment/picture_colour.h"
#include "core/learn/augment/picture_geometry.h"

#include <numbers>

namespace kino {
namespace {

constexpr const char *kOurReading = "IMG2IMU, our reading: what a sensor can do to its spectrogram";
constexpr const char *kMoco = "MoCo v2 (He et al. 2020), as torchvision does it";
constexpr std::int64_t kMostStrips = 64;

AugmentationOperation makeTimeShift(const nlohmann::json &options)
{
    const auto share = options.at("shift").get<double>();
    const ShiftEdge edge = options.at("edge") == "fill" ? ShiftEdge::fill : ShiftEdge::wrap;
    return {[share, edge](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
        const double columns = stream.uniform(-share, share) * static_cast<double>(shape.length);
        shiftColumns(sample, shape, static_cast<std::int64_t>(std::nearbyint(columns)), edge, scratch.values);
    }};
}

AugmentationOperation makeStripPermutation(const nlohmann::json &options)
{
    const auto strips = options.at("strips").get<std::size_t>();
    return {[strips](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
                std::array<std::int64_t, kMostStrips> cutRoom;
                std::array<std::int64_t, kMostStrips> orderRoom;
                const std::span cuts = std::span(cutRoom).first(strips - 1);
                const std::span order = std::span(orderRoom).first(strips);
                for (std::size_t i = 0; i < strips; ++i)
                    order[i] = static_cast<std::int64_t>(i);
                for (std::size_t i = 0; i < cuts.size(); ++i)
                    cuts[i] = shape.length * static_cast<std::int64_t>(i + 1) / static_cast<std::int64_t>(strips);
                stream.shuffle(order);
                permuteColumns(sample, shape, cuts, order, scratch.values);
            },
            [strips](const SampleShape &shape) {
                return shape.length >= static_cast<std::int64_t>(strips)
                           ? std::string()
                           : "cuts pictures into " + std::to_string(strips) + " strips, and these are " + std::to_string(shape.length)
                                 + " pixels wide";
            }};
}

AugmentationOperation makeChannelPermutation(const nlohmann::json &)
{
    return {[](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
        permuteTriple(sample, shape.planeSize(), kTriplePermutations[stream.below(kTriplePermutations.size())], scratch.values);
    }};
}

AugmentationOperation makeHue(const nlohmann::json &options)
{
    const auto shift = options.at("shift").get<double>();
    return {[shift](std::span<float> sample, const SampleShape &, RandomStream &stream, AugmentationScratch &) {
        adjustHue(sample, static_cast<float>(stream.uniform(-shift, shift)));
    }};
}

AugmentationOperation makeChannelMixing(const nlohmann::json &options)
{
    const double largest = options.at("angle").get<double>() * std::numbers::pi / 180;
    return {[largest](std::span<float> sample, const SampleShape &, RandomStream &stream, AugmentationScratch &) {
        Matrix3 matrix = rotationMatrix(drawRotation(stream, largest));
        for (auto &row : matrix) {
            for (float &each : row)
                each *= each;
        }
        mixChannels(sample, matrix);
    }};
}

AugmentationOperation jitterOf(const JitterRange &range)
{
    return {[range](std::span<float> sample, const SampleShape &, RandomStream &stream, AugmentationScratch &) {
        applyJitter(sample, drawJitter(stream, range));
    }};
}

AugmentationOperation makeAmplitude(const nlohmann::json &options) { return jitterOf({options.at("brightness"), options.at("contrast"), 0, 0}); }

AugmentationOperation makeColourJitter(const nlohmann::json &options)
{
    return jitterOf({options.at("brightness"), options.at("contrast"), options.at("saturation"), options.at("hue")});
}

AugmentationOperation makePictureNoise(const nlohmann::json &options)
{
    const auto sigma = options.at("sigma").get<float>();
    return {[sigma](std::span<float> sample, const SampleShape &, RandomStream &stream, AugmentationScratch &scratch) {
        addNoise(sample, sigma, stream, scratch.values);
        clampToUnit(sample);
    }};
}

AugmentationOperation makeCrop(const nlohmann::json &options)
{
    const CropRange range{options.at("least-area"), options.at("most-area"), options.at("widest")};
    return {[range](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
        resizeCrop(sample, shape, drawCrop(stream, shape, range), scratch);
    }};
}

AugmentationOperation makeGrayscale(const nlohmann::json &)
{
    return {[](std::span<float> sample, const SampleShape &, RandomStream &, AugmentationScratch &) { makeGrey(sample); }};
}

AugmentationOperation makeBlur(const nlohmann::json &options)
{
    const auto least = options.at("least-sigma").get<double>();
    const auto most = options.at("most-sigma").get<double>();
    return {[least, most](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
        blurPicture(sample, shape, stream.uniform(least, most), scratch);
    }};
}

AugmentationOperation makeFlip(const nlohmann::json &)
{
    return {[](std::span<float> sample, const SampleShape &shape, RandomStream &, AugmentationScratch &) { reverseRows(sample, shape); }};
}

std::string orderProblem(const std::string &owner, const nlohmann::json &options, const char *least, const char *most)
{
    if (options.at(least).get<double>() <= options.at(most).get<double>())
        return "";
    std::string text = "\"";
    return text.append(least) + "\" of " + owner + " is " + options.at(least).dump() + " and lies above its \"" + most + "\", "
           + options.at(most).dump() + ".";
}

std::string cropProblem(const std::string &owner, const nlohmann::json &options) { return orderProblem(owner, options, "least-area", "most-area"); }

std::string blurProblem(const std::string &owner, const nlohmann::json &options) { return orderProblem(owner, options, "least-sigma", "most-sigma"); }

NamedOption factorRange(const char *name, double usual, const char *what)
{
    return {name, usual, {}, 0, 10, false, "Factors of " + std::string(what) + " lie within 1 less and 1 more this, not below 0."};
}

} // namespace

std::vector<AugmentationDefinition> pictureAugmentations()
{
    constexpr AugmentationInput kPicture = AugmentationInput::picture;
    return {
        {{"image-time-shift",
          "Moved in time",
          kOurReading,
          kPicture,
          {{"shift", 0.3, {}, 0, 1, false, "Furthest shift either way, as a share of the picture's width."},
           {"edge", "wrap", {"wrap", "fill"}, 0, 0, false, "What leaves on one side comes in on the other, or leaves black behind."},
           probabilityOption(1)}},
         makeTimeShift},
        {{"image-strip-permutation",
          "Permutation of strips of time",
          kOurReading,
          kPicture,
          {{"strips", 4, {}, 2, static_cast<double>(kMostStrips), true,
            "Into how many vertical strips of equal width a picture is cut. Their order may come out as it was."},
           probabilityOption(1)}},
         makeStripPermutation},
        {{"image-channel-permutation", "Axes exchanged", kOurReading, kPicture, {probabilityOption(1)}}, makeChannelPermutation},
        {{"image-hue",
          "Hue turned",
          kOurReading,
          kPicture,
          {{"shift", 0.5, {}, 0, 0.5, false, "Furthest turn of the hue either way, turns: a third leads from one axis' colour to the next."},
           probabilityOption(1)}},
         makeHue},
        {{"image-channel-mixing",
          "Axes mixed",
          kOurReading,
          kPicture,
          {{"angle", 180, {}, 0, 180, false,
            "Largest turn of the sensor, degrees. Channels are mixed by the squares of a random rotation's elements: what it does to the "
            "power of each axis."},
           probabilityOption(1)}},
         makeChannelMixing},
        {{"image-amplitude",
          "Brightness and contrast",
          kOurReading,
          kPicture,
          {factorRange("brightness", 0.4, "brightness"), factorRange("contrast", 0.4, "contrast"), probabilityOption(0.8)}},
         makeAmplitude},
        {{"image-noise",
          "Noise",
          kOurReading,
          kPicture,
          {{"sigma", 0.02, {}, 0, 1, false, "Standard deviation of what is added to every value, of 0 to 1."}, probabilityOption(0.8)}},
         makePictureNoise},
        {{"random-resized-crop",
          "Cropped and enlarged",
          kMoco,
          kPicture,
          {{"least-area", 0.2, {}, 0.01, 1, false, "Smallest share of the picture's area that is kept."},
           {"most-area", 1, {}, 0.01, 1, false, "Largest share."},
           {"widest", 4.0 / 3, {}, 1, 10, false, "Largest ratio of the crop's longer side to the shorter, either way."},
           probabilityOption(1)}},
         makeCrop,
         cropProblem},
        {{"colour-jitter",
          "Colour jitter",
          kMoco,
          kPicture,
          {factorRange("brightness", 0.4, "brightness"), factorRange("contrast", 0.4, "contrast"), factorRange("saturation", 0.4, "saturation"),
           {"hue", 0.1, {}, 0, 0.5, false, "Furthest turn of the hue either way, turns."}, probabilityOption(0.8)}},
         makeColourJitter},
        {{"grayscale", "Grey", kMoco, kPicture, {probabilityOption(0.2)}}, makeGrayscale},
        {{"gaussian-blur",
          "Gaussian blur",
          kMoco,
          kPicture,
          {{"least-sigma", 0.1, {}, 0.01, 16, false, "Smallest standard deviation of the Gaussian, pixels (PIL's radius)."},
           {"most-sigma", 2, {}, 0.01, 16, false, "Largest, pixels. The kernel ends at 4 standard deviations; the picture is mirrored at its edges."},
           probabilityOption(0.5)}},
         makeBlur,
         blurProblem},
        {{"horizontal-flip", "Flipped sideways", kMoco, kPicture, {probabilityOption(0.5)}}, makeFlip},
    };
}

} // namespace kino
