#include "core/data/simulator/renderer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numbers>

namespace kino::simulator {

namespace {

constexpr double kNear = 0.04; // m
constexpr int kChunk = 16; // pixels that share a mip level
// Footprints are elongated on the ground; a level between the short and the long side's keeps it neither blurred
// nor glittering.
constexpr float kMipBias = -0.35f;

/** Exact at powers of two, straight between them: good enough to choose a mip level by. */
inline float roughLog2(float positive)
{
    const auto bits = std::bit_cast<std::uint32_t>(positive);
    return static_cast<float>(bits) * (1.0f / 8'388'608.0f) - 127.0f;
}

/** Blends by weights that sum to 256, two channels at a time. */
inline std::uint32_t bilinear(const std::uint32_t *argb, std::uint32_t mask, int sizeLog2, std::int32_t u,
                              std::int32_t v)
{
    // u, v: texels with 8 binary places.
    const std::uint32_t x0 = static_cast<std::uint32_t>(u >> 8) & mask;
    const std::uint32_t y0 = static_cast<std::uint32_t>(v >> 8) & mask;
    const std::uint32_t x1 = (x0 + 1) & mask;
    const std::uint32_t *upper = argb + (y0 << sizeLog2);
    const std::uint32_t *lower = argb + (((y0 + 1) & mask) << sizeLog2);
    const std::uint32_t fx = static_cast<std::uint32_t>(u) & 255u;
    const std::uint32_t fy = static_cast<std::uint32_t>(v) & 255u;
    const std::uint32_t w11 = fx * fy >> 8;
    const std::uint32_t w10 = fx - w11;
    const std::uint32_t w01 = fy - w11;
    const std::uint32_t w00 = 256u - w10 - w01 - w11;
    constexpr std::uint32_t kPair = 0x00ff00ffu;
    const std::uint32_t a = upper[x0];
    const std::uint32_t b = upper[x1];
    const std::uint32_t c = lower[x0];
    const std::uint32_t d = lower[x1];
    const std::uint32_t low
        = ((a & kPair) * w00 + (b & kPair) * w10 + (c & kPair) * w01 + (d & kPair) * w11) >> 8 & kPair;
    const std::uint32_t high
        = ((a >> 8 & kPair) * w00 + (b >> 8 & kPair) * w10 + (c >> 8 & kPair) * w01 + (d >> 8 & kPair) * w11) & ~kPair;
    return low | high;
}

/** Of the colours by `factor` / 256, at most 256; alpha becomes 255. */
inline std::uint32_t dimmed(std::uint32_t argb, std::uint32_t factor)
{
    constexpr std::uint32_t kPair = 0x00ff00ffu;
    const std::uint32_t redBlue = (argb & kPair) * factor >> 8 & kPair;
    const std::uint32_t green = (argb >> 8 & 0xffu) * factor & 0xff00u;
    return 0xff000000u | redBlue | green;
}

} // namespace

Lens lensOf(const SimulatedVideo &video)
{
    Lens lens;
    lens.width = video.width;
    lens.height = video.height;
    lens.focal = 0.5 * video.width / std::tan(0.5 * video.fieldOfViewDegrees * std::numbers::pi / 180);
    lens.cx = 0.5 * (video.width - 1);
    lens.cy = 0.5 * (video.height - 1);
    return lens;
}

Renderer::Renderer(const Lens &lens, const Scene &scene, const TextureSet &textures)
    : m_lens(lens), m_scene(scene), m_textures(textures)
{
    const std::size_t pixels = static_cast<std::size_t>(lens.width) * static_cast<std::size_t>(lens.height);
    m_image.width = lens.width;
    m_image.height = lens.height;
    m_image.bgra.resize(4 * pixels);
    m_pixels.resize(pixels);
    m_inverseDepth.resize(pixels);
}

const Image &Renderer::render(const Pose &pose, double flash)
{
    m_pose = pose;
    m_toCamera = pose.orientation.transposed();
    std::fill(m_inverseDepth.begin(), m_inverseDepth.end(), 0.0f);
    std::fill(m_pixels.begin(), m_pixels.end(), 0xffb0bcc8u);

    // Near bodies first: what lies behind them is then not textured at all.
    std::vector<std::pair<double, const Body *>> seen;
    for (const Body &body : m_scene.bodies)
        if (mayBeSeen(body))
            seen.emplace_back(norm(body.centre - pose.position) - body.radius, &body);
    std::stable_sort(seen.begin(), seen.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    for (const auto &[distance, body] : seen)
        for (const Face &face : body->faces)
            draw(face, pose.position);
    for (const Face &face : m_scene.sky)
        draw(face, {});
    for (const Face &face : m_scene.shadows)
        draw(face, pose.position);

    if (flash > 0) {
        const auto keep = static_cast<std::uint32_t>(std::lround(256 * (1 - std::min(flash, 1.0))));
        const std::uint32_t white = 255 * (256 - keep) / 256;
        for (std::uint32_t &pixel : m_pixels)
            pixel = dimmed(pixel, keep) + white * 0x010101u;
    }
    // Image is B, G, R, A in memory whatever the machine's order of bytes.
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(m_image.bgra.data(), m_pixels.data(), m_image.bgra.size());
    } else {
        for (std::size_t i = 0; i < m_pixels.size(); ++i)
            for (unsigned byte = 0; byte < 4; ++byte)
                m_image.bgra[4 * i + byte] = static_cast<std::uint8_t>(m_pixels[i] >> (8 * byte));
    }
    return m_image;
}

bool Renderer::mayBeSeen(const Body &body) const
{
    const Vec3 c = m_toCamera * (body.centre - m_pose.position);
    if (c.z < kNear - body.radius)
        return false;
    // Distances from the four planes through the eye and the picture's edges.
    const double sideways = 0.5 * m_lens.width / m_lens.focal;
    const double upright = 0.5 * m_lens.height / m_lens.focal;
    return (std::abs(c.x) - sideways * c.z) / std::hypot(1, sideways) < body.radius
        && (std::abs(c.y) - upright * c.z) / std::hypot(1, upright) < body.radius;
}

Renderer::ScreenAffine Renderer::onScreen(Vec3 slope) const
{
    // P = depth * ray with ray = ((x − cx)/f, (y − cy)/f, 1), so slope · P / depth = slope · ray.
    const double perColumn = slope.x / m_lens.focal;
    const double perRow = slope.y / m_lens.focal;
    return {perColumn, perRow, slope.z - perColumn * m_lens.cx - perRow * m_lens.cy};
}

void Renderer::draw(const Face &face, Vec3 eye)
{
    const double height = face.plane - dot(face.normal, eye); // of the plane over the eye, along the normal
    if (height >= 0)
        return; // seen from behind

    std::array<Corner, 8> kept;
    int count = 0;
    std::array<Corner, 4> corners;
    const auto cornerCount = static_cast<std::size_t>(face.cornerCount);
    for (std::size_t i = 0; i < cornerCount; ++i) {
        const Vec3 c = m_toCamera * (face.corners[i] - eye);
        corners[i] = {c.x, c.y, c.z};
    }
    for (std::size_t i = 0; i < cornerCount; ++i) {
        const Corner &a = corners[i];
        const Corner &b = corners[(i + 1) % cornerCount];
        if (a.z >= kNear)
            kept[static_cast<std::size_t>(count++)] = a;
        if ((a.z >= kNear) != (b.z >= kNear)) {
            // Always from the corner before the plane, so that two faces that share an edge cut it at the same place.
            const Corner &front = a.z >= kNear ? a : b;
            const Corner &behind = a.z >= kNear ? b : a;
            const double share = (front.z - kNear) / (front.z - behind.z);
            kept[static_cast<std::size_t>(count++)]
                = {front.x + (behind.x - front.x) * share, front.y + (behind.y - front.y) * share, kNear};
        }
    }
    if (count < 3)
        return;

    std::array<std::pair<double, double>, 8> screen; // x, y in pixels
    double lowest = 1e300;
    double highest = -1e300;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        screen[i]
            = {m_lens.focal * kept[i].x / kept[i].z + m_lens.cx, m_lens.focal * kept[i].y / kept[i].z + m_lens.cy};
        lowest = std::min(lowest, screen[i].second);
        highest = std::max(highest, screen[i].second);
    }
    const int firstRow = static_cast<int>(std::ceil(std::max(lowest, 0.0)));
    const int endRow = static_cast<int>(std::ceil(std::min(highest, static_cast<double>(m_lens.height))));
    if (firstRow >= endRow)
        return;

    const Texture &texture = m_textures[face.surface];
    const double texels = static_cast<double>(1 << texture.levels.front().sizeLog2);
    Drawn drawn;
    const ScreenAffine depth = onScreen(m_toCamera * face.normal);
    drawn.inverseDepth = {depth.perColumn / height, depth.perRow / height, depth.base / height};
    const auto overDepth = [&](const Affine &affine, double scale) {
        const ScreenAffine steady = onScreen(m_toCamera * affine.slope * scale);
        const double base = (affine.base + dot(affine.slope, eye)) * scale;
        return ScreenAffine{steady.perColumn + base * drawn.inverseDepth.perColumn,
                            steady.perRow + base * drawn.inverseDepth.perRow,
                            steady.base + base * drawn.inverseDepth.base};
    };
    drawn.u = overDepth(face.u, texels);
    drawn.v = overDepth(face.v, texels);
    drawn.light = overDepth(face.light, 256);

    for (int row = firstRow; row < endRow; ++row) {
        double left = 1e300;
        double right = -1e300;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            auto a = screen[i];
            auto b = screen[(i + 1) % static_cast<std::size_t>(count)];
            if (a.second > b.second)
                std::swap(a, b);
            if (a.second > row || b.second <= row)
                continue;
            const double x = a.first + (b.first - a.first) * ((row - a.second) / (b.second - a.second));
            left = std::min(left, x);
            right = std::max(right, x);
        }
        const int from = static_cast<int>(std::ceil(std::clamp(left, 0.0, static_cast<double>(m_lens.width))));
        const int to = static_cast<int>(std::ceil(std::clamp(right, 0.0, static_cast<double>(m_lens.width))));
        if (from >= to)
            continue;
        switch (face.kind) {
        case FaceKind::opaque: drawSpan<FaceKind::opaque>(drawn, texture, row, from, to); break;
        case FaceKind::holes: drawSpan<FaceKind::holes>(drawn, texture, row, from, to); break;
        case FaceKind::shadow: drawSpan<FaceKind::shadow>(drawn, texture, row, from, to); break;
        }
    }
}

template <FaceKind kind> void Renderer::drawSpan(const Drawn &drawn, const Texture &texture, int row, int from, int to)
{
    const auto at = [row](const ScreenAffine &affine, int column) {
        return affine.base + affine.perRow * row + affine.perColumn * column;
    };
    const std::size_t rowStart = static_cast<std::size_t>(row) * static_cast<std::size_t>(m_lens.width);
    std::uint32_t *pixels = m_pixels.data() + rowStart;
    float *depths = m_inverseDepth.data() + rowStart;
    const auto depthStep = static_cast<float>(drawn.inverseDepth.perColumn);
    const auto uStep = static_cast<float>(drawn.u.perColumn);
    const auto vStep = static_cast<float>(drawn.v.perColumn);
    const auto lightStep = static_cast<float>(drawn.light.perColumn);

    for (int start = from; start < to; start += kChunk) {
        const int count = std::min(kChunk, to - start);
        const auto depth0 = static_cast<float>(at(drawn.inverseDepth, start));
        // The depth buffer first: most hidden chunks end here.
        std::array<float, kChunk> depth;
        bool anySeen = false;
        for (int i = 0; i < count; ++i) {
            const auto k = static_cast<std::size_t>(i);
            depth[k] = depth0 + depthStep * static_cast<float>(i);
            const float tested = kind == FaceKind::shadow ? depth[k] * 1.003f : depth[k];
            anySeen = anySeen || tested > depths[start + i];
        }
        if (!anySeen)
            continue;

        // Texture coordinates relative to the chunk's own whole repeat, so that single precision suffices far out.
        const int middle = start + count / 2;
        const double middleDepth = 1.0 / at(drawn.inverseDepth, middle);
        const double uMiddle = at(drawn.u, middle) * middleDepth;
        const double vMiddle = at(drawn.v, middle) * middleDepth;
        const auto slope = [&](const ScreenAffine &affine, double value, double ScreenAffine::*direction) {
            return (affine.*direction - value * drawn.inverseDepth.*direction) * middleDepth;
        };
        const double ux = slope(drawn.u, uMiddle, &ScreenAffine::perColumn);
        const double vx = slope(drawn.v, vMiddle, &ScreenAffine::perColumn);
        const double uy = slope(drawn.u, uMiddle, &ScreenAffine::perRow);
        const double vy = slope(drawn.v, vMiddle, &ScreenAffine::perRow);
        const double across = ux * ux + vx * vx;
        const double along = uy * uy + vy * vy;
        const double shortest = std::max(std::min(across, along), std::max(across, along) / 64);
        const auto footprint = static_cast<float>(std::max(across, along) * shortest);
        const int finest = static_cast<int>(texture.levels.size()) - 1;
        const int mip = std::clamp(
            static_cast<int>(std::floor(0.25f * roughLog2(footprint + 1e-12f) + kMipBias + 0.5f)), 0, finest);
        const Texture::Level &level = texture.levels[static_cast<std::size_t>(mip)];
        const std::uint32_t mask = (1u << level.sizeLog2) - 1;
        const auto scale = static_cast<float>(256.0 / (1 << mip)); // 8 binary places of the level's texels
        const double size = static_cast<double>(1 << texture.levels.front().sizeLog2);
        const double uWhole = std::floor(uMiddle / size) * size;
        const double vWhole = std::floor(vMiddle / size) * size;
        const auto u0 = static_cast<float>(at(drawn.u, start) - uWhole * at(drawn.inverseDepth, start));
        const auto v0 = static_cast<float>(at(drawn.v, start) - vWhole * at(drawn.inverseDepth, start));
        const auto uStepHere = static_cast<float>(uStep - uWhole * drawn.inverseDepth.perColumn);
        const auto vStepHere = static_cast<float>(vStep - vWhole * drawn.inverseDepth.perColumn);
        const auto light0 = static_cast<float>(at(drawn.light, start));

        std::array<std::int32_t, kChunk> us;
        std::array<std::int32_t, kChunk> vs;
        std::array<std::int32_t, kChunk> lights;
        for (int i = 0; i < count; ++i) {
            const auto k = static_cast<std::size_t>(i);
            const auto step = static_cast<float>(i);
            const float deep = 1.0f / (depth0 + depthStep * step);
            // Texel centres lie half a texel in.
            us[k] = static_cast<std::int32_t>((u0 + uStepHere * step) * deep * scale) - 128;
            vs[k] = static_cast<std::int32_t>((v0 + vStepHere * step) * deep * scale) - 128;
            lights[k] = static_cast<std::int32_t>((light0 + lightStep * step) * deep);
        }
        for (int i = 0; i < count; ++i) {
            const auto k = static_cast<std::size_t>(i);
            const int column = start + i;
            if constexpr (kind == FaceKind::shadow) {
                if (!(depth[k] * 1.003f > depths[column]))
                    continue;
                const std::uint32_t dark = bilinear(level.argb.data(), mask, level.sizeLog2, us[k], vs[k]) >> 24;
                pixels[column] = dimmed(pixels[column], 256u - dark);
            } else {
                if (!(depth[k] > depths[column]))
                    continue;
                const std::uint32_t colour = bilinear(level.argb.data(), mask, level.sizeLog2, us[k], vs[k]);
                if constexpr (kind == FaceKind::holes) {
                    if (colour >> 24 < 128)
                        continue;
                }
                pixels[column] = dimmed(colour, static_cast<std::uint32_t>(std::clamp(lights[k], 0, 256)));
                depths[column] = depth[k];
            }
        }
    }
}

} // namespace kino::simulator
