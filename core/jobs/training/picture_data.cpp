#include "core/jobs/training/picture_data.h"

#include "core/data/images/image_folder.h"
#include "core/data/images/procedural_images.h"

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::shared_ptr<const ImageSet> picturesOf(TrainingData &data, const Json &specification, const fs::path &folder, const TrainingDataOptions &options)
{
    const Json &part = specification.at("data");
    const PictureSize size{.width = part.at("width").get<std::size_t>(), .height = part.at("height").get<std::size_t>()};
    if (part.at("source") == "images") {
        const fs::path path = part.at("images").get<std::string>();
        LoadedImages loaded = loadImageFolder(path.is_absolute() ? path : folder / path,
                                              {.size = size, .cacheFolder = options.cacheFolder, .cancel = options.cancel, .progress = options.progress});
        for (BrokenImage &broken : loaded.broken)
            data.failures.push_back({std::move(broken.path), std::move(broken.message)});
        return std::make_shared<const ImageSet>(std::move(loaded.images));
    }
    const ProceduralImages procedure{.kind = part.at("procedure").at("name"),
                                     .options = part.at("procedure").at("options"),
                                     .count = part.at("count").get<std::size_t>(),
                                     .seed = specification.at("seed").get<std::uint64_t>(),
                                     .size = size};
    return std::make_shared<const ImageSet>(makeProceduralImages(procedure, options.cacheFolder, options.cancel, options.progress));
}

} // namespace

void loadPictures(TrainingData &data, const Json &specification, const fs::path &folder, const TrainingDataOptions &options)
{
    const std::shared_ptr<const ImageSet> pictures = picturesOf(data, specification, folder, options);
    auto table = std::make_shared<WindowTable>();
    table->lengthNs = 1; // no two share an instant
    for (std::size_t number = 0; number < pictures->size(); ++number) {
        table->recordings.push_back({.name = pictures->name(number), .subject = {}, .sources = {WindowSource{.devices = {}, .grid = {}}}});
        WindowRow row;
        row.recording = static_cast<std::uint32_t>(number);
        table->rows.push_back(row);
        data.source.labels.push_back(row.label);
        data.source.recordings.push_back(static_cast<std::int64_t>(number));
    }
    data.table = table;
    data.fingerprint = pictures->computeFingerprint(options.cancel);
    data.source.shape = {.channels = 3,
                         .height = static_cast<std::int64_t>(pictures->pictureSize().height),
                         .length = static_cast<std::int64_t>(pictures->pictureSize().width)};
    data.source.read = [pictures](std::size_t row, std::span<float> sample) { pictures->read(row, sample); };
    data.source.finish = [](std::span<float> sample) { applyImageNetStatistics(sample); };
    data.owner = pictures;
}

} // namespace kino
