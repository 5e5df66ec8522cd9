#include "core/data/images/image_folder.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/base/sha256.h"
#include "core/data/images/picture_header.h"
#include "core/media/image_io.h"

#include <algorithm>
#include <mutex>
#include <opencv2/imgproc.hpp>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostPixels = 100'000'000;
/** To be raised whenever the same file gives other pixels. */
constexpr int kDecoderVersion = 1;

bool isImageName(const fs::path &path)
{
    std::string ending = path.extension().string();
    std::ranges::transform(ending, ending.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return ending == ".jpg" || ending == ".jpeg" || ending == ".png";
}

bool isHidden(const fs::path &path) { return path.filename().string().starts_with('.'); }

void requireDecodable(const fs::path &path)
{
    const auto file = MappedFile::open(path);
    const auto header = readPictureHeader(file->bytes());
    if (!header)
        throw Error(path, "is neither JPEG nor PNG");
    if (std::uint64_t{header->width} * header->height > kMostPixels)
        throw Error(path, "has " + std::to_string(header->width) + " x " + std::to_string(header->height)
                              + " pixels; at most a hundred million are decoded");
    if (!header->isWhole)
        throw Error(path, "is cut off");
}

/** Paths, lengths and times of change: what the decoded pictures are of. */
std::string keyOf(const std::vector<fs::path> &paths, PictureSize size)
{
    Sha256 hash;
    hash.add(std::to_string(size.width) + "x" + std::to_string(size.height) + "v" + std::to_string(kDecoderVersion));
    for (const fs::path &path : paths) {
        std::error_code ignored;
        hash.add(path.string() + "|" + std::to_string(fs::file_size(path, ignored)) + "|"
                 + std::to_string(fs::last_write_time(path, ignored).time_since_epoch().count()) + "\n");
    }
    return hash.hex().substr(0, 24);
}

} // namespace

std::vector<fs::path> imagesUnder(const fs::path &folder)
{
    std::error_code failure;
    if (!fs::is_directory(folder, failure))
        throw Error(folder, "is no folder of pictures");
    std::vector<fs::path> paths;
    constexpr auto kOptions = fs::directory_options::skip_permission_denied;
    for (auto entry = fs::recursive_directory_iterator(folder, kOptions, failure); entry != fs::recursive_directory_iterator();
         entry.increment(failure)) {
        if (failure)
            break;
        std::error_code ignored;
        if (isHidden(entry->path())) {
            entry.disable_recursion_pending();
            continue;
        }
        if (entry->is_regular_file(ignored) && isImageName(entry->path()))
            paths.push_back(entry->path());
    }
    std::ranges::sort(paths, {}, [](const fs::path &path) { return path.string(); });
    return paths;
}

std::vector<std::uint8_t> readPicture(const fs::path &path, PictureSize size)
{
    requireDecodable(path);
    Image image = readImage(path);
    const auto width = static_cast<int>(size.width), height = static_cast<int>(size.height);
    const double scale = std::max(static_cast<double>(width) / image.width, static_cast<double>(height) / image.height);
    const cv::Mat source(image.height, image.width, CV_8UC4, image.bgra.data());
    cv::Mat scaled = source;
    if (scale != 1) {
        const cv::Size target(std::max(width, static_cast<int>(std::lround(image.width * scale))),
                              std::max(height, static_cast<int>(std::lround(image.height * scale))));
        // A strip of one pixel by millions would become larger than the memory.
        if (static_cast<std::uint64_t>(target.width) * static_cast<std::uint64_t>(target.height) > kMostPixels)
            throw Error(path, "is far longer than wide; it cannot be cut to the size");
        cv::resize(source, scaled, target, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    }
    const cv::Mat cut = scaled(cv::Rect((scaled.cols - width) / 2, (scaled.rows - height) / 2, width, height));
    std::vector<std::uint8_t> planes(3 * size.width * size.height);
    for (std::size_t y = 0; y < size.height; ++y) {
        const std::uint8_t *row = cut.ptr(static_cast<int>(y));
        for (std::size_t x = 0; x < size.width; ++x) {
            for (std::size_t plane = 0; plane < 3; ++plane)
                planes[(plane * size.height + y) * size.width + x] = row[4 * x + 2 - plane];
        }
    }
    return planes;
}

LoadedImages loadImageFolder(const fs::path &folder, const ImageFolderOptions &options)
{
    if (options.size.width == 0 || options.size.height == 0 || options.size.width > 1024 || options.size.height > 1024)
        throw Error("pictures are made 1 to 1024 pixels wide and high");
    const std::vector<fs::path> paths = imagesUnder(folder);
    if (paths.empty())
        throw Error(folder, "holds no JPEG or PNG files");
    const std::size_t bytes = 3 * options.size.width * options.size.height;
    std::mutex mutex;
    std::map<std::size_t, std::string> messages;
    // A byte more than the picture tells, also to the next program, whether the file could be decoded.
    const auto render = [&](std::size_t number, std::span<std::uint8_t> place) {
        try {
            std::ranges::copy(readPicture(paths[number], options.size), place.begin());
            place.back() = 1;
        } catch (const Error &error) {
            std::ranges::fill(place, std::uint8_t{0});
            const std::scoped_lock lock(mutex);
            messages.emplace(number, error.sentence());
        }
    };
    fs::path file;
    if (!options.cacheFolder.empty())
        file = options.cacheFolder / ("images-" + keyOf(paths, options.size) + ".u8");
    PictureStore pictures(paths.size(), bytes + 1, render, file, options.cancel, options.progress);
    std::vector<BrokenImage> broken;
    std::vector<std::string> names;
    std::vector<std::size_t> places;
    for (std::size_t number = 0; number < paths.size(); ++number) {
        if (pictures.picture(number).back() == 1) {
            names.push_back(paths[number].lexically_relative(folder).generic_string());
            places.push_back(number);
        } else {
            const auto message = messages.find(number);
            broken.push_back({paths[number], message != messages.end() ? message->second : "could not be decoded"});
        }
    }
    if (places.empty())
        throw Error(broken.front().path, broken.front().message + "; no other picture of the folder could be read either");
    return {ImageSet(options.size, std::move(names), std::move(pictures), std::move(places)), std::move(broken)};
}

} // namespace kino
