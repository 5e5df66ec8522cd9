#include "core/data/images/procedures.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kino::procedures {
namespace {

constexpr int kMostDraws = 50; // of systems, until one fills enough of the picture
constexpr int kFirstPoints = 50; // before the point lies on the attractor
constexpr double kLeastFilled = 0.04; // of the pixels

struct Map {
    std::array<double, 6> a{}; // x' = a0 x + a1 y + a2, y' = a3 x + a4 y + a5
    double share = 0; // probability, summed up to this map
};

/** σ1, σ2 for each map with the sum that keeps attractors between dust and blob; by drawing until it fits. */
std::vector<std::array<double, 2>> drawScales(std::size_t maps, RandomStream &random)
{
    const auto count = static_cast<double>(maps);
    std::vector<std::array<double, 2>> scales(maps);
    for (;;) {
        const double wanted = random.uniform(0.5 * (5 + count), 0.5 * (6 + count));
        double sum = 0;
        for (auto &[first, second] : scales) {
            first = random.uniform();
            second = random.uniform() * first;
            sum += first + 2 * second;
        }
        bool isContracting = true;
        for (auto &[first, second] : scales) {
            first *= wanted / sum;
            second *= wanted / sum;
            isContracting = isContracting && first < 0.98;
        }
        if (isContracting)
            return scales;
    }
}

std::vector<Map> drawSystem(std::size_t maps, RandomStream &random)
{
    std::vector<Map> system;
    double sum = 0;
    for (const auto &[first, second] : drawScales(maps, random)) {
        const double alpha = random.uniform(0, 2 * std::numbers::pi), beta = random.uniform(0, 2 * std::numbers::pi);
        const double flipX = random.below(2) ? 1 : -1, flipY = random.below(2) ? 1 : -1;
        const double ca = std::cos(alpha), sa = std::sin(alpha), cb = std::cos(beta), sb = std::sin(beta);
        // R(alpha) diag(first, second) R(beta) diag(flipX, flipY)
        Map map;
        map.a[0] = (ca * first * cb - sa * second * sb) * flipX;
        map.a[1] = (-ca * first * sb - sa * second * cb) * flipY;
        map.a[3] = (sa * first * cb + ca * second * sb) * flipX;
        map.a[4] = (-sa * first * sb + ca * second * cb) * flipY;
        map.a[2] = random.uniform(-1, 1);
        map.a[5] = random.uniform(-1, 1);
        // By area, so that points spread evenly; a little, so that lines are drawn too.
        sum += std::max(0.02, first * second);
        map.share = sum;
        system.push_back(map);
    }
    for (Map &map : system)
        map.share /= sum;
    return system;
}

struct Point {
    double x = 0, y = 0;
    std::size_t map = 0; // that brought it here
};

std::vector<Point> play(const std::vector<Map> &system, std::size_t count, RandomStream &random)
{
    std::vector<Point> points;
    points.reserve(count);
    Point point;
    for (std::size_t step = 0; step < count + kFirstPoints; ++step) {
        const double any = random.uniform();
        const auto map = std::ranges::find_if(system, [&](const Map &one) { return any < one.share; });
        const Map &chosen = map == system.end() ? system.back() : *map;
        point = {chosen.a[0] * point.x + chosen.a[1] * point.y + chosen.a[2], chosen.a[3] * point.x + chosen.a[4] * point.y + chosen.a[5],
                 static_cast<std::size_t>(&chosen - system.data())};
        if (step >= kFirstPoints)
            points.push_back(point);
    }
    return points;
}

/** Where points lie on the picture: all but the outermost hundredth fit, with a margin. */
struct Frame {
    double scale = 1, left = 0, top = 0;
};

Frame frameOf(const std::vector<Point> &points, PictureSize size)
{
    std::vector<double> xs, ys;
    for (std::size_t i = 0; i < points.size(); i += 7) {
        xs.push_back(points[i].x);
        ys.push_back(points[i].y);
    }
    std::ranges::sort(xs);
    std::ranges::sort(ys);
    const std::size_t skipped = xs.size() / 200;
    const double x0 = xs[skipped], x1 = xs[xs.size() - 1 - skipped], y0 = ys[skipped], y1 = ys[ys.size() - 1 - skipped];
    constexpr double kMargin = 0.94;
    Frame frame;
    frame.scale = kMargin * std::min(static_cast<double>(size.width) / std::max(1e-9, x1 - x0), static_cast<double>(size.height) / std::max(1e-9, y1 - y0));
    frame.left = 0.5 * static_cast<double>(size.width) - frame.scale * 0.5 * (x0 + x1);
    frame.top = 0.5 * static_cast<double>(size.height) - frame.scale * 0.5 * (y0 + y1);
    return frame;
}

} // namespace

Planes fractal(const nlohmann::json &options, PictureSize size, RandomStream random)
{
    const std::size_t pixels = size.width * size.height;
    const auto fewest = options.at("fewest_maps").get<std::size_t>();
    const auto most = std::max(fewest, options.at("most_maps").get<std::size_t>());
    const std::size_t count = options.at("points").get<std::size_t>() * pixels;
    std::vector<double> hits;
    std::vector<std::array<double, 2>> hues; // of the maps that brought the points, summed as directions
    for (int draw = 0; draw < kMostDraws; ++draw) {
        const std::vector<Map> system = drawSystem(fewest + random.below(most - fewest + 1), random);
        const std::vector<Point> points = play(system, count, random);
        const Frame frame = frameOf(points, size);
        hits.assign(pixels, 0);
        hues.assign(pixels, {});
        std::size_t filled = 0;
        for (const Point &point : points) {
            const double x = std::floor(frame.left + frame.scale * point.x), y = std::floor(frame.top + frame.scale * point.y);
            if (!(x >= 0 && y >= 0 && x < static_cast<double>(size.width) && y < static_cast<double>(size.height)))
                continue;
            const std::size_t place = static_cast<std::size_t>(y) * size.width + static_cast<std::size_t>(x);
            filled += hits[place] == 0;
            ++hits[place];
            const double angle = 2 * std::numbers::pi * static_cast<double>(point.map) / static_cast<double>(system.size());
            hues[place][0] += std::cos(angle);
            hues[place][1] += std::sin(angle);
        }
        if (static_cast<double>(filled) >= kLeastFilled * static_cast<double>(pixels))
            break;
    }
    const double hue = random.uniform(), spread = random.uniform(0.15, 0.5), saturation = random.uniform(0.3, 1);
    const bool hasGround = options.at("background") == "gradient";
    const std::array<double, 3> from = fromHsv(random.uniform(), random.uniform(), random.uniform(0, 0.5));
    const std::array<double, 3> to = fromHsv(random.uniform(), random.uniform(), random.uniform(0, 0.5));
    const double turn = random.uniform(0, 2 * std::numbers::pi);
    const double densest = std::log1p(*std::ranges::max_element(hits));
    Planes planes(3 * pixels);
    for (std::size_t place = 0; place < pixels; ++place) {
        const double x = static_cast<double>(place % size.width) / static_cast<double>(size.width) - 0.5;
        const double y = static_cast<double>(place / size.width) / static_cast<double>(size.height) - 0.5;
        const double along = std::clamp(0.5 + (x * std::cos(turn) + y * std::sin(turn)) / std::numbers::sqrt2, 0.0, 1.0);
        const double density = densest > 0 ? std::log1p(hits[place]) / densest : 0;
        const double mapHue = std::atan2(hues[place][1], hues[place][0]) / (2 * std::numbers::pi);
        const std::array<double, 3> colour = fromHsv(hue + spread * mapHue, saturation, 0.35 + 0.65 * density);
        for (std::size_t plane = 0; plane < 3; ++plane) {
            const double ground = hasGround ? from[plane] + along * (to[plane] - from[plane]) : 0;
            planes[plane * pixels + place] = toByte(hits[place] > 0 ? colour[plane] : ground);
        }
    }
    return planes;
}

} // namespace kino::procedures
