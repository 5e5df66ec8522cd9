#include "app/kinoscope/inspect/lane_loader.h"

#include "app/kinoscope/session.h"

#include <algorithm>

namespace kino {
namespace {

/** Accelerometer, gyroscope, magnetometer, … as StreamKind lists them, whatever the file's order is. */
std::vector<const ImuStream *> inReadingOrder(const Device &device)
{
    std::vector<const ImuStream *> streams;
    for (const ImuStream &stream : device.streams) {
        if (stream.samples() > 0 && !stream.values.empty())
            streams.push_back(&stream);
    }
    std::ranges::stable_sort(streams, {}, &ImuStream::kind);
    return streams;
}

/** The same lanes under the clocks that the recording has now. Lanes whose clock is the same are the same. */
std::vector<std::shared_ptr<const LaneData>> underClocksOf(const Recording &recording, std::vector<std::shared_ptr<const LaneData>> lanes)
{
    for (auto &lane : lanes) {
        const auto device = std::ranges::find(recording.devices, lane->device, [](const Device &each) { return QString::fromStdString(each.name); });
        if (device != recording.devices.end() && device->clock != lane->clock)
            lane = lane->withClock(device->clock);
    }
    return lanes;
}

} // namespace

using Lanes = std::vector<std::shared_ptr<const LaneData>>;

LaneLoader::LaneLoader(Session &session, TaskRunner &runner, QObject *parent)
    : QObject(parent), m_session(session), m_line(runner, this)
{
    connect(&session, &Session::recordingChanged, this, &LaneLoader::load);
    connect(&session, &Session::clocksChanged, this, &LaneLoader::followClocks);
    connect(&m_line, &TaskLine::busyChanged, this, &LaneLoader::busyChanged);
}

void LaneLoader::load()
{
    m_line.drop();
    const std::shared_ptr<const Recording> recording = m_session.open().recording;
    if (!recording)
        return;
    m_line.ask<Lanes>(
        [recording, overview = m_session.open().overview](const TaskContext &context, const std::function<void(Lanes)> &publish) {
            Lanes lanes;
            for (std::size_t number = 0; number < recording->devices.size(); ++number) {
                const Device &device = recording->devices[number];
                for (const ImuStream *stream : inReadingOrder(device)) {
                    const auto place = static_cast<std::size_t>(stream - device.streams.data());
                    const bool isKnown = overview && number < overview->size() && place < (*overview)[number].size();
                    lanes.push_back(buildLane(device, *stream, context.cancel, isKnown ? &(*overview)[number][place].summary : nullptr));
                    publish(lanes);
                }
            }
            return lanes;
        },
        [this](const Lanes &lanes) {
            if (lanes.size() != m_session.streamLanes().size())
                m_session.setLanes(underClocksOf(*m_session.recording(), lanes)); // a clock may have been set meanwhile
        });
}

void LaneLoader::followClocks()
{
    Lanes lanes = underClocksOf(*m_session.recording(), m_session.streamLanes());
    if (lanes != m_session.streamLanes())
        m_session.setLanes(std::move(lanes));
}

} // namespace kino
