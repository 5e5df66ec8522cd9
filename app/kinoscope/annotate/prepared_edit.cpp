#include "app/kinoscope/annotate/prepared_edit.h"

#include <set>

namespace kino {

std::shared_ptr<PreparedEdit> prepareEdit(const EditBasis &basis, AnnotationSet set, AnnotationEdit edit, const AnnotationIds &ids, std::vector<LabelSet> labelSets)
{
    auto prepared = std::make_shared<PreparedEdit>();
    prepared->recording = basis.recording;
    prepared->changes = basis.changes;
    prepared->before = basis.shown;
    prepared->labelSetsBefore = basis.labelSets;
    prepared->idsBefore = basis.ids;
    prepared->labelSets = std::move(labelSets);
    prepared->ids = ids;
    set.apply(edit);
    const std::set<TierId> touched = touchedTiers(edit);
    for (const StoredTier &tier : set.tiers()) {
        const auto kept = std::ranges::find(basis.views, tier.id, [](const auto &each) { return each->id; });
        prepared->views.push_back(kept != basis.views.end() && !touched.contains(tier.id) ? *kept : buildTier(tier));
    }
    auto after = std::make_shared<Recording>(*basis.shown);
    after->tiers = plainTiers(set.tiers());
    prepared->after = std::move(after);
    prepared->set = std::move(set);
    prepared->edit = std::make_shared<const AnnotationEdit>(std::move(edit));
    return prepared;
}

} // namespace kino
