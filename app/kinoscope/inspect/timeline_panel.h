// The timeline of the session's recording. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "widgets/timeline/view.h"

namespace kino {

class Session;

class TimelinePanel : public QWidget {
    Q_OBJECT

public:
    TimelinePanel(Session &session, TaskRunner &runner, QWidget *parent = nullptr);
    TimelineView &view() { return *m_view; }

Q_SIGNALS:
    void playToggleRequested();
    void failed(const QString &sentence);

private:
    void showRecording();
    void showFootage();
    void askPictures();

    Session &m_session;
    TaskLine m_pictures;
    TimelineView *m_view;
};

} // namespace kino
