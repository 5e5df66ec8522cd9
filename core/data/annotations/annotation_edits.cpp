#include "core/data/annotations/annotation_edits.h"

#include "core/base/error.h"

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_set>

namespace kino {
namespace {

using IdSet = std::unordered_set<AnnotationId>;

bool isInstant(const Annotation &annotation) { return annotation.start == annotation.end; }

bool covers(const Annotation &a, const Annotation &b)
{
    return !isInstant(a) && !isInstant(b) && a.start < b.end && b.start < a.end;
}

void requireLength(TierKind kind, const Annotation &annotation)
{
    if (annotation.end < annotation.start)
        throw Error("an annotation would end before it starts; drag its borders apart");
    if (kind == TierKind::label && isInstant(annotation))
        throw Error("a label needs a length; drag its borders apart");
}

std::vector<AnnotationRow> rowsOf(const AnnotationSet &set, std::span<const AnnotationId> which)
{
    std::vector<AnnotationRow> rows;
    IdSet seen;
    for (const AnnotationId id : which) {
        if (seen.insert(id).second)
            rows.push_back(set.annotation(id));
    }
    if (rows.empty())
        throw Error("no annotation is selected; click one first");
    return rows;
}

std::string counted(const char *verb, std::size_t count)
{
    return count == 1 ? std::string(verb) + " annotation"
                      : std::string(verb) + " " + std::to_string(count) + " annotations";
}

/** Cuts the others of a tier back to where none of `taken` (ordered by start, not overlapping much) lies. */
class RoomMaker {
public:
    RoomMaker(const AnnotationSet &set, AnnotationIds &ids, AnnotationEdit &edit) : m_set(set), m_ids(ids), m_edit(edit)
    {
    }

    void trim(TierId tier, std::vector<Annotation> taken, const IdSet &except)
    {
        std::erase_if(taken, isInstant);
        if (taken.empty())
            return;
        std::ranges::sort(taken, {}, &Annotation::start);
        const RecordingTime last = std::ranges::max_element(taken, {}, &Annotation::end)->end;
        for (const StoredAnnotation &other : m_set.tier(tier).annotations) {
            if (other.annotation.start >= last)
                break;
            if (!except.contains(other.id))
                trimOne(tier, other, taken);
        }
    }

private:
    void trimOne(TierId tier, const StoredAnnotation &other, const std::vector<Annotation> &taken)
    {
        const auto isInTheWay = [&](const Annotation &one) { return covers(one, other.annotation); };
        if (std::ranges::none_of(taken, isInTheWay))
            return;
        std::vector<Annotation> left;
        RecordingTime from = other.annotation.start;
        for (const Annotation &one : taken) {
            if (!isInTheWay(one))
                continue;
            if (one.start > from)
                left.push_back({from, one.start, other.annotation.label});
            from = std::max(from, one.end);
        }
        if (from < other.annotation.end)
            left.push_back({from, other.annotation.end, other.annotation.label});
        AnnotationChange change{AnnotationRow{other.id, tier, other.annotation}, std::nullopt};
        if (!left.empty())
            change.after = AnnotationRow{other.id, tier, left.front()};
        m_edit.annotations.push_back(std::move(change));
        for (std::size_t index = 1; index < left.size(); ++index)
            m_edit.annotations.push_back({std::nullopt, AnnotationRow{m_ids.annotations.next(), tier, left[index]}});
    }

    const AnnotationSet &m_set;
    AnnotationIds &m_ids;
    AnnotationEdit &m_edit;
};

/** The room between what stays: `annotation` cut back to where `anchor`, which lies in it, still is. */
Annotation stoppedAt(const StoredTier &tier, Annotation annotation, RecordingTime anchor, AnnotationId except)
{
    for (const StoredAnnotation &other : tier.annotations) {
        if (other.annotation.start >= annotation.end)
            break;
        if (other.id == except || !covers(other.annotation, annotation))
            continue;
        if (other.annotation.start >= anchor)
            annotation.end = std::min(annotation.end, other.annotation.start);
        else if (other.annotation.end <= anchor)
            annotation.start = std::max(annotation.start, other.annotation.end);
        else
            throw Error("there is no room here: \"" + other.annotation.label + "\" covers this time on the same tier");
    }
    return annotation;
}

/** How far rows may move by at most `by` before one of them meets one that stays; from where they overlap already, all.
 */
Nanos freeWay(const StoredTier &tier, const std::vector<AnnotationRow> &moving, const IdSet &except, Nanos by)
{
    for (const AnnotationRow &row : moving) {
        if (row.tier != tier.id || isInstant(row.annotation))
            continue;
        for (const StoredAnnotation &other : tier.annotations) {
            if (except.contains(other.id) || isInstant(other.annotation) || covers(other.annotation, row.annotation))
                continue;
            if (by > 0 && other.annotation.start >= row.annotation.end)
                by = std::min(by, other.annotation.start - row.annotation.end);
            if (by < 0 && other.annotation.end <= row.annotation.start)
                by = std::max(by, other.annotation.end - row.annotation.start);
        }
    }
    return by;
}

AnnotationEdit withRoom(const AnnotationSet &set, AnnotationIds &ids, std::string what,
                        std::vector<AnnotationChange> changes, Overlap overlap)
{
    AnnotationEdit edit{std::move(what), {}, {}};
    std::erase_if(changes, [](const AnnotationChange &change) { return change.before == change.after; });
    if (overlap == Overlap::trim) {
        IdSet own;
        std::map<TierId, std::vector<Annotation>> taken;
        for (const AnnotationChange &change : changes) {
            own.insert(change.id());
            if (change.after)
                taken[change.after->tier].push_back(change.after->annotation);
        }
        RoomMaker room(set, ids, edit);
        for (auto &[tier, annotations] : taken)
            room.trim(tier, std::move(annotations), own);
    }
    edit.annotations.insert(edit.annotations.end(), std::make_move_iterator(changes.begin()),
                            std::make_move_iterator(changes.end()));
    return edit;
}

AnnotationEdit changeTier(const AnnotationSet &set, std::string what, TierId id,
                          const std::function<void(TierRow &)> &change)
{
    const TierRow before = set.tier(id);
    TierRow after = before;
    change(after);
    AnnotationEdit edit{std::move(what), {}, {}};
    if (after != before)
        edit.tiers.push_back({before, std::move(after)});
    return edit;
}

void requireFreeName(const AnnotationSet &set, const std::string &name, std::optional<TierId> own)
{
    if (name.empty())
        throw Error("a tier needs a name");
    const StoredTier *same = set.findTier(name);
    if (same && same->id != own)
        throw Error("this recording has a tier \"" + name + "\" already; choose another name");
}

} // namespace

AnnotationEdit addAnnotation(const AnnotationSet &set, AnnotationIds &ids, TierId tierId, const Annotation &annotation,
                             Overlap overlap)
{
    const StoredTier &tier = set.tier(tierId);
    requireLength(tier.kind, annotation);
    Annotation added = annotation;
    if (overlap == Overlap::stop) {
        added = stoppedAt(tier, annotation, annotation.start, 0);
        requireLength(tier.kind, added);
    }
    return withRoom(set, ids, "Add annotation", {{std::nullopt, AnnotationRow{ids.annotations.next(), tierId, added}}},
                    overlap);
}

AnnotationEdit removeAnnotations(const AnnotationSet &set, std::span<const AnnotationId> which)
{
    AnnotationEdit edit;
    for (AnnotationRow &row : rowsOf(set, which))
        edit.annotations.push_back({std::move(row), std::nullopt});
    edit.what = counted("Remove", edit.annotations.size());
    return edit;
}

AnnotationEdit resizeAnnotation(const AnnotationSet &set, AnnotationIds &ids, AnnotationId id, RecordingTime start,
                                RecordingTime end, Overlap overlap)
{
    const AnnotationRow before = set.annotation(id);
    const StoredTier &tier = set.tier(before.tier);
    AnnotationRow after = before;
    after.annotation.start = start;
    after.annotation.end = end;
    requireLength(tier.kind, after.annotation);
    if (overlap == Overlap::stop) {
        const RecordingTime anchor = std::clamp(before.annotation.start, start, end);
        after.annotation = stoppedAt(tier, after.annotation, anchor, id);
        requireLength(tier.kind, after.annotation);
    }
    return withRoom(set, ids, "Resize annotation", {{before, after}}, overlap);
}

AnnotationEdit moveEdge(const AnnotationSet &set, AnnotationIds &ids, AnnotationId id, AnnotationEdge edge,
                        RecordingTime to, Overlap overlap)
{
    const AnnotationRow before = set.annotation(id);
    const StoredTier &tier = set.tier(before.tier);
    const RecordingTime fixed = edge == AnnotationEdge::start ? before.annotation.end : before.annotation.start;
    AnnotationRow after = before;
    after.annotation.start = std::min(fixed, to);
    after.annotation.end = std::max(fixed, to);
    requireLength(tier.kind, after.annotation);
    if (overlap == Overlap::stop) {
        // The border that stays holds what may not be cut: growing stops at the first neighbour on that side.
        for (const StoredAnnotation &other : tier.annotations) {
            if (other.id == id || isInstant(other.annotation) || covers(other.annotation, before.annotation))
                continue;
            if (to > fixed && other.annotation.start >= fixed)
                after.annotation.end = std::min(after.annotation.end, other.annotation.start);
            if (to < fixed && other.annotation.end <= fixed)
                after.annotation.start = std::max(after.annotation.start, other.annotation.end);
        }
        requireLength(tier.kind, after.annotation);
    }
    return withRoom(set, ids, "Move border", {{before, after}}, overlap);
}

AnnotationEdit moveSharedBorder(const AnnotationSet &set, AnnotationId first, AnnotationId second, RecordingTime to)
{
    const AnnotationRow before = set.annotation(first);
    const AnnotationRow behind = set.annotation(second);
    if (before.tier != behind.tier || before.annotation.end != behind.annotation.start)
        throw Error("these two annotations do not touch; move their borders one by one");
    if (to <= before.annotation.start || to >= behind.annotation.end)
        throw Error("a border between two annotations stays between them");
    AnnotationEdit edit{"Move border", {}, {}};
    if (to == before.annotation.end)
        return edit;
    edit.annotations = {{before, before}, {behind, behind}};
    edit.annotations[0].after->annotation.end = to;
    edit.annotations[1].after->annotation.start = to;
    return edit;
}

AnnotationEdit moveAnnotations(const AnnotationSet &set, AnnotationIds &ids, std::span<const AnnotationId> which,
                               Nanos by, Overlap overlap)
{
    const std::vector<AnnotationRow> rows = rowsOf(set, which);
    if (overlap == Overlap::stop) {
        IdSet moving;
        for (const AnnotationRow &row : rows)
            moving.insert(row.id);
        for (const StoredTier &tier : set.tiers())
            by = freeWay(tier, rows, moving, by);
    }
    std::vector<AnnotationChange> changes;
    for (const AnnotationRow &row : rows) {
        AnnotationRow after = row;
        if (__builtin_add_overflow(row.annotation.start.ns, by, &after.annotation.start.ns)
            || __builtin_add_overflow(row.annotation.end.ns, by, &after.annotation.end.ns))
            throw Error("an annotation cannot be moved that far");
        changes.push_back({row, std::move(after)});
    }
    return withRoom(set, ids, counted("Move", rows.size()), std::move(changes), overlap);
}

AnnotationEdit splitAnnotation(const AnnotationSet &set, AnnotationIds &ids, AnnotationId id, RecordingTime at)
{
    const AnnotationRow before = set.annotation(id);
    if (at <= before.annotation.start || at >= before.annotation.end)
        throw Error("an annotation can only be split inside it; move the playhead there");
    AnnotationRow first = before;
    first.annotation.end = at;
    AnnotationRow second = before;
    second.id = ids.annotations.next();
    second.annotation.start = at;
    return {"Split annotation", {}, {{before, first}, {std::nullopt, second}}};
}

AnnotationEdit mergeAnnotations(const AnnotationSet &set, std::span<const AnnotationId> which,
                                const std::optional<std::string> &label)
{
    std::vector<AnnotationRow> rows = rowsOf(set, which);
    if (rows.size() < 2)
        throw Error("merging needs two annotations or more; select the others too");
    std::ranges::sort(rows, {}, [](const AnnotationRow &row) { return std::pair(row.annotation.start, row.id); });
    AnnotationRow merged = rows.front();
    const StoredTier &tier = set.tier(merged.tier);
    IdSet selected;
    for (const AnnotationRow &row : rows) {
        if (row.tier != merged.tier)
            throw Error("only annotations of one tier can be merged");
        selected.insert(row.id);
        merged.annotation.end = std::max(merged.annotation.end, row.annotation.end);
        if (tier.kind == TierKind::text && row.id != merged.id && row.annotation.label != merged.annotation.label
            && !row.annotation.label.empty())
            merged.annotation.label += (merged.annotation.label.empty() ? "" : " ") + row.annotation.label;
    }
    if (label)
        merged.annotation.label = *label;
    for (const StoredAnnotation &other : tier.annotations) {
        if (!selected.contains(other.id) && covers(other.annotation, merged.annotation))
            throw Error("\"" + other.annotation.label + "\" lies between them; select it too, or move it away");
    }
    AnnotationEdit edit{counted("Merge", rows.size()), {}, {}};
    edit.annotations.push_back({rows.front(), merged});
    for (std::size_t index = 1; index < rows.size(); ++index)
        edit.annotations.push_back({rows[index], std::nullopt});
    return edit;
}

AnnotationEdit relabelAnnotations(const AnnotationSet &set, std::span<const AnnotationId> which,
                                  const std::string &label)
{
    AnnotationEdit edit;
    for (const AnnotationRow &row : rowsOf(set, which)) {
        if (row.annotation.label == label)
            continue;
        AnnotationRow after = row;
        after.annotation.label = label;
        edit.annotations.push_back({row, std::move(after)});
    }
    edit.what = counted("Label", edit.annotations.size());
    return edit;
}

AnnotationEdit retierAnnotations(const AnnotationSet &set, AnnotationIds &ids, std::span<const AnnotationId> which,
                                 TierId tierId, Overlap overlap)
{
    const StoredTier &tier = set.tier(tierId);
    std::vector<AnnotationChange> changes;
    for (const AnnotationRow &row : rowsOf(set, which)) {
        AnnotationRow after = row;
        after.tier = tierId;
        if (row.tier != tierId)
            requireLength(tier.kind, row.annotation);
        if (overlap == Overlap::stop && row.tier != tierId)
            after.annotation = stoppedAt(tier, after.annotation, after.annotation.start, row.id);
        changes.push_back({row, std::move(after)});
    }
    return withRoom(set, ids, counted("Move", changes.size()) + " to " + tier.name, std::move(changes), overlap);
}

AnnotationEdit addTier(const AnnotationSet &set, AnnotationIds &ids, const std::string &name, TierKind kind,
                       std::optional<LabelSetId> labelSet)
{
    requireFreeName(set, name, std::nullopt);
    const std::int64_t position = set.tiers().empty() ? 0 : set.tiers().back().position + 1;
    return {"Add tier", {{std::nullopt, TierRow{ids.tiers.next(), position, name, kind, labelSet}}}, {}};
}

AnnotationEdit renameTier(const AnnotationSet &set, TierId tier, const std::string &name)
{
    requireFreeName(set, name, tier);
    return changeTier(set, "Rename tier", tier, [&](TierRow &row) { row.name = name; });
}

AnnotationEdit removeTier(const AnnotationSet &set, TierId id)
{
    const StoredTier &tier = set.tier(id);
    AnnotationEdit edit{"Remove tier", {{static_cast<const TierRow &>(tier), std::nullopt}}, {}};
    for (const StoredAnnotation &row : tier.annotations)
        edit.annotations.push_back({AnnotationRow{row.id, id, row.annotation}, std::nullopt});
    return edit;
}

AnnotationEdit setTierKind(const AnnotationSet &set, TierId id, TierKind kind)
{
    const StoredTier &tier = set.tier(id);
    const auto hasNoLength = [](const StoredAnnotation &row) { return isInstant(row.annotation); };
    if (kind == TierKind::label && std::ranges::any_of(tier.annotations, hasNoLength))
        throw Error("\"" + tier.name + "\" holds remarks without a length, which labels must have; give them one first");
    return changeTier(set, "Change kind of tier", id, [&](TierRow &row) { row.kind = kind; });
}

AnnotationEdit setTierLabelSet(const AnnotationSet &set, TierId tier, std::optional<LabelSetId> labelSet)
{
    return changeTier(set, "Choose labels", tier, [&](TierRow &row) { row.labelSet = labelSet; });
}

AnnotationEdit moveTier(const AnnotationSet &set, TierId id, std::size_t index)
{
    std::vector<TierRow> rows(set.tiers().begin(), set.tiers().end());
    const TierRow moved = set.tier(id);
    std::erase_if(rows, [&](const TierRow &row) { return row.id == id; });
    rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(std::min(index, rows.size())), moved);
    AnnotationEdit edit{"Move tier", {}, {}};
    for (std::size_t place = 0; place < rows.size(); ++place) {
        TierRow after = rows[place];
        after.position = static_cast<std::int64_t>(place);
        if (after != rows[place])
            edit.tiers.push_back({rows[place], std::move(after)});
    }
    return edit;
}

} // namespace kino
