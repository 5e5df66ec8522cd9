#include "core/data/annotations/tier_import.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace kino {
namespace {

/** What a tier without a name is called. */
constexpr const char *kUsualTier = "activity";
constexpr std::size_t kDigitKeys = 9;

bool isSame(const StoredTier &there, const AnnotationTier &tier)
{
    return there.kind == tier.kind && std::ranges::equal(there.annotations, tier.annotations, {}, &StoredAnnotation::annotation);
}

/** What the file's format has rounded is what it was. */
void unround(AnnotationTier &tier, const StoredTier &there, Nanos roundedByNs)
{
    if (roundedByNs == 0)
        return;
    const auto startOf = [](const StoredAnnotation &each) { return each.annotation.start; };
    const auto isNear = [&](RecordingTime a, RecordingTime b) { return std::abs(a - b) <= roundedByNs; };
    for (Annotation &annotation : tier.annotations) {
        // Stored ones lie in the order of their starts.
        auto known = std::ranges::lower_bound(there.annotations, annotation.start - roundedByNs, {}, startOf);
        for (; known != there.annotations.end() && isNear(known->annotation.start, annotation.start); ++known) {
            // An instant is written as long as the format's least step.
            const bool isInstant = known->annotation.start == known->annotation.end;
            const bool endsThere = isNear(known->annotation.end, annotation.end) || (isInstant && annotation.end - annotation.start <= roundedByNs);
            if (known->annotation.label != annotation.label || !endsThere)
                continue;
            annotation = known->annotation;
            break;
        }
    }
    std::ranges::stable_sort(tier.annotations, {}, &Annotation::start);
}

std::string freeName(const std::string &name, const std::set<std::string> &taken)
{
    std::string free = name;
    for (int number = 2; taken.contains(free); ++number)
        free = name + " (" + std::to_string(number) + ")";
    return free;
}

bool hasAll(const LabelSet &set, const std::vector<LabelDefinition> &labels)
{
    std::set<std::string> known;
    for (const LabelDefinition &each : set.labels)
        known.insert(each.label);
    return std::ranges::all_of(labels, [&](const LabelDefinition &each) { return known.contains(each.label); });
}

} // namespace

NewTiers newTiersOf(ImportedTiers imported, const AnnotationSet &now)
{
    NewTiers result;
    result.tiers.saysKind = imported.saysKind;
    result.tiers.roundedByNs = imported.roundedByNs;
    result.tiers.vocabularies.labelSets = std::move(imported.vocabularies.labelSets);
    for (std::size_t place = 0; place < imported.tiers.size(); ++place) {
        AnnotationTier &tier = imported.tiers[place];
        if (const StoredTier *there = now.findTier(tier.name)) {
            if (!imported.saysKind)
                tier.kind = there->kind;
            unround(tier, *there, imported.roundedByNs);
            if (isSame(*there, tier)) {
                ++result.same;
                continue;
            }
            result.known.push_back(tier.name);
        }
        result.tiers.vocabularies.ofTier.push_back(place < imported.vocabularies.ofTier.size() ? imported.vocabularies.ofTier[place] : std::nullopt);
        result.tiers.tiers.push_back(std::move(tier));
    }
    return result;
}

ImportedLabelSets placeLabelSets(const TierVocabularies &vocabularies, const std::vector<LabelSet> &there, const std::function<LabelSetId()> &nextId)
{
    ImportedLabelSets placed;
    std::set<std::string> names;
    for (const LabelSet &set : there)
        names.insert(set.name);
    for (std::size_t place = 0; place < vocabularies.labelSets.size(); ++place) {
        const LabelSet &set = vocabularies.labelSets[place];
        placed.ids.push_back(0);
        if (std::ranges::find(vocabularies.ofTier, std::optional(place)) == vocabularies.ofTier.end())
            continue;
        const auto same = std::ranges::find(there, set.name, &LabelSet::name);
        if (same != there.end() && hasAll(*same, set.labels)) {
            placed.ids.back() = same->id;
            continue;
        }
        LabelSet added{nextId(), freeName(set.name, names), set.labels};
        for (std::size_t label = 0; label < std::min(added.labels.size(), kDigitKeys); ++label)
            added.labels[label].key = std::to_string(label + 1);
        names.insert(added.name);
        placed.ids.back() = added.id;
        placed.added.push_back(std::move(added));
    }
    return placed;
}

AnnotationEdit importTiers(const AnnotationSet &now, AnnotationIds &ids, const ImportedTiers &imported, const ImportedLabelSets &labelSets, ImportedTier known, const std::string &what)
{
    AnnotationEdit edit{what, {}, {}};
    std::set<std::string> names;
    std::int64_t position = now.tiers().empty() ? 0 : now.tiers().back().position + 1;
    std::set<TierId> replaced; // once: a file may have two tiers of a name
    for (const StoredTier &tier : now.tiers())
        names.insert(tier.name);
    for (std::size_t place = 0; place < imported.tiers.size(); ++place) {
        const AnnotationTier &tier = imported.tiers[place];
        const auto own = place < imported.vocabularies.ofTier.size() ? imported.vocabularies.ofTier[place] : std::nullopt;
        const std::optional<LabelSetId> labelSet = own ? std::optional(labelSets.ids[*own]) : std::nullopt;
        const StoredTier *same = known == ImportedTier::replace ? now.findTier(tier.name) : nullptr;
        TierId into = same ? same->id : 0;
        if (same && replaced.insert(same->id).second) {
            for (const StoredAnnotation &row : same->annotations)
                edit.annotations.push_back({AnnotationRow{row.id, same->id, row.annotation}, std::nullopt});
            TierRow after = *same;
            after.kind = tier.kind;
            if (!after.labelSet)
                after.labelSet = labelSet;
            if (after != static_cast<const TierRow &>(*same))
                edit.tiers.push_back({*same, after});
        } else {
            const std::string name = freeName(tier.name.empty() ? kUsualTier : tier.name, names);
            names.insert(name);
            into = ids.tiers.next();
            edit.tiers.push_back({std::nullopt, TierRow{into, position++, name, tier.kind, labelSet}});
        }
        for (const Annotation &annotation : tier.annotations)
            edit.annotations.push_back({std::nullopt, AnnotationRow{ids.annotations.next(), into, annotation}});
    }
    return edit;
}

} // namespace kino
