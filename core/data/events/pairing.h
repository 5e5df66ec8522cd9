// Which events of one clock belong to which of another: offsets between the two, ranked. Pure; any thread.
#pragma once

#include "core/data/events/event.h"

#include <span>

namespace kino {

struct EventPair {
    std::size_t a = 0; // places in the lists that were given
    std::size_t b = 0;
    friend bool operator==(const EventPair &, const EventPair &) = default;
};

/** One way in which the two lists may lie over each other. */
struct OffsetProposal {
    /**
     * To be added to times of b to lie on those of a; the mean over the pairs, or with a drift its value at b's time 0.
     * Pairs weigh by the square of the lesser height over the noise: so much better is the time of a peak known.
     */
    Nanos offsetNs = 0;
    /** By how much b's seconds are longer, from pairs at least 10 s apart; 0 where there are none. */
    double driftPpm = 0;
    std::vector<EventPair> pairs; // ascending; each event at most once
    /** Root of the weighted mean square of what is left between the pairs; 0 of one pair. */
    double residualNs = 0;
    /** Sum over the pairs of the lesser strength, decibels. */
    double strengthDb = 0;
    /** How likely as many pairs would come about at some offset by chance: Poisson, over all offsets tried. 0 to 1. */
    double chance = 1;
};

struct PairingOptions {
    /** Only offsets up to this are proposed. */
    Nanos mostOffsetNs = 60 * kNanosPerSecond;
    /** Pairs of one proposal agree to this: claps are sharp, but drift spreads them (40 ppm make 5 ms of two minutes).
     */
    Nanos toleranceNs = 30 * kNanosPerMillisecond;
    std::size_t mostProposals = 5;
};

/**
 * Best first: more pairs, then greater strength, then smaller offset. Offsets nearer to a better one than the tolerance
 * are left out. Both lists ascend by ownNs, which is taken as it is: give times on the recording's clock to propose a
 * correction to it. Time grows with the product of the list lengths; over 2,000 events a side the strongest are taken.
 */
std::vector<OffsetProposal> proposeOffsets(std::span<const MotionEvent> a, std::span<const MotionEvent> b,
                                           const PairingOptions &options = {});

} // namespace kino
