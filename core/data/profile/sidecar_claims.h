// Which files beside the tables belong to which recordings. Used by claim.cpp. `captures` are those of a table of the
// recording, with what was looked up; `base` is the recording's folder.
#pragma once

#include "core/data/profile/import_profile.h"

#include <filesystem>
#include <set>
#include <vector>

namespace kino {

/** Folders from which one of the profile's files beside the tables would be `file`. */
std::set<std::filesystem::path> basesOf(const ImportProfile &profile, const std::filesystem::path &file);

/** Whether the recording reads `file`: labels, metadata, a video or one of its images. */
bool usesSidecar(const ImportProfile &profile, const std::filesystem::path &base, const Captures &captures,
                 const std::filesystem::path &file);

/** Whether a list for several recordings says anything of this one; true for files that are no such list. */
bool hasRowsFor(const ImportProfile &profile, const std::filesystem::path &base, const Captures &captures,
                const std::filesystem::path &file);

/** What is read along with the tables, but for single images. */
std::vector<std::filesystem::path> sidecarsOf(const ImportProfile &profile, const std::filesystem::path &base,
                                              const Captures &captures);

} // namespace kino
