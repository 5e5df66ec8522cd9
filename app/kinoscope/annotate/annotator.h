// The labels of the shown recording while they are edited: what is selected, which tier and which label are current, the
// vocabulary; every edit goes into the recording, onto the window's stack of undo and to the project. GUI thread.
#pragma once

#include "app/kinoscope/annotate/open_label.h"
#include "app/kinoscope/annotate/prepared_edit.h"
#include "app/kinoscope/session.h"
#include "core/data/annotations/label_set.h"
#include "widgets/timeline/label_colours.h"
#include "widgets/timeline/tier_data.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <map>

class QUndoStack;

namespace kino {

class Library;
class ProjectWriter;

/** Labels are kept in a project: nothing is edited that would be lost with the window. */
enum class LabelsState { nothingOpen, outsideProject, loading, ready };

/** A label set as it was and as it becomes: without `before` it is added, without `after` removed. */
struct LabelSetChange {
    std::optional<LabelSet> before;
    std::optional<LabelSet> after;
};

/** Where a label set was in use when it was removed, so that an undo puts it back there. */
struct LabelSetUsers {
    std::vector<TierId> held;   // of recordings that are open; GUI thread
    std::vector<TierId> stored; // of all in the project; the writer's worker
};

class Annotator : public QObject {
    Q_OBJECT

public:
    /** How often a label that grows is saved. */
    static constexpr int kSaveOpenMs = 400;

    Annotator(Session &session, Library &library, ProjectWriter &writer, QUndoStack &history, QObject *parent = nullptr);
    ~Annotator() override;

    LabelsState state() const;
    /** nullptr unless ready. */
    const AnnotationSet *set() const;
    /** As the timeline shows them, of recordings outside a project too. */
    const std::vector<std::shared_ptr<const TierData>> &tiers() const { return m_tiers; }

    /** The tier that labels go to; 0 where there is none. */
    TierId currentTier() const;
    void setCurrentTier(TierId tier);
    /** Current wherever a recording has a tier of this name; kept from start to start. */
    const std::string &currentTierName() const { return m_currentTier; }
    void setCurrentTierName(const std::string &name) { m_currentTier = name; }
    const std::vector<AnnotationId> &selected() const { return m_selected; }
    void select(std::vector<AnnotationId> ids);
    /** Selects it, and moves playhead and view there. */
    void goTo(AnnotationId id);
    /** The next (1) or previous (-1) one of the current tier, from the selected one or the playhead. */
    void goToNeighbour(int direction);

    /** The vocabulary of the current tier. Its id is 0 where it is made of the labels that are in use. */
    const LabelSet &vocabulary() const;
    const std::vector<LabelSet> &labelSets() const { return m_labelSets; }
    LabelColours colours() const;
    /** What is drawn with; empty where the vocabulary is. */
    std::string currentLabel() const;
    void setCurrentLabel(const std::string &label);

    using Make = std::function<AnnotationEdit(const AnnotationSet &, AnnotationIds &)>;
    /** Of ten thousand rows there is one copy for the stack of undo, the project and whoever made it. */
    using SharedEdit = std::shared_ptr<const AnnotationEdit>;
    /** One gesture: applied, saved and on the stack of undo. nullptr where it makes no sense, which refused() says. */
    SharedEdit perform(const Make &make);
    /** What perform() would do now. */
    std::optional<AnnotationEdit> preview(const Make &make) const;
    /** On the current tier, which is made where there is none. Others make room. */
    bool labelRange(TimeRange range, const std::string &label);
    /**
     * A label's key or its row: while it plays, or a label is open, it begins, ends or switches; else it names what is
     * selected: annotations, or a stretch of time; else it begins at the playhead.
     */
    void pressLabel(const std::string &label);

    const OpenLabel *openLabel() const { return m_open ? &m_open->label : nullptr; }
    /** Ends it at the playhead. */
    void endOpenLabel();
    /** As if it had not been begun. */
    void discardOpenLabel();

    /** Of what a worker prepares an edit from; ends an open label. Nothing where nothing can be edited, which is said. */
    std::optional<EditBasis> editBasis();
    enum class Taken {
        done,
        outdated, // something was changed since: nothing is done, prepare it anew
        refused   // which refused() says
    };
    /**
     * As one command with all that comes with it. What it replaces is left in `prepared`, to be let go of elsewhere: ten
     * thousand rows take a while to free.
     */
    Taken take(PreparedEdit &prepared);

    /** Each is one command. A new one becomes the vocabulary of `forTier`, or of a first tier that comes with it. */
    bool changeLabelSet(LabelSetChange change, TierId forTier = 0);
    LabelSetId nextLabelSetId();

    // For commands, undone or done again.
    bool apply(qint64 recording, const SharedEdit &edit);
    bool apply(const LabelSetChange &change, const std::shared_ptr<LabelSetUsers> &users);

Q_SIGNALS:
    void stateChanged();
    void tiersChanged();
    void selectionChanged();
    void currentTierChanged();
    /** Labels, keys or colours. */
    void vocabularyChanged();
    void currentLabelChanged();
    void openLabelChanged();
    /** A sentence: why a gesture did nothing. */
    void refused(const QString &sentence);
    /** Somebody wanted to label a recording that is in no project. */
    void projectNeeded();

private:
    /** What a first tier is called. */
    static constexpr const char *kUsualTier = "activity";

    struct Open {
        qint64 recording = 0;
        OpenLabel label;
    };
    struct Loaded {
        AnnotationSet set;
        std::vector<LabelSet> labelSets;
        std::optional<AnnotationIds> ids;
        QString failure;
    };

    void showRecording();
    void load();
    void take(qint64 recording, int changesThen, const Loaded &loaded);
    /** Forgets all of another project; false where it is still the same. */
    bool noteProject();
    /** Into the recording and the project; nothing else. */
    bool applyTo(qint64 recording, const SharedEdit &edit);
    void giveWay(qint64 recording);
    void push(qint64 recording, SharedEdit edit);
    void pushLabelSet(LabelSetChange change);
    /** Into the project. */
    void writeEdit(qint64 recording, qint64 stored, const SharedEdit &edit);
    /** What follows once the labels of a recording are other ones. */
    void followEdit(qint64 recording, const AnnotationEdit &edit);
    void buildTiers(const AnnotationEdit *edit);
    void beginOpenLabel(const std::string &label);
    void growOpenLabel();
    void learnLabels();
    bool isReadyToEdit();
    /** The current tier, or the edit that makes one. */
    TierId ensureTier(const AnnotationSet &set, AnnotationIds &ids, AnnotationEdit &made) const;

    Session &m_session;
    Library &m_library;
    ProjectWriter &m_writer;
    QUndoStack &m_history;
    std::filesystem::path m_project;
    AnnotationIds m_ids;
    bool m_hasIds = false;
    std::vector<LabelSet> m_labelSets;
    std::map<qint64, AnnotationSet> m_sets; // by the library's number
    std::map<qint64, int> m_changes;        // a set that was asked for before the last one is stale
    bool m_isLoading = false;
    std::vector<std::shared_ptr<const TierData>> m_tiers;
    std::string m_currentTier; // by name: it holds from recording to recording
    std::vector<AnnotationId> m_selected;
    /** Of tiers without a label set, by name: what was in use in any recording, so that keys stay where they are. */
    std::map<std::string, LabelSet> m_inUse;
    std::string m_currentLabel;
    std::optional<Open> m_open;
    RecordingTime m_lastPlayhead;
    QTimer m_saveOpen;
    QTimer m_learn;
};

} // namespace kino
