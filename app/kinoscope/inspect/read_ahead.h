// Brings the samples about what is shown into memory before they are painted: a page that must come from a disk holds up
// whoever touches it, and that should not be the GUI thread. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"

namespace kino {

class Session;

class ReadAhead : public QObject {
    Q_OBJECT

public:
    ReadAhead(Session &session, TaskRunner &runner, QObject *parent = nullptr);

private:
    void follow();

    Session &m_session;
    TaskLine m_line;
};

} // namespace kino
