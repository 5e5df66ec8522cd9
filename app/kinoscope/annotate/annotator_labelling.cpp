// Labels given to stretches of time, and by keys while they grow.
#include "app/kinoscope/annotate/annotator.h"

#include "app/kinoscope/sentence.h"
#include "core/base/error.h"

#include <QUndoStack>

namespace kino {

TierId Annotator::ensureTier(const AnnotationSet &set, AnnotationIds &ids, AnnotationEdit &made) const
{
    if (const TierId tier = currentTier())
        return tier;
    made = addTier(set, ids, kUsualTier, TierKind::label);
    return made.tiers.front().id();
}

bool Annotator::labelRange(TimeRange range, const std::string &label)
{
    TierId tier = 0;
    const auto edit = perform([&](const AnnotationSet &now, AnnotationIds &ids) {
        AnnotationEdit made;
        tier = ensureTier(now, ids, made);
        AnnotationSet after = now;
        after.apply(made);
        return composed(made, addAnnotation(after, ids, tier, {range.start, range.end, label}, Overlap::trim));
    });
    if (!edit)
        return false;
    for (const AnnotationChange &change : edit->annotations) {
        if (!change.before && change.after->annotation == Annotation{range.start, range.end, label})
            select({change.id()});
    }
    m_session.setSelection(std::nullopt);
    return true;
}

void Annotator::pressLabel(const std::string &label)
{
    if (!isReadyToEdit())
        return;
    setCurrentLabel(label);
    if (m_open || m_session.isPlaying()) {
        const bool isSame = m_open && m_open->label.label() == label;
        endOpenLabel();
        if (!isSame)
            beginOpenLabel(label);
    } else if (!m_selected.empty()) {
        perform([&](const AnnotationSet &now, AnnotationIds &) { return relabelAnnotations(now, m_selected, label); });
    } else if (m_session.selection()) {
        labelRange(*m_session.selection(), label);
    } else {
        beginOpenLabel(label);
    }
}

void Annotator::beginOpenLabel(const std::string &label)
{
    const qint64 id = m_session.open().id;
    AnnotationIds ids = m_ids;
    AnnotationEdit made;
    try {
        const TierId tier = ensureTier(m_sets.at(id), ids, made);
        select({});
        m_lastPlayhead = m_session.playhead();
        m_open = Open{id, OpenLabel(m_sets.at(id), ids, std::move(made), tier, label, m_lastPlayhead)};
    } catch (const Error &error) {
        Q_EMIT refused(asSentence(error));
        return;
    }
    m_saveOpen.start();
    Q_EMIT openLabelChanged();
}

void Annotator::growOpenLabel()
{
    if (!m_open || m_open->label.end() == m_lastPlayhead)
        return;
    try {
        const auto step = std::make_shared<const AnnotationEdit>(m_open->label.growTo(m_lastPlayhead));
        if (!step->isEmpty())
            applyTo(m_open->recording, step);
    } catch (const Error &error) {
        Q_EMIT refused(asSentence(error));
    }
}

void Annotator::endOpenLabel()
{
    if (!m_open)
        return;
    growOpenLabel();
    m_saveOpen.stop();
    const Open open = std::move(*m_open);
    m_open.reset();
    m_ids = open.label.idsAfter();
    if (!open.label.edit().isEmpty())
        push(open.recording, std::make_shared<const AnnotationEdit>(open.label.edit()));
    Q_EMIT openLabelChanged();
}

void Annotator::discardOpenLabel()
{
    if (!m_open)
        return;
    m_saveOpen.stop();
    const Open open = std::move(*m_open);
    m_open.reset();
    // Its numbers are spent: they have been in the project.
    m_ids = open.label.idsAfter();
    if (!open.label.edit().isEmpty())
        applyTo(open.recording, std::make_shared<const AnnotationEdit>(inverseOf(open.label.edit())));
    Q_EMIT openLabelChanged();
}

} // namespace kino
