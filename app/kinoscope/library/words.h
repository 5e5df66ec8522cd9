// A recording as a row of the library: its heading, name, length, labels, what is wrong with it in words. Pure functions,
// any thread.
#pragma once

#include "core/data/recording_overview.h"
#include "core/store/recording_entry.h"
#include "widgets/library/model.h"

#include <string>
#include <vector>

namespace kino {

/** Without id. Ready, unless a person must look at it. */
LibraryItem libraryItem(const Recording &recording, const RecordingOverview &overview, Nanos length, const std::vector<std::string> &tags);
/** All of its label tiers, sorted; none where there are so many that they are rather texts. */
QStringList labelsOf(const Recording &recording);
/** The last part of the recording's name: the whole is in the tip and in the details. */
QString shownName(const Recording &recording);
/** Until the samples are read, the overview tells how long a recording is. */
Nanos storedDuration(const RecordingEntry &entry);

} // namespace kino
