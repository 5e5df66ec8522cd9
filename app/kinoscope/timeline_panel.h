// The timeline of the session's recording. GUI thread.
#pragma once

#include "widgets/timeline_view.h"

namespace kino {

class Session;

class TimelinePanel : public QWidget {
    Q_OBJECT

public:
    explicit TimelinePanel(Session &session, QWidget *parent = nullptr);
    TimelineView &view() { return *m_view; }

Q_SIGNALS:
    void playToggleRequested();
    void failed(const QString &sentence);

private:
    void showRecording();
    void showFootage();

    Session &m_session;
    TimelineView *m_view;
};

} // namespace kino
