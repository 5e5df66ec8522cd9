// The sound of the video that is shown as a lane of the timeline: decoded on a worker once the lane is in sight. What was
// decoded lately is kept. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "widgets/timeline/lane_data.h"

#include <QObject>

#include <filesystem>
#include <list>

namespace kino {

class Session;
struct VideoTrack;

class SoundLoader : public QObject {
    Q_OBJECT

public:
    /** Waveforms kept, the newest among them: at most 38 MB each. */
    static constexpr std::size_t kKept = 2;

    SoundLoader(Session &session, TaskRunner &runner, QObject *parent = nullptr);
    bool isBusy() const { return m_line.isBusy(); }

Q_SIGNALS:
    void busyChanged(bool busy);

private:
    /** A file as it was when it was read. */
    struct Stamp {
        std::filesystem::file_time_type changed;
        std::uintmax_t bytes = 0;
        friend bool operator==(const Stamp &, const Stamp &) = default;
    };
    struct Kept {
        std::filesystem::path path;
        Stamp stamp;
        std::shared_ptr<const LaneData> lane;
    };

    const VideoTrack *track() const;
    void showVideo();
    void askWhenShown();
    void say(const QString &note);
    void followClock();
    void take(const Kept &read);
    static Stamp stampOf(const std::filesystem::path &path);

    Session &m_session;
    TaskLine m_line;
    std::list<Kept> m_kept; // newest first
    bool m_isWanted = false; // there is sound and nobody has begun to read it
};

} // namespace kino
