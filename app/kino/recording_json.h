// A recording as `kino inspect` and `kino list` print it: the names of cli.md, made here only.
#pragma once

#include "core/data/import.h"
#include "core/data/recording_overview.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace kino::cli {

/** Streams may be without samples (as a project lists them) as long as `overview` has their numbers. */
nlohmann::ordered_json recordingJson(const Recording &recording, const RecordingOverview &overview);
/** [{"path", "message"}] */
nlohmann::ordered_json failuresJson(const std::vector<ImportFailure> &failures);

/** The same for people: a few lines and tables. */
std::string recordingText(const Recording &recording, const RecordingOverview &overview);

} // namespace kino::cli
