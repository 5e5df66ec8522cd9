#include "app/kinoscope/annotate/timeline_labels.h"

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/commands.h"
#include "core/data/annotations/annotation_edits.h"
#include "widgets/timeline/view.h"

#include <QAction>
#include <QMenu>

namespace kino {

AnnotationEdit editOf(const TierGesture &gesture, const AnnotationSet &set, AnnotationIds &ids, const std::string &label)
{
    switch (gesture.kind) {
    case TierGesture::Kind::draw: {
        const bool isText = set.tier(gesture.tier).kind == TierKind::text;
        return addAnnotation(set, ids, gesture.tier, {gesture.range.start, gesture.range.end, isText ? std::string() : label}, Overlap::stop);
    }
    case TierGesture::Kind::move: return moveAnnotations(set, ids, gesture.ids, gesture.by, Overlap::stop);
    case TierGesture::Kind::moveEdge: return moveEdge(set, ids, gesture.ids.front(), gesture.edge, gesture.to, Overlap::stop);
    case TierGesture::Kind::moveSharedBorder: {
        // Dragged beyond the two, it stops a moment before one of them would be gone.
        const RecordingTime first = set.annotation(gesture.ids[0]).annotation.start + kNanosPerMillisecond;
        const RecordingTime last = set.annotation(gesture.ids[1]).annotation.end - kNanosPerMillisecond;
        return moveSharedBorder(set, gesture.ids[0], gesture.ids[1], first < last ? std::clamp(gesture.to, first, last) : gesture.to);
    }
    }
    return {};
}

TimelineLabels::TimelineLabels(Session &session, Annotator &annotator, Commands &commands, TimelineView &view, QObject *parent)
    : QObject(parent), m_session(session), m_annotator(annotator), m_commands(commands), m_view(view)
{
    TierEditor *editor = &view.tierEditor();
    connect(&annotator, &Annotator::tiersChanged, this, &TimelineLabels::showTiers);
    connect(&annotator, &Annotator::selectionChanged, this, [this] { m_view.tierEditor().setSelection(m_annotator.selected()); });
    connect(&annotator, &Annotator::currentTierChanged, this, &TimelineLabels::showCurrent);
    connect(&annotator, &Annotator::vocabularyChanged, this, &TimelineLabels::showCurrent);
    connect(&annotator, &Annotator::openLabelChanged, this, &TimelineLabels::showOpenLabel);
    connect(editor, &TierEditor::gestureMoved, this, &TimelineLabels::preview);
    connect(editor, &TierEditor::gestureEnded, this, &TimelineLabels::carryOut);
    connect(editor, &TierEditor::selectionRequested, &annotator, &Annotator::select);
    connect(editor, &TierEditor::tierChosen, &annotator, &Annotator::setCurrentTier);
    connect(editor, &TierEditor::playheadRequested, this, [this](RecordingTime time) {
        m_session.setSelection(std::nullopt);
        m_session.setPlayhead(time);
    });
    connect(editor, &TierEditor::textEdited, this, &TimelineLabels::editText);
    connect(editor, &TierEditor::textAbandoned, this, [this](AnnotationId id) { editText(id, {}); });
    connect(editor, &TierEditor::remarkRequested, this, &TimelineLabels::addRemark);
    connect(editor, &TierEditor::menuRequested, this, &TimelineLabels::showMenu);
    editor->setFrameTimes([this](TimeRange range) {
        std::vector<RecordingTime> times;
        const auto &clockwork = m_session.videoClockwork();
        if (!clockwork)
            return times;
        const std::vector<Nanos> &pts = clockwork->frames.ptsNs;
        auto each = std::ranges::lower_bound(pts, clockwork->clock.toOwn(range.start).ns);
        for (; each != pts.end() && times.size() < 8192; ++each) {
            const RecordingTime time = firstTimeAt(clockwork->clock, {*each});
            if (time > range.end)
                break;
            times.push_back(time);
        }
        return times;
    });
    showTiers();
}

void TimelineLabels::showTiers()
{
    m_view.setTiers(m_annotator.tiers());
    showCurrent();
    showOpenLabel();
}

void TimelineLabels::showCurrent()
{
    TierEditor &editor = m_view.tierEditor();
    editor.setCurrentTier(m_annotator.currentTier());
    m_view.setLabelColours(m_annotator.colours());
    QStringList labels;
    for (const LabelDefinition &label : m_annotator.vocabulary().labels)
        labels += QString::fromStdString(label.label);
    editor.setChoices(labels);
}

void TimelineLabels::showOpenLabel()
{
    const OpenLabel *open = m_annotator.openLabel();
    m_view.tierEditor().setOpenLabel(open ? std::optional(OpenTierLabel{open->tier(), open->start(), QString::fromStdString(open->label())}) : std::nullopt);
}

void TimelineLabels::preview(const TierGesture &gesture)
{
    const auto edit = m_annotator.preview([&](const AnnotationSet &set, AnnotationIds &ids) { return editOf(gesture, set, ids, m_annotator.currentLabel()); });
    std::vector<TierGhost> ghosts;
    QSet<AnnotationId> hidden;
    for (const AnnotationChange &change : edit ? edit->annotations : std::vector<AnnotationChange>()) {
        if (change.before)
            hidden.insert(change.id());
        if (change.after)
            ghosts.push_back({change.after->tier, {change.after->annotation.start, change.after->annotation.end}, QString::fromStdString(change.after->annotation.label)});
    }
    m_view.tierEditor().showGhosts(std::move(ghosts), std::move(hidden));
}

void TimelineLabels::carryOut(const TierGesture &gesture)
{
    const auto edit = m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &ids) { return editOf(gesture, set, ids, m_annotator.currentLabel()); });
    if (!edit || gesture.kind != TierGesture::Kind::draw)
        return;
    const AnnotationRow &drawn = *edit->annotations.front().after;
    m_annotator.select({drawn.id});
    if (!drawn.annotation.label.empty())
        return;
    m_isNew = drawn.id;
    m_view.tierEditor().editText(drawn.id);
}

void TimelineLabels::editText(AnnotationId id, const QString &text)
{
    const std::string label = text.toStdString();
    if (!m_annotator.set() || !m_annotator.set()->contains(id))
        return;
    const bool isNew = std::exchange(m_isNew, 0) == id;
    if (label.empty()) {
        // Nothing was said: a new one goes again, another stays as it is.
        if (isNew)
            m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &) { return removeAnnotations(set, std::vector{id}); });
        return;
    }
    m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &) { return relabelAnnotations(set, std::vector{id}, label); });
    if (m_annotator.set() && m_annotator.set()->contains(id) && m_annotator.set()->tier(m_annotator.set()->annotation(id).tier).kind == TierKind::label)
        m_annotator.setCurrentLabel(label);
}

void TimelineLabels::addRemark(TierId tier, RecordingTime at)
{
    const auto edit = m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &ids) { return addAnnotation(set, ids, tier, {at, at, {}}, Overlap::allow); });
    if (!edit)
        return;
    m_isNew = edit->annotations.front().id();
    m_annotator.select({m_isNew});
    m_view.tierEditor().editText(m_isNew);
}

void TimelineLabels::showMenu(QPoint place, TierId tier, AnnotationId id, RecordingTime at)
{
    const AnnotationSet *set = m_annotator.set();
    if (!set)
        return;
    QMenu menu(&m_view);
    if (id != 0) {
        QMenu *labels = menu.addMenu(tr("&Label"));
        for (const LabelDefinition &each : m_annotator.vocabulary().labels) {
            const QString text = QString::fromStdString(each.label).replace(QLatin1Char('&'), QStringLiteral("&&"));
            labels->addAction(each.key.empty() ? text : text + QLatin1Char('\t') + QString::fromStdString(each.key), this, [this, label = each.label] {
                m_annotator.perform([&](const AnnotationSet &now, AnnotationIds &) { return relabelAnnotations(now, m_annotator.selected(), label); });
            });
        }
        labels->setEnabled(!m_annotator.vocabulary().labels.empty());
        menu.addAction(m_commands.editLabel);
        menu.addSeparator();
        menu.addAction(m_commands.splitLabel);
        menu.addAction(tr("Split &here"), this, [this, id, at] {
            m_annotator.perform([&](const AnnotationSet &now, AnnotationIds &ids) { return splitAnnotation(now, ids, id, at); });
        });
        menu.addAction(m_commands.mergeLabels);
        menu.addAction(m_commands.labelStartHere);
        menu.addAction(m_commands.labelEndHere);
        QMenu *tiers = menu.addMenu(tr("Move to &tier"));
        for (const StoredTier &other : set->tiers()) {
            if (other.id == tier)
                continue;
            tiers->addAction(QString::fromStdString(other.name).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, to = other.id] {
                m_annotator.perform([&](const AnnotationSet &now, AnnotationIds &ids) { return retierAnnotations(now, ids, m_annotator.selected(), to); });
            });
        }
        tiers->setEnabled(set->tiers().size() > 1);
        menu.addSeparator();
        menu.addAction(m_commands.repeatLabel);
        menu.addAction(m_commands.deleteLabels);
        menu.addSeparator();
    }
    menu.addActions({m_commands.labelSelection, m_commands.addTier, m_commands.importLabels, m_commands.exportLabels});
    m_view.addTierSaveAction(menu, QString::fromStdString(set->tier(tier).name));
    m_view.addPlotActions(menu);
    menu.exec(place);
}

} // namespace kino
