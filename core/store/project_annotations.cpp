// Annotations of a project. Every call is one transaction with synchronous FULL: what a person marked is not lost.
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/store/project.h"
#include "core/store/recording_rows.h"

namespace kino {
namespace {

const char *kindName(TierKind kind) { return kind == TierKind::text ? "text" : "label"; }

void requireSound(const Annotation &annotation)
{
    if (annotation.end < annotation.start)
        throw Error("an annotation ends before it starts; drag its borders apart");
}

std::optional<TierId> findTier(const Database &database, RecordingId id, const std::string &name)
{
    Statement statement(database, "SELECT id FROM tiers WHERE recording_id = ? AND name = ?");
    return statement.bind(id, name).step() ? std::optional(statement.integer(0)) : std::nullopt;
}

TierId insertTier(const Database &database, RecordingId id, const std::string &name, TierKind kind)
{
    if (name.empty())
        throw Error("a tier needs a name");
    Statement(database, "INSERT INTO tiers (recording_id, position, name, kind) VALUES (?, "
                        "(SELECT coalesce(max(position) + 1, 0) FROM tiers WHERE recording_id = ?), ?, ?)")
        .bind(id, id, name, kindName(kind))
        .run();
    return database.lastInsertId();
}

void requireChanged(const Database &database, const char *what, std::int64_t id)
{
    if (database.changes() == 0)
        throw Error(std::string("there is no ") + what + " number " + std::to_string(id) +
                    " in this project any more; another program may have removed it");
}

std::vector<AnnotationId> replaceRows(const Database &database, RecordingId id, const AnnotationTier &tier)
{
    const std::string name = validUtf8(tier.name);
    auto tierId = findTier(database, id, name);
    if (!tierId)
        tierId = insertTier(database, id, name, tier.kind);
    Statement(database, "UPDATE tiers SET kind = ? WHERE id = ?").bind(kindName(tier.kind), *tierId).run();
    Statement(database, "DELETE FROM annotations WHERE tier_id = ?").bind(*tierId).run();
    Statement insert(database, "INSERT INTO annotations (tier_id, start_ns, end_ns, label) VALUES (?, ?, ?, ?)");
    std::vector<AnnotationId> ids;
    ids.reserve(tier.annotations.size());
    for (const Annotation &annotation : tier.annotations) {
        insert.bind(*tierId, annotation.start.ns, annotation.end.ns, validUtf8(annotation.label)).run();
        ids.push_back(database.lastInsertId());
    }
    return ids;
}

} // namespace

std::vector<StoredTier> Project::tiers(RecordingId id) const
{
    requireRecording(id);
    return readTierRows(m_database, id);
}

TierId Project::addTier(RecordingId id, const std::string &name, TierKind kind)
{
    requireRecording(id);
    const std::string clean = validUtf8(name);
    Transaction transaction(m_database, Durability::full);
    if (findTier(m_database, id, clean))
        throw Error("this recording has a tier \"" + clean + "\" already; choose another name");
    const TierId tier = insertTier(m_database, id, clean, kind);
    transaction.commit();
    return tier;
}

void Project::renameTier(TierId tier, const std::string &name)
{
    const std::string clean = validUtf8(name);
    if (clean.empty())
        throw Error("a tier needs a name");
    Transaction transaction(m_database, Durability::full);
    Statement taken(m_database, "SELECT 1 FROM tiers WHERE name = ? AND id <> ? AND recording_id = "
                                "(SELECT recording_id FROM tiers WHERE id = ?)");
    if (taken.bind(clean, tier, tier).step())
        throw Error("this recording has a tier \"" + clean + "\" already; choose another name");
    Statement(m_database, "UPDATE tiers SET name = ? WHERE id = ?").bind(clean, tier).run();
    requireChanged(m_database, "tier", tier);
    transaction.commit();
}

void Project::removeTier(TierId tier)
{
    Transaction transaction(m_database, Durability::full);
    Statement(m_database, "DELETE FROM tiers WHERE id = ?").bind(tier).run();
    requireChanged(m_database, "tier", tier);
    transaction.commit();
}

std::vector<AnnotationId> Project::replaceTier(RecordingId id, const AnnotationTier &tier)
{
    requireRecording(id);
    std::ranges::for_each(tier.annotations, requireSound);
    Transaction transaction(m_database, Durability::full);
    std::vector<AnnotationId> ids = replaceRows(m_database, id, tier);
    transaction.commit();
    return ids;
}

void Project::replaceTiers(RecordingId id, std::span<const AnnotationTier> tiers)
{
    requireRecording(id);
    for (const AnnotationTier &tier : tiers)
        std::ranges::for_each(tier.annotations, requireSound);
    Transaction transaction(m_database, Durability::full);
    for (const AnnotationTier &tier : tiers)
        replaceRows(m_database, id, tier);
    transaction.commit();
}

AnnotationId Project::insertAnnotation(TierId tier, const Annotation &annotation, std::optional<AnnotationId> id)
{
    requireSound(annotation);
    Transaction transaction(m_database, Durability::full);
    if (!Statement(m_database, "SELECT 1 FROM tiers WHERE id = ?").bind(tier).step())
        throw Error("there is no tier number " + std::to_string(tier) + " in this project any more");
    Statement(m_database, "INSERT INTO annotations (id, tier_id, start_ns, end_ns, label) VALUES (?, ?, ?, ?, ?)")
        .bind(id, tier, annotation.start.ns, annotation.end.ns, validUtf8(annotation.label))
        .run();
    const AnnotationId inserted = m_database.lastInsertId();
    transaction.commit();
    return inserted;
}

void Project::updateAnnotation(AnnotationId id, const Annotation &annotation)
{
    requireSound(annotation);
    Transaction transaction(m_database, Durability::full);
    Statement(m_database, "UPDATE annotations SET start_ns = ?, end_ns = ?, label = ? WHERE id = ?")
        .bind(annotation.start.ns, annotation.end.ns, validUtf8(annotation.label), id)
        .run();
    requireChanged(m_database, "annotation", id);
    transaction.commit();
}

void Project::deleteAnnotation(AnnotationId id)
{
    Transaction transaction(m_database, Durability::full);
    Statement(m_database, "DELETE FROM annotations WHERE id = ?").bind(id).run();
    requireChanged(m_database, "annotation", id);
    transaction.commit();
}

} // namespace kino
