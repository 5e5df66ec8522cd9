// What a model is shown of a window: its signal, or the spectrogram of one triaxial stream as a picture. Any thread.
#pragma once

#include "core/base/named_option.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct RepresentationInfo {
    std::string name;
    std::string title;
    std::string source;
    std::vector<NamedOption> options;
};

/** "signal" [C, T]; "spectrogram" [3, 96, 128], option `stream`: the kind of stream that is drawn, the first of it. */
const std::vector<RepresentationInfo> &representationInfos();
/** Throws Error naming what there is. */
const RepresentationInfo &representationInfo(const std::string &name);

/** As a specification writes it. */
struct RepresentationChoice {
    std::string name = "signal";
    nlohmann::json options = nlohmann::json::object();
    friend bool operator==(const RepresentationChoice &, const RepresentationChoice &) = default;
};

/**
 * Where the three axes of the first stream of a kind lie among channels named "…/accelerometer/x". Throws Error naming the
 * channels where there is none, or it has other than three axes.
 */
std::size_t firstAxisOf(const std::string &streamKind, const std::vector<std::string> &channels);

/**
 * The model's picture of one window: uint8 [3, 96, 128] (spectrogram_image.h), from three rows of T samples. Throws Error for
 * fewer than 128 samples or samples that are no numbers.
 */
std::vector<std::uint8_t> computeWindowPicture(std::span<const float> axes, std::size_t samples);

/** 0 … 255 becomes 0 … 1. */
void toUnitRange(std::span<const std::uint8_t> picture, std::span<float> out);
/**
 * [3, H, W] of 0 … 1 in place: less ImageNet's mean, divided by its standard deviation (methods §1.2 step 12), as networks
 * trained on photographs want it. With toUnitRange() within 1e-6 of computeModelInput().
 */
void applyImageNetStatistics(std::span<float> picture);

} // namespace kino
