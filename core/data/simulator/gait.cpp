#include "core/data/simulator/gait.h"

#include <numbers>

namespace kino::simulator {

Gait drawGait(RandomStream stream)
{
    constexpr double kDegree = std::numbers::pi / 180;
    Gait gait;
    // Tall people step more slowly and farther; the rest is drawn independently.
    const double size = stream.uniform(-1, 1);
    gait.eyeHeight = 1.64 + 0.11 * size;
    gait.pitch = stream.uniform(-6, 0) * kDegree;
    gait.walkStepHz = 1.86 - 0.08 * size + stream.uniform(-0.15, 0.15);
    gait.walkSpeed = gait.walkStepHz * (0.72 + 0.06 * size);
    gait.walkBob = stream.uniform(0.017, 0.027);
    gait.runStepHz = 2.75 - 0.06 * size + stream.uniform(-0.18, 0.18);
    gait.runSpeed = gait.runStepHz * (1.02 + 0.08 * size);
    gait.runBob = stream.uniform(0.032, 0.045);
    gait.stairStepHz = stream.uniform(1.25, 1.6);
    gait.stairBob = stream.uniform(0.014, 0.022);
    gait.pedalHz = stream.uniform(1.1, 1.5);
    gait.cycleSpeed = stream.uniform(3.8, 5.0);
    gait.roadShake = stream.uniform(0.35, 0.7);
    gait.sway = stream.uniform(0.014, 0.03);
    gait.headNod = stream.uniform(0.012, 0.03);
    gait.headRoll = stream.uniform(0.006, 0.018);
    gait.headTurn = stream.uniform(0.01, 0.03);
    gait.asymmetry = stream.uniform(0.02, 0.18);
    gait.variability = stream.uniform(0.015, 0.035);
    gait.harmonic = stream.uniform(0.06, 0.16);
    gait.placement
        = {stream.uniform(-7, 7) * kDegree, stream.uniform(-4, 4) * kDegree, stream.uniform(-6, 6) * kDegree};
    gait.lever = {stream.uniform(0.07, 0.11), stream.uniform(-0.03, 0.03), stream.uniform(0.1, 0.16)};
    return gait;
}

nlohmann::json toJson(const Gait &gait)
{
    return {
        {"eye_height_m", gait.eyeHeight},
        {"pitch_rad", gait.pitch},
        {"walk", {{"step_hz", gait.walkStepHz}, {"speed_m_s", gait.walkSpeed}, {"bob_m", gait.walkBob}}},
        {"run", {{"step_hz", gait.runStepHz}, {"speed_m_s", gait.runSpeed}, {"bob_m", gait.runBob}}},
        {"stairs", {{"step_hz", gait.stairStepHz}, {"bob_m", gait.stairBob}}},
        {"cycle", {{"pedal_hz", gait.pedalHz}, {"speed_m_s", gait.cycleSpeed}, {"road_shake_m_s2", gait.roadShake}}},
        {"sway_m", gait.sway},
        {"head", {{"nod_rad", gait.headNod}, {"roll_rad", gait.headRoll}, {"turn_rad", gait.headTurn}}},
        {"asymmetry", gait.asymmetry},
        {"variability", gait.variability},
        {"second_harmonic", gait.harmonic},
        {"placement_rad", {gait.placement.x, gait.placement.y, gait.placement.z}},
        {"lever_m", {gait.lever.x, gait.lever.y, gait.lever.z}}};
}

Rotation placementRotation(const Gait &gait) { return rotationFromVector(gait.placement); }

} // namespace kino::simulator
