// A recording as a row of the library: its heading, name, length, labels, what is wrong with it in words. Pure functions,
// any thread.
#pragma once

#include "core/data/recording_overview.h"
#include "core/store/library.h"
#include "widgets/library/model.h"

#include <string>
#include <vector>

namespace kino {

/** Without id. Ready, unless a person must look at it. */
LibraryItem libraryItem(const Recording &recording, const RecordingOverview &overview, Nanos length, const std::vector<std::string> &tags);
/** All of its label tiers, sorted; none where there are so many that they are rather texts. */
QStringList labelsOf(const Recording &recording);
/** What a search finds beside names, labels and tags: format, devices, texts of annotations. */
QString searchWordsOf(const Recording &recording);
/** The last part of the recording's name: the whole is in the tip and in the details. */
QString shownName(const Recording &recording);
/** The same of a name alone, as a project keeps it. */
QString shownName(const std::string &name, const std::filesystem::path &path);
/** With the row's number in the project as id. */
LibraryItem libraryItem(const LibraryRow &row);
/** The heading under which a recording is listed: its subject, else the folder it lies in. */
QString groupOf(const std::string &subject, const std::filesystem::path &path);

} // namespace kino
