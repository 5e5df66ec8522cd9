// The little geometry that the simulator needs: vectors, rotations, and numbers that carry their own first two
// derivatives, so that a motion written down once is also its exact velocity and acceleration. Values only, any thread.
#pragma once

#include <array>
#include <cmath>

namespace kino::simulator {

struct Vec3 {
    double x = 0;
    double y = 0;
    double z = 0;

    friend Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
    friend Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
    friend Vec3 operator-(Vec3 a) { return {-a.x, -a.y, -a.z}; }
    friend Vec3 operator*(Vec3 a, double s) { return {a.x * s, a.y * s, a.z * s}; }
    friend Vec3 operator*(double s, Vec3 a) { return a * s; }
};

inline double dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec3 cross(Vec3 a, Vec3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
inline double norm(Vec3 a) { return std::sqrt(dot(a, a)); }
inline Vec3 normalized(Vec3 a) { return a * (1.0 / norm(a)); }

/** Columns are the axes of the inner frame seen from the outer one: `outer = rotation * inner`. */
struct Rotation {
    Vec3 x{1, 0, 0};
    Vec3 y{0, 1, 0};
    Vec3 z{0, 0, 1};

    friend Vec3 operator*(const Rotation &r, Vec3 v) { return r.x * v.x + r.y * v.y + r.z * v.z; }
    friend Rotation operator*(const Rotation &a, const Rotation &b) { return {a * b.x, a * b.y, a * b.z}; }
    Rotation transposed() const { return {{x.x, y.x, z.x}, {x.y, y.y, z.y}, {x.z, y.z, z.z}}; }
};

/** Right-handed rotation by `angle` radians about the outer frame's axis. */
Rotation rotationAboutX(double angle);
Rotation rotationAboutY(double angle);
Rotation rotationAboutZ(double angle);
/** Of a rotation vector: its direction is the axis, its length the angle in radians. */
Rotation rotationFromVector(Vec3 vector);
/** The angle of the rotation that leads from one to the other, in [0, pi]. Exact for small angles too. */
double angleBetween(const Rotation &a, const Rotation &b);

/** Unit quaternion with w ≥ 0. */
struct Quaternion {
    double w = 1;
    double x = 0;
    double y = 0;
    double z = 0;
};
Quaternion quaternionOf(const Rotation &rotation);
Rotation rotationOf(const Quaternion &unit);

/** A function of time at one instant: its value and its first and second derivative, by seconds. */
struct Jet {
    double value = 0;
    double rate = 0;
    double curve = 0;

    Jet() = default;
    Jet(double constant) : value(constant) { }
    Jet(double v, double d, double dd) : value(v), rate(d), curve(dd) { }

    Jet &operator+=(const Jet &other) { return *this = *this + other; }
    friend Jet operator+(const Jet &a, const Jet &b) { return {a.value + b.value, a.rate + b.rate, a.curve + b.curve}; }
    friend Jet operator-(const Jet &a, const Jet &b) { return {a.value - b.value, a.rate - b.rate, a.curve - b.curve}; }
    friend Jet operator-(const Jet &a) { return {-a.value, -a.rate, -a.curve}; }
    friend Jet operator*(const Jet &a, const Jet &b)
    {
        return {a.value * b.value, a.rate * b.value + a.value * b.rate,
                a.curve * b.value + 2 * a.rate * b.rate + a.value * b.curve};
    }
};

Jet sin(const Jet &angle);
Jet cos(const Jet &angle);

/** From 0 before `start` to 1 after `start + length`; its first three derivatives are continuous. */
Jet smoothStep(double time, double start, double length);
/** From 0 at `start` to 1 at `end` at a steady rate but for corners rounded over `corner` seconds (at most half). */
Jet smoothRamp(double time, double start, double end, double corner);
/** 0 outside (start, start + length), 1 in its middle; its first three derivatives are continuous. */
Jet smoothBump(double time, double start, double length);
/**
 * Motion under an acceleration that is 0 before `start`, 1 from `start + edge` to `end` and 0 from `end + edge` on,
 * with smooth edges; at rest at 0 before. Several of them with weights that cancel make a jump or a fall.
 */
Jet smoothPush(double time, double start, double end, double edge);

} // namespace kino::simulator
