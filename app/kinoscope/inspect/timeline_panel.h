// The timeline of the session's recording. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "widgets/timeline/view.h"

namespace kino {

class Session;
struct FrameTable;

class TimelinePanel : public QWidget {
    Q_OBJECT

public:
    TimelinePanel(Session &session, TaskRunner &runner, QWidget *parent = nullptr);
    TimelineView &view() { return *m_view; }

Q_SIGNALS:
    void playToggleRequested();

private:
    void showRecording();
    void showFootage();
    void askPictures();
    void showPictures();
    void followClocks();

    Session &m_session;
    TaskLine m_pictures;
    /** A small picture of the film, by the video's own clock. */
    struct FilmPicture {
        VideoTime at;
        VideoTime time;
        QImage image;
    };
    std::vector<FilmPicture> m_film;
    std::shared_ptr<const FrameTable> m_filmOf;
    TimelineView *m_view;
};

} // namespace kino
