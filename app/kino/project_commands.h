// What the commands on projects share.
#pragma once

#include "app/kino/command.h"
#include "core/store/project.h"

namespace kino::cli {

/** Says the project's warnings on stderr. */
Project openProject(const Context &context, const std::string &path);
/** From the earliest to the latest sample or frame. */
Nanos extentOf(const RecordingEntry &entry);

} // namespace kino::cli
