// What reads and encodes files of pictures: OpenCV's codecs, in a module (core/media/codec) that is loaded for the first
// picture. Both sides know this header alone. Internal to core/media; any thread.
#pragma once

#include "core/media/image.h"

#include <string>

namespace kino {

struct PictureCodec {
    /** Upright, of three channels, 16 bits a channel scaled down by their full range. What is wrong; empty where nothing is. */
    std::string (*read)(const std::string &path, Image &image);
    /** Of a picture that is not empty. */
    std::string (*encodePng)(const Image &image, std::vector<std::uint8_t> &bytes);
};

/** The module's file, beside the program's, and the function in it, a PictureCodecFactory. */
inline constexpr const char *kPictureModule = "libkinoscope_pictures.so";
inline constexpr const char *kPictureFunction = "kinoscopePictureCodec";
using PictureCodecFactory = const PictureCodec *(*)();
extern "C" const PictureCodec *kinoscopePictureCodec();

} // namespace kino
