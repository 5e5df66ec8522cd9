// The annotations of one recording while they are edited: tiers with numbered rows, and edits that can be undone
// exactly.
//
// An edit is data: every row it touches as it was and as it becomes. Applying it to an AnnotationSet, writing it to a
// project in one transaction (Project::applyEdit) and undoing it are all done from that data, so they cannot disagree.
// The functions that make edits are in annotation_edits.h. A set belongs to one thread; its tiers may be copied to
// others.
#pragma once

#include "core/data/annotation.h"

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace kino {

using TierId = std::int64_t;
using AnnotationId = std::int64_t;
using LabelSetId = std::int64_t;

struct StoredAnnotation {
    AnnotationId id = 0;
    Annotation annotation;
    friend bool operator==(const StoredAnnotation &, const StoredAnnotation &) = default;
};

/** A tier without its annotations. */
struct TierRow {
    TierId id = 0;
    /** Tiers are shown in the order of position, then id. */
    std::int64_t position = 0;
    std::string name;
    TierKind kind = TierKind::label;
    /** The vocabulary that is offered for it. */
    std::optional<LabelSetId> labelSet;
    friend bool operator==(const TierRow &, const TierRow &) = default;
};

struct StoredTier : TierRow {
    std::vector<StoredAnnotation> annotations; // by start, then id
    friend bool operator==(const StoredTier &, const StoredTier &) = default;
};

struct AnnotationRow {
    AnnotationId id = 0;
    TierId tier = 0;
    Annotation annotation;
    friend bool operator==(const AnnotationRow &, const AnnotationRow &) = default;
};

/** A row as it was and as it becomes: without `before` it is added, without `after` removed. */
template <class Row> struct RowChange {
    std::optional<Row> before;
    std::optional<Row> after;
    std::int64_t id() const { return before ? before->id : after->id; }
    friend bool operator==(const RowChange &, const RowChange &) = default;
};
using TierChange = RowChange<TierRow>;
using AnnotationChange = RowChange<AnnotationRow>;

/** One gesture. A row occurs at most once, so the order of the changes means nothing. */
struct AnnotationEdit {
    /** Names it in a list of what can be undone: "Split annotation". */
    std::string what;
    std::vector<TierChange> tiers;
    std::vector<AnnotationChange> annotations;

    bool isEmpty() const { return tiers.empty() && annotations.empty(); }
    friend bool operator==(const AnnotationEdit &, const AnnotationEdit &) = default;
};

/** The tiers that the edit changes, or annotations of. */
std::set<TierId> touchedTiers(const AnnotationEdit &edit);

/** What takes the edit back: inverseOf(inverseOf(edit)) == edit. */
AnnotationEdit inverseOf(AnnotationEdit edit);

/**
 * One edit that does what both do, the second made after the first; called as the second is. What the second takes back
 * of the first is in neither. Throws Error where the second does not begin as the first ends.
 */
AnnotationEdit composed(AnnotationEdit first, AnnotationEdit second);

/** Numbers for rows that edits make. Each is given once: what undo removes and redo brings back keeps its number. */
class RowIds {
public:
    RowIds() = default;
    RowIds(std::int64_t first, std::int64_t count) : m_next(first), m_end(first + count) { }
    /** Throws Error when all are used. */
    std::int64_t next();
    friend bool operator==(const RowIds &, const RowIds &) = default;

private:
    std::int64_t m_next = 1;
    std::int64_t m_end = std::int64_t{1} << 40;
};

/** Numbers for annotations and for tiers; a project reserves both (Project::reserveIds). */
struct AnnotationIds {
    RowIds annotations;
    RowIds tiers;
    friend bool operator==(const AnnotationIds &, const AnnotationIds &) = default;
};

class AnnotationSet {
public:
    AnnotationSet() = default;
    /** Throws Error where an id or a name occurs twice. */
    explicit AnnotationSet(std::vector<StoredTier> tiers);

    /** By position, then id. */
    const std::vector<StoredTier> &tiers() const { return m_tiers; }
    /** nullptr where there is none. */
    const StoredTier *findTier(TierId id) const;
    const StoredTier *findTier(const std::string &name) const;
    /** These throw Error where there is none (any more). */
    const StoredTier &tier(TierId id) const;
    AnnotationRow annotation(AnnotationId id) const;
    bool contains(AnnotationId id) const { return m_places.contains(id); }
    std::size_t size() const { return m_places.size(); }

    /**
     * Does all of the edit or, throwing Error, nothing: a row is not (any more) as the edit says it was, an annotation
     * would end before it starts or belong to no tier, a tier would have no name or another's, or be removed with
     * annotations in it. Time grows with the tiers touched, not with the square of the rows.
     */
    void apply(const AnnotationEdit &edit);

private:
    struct Place {
        TierId tier = 0;
        RecordingTime start;
    };
    const StoredAnnotation *locate(AnnotationId id) const;
    void check(const AnnotationEdit &edit) const;
    void checkTiers(const AnnotationEdit &edit) const;

    std::vector<StoredTier> m_tiers;
    std::unordered_map<AnnotationId, Place> m_places;
};

/** As files hold them, without numbers. */
std::vector<AnnotationTier> plainTiers(std::span<const StoredTier> tiers);

} // namespace kino
