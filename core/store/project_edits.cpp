// Edits of annotations and label sets as rows of a project's database: one transaction, synchronous FULL, all or
// nothing.
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/store/project.h"

namespace kino {
namespace {

constexpr const char *kChangedMeanwhile
    = "these annotations have been changed meanwhile, perhaps by another program; reload the "
      "recording and try again";

const char *kindName(TierKind kind) { return kind == TierKind::text ? "text" : "label"; }

/** Writes one edit. Every statement names the row as it was, so what another program changed is noticed. */
class EditWriter {
public:
    EditWriter(const Database &database, RecordingId recording) : m_database(database), m_recording(recording) { }

    void write(const AnnotationEdit &edit)
    {
        for (const TierChange &change : edit.tiers) {
            if (change.after)
                change.before ? updateTier(*change.before, *change.after) : insertTier(*change.after);
        }
        for (const AnnotationChange &change : edit.annotations) {
            if (change.after && change.after->annotation.end < change.after->annotation.start)
                throw Error("an annotation would end before it starts; drag its borders apart");
            if (change.before && change.after)
                update(*change.before, *change.after);
            else if (change.before)
                remove(*change.before);
            else if (change.after)
                insert(*change.after);
        }
        for (const TierChange &change : edit.tiers) {
            if (change.before && !change.after)
                removeTier(*change.before);
        }
    }

private:
    void requireOne() const
    {
        if (m_database.changes() != 1)
            throw Error(kChangedMeanwhile);
    }
    /** Only tiers of this recording may be written through it. */
    void requireTier(TierId tier)
    {
        const bool isOurs = m_tierOfRecording.bind(tier, m_recording).step();
        m_tierOfRecording.reset();
        if (!isOurs)
            throw Error(kChangedMeanwhile);
    }
    void requireFree(const TierRow &row)
    {
        if (row.name.empty())
            throw Error("a tier needs a name");
        const bool isTaken = m_sameName.bind(m_recording, validUtf8(row.name), row.id).step();
        m_sameName.reset();
        if (isTaken)
            throw Error("this recording has a tier \"" + row.name + "\" already; choose another name");
    }

    void insertTier(const TierRow &row)
    {
        requireFree(row);
        m_insertTier.bind(row.id, m_recording, row.position, validUtf8(row.name), kindName(row.kind), row.labelSet)
            .run();
    }
    void updateTier(const TierRow &before, const TierRow &after)
    {
        requireFree(after);
        m_updateTier
            .bind(after.position, validUtf8(after.name), kindName(after.kind), after.labelSet, before.id, m_recording,
                  before.position, validUtf8(before.name), kindName(before.kind), before.labelSet)
            .run();
        requireOne();
    }
    void removeTier(const TierRow &row)
    {
        // The cascade would take annotations that the edit does not know of.
        const bool isEmpty = !m_anyInTier.bind(row.id).step();
        m_anyInTier.reset();
        if (!isEmpty)
            throw Error(kChangedMeanwhile);
        m_deleteTier.bind(row.id, m_recording, validUtf8(row.name)).run();
        requireOne();
    }
    void insert(const AnnotationRow &row)
    {
        requireTier(row.tier);
        m_insert.bind(row.id, row.tier, row.annotation.start.ns, row.annotation.end.ns, validUtf8(row.annotation.label))
            .run();
    }
    void update(const AnnotationRow &before, const AnnotationRow &after)
    {
        requireTier(before.tier);
        if (after.tier != before.tier)
            requireTier(after.tier);
        m_update
            .bind(after.tier, after.annotation.start.ns, after.annotation.end.ns, validUtf8(after.annotation.label),
                  before.id, before.tier, before.annotation.start.ns, before.annotation.end.ns,
                  validUtf8(before.annotation.label))
            .run();
        requireOne();
    }
    void remove(const AnnotationRow &row)
    {
        requireTier(row.tier);
        m_delete.bind(row.id, row.tier, row.annotation.start.ns, row.annotation.end.ns, validUtf8(row.annotation.label))
            .run();
        requireOne();
    }

    const Database &m_database;
    RecordingId m_recording;
    Statement m_tierOfRecording{m_database, "SELECT 1 FROM tiers WHERE id = ? AND recording_id = ?"};
    Statement m_sameName{m_database, "SELECT 1 FROM tiers WHERE recording_id = ? AND name = ? AND id <> ?"};
    Statement m_anyInTier{m_database, "SELECT 1 FROM annotations WHERE tier_id = ? LIMIT 1"};
    Statement m_insertTier{
        m_database,
        "INSERT INTO tiers (id, recording_id, position, name, kind, label_set_id) VALUES (?, ?, ?, ?, ?, ?)"};
    Statement m_updateTier{m_database,
                           "UPDATE tiers SET position = ?, name = ?, kind = ?, label_set_id = ? WHERE id = ? AND "
                           "recording_id = ? AND position = ? AND name = ? AND kind = ? AND label_set_id IS ?"};
    Statement m_deleteTier{m_database, "DELETE FROM tiers WHERE id = ? AND recording_id = ? AND name = ?"};
    Statement m_insert{m_database,
                       "INSERT INTO annotations (id, tier_id, start_ns, end_ns, label) VALUES (?, ?, ?, ?, ?)"};
    Statement m_update{m_database,
                       "UPDATE annotations SET tier_id = ?, start_ns = ?, end_ns = ?, label = ? WHERE id = ? AND "
                       "tier_id = ? AND start_ns = ? AND end_ns = ? AND label = ?"};
    Statement m_delete{
        m_database,
        "DELETE FROM annotations WHERE id = ? AND tier_id = ? AND start_ns = ? AND end_ns = ? AND label = ?"};
};

/** The first of `count` numbers that AUTOINCREMENT will give to no one else. */
std::int64_t reserve(const Database &database, const char *table, std::int64_t count)
{
    Statement select(database, "SELECT seq FROM sqlite_sequence WHERE name = ?");
    const bool isThere = select.bind(table).step();
    const std::int64_t last = isThere ? select.integer(0) : 0;
    select.reset();
    if (isThere)
        Statement(database, "UPDATE sqlite_sequence SET seq = ? WHERE name = ?").bind(last + count, table).run();
    else
        Statement(database, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)").bind(table, last + count).run();
    return last + 1;
}

void requireFreeName(const Database &database, const LabelSet &set)
{
    if (Statement(database, "SELECT 1 FROM label_sets WHERE name = ? AND id <> ?")
            .bind(validUtf8(set.name), set.id)
            .step())
        throw Error("this project has a set of labels \"" + set.name + "\" already; choose another name");
}

void insertLabels(const Database &database, LabelSetId id, const LabelSet &set)
{
    Statement insert(
        database, "INSERT INTO label_set_labels (label_set_id, position, label, colour, key) VALUES (?, ?, ?, ?, ?)");
    for (std::size_t position = 0; position < set.labels.size(); ++position) {
        const LabelDefinition &label = set.labels[position];
        insert.bind(id, position, validUtf8(label.label), label.colour, validUtf8(label.key)).run();
    }
}

} // namespace

void Project::applyEdit(RecordingId id, const AnnotationEdit &edit)
{
    requireRecording(id);
    if (edit.isEmpty())
        return;
    Transaction transaction(m_database, Durability::full);
    EditWriter(m_database, id).write(edit);
    transaction.commit();
}

AnnotationIds Project::reserveIds(std::int64_t count)
{
    Transaction transaction(m_database);
    const AnnotationIds ids{RowIds(reserve(m_database, "annotations", count), count),
                            RowIds(reserve(m_database, "tiers", count), count)};
    transaction.commit();
    return ids;
}

std::vector<LabelSet> Project::labelSets() const
{
    std::vector<LabelSet> sets;
    Statement rows(m_database,
                   "SELECT s.id, s.name, l.label, l.colour, l.key FROM label_sets s LEFT JOIN label_set_labels l "
                   "ON l.label_set_id = s.id ORDER BY s.name, s.id, l.position");
    while (rows.step()) {
        if (sets.empty() || sets.back().id != rows.integer(0))
            sets.push_back({rows.integer(0), rows.text(1), {}});
        if (!rows.isNull(2))
            sets.back().labels.push_back({rows.text(2), rows.text(3), rows.text(4)});
    }
    return sets;
}

LabelSetId Project::addLabelSet(const LabelSet &set)
{
    requireSoundLabels(set);
    Transaction transaction(m_database, Durability::full);
    requireFreeName(m_database, set);
    const auto id = set.id == 0 ? std::nullopt : std::optional(set.id);
    Statement(m_database, "INSERT INTO label_sets (id, name) VALUES (?, ?)").bind(id, validUtf8(set.name)).run();
    const LabelSetId inserted = m_database.lastInsertId();
    insertLabels(m_database, inserted, set);
    transaction.commit();
    return inserted;
}

void Project::updateLabelSet(const LabelSet &set)
{
    requireSoundLabels(set);
    Transaction transaction(m_database, Durability::full);
    requireFreeName(m_database, set);
    Statement(m_database, "UPDATE label_sets SET name = ? WHERE id = ?").bind(validUtf8(set.name), set.id).run();
    if (m_database.changes() != 1)
        throw Error("the set of labels \"" + set.name + "\" is not in this project any more");
    Statement(m_database, "DELETE FROM label_set_labels WHERE label_set_id = ?").bind(set.id).run();
    insertLabels(m_database, set.id, set);
    transaction.commit();
}

std::vector<TierId> Project::removeLabelSet(LabelSetId id)
{
    Transaction transaction(m_database, Durability::full);
    std::vector<TierId> users;
    Statement select(m_database, "SELECT id FROM tiers WHERE label_set_id = ? ORDER BY id");
    select.bind(id);
    while (select.step())
        users.push_back(select.integer(0));
    Statement(m_database, "DELETE FROM label_sets WHERE id = ?").bind(id).run();
    if (m_database.changes() != 1)
        throw Error("there is no set of labels number " + std::to_string(id) + " in this project any more");
    transaction.commit();
    return users;
}

void Project::setTierLabelSet(std::span<const TierId> tiers, std::optional<LabelSetId> labelSet)
{
    Transaction transaction(m_database, Durability::full);
    Statement update(m_database, "UPDATE tiers SET label_set_id = ? WHERE id = ?");
    for (const TierId tier : tiers)
        update.bind(labelSet, tier).run();
    transaction.commit();
}

} // namespace kino
