#include "core/data/simulator/texture.h"

#include "core/base/parallel.h"
#include "core/data/simulator/geometry.h"

#include <algorithm>
#include <functional>

namespace kino::simulator {

namespace {

struct Colour {
    double r = 0;
    double g = 0;
    double b = 0;
    double a = 1;

    friend Colour operator*(Colour c, double s) { return {c.r * s, c.g * s, c.b * s, c.a}; }
};

Colour mix(Colour a, Colour b, double share)
{
    share = std::clamp(share, 0.0, 1.0);
    return {a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share, a.a + (b.a - a.a) * share};
}

std::uint32_t packed(Colour c)
{
    const auto byte = [](double v) { return static_cast<std::uint32_t>(std::clamp(v, 0.0, 1.0) * 255 + 0.5); };
    return byte(c.a) << 24 | byte(c.r) << 16 | byte(c.g) << 8 | byte(c.b);
}

/** In [0, 1), a fixed function of a cell. */
double cellValue(int x, int y, std::uint32_t salt)
{
    std::uint32_t h = static_cast<std::uint32_t>(x) * 0x8da6b343u + static_cast<std::uint32_t>(y) * 0xd8163841u
        + salt * 0xcb1ab31fu;
    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    h ^= h >> 12;
    h *= 0x297a2d39u;
    h ^= h >> 15;
    return h * (1.0 / 4294967296.0);
}

double fade(double t) { return t * t * (3 - 2 * t); }

/** Value noise in [0, 1) that repeats after `period` cells each way. */
double noise(double x, double y, int period, std::uint32_t salt)
{
    const double fx = std::floor(x);
    const double fy = std::floor(y);
    const auto wrap = [period](double v) {
        const int i = static_cast<int>(v) % period;
        return i < 0 ? i + period : i;
    };
    const int x0 = wrap(fx);
    const int y0 = wrap(fy);
    const int x1 = (x0 + 1) % period;
    const int y1 = (y0 + 1) % period;
    const double u = fade(x - fx);
    const double v = fade(y - fy);
    const double top = cellValue(x0, y0, salt) * (1 - u) + cellValue(x1, y0, salt) * u;
    const double bottom = cellValue(x0, y1, salt) * (1 - u) + cellValue(x1, y1, salt) * u;
    return top * (1 - v) + bottom * v;
}

/** Octaves of noise around 0.5; u, v in [0, 1) of a repeating picture. */
double clouds(double u, double v, int cells, int octaves, std::uint32_t salt)
{
    double sum = 0;
    double weight = 0.5;
    double total = 0;
    for (int i = 0; i < octaves; ++i) {
        sum += weight * noise(u * cells, v * cells, cells, salt + static_cast<std::uint32_t>(i));
        total += weight;
        weight *= 0.55;
        cells *= 2;
    }
    return sum / total;
}

/** Soft 1 inside [from, to], 0 outside. */
double band(double value, double from, double to, double edge)
{
    return std::clamp((value - from) / edge, 0.0, 1.0) * std::clamp((to - value) / edge, 0.0, 1.0);
}

double part(double value) { return value - std::floor(value); }

Colour stones(double u, double v, int across, int down, Colour base, Colour joint, double jointWidth, double contrast,
              std::uint32_t salt)
{
    const int row = static_cast<int>(v * down);
    const double shifted = u * across + (row % 2 ? 0.5 : 0.0);
    const int column = static_cast<int>(shifted) % across;
    const double x = part(shifted);
    const double y = part(v * down);
    const double aspect = static_cast<double>(across) / down;
    const double inside
        = band(x, jointWidth * aspect, 1 - jointWidth * aspect, 0.03) * band(y, jointWidth, 1 - jointWidth, 0.03);
    const double tint = 1 + contrast * (cellValue(column, row, salt) - 0.5);
    const double grain = 0.82 + 0.36 * clouds(u, v, 32, 4, salt + 9);
    const double warm = 0.06 * (cellValue(column, row, salt + 3) - 0.5);
    Colour stone = base * (tint * grain);
    stone.r *= 1 + warm;
    stone.b *= 1 - warm;
    return mix(joint * grain, stone, inside);
}

Colour slabs(double u, double v)
{
    // Large light slabs in a diagonal chequer with a dark frame.
    const double a = part(u * 4);
    const double b = part(v * 4);
    const bool dark = (static_cast<int>(u * 4) + static_cast<int>(v * 4)) % 2;
    const double joint = band(a, 0.02, 0.98, 0.02) * band(b, 0.02, 0.98, 0.02);
    const double tint = 0.9 + 0.2 * cellValue(static_cast<int>(u * 4), static_cast<int>(v * 4), 71);
    const double grain = 0.8 + 0.4 * clouds(u, v, 24, 5, 72);
    const Colour base = dark ? Colour{0.5, 0.46, 0.43} : Colour{0.8, 0.77, 0.7};
    Colour stone = base * (tint * grain);
    const double diamond = std::abs(a - 0.5) + std::abs(b - 0.5);
    if (diamond < 0.16)
        stone = Colour{0.55, 0.3, 0.24} * grain;
    return mix(Colour{0.32, 0.3, 0.28}, stone, joint);
}

Colour gravel(double u, double v)
{
    const double coarse = clouds(u, v, 96, 3, 21);
    const double wide = clouds(u, v, 4, 3, 25);
    return mix({0.5, 0.43, 0.33}, {0.88, 0.81, 0.68}, 0.5 + 1.5 * (coarse - 0.5) + 0.5 * (wide - 0.5));
}

Colour grass(double u, double v)
{
    const double blades = clouds(u * 1.0, v, 96, 2, 31);
    const double wide = clouds(u, v, 5, 4, 35);
    Colour green = mix({0.16, 0.3, 0.08}, {0.46, 0.62, 0.2}, 0.5 + 1.3 * (blades - 0.5) + 0.7 * (wide - 0.5));
    if (cellValue(static_cast<int>(u * 128), static_cast<int>(v * 128), 38) > 0.995)
        green = {0.93, 0.9, 0.6};
    return green;
}

/** Windows in a wall of 4 bays and 4 floors. */
Colour wall(double u, double v, Colour surface, Colour frame, double windowWidth, double windowHeight,
            std::uint32_t salt)
{
    const int bay = static_cast<int>(u * 4);
    const int floor = static_cast<int>(v * 4);
    const double x = part(u * 4);
    const double y = part(v * 4); // from the top of the floor downwards
    const double left = 0.5 - windowWidth / 2;
    const double top = 0.5 - windowHeight / 2;
    const double around = band(x, left - 0.05, 1 - left + 0.05, 0.008) * band(y, top - 0.05, 1 - top + 0.07, 0.008);
    const double pane = band(x, left, 1 - left, 0.008) * band(y, top, 1 - top, 0.008);
    const double bars = std::max(band(x, 0.485, 0.515, 0.008),
                                 band(y, top + 0.3 * windowHeight, top + 0.3 * windowHeight + 0.03, 0.008));
    const double own = cellValue(bay, floor, salt);
    const double sheen = 0.35 + 0.5 * (1 - y) + 0.25 * clouds(u, v, 8, 3, salt + 4);
    Colour window = mix({0.1, 0.14, 0.2}, {0.55, 0.68, 0.8}, sheen * (0.4 + 0.6 * own));
    if (own > 0.72) // curtains
        window = mix(window, {0.86, 0.82, 0.74},
                     0.75 * (1 - band(x, 0.5 - windowWidth * 0.22, 0.5 + windowWidth * 0.22, 0.03)));
    if (own < 0.12) // a lamp inside
        window = mix(window, {1.0, 0.82, 0.45}, 0.7);
    Colour result = surface * (0.92 + 0.16 * clouds(u, v, 6, 4, salt + 7));
    const double ledge = band(part(v * 4), 0.96, 1.0, 0.01);
    result = mix(result, frame * 0.9, ledge);
    result = mix(result, frame, around);
    result = mix(result, window, pane);
    return mix(result, frame, pane * bars);
}

Colour shops(double u, double v)
{
    static constexpr std::array<Colour, 4> kAwnings{Colour{0.7, 0.18, 0.16}, Colour{0.16, 0.38, 0.55},
                                                    Colour{0.2, 0.45, 0.28}, Colour{0.82, 0.6, 0.2}};
    const int shop = static_cast<int>(u * 4);
    const double x = part(u * 4);
    Colour result = Colour{0.62, 0.58, 0.52} * (0.9 + 0.2 * clouds(u, v, 16, 4, 51));
    const Colour sign = kAwnings[static_cast<std::size_t>(shop)];
    if (v < 0.16) { // a name board with dashes for letters
        const bool letter = v > 0.05 && v < 0.12 && x > 0.2 && x < 0.8 && part(x * 14) < 0.6
            && cellValue(static_cast<int>(x * 14), shop, 53) > 0.15;
        return letter ? Colour{0.95, 0.93, 0.85} : sign * 0.7;
    }
    if (v < 0.32) // a striped awning
        return part(x * 9) < 0.5 ? sign : Colour{0.93, 0.91, 0.86};
    const double glassPane = band(x, 0.07, 0.62, 0.006) * band(v, 0.36, 0.85, 0.006);
    const double door = band(x, 0.7, 0.92, 0.006) * band(v, 0.36, 0.99, 0.006);
    const double goods = clouds(u, v, 32, 3, 57);
    const Colour inside = mix({0.16, 0.17, 0.19}, mix(sign, {0.95, 0.85, 0.6}, goods), goods * 0.9);
    result = mix(result, inside, glassPane);
    return mix(result, v < 0.8 && x > 0.74 && x < 0.88 ? Colour{0.25, 0.32, 0.38} : sign * 0.5, door);
}

Colour leaves(double u, double v)
{
    const double leaf = clouds(u, v, 16, 3, 61);
    const double fine = clouds(u, v, 48, 2, 64);
    Colour green = mix({0.1, 0.22, 0.06}, {0.5, 0.64, 0.22}, 0.45 + 1.6 * (fine - 0.5) + 0.8 * (leaf - 0.5));
    green.a = leaf + 0.35 * (fine - 0.5) > 0.36 ? 1 : 0;
    return green;
}

Colour bark(double u, double v)
{
    const double ridges = clouds(u, v * 0.25, 16, 3, 81);
    return mix({0.2, 0.14, 0.09}, {0.5, 0.4, 0.3}, 0.5 + 1.4 * (ridges - 0.5));
}

Colour wood(double u, double v)
{
    const double plank = band(part(v * 4), 0.04, 0.96, 0.02);
    const double grain = clouds(u * 0.25, v, 32, 3, 85);
    return mix({0.2, 0.13, 0.07}, {0.66, 0.45, 0.26}, plank * (0.6 + 0.8 * (grain - 0.2)));
}

Colour water(double u, double v)
{
    const double ripple = clouds(u, v, 12, 4, 91);
    return mix({0.2, 0.4, 0.5}, {0.75, 0.88, 0.93}, 0.4 + 1.6 * (ripple - 0.5));
}

Colour shadow(double u, double v)
{
    const double r = std::hypot(u - 0.5, v - 0.5) * 2;
    return {0, 0, 0, 0.55 * (1 - fade(std::clamp((r - 0.45) / 0.5, 0.0, 1.0)))};
}

/** Colour of the sky in a direction, z up. */
Colour sky(Vec3 direction)
{
    const Vec3 d = normalized(direction);
    const Vec3 sun = normalized({-0.55, -0.45, 0.62});
    const double up = std::max(d.z, 0.0);
    Colour colour = mix({0.82, 0.88, 0.93}, {0.24, 0.46, 0.8}, std::pow(up, 0.55));
    // Clouds lie on a layer overhead; they thin out towards the horizon.
    const double far = 1 / (0.12 + up);
    const double cloud = clouds(part(d.x * far * 0.05 + 0.5), part(d.y * far * 0.05 + 0.5), 16, 6, 101);
    const double cover = std::clamp((cloud - 0.5) * 5.5, 0.0, 1.0) * std::clamp(up * 5, 0.0, 1.0);
    colour = mix(colour, mix({0.97, 0.97, 0.98}, {0.74, 0.77, 0.83}, (cloud - 0.6) * 4), cover * 0.9);
    const double glow = std::max(dot(d, sun), 0.0);
    return mix(colour, {1, 0.98, 0.9}, 0.9 * std::pow(glow, 420) + 0.25 * std::pow(glow, 12));
}

Texture textureOf(int sizeLog2, const std::function<Colour(double u, double v)> &paint)
{
    Texture texture;
    const int size = 1 << sizeLog2;
    Texture::Level finest{sizeLog2,
                          std::vector<std::uint32_t>(static_cast<std::size_t>(size) * static_cast<std::size_t>(size))};
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x)
            finest.argb[static_cast<std::size_t>(y * size + x)] = packed(paint((x + 0.5) / size, (y + 0.5) / size));
    texture.levels.push_back(std::move(finest));
    while (texture.levels.back().sizeLog2 > 0) {
        const Texture::Level &above = texture.levels.back();
        const int wide = 1 << above.sizeLog2;
        const int half = wide / 2;
        Texture::Level level{
            above.sizeLog2 - 1,
            std::vector<std::uint32_t>(static_cast<std::size_t>(half) * static_cast<std::size_t>(half))};
        for (int y = 0; y < half; ++y) {
            for (int x = 0; x < half; ++x) {
                const std::size_t at = static_cast<std::size_t>(2 * y * wide + 2 * x);
                const std::size_t below = at + static_cast<std::size_t>(wide);
                std::uint32_t mean = 0;
                for (int shift = 0; shift < 32; shift += 8) {
                    const auto byte = [&](std::size_t i) { return above.argb[i] >> shift & 255u; };
                    mean |= (byte(at) + byte(at + 1) + byte(below) + byte(below + 1) + 2) / 4 << shift;
                }
                level.argb[static_cast<std::size_t>(y * half + x)] = mean;
            }
        }
        texture.levels.push_back(std::move(level));
    }
    return texture;
}

/** Texels at the picture's edge look exactly along the cube's edge, so that neighbouring sides join without a seam. */
Texture skyTexture(const std::function<Vec3(double u, double v)> &direction)
{
    const double size = 1 << kSkySizeLog2;
    const auto spread = [size](double u) { return (u * size - 0.5) / (size - 1); };
    return textureOf(kSkySizeLog2, [&](double u, double v) { return sky(direction(spread(u), spread(v))); });
}

Texture textureFor(Surface surface)
{
    switch (surface) {
    case Surface::paving:
        return textureOf(9, [](double u, double v) {
            return stones(u, v, 6, 10, {0.66, 0.61, 0.55}, {0.3, 0.28, 0.25}, 0.04, 0.32, 11);
        });
    case Surface::slabs: return textureOf(9, slabs);
    case Surface::gravel: return textureOf(9, gravel);
    case Surface::grass: return textureOf(9, grass);
    case Surface::brick:
        return textureOf(9, [](double u, double v) {
            const Colour bricks = stones(u, v, 48, 112, {0.62, 0.33, 0.25}, {0.7, 0.62, 0.55}, 0.09, 0.4, 41);
            return wall(u, v, bricks, {0.9, 0.88, 0.82}, 0.42, 0.56, 42);
        });
    case Surface::plaster:
        return textureOf(9, [](double u, double v) {
            return wall(u, v, {0.9, 0.79, 0.56}, {0.97, 0.95, 0.9}, 0.4, 0.62, 43);
        });
    case Surface::glass:
        return textureOf(9, [](double u, double v) {
            return wall(u, v, {0.5, 0.55, 0.6}, {0.32, 0.35, 0.38}, 0.84, 0.72, 44);
        });
    case Surface::shops: return textureOf(9, shops);
    case Surface::stone:
        return textureOf(8, [](double u, double v) {
            return stones(u, v, 2, 4, {0.8, 0.77, 0.7}, {0.55, 0.52, 0.47}, 0.015, 0.15, 46);
        });
    case Surface::bark: return textureOf(7, bark);
    case Surface::leaves: {
        Texture texture = textureOf(8, leaves);
        texture.hasHoles = true;
        return texture;
    }
    case Surface::wood: return textureOf(7, wood);
    case Surface::metal:
        return textureOf(6, [](double u, double v) {
            return Colour{0.2, 0.24, 0.25} * (0.8 + 0.4 * clouds(u, v, 8, 3, 95));
        });
    case Surface::water: return textureOf(8, water);
    case Surface::shadow: return textureOf(6, shadow);
    case Surface::skyEast: return skyTexture([](double u, double v) { return Vec3{1, 1 - 2 * u, 1 - 2 * v}; });
    case Surface::skyNorth: return skyTexture([](double u, double v) { return Vec3{2 * u - 1, 1, 1 - 2 * v}; });
    case Surface::skyWest: return skyTexture([](double u, double v) { return Vec3{-1, 2 * u - 1, 1 - 2 * v}; });
    case Surface::skySouth: return skyTexture([](double u, double v) { return Vec3{1 - 2 * u, -1, 1 - 2 * v}; });
    case Surface::skyTop: return skyTexture([](double u, double v) { return Vec3{2 * u - 1, 2 * v - 1, 1}; });
    case Surface::count: break;
    }
    return textureOf(0, [](double, double) { return Colour{}; });
}

} // namespace

TextureSet TextureSet::make(std::size_t threads)
{
    TextureSet set;
    set.m_textures.resize(static_cast<std::size_t>(Surface::count));
    parallelFor(set.m_textures.size(), threads,
                [&](std::size_t i) { set.m_textures[i] = textureFor(static_cast<Surface>(i)); });
    return set;
}

} // namespace kino::simulator
