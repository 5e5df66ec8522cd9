#include "app/kinoscope/lane_loader.h"

#include "app/kinoscope/session.h"

namespace kino {

using Lanes = std::vector<std::shared_ptr<const LaneData>>;

LaneLoader::LaneLoader(Session &session, TaskRunner &runner, QObject *parent)
    : QObject(parent), m_session(session), m_line(runner, this)
{
    connect(&session, &Session::recordingChanged, this, &LaneLoader::load);
    connect(&m_line, &TaskLine::busyChanged, this, &LaneLoader::busyChanged);
}

void LaneLoader::load()
{
    m_line.drop();
    const std::shared_ptr<const Recording> recording = m_session.open().recording;
    if (!recording)
        return;
    m_line.ask<Lanes>(
        [recording](const TaskContext &context, const std::function<void(Lanes)> &publish) {
            Lanes lanes;
            for (const Device &device : recording->devices) {
                for (const ImuStream &stream : device.streams) {
                    if (stream.samples() == 0 || stream.values.empty())
                        continue;
                    lanes.push_back(buildLane(device, stream, context.cancel));
                    publish(lanes);
                }
            }
            return lanes;
        },
        [this](const Lanes &lanes) {
            if (lanes.size() != m_session.lanes().size())
                m_session.setLanes(lanes);
        });
}

} // namespace kino
