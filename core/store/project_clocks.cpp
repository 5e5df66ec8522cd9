// Clocks of a project's devices and videos, and why they lie where they lie.
#include "core/base/error.h"
#include "core/store/overview_json.h"
#include "core/store/project.h"
#include "core/store/recording_rows.h"

namespace kino {
namespace {

struct OwnerTable {
    const char *owner;
    const char *table;
};

OwnerTable tableOf(ClockOwner owner)
{
    return owner == ClockOwner::device ? OwnerTable{"device", "devices"} : OwnerTable{"video", "videos"};
}

void write(const Database &database, RecordingId id, ClockOwner owner, const std::string &name, const ClockState &clock)
{
    const OwnerTable table = tableOf(owner);
    Statement(database,
              std::string("UPDATE ") + table.table
                  + " SET offset_ns = ?, drift_ppm = ? WHERE recording_id = ? AND name = ?")
        .bind(clock.offsetNs, clock.driftPpm, id, name)
        .run();
    Statement(database, "DELETE FROM clock_evidence WHERE recording_id = ? AND owner = ? AND name = ?")
        .bind(id, table.owner, name)
        .run();
    if (clock.evidence) {
        Statement(database,
                  "INSERT INTO clock_evidence (recording_id, owner, name, method, set_at_ns, points) VALUES (?, ?, ?, "
                  "?, ?, ?)")
            .bind(id, table.owner, name, clockMethodName(clock.evidence->method), clock.evidence->setAtNs,
                  pointsToJson(clock.evidence->points))
            .run();
    }
    renewExtent(database, id);
}

} // namespace

void Project::applyClockEdit(RecordingId id, const ClockEdit &edit)
{
    requireRecording(id);
    Transaction transaction(m_database, Durability::full);
    if (clockOf(readEntry(m_database, id).recording, edit.owner, edit.name) != edit.before)
        throw Error(m_folder,
                    "the clock of \"" + edit.name
                        + "\" has been changed meanwhile, perhaps by another program; reload "
                          "the recording and try again");
    write(m_database, id, edit.owner, edit.name, edit.after);
    transaction.commit();
}

void Project::setDeviceClock(RecordingId id, const std::string &device, const ClockMap<DeviceClock> &clock)
{
    requireRecording(id);
    Transaction transaction(m_database, Durability::full);
    clockOf(readEntry(m_database, id).recording, ClockOwner::device, device);
    write(m_database, id, ClockOwner::device, device,
          {clock.offsetNs, clock.driftPpm, ClockEvidence{ClockMethod::typed, wallClockNs(), {}}});
    transaction.commit();
}

void Project::setVideoClock(RecordingId id, const std::string &video, const ClockMap<VideoClock> &clock)
{
    requireRecording(id);
    Transaction transaction(m_database, Durability::full);
    clockOf(readEntry(m_database, id).recording, ClockOwner::video, video);
    write(m_database, id, ClockOwner::video, video,
          {clock.offsetNs, clock.driftPpm, ClockEvidence{ClockMethod::typed, wallClockNs(), {}}});
    transaction.commit();
}

} // namespace kino
