// What people, files and models say about stretches of a recording.
#pragma once

#include "core/base/time.h"

#include <string>
#include <vector>

namespace kino {

/** Half-open interval [start, end) on the recording's clock with a label or a text. */
struct Annotation {
    RecordingTime start;
    RecordingTime end;
    std::string label;
    friend bool operator==(const Annotation &, const Annotation &) = default;
};

enum class TierKind { label, text };

/** One layer of annotations ("activity", "narration", …), ordered by start. */
struct AnnotationTier {
    std::string name;
    TierKind kind = TierKind::label;
    std::vector<Annotation> annotations;
};

} // namespace kino
