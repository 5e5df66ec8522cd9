// What the commands on projects share.
#pragma once

#include "app/kino/command.h"
#include "core/store/project.h"

namespace kino::cli {

/** Says the project's warnings on stderr. */
Project openProject(const Context &context, const std::string &path);
/** Whether the path is a project's folder. */
bool isProject(const std::string &path);
/** A project's recordings as `kino list` prints them: as inspect's, with id, tags and badges. */
nlohmann::ordered_json projectJson(const Project &project);
/** From the earliest to the latest sample or frame. */
Nanos extentOf(const RecordingEntry &entry);

} // namespace kino::cli
