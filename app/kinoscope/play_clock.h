// Moves the playhead while a session plays: by the wall clock, whatever the decoder or the painting is at. Frames that
// come too late are not waited for. GUI thread.
#pragma once

#include "core/base/time.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace kino {

class Session;

class PlayClock : public QObject {
    Q_OBJECT

public:
    /** The session must outlive it. */
    explicit PlayClock(Session &session, QObject *parent = nullptr);

private:
    void anchor();
    void tick();

    Session &m_session;
    QTimer m_timer;
    QElapsedTimer m_elapsed;
    RecordingTime m_anchor;
    bool m_isTicking = false;
};

} // namespace kino
