#include "core/data/simulator/motion.h"

#include "core/data/simulator/manoeuvres.h"

#include <algorithm>
#include <numbers>

namespace kino::simulator {

namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;
constexpr double kDegree = std::numbers::pi / 180;
constexpr double kShockPeak = 45; // m/s²
constexpr double kLargestShockShift = 0.02; // m
constexpr double kShockUp = 0.8; // of its direction
constexpr double kShockAhead = 0.6;

/** −exp(−t²/2σ²), whose second derivative peaks at +1/σ² in the middle. */
Jet dent(double time, double sigma)
{
    const double u = time / sigma;
    const double bell = std::exp(-0.5 * u * u);
    return {-bell, u / sigma * bell, (1 - u * u) / (sigma * sigma) * bell};
}

/** Held at 1 between two rounded ends of `edge` seconds. */
Jet held(double time, double start, double end, double edge)
{
    return smoothStep(time, start, edge) - smoothStep(time, end - edge, edge);
}

} // namespace

Jet MotionModel::Wander::at(double time) const
{
    Jet sum = 0.0;
    for (const Wave &wave : waves)
        sum += sin(Jet(wave.angularRate * time + wave.phase, wave.angularRate, 0)) * wave.amplitude;
    return sum;
}

Jet MotionModel::Wander::integralAt(double time) const
{
    Jet sum = 0.0;
    for (const Wave &wave : waves)
        sum += cos(Jet(wave.angularRate * time + wave.phase, wave.angularRate, 0))
            * (-wave.amplitude / wave.angularRate);
    return sum;
}

void MotionModel::Channels::add(const Channels &other, const Jet &weight)
{
    ahead += other.ahead * weight;
    left += other.left * weight;
    height += other.height * weight;
    yaw += other.yaw * weight;
    pitch += other.pitch * weight;
    roll += other.roll * weight;
}

MotionModel::Wander MotionModel::drawWander(RandomStream &stream, double lowestHz, double highestHz)
{
    Wander wander;
    const double count = static_cast<double>(wander.waves.size());
    for (std::size_t i = 0; i < wander.waves.size(); ++i) {
        // One frequency in each of five equal parts of the band: never two that beat slowly by chance.
        const double part = (static_cast<double>(i) + stream.uniform(0.1, 0.9)) / count;
        wander.waves[i]
            = {kTwoPi * (lowestHz + (highestHz - lowestHz) * part), stream.uniform(0, kTwoPi), std::sqrt(2.0 / count)};
    }
    return wander;
}

MotionModel::MotionModel(const Gait &gait, Schedule schedule, const Ground &ground, const MotionSettings &settings,
                         RandomStream stream)
    : m_gait(gait), m_gravity(settings.gravity), m_schedule(std::move(schedule)),
      m_path(m_schedule, gait, ground, stream.split(0)), m_placement(placementRotation(gait)),
      m_shockSigma(std::max(0.008, 1.2 / settings.rateHz)),
      m_shockSize(std::min(kShockPeak * m_shockSigma * m_shockSigma, kLargestShockShift))
{
    RandomStream limbStream = stream.split(1);
    for (std::size_t i = 0; i < m_schedule.segments.size(); ++i) {
        Limb limb;
        limb.phase = limbStream.uniform(0, kTwoPi);
        for (double &phase : limb.harmonicPhases)
            phase = limbStream.uniform(-0.9, 0.9);
        limb.rate = drawWander(limbStream, 0.08, 0.6);
        limb.amplitude = drawWander(limbStream, 0.1, 0.8);
        m_limbs.push_back(limb);
    }
    RandomStream swayStream = stream.split(2);
    for (Wander &wander : m_sway)
        wander = drawWander(swayStream, 0.08, 0.7);
    m_sway.back() = drawWander(swayStream, 0.22, 0.3); // breath
    for (Wander &wander : m_shake)
        wander = drawWander(swayStream, 7, 21);
}

Jet MotionModel::stepPhase(std::size_t segment, double stepHz, double time) const
{
    const Limb &limb = m_limbs[segment];
    const double start = m_schedule.segments[segment].start;
    return Jet(limb.phase + kTwoPi * stepHz * (time - start), kTwoPi * stepHz, 0)
        + limb.rate.integralAt(time) * (kTwoPi * stepHz * m_gait.variability);
}

MotionModel::Channels MotionModel::stride(std::size_t segment, double stepHz, double bob, double swayPart,
                                          double time) const
{
    const Limb &limb = m_limbs[segment];
    const Jet phase = stepPhase(segment, stepHz, time);
    const Jet half = phase * 0.5; // left and right together
    const Jet amplitude = Jet(1.0) + limb.amplitude.at(time) * 0.08;
    // Lowest where a foot strikes, at whole turns of the phase; the harmonics make the strike sharper than the rise.
    Jet up = -cos(phase);
    up += cos(phase * 2.0 + limb.harmonicPhases[0]) * m_gait.harmonic;
    up += cos(phase * 3.0 + limb.harmonicPhases[1]) * (0.3 * m_gait.harmonic);
    up += cos(phase * 4.0 + limb.harmonicPhases[2]) * (0.12 * m_gait.harmonic);
    up += cos(half + limb.harmonicPhases[2]) * m_gait.asymmetry;

    Channels channels;
    channels.height = up * amplitude * bob;
    channels.ahead = sin(phase + 0.6) * amplitude * (0.45 * bob);
    channels.left = sin(half) * amplitude * (m_gait.sway * swayPart);
    channels.pitch = sin(phase + 0.9) * amplitude * m_gait.headNod;
    channels.roll = sin(half + 0.3) * amplitude * (-m_gait.headRoll);
    channels.yaw = cos(half) * amplitude * m_gait.headTurn;
    return channels;
}

MotionModel::Channels MotionModel::manner(std::size_t segment, double time) const
{
    Channels channels;
    const auto &activity = m_schedule.segments[segment].activity;
    if (!activity) {
        channels.pitch = 0.3 * m_gait.pitch;
        return channels;
    }
    switch (*activity) {
    case SimulatedActivity::walk:
        channels = stride(segment, m_gait.walkStepHz, m_gait.walkBob, 1, time);
        channels.pitch += m_gait.pitch;
        break;
    case SimulatedActivity::run:
        channels = stride(segment, m_gait.runStepHz, m_gait.runBob, 0.6, time);
        channels.pitch += m_gait.pitch - 2 * kDegree;
        break;
    case SimulatedActivity::stairs:
        channels = stride(segment, m_gait.stairStepHz, m_gait.stairBob, 1.5, time);
        channels.pitch += m_gait.pitch - 8 * kDegree;
        break;
    case SimulatedActivity::cycle: {
        const Jet pedal = stepPhase(segment, m_gait.pedalHz, time);
        const double shake = m_gait.roadShake;
        // The road shakes by accelerations; what is added to the place is their second integral, wave by wave.
        const auto shaken = [time](const Wander &wander, double size) {
            Jet sum = 0.0;
            for (const auto &wave : wander.waves)
                sum += sin(Jet(wave.angularRate * time + wave.phase, wave.angularRate, 0))
                    * (-size * wave.amplitude / (wave.angularRate * wave.angularRate));
            return sum;
        };
        channels.height = cos(pedal * 2.0) * 0.0035 + shaken(m_shake[0], shake);
        channels.left = sin(pedal) * 0.012 + shaken(m_shake[1], 0.4 * shake);
        channels.roll = sin(pedal + 0.2) * 0.012 - m_path.headingRate(time) * (0.55 * m_gait.cycleSpeed / m_gravity);
        channels.pitch = m_gait.pitch + 2 * kDegree;
        // Sits a little lower than a walker's head.
        channels.height += -0.12;
        break;
    }
    case SimulatedActivity::sit: channels.pitch = -3 * kDegree; break;
    default: channels.pitch = 0.3 * m_gait.pitch; break;
    }
    return channels;
}

void MotionModel::addEvents(std::size_t segment, double time, Channels &channels) const
{
    for (const Event &event : m_schedule.segments[segment].events) {
        if (time <= event.start)
            break;
        const double length = event.end - event.start;
        switch (event.kind) {
        case EventKind::look: channels.yaw += held(time, event.start, event.end, 0.4 * length) * event.amount; break;
        case EventKind::turn:
            // Small steps on the spot.
            channels.height
                += smoothBump(time, event.start, length) * cos(Jet(kTwoPi * 1.7 * time, kTwoPi * 1.7, 0)) * 0.006;
            break;
        case EventKind::sitDown:
            channels.height += smoothStep(time, event.start, length) * -event.amount;
            channels.pitch += smoothBump(time, event.start, length) * (-22 * kDegree);
            channels.ahead += smoothBump(time, event.start, length) * 0.16;
            break;
        case EventKind::standUp:
            channels.height += smoothStep(time, event.start, length) * event.amount;
            channels.pitch += smoothBump(time, event.start, length) * (-26 * kDegree);
            channels.ahead += smoothBump(time, event.start, length) * 0.2;
            break;
        case EventKind::climb: channels.height += smoothRamp(time, event.start, event.end, 0.4) * event.amount; break;
        case EventKind::descend:
            channels.height += smoothRamp(time, event.start, event.end, 0.4) * -event.amount;
            break;
        case EventKind::jump: {
            const JumpProfile jump(event.amount, m_gravity);
            channels.height += jump.height(time - event.start);
            channels.pitch += smoothBump(time, event.start, jump.takeOff()) * (-7 * kDegree);
            channels.pitch += smoothBump(time, event.start + jump.landing(), 0.7) * (-9 * kDegree);
            break;
        }
        case EventKind::fall: {
            const FallProfile fall(m_gait.eyeHeight - kLyingHeight);
            channels.height += fall.height(time - event.start);
            const Jet over = smoothStep(time, event.start + 0.05, fall.impact() - 0.02) * event.amount;
            const Jet aside = smoothStep(time, event.start, fall.impact() + 0.2) * 0.5;
            if (event.side == FallSide::back) {
                channels.pitch += over;
                channels.ahead += -aside;
            } else {
                const double right = event.side == FallSide::right ? 1 : -1;
                channels.roll += over * right;
                channels.left += aside * -right;
            }
            break;
        }
        case EventKind::getUp: {
            const Jet up = smoothStep(time, event.start, length);
            const Jet back = smoothStep(time, event.start + 0.2, 0.75 * length);
            channels.height += up * (m_gait.eyeHeight - kLyingHeight);
            if (event.side == FallSide::back) {
                channels.pitch += back * -event.amount;
                channels.ahead += up * 0.5;
            } else {
                const double right = event.side == FallSide::right ? 1 : -1;
                channels.roll += back * (-right * event.amount);
                channels.left += up * (right * 0.5);
            }
            break;
        }
        }
    }
}

void MotionModel::addClaps(double time, Channels &channels) const
{
    for (const double clap : m_schedule.claps) {
        const double since = time - clap;
        if (std::abs(since) > 12 * m_shockSigma)
            continue;
        const Jet shock = dent(since, m_shockSigma) * m_shockSize;
        channels.height += shock * kShockUp;
        channels.ahead += shock * kShockAhead;
    }
}

MotionModel::Channels MotionModel::channelsAt(double time) const
{
    Channels channels;
    channels.ahead = m_sway[0].at(time) * 0.004;
    channels.left = m_sway[1].at(time) * 0.004;
    channels.yaw = m_sway[2].at(time) * (0.7 * kDegree);
    channels.pitch = m_sway[3].at(time) * (0.5 * kDegree);
    channels.roll = m_sway[4].at(time) * (0.3 * kDegree);
    channels.height = m_sway[5].at(time) * 0.0015 + Jet(m_gait.eyeHeight);

    const std::size_t here = m_path.segmentAt(time);
    const std::size_t last = std::min(here + 1, m_schedule.segments.size() - 1);
    for (std::size_t i = here > 0 ? here - 1 : 0; i <= last; ++i) {
        const Jet weight = m_path.weight(i, time);
        if (weight.value != 0)
            channels.add(manner(i, time), weight);
    }
    addEvents(here, time, channels);
    addClaps(time, channels);
    return channels;
}

Pose MotionModel::poseAt(double time) const
{
    const Channels channels = channelsAt(time);
    const Jet heading = m_path.heading(time);
    const Jet speed = m_path.speed(time);
    const GroundPoint ground = m_path.position(time);

    // The person's place: ground velocity is speed along heading, its derivative the ground acceleration.
    const Jet east = cos(heading);
    const Jet north = sin(heading);
    const Jet x(ground.x, speed.value * east.value, speed.rate * east.value + speed.value * east.rate);
    const Jet y(ground.y, speed.value * north.value, speed.rate * north.value + speed.value * north.rate);

    // The head's axes in the world by yaw, pitch and roll: ahead and up are needed with their derivatives, because the
    // device sits off the neck's pivot and is swung about by it.
    const Jet yaw = heading + channels.yaw;
    const Jet cy = cos(yaw);
    const Jet sy = sin(yaw);
    const Jet cp = cos(channels.pitch);
    const Jet sp = sin(channels.pitch);
    const Jet cr = cos(channels.roll);
    const Jet sr = sin(channels.roll);
    const std::array<Jet, 3> ahead{cy * cp, sy * cp, sp};
    const std::array<Jet, 3> up{sy * sr - cy * sp * cr, -(cy * sr) - sy * sp * cr, cp * cr};
    // left = up × ahead
    const std::array<Jet, 3> left{up[1] * ahead[2] - up[2] * ahead[1], up[2] * ahead[0] - up[0] * ahead[2],
                                  up[0] * ahead[1] - up[1] * ahead[0]};

    const std::array<Jet, 3> person{x + channels.ahead * east - channels.left * north,
                                    y + channels.ahead * north + channels.left * east,
                                    channels.height - Jet(m_gait.lever.z)};
    std::array<Jet, 3> place;
    for (std::size_t i = 0; i < 3; ++i)
        place[i] = person[i] + ahead[i] * m_gait.lever.x + left[i] * m_gait.lever.y + up[i] * m_gait.lever.z;

    const auto valuesOf = [](const std::array<Jet, 3> &v) { return Vec3{v[0].value, v[1].value, v[2].value}; };
    Pose pose;
    pose.position = valuesOf(place);
    pose.velocity = {place[0].rate, place[1].rate, place[2].rate};
    pose.acceleration = {place[0].curve, place[1].curve, place[2].curve};
    pose.orientation = Rotation{-valuesOf(left), -valuesOf(up), valuesOf(ahead)} * m_placement;
    pose.quaternion = quaternionOf(pose.orientation);

    // Rates of the head about ahead, left and up from those of its angles; pitch up turns about −left.
    const double aboutAhead = channels.roll.rate + yaw.rate * sp.value;
    const double aboutLeft = -channels.pitch.rate * cr.value + yaw.rate * cp.value * sr.value;
    const double aboutUp = channels.pitch.rate * sr.value + yaw.rate * cp.value * cr.value;
    pose.angularRate = m_placement.transposed() * Vec3{-aboutLeft, -aboutUp, aboutAhead};
    return pose;
}

std::vector<Impact> MotionModel::impacts() const
{
    std::vector<Impact> impacts;
    for (std::size_t i = 0; i < m_schedule.segments.size(); ++i) {
        const Segment &segment = m_schedule.segments[i];
        double stepHz = 0;
        double strength = 0;
        if (segment.activity == SimulatedActivity::walk) {
            stepHz = m_gait.walkStepHz;
            strength = 1;
        } else if (segment.activity == SimulatedActivity::run) {
            stepHz = m_gait.runStepHz;
            strength = 2.2;
        } else if (segment.activity == SimulatedActivity::stairs) {
            stepHz = m_gait.stairStepHz;
            strength = 1.3;
        }
        if (stepHz > 0) {
            // The phase rises all the time: each whole turn is met by bisection.
            const double first = stepPhase(i, stepHz, segment.start).value;
            const double last = stepPhase(i, stepHz, segment.end).value;
            for (double turn = std::ceil(first / kTwoPi); turn * kTwoPi < last; turn += 1) {
                double low = segment.start;
                double high = segment.end;
                for (int halving = 0; halving < 40; ++halving) {
                    const double middle = 0.5 * (low + high);
                    (stepPhase(i, stepHz, middle).value < turn * kTwoPi ? low : high) = middle;
                }
                impacts.push_back({high, strength * m_path.weight(i, high).value});
            }
        }
        for (const Event &event : segment.events) {
            if (event.kind == EventKind::jump)
                impacts.push_back({event.start + JumpProfile(event.amount, m_gravity).landing(), 4});
            else if (event.kind == EventKind::fall)
                impacts.push_back({event.start + FallProfile(1).impact(), 6});
        }
    }
    std::sort(impacts.begin(), impacts.end(), [](const Impact &a, const Impact &b) { return a.time < b.time; });
    return impacts;
}

} // namespace kino::simulator
