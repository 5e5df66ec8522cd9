#include "app/kinoscope/inspect/read_ahead.h"

#include "app/kinoscope/session.h"

namespace kino {
namespace {

/** Of so many samples the timeline draws bins, which are in memory (signal_columns.h). */
constexpr std::size_t kMostSamples = std::size_t{2} << 20;
constexpr std::size_t kPageBytes = 4096;

void touch(std::span<const std::byte> bytes, const CancelToken &cancel)
{
    for (std::size_t at = 0; at < bytes.size(); at += kPageBytes) {
        if (at % (256 * kPageBytes) == 0)
            cancel.throwIfCancelled();
        static_cast<void>(*const_cast<const volatile std::byte *>(bytes.data() + at));
    }
}

} // namespace

ReadAhead::ReadAhead(Session &session, TaskRunner &runner, QObject *parent) : QObject(parent), m_session(session), m_line(runner, this)
{
    connect(&session, &Session::visibleRangeChanged, this, &ReadAhead::follow);
    connect(&session, &Session::lanesArranged, this, &ReadAhead::follow);
}

/** What is shown, and as much on either side: where scrolling, paging and zooming out by a step lead. */
void ReadAhead::follow()
{
    const TimeRange visible = m_session.visibleRange();
    const TimeRange about{visible.start - visible.duration(), visible.end + visible.duration()};
    m_line.ask<bool>(
        [lanes = m_session.streamLanes(), about](const TaskContext &context, const std::function<void(bool)> &) {
            for (const auto &lane : lanes) {
                const auto [begin, end] = lane->samplesIn(about);
                if (end - begin > kMostSamples)
                    continue;
                touch(std::as_bytes(lane->timesNs.values().subspan(begin, end - begin)), context.cancel);
                for (const Column<float> &axis : lane->values)
                    touch(std::as_bytes(axis.values().subspan(begin, end - begin)), context.cancel);
            }
            return true;
        },
        [](bool) {}, WhenBusy::letFinish);
}

} // namespace kino
