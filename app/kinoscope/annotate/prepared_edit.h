// An edit of very many annotations, made by a worker: all that follows from it is made there too, so that the GUI thread only
// has to put it in place (Annotator::take()).
#pragma once

#include "core/data/annotations/label_set.h"
#include "core/data/recording.h"
#include "widgets/timeline/tier_data.h"

#include <functional>
#include <memory>

namespace kino {

/** The labels of the shown recording as they are; a copy, for a worker. */
struct EditBasis {
    qint64 recording = 0; // in the library
    int changes = 0;      // how often its labels had been changed
    std::shared_ptr<const Recording> shown;
    std::vector<StoredTier> tiers;
    std::vector<std::shared_ptr<const TierData>> views;
    std::vector<LabelSet> labelSets;
    AnnotationIds ids;
};

struct PreparedEdit {
    // What it was made from: with anything else it is outdated.
    qint64 recording = 0;
    int changes = 0;
    std::shared_ptr<const Recording> before;
    std::vector<LabelSet> labelSetsBefore;
    AnnotationIds idsBefore;
    // What it is.
    std::shared_ptr<const AnnotationEdit> edit;
    std::vector<LabelSet> labelSets; // that come with it
    // What comes of it.
    AnnotationIds ids;
    AnnotationSet set;
    std::shared_ptr<const Recording> after;
    std::vector<std::shared_ptr<const TierData>> views;
};

/** `edit` was made from the basis, and used its `ids` up to these. Throws Error where it does not fit. Any thread. */
std::shared_ptr<PreparedEdit> prepareEdit(const EditBasis &basis, AnnotationSet set, AnnotationEdit edit, const AnnotationIds &ids, std::vector<LabelSet> labelSets = {});

} // namespace kino
