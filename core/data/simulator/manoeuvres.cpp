#include "core/data/simulator/manoeuvres.h"

#include <algorithm>

namespace kino::simulator {

namespace {

constexpr double kTakeOff = 0.6;
constexpr double kDip = 3.5; // m/s², downwards
constexpr double kFallStart = 0.08;
constexpr double kFallLength = 0.5;
constexpr double kImpactStart = 0.64;
constexpr double kImpactLength = 0.06;
constexpr double kImpactEdge = 0.03;

std::vector<PushSeries::Push> jumpPushes(double air, double gravity)
{
    const double takeOffSpeed = 0.5 * gravity * air;
    constexpr double kDipLength = 0.2;
    constexpr double kPushLength = 0.26;
    constexpr double kImpact = 0.05;
    constexpr double kImpactShare = 0.7; // of the landing speed; the knees take the rest
    const double land = kTakeOff + air;
    return {{0.03, 0.03 + kDipLength, 0.07, -kDip},
            {0.28, 0.28 + kPushLength, 0.06, (takeOffSpeed + kDip * kDipLength) / kPushLength},
            {kTakeOff, land, 0.03, -gravity},
            {land, land + kImpact, 0.025, kImpactShare * takeOffSpeed / kImpact},
            {land + 0.04, land + 0.34, 0.08, 0},
            {land + 0.5, land + 0.8, 0.12, 0}};
}

std::vector<PushSeries::Push> fallPushes()
{
    return {{kFallStart, kFallStart + kFallLength, 0.06, 0},
            {kImpactStart, kImpactStart + kImpactLength, kImpactEdge, 0}};
}

} // namespace

PushSeries::PushSeries(std::vector<Push> pushes, double finalHeight)
    : m_pushes(std::move(pushes)), m_finalHeight(finalHeight)
{
    for (const Push &push : m_pushes)
        m_end = std::max(m_end, push.end + push.edge);
    Jet known = 0.0;
    for (std::size_t i = 0; i + 2 < m_pushes.size(); ++i)
        known += smoothPush(m_end, m_pushes[i].start, m_pushes[i].end, m_pushes[i].edge) * m_pushes[i].acceleration;
    // Two equations, for height and speed at the end, in two unknown accelerations.
    Push &first = m_pushes[m_pushes.size() - 2];
    Push &second = m_pushes.back();
    const Jet a = smoothPush(m_end, first.start, first.end, first.edge);
    const Jet b = smoothPush(m_end, second.start, second.end, second.edge);
    const double height = finalHeight - known.value;
    const double speed = -known.rate;
    const double determinant = a.value * b.rate - b.value * a.rate;
    first.acceleration = (height * b.rate - b.value * speed) / determinant;
    second.acceleration = (a.value * speed - height * a.rate) / determinant;
}

Jet PushSeries::at(double time) const
{
    if (time <= 0)
        return 0.0;
    if (time >= m_end)
        return m_finalHeight;
    Jet sum = 0.0;
    for (const Push &push : m_pushes)
        sum += smoothPush(time, push.start, push.end, push.edge) * push.acceleration;
    return sum;
}

JumpProfile::JumpProfile(double airSeconds, double gravity)
    : m_airSeconds(airSeconds), m_pushes(jumpPushes(airSeconds, gravity), 0)
{
}

double JumpProfile::takeOff() const { return kTakeOff; }

double JumpProfile::landing() const { return kTakeOff + m_airSeconds; }

FallProfile::FallProfile(double depth) : m_pushes(fallPushes(), -depth) { }

double FallProfile::impact() const { return kImpactStart + 0.5 * (kImpactLength + kImpactEdge); }

} // namespace kino::simulator
