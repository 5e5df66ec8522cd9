#include "core/media/image_io.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/media/picture_size.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace kino {
namespace {

constexpr std::int64_t kLongestFileBytes = std::int64_t{1} << 30;
constexpr double kSixteenToEightBits = 255.0 / 65535.0;

Image toImage(const cv::Mat &bgr)
{
    Image image{bgr.cols, bgr.rows, {}};
    image.bgra.resize(static_cast<std::size_t>(bgr.cols) * bgr.rows * 4);
    cv::Mat target(bgr.rows, bgr.cols, CV_8UC4, image.bgra.data());
    cv::cvtColor(bgr, target, cv::COLOR_BGR2BGRA);
    return image;
}

} // namespace

void writePng(const std::filesystem::path &path, const Image &image)
{
    if (image.empty() || image.bgra.size() != static_cast<std::size_t>(image.width) * image.height * 4)
        throw Error(path, "there is no picture to write");
    std::vector<unsigned char> encoded;
    try {
        const cv::Mat bgra(image.height, image.width, CV_8UC4, const_cast<std::uint8_t *>(image.bgra.data()));
        cv::Mat bgr;
        cv::cvtColor(bgra, bgr, cv::COLOR_BGRA2BGR);
        if (!cv::imencode(".png", bgr, encoded))
            throw Error(path, "the picture could not be encoded as PNG");
    } catch (const cv::Exception &failure) {
        throw Error(path, "the picture could not be encoded as PNG: " + failure.err);
    }
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
    try {
        cv::Mat picture = cv::imread(path.string(), cv::IMREAD_COLOR | cv::IMREAD_ANYDEPTH);
        if (picture.depth() == CV_16U)
            picture.convertTo(picture, CV_8U, kSixteenToEightBits);
        if (picture.empty() || picture.type() != CV_8UC3)
            throw Error(path, "cannot be read as a picture; it is damaged or of a kind that is not supported (JPEG and "
                              "PNG are)");
        return toImage(picture);
    } catch (const cv::Exception &exception) {
        throw Error(path, "cannot be read as a picture: " + exception.err);
    }
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
