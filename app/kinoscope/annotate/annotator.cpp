#include "app/kinoscope/annotate/annotator.h"

#include "app/kinoscope/library/library.h"
#include "app/kinoscope/project_writer.h"
#include "app/kinoscope/sentence.h"
#include "core/base/error.h"
#include "core/store/project.h"

#include <QPointer>
#include <QUndoStack>

#include <algorithm>
#include <set>

namespace kino {
namespace {

constexpr int kLearnMs = 150;

class EditCommand : public QUndoCommand {
public:
    EditCommand(Annotator &annotator, qint64 recording, Annotator::SharedEdit edit)
        : QUndoCommand(QString::fromStdString(edit->what)), m_annotator(annotator), m_recording(recording), m_edit(std::move(edit))
    {
    }
    void undo() override { setObsolete(!m_annotator.apply(m_recording, std::make_shared<const AnnotationEdit>(inverseOf(*m_edit)))); }
    void redo() override
    {
        // It was done before it was pushed.
        if (std::exchange(m_isDone, true))
            setObsolete(!m_annotator.apply(m_recording, m_edit));
    }

private:
    Annotator &m_annotator;
    qint64 m_recording;
    Annotator::SharedEdit m_edit;
    bool m_isDone = false;
};

bool isSame(const std::vector<AnnotationTier> &plain, const AnnotationSet &set)
{
    return std::ranges::equal(plain, set.tiers(), [](const AnnotationTier &a, const StoredTier &b) {
        return a.name == b.name && a.kind == b.kind
            && std::ranges::equal(a.annotations, b.annotations, {}, {}, &StoredAnnotation::annotation);
    });
}

/** On the writer's worker: the rows are not as the edit says they were. */
bool isOutdated(const Project &project, RecordingId recording, const AnnotationEdit &edit)
{
    AnnotationSet now(project.tiers(recording));
    try {
        now.apply(edit);
        return false;
    } catch (const Error &) {
        return true;
    }
}

} // namespace

Annotator::Annotator(Session &session, Library &library, ProjectWriter &writer, QUndoStack &history, QObject *parent)
    : QObject(parent), m_session(session), m_library(library), m_writer(writer), m_history(history)
{
    m_saveOpen.setInterval(kSaveOpenMs);
    connect(&m_saveOpen, &QTimer::timeout, this, &Annotator::growOpenLabel);
    m_learn.setInterval(kLearnMs);
    m_learn.setSingleShot(true);
    connect(&m_learn, &QTimer::timeout, this, &Annotator::learnLabels);
    connect(&session, &Session::recordingChanged, this, &Annotator::showRecording);
    connect(&session, &Session::playheadChanged, this, [this] {
        if (m_open && m_open->recording != m_session.open().id)
            return;
        // While it plays, A-B begins anew or somebody goes back: what was labelled ends where it had come to.
        if (m_open && m_session.isPlaying() && (m_session.playhead() < m_lastPlayhead) == (m_session.speed() > 0))
            endOpenLabel();
        m_lastPlayhead = m_session.playhead();
    });
    connect(&library, &Library::changed, this, [this] {
        // Another project; or the shown recording has come into one.
        const qint64 id = m_session.open().id;
        const bool isLoose = m_session.recording() && !m_isLoading && !m_sets.contains(id);
        if (noteProject() || (isLoose && m_library.storedIdOf(id)))
            showRecording();
    });
}

Annotator::~Annotator() = default;

LabelsState Annotator::state() const
{
    if (!m_session.recording())
        return LabelsState::nothingOpen;
    if (!m_library.storedIdOf(m_session.open().id))
        return LabelsState::outsideProject;
    return !m_isLoading && m_sets.contains(m_session.open().id) ? LabelsState::ready : LabelsState::loading;
}

const AnnotationSet *Annotator::set() const
{
    return state() == LabelsState::ready ? &m_sets.at(m_session.open().id) : nullptr;
}

/** What is undone then would belong to files that are not open; the numbers are another project's. */
bool Annotator::noteProject()
{
    if (m_library.project() == m_project)
        return false;
    m_open.reset();
    m_saveOpen.stop();
    m_sets.clear();
    m_changes.clear();
    m_inUse.clear();
    m_labelSets.clear();
    m_hasIds = false;
    const bool leaves = !m_project.empty();
    m_project = m_library.project();
    if (leaves)
        m_history.clear();
    return true;
}

void Annotator::showRecording()
{
    noteProject();
    endOpenLabel();
    m_lastPlayhead = m_session.playhead();
    m_selected.clear();
    m_isLoading = false;
    const qint64 id = m_session.open().id;
    const auto held = m_sets.find(id);
    const bool isKnown = held != m_sets.end() && m_session.recording() && isSame(m_session.recording()->tiers, held->second);
    if (m_session.recording() && m_library.storedIdOf(id) && !isKnown)
        load();
    buildTiers(nullptr);
    learnLabels();
    Q_EMIT stateChanged();
    Q_EMIT selectionChanged();
    Q_EMIT currentTierChanged();
}

/** Behind all that is still to be written, so that what is read has it. */
void Annotator::load()
{
    m_isLoading = true;
    const qint64 id = m_session.open().id;
    // The writer outlives its worker's work; this need not.
    m_writer.read(m_project, [self = QPointer(this), writer = &m_writer, id, changes = m_changes[id], stored = *m_library.storedIdOf(id), wantsIds = !m_hasIds](Project &project) {
        Loaded loaded;
        try {
            loaded.set = AnnotationSet(project.tiers(stored));
            loaded.labelSets = project.labelSets();
            if (wantsIds)
                loaded.ids = project.reserveIds();
        } catch (const Error &error) {
            // Reading again and again would hold up what is to be written.
            loaded.failure = QString::fromStdString(error.sentence());
        }
        QMetaObject::invokeMethod(writer, [self, id, changes, loaded] {
            if (self)
                self->take(id, changes, loaded);
        }, Qt::QueuedConnection);
    });
}

void Annotator::take(qint64 recording, int changesThen, const Loaded &loaded)
{
    if (m_library.project() != m_project || !m_library.storedIdOf(recording))
        return;
    if (loaded.ids && !m_hasIds) {
        m_ids = *loaded.ids;
        m_hasIds = true;
    }
    if (!loaded.failure.isEmpty()) {
        Q_EMIT refused(tr("The labels of this recording cannot be edited: %1").arg(loaded.failure));
        return;
    }
    const bool isShown = m_session.open().id == recording;
    if (m_changes[recording] != changesThen) {
        if (isShown)
            load();
        return;
    }
    m_sets.insert_or_assign(recording, loaded.set);
    if (m_labelSets.empty())
        m_labelSets = loaded.labelSets;
    const std::shared_ptr<const Recording> was = m_library.recordingOf(recording);
    if (was && !isSame(was->tiers, loaded.set)) {
        auto changed = std::make_shared<Recording>(*was);
        changed->tiers = plainTiers(loaded.set.tiers());
        m_library.replaceRecording(recording, std::move(changed), RecordingPart::labels);
    }
    if (!isShown)
        return;
    m_isLoading = false;
    buildTiers(nullptr);
    learnLabels();
    Q_EMIT stateChanged();
    Q_EMIT currentTierChanged();
}

void Annotator::buildTiers(const AnnotationEdit *edit)
{
    const std::vector<std::shared_ptr<const TierData>> before = std::exchange(m_tiers, {});
    if (const AnnotationSet *now = set()) {
        const std::set<TierId> touched = edit ? touchedTiers(*edit) : std::set<TierId>();
        for (const StoredTier &tier : now->tiers()) {
            const auto kept = std::ranges::find(before, tier.id, [](const auto &each) { return each->id; });
            m_tiers.push_back(edit && kept != before.end() && !touched.contains(tier.id) ? *kept : buildTier(tier));
        }
    } else if (m_session.recording()) {
        for (const AnnotationTier &tier : m_session.recording()->tiers)
            m_tiers.push_back(buildTier(tier));
    }
    Q_EMIT tiersChanged();
}

TierId Annotator::currentTier() const
{
    const AnnotationSet *now = set();
    if (!now || now->tiers().empty())
        return 0;
    if (const StoredTier *tier = now->findTier(m_currentTier))
        return tier->id;
    const auto label = std::ranges::find(now->tiers(), TierKind::label, &StoredTier::kind);
    return label == now->tiers().end() ? now->tiers().front().id : label->id;
}

void Annotator::setCurrentTier(TierId tier)
{
    const StoredTier *found = set() ? set()->findTier(tier) : nullptr;
    if (!found || tier == currentTier())
        return;
    endOpenLabel();
    m_currentTier = found->name;
    learnLabels();
    Q_EMIT currentTierChanged();
}

void Annotator::select(std::vector<AnnotationId> ids)
{
    const AnnotationSet *now = set();
    std::erase_if(ids, [now](AnnotationId id) { return !now || !now->contains(id); });
    if (ids == m_selected)
        return;
    m_selected = std::move(ids);
    Q_EMIT selectionChanged();
}

void Annotator::goTo(AnnotationId id)
{
    if (!set() || !set()->contains(id))
        return;
    const Annotation annotation = set()->annotation(id).annotation;
    select({id});
    m_session.setPlayhead(annotation.start);
    const TimeRange visible = m_session.visibleRange();
    if (!visible.contains(annotation.start) || annotation.end > visible.end) {
        const Nanos length = std::max(visible.duration(), (annotation.end - annotation.start) * 5 / 4);
        const RecordingTime from = annotation.start - (length - (annotation.end - annotation.start)) / 2;
        m_session.setVisibleRange({from, from + length});
    }
}

void Annotator::goToNeighbour(int direction)
{
    const StoredTier *tier = set() ? set()->findTier(currentTier()) : nullptr;
    if (!tier || tier->annotations.empty())
        return;
    const std::vector<StoredAnnotation> &rows = tier->annotations;
    const AnnotationId from = m_selected.empty() ? 0 : m_selected.front();
    const auto selected = std::ranges::find(rows, from, &StoredAnnotation::id);
    std::ptrdiff_t place = 0;
    if (selected != rows.end())
        place = selected - rows.begin() + direction;
    else {
        const auto after = std::ranges::upper_bound(rows, m_session.playhead(), {}, [](const StoredAnnotation &row) { return row.annotation.start; });
        place = after - rows.begin() - (direction < 0 ? 1 : 0);
    }
    goTo(rows[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(place, 0, std::ssize(rows) - 1))].id);
}

bool Annotator::isReadyToEdit()
{
    const LabelsState now = state();
    if (now == LabelsState::outsideProject)
        Q_EMIT projectNeeded();
    else if (now == LabelsState::loading)
        Q_EMIT refused(tr("The labels of this recording are still being read."));
    return now == LabelsState::ready;
}

Annotator::SharedEdit Annotator::perform(const Make &make)
{
    if (!isReadyToEdit())
        return nullptr;
    endOpenLabel();
    const qint64 id = m_session.open().id;
    try {
        AnnotationIds ids = m_ids;
        const auto edit = std::make_shared<const AnnotationEdit>(make(m_sets.at(id), ids));
        if (edit->isEmpty())
            return nullptr;
        m_ids = ids;
        if (!applyTo(id, edit))
            return nullptr;
        push(id, edit);
        return edit;
    } catch (const Error &error) {
        Q_EMIT refused(asSentence(error));
        return nullptr;
    }
}

std::optional<AnnotationEdit> Annotator::preview(const Make &make) const
{
    if (!set())
        return std::nullopt;
    try {
        AnnotationIds ids = m_ids;
        return make(*set(), ids);
    } catch (const Error &) {
        return std::nullopt;
    }
}

void Annotator::push(qint64 recording, SharedEdit edit) { m_history.push(new EditCommand(*this, recording, std::move(edit))); }

bool Annotator::applyTo(qint64 recording, const SharedEdit &edit)
{
    const auto held = m_sets.find(recording);
    const std::optional<qint64> stored = m_library.storedIdOf(recording);
    if (held == m_sets.end() || !stored) {
        Q_EMIT refused(tr("That recording is not open any more."));
        return false;
    }
    try {
        held->second.apply(*edit);
    } catch (const Error &error) {
        Q_EMIT refused(asSentence(error));
        return false;
    }
    ++m_changes[recording];
    for (const TierChange &change : edit->tiers) {
        // The current tier stays current under another name, with the keys of its labels.
        if (!change.before || !change.after || change.before->name == change.after->name)
            continue;
        if (const auto used = m_inUse.find(change.before->name); used != m_inUse.end())
            m_inUse.emplace(change.after->name, used->second);
        if (m_currentTier == change.before->name)
            m_currentTier = change.after->name;
    }
    writeEdit(recording, *stored, edit);
    const bool isShown = m_session.open().id == recording;
    if (const std::shared_ptr<const Recording> was = m_library.recordingOf(recording)) {
        auto changed = std::make_shared<Recording>(*was);
        changed->tiers = plainTiers(held->second.tiers());
        if (isShown)
            buildTiers(edit.get());
        m_library.replaceRecording(recording, std::move(changed), RecordingPart::labels);
    }
    followEdit(recording, *edit);
    return true;
}

void Annotator::writeEdit(qint64 recording, qint64 stored, const SharedEdit &edit)
{
    m_writer.write(m_library.project(), tr("Labels"), [self = QPointer(this), writer = &m_writer, recording, stored, edit](Project &project) {
        try {
            project.applyEdit(stored, *edit);
        } catch (const Error &) {
            // A full disk is tried again; what another program has changed will never fit, and would hold up all else.
            if (!isOutdated(project, stored, *edit))
                throw;
            QMetaObject::invokeMethod(writer, [self, recording] {
                if (self)
                    self->giveWay(recording);
            }, Qt::QueuedConnection);
        }
    });
}

void Annotator::followEdit(qint64 recording, const AnnotationEdit &edit)
{
    if (m_session.open().id != recording)
        return;
    std::vector<AnnotationId> selected = m_selected;
    select(std::move(selected)); // without those that are gone
    if (!edit.tiers.empty())
        Q_EMIT currentTierChanged();
    m_learn.start();
}

/** To what another program has made of the labels of a recording. */
void Annotator::giveWay(qint64 recording)
{
    if (m_open && m_open->recording == recording) {
        m_saveOpen.stop();
        m_open.reset();
        Q_EMIT openLabelChanged();
    }
    if (m_sets.erase(recording) > 0)
        Q_EMIT refused(tr("Another program has changed these labels meanwhile: they are shown as they are now, without your last change."));
    if (m_session.open().id == recording && !m_isLoading)
        showRecording();
}

bool Annotator::apply(qint64 recording, const SharedEdit &edit)
{
    if (!applyTo(recording, edit))
        return false;
    if (m_session.open().id != recording)
        m_library.choose(recording); // who undoes something wants to see it
    if (!edit->tiers.empty())
        learnLabels();
    return true;
}

std::optional<EditBasis> Annotator::editBasis()
{
    if (!isReadyToEdit())
        return std::nullopt;
    endOpenLabel();
    const qint64 id = m_session.open().id;
    return EditBasis{id, m_changes[id], m_library.recordingOf(id), m_sets.at(id).tiers(), m_tiers, m_labelSets, m_ids};
}

Annotator::Taken Annotator::take(PreparedEdit &prepared)
{
    if (!isReadyToEdit())
        return Taken::refused;
    endOpenLabel();
    const qint64 id = m_session.open().id;
    if (id != prepared.recording || m_changes[id] != prepared.changes || m_library.recordingOf(id) != prepared.before || m_labelSets != prepared.labelSetsBefore || m_ids != prepared.idsBefore)
        return Taken::outdated;
    m_ids = prepared.ids;
    const bool isMacro = !prepared.labelSets.empty();
    if (isMacro)
        m_history.beginMacro(QString::fromStdString(prepared.edit->what));
    for (const LabelSet &set : prepared.labelSets)
        pushLabelSet({std::nullopt, set});
    std::swap(m_sets.at(id), prepared.set);
    std::swap(m_tiers, prepared.views);
    ++m_changes[id];
    writeEdit(id, *m_library.storedIdOf(id), prepared.edit);
    Q_EMIT tiersChanged();
    m_library.replaceRecording(id, prepared.after, RecordingPart::labels);
    followEdit(id, *prepared.edit);
    push(id, prepared.edit);
    if (isMacro)
        m_history.endMacro();
    return Taken::done;
}

} // namespace kino
