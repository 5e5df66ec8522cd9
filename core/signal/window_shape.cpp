#include "core/base/error.h"
#include "core/signal/stft.h"

#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace kino {
namespace {

constexpr std::array<std::pair<WindowShape, std::string_view>, 5> kShapes{{
    {WindowShape::hann, "hann"},
    {WindowShape::hannSymmetric, "hann-symmetric"},
    {WindowShape::hamming, "hamming"},
    {WindowShape::blackman, "blackman"},
    {WindowShape::rectangular, "rectangular"},
}};

double coefficient(WindowShape shape, double turn)
{
    const double cos1 = std::cos(2 * std::numbers::pi * turn);
    switch (shape) {
    case WindowShape::hann:
    case WindowShape::hannSymmetric: return 0.5 - 0.5 * cos1;
    case WindowShape::hamming: return 0.54 - 0.46 * cos1;
    case WindowShape::blackman: return 0.42 - 0.5 * cos1 + 0.08 * std::cos(4 * std::numbers::pi * turn);
    case WindowShape::rectangular: break;
    }
    return 1;
}

} // namespace

WindowShape windowShapeFromName(std::string_view name)
{
    std::string allowed;
    for (const auto &[shape, spelled] : kShapes) {
        if (spelled == name)
            return shape;
        allowed += (allowed.empty() ? "" : ", ") + std::string(spelled);
    }
    throw Error("There is no window shape \"" + std::string(name) + "\"; choose one of " + allowed + ".");
}

std::string_view windowShapeName(WindowShape shape)
{
    for (const auto &[known, spelled] : kShapes) {
        if (known == shape)
            return spelled;
    }
    return "";
}

std::vector<double> windowCoefficients(WindowShape shape, std::size_t samples)
{
    std::vector<double> window(samples, 1.0);
    if (samples < 2)
        return window;
    const double period = static_cast<double>(shape == WindowShape::hannSymmetric ? samples - 1 : samples);
    for (std::size_t i = 0; i < samples; ++i)
        window[i] = coefficient(shape, static_cast<double>(i) / period);
    return window;
}

} // namespace kino
