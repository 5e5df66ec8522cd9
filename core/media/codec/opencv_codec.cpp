// The codecs of files of pictures, as a module: see picture_codec.h.
#include "core/media/picture_codec.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace kino {
namespace {

constexpr double kSixteenToEightBits = 255.0 / 65535.0;

std::string readPicture(const std::string &path, Image &image)
try {
    cv::Mat picture = cv::imread(path, cv::IMREAD_COLOR | cv::IMREAD_ANYDEPTH);
    if (picture.depth() == CV_16U)
        picture.convertTo(picture, CV_8U, kSixteenToEightBits);
    if (picture.empty() || picture.type() != CV_8UC3)
        return "cannot be read as a picture; it is damaged or of a kind that is not supported (JPEG and PNG are)";
    image = {picture.cols, picture.rows, {}};
    image.bgra.resize(static_cast<std::size_t>(picture.cols) * picture.rows * 4);
    cv::Mat target(picture.rows, picture.cols, CV_8UC4, image.bgra.data());
    cv::cvtColor(picture, target, cv::COLOR_BGR2BGRA);
    return {};
} catch (const cv::Exception &failure) {
    return "cannot be read as a picture: " + failure.err;
}

std::string encodePng(const Image &image, std::vector<std::uint8_t> &bytes)
try {
    const cv::Mat bgra(image.height, image.width, CV_8UC4, const_cast<std::uint8_t *>(image.bgra.data()));
    cv::Mat bgr;
    cv::cvtColor(bgra, bgr, cv::COLOR_BGRA2BGR);
    return cv::imencode(".png", bgr, bytes) ? std::string() : "the picture could not be encoded as PNG";
} catch (const cv::Exception &failure) {
    return "the picture could not be encoded as PNG: " + failure.err;
}

} // namespace

extern "C" const PictureCodec *kinoscopePictureCodec()
{
    static const PictureCodec codec{readPicture, encodePng};
    return &codec;
}

} // namespace kino
