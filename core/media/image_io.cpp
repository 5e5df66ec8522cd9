#include "core/media/image_io.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/media/picture_codec.h"
#include "core/media/picture_size.h"

#include <dlfcn.h>
#include <opencv2/imgproc.hpp>

namespace kino {
namespace {

constexpr std::int64_t kLongestFileBytes = std::int64_t{1} << 30;

#ifdef KINOSCOPE_LINKED_PICTURES
const PictureCodec &codec() { return *kinoscopePictureCodec(); }
#else
const PictureCodec &loadCodec()
{
    const std::filesystem::path module = std::filesystem::read_symlink("/proc/self/exe").parent_path() / kPictureModule;
    void *handle = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL); // stays: what it brought along cannot be taken away again
    const auto make = handle ? reinterpret_cast<PictureCodecFactory>(dlsym(handle, kPictureFunction)) : nullptr;
    if (!make) {
        const char *why = dlerror();
        throw Error(module, std::string("is needed for pictures and cannot be loaded: ") + (why ? why : "unknown reason"));
    }
    return *make();
}

const PictureCodec &codec()
{
    static const PictureCodec &loaded = loadCodec();
    return loaded;
}
#endif

} // namespace

void writePng(const std::filesystem::path &path, const Image &image)
{
    if (image.empty() || image.bgra.size() != static_cast<std::size_t>(image.width) * image.height * 4)
        throw Error(path, "there is no picture to write");
    std::vector<std::uint8_t> encoded;
    if (const std::string problem = codec().encodePng(image, encoded); !problem.empty())
        throw Error(path, problem);
    writeFileAtomically(path, std::string_view(reinterpret_cast<const char *>(encoded.data()), encoded.size()));
}

Image readImage(const std::filesystem::path &path)
{
    // OpenCV complains on stderr about missing files, and reads pipes and folders for as long as it takes.
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (!std::filesystem::exists(status))
        throw Error(path, "there is no such picture");
    const auto bytes = std::filesystem::is_regular_file(status) ? std::filesystem::file_size(path, failure) : 0;
    if (failure || bytes == 0 || bytes > kLongestFileBytes)
        throw Error(path, "is not a picture (empty, too long or no file)");
    Image image;
    if (const std::string problem = codec().read(path.string(), image); !problem.empty())
        throw Error(path, problem);
    return image;
}

Image fitted(Image image, int maxWidth, int maxHeight)
{
    const auto [width, height] = fittedSize(image.width, image.height, maxWidth, maxHeight);
    if (width == image.width && height == image.height)
        return image;
    Image result{width, height, {}};
    result.bgra.resize(static_cast<std::size_t>(width) * height * 4);
    const cv::Mat source(image.height, image.width, CV_8UC4, image.bgra.data());
    cv::Mat target(height, width, CV_8UC4, result.bgra.data());
    cv::resize(source, target, target.size(), 0, 0, cv::INTER_AREA);
    return result;
}

} // namespace kino
