// Pictures of a set beside one another, for a person to look at. Any thread.
#pragma once

#include "core/data/images/image_set.h"

#include <filesystem>

namespace kino {

/** The first pictures, up to 8 in each of up to 6 rows, as one PNG on white. Throws Error where it cannot be written. */
void writeContactSheet(const std::filesystem::path &path, const ImageSet &images);

} // namespace kino
