// Brings the labels of the shown recording and the rows of the timeline together: gestures there become edits, edits are
// shown there. GUI thread.
#pragma once

#include "core/data/annotations/annotation_set.h"
#include "widgets/timeline/tier_editor.h"

#include <QObject>

class QMenu;

namespace kino {

class Annotator;
class Commands;
class Session;
class TimelineView;

class TimelineLabels : public QObject {
    Q_OBJECT

public:
    TimelineLabels(Session &session, Annotator &annotator, Commands &commands, TimelineView &view, QObject *parent);

private:
    void showTiers();
    void showCurrent();
    void showOpenLabel();
    void preview(const TierGesture &gesture);
    void carryOut(const TierGesture &gesture);
    void editText(AnnotationId id, const QString &text);
    void addRemark(TierId tier, RecordingTime at);
    void showMenu(QPoint place, TierId tier, AnnotationId id, RecordingTime at);

    Session &m_session;
    Annotator &m_annotator;
    Commands &m_commands;
    TimelineView &m_view;
    /** Was made with an empty text, so giving up the text takes it away again. */
    AnnotationId m_isNew = 0;
};

/** What a gesture asks for. `label` is that of what is drawn. */
AnnotationEdit editOf(const TierGesture &gesture, const AnnotationSet &set, AnnotationIds &ids, const std::string &label);

} // namespace kino
