#include "core/data/simulator/path.h"

#include <algorithm>
#include <limits>
#include <numbers>

namespace kino::simulator {

namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kKnotStep = 0.01; // s
constexpr double kPlanStep = 0.1; // s
constexpr int kAttempts = 60;
// Ways of hours are drawn only so often, and kept clear of the stairs and steps of the last minutes only: the square
// is too small for more, and the work would grow with the square of the length.
constexpr std::size_t kMostLegsDrawn = 1'500; // over all attempts
constexpr std::size_t kRememberedPoints = 3'000; // five minutes
constexpr std::size_t kRememberedStairs = 12;
constexpr int kCandidates = 28;
constexpr double kGoodClearance = 0.3; // m
constexpr double kSlowFade = 1.8; // s, into and out of fast ways of moving
constexpr double kQuickFade = 0.6;

double speedOf(const Segment &segment, const Gait &gait)
{
    if (!segment.activity)
        return 0;
    switch (*segment.activity) {
    case SimulatedActivity::walk: return gait.walkSpeed;
    case SimulatedActivity::run: return gait.runSpeed;
    case SimulatedActivity::stairs: return gait.stairStepHz * kStairTread;
    case SimulatedActivity::cycle: return gait.cycleSpeed;
    default: return 0;
    }
}

double steerLimitOf(const Segment &segment)
{
    if (!segment.activity)
        return 0;
    switch (*segment.activity) {
    case SimulatedActivity::walk: return 130 * kPi / 180;
    case SimulatedActivity::run: return 150 * kPi / 180;
    case SimulatedActivity::cycle: return 330 * kPi / 180;
    default: return 0;
    }
}

double fadeSide(const Segment &segment)
{
    return segment.activity == SimulatedActivity::cycle ? kSlowFade : kQuickFade;
}

template <class T> std::span<const T> lastOf(const std::vector<T> &all, std::size_t count)
{
    return std::span(all).last(std::min(count, all.size()));
}

double distanceToStairs(const Staircase &stairs, GroundPoint p)
{
    const double dx = p.x - stairs.x;
    const double dy = p.y - stairs.y;
    const double along = dx * std::cos(stairs.heading) + dy * std::sin(stairs.heading);
    const double across = -dx * std::sin(stairs.heading) + dy * std::cos(stairs.heading);
    const double length = 2 * stairs.flight + stairs.landing;
    const double outsideAlong = std::max({-along, along - length, 0.0});
    const double outsideAcross = std::max(std::abs(across) - stairs.halfWidth, 0.0);
    return std::hypot(outsideAlong, outsideAcross);
}

double distanceToSolid(const Ground &ground, GroundPoint p)
{
    double least = std::min(ground.halfSize - std::abs(p.x), ground.halfSize - std::abs(p.y));
    for (const Obstacle &obstacle : ground.obstacles)
        least = std::min(least, std::hypot(p.x - obstacle.x, p.y - obstacle.y) - obstacle.radius);
    return least;
}

} // namespace

Path::Path(const Schedule &schedule, const Gait &gait, const Ground &ground, RandomStream stream)
{
    makeLegs(schedule, gait);
    const std::vector<Leg> unsteered = m_legs;
    Attempt best;
    best.clearance = -std::numeric_limits<double>::infinity();
    const int attempts = std::clamp(static_cast<int>(kMostLegsDrawn / m_legs.size()), 1, kAttempts);
    for (int i = 0; i < attempts && best.clearance < kGoodClearance; ++i) {
        m_legs = unsteered;
        Attempt next = attempt(ground, best.clearance, stream.split(static_cast<std::uint64_t>(i)));
        if (next.clearance > best.clearance)
            best = std::move(next);
    }
    m_legs = std::move(best.legs);
    m_staircases = std::move(best.staircases);
    m_clearance = best.clearance;
    for (Leg &leg : m_legs)
        leg.segment = nullptr;
    m_knots = {best.start};
    integrate();
}

void Path::makeLegs(const Schedule &schedule, const Gait &gait)
{
    const Segment *before = nullptr;
    for (const Segment &segment : schedule.segments) {
        Leg leg;
        leg.start = segment.start;
        leg.end = segment.end;
        leg.segment = &segment;
        leg.speed = speedOf(segment, gait);
        leg.steerLimit = steerLimitOf(segment);
        if (before) {
            leg.fadeStart = segment.start - fadeSide(*before);
            leg.fadeLength = segment.start + fadeSide(segment) - leg.fadeStart;
        }
        for (const Event &event : segment.events)
            if (event.kind == EventKind::turn)
                leg.changes.push_back({event.start, event.end, 0.5 * (event.end - event.start), event.amount});
        m_legs.push_back(std::move(leg));
        before = &segment;
    }
}

Jet Path::weight(std::size_t index, double time) const
{
    Jet weight = 1.0;
    if (index > 0)
        weight = smoothStep(time, m_legs[index].fadeStart, m_legs[index].fadeLength);
    if (index + 1 < m_legs.size())
        weight = weight - smoothStep(time, m_legs[index + 1].fadeStart, m_legs[index + 1].fadeLength);
    return weight;
}

std::size_t Path::segmentAt(double time) const
{
    const auto after
        = std::upper_bound(m_legs.begin(), m_legs.end(), time, [](double t, const Leg &leg) { return t < leg.start; });
    return after == m_legs.begin() ? 0 : static_cast<std::size_t>(after - m_legs.begin()) - 1;
}

Jet Path::speed(double time) const
{
    const std::size_t here = segmentAt(time);
    const std::size_t last = std::min(here + 1, m_legs.size() - 1);
    Jet sum = 0.0;
    for (std::size_t i = here > 0 ? here - 1 : 0; i <= last; ++i)
        if (m_legs[i].speed != 0)
            sum += weight(i, time) * m_legs[i].speed;
    return sum;
}

Jet Path::heading(double time) const
{
    const Leg &leg = m_legs[segmentAt(time)];
    Jet heading = leg.heading;
    for (const HeadingChange &change : leg.changes)
        heading += smoothRamp(time, change.start, change.end, change.corner) * change.angle;
    return heading;
}

Jet Path::headingRate(double time) const
{
    const Leg &leg = m_legs[segmentAt(time)];
    Jet rate = 0.0;
    for (const HeadingChange &change : leg.changes) {
        const double last = change.end - change.corner;
        rate += (smoothStep(time, change.start, change.corner) - smoothStep(time, last, change.corner))
            * (change.angle / (last - change.start));
    }
    return rate;
}

std::vector<double> Path::advancesOf(std::size_t index) const
{
    const Leg &leg = m_legs[index];
    const auto steps = static_cast<std::size_t>(std::ceil((leg.end - leg.start) / kPlanStep));
    const double step = (leg.end - leg.start) / static_cast<double>(steps);
    std::vector<double> advances(steps);
    for (std::size_t i = 0; i < steps; ++i)
        advances[i] = speed(leg.start + (static_cast<double>(i) + 0.5) * step).value * step;
    return advances;
}

std::vector<GroundPoint> Path::walkLeg(std::size_t index, GroundPoint from, const std::vector<double> &advances) const
{
    const Leg &leg = m_legs[index];
    const double step = (leg.end - leg.start) / static_cast<double>(advances.size());
    std::vector<GroundPoint> points{from};
    points.reserve(advances.size() + 1);
    for (std::size_t i = 0; i < advances.size(); ++i) {
        const double angle = heading(leg.start + (static_cast<double>(i) + 0.5) * step).value;
        points.push_back(
            {points.back().x + advances[i] * std::cos(angle), points.back().y + advances[i] * std::sin(angle)});
    }
    return points;
}

std::vector<GroundPoint> Path::stairsAhead(std::size_t index, GroundPoint from, double facing) const
{
    for (std::size_t i = index + 1; i < m_legs.size(); ++i) {
        const Leg &next = m_legs[i];
        if (next.speed == 0) {
            for (const HeadingChange &change : next.changes)
                facing += change.angle;
            continue;
        }
        std::vector<GroundPoint> points;
        if (next.segment->activity == SimulatedActivity::stairs)
            for (double along = 0; along < next.speed * (next.end - next.start); along += 0.4)
                points.push_back({from.x + along * std::cos(facing), from.y + along * std::sin(facing)});
        return points;
    }
    return {};
}

Path::Attempt Path::attempt(const Ground &ground, double toBeat, RandomStream stream)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr double kStairsMargin = 0.8; // m, more than a walker needs
    GroundPoint here{stream.uniform(-0.4, 0.4) * ground.halfSize, stream.uniform(-0.4, 0.4) * ground.halfSize};
    Attempt result;
    result.start = here;
    result.clearance = kInfinity;
    double facing = stream.uniform(-kPi, kPi);
    std::vector<GroundPoint> walked;
    const auto clearanceAt = [&](GroundPoint point) {
        double clearance = distanceToSolid(ground, point);
        for (const Staircase &stairs : lastOf(result.staircases, kRememberedStairs))
            clearance = std::min(clearance, distanceToStairs(stairs, point));
        return clearance;
    };

    for (std::size_t i = 0; i < m_legs.size() && result.clearance > toBeat; ++i) {
        Leg &leg = m_legs[i];
        leg.heading = facing;
        const std::vector<double> advances = advancesOf(i);
        const std::vector<HeadingChange> given = leg.changes;
        std::vector<HeadingChange> bestChanges;
        std::vector<GroundPoint> bestPoints;
        double bestScore = -kInfinity;
        double bestClearance = -kInfinity;
        for (int c = 0; c < (leg.steerLimit > 0 ? kCandidates : 1); ++c) {
            leg.changes = given;
            if (leg.steerLimit > 0) {
                const double angle = stream.uniform(-leg.steerLimit, leg.steerLimit);
                leg.changes.push_back(
                    {leg.start + 0.3, leg.end - 0.3, std::min(1.5, 0.3 * (leg.end - leg.start)), angle});
            }
            std::vector<GroundPoint> points = walkLeg(i, here, advances);
            double after = facing;
            for (const HeadingChange &change : leg.changes)
                after += change.angle;
            // Clear ways first; of those the one that ends near the middle, facing it, for what comes next.
            const GroundPoint end = points.back();
            const double outward = end.x * std::cos(after) + end.y * std::sin(after);
            const double place = -0.03 * (end.x * end.x + end.y * end.y) - 0.2 * outward;
            const auto scoreOf = [&](double clearance) { return 20 * std::min(clearance, 1.5) + place; };
            double clearance = kInfinity;
            for (const GroundPoint &point : points) {
                clearance = std::min(clearance, clearanceAt(point));
                if (scoreOf(clearance) <= bestScore)
                    break;
            }
            double score = scoreOf(clearance);
            if (score > bestScore) {
                double stairsClearance = kInfinity;
                for (const GroundPoint &point : stairsAhead(i, end, after)) {
                    stairsClearance = std::min(stairsClearance, clearanceAt(point) - kStairsMargin);
                    for (const GroundPoint &past : lastOf(walked, kRememberedPoints))
                        stairsClearance = std::min(stairsClearance, std::hypot(point.x - past.x, point.y - past.y) - 2);
                }
                score = scoreOf(std::min(clearance, stairsClearance));
            }
            if (score > bestScore || bestPoints.empty()) {
                bestScore = score;
                bestClearance = clearance;
                bestChanges = leg.changes;
                bestPoints = std::move(points);
            }
        }
        leg.changes = bestChanges;
        for (const HeadingChange &change : leg.changes)
            facing += change.angle;

        if (leg.segment->activity == SimulatedActivity::stairs) {
            bestClearance -= kStairsMargin;
            const Event &up = leg.segment->events.front();
            const Event &down = leg.segment->events.back();
            // Stairs begin after the fade into the leg, so that all of them are walked at its own speed.
            const double reach = (up.start - leg.start) / (leg.end - leg.start);
            const auto foot = static_cast<std::size_t>(reach * static_cast<double>(bestPoints.size() - 1));
            Staircase stairs;
            stairs.steps = up.steps;
            stairs.heading = leg.heading;
            stairs.x = bestPoints[foot].x;
            stairs.y = bestPoints[foot].y;
            stairs.flight = leg.speed * (up.end - up.start);
            stairs.landing = leg.speed * (down.start - up.end);
            for (const GroundPoint &point : lastOf(walked, kRememberedPoints))
                bestClearance = std::min(bestClearance, distanceToStairs(stairs, point));
            result.staircases.push_back(stairs);
        }
        result.clearance = std::min(result.clearance, bestClearance);
        here = bestPoints.back();
        walked.insert(walked.end(), bestPoints.begin(), bestPoints.end());
    }
    result.legs = m_legs;
    return result;
}

void Path::integrate()
{
    m_firstKnot = m_legs.front().start;
    const auto count = static_cast<std::size_t>(std::ceil((m_legs.back().end - m_firstKnot) / kKnotStep));
    m_knots.reserve(count + 1);
    for (std::size_t i = 0; i < count; ++i)
        m_knots.push_back(position(m_firstKnot + static_cast<double>(i + 1) * kKnotStep));
}

GroundPoint Path::position(double time) const
{
    // Before the first knot and after the last the person stands still. From the knot before, the velocity is
    // integrated by Gauss and Legendre's rule with three points, whose error over a hundredth of a second is below
    // rounding.
    if (time <= m_firstKnot)
        return m_knots.front();
    const auto knot = std::min(static_cast<std::size_t>((time - m_firstKnot) / kKnotStep), m_knots.size() - 1);
    const double start = m_firstKnot + static_cast<double>(knot) * kKnotStep;
    const double half = 0.5 * std::min(time - start, kKnotStep);
    constexpr double kNode = 0.7745966692414834; // sqrt(3/5)
    GroundPoint point = m_knots[knot];
    for (const auto &[node, weight] : {std::pair{-kNode, 5.0 / 9.0}, {0.0, 8.0 / 9.0}, {kNode, 5.0 / 9.0}}) {
        const double at = start + half * (1 + node);
        const double advance = half * weight * speed(at).value;
        const double angle = heading(at).value;
        point.x += advance * std::cos(angle);
        point.y += advance * std::sin(angle);
    }
    return point;
}

} // namespace kino::simulator
