// Pictures as a specification names them, and the table of rows that a run of pictures keeps. Any thread.
#pragma once

#include "core/data/dataset/window_table.h"
#include "core/data/images/image_folder.h"
#include "core/data/images/procedural_images.h"

namespace kino {

/**
 * "data" of a specification whose source is "images" (`images`: a folder, absolute or relative to `folder`) or "procedural-images"
 * (`procedure`: {"name", "options"}, `count`; drawn by the specification's `seed`), with `width` and `height`. What is left out
 * has its usual value (128 x 96, 10,000). `size` of the options is not looked at. Throws Error as loadImageFolder() and
 * makeProceduralImages() do, and for another source.
 */
LoadedImages loadImageSource(const nlohmann::json &specification, const std::filesystem::path &folder, const ImageFolderOptions &options = {});

/**
 * One recording, named `name`, a row for each picture, in order, without labels, no two overlapping in time; the row's place is
 * its start_ns and its first sample. All train but a `validationShare` (0 … 0.9), rounded down, drawn by the seed.
 */
WindowTable tableOfImages(const ImageSet &images, const std::string &name, double validationShare = 0, std::uint64_t seed = 0);

} // namespace kino
