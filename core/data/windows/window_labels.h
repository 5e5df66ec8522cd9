// Labels of windows: a tier as runs of names, and what a policy says of a stretch of it. Internal to windows.
#pragma once

#include "core/data/windows/window_set.h"

namespace kino::windows {

/** What a policy says of one window. */
struct Verdict {
    WindowFate fate = WindowFate::kept;
    std::int32_t label = -1;
    std::int32_t bout = -1;
    float share = 0;
};

/** One tier under a rule's map of names. Cheap to ask for ascending windows: it remembers where the last one began. */
class LabelTrack {
public:
    /** `tier` may be nullptr: nothing is labelled then. */
    LabelTrack(const AnnotationTier *tier, const WindowRule &rule);

    Verdict judge(RecordingTime start);
    /** Policy annotation: the label of the annotation in place `annotation` of the tier. */
    Verdict ofAnnotation(std::size_t annotation) const;

    std::vector<std::string> takeLabels() { return std::move(m_labels); }
    std::vector<Bout> takeBouts() { return std::move(m_bouts); }
    std::vector<std::string> takeMapped() { return std::move(m_mapped); }

private:
    /** A stretch of one name; `label` is kLeftOut for names that the rule leaves out. */
    struct Run {
        RecordingTime start, end;
        std::int32_t label = 0;
        std::int32_t bout = -1;
    };
    static constexpr std::int32_t kLeftOut = -2;

    std::int32_t labelOf(const std::string &name) const;
    Verdict majority(RecordingTime start, RecordingTime end);
    Verdict centre(RecordingTime middle);

    const WindowRule &m_rule;
    Nanos m_lengthNs;
    std::vector<std::string> m_labels;
    std::vector<std::string> m_mapped;
    std::vector<Bout> m_bouts;
    std::vector<Run> m_runs;
    std::size_t m_from = 0; // the first run that ends after the last window's begin
    std::vector<std::pair<std::int32_t, Nanos>> m_covered; // kept to spare an allocation for each window
    std::vector<std::int32_t> m_annotationLabels, m_annotationBouts;
};

} // namespace kino::windows
