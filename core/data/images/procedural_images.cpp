#include "core/data/images/procedural_images.h"

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/data/images/procedures.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr std::size_t kLeastPixels = 8;
constexpr std::size_t kMostPixels = 1024;
/** To be raised whenever a kind gives other pictures for the same seed. */
constexpr int kVersion = 1;

void requireSound(const ProceduralImages &images)
{
    const ProceduralImageInfo &info = proceduralImageInfo(images.kind);
    requireNoProblems(optionProblems("the pictures " + info.name, info.options, images.options));
    const auto [least, most] = std::minmax(images.size.width, images.size.height);
    if (least < kLeastPixels || most > kMostPixels)
        throw Error("procedural pictures are 8 to 1024 pixels wide and high");
}

std::vector<std::uint8_t> render(const ProceduralImages &images, const nlohmann::json &options, std::uint64_t number)
{
    const RandomStream random = RandomStream(images.seed).split(number);
    if (images.kind == "dead-leaves")
        return procedures::deadLeaves(options, images.size, random);
    if (images.kind == "fractals")
        return procedures::fractal(options, images.size, random);
    return procedures::chirps(options, images.size, random);
}

} // namespace

const std::vector<ProceduralImageInfo> &proceduralImageInfos()
{
    static const std::vector<ProceduralImageInfo> infos = {
        {"dead-leaves",
         "Dead leaves: overlapping shapes of all sizes",
         "Lee, Mumford and Huang 2001; Baradad et al. 2021",
         {{"shapes", "mixed", {"discs", "squares", "triangles", "mixed"}, 0, 0, false, "What the leaves are."},
          {"exponent", 2, {}, 1.5, 6, false, "Of the power law of radii: 3 looks the same at every scale, less has more large ones."},
          {"smallest", 0.04, {}, 0.01, 0.5, false, "Radius, as a share of the shorter side."},
          {"largest", 0.6, {}, 0.05, 2, false, "Radius, as a share of the shorter side."},
          {"colours", "all", {"all", "grey"}, 0, 0, false, "Of the leaves."}}},
        {"fractals",
         "Attractors of iterated function systems",
         "Kataoka et al. 2020; Anderson and Farrell 2022",
         {{"fewest_maps", 2, {}, 2, 8, true, "Of a system."},
          {"most_maps", 6, {}, 2, 8, true, "Of a system."},
          {"points", 8, {}, 1, 64, true, "Of the chaos game, for each pixel."},
          {"background", "gradient", {"black", "gradient"}, 0, 0, false, "Behind the attractor."}}},
        {"chirps",
         "Sweeps as they look in spectrograms",
         "Kinoscope; picture as in IMG2IMU, arXiv 2209.00945",
         {{"most_tones", 4, {}, 1, 16, true, "Tones of a picture, 1 to this many."},
          {"harmonics", 6, {}, 1, 16, true, "Of a tone, at most."},
          {"knocks", 0.5, {}, 0, 1, false, "Share of pictures with knocks, which fill all frequencies for a moment."},
          {"noise_db", -25, {}, -60, 0, false, "Of the floor below the loudest tone; each picture up to 10 dB about it."},
          {"bins", 65, {}, 8, 513, true, "Frequencies before enlarging."},
          {"frames", 40, {}, 8, 1024, true, "Times before enlarging."}}}};
    return infos;
}

const ProceduralImageInfo &proceduralImageInfo(const std::string &name)
{
    std::vector<std::string> names;
    for (const ProceduralImageInfo &info : proceduralImageInfos()) {
        if (info.name == name)
            return info;
        names.push_back(info.name);
    }
    throw Error("There are no procedural pictures \"" + name + "\"; there are: " + listOfWords(names) + ".");
}

std::vector<std::uint8_t> renderProceduralImage(const ProceduralImages &images, std::uint64_t number)
{
    requireSound(images);
    return render(images, completeOptions(proceduralImageInfo(images.kind).options, images.options), number);
}

ImageSet makeProceduralImages(const ProceduralImages &images, const std::filesystem::path &cacheFolder, const CancelToken &cancel,
                              const Progress &progress)
{
    requireSound(images);
    if (images.count == 0)
        throw Error("at least one procedural picture is needed");
    const nlohmann::json options = completeOptions(proceduralImageInfo(images.kind).options, images.options);
    std::filesystem::path file;
    if (!cacheFolder.empty()) {
        Sha256 key;
        key.add(images.kind + options.dump() + "|" + std::to_string(images.seed) + "|" + std::to_string(images.size.width) + "x"
                + std::to_string(images.size.height) + "v" + std::to_string(kVersion));
        file = cacheFolder / (images.kind + "-" + key.hex().substr(0, 24) + "-" + std::to_string(images.count) + ".u8");
    }
    const auto fill = [&](std::size_t number, std::span<std::uint8_t> place) { std::ranges::copy(render(images, options, number), place.begin()); };
    PictureStore pictures(images.count, 3 * images.size.width * images.size.height, fill, file, cancel, progress);
    std::vector<std::string> names;
    std::vector<std::size_t> places;
    for (std::size_t number = 0; number < images.count; ++number) {
        names.push_back(images.kind + " " + std::to_string(number));
        places.push_back(number);
    }
    return ImageSet(images.size, std::move(names), std::move(pictures), std::move(places));
}

namespace procedures {

std::array<double, 3> fromHsv(double hue, double saturation, double value)
{
    std::array<double, 3> colour{};
    for (std::size_t i = 0; i < 3; ++i) {
        // Offsets of red, green and blue on the circle of six: Smith 1978.
        const double k = std::fmod(5 - 2 * static_cast<double>(i) + 6 * (hue - std::floor(hue)), 6.0);
        colour[i] = value * (1 - saturation * std::clamp(std::min(k, 4 - k), 0.0, 1.0));
    }
    return colour;
}

std::uint8_t toByte(double value) { return static_cast<std::uint8_t>(std::clamp(std::lround(255 * value), 0L, 255L)); }

} // namespace procedures
} // namespace kino
