// The normalisation layers of encoders that have group norms, and what a study may put in their place (methods 3.1.6).
#pragma once

#include <torch/torch.h>

#include <string>
#include <string_view>

namespace kino {

/** All are torch's GroupNorm with learned scale and shift per channel: statistics over groups, channels, or all of a window. */
enum class Normalisation {
    group,    // the reference's number of groups
    instance, // a group for each channel
    layer     // one group: over channels and time
};

/** "group", "instance", "layer"; the second throws Error for other names. */
std::string_view normalisationName(Normalisation normalisation);
Normalisation normalisationFromName(const std::string &name);

/** For [B, channels, T]; `groups` are the reference's. */
torch::nn::GroupNorm makeNormalisation(Normalisation normalisation, std::int64_t groups, std::int64_t channels);

} // namespace kino
