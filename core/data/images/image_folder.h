// Photographs of folders as a set of pictures of one size. Any thread.
#pragma once

#include "core/data/images/image_set.h"

#include <filesystem>
#include <string>
#include <vector>

namespace kino {

struct ImageFolderOptions {
    PictureSize size = {};
    /** Where decoded pictures are kept for the next program; empty: nowhere. */
    std::filesystem::path cacheFolder = {};
    CancelToken cancel = {};
    Progress progress = {};
};

struct BrokenImage {
    std::filesystem::path path;
    std::string message;
};

struct LoadedImages {
    ImageSet images;
    std::vector<BrokenImage> broken;
};

/** The JPEG and PNG files under a folder by their endings, however deep, bytewise; hidden ones are left out. */
std::vector<std::filesystem::path> imagesUnder(const std::filesystem::path &folder);

/**
 * Decodes each once: upright by its EXIF flag, scaled so that it just covers the size (by areas downwards, linearly upwards) and cut
 * to its middle; grey pictures become colour, 16 bits 8. Files that cannot be decoded, are cut off, or have over a hundred million
 * pixels are `broken`; the rest goes on. Throws Error for a folder without pictures, or where none could be read.
 */
LoadedImages loadImageFolder(const std::filesystem::path &folder, const ImageFolderOptions &options = {});

/** uint8 [3, H, W] of one file; what loadImageFolder() does. Throws Error. */
std::vector<std::uint8_t> readPicture(const std::filesystem::path &path, PictureSize size);

} // namespace kino
