// Makes the streams of the open recording ready to be drawn, in the background, and puts them into the session as they
// come. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"

namespace kino {

class Session;

class LaneLoader : public QObject {
    Q_OBJECT

public:
    LaneLoader(Session &session, TaskRunner &runner, QObject *parent = nullptr);
    bool isBusy() const { return m_line.isBusy(); }

Q_SIGNALS:
    void busyChanged(bool busy);

private:
    void load();
    void followClocks();

    Session &m_session;
    TaskLine m_line;
};

} // namespace kino
