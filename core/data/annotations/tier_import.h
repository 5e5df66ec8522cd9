// Tiers of a file into a recording that has tiers already: what is new in them, and the one edit that takes them in. Pure
// functions; any thread.
#pragma once

#include "core/data/annotations/label_set.h"

#include <functional>

namespace kino {

/** Where a tier of this name is there when tiers come from a file. */
enum class ImportedTier { keepBoth, replace };

struct ImportedTiers {
    std::vector<AnnotationTier> tiers;
    TierVocabularies vocabularies;
    /** False of a table, which says nothing of kinds: then tiers that are there keep theirs. */
    bool saysKind = false;
    /** Borders of the file are rounded by up to so much: ELAN counts whole milliseconds. */
    Nanos roundedByNs = 0;
};

/** Without the tiers that are there with the same annotations; one that differs by the file's rounding alone takes the exact borders. */
struct NewTiers {
    ImportedTiers tiers;
    std::size_t same = 0;
    /** Names of those that are there with other annotations. */
    std::vector<std::string> known;
};
NewTiers newTiersOf(ImportedTiers imported, const AnnotationSet &now);

/** The label sets of imported tiers as the project has them, or gets them. */
struct ImportedLabelSets {
    std::vector<LabelSet> added;
    std::vector<LabelSetId> ids; // by place in TierVocabularies::labelSets
};
/**
 * A set that the project has by the same name with all of these labels is that one. Others are added, under a name of their
 * own, with keys 1 to 9 for the first nine labels. Sets that no tier has are left out (id 0).
 */
ImportedLabelSets placeLabelSets(const TierVocabularies &vocabularies, const std::vector<LabelSet> &there, const std::function<LabelSetId()> &nextId);

/**
 * One edit: tiers of unknown names are added below the others, and of known names too, under names of their own, or they take
 * the place of what those hold. `labelSets` are placeLabelSets()'; a tier that is there keeps the vocabulary it has.
 */
AnnotationEdit importTiers(const AnnotationSet &now, AnnotationIds &ids, const ImportedTiers &imported, const ImportedLabelSets &labelSets, ImportedTier known, const std::string &what);

} // namespace kino
