// The augmentations of signals: their options, how they draw, what they do.
#include "core/learn/augment/augmentation_operation.h"
#include "core/learn/augment/signal_kernels.h"
#include "core/learn/augment/time_warp.h"

#include <numbers>

namespace kino {
namespace {

constexpr const char *kPrimus = "PRIMUS' released code (imu_transforms.py)";
constexpr const char *kSelfHar = "Saeed et al. 2019, as in SelfHAR's code (transformations.py)";
constexpr std::int64_t kMostSegments = 64;

std::string triplesProblem(const SampleShape &shape)
{
    return shape.channels % 3 == 0 ? "" : "needs channels in threes (x, y, z), and these samples have " + std::to_string(shape.channels);
}

AugmentationOperation makeNoise(const nlohmann::json &options)
{
    const auto sigma = options.at("sigma").get<float>();
    return {[sigma](std::span<float> sample, const SampleShape &, RandomStream &stream, AugmentationScratch &scratch) {
        addNoise(sample, sigma, stream, scratch.values);
    }};
}

enum class ScalingPer { channel, step, sample };

AugmentationOperation makeScaling(const nlohmann::json &options)
{
    const auto sigma = options.at("sigma").get<float>();
    const std::string word = options.at("per");
    const ScalingPer per = word == "sample-channel" ? ScalingPer::channel : word == "step" ? ScalingPer::step : ScalingPer::sample;
    return {[sigma, per](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
        const std::size_t plane = shape.planeSize();
        std::vector<float> &factors = scratch.values;
        factors.resize(per == ScalingPer::step ? plane : per == ScalingPer::channel ? static_cast<std::size_t>(shape.channels) : 1);
        fillNormal(stream, factors);
        for (float &factor : factors)
            factor = 1 + sigma * factor;
        for (std::size_t channel = 0; channel * plane < sample.size(); ++channel) {
            float *const values = sample.data() + channel * plane;
            if (per == ScalingPer::step) {
                for (std::size_t i = 0; i < plane; ++i)
                    values[i] *= factors[i];
            } else {
                const float factor = factors[per == ScalingPer::channel ? channel : 0];
                for (std::size_t i = 0; i < plane; ++i)
                    values[i] *= factor;
            }
        }
    }};
}

AugmentationOperation makeNegate(const nlohmann::json &)
{
    return {[](std::span<float> sample, const SampleShape &, RandomStream &, AugmentationScratch &) {
        for (float &value : sample)
            value = -value;
    }};
}

AugmentationOperation makeTimeFlip(const nlohmann::json &)
{
    return {[](std::span<float> sample, const SampleShape &shape, RandomStream &, AugmentationScratch &) { reverseRows(sample, shape); }};
}

AugmentationOperation makeSegmentPermutation(const nlohmann::json &options)
{
    const auto segments = options.at("segments").get<std::size_t>();
    return {[segments](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
                std::array<std::int64_t, kMostSegments> cutRoom;
                std::array<std::int64_t, kMostSegments> orderRoom;
                const std::span cuts = std::span(cutRoom).first(segments - 1);
                const std::span order = std::span(orderRoom).first(segments);
                drawCuts(stream, shape.length, cuts);
                for (std::size_t i = 0; i < segments; ++i)
                    order[i] = static_cast<std::int64_t>(i);
                stream.shuffle(order);
                permuteColumns(sample, shape, cuts, order, scratch.values);
            },
            [segments](const SampleShape &shape) {
                return shape.length >= static_cast<std::int64_t>(segments)
                           ? std::string()
                           : "cuts windows into " + std::to_string(segments) + " segments, and these have " + std::to_string(shape.length)
                                 + " samples";
            }};
}

AugmentationOperation makeRotation(const nlohmann::json &options)
{
    const double largest = options.at("angle").get<double>() * std::numbers::pi / 180;
    const bool isReleased = options.at("mode") == "as-released";
    return {[largest, isReleased](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &) {
                const AxisAngle turn = isReleased ? drawReleasedRotation(stream, largest, shape.channels) : drawRotation(stream, largest);
                rotateTriples(sample, shape, rotationMatrix(turn));
            },
            triplesProblem};
}

AugmentationOperation makeTimeWarp(const nlohmann::json &options)
{
    const auto sigma = options.at("sigma").get<double>();
    const auto knotCount = options.at("knots").get<std::size_t>();
    const bool isEachChannel = options.at("per") == "sample-channel";
    return {[sigma, knotCount, isEachChannel](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
                const auto length = static_cast<std::size_t>(shape.length);
                scratch.values.resize(length);
                scratch.times.resize(length);
                scratch.places.resize(length);
                scratch.factors.resize(length);
                const WarpedPlaces warped{scratch.places, scratch.factors};
                std::array<double, kMostKnots> knots;
                for (std::size_t start = 0; start < sample.size(); start += length) {
                    if (start == 0 || isEachChannel) {
                        for (std::size_t k = 0; k < knotCount; ++k)
                            knots[k] = stream.normal(1, sigma);
                        computeWarpedTimes(std::span(knots).first(knotCount), scratch.times);
                        locateInstants(scratch.times, warped);
                    }
                    readWarped(sample.subspan(start, length), warped, scratch.values);
                    std::ranges::copy(scratch.values, sample.begin() + static_cast<std::ptrdiff_t>(start));
                }
            },
            [](const SampleShape &shape) { return shape.length < 2 ? std::string("needs windows of two samples or more") : std::string(); }};
}

AugmentationOperation makeChannelShuffle(const nlohmann::json &options)
{
    const bool isEachTriple = options.at("triples") == "each";
    return {[isEachTriple](std::span<float> sample, const SampleShape &shape, RandomStream &stream, AugmentationScratch &scratch) {
                const std::size_t plane = shape.planeSize();
                std::size_t drawn = 0;
                for (std::size_t start = 0; start < sample.size(); start += 3 * plane) {
                    if (start == 0 || isEachTriple)
                        drawn = 1 + stream.below(kTriplePermutations.size() - 1); // 0 is the identity
                    permuteTriple(sample.subspan(start, 3 * plane), plane, kTriplePermutations[drawn], scratch.values);
                }
            },
            triplesProblem};
}

} // namespace

std::vector<AugmentationDefinition> signalAugmentations()
{
    constexpr AugmentationInput kSignal = AugmentationInput::signal;
    return {
        {{"noise",
          "Noise",
          kPrimus,
          kSignal,
          {{"sigma", 0.1, {}, 0, 1e4, false,
            "Standard deviation of what is added to every value, in the signal's unit (m/s^2, rad/s). SelfHAR: 0.05."},
           probabilityOption(1)}},
         makeNoise},
        {{"scaling",
          "Scaling",
          kPrimus,
          kSignal,
          {{"per", "sample-channel", {"sample-channel", "step", "sample"}, 0, 0, false,
            "One factor for each channel of a sample; one for each time step, shared by all channels, which is noise that multiplies (as "
            "PRIMUS' code was released); or one for the whole sample."},
           {"sigma", 0.25, {}, 0, 100, false, "Standard deviation of the factors, which are normal about 1. SelfHAR: 0.1."},
           probabilityOption(1)}},
         makeScaling},
        {{"negate", "Negation", kPrimus, kSignal, {probabilityOption(1)}}, makeNegate},
        {{"time-flip", "Time reversed", kPrimus, kSignal, {probabilityOption(1)}}, makeTimeFlip},
        {{"segment-permutation",
          "Permutation of segments",
          kPrimus,
          kSignal,
          {{"segments", 5, {}, 2, static_cast<double>(kMostSegments), true,
            "Into how many pieces a window is cut, at places drawn for each sample, none twice; all channels alike. The pieces' order may come "
            "out as it was."},
           probabilityOption(1)}},
         makeSegmentPermutation},
        {{"rotation",
          "Rotation of the sensor",
          kPrimus,
          kSignal,
          {{"mode", "true", {"true", "as-released"}, 0, 0, false,
            "A rotation about the axis to a point of a cube; or as PRIMUS' code was released: the axis is brought to length 1 over all channels, so "
            "that what comes of it shears and shrinks."},
           {"angle", 180, {}, 0, 180, false, "Largest angle either way, degrees. The same rotation turns every three channels."},
           probabilityOption(1)}},
         makeRotation},
        {{"time-warp",
          "Time stretched and squeezed",
          kSelfHar,
          kSignal,
          {{"sigma", 0.2, {}, 0, 2, false, "Standard deviation of the speed of time at the knots, normal about 1; nowhere below 0.05."},
           {"knots", 6, {}, 4, static_cast<double>(kMostKnots), true, "Points through which the speed is a cubic spline, both ends among them."},
           {"per", "sample", {"sample", "sample-channel"}, 0, 0, false, "All channels warped alike, or each on its own (as SelfHAR's code was released)."},
           probabilityOption(1)}},
         makeTimeWarp},
        {{"channel-shuffle",
          "Axes exchanged",
          kSelfHar,
          kSignal,
          {{"triples", "together", {"together", "each"}, 0, 0, false,
            "Every three channels (x, y, z) get the same new order, or each its own; never the old one."},
           probabilityOption(1)}},
         makeChannelShuffle},
    };
}

} // namespace kino
