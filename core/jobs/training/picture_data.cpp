#include "core/jobs/training/picture_data.h"

#include "core/data/images/image_source.h"

namespace kino {

void loadPictures(TrainingData &data, const nlohmann::json &specification, const std::filesystem::path &folder, const TrainingDataOptions &options)
{
    const nlohmann::json &part = specification.at("data");
    LoadedImages loaded = loadImageSource(specification, folder, {.cacheFolder = options.cacheFolder, .cancel = options.cancel, .progress = options.progress});
    for (BrokenImage &broken : loaded.broken)
        data.failures.push_back({std::move(broken.path), std::move(broken.message)});
    const auto pictures = std::make_shared<const ImageSet>(std::move(loaded.images));
    const bool isProcedural = part.at("source") == "procedural-images";
    const std::string name = isProcedural ? part.at("procedure").at("name").get<std::string>() : std::filesystem::path(part.at("images").get<std::string>()).filename().string();
    data.table = std::make_shared<const WindowTable>(
        tableOfImages(*pictures, name, part.at("validation_share").get<double>(), specification.at("seed").get<std::uint64_t>()));
    for (std::size_t number = 0; number < pictures->size(); ++number) {
        data.source.labels.push_back(-1);
        data.source.recordings.push_back(static_cast<std::int64_t>(number)); // a neighbour may be any other picture
    }
    data.fingerprint = pictures->computeFingerprint(options.cancel);
    data.source.shape = {.channels = 3,
                         .height = static_cast<std::int64_t>(pictures->pictureSize().height),
                         .length = static_cast<std::int64_t>(pictures->pictureSize().width)};
    data.source.read = [pictures](std::size_t row, std::span<float> sample) { pictures->read(row, sample); };
    data.source.finish = [](std::span<float> sample) { applyImageNetStatistics(sample); };
    data.owner = pictures;
}

} // namespace kino
