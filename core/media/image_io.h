// Pictures from and to files, by OpenCV.
#pragma once

#include "core/media/image.h"

#include <filesystem>

namespace kino {

/** Writes a temporary file, then renames it onto `path`. Throws Error when it cannot be written. */
void writePng(const std::filesystem::path &path, const Image &image);

/**
 * JPEG, PNG and what else OpenCV reads: grey or colour, upright by the EXIF flag. 16 bits a channel are scaled down by
 * their full range (65535 to 255), so that pictures of a series stay comparable. Throws Error (missing, damaged, …).
 */
Image readImage(const std::filesystem::path &path);

/** To fit within the limits, never up; 0 limits nothing. */
Image fitted(Image image, int maxWidth, int maxHeight);

} // namespace kino
