#include "core/base/error.h"
#include "core/learn/augment/augmentations.h"

#include <algorithm>

namespace kino {
namespace {

using Json = nlohmann::json;

Json entry(const char *name, Json options = Json::object()) { return {{"name", name}, {"options", std::move(options)}}; }

} // namespace

const std::vector<AugmentationPreset> &augmentationPresets()
{
    constexpr AugmentationInput kSignal = AugmentationInput::signal;
    constexpr AugmentationInput kPicture = AugmentationInput::picture;
    // Magnitudes are written out where a method has its own, and where a usual value could change one day.
    static const std::vector<AugmentationPreset> presets = {
        {"primus-released",
         "PRIMUS, as its code runs",
         "PRIMUS' released code, whose list is always 1 and 4",
         kSignal,
         Json::array({entry("scaling", {{"per", "step"}, {"sigma", 0.25}}), entry("segment-permutation", {{"segments", 5}})})},
        {"primus-readme",
         "PRIMUS, as its README asks",
         "PRIMUS' README, list 2 and 4",
         kSignal,
         Json::array({entry("negate"), entry("segment-permutation", {{"segments", 5}})})},
        {"simclr-har", "SimCLR for activities", "Tang et al. 2020", kSignal, Json::array({entry("rotation", {{"mode", "true"}, {"angle", 180}})})},
        {"multitask-har",
         "Multi-task: one transformation a task",
         "Saeed et al. 2019, as in SelfHAR's code; each entry is a task of its own, not a step of a chain",
         kSignal,
         Json::array({entry("noise", {{"sigma", 0.05}}), entry("scaling", {{"per", "sample-channel"}, {"sigma", 0.1}}), entry("rotation"),
                      entry("negate"), entry("time-flip"), entry("segment-permutation", {{"segments", 5}}),
                      entry("time-warp", {{"sigma", 0.2}, {"knots", 6}}), entry("channel-shuffle")})},
        {"sensor-image",
         "Pictures of a sensor",
         "IMG2IMU, our reading: its list is not published",
         kPicture,
         Json::array({entry("image-time-shift", {{"shift", 0.3}, {"edge", "wrap"}}), entry("image-strip-permutation", {{"strips", 4}}),
                      entry("image-hue", {{"shift", 0.5}}),
                      entry("image-amplitude", {{"brightness", 0.4}, {"contrast", 0.4}, {"probability", 0.8}}),
                      entry("image-noise", {{"sigma", 0.02}, {"probability", 0.8}})})},
        {"moco-v2",
         "MoCo v2",
         "facebookresearch/moco with --aug-plus",
         kPicture,
         Json::array({entry("random-resized-crop", {{"least-area", 0.2}, {"most-area", 1.0}, {"widest", 4.0 / 3}}),
                      entry("colour-jitter", {{"brightness", 0.4}, {"contrast", 0.4}, {"saturation", 0.4}, {"hue", 0.1}, {"probability", 0.8}}),
                      entry("grayscale", {{"probability", 0.2}}),
                      entry("gaussian-blur", {{"least-sigma", 0.1}, {"most-sigma", 2.0}, {"probability", 0.5}}),
                      entry("horizontal-flip", {{"probability", 0.5}})})},
    };
    return presets;
}

const AugmentationPreset &augmentationPreset(const std::string &name)
{
    const auto found = std::ranges::find(augmentationPresets(), name, &AugmentationPreset::name);
    if (found != augmentationPresets().end())
        return *found;
    std::vector<std::string> known;
    std::ranges::transform(augmentationPresets(), std::back_inserter(known), &AugmentationPreset::name);
    throw Error("There is no list of augmentations called \"" + name + "\"; there are " + listOfWords(known) + ".");
}

} // namespace kino
