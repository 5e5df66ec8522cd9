// The world of the simulator: a town square with paving, trees, columns, a fountain and houses around it, and for each
// recording the stairs it needs. Immutable once built; any thread.
#pragma once

#include "core/data/simulator/path.h"
#include "core/data/simulator/texture.h"

#include <array>
#include <vector>

namespace kino::simulator {

/** An affine function of a place: `slope · P + base`. */
struct Affine {
    Vec3 slope;
    double base = 0;
};

enum class FaceKind : std::uint8_t { opaque, holes, shadow };

/** A flat convex piece of surface, seen from the side its normal points to. */
struct Face {
    std::array<Vec3, 4> corners;
    int cornerCount = 0;
    Vec3 normal; // unit
    double plane = 0; // normal · P on it
    Affine u; // of the texture, in repeats
    Affine v;
    Affine light; // 0 dark to 1
    Surface surface = Surface::stone;
    FaceKind kind = FaceKind::opaque;
};

/** Faces that are near each other, drawn or left out together. */
struct Body {
    Vec3 centre;
    double radius = 0;
    std::vector<Face> faces;
};

struct Scene {
    std::vector<Body> bodies;
    std::vector<Face> shadows; // on the ground
    std::vector<Face> sky; // a cube around the eye
};

/** Where people may walk in the square. */
Ground squareGround();
Scene makeScene(const std::vector<Staircase> &staircases);

} // namespace kino::simulator
