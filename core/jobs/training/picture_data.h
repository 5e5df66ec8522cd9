// Pictures as training data: of a folder, or made by a procedure (data.source images, procedural-images). Any thread.
#pragma once

#include "core/jobs/training/training_data.h"

namespace kino {

/**
 * Table, samples and fingerprint of a complete specification. Pictures have no labels and no subjects. Files that cannot be decoded
 * are failures; the rest goes on. Throws Error for a folder without pictures.
 */
void loadPictures(TrainingData &data, const nlohmann::json &specification, const std::filesystem::path &folder, const TrainingDataOptions &options);

} // namespace kino
