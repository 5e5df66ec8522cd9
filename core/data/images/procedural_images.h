// Pictures that no camera took, for pretraining without photographs: dead leaves, fractals, and sweeps as they look in a
// spectrogram. Each is a function of kind, options, seed, number and size alone. Any thread.
#pragma once

#include "core/base/named_option.h"
#include "core/data/images/image_set.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kino {

struct ProceduralImageInfo {
    std::string name;
    std::string title;
    std::string source;
    std::vector<NamedOption> options;
};

/** "dead-leaves", "fractals", "chirps". */
const std::vector<ProceduralImageInfo> &proceduralImageInfos();
/** Throws Error naming what there is. */
const ProceduralImageInfo &proceduralImageInfo(const std::string &name);

struct ProceduralImages {
    std::string kind = "dead-leaves";
    nlohmann::json options = nlohmann::json::object();
    std::size_t count = 10'000;
    std::uint64_t seed = 0;
    PictureSize size = {};
};

/** uint8 [3, H, W] of number `number`. Throws Error for an unknown kind, options with problems, and sizes out of 8 to 1024. */
std::vector<std::uint8_t> renderProceduralImage(const ProceduralImages &images, std::uint64_t number);

/** All `count` of them, made once. Throws Error as above and for no pictures. */
ImageSet makeProceduralImages(const ProceduralImages &images, const std::filesystem::path &cacheFolder = {}, const CancelToken &cancel = {},
                              const Progress &progress = {});

} // namespace kino
