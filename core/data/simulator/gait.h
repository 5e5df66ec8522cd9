// What makes one person's movement theirs: step rates, amplitudes, posture, how the device sits on the head.
#pragma once

#include "core/base/random.h"
#include "core/data/simulator/geometry.h"

#include <nlohmann/json.hpp>

namespace kino::simulator {

struct Gait {
    double eyeHeight = 1.65; // m, of the device above the ground when standing
    double pitch = -0.08; // rad, posture of the head when walking; negative looks down

    double walkStepHz = 1.85;
    double walkSpeed = 1.35; // m/s
    double walkBob = 0.022; // m, half the way up and down
    double runStepHz = 2.75;
    double runSpeed = 2.9;
    double runBob = 0.04;
    double stairStepHz = 1.4;
    double stairBob = 0.018;
    double pedalHz = 1.3;
    double cycleSpeed = 4.5;
    double roadShake = 0.5; // m/s², root mean square of the road's vibration

    double sway = 0.022; // m, half the way from side to side when walking
    double headNod = 0.02; // rad
    double headRoll = 0.012;
    double headTurn = 0.02;
    double asymmetry = 0.1; // of left and right steps, as a part of the bob
    double variability = 0.03; // of the step rate, as a part of it
    double harmonic = 0.12; // second harmonic of the step, as a part of the first

    /** How the device is turned from the head's own axes, radians about x (right), y (down) and z (ahead). */
    Vec3 placement;
    /** From the neck's pivot to the device, along the head's ahead, left and up, metres. */
    Vec3 lever{0.09, 0, 0.13};
};

/** Within the ranges of healthy adults; the same stream gives the same person. */
Gait drawGait(RandomStream stream);
nlohmann::json toJson(const Gait &gait);
/** Columns are the device's x (right), y (down), z (ahead) in the head's right, down, ahead. */
Rotation placementRotation(const Gait &gait);

} // namespace kino::simulator
