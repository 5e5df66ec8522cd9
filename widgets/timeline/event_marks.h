// Sharp moments of lanes, as marks that the playhead snaps to.
#pragma once

#include "core/data/events/event.h"

#include <QString>

#include <map>
#include <memory>
#include <vector>

namespace kino {

/** By lane id; each ascending, on its lane's own clock. */
using EventsByLane = std::map<QString, std::shared_ptr<const std::vector<MotionEvent>>>;

/** The lane of the sound of the video that is shown. */
inline const QString kSoundLaneId = QStringLiteral("sound");

} // namespace kino
