#include "core/data/clocks/clock_edit.h"

#include "core/base/error.h"

#include <array>
#include <charconv>
#include <cmath>

namespace kino {
namespace {

constexpr std::string_view kMethodNames[] = {"typed", "nudged", "one-point", "two-points"};

/** Short text of a number, whatever the locale. */
std::string text(double value, int digits)
{
    std::array<char, 64> buffer;
    const auto [end, failure]
        = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
    return {buffer.data(), end};
}

Nanos difference(Nanos later, Nanos earlier)
{
    Nanos result = 0;
    if (__builtin_sub_overflow(later, earlier, &result))
        throw Error("these instants lie over 292 years apart; check what was matched");
    return result;
}

bool isHeldBy(const ClockState &clock, const ClockPoint &point)
{
    return clock.map<DeviceClock>().toRecording({point.ownNs}) == point.recording;
}

/** The offset with which a clock of this drift holds the point exactly. */
ClockState throughPoint(double driftPpm, const ClockPoint &point)
{
    const ClockMap<DeviceClock> drifting{0, driftPpm};
    return {difference(point.recording.ns, drifting.toRecording({point.ownNs}).ns), driftPpm, {}};
}

/** Drift and offset that hold both points; `excessNs` is by how much the recording's span is longer than the own one.
 */
ClockState throughTwo(const ClockPoint &a, const ClockPoint &b, Nanos ownSpan, Nanos excessNs)
{
    const double drift
        = static_cast<double>(static_cast<long double>(excessNs) / static_cast<long double>(ownSpan) * 1e6L);
    // ClockMap rounds own * drift at each instant; with some drifts both fall on opposite sides of a half. The drift
    // may differ from the quotient by what a fraction of a nanosecond over the span makes of it.
    constexpr int kTries = 400;
    const double step = 2e-3 / static_cast<double>(ownSpan) * 1e6;
    for (int tries = 0; tries <= kTries; ++tries) {
        const double tried = drift + (tries % 2 ? 1 : -1) * ((tries + 1) / 2) * step;
        const ClockState clock = throughPoint(tried, a);
        if (isHeldBy(clock, b))
            return clock;
    }
    throw Error("no clock holds both of these instants to the nanosecond; match two others");
}

void requireFarApart(Nanos span, const char *whose)
{
    if (span >= kLeastPointDistanceNs)
        return;
    throw Error("the two instants lie " + text(toSeconds(span), 2) + " s apart " + whose
                + "; for a drift they must be at least " + text(toSeconds(kLeastPointDistanceNs), 0)
                + " s apart. Choose one near the beginning and one near the end, or match "
                  "one only: that sets the offset");
}

template <class Owners> auto &ownerNamed(Owners &owners, const std::string &name, const char *kind)
{
    std::string names;
    for (auto &owner : owners) {
        if (owner.name == name)
            return owner;
        names += (names.empty() ? "" : ", ") + owner.name;
    }
    throw Error("this recording has no " + std::string(kind) + " \"" + name
                + "\"; there is: " + (names.empty() ? "none" : names));
}

template <class Owner> ClockState stateOf(const Owner &owner)
{
    return {owner.clock.offsetNs, owner.clock.driftPpm, owner.clockEvidence};
}

template <class Owner> void setState(Owner &owner, const ClockState &state)
{
    owner.clock = {state.offsetNs, state.driftPpm};
    owner.clockEvidence = state.evidence;
}

} // namespace

std::string_view clockMethodName(ClockMethod method) { return kMethodNames[static_cast<std::size_t>(method)]; }

ClockMethod clockMethodFromName(std::string_view name)
{
    const auto found = std::ranges::find(kMethodNames, name);
    if (found == std::end(kMethodNames))
        throw Error("\"" + std::string(name) + "\" is no way in which a clock is set");
    return static_cast<ClockMethod>(found - std::begin(kMethodNames));
}

ClockEdit inverseOf(ClockEdit edit)
{
    std::swap(edit.before, edit.after);
    return edit;
}

ClockState clockThroughPoints(const ClockState &present, std::span<const ClockPoint> points, Nanos nowNs)
{
    ClockState clock;
    if (points.size() == 1) {
        clock = throughPoint(present.driftPpm, points[0]);
        clock.evidence = ClockEvidence{ClockMethod::onePoint, nowNs, {points[0]}};
        return clock;
    }
    if (points.size() != 2)
        throw Error("a clock is set by one or two matched instants");
    const bool isSwapped = points[1].ownNs < points[0].ownNs;
    const ClockPoint &a = points[isSwapped ? 1 : 0];
    const ClockPoint &b = points[isSwapped ? 0 : 1];
    const Nanos ownSpan = difference(b.ownNs, a.ownNs);
    const Nanos span = difference(b.recording.ns, a.recording.ns);
    if (ownSpan == 0 || span == 0)
        throw Error("both instants are the same; match another one, far from the first");
    if (span < 0)
        throw Error("the two instants are in opposite order on the two clocks: what comes first on one comes last on "
                    "the other. "
                    "One of them was matched with the wrong instant");
    requireFarApart(ownSpan, "on its own clock");
    requireFarApart(span, "on the recording's clock");
    const double driftPpm = (static_cast<double>(span) / static_cast<double>(ownSpan) - 1) * 1e6;
    if (!(std::abs(driftPpm) <= kMostDriftPpm))
        throw Error("these instants would mean a drift of " + text(driftPpm, 0)
                    + " ppm; clocks of sensors and cameras stay within " + text(kMostDriftPpm, 0)
                    + ". One of them was matched with the wrong instant");
    clock = throughTwo(a, b, ownSpan, difference(span, ownSpan));
    clock.evidence = ClockEvidence{ClockMethod::twoPoints, nowNs, {a, b}};
    return clock;
}

ClockState nudged(const ClockState &present, Nanos by, Nanos nowNs)
{
    ClockState clock = present;
    if (__builtin_add_overflow(present.offsetNs, by, &clock.offsetNs))
        throw Error("a clock cannot be moved that far");
    clock.evidence = ClockEvidence{ClockMethod::nudged, nowNs, {}};
    return clock;
}

ClockPoint pointShownAt(const ClockState &present, RecordingTime shown, RecordingTime truly)
{
    return {present.map<DeviceClock>().toOwn(shown).ns, truly};
}

ClockState clockOf(const Recording &recording, ClockOwner owner, const std::string &name)
{
    return owner == ClockOwner::device ? stateOf(ownerNamed(recording.devices, name, "device"))
                                       : stateOf(ownerNamed(recording.videos, name, "video"));
}

ClockEdit editClock(const Recording &recording, ClockOwner owner, const std::string &name, ClockState after,
                    std::string what)
{
    return {std::move(what), owner, name, clockOf(recording, owner, name), std::move(after)};
}

Recording withClock(Recording recording, const ClockEdit &edit)
{
    if (clockOf(recording, edit.owner, edit.name) != edit.before)
        throw Error("the clock of \"" + edit.name
                    + "\" has been changed meanwhile; reload the recording and try again");
    if (edit.owner == ClockOwner::device)
        setState(ownerNamed(recording.devices, edit.name, "device"), edit.after);
    else
        setState(ownerNamed(recording.videos, edit.name, "video"), edit.after);
    return recording;
}

} // namespace kino
