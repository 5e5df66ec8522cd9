// A label that a key has begun and that grows with the playhead until a key ends it: one gesture, saved while it goes on.
// A value; one thread.
#pragma once

#include "core/data/annotations/annotation_edits.h"

#include <string>

namespace kino {

class OpenLabel {
public:
    /** `base`: all annotations as they are before; a tier made with the gesture comes with `before`, an edit of base. */
    OpenLabel(AnnotationSet base, AnnotationIds ids, AnnotationEdit before, TierId tier, std::string label, RecordingTime start);

    TierId tier() const { return m_tier; }
    const std::string &label() const { return m_label; }
    RecordingTime start() const { return m_start; }
    RecordingTime end() const { return m_end; }
    /** What was done so far, relative to the base; empty while the label has no length. */
    const AnnotationEdit &edit() const { return m_edit; }
    /** Numbers that are free once the gesture is over. */
    const AnnotationIds &idsAfter() const { return m_idsAfter; }

    /**
     * To wherever the playhead is now, before the start too. Gives what leads from the last step to this one: always
     * computed from the base, so what it covered for a moment comes back when it shrinks.
     */
    AnnotationEdit growTo(RecordingTime now);

private:
    AnnotationSet m_base;
    AnnotationIds m_ids;
    AnnotationIds m_idsAfter;
    AnnotationEdit m_before;
    TierId m_tier;
    std::string m_label;
    RecordingTime m_start;
    RecordingTime m_end;
    AnnotationEdit m_edit;
};

} // namespace kino
