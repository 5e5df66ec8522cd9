#include "app/kinoscope/annotate/label_commands.h"

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/commands.h"
#include "core/data/annotations/annotation_edits.h"
#include "widgets/timeline/tier_editor.h"
#include "widgets/timeline/view.h"

#include <QAction>

namespace kino {

LabelCommands::LabelCommands(Session &session, Annotator &annotator, Commands &commands, TimelineView &timeline, QObject *parent)
    : QObject(parent), m_session(session), m_annotator(annotator), m_commands(commands)
{
    connect(commands.labelSelection, &QAction::triggered, this, [this, editor = &timeline.tierEditor()] {
        const std::string label = m_annotator.currentLabel();
        if (m_session.selection() && m_annotator.labelRange(*m_session.selection(), label) && label.empty() && !m_annotator.selected().empty())
            editor->editText(m_annotator.selected().front());
    });
    connect(commands.splitLabel, &QAction::triggered, this, &LabelCommands::split);
    connect(commands.mergeLabels, &QAction::triggered, this, &LabelCommands::merge);
    connect(commands.labelStartHere, &QAction::triggered, this, [this] { setBorderHere(true); });
    connect(commands.labelEndHere, &QAction::triggered, this, [this] { setBorderHere(false); });
    connect(commands.editLabel, &QAction::triggered, this, [this, editor = &timeline.tierEditor()] {
        if (!m_annotator.selected().empty())
            editor->editText(m_annotator.selected().front());
    });
    connect(commands.deleteLabels, &QAction::triggered, this, [this] {
        m_annotator.perform([this](const AnnotationSet &set, AnnotationIds &) { return removeAnnotations(set, m_annotator.selected()); });
    });
    connect(commands.previousLabel, &QAction::triggered, &annotator, [this] { m_annotator.goToNeighbour(-1); });
    connect(commands.nextLabel, &QAction::triggered, &annotator, [this] { m_annotator.goToNeighbour(1); });
    connect(commands.repeatLabel, &QAction::triggered, this, &LabelCommands::repeat);
    connect(commands.discardLabel, &QAction::triggered, &annotator, &Annotator::discardOpenLabel);
    for (const auto signal : {&Annotator::selectionChanged, &Annotator::stateChanged, &Annotator::openLabelChanged, &Annotator::tiersChanged, &Annotator::vocabularyChanged})
        connect(&annotator, signal, this, &LabelCommands::update);
    connect(&session, &Session::selectionChanged, this, &LabelCommands::update);
    update();
}

void LabelCommands::update()
{
    const bool isReady = m_annotator.state() == LabelsState::ready;
    const bool hasRecording = m_annotator.state() != LabelsState::nothingOpen;
    const std::size_t selected = m_annotator.selected().size();
    m_commands.labelSelection->setEnabled(hasRecording && m_session.selection().has_value());
    m_commands.splitLabel->setEnabled(isReady);
    m_commands.mergeLabels->setEnabled(selected > 0);
    for (QAction *one : {m_commands.labelStartHere, m_commands.labelEndHere, m_commands.editLabel, m_commands.repeatLabel})
        one->setEnabled(selected == 1);
    m_commands.deleteLabels->setEnabled(selected > 0);
    m_commands.previousLabel->setEnabled(isReady);
    m_commands.nextLabel->setEnabled(isReady);
    m_commands.discardLabel->setEnabled(m_annotator.openLabel() != nullptr);
    for (QAction *any : {m_commands.addTier, m_commands.importLabels})
        any->setEnabled(hasRecording);
    m_commands.exportLabels->setEnabled(!m_annotator.tiers().empty());
    m_commands.compareTiers->setEnabled(m_annotator.tiers().size() > 1);
    m_commands.labelSets->setEnabled(isReady);
}

/** The selected ones that the playhead is in; without a selection what is there on the current tier. */
void LabelCommands::split()
{
    const RecordingTime at = m_session.playhead();
    m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &ids) {
        std::vector<AnnotationId> which = m_annotator.selected();
        if (which.empty() && m_annotator.currentTier() != 0) {
            for (const StoredAnnotation &row : set.tier(m_annotator.currentTier()).annotations) {
                if (row.annotation.start < at && at < row.annotation.end)
                    which.push_back(row.id);
            }
        }
        AnnotationEdit all;
        AnnotationSet now = set;
        for (const AnnotationId id : which) {
            const Annotation annotation = now.annotation(id).annotation;
            if (which.size() > 1 && !(annotation.start < at && at < annotation.end))
                continue;
            AnnotationEdit one = splitAnnotation(now, ids, id, at);
            now.apply(one);
            all = composed(std::move(all), std::move(one));
        }
        return all;
    });
}

/** What is selected; of a single one, it and the next. */
void LabelCommands::merge()
{
    const auto edit = m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &) {
        std::vector<AnnotationId> which = m_annotator.selected();
        if (which.size() == 1) {
            const std::vector<StoredAnnotation> &rows = set.tier(set.annotation(which.front()).tier).annotations;
            const auto place = std::ranges::find(rows, which.front(), &StoredAnnotation::id);
            if (std::next(place) != rows.end())
                which.push_back(std::next(place)->id);
        }
        return mergeAnnotations(set, which);
    });
    if (edit)
        m_annotator.select({edit->annotations.front().id()});
}

void LabelCommands::setBorderHere(bool isStart)
{
    const RecordingTime at = m_session.playhead();
    m_annotator.perform([&](const AnnotationSet &set, AnnotationIds &ids) {
        return moveEdge(set, ids, m_annotator.selected().front(), isStart ? AnnotationEdge::start : AnnotationEdge::end, at);
    });
}

void LabelCommands::repeat()
{
    const Annotation annotation = m_annotator.set()->annotation(m_annotator.selected().front()).annotation;
    m_session.setLoop(TimeRange{annotation.start, annotation.end});
    m_session.setPlayhead(annotation.start);
    m_session.setSpeed(std::abs(m_session.speed()));
    m_session.setPlaying(true);
}

} // namespace kino
