// The video of the session's recording at the playhead. GUI thread.
#pragma once

#include "app/kinoscope/inspect/video_feed.h"

#include <QWidget>

namespace kino {

class ChoiceBox;
class VideoView;

class VideoPanel : public QWidget {
    Q_OBJECT

public:
    VideoPanel(Session &session, TaskRunner &runner, QWidget *parent = nullptr);
    VideoView &view() { return *m_view; }
    /** Which of several videos is shown, for the panel's head; hidden where there is no choice. */
    ChoiceBox *choice() const { return m_choice; }
    /** True once the exact frame is shown, or where there is none to show. */
    bool isSettled() const;
    /** Index of the picture that is shown, and whether it is that frame itself. */
    std::optional<std::size_t> shownFrame() const { return m_shown; }
    bool isExact() const { return m_isExact; }

Q_SIGNALS:
    void settledChanged();
    void failed(const QString &sentence, const QString &details);

private:
    void openVideo();
    void showPlayhead();
    void followClock();

    Session &m_session;
    VideoFeed m_feed;
    VideoView *m_view;
    ChoiceBox *m_choice;
    std::optional<std::size_t> m_shown;
    bool m_isExact = false;
    bool m_hasFailed = false;
};

} // namespace kino
