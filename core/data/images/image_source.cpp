#include "core/data/images/image_source.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <cmath>
#include <limits>

namespace kino {
namespace {

using Json = nlohmann::json;

/** Names this use of the seed. */
constexpr std::uint64_t kValidationStream = 0x76616c6964ULL;

std::size_t wholeNumber(const Json &data, const char *key, std::size_t usual)
{
    const auto found = data.find(key);
    if (found == data.end() || found->is_null())
        return usual;
    if (!found->is_number_integer() || found->get<double>() < 1 || found->get<double>() > 1e8)
        throw Error("data." + std::string(key) + ": must be a whole number, 1 or more");
    return found->get<std::size_t>();
}

std::string textOf(const Json &data, const char *key)
{
    const auto found = data.find(key);
    if (found == data.end() || !found->is_string())
        throw Error("data." + std::string(key) + ": is missing");
    return found->get<std::string>();
}

} // namespace

LoadedImages loadImageSource(const Json &specification, const std::filesystem::path &folder, const ImageFolderOptions &options)
{
    if (!specification.is_object() || !specification.contains("data") || !specification.at("data").is_object())
        throw Error("data: is missing");
    const Json &data = specification.at("data");
    const std::string source = textOf(data, "source");
    const PictureSize size{wholeNumber(data, "width", 128), wholeNumber(data, "height", 96)};
    if (source == "images") {
        ImageFolderOptions sized = options;
        sized.size = size;
        return loadImageFolder(folder / textOf(data, "images"), sized);
    }
    if (source != "procedural-images")
        throw Error("data.source: \"" + source + "\" gives no pictures; images and procedural-images do");
    const auto procedure = data.find("procedure");
    if (procedure == data.end() || !procedure->is_object())
        throw Error("data.procedure: must be {\"name\": …, \"options\": {…}}");
    ProceduralImages images;
    images.kind = textOf(*procedure, "name");
    images.options = procedure->value("options", Json::object());
    images.count = wholeNumber(data, "count", images.count);
    if (const auto seed = specification.find("seed"); seed != specification.end() && seed->is_number_integer())
        images.seed = seed->get<std::uint64_t>();
    images.size = size;
    return {makeProceduralImages(images, options.cacheFolder, options.cancel, options.progress), {}};
}

WindowTable tableOfImages(const ImageSet &images, const std::string &name, double validationShare, std::uint64_t seed)
{
    if (images.size() > std::numeric_limits<std::uint32_t>::max())
        throw Error("there are over four thousand million pictures; choose fewer");
    if (!(validationShare >= 0 && validationShare <= 0.9))
        throw Error("the share of pictures that validates is 0 to 0.9");
    WindowTable table;
    table.lengthNs = 1;
    table.samplesPerWindow = 1;
    table.recordings.push_back({name, {}, {{{}, {0, 1e9, images.size()}}}});
    std::vector<std::uint32_t> order;
    for (std::size_t place = 0; place < images.size(); ++place) {
        const auto sample = static_cast<std::int64_t>(place);
        table.rows.push_back({.start = {sample}, .firstSample = sample});
        order.push_back(static_cast<std::uint32_t>(place));
    }
    RandomStream(seed).split(kValidationStream).shuffle(std::span(order));
    const auto validating = static_cast<std::size_t>(validationShare * static_cast<double>(order.size()));
    for (std::size_t place = 0; place < validating; ++place)
        table.rows[order[place]].part = SplitPart::validation;
    return table;
}

} // namespace kino
