// A vocabulary of labels: what may be said on a tier, in which colour, by which key. Values; any thread.
#pragma once

#include "core/data/annotations/annotation_set.h"

#include <string>
#include <vector>

namespace kino {

struct LabelDefinition {
    std::string label;
    /** "#rrggbb", lower case, or empty: the program chooses. */
    std::string colour;
    /** One printable character, or empty. Keys are compared without regard to case of ASCII letters. */
    std::string key;
    friend bool operator==(const LabelDefinition &, const LabelDefinition &) = default;
};

struct LabelSet {
    LabelSetId id = 0;
    std::string name;
    std::vector<LabelDefinition> labels;
    friend bool operator==(const LabelSet &, const LabelSet &) = default;
};

/** Label sets, and which of some tiers have one of them as their vocabulary: what a file of tiers may hold beside them. */
struct TierVocabularies {
    std::vector<LabelSet> labelSets;
    /** By tier: the label set's place; nothing where a tier has none. */
    std::vector<std::optional<std::size_t>> ofTier;

    /** nullptr where the tier has none. */
    const LabelSet *of(std::size_t tier) const { return tier < ofTier.size() && ofTier[tier] ? &labelSets[*ofTier[tier]] : nullptr; }
};
/** Numbers reserved for tiers are nobody else's, and a set's need only differ from other sets'. */
LabelSetId freeLabelSetId(AnnotationIds &ids, const std::vector<LabelSet> &there);

TierVocabularies vocabulariesOf(std::span<const StoredTier> tiers, const std::vector<LabelSet> &labelSets);

/**
 * Everything that is wrong with it, one sentence each; empty where it is sound: it has a name, every label a text of
 * its own, every colour is "#rrggbb", every key is one character that no other label has and that is not among
 * `reservedKeys` (what plays and steps in the window).
 */
std::vector<std::string> problemsOf(const LabelSet &set, const std::vector<std::string> &reservedKeys = {});

/** Throws Error with all of problemsOf(). */
void requireSoundLabels(const LabelSet &set, const std::vector<std::string> &reservedKeys = {});

/** nullptr where no label has this key. */
const LabelDefinition *findByKey(const LabelSet &set, const std::string &key);

/**
 * A set of all labels of the tiers' label annotations, bytewise sorted, keys 1 to 9 for the first nine: a start for
 * recordings that came with labels.
 */
LabelSet labelSetOf(std::span<const AnnotationTier> tiers, const std::string &name);

} // namespace kino
