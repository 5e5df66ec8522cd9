// What a person does to annotations, as edits (annotation_set.h): pure functions of a set, which they leave as it is.
// Each throws Error, with a sentence for the status line, where the gesture makes no sense. Any thread that owns the
// set.
#pragma once

#include "core/data/annotations/annotation_set.h"

namespace kino {

/**
 * What becomes of annotations of the same tier where a new or changed one would cover them. Instants (start == end)
 * cover nothing and are never in the way.
 */
enum class Overlap {
    /** They overlap. */
    allow,
    /** The others make room: cut back, cut in two, or removed where they are covered whole. */
    trim,
    /** The new or moved border stops at theirs; Error where no room is left. */
    stop
};

enum class AnnotationEdge { start, end };

/** On label tiers the annotation must be longer than nothing; on text tiers it may be an instant. */
AnnotationEdit addAnnotation(const AnnotationSet &set, AnnotationIds &ids, TierId tier, const Annotation &annotation,
                             Overlap overlap = Overlap::trim);
AnnotationEdit removeAnnotations(const AnnotationSet &set, std::span<const AnnotationId> which);
/** New borders for one annotation. */
AnnotationEdit resizeAnnotation(const AnnotationSet &set, AnnotationIds &ids, AnnotationId id, RecordingTime start,
                                RecordingTime end, Overlap overlap = Overlap::stop);
/** A border dragged past the other one becomes the other one. */
AnnotationEdit moveEdge(const AnnotationSet &set, AnnotationIds &ids, AnnotationId id, AnnotationEdge edge,
                        RecordingTime to, Overlap overlap = Overlap::stop);
/**
 * The border that two of one tier share (the first ends where the second starts), moved for both. It stays between the
 * first one's start and the second one's end.
 */
AnnotationEdit moveSharedBorder(const AnnotationSet &set, AnnotationId first, AnnotationId second, RecordingTime to);
/**
 * All by the same time. Those that move do not stop one another; with Overlap::stop all stop where the first of them
 * meets one that stays.
 */
AnnotationEdit moveAnnotations(const AnnotationSet &set, AnnotationIds &ids, std::span<const AnnotationId> which,
                               Nanos by, Overlap overlap = Overlap::stop);
/** Two with the same label; `at` lies strictly inside. The first keeps its number. */
AnnotationEdit splitAnnotation(const AnnotationSet &set, AnnotationIds &ids, AnnotationId id, RecordingTime at);
/**
 * One from the first start to the last end, with the number of the first. Of one tier, two or more, with none of the
 * tier between them that is not among them. Without `label`, the first one's; texts that differ are joined by a blank.
 */
AnnotationEdit mergeAnnotations(const AnnotationSet &set, std::span<const AnnotationId> which,
                                const std::optional<std::string> &label = std::nullopt);
AnnotationEdit relabelAnnotations(const AnnotationSet &set, std::span<const AnnotationId> which,
                                  const std::string &label);
/** To another tier, times as they are. */
AnnotationEdit retierAnnotations(const AnnotationSet &set, AnnotationIds &ids, std::span<const AnnotationId> which,
                                 TierId tier, Overlap overlap = Overlap::trim);

/** Below all others. */
AnnotationEdit addTier(const AnnotationSet &set, AnnotationIds &ids, const std::string &name, TierKind kind,
                       std::optional<LabelSetId> labelSet = std::nullopt);
AnnotationEdit renameTier(const AnnotationSet &set, TierId tier, const std::string &name);
/** With all that is in it. */
AnnotationEdit removeTier(const AnnotationSet &set, TierId tier);
/** A tier with instants in it cannot become one of labels, which have a length. */
AnnotationEdit setTierKind(const AnnotationSet &set, TierId tier, TierKind kind);
AnnotationEdit setTierLabelSet(const AnnotationSet &set, TierId tier, std::optional<LabelSetId> labelSet);
/** To the place `index` from the top, counted from 0; beyond the last it goes to the bottom. */
AnnotationEdit moveTier(const AnnotationSet &set, TierId tier, std::size_t index);

} // namespace kino
