#include "core/data/events/pairing.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr std::size_t kMostEvents = 2000;
constexpr Nanos kLeastDriftSpanNs = 10 * kNanosPerSecond;

/** Places of the strongest, in the order of time. */
std::vector<std::size_t> strongest(std::span<const MotionEvent> events)
{
    std::vector<std::size_t> places(events.size());
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = i;
    if (places.size() > kMostEvents) {
        std::ranges::nth_element(places, places.begin() + kMostEvents, std::ranges::greater(),
                                 [&](std::size_t i) { return events[i].strengthDb; });
        places.resize(kMostEvents);
        std::ranges::sort(places);
    }
    return places;
}

struct Difference {
    Nanos ns = 0;
    EventPair pair;
};

/** P(X >= count) of a Poisson variable. */
double poissonTail(double mean, std::size_t count)
{
    double term = std::exp(-mean), below = 0;
    for (std::size_t k = 0; k < count; ++k) {
        below += term;
        term *= mean / static_cast<double>(k + 1);
    }
    return std::clamp(1 - below, 0.0, 1.0);
}

/** From differences that agree: each event once, the stronger pairs first. */
std::vector<EventPair> oneToOne(std::span<const Difference> agreeing, std::span<const MotionEvent> a,
                                std::span<const MotionEvent> b)
{
    std::vector<EventPair> candidates;
    for (const Difference &difference : agreeing)
        candidates.push_back(difference.pair);
    std::ranges::stable_sort(candidates, std::ranges::greater(), [&](const EventPair &pair) {
        return std::min(a[pair.a].strengthDb, b[pair.b].strengthDb);
    });
    std::vector<EventPair> pairs;
    for (const EventPair &candidate : candidates) {
        const bool isTaken = std::ranges::any_of(
            pairs, [&](const EventPair &pair) { return pair.a == candidate.a || pair.b == candidate.b; });
        if (!isTaken)
            pairs.push_back(candidate);
    }
    std::ranges::sort(pairs, {}, &EventPair::b);
    return pairs;
}

OffsetProposal proposalOf(std::vector<EventPair> pairs, std::span<const MotionEvent> a, std::span<const MotionEvent> b)
{
    OffsetProposal proposal;
    proposal.pairs = std::move(pairs);
    // The time of a peak is known by the inverse of its height over the noise (Cramér-Rao): pairs weigh by its square.
    const auto strengthOf = [&](const EventPair &pair) { return std::min(a[pair.a].strengthDb, b[pair.b].strengthDb); };
    const double strongestDb = strengthOf(*std::ranges::max_element(proposal.pairs, {}, strengthOf));
    const auto weightOf = [&](const EventPair &pair) { return std::pow(10.0L, (strengthOf(pair) - strongestDb) / 10); };
    long double total = 0;
    for (const EventPair &pair : proposal.pairs)
        total += weightOf(pair);
    const Nanos origin = b[proposal.pairs.front().b].ownNs;
    const Nanos first = a[proposal.pairs.front().a].ownNs - origin;
    const auto xOf = [&](const EventPair &pair) { return static_cast<long double>(b[pair.b].ownNs - origin); };
    const auto yOf
        = [&](const EventPair &pair) { return static_cast<long double>(a[pair.a].ownNs - b[pair.b].ownNs - first); };
    long double x = 0, y = 0;
    for (const EventPair &pair : proposal.pairs) {
        x += weightOf(pair) * xOf(pair) / total;
        y += weightOf(pair) * yOf(pair) / total;
        proposal.strengthDb += strengthOf(pair);
    }
    long double slope = 0;
    if (b[proposal.pairs.back().b].ownNs - origin >= kLeastDriftSpanNs) {
        long double xx = 0, xy = 0;
        for (const EventPair &pair : proposal.pairs) {
            xx += weightOf(pair) * (xOf(pair) - x) * (xOf(pair) - x);
            xy += weightOf(pair) * (xOf(pair) - x) * (yOf(pair) - y);
        }
        slope = xx > 0 ? xy / xx : 0;
    }
    long double squares = 0;
    for (const EventPair &pair : proposal.pairs) {
        const long double left = yOf(pair) - y - slope * (xOf(pair) - x);
        squares += weightOf(pair) * left * left / total;
    }
    proposal.residualNs = static_cast<double>(std::sqrt(squares));
    proposal.driftPpm = static_cast<double>(slope * 1e6L);
    // The line's value where b's clock is 0; without a slope the mean.
    const long double atZero = y - slope * (x + static_cast<long double>(slope == 0 ? 0 : origin));
    proposal.offsetNs = first + static_cast<Nanos>(std::llroundl(atZero));
    return proposal;
}

bool isBetter(const OffsetProposal &one, const OffsetProposal &other)
{
    if (one.pairs.size() != other.pairs.size())
        return one.pairs.size() > other.pairs.size();
    if (one.strengthDb != other.strengthDb)
        return one.strengthDb > other.strengthDb;
    return std::pair(std::abs(one.offsetNs), one.offsetNs) < std::pair(std::abs(other.offsetNs), other.offsetNs);
}

} // namespace

std::vector<OffsetProposal> proposeOffsets(std::span<const MotionEvent> a, std::span<const MotionEvent> b,
                                           const PairingOptions &options)
{
    std::vector<Difference> differences;
    const std::vector<std::size_t> placesB = strongest(b);
    for (const std::size_t i : strongest(a)) {
        for (const std::size_t j : placesB) {
            Nanos difference = 0;
            if (!__builtin_sub_overflow(a[i].ownNs, b[j].ownNs, &difference)
                && std::abs(difference) <= options.mostOffsetNs)
                differences.push_back({difference, {i, j}});
        }
    }
    std::ranges::sort(differences, {}, &Difference::ns);

    // Begin of a run of differences within the tolerance; of runs inside greater ones the greater is tried only.
    struct Run {
        std::size_t begin = 0, end = 0;
    };
    std::vector<Run> runs;
    for (std::size_t begin = 0, end = 0; begin < differences.size(); ++begin) {
        while (end < differences.size() && differences[end].ns - differences[begin].ns <= options.toleranceNs)
            ++end;
        if (runs.empty() || end > runs.back().end)
            runs.push_back({begin, end});
    }
    std::ranges::stable_sort(runs, std::ranges::greater(), [](const Run &run) { return run.end - run.begin; });
    constexpr std::size_t kMostTried = 500;
    runs.resize(std::min(runs.size(), kMostTried));

    std::vector<std::pair<OffsetProposal, Nanos>> tried; // with the middle of its differences
    for (const Run &run : runs) {
        const std::span<const Difference> agreeing(differences.data() + run.begin, run.end - run.begin);
        tried.emplace_back(proposalOf(oneToOne(agreeing, a, b), a, b),
                           agreeing.front().ns / 2 + agreeing.back().ns / 2);
    }
    std::ranges::stable_sort(tried,
                             [](const auto &one, const auto &other) { return isBetter(one.first, other.first); });

    const double offsets = 2.0 * static_cast<double>(options.mostOffsetNs)
        / static_cast<double>(std::max<Nanos>(1, options.toleranceNs));
    const double mean = static_cast<double>(differences.size()) / std::max(1.0, offsets);
    std::vector<OffsetProposal> proposals;
    std::vector<Nanos> taken;
    for (auto &[proposal, middle] : tried) {
        if (proposals.size() == options.mostProposals)
            break;
        if (std::ranges::any_of(taken, [&](Nanos other) { return std::abs(other - middle) <= options.toleranceNs; }))
            continue;
        taken.push_back(middle);
        proposal.chance
            = -std::expm1(offsets * std::log1p(-std::min(poissonTail(mean, proposal.pairs.size()), 1 - 1e-16)));
        proposals.push_back(std::move(proposal));
    }
    return proposals;
}

} // namespace kino
