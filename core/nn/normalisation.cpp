#include "core/nn/normalisation.h"

#include "core/base/error.h"

namespace kino {

std::string_view normalisationName(Normalisation normalisation)
{
    switch (normalisation) {
    case Normalisation::group: return "group";
    case Normalisation::instance: return "instance";
    case Normalisation::layer: return "layer";
    }
    return {};
}

Normalisation normalisationFromName(const std::string &name)
{
    for (const auto each : {Normalisation::group, Normalisation::instance, Normalisation::layer}) {
        if (normalisationName(each) == name)
            return each;
    }
    throw Error("The normalisation " + name + " is not known; known are group, instance, layer.");
}

torch::nn::GroupNorm makeNormalisation(Normalisation normalisation, std::int64_t groups, std::int64_t channels)
{
    const std::int64_t count = normalisation == Normalisation::group ? groups : normalisation == Normalisation::instance ? channels : 1;
    return torch::nn::GroupNorm(torch::nn::GroupNormOptions(count, channels));
}

} // namespace kino
