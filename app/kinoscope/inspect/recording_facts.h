// Recordings as a person reads about them: facts, quality, what the import met. Pure functions, any thread.
#pragma once

#include "core/data/recording_overview.h"
#include "widgets/controls/details_view.h"

namespace kino {

/** Length and what is beside the signals: "0:12  video". */
QString recordingDetail(const Recording &recording);

DetailSection factsSection(const Recording &recording, const RecordingOverview &overview);
DetailSection qualitySection(const Recording &recording, const RecordingOverview &overview);
/** What the import met; at most `most` rows, worst first. No rows where it met nothing. */
DetailSection reportSection(const Recording &recording, std::size_t most);

} // namespace kino
