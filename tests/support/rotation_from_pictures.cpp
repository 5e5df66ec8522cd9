#include "tests/support/rotation_from_pictures.h"

#include <cmath>

namespace kino::test {

using simulator::Rotation;
using simulator::Vec3;

namespace {

constexpr int kLevels = 4;

/** Solves A x = b for a symmetric positive matrix given as xx xy xz yy yz zz, by cofactors. */
Vec3 solve(const std::array<double, 6> &a, Vec3 b)
{
    const Vec3 row0{a[0], a[1], a[2]};
    const Vec3 row1{a[1], a[3], a[4]};
    const Vec3 row2{a[2], a[4], a[5]};
    const Vec3 c0 = cross(row1, row2);
    const Vec3 c1 = cross(row2, row0);
    const Vec3 c2 = cross(row0, row1);
    return (c0 * b.x + c1 * b.y + c2 * b.z) * (1 / dot(row0, c0));
}

} // namespace

RotationFinder::RotationFinder(int, int, double focal, double cx, double cy) : m_focal(focal), m_cx(cx), m_cy(cy) { }

Rotation RotationFinder::next(const Image &image)
{
    Grey finest{image.width, image.height, {}};
    for (std::size_t i = 0; i < image.bgra.size(); i += 4)
        finest.values.push_back((image.bgra[i] + image.bgra[i + 1] + image.bgra[i + 2]) / 3.0f);
    std::vector<Grey> levels{std::move(finest)};
    while (levels.size() < kLevels) {
        const Grey &above = levels.back();
        Grey level{above.width / 2, above.height / 2, {}};
        for (int y = 0; y < level.height; ++y)
            for (int x = 0; x < level.width; ++x)
                level.values.push_back(0.25f
                                       * (above.at(2 * x, 2 * y) + above.at(2 * x + 1, 2 * y)
                                          + above.at(2 * x, 2 * y + 1) + above.at(2 * x + 1, 2 * y + 1)));
        levels.push_back(std::move(level));
    }

    Rotation found;
    if (!m_before.empty()) {
        found = m_last; // the camera goes on as it went
        for (int level = kLevels - 1; level >= 0; --level)
            found = match(m_before[static_cast<std::size_t>(level)], levels[static_cast<std::size_t>(level)],
                          std::pow(0.5, level), found);
        m_last = found;
    }
    m_before = std::move(levels);
    return found;
}

Rotation RotationFinder::match(const Grey &before, const Grey &after, double scale, Rotation guess) const
{
    const double focal = m_focal * scale;
    const double cx = (m_cx + 0.5) * scale - 0.5;
    const double cy = (m_cy + 0.5) * scale - 0.5;
    // Things below the horizon are near: only the upper part of the picture is far enough to stand still.
    const int rows = before.height * 2 / 5;
    const int stride = before.width > 300 ? 2 : 1;
    Rotation toAfter = guess.transposed();
    for (int round = 0; round < 15; ++round) {
        std::array<double, 6> normal{};
        Vec3 right;
        for (int y = 2; y < rows; y += stride) {
            for (int x = 2; x < before.width - 2; x += stride) {
                const Vec3 ray{(x - cx) / focal, (y - cy) / focal, 1};
                const Vec3 d = toAfter * ray;
                const double px = focal * d.x / d.z + cx;
                const double py = focal * d.y / d.z + cy;
                const int ix = static_cast<int>(std::floor(px));
                const int iy = static_cast<int>(std::floor(py));
                if (ix < 1 || iy < 1 || ix + 2 >= after.width || iy + 2 >= after.height)
                    continue;
                const double fx = px - ix;
                const double fy = py - iy;
                const auto sample = [&](int dx, int dy) {
                    return (1 - fy) * ((1 - fx) * after.at(ix + dx, iy + dy) + fx * after.at(ix + dx + 1, iy + dy))
                        + fy * ((1 - fx) * after.at(ix + dx, iy + dy + 1) + fx * after.at(ix + dx + 1, iy + dy + 1));
                };
                const double residual = sample(0, 0) - before.at(x, y);
                const double gx = 0.5 * (sample(1, 0) - sample(-1, 0)) * focal / d.z;
                const double gy = 0.5 * (sample(0, 1) - sample(0, -1)) * focal / d.z;
                // A small further rotation w moves d by w × d.
                const Vec3 slope{gx, gy, -(gx * d.x + gy * d.y) / d.z};
                const Vec3 j = cross(d, slope);
                constexpr double kOutlier = 6; // grey levels
                const double weight = kOutlier / std::max(kOutlier, std::abs(residual));
                normal[0] += weight * j.x * j.x;
                normal[1] += weight * j.x * j.y;
                normal[2] += weight * j.x * j.z;
                normal[3] += weight * j.y * j.y;
                normal[4] += weight * j.y * j.z;
                normal[5] += weight * j.z * j.z;
                right = right + j * (weight * residual);
            }
        }
        const Vec3 step = -solve(normal, right);
        toAfter = simulator::rotationFromVector(step) * toAfter;
        if (norm(step) < 1e-6)
            break;
    }
    return toAfter.transposed();
}

} // namespace kino::test
