#include "app/kinoscope/clocks/event_matcher.h"

#include "app/kinoscope/session.h"
#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace kino {

ClockState clockOfProposal(const ClockState &present, const OffsetProposal &proposal, std::span<const MotionEvent> own, Nanos nowNs)
{
    const ClockMap<DeviceClock> clock = present.map<DeviceClock>();
    const auto pointOf = [&](const EventPair &pair) {
        const Nanos shown = own[pair.b].ownNs;
        const Nanos truly = shown + proposal.offsetNs + static_cast<Nanos>(std::llround(static_cast<double>(shown) * proposal.driftPpm * 1e-6));
        return ClockPoint{clock.toOwn({shown}).ns, {truly}};
    };
    if (proposal.driftPpm != 0) {
        const ClockPoint points[] = {pointOf(proposal.pairs.front()), pointOf(proposal.pairs.back())};
        return clockThroughPoints(present, points, nowNs);
    }
    const auto strongest = std::ranges::max_element(proposal.pairs, {}, [&](const EventPair &pair) { return own[pair.b].strengthDb; });
    const ClockPoint point = pointOf(*strongest);
    return clockThroughPoints(present, {&point, 1}, nowNs);
}

EventMatcher::EventMatcher(Session &session, ClockSetter &setter, EventFinder &finder, TaskRunner &runner, QObject *parent)
    : QObject(parent), m_session(session), m_setter(setter), m_finder(finder), m_line(runner, this)
{
    connect(&setter, &ClockSetter::changed, this, &EventMatcher::match);
    connect(&finder, &EventFinder::changed, this, &EventMatcher::match);
    connect(&session, &Session::lanesChanged, this, &EventMatcher::match);
    connect(&m_line, &TaskLine::busyChanged, this, &EventMatcher::busyChanged);
}

void EventMatcher::match()
{
    const std::optional<ClockTarget> &target = m_setter.target();
    const std::optional<ClockState> present = m_setter.state();
    std::vector<MotionEvent> own;
    std::vector<MotionEvent> others;
    if (target && present) {
        const auto add = [&](const std::vector<MotionEvent> &events, const auto &clock, bool isOwn) {
            for (MotionEvent event : events) {
                event.ownNs = clock.toRecording({event.ownNs}).ns;
                (isOwn ? own : others).push_back(event);
            }
        };
        for (const auto &lane : m_session.streamLanes()) {
            if (const auto found = m_finder.events().find(lane->id); found != m_finder.events().end())
                add(*found->second, lane->clock, target->owner == ClockOwner::device && lane->device == QString::fromStdString(target->name));
        }
        for (const VideoTrack &video : m_session.recording()->videos) {
            if (const auto found = m_finder.sounds().find(video.name); found != m_finder.sounds().end())
                add(*found->second, video.clock, target->owner == ClockOwner::video && video.name == target->name);
        }
    }
    std::ranges::sort(others, {}, &MotionEvent::ownNs);
    m_ownEvents = own.size();
    m_otherEvents = others.size();
    if (own.empty() || others.empty()) {
        m_line.drop();
        m_proposals.clear();
        Q_EMIT changed();
        return;
    }
    using Proposals = std::vector<ClockProposal>;
    m_line.ask<Proposals>(
        [own, others, present = *present](const TaskContext &, const std::function<void(Proposals)> &) {
            Proposals proposals;
            for (const OffsetProposal &each : proposeOffsets(others, own)) {
                if (each.chance > kMostChance || proposals.size() == kMost)
                    continue;
                try {
                    proposals.push_back({each, clockOfProposal(present, each, own, wallClockNowNs())});
                } catch (const Error &) {
                    // A drift that no clock has: these pairs came about otherwise.
                }
            }
            return proposals;
        },
        [this](const Proposals &proposals) {
            m_proposals = proposals;
            Q_EMIT changed();
        });
}

} // namespace kino
