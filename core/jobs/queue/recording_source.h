// Recordings that come from a project instead of files: what "data.recordings": {"project": "all"} and {"tag": "…"} name.
#pragma once

#include "core/data/dataset/load_dataset.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kino {

struct ChosenRecordings {
    /** As the project calls them, in the order in which they are read. */
    std::vector<std::string> names;
    /** As importPaths(): visits each while it has its samples. Clocks and annotations are as set in the project. */
    std::function<ImportOutcome(const ImportOptions &options, const RecordingVisitor &visit)> read;
};

/** From the value of data.recordings; throws Error where it names none. Empty where there is no project. */
using ProjectRecordings = std::function<ChosenRecordings(const nlohmann::json &choice)>;

/** Where the dataset's part of a specification names recordings of a project, they are named and read from there; else nothing changes. */
void takeProjectRecordings(nlohmann::json &datasetPart, LoadOptions &load, const ProjectRecordings &recordings);

} // namespace kino
