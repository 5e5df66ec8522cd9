#include "core/data/annotations/annotation_set.h"

#include "core/base/error.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace kino {
namespace {

constexpr const char *kChangedMeanwhile = "these annotations have been changed meanwhile, perhaps by another program; "
                                          "reload the recording and try again";

bool isBefore(const StoredAnnotation &a, const StoredAnnotation &b)
{
    return std::pair(a.annotation.start, a.id) < std::pair(b.annotation.start, b.id);
}

bool isAbove(const StoredTier &a, const StoredTier &b)
{
    return std::pair(a.position, a.id) < std::pair(b.position, b.id);
}

template <class Row> void requireEachOnce(const std::vector<RowChange<Row>> &changes)
{
    std::unordered_set<std::int64_t> seen;
    for (const RowChange<Row> &change : changes) {
        const bool isOneRow = (change.before || change.after)
            && (!change.before || !change.after || change.before->id == change.after->id);
        if (!isOneRow || !seen.insert(change.id()).second)
            throw Error("an edit must say once what becomes of a row");
    }
}

template <class Row> std::vector<RowChange<Row>> swapped(std::vector<RowChange<Row>> changes)
{
    std::ranges::reverse(changes);
    for (RowChange<Row> &change : changes)
        std::swap(change.before, change.after);
    return changes;
}

template <class Row> std::vector<RowChange<Row>> joined(std::vector<RowChange<Row>> first, std::vector<RowChange<Row>> second)
{
    std::unordered_map<std::int64_t, std::size_t> places;
    for (std::size_t index = 0; index < first.size(); ++index)
        places.emplace(first[index].id(), index);
    for (RowChange<Row> &change : second) {
        const auto found = places.find(change.id());
        if (found == places.end()) {
            first.push_back(std::move(change));
            continue;
        }
        RowChange<Row> &earlier = first[found->second];
        if (earlier.after != change.before)
            throw Error("two edits that do not follow one another cannot be one");
        earlier.after = std::move(change.after);
    }
    std::erase_if(first, [](const RowChange<Row> &change) { return change.before == change.after; });
    return first;
}

} // namespace

AnnotationEdit composed(AnnotationEdit first, AnnotationEdit second)
{
    return {std::move(second.what), joined(std::move(first.tiers), std::move(second.tiers)),
            joined(std::move(first.annotations), std::move(second.annotations))};
}

std::set<TierId> touchedTiers(const AnnotationEdit &edit)
{
    std::set<TierId> touched;
    for (const TierChange &change : edit.tiers)
        touched.insert(change.id());
    for (const AnnotationChange &change : edit.annotations) {
        for (const std::optional<AnnotationRow> *row : {&change.before, &change.after}) {
            if (*row)
                touched.insert((*row)->tier);
        }
    }
    return touched;
}

AnnotationEdit inverseOf(AnnotationEdit edit)
{
    edit.tiers = swapped(std::move(edit.tiers));
    edit.annotations = swapped(std::move(edit.annotations));
    return edit;
}

std::int64_t RowIds::next()
{
    if (m_next >= m_end)
        throw Error("all numbers reserved for new annotations are used up; reload the recording to go on");
    return m_next++;
}

AnnotationSet::AnnotationSet(std::vector<StoredTier> tiers) : m_tiers(std::move(tiers))
{
    std::ranges::stable_sort(m_tiers, isAbove);
    std::set<std::string> names;
    std::set<TierId> ids;
    for (StoredTier &tier : m_tiers) {
        if (!names.insert(tier.name).second || !ids.insert(tier.id).second)
            throw Error("there are two tiers \"" + tier.name + "\"");
        std::ranges::sort(tier.annotations, isBefore);
        for (const StoredAnnotation &row : tier.annotations) {
            if (!m_places.try_emplace(row.id, Place{tier.id, row.annotation.start}).second)
                throw Error("there are two annotations number " + std::to_string(row.id));
        }
    }
}

const StoredTier *AnnotationSet::findTier(TierId id) const
{
    const auto found = std::ranges::find(m_tiers, id, &StoredTier::id);
    return found == m_tiers.end() ? nullptr : &*found;
}

const StoredTier *AnnotationSet::findTier(const std::string &name) const
{
    const auto found = std::ranges::find(m_tiers, name, &StoredTier::name);
    return found == m_tiers.end() ? nullptr : &*found;
}

const StoredTier &AnnotationSet::tier(TierId id) const
{
    if (const StoredTier *found = findTier(id))
        return *found;
    throw Error("there is no tier number " + std::to_string(id) + " in this recording any more");
}

const StoredAnnotation *AnnotationSet::locate(AnnotationId id) const
{
    const auto place = m_places.find(id);
    if (place == m_places.end())
        return nullptr;
    const std::vector<StoredAnnotation> &rows = tier(place->second.tier).annotations;
    return &*std::ranges::lower_bound(rows, StoredAnnotation{id, {place->second.start, {}, {}}}, isBefore);
}

AnnotationRow AnnotationSet::annotation(AnnotationId id) const
{
    const StoredAnnotation *found = locate(id);
    if (!found)
        throw Error("there is no annotation number " + std::to_string(id) + " in this recording any more");
    return {id, m_places.at(id).tier, found->annotation};
}

void AnnotationSet::checkTiers(const AnnotationEdit &edit) const
{
    std::map<TierId, std::string> names;
    for (const StoredTier &tier : m_tiers)
        names.emplace(tier.id, tier.name);
    for (const TierChange &change : edit.tiers) {
        const StoredTier *now = findTier(change.id());
        if (change.before ? !now || static_cast<const TierRow &>(*now) != *change.before : now != nullptr)
            throw Error(kChangedMeanwhile);
        if (change.after)
            names[change.id()] = change.after->name;
        else
            names.erase(change.id());
    }
    std::set<std::string> taken;
    for (const auto &[id, name] : names) {
        if (name.empty())
            throw Error("a tier needs a name");
        if (!taken.insert(name).second)
            throw Error("this recording has a tier \"" + name + "\" already; choose another name");
    }
}

void AnnotationSet::check(const AnnotationEdit &edit) const
{
    requireEachOnce(edit.tiers);
    requireEachOnce(edit.annotations);
    checkTiers(edit);
    std::map<TierId, std::int64_t> grownBy;
    for (const AnnotationChange &change : edit.annotations) {
        const StoredAnnotation *now = locate(change.id());
        const bool isAsItWas = change.before ? now && now->annotation == change.before->annotation
                && m_places.at(change.id()).tier == change.before->tier
                                             : now == nullptr;
        if (!isAsItWas)
            throw Error(kChangedMeanwhile);
        if (change.before)
            --grownBy[change.before->tier];
        if (!change.after)
            continue;
        ++grownBy[change.after->tier];
        if (change.after->annotation.end < change.after->annotation.start)
            throw Error("an annotation would end before it starts; drag its borders apart");
        const auto tierChange = std::ranges::find(edit.tiers, change.after->tier, &TierChange::id);
        if (tierChange == edit.tiers.end() ? !findTier(change.after->tier) : !tierChange->after)
            throw Error("an annotation needs a tier that is there");
    }
    for (const TierChange &change : edit.tiers) {
        if (change.before && !change.after
            && static_cast<std::int64_t>(tier(change.id()).annotations.size()) + grownBy[change.id()] != 0)
            throw Error(kChangedMeanwhile);
    }
}

void AnnotationSet::apply(const AnnotationEdit &edit)
{
    check(edit);
    for (const TierChange &change : edit.tiers) {
        if (!change.before)
            m_tiers.push_back({*change.after, {}});
        else if (change.after)
            static_cast<TierRow &>(*std::ranges::find(m_tiers, change.id(), &StoredTier::id)) = *change.after;
    }
    // Each tier is rebuilt once: removing ten thousand rows one by one would move what follows ten thousand times.
    std::map<TierId, std::pair<std::unordered_set<AnnotationId>, std::vector<StoredAnnotation>>> byTier;
    for (const AnnotationChange &change : edit.annotations) {
        if (change.before) {
            byTier[change.before->tier].first.insert(change.id());
            m_places.erase(change.id());
        }
        if (change.after) {
            byTier[change.after->tier].second.push_back({change.id(), change.after->annotation});
            m_places.emplace(change.id(), Place{change.after->tier, change.after->annotation.start});
        }
    }
    for (auto &[id, rows] : byTier) {
        std::vector<StoredAnnotation> &annotations = std::ranges::find(m_tiers, id, &StoredTier::id)->annotations;
        std::erase_if(annotations, [&gone = rows.first](const StoredAnnotation &row) { return gone.contains(row.id); });
        std::ranges::sort(rows.second, isBefore);
        const auto middle = annotations.insert(annotations.end(), rows.second.begin(), rows.second.end());
        std::inplace_merge(annotations.begin(), middle, annotations.end(), isBefore);
    }
    std::erase_if(m_tiers, [&](const StoredTier &tier) {
        const auto change = std::ranges::find(edit.tiers, tier.id, &TierChange::id);
        return change != edit.tiers.end() && !change->after;
    });
    std::ranges::stable_sort(m_tiers, isAbove);
}

std::vector<AnnotationTier> plainTiers(std::span<const StoredTier> tiers)
{
    std::vector<AnnotationTier> plain;
    for (const StoredTier &tier : tiers) {
        AnnotationTier &made = plain.emplace_back(AnnotationTier{tier.name, tier.kind, {}});
        for (const StoredAnnotation &row : tier.annotations)
            made.annotations.push_back(row.annotation);
    }
    return plain;
}

} // namespace kino
