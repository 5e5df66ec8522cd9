// The commands on labels, wired to the annotator, and when each of them makes sense. GUI thread.
#pragma once

#include <QObject>

namespace kino {

class Annotator;
class Commands;
class Session;
class TimelineView;

class LabelCommands : public QObject {
    Q_OBJECT

public:
    LabelCommands(Session &session, Annotator &annotator, Commands &commands, TimelineView &timeline, QObject *parent);

private:
    void update();
    void split();
    void merge();
    void setBorderHere(bool isStart);
    void repeat();

    Session &m_session;
    Annotator &m_annotator;
    Commands &m_commands;
};

} // namespace kino
