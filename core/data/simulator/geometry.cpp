#include "core/data/simulator/geometry.h"

#include <algorithm>

namespace kino::simulator {

namespace {

// The step 35u⁴ − 84u⁵ + 70u⁶ − 20u⁷, the lowest polynomial with three derivatives that vanish at both ends.
double step(double u)
{
    if (u <= 0)
        return 0;
    if (u >= 1)
        return 1;
    return u * u * u * u * (35 + u * (-84 + u * (70 - 20 * u)));
}

/** Integral of step() from 0 to u. */
double stepIntegral(double u)
{
    if (u <= 0)
        return 0;
    if (u >= 1)
        return u - 0.5;
    return u * u * u * u * u * (7 + u * (-14 + u * (10 - 2.5 * u)));
}

/** Integral of stepIntegral() from 0 to u. */
double stepSecondIntegral(double u)
{
    if (u <= 0)
        return 0;
    if (u >= 1)
        return 5.0 / 36.0 + 0.5 * (u - 1) + 0.5 * (u - 1) * (u - 1);
    const double cube = u * u * u;
    return cube * cube * (7.0 / 6.0 + u * (-2 + u * (1.25 - 2.5 / 9.0 * u)));
}

} // namespace

Rotation rotationAboutX(double angle)
{
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    return {{1, 0, 0}, {0, c, s}, {0, -s, c}};
}

Rotation rotationAboutY(double angle)
{
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    return {{c, 0, -s}, {0, 1, 0}, {s, 0, c}};
}

Rotation rotationAboutZ(double angle)
{
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    return {{c, s, 0}, {-s, c, 0}, {0, 0, 1}};
}

Rotation rotationFromVector(Vec3 vector)
{
    const double angle = norm(vector);
    if (angle == 0)
        return {};
    const double half = 0.5 * angle;
    const Vec3 axis = vector * (std::sin(half) / angle);
    return rotationOf({std::cos(half), axis.x, axis.y, axis.z});
}

double angleBetween(const Rotation &a, const Rotation &b)
{
    const Quaternion q = quaternionOf(a.transposed() * b);
    return 2 * std::atan2(std::hypot(q.x, q.y, q.z), q.w);
}

Quaternion quaternionOf(const Rotation &r)
{
    // The largest of the four is taken from the diagonal, the others from it: no cancellation anywhere.
    const std::array<double, 4> squares{1 + r.x.x + r.y.y + r.z.z, 1 + r.x.x - r.y.y - r.z.z, 1 - r.x.x + r.y.y - r.z.z,
                                        1 - r.x.x - r.y.y + r.z.z};
    const auto largest = std::max_element(squares.begin(), squares.end()) - squares.begin();
    const double s = 2 * std::sqrt(squares[static_cast<std::size_t>(largest)]);
    Quaternion q;
    switch (largest) {
    case 0: q = {0.25 * s, (r.y.z - r.z.y) / s, (r.z.x - r.x.z) / s, (r.x.y - r.y.x) / s}; break;
    case 1: q = {(r.y.z - r.z.y) / s, 0.25 * s, (r.y.x + r.x.y) / s, (r.z.x + r.x.z) / s}; break;
    case 2: q = {(r.z.x - r.x.z) / s, (r.y.x + r.x.y) / s, 0.25 * s, (r.z.y + r.y.z) / s}; break;
    default: q = {(r.x.y - r.y.x) / s, (r.z.x + r.x.z) / s, (r.z.y + r.y.z) / s, 0.25 * s}; break;
    }
    if (q.w < 0)
        return {-q.w, -q.x, -q.y, -q.z};
    return q;
}

Rotation rotationOf(const Quaternion &q)
{
    return {{1 - 2 * (q.y * q.y + q.z * q.z), 2 * (q.x * q.y + q.w * q.z), 2 * (q.x * q.z - q.w * q.y)},
            {2 * (q.x * q.y - q.w * q.z), 1 - 2 * (q.x * q.x + q.z * q.z), 2 * (q.y * q.z + q.w * q.x)},
            {2 * (q.x * q.z + q.w * q.y), 2 * (q.y * q.z - q.w * q.x), 1 - 2 * (q.x * q.x + q.y * q.y)}};
}

Jet sin(const Jet &angle)
{
    const double s = std::sin(angle.value);
    const double c = std::cos(angle.value);
    return {s, c * angle.rate, c * angle.curve - s * angle.rate * angle.rate};
}

Jet cos(const Jet &angle)
{
    const double s = std::sin(angle.value);
    const double c = std::cos(angle.value);
    return {c, -s * angle.rate, -s * angle.curve - c * angle.rate * angle.rate};
}

Jet smoothStep(double time, double start, double length)
{
    const double u = (time - start) / length;
    if (u <= 0)
        return 0.0;
    if (u >= 1)
        return 1.0;
    const double w = u * (1 - u);
    return {step(u), 140 * w * w * w / length, 420 * w * w * (1 - 2 * u) / (length * length)};
}

Jet smoothRamp(double time, double start, double end, double corner)
{
    if (time <= start)
        return 0.0;
    if (time >= end)
        return 1.0;
    corner = std::min(corner, 0.5 * (end - start));
    const double last = end - corner;
    const double steady = last - start;
    const double u0 = (time - start) / corner;
    const double u1 = (time - last) / corner;
    return {corner * (stepIntegral(u0) - stepIntegral(u1)) / steady, (step(u0) - step(u1)) / steady,
            (smoothStep(time, start, corner).rate - smoothStep(time, last, corner).rate) / steady};
}

Jet smoothBump(double time, double start, double length)
{
    const double u = (time - start) / length;
    if (u <= 0 || u >= 1)
        return 0.0;
    const double w = u * (1 - u);
    const double slope = 1 - 2 * u;
    return {256 * w * w * w * w, 1024 * w * w * w * slope / length,
            (3072 * w * w * slope * slope - 2048 * w * w * w) / (length * length)};
}

Jet smoothPush(double time, double start, double end, double edge)
{
    const double u0 = (time - start) / edge;
    const double u1 = (time - end) / edge;
    return {edge * edge * (stepSecondIntegral(u0) - stepSecondIntegral(u1)),
            edge * (stepIntegral(u0) - stepIntegral(u1)), step(u0) - step(u1)};
}

} // namespace kino::simulator
