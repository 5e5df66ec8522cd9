// Proposes how a clock may lie so that its events fall on those of the others: suggestions, to be looked at and applied
// by the person. GUI thread.
#pragma once

#include "app/kinoscope/clocks/clock_setter.h"
#include "app/kinoscope/clocks/event_finder.h"
#include "core/data/events/pairing.h"

#include <QObject>

namespace kino {

/** One way in which the clock that is moved may lie. */
struct ClockProposal {
    OffsetProposal pairing;
    ClockState after;
};

class EventMatcher : public QObject {
    Q_OBJECT

public:
    /** Less likely to come about by chance than this, or it is not worth a look. */
    static constexpr double kMostChance = 0.05;
    static constexpr std::size_t kMost = 3;

    EventMatcher(Session &session, ClockSetter &setter, EventFinder &finder, TaskRunner &runner, QObject *parent = nullptr);

    /** Best first; those of the target's present clock. */
    const std::vector<ClockProposal> &proposals() const { return m_proposals; }
    /** Of the thing that is moved, and of all others together. */
    std::size_t ownEvents() const { return m_ownEvents; }
    std::size_t otherEvents() const { return m_otherEvents; }
    bool isBusy() const { return m_line.isBusy(); }

Q_SIGNALS:
    void changed();
    void busyChanged(bool busy);

private:
    void match();

    Session &m_session;
    ClockSetter &m_setter;
    EventFinder &m_finder;
    TaskLine m_line;
    std::vector<ClockProposal> m_proposals;
    std::size_t m_ownEvents = 0;
    std::size_t m_otherEvents = 0;
};

/**
 * The clock of a proposal between events of others, on the recording's clock, and of the thing, mapped there by `present`.
 * Its evidence are the instants that pair: the strongest, or with a drift the first and the last. Throws Error where they
 * cannot be.
 */
ClockState clockOfProposal(const ClockState &present, const OffsetProposal &proposal, std::span<const MotionEvent> own, Nanos nowNs);

} // namespace kino
