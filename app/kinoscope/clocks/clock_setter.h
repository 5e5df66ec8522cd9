// Sets the clocks of the open recording's devices and videos. Every change is one step of the window's history, is shown
// at once and, where the recording lies in a project, written to it. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "core/data/clocks/clock_edit.h"

#include <QObject>
#include <QString>

#include <map>
#include <optional>
#include <tuple>
#include <vector>

class QUndoStack;

namespace kino {

class Library;
class ProjectWriter;
class Session;

/** A device or a video whose clock can be set. */
struct ClockTarget {
    ClockOwner owner = ClockOwner::video;
    std::string name;
    friend auto operator<=>(const ClockTarget &, const ClockTarget &) = default;
};

enum class NudgeStep { millisecond, frame, second };

class ClockSetter : public QObject {
    Q_OBJECT

public:
    /** Nudges of one clock that follow within this time are undone together. */
    static constexpr int kMergeWithinMs = 1000;

    ClockSetter(Session &session, Library &library, ProjectWriter &writer, QUndoStack &history, TaskRunner &runner, QObject *parent = nullptr);

    /** Devices with samples, then videos. */
    std::vector<ClockTarget> targets() const;
    /** Which of them is moved: at first the video that is shown, else the last. Nothing without a recording. */
    const std::optional<ClockTarget> &target() const { return m_target; }
    /** A video is shown, too. */
    void setTarget(const ClockTarget &target);
    /** Its clock as it is now. */
    std::optional<ClockState> state() const;
    /** What is set is kept in a project; else only as long as the recording is open. */
    bool isKept() const;

    /** Later (+1) or earlier (-1) on the recording's clock. A frame is the one at the playhead of the video shown. */
    void nudge(NudgeStep step, int direction);
    /** What nudge() would move by; 0 for a frame where there is no video. */
    Nanos nudgeNs(NudgeStep step, int direction) const;
    void setNumbers(Nanos offsetNs, double driftPpm);
    /** `what` as the Edit menu says it: "Set clock of camera by two points". */
    void set(const ClockState &after, const QString &what);
    /** The clock that the import gave: a project keeps it from the first time that the window sets another. */
    std::optional<ClockState> imported() const;
    void resetToImported();

    /** Applies an edit to a recording of the library, shown or not, and to its project. False where it cannot be. */
    bool apply(qint64 recording, const ClockEdit &edit);

Q_SIGNALS:
    /** Another target, or another clock of it. */
    void changed();
    void failed(const QString &sentence);

private:
    enum class Gesture { nudge, other };
    void push(const ClockState &after, const QString &what, Gesture gesture);
    void chooseUsualTarget();
    void noteImported();
    void askImported();

    Session &m_session;
    Library &m_library;
    ProjectWriter &m_writer;
    QUndoStack &m_history;
    std::optional<ClockTarget> m_target;
    /** By recording: clocks as they were before anybody set them. */
    std::map<std::pair<qint64, ClockTarget>, ClockState> m_imported;
    TaskLine m_asking;
};

/** "+0.350 s", "−1.000 ms": by how much a clock lies later. */
QString offsetText(Nanos offsetNs);
/** "as imported", "nudged, 21 Nov 2026 16:40". */
QString clockOriginText(const std::optional<ClockEvidence> &evidence);
/** Now, nanoseconds since 1970 UTC. */
Nanos wallClockNowNs();

} // namespace kino
