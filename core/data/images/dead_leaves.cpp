#include "core/data/images/procedures.h"

#include <cmath>
#include <numbers>

namespace kino::procedures {
namespace {

/** After so many leaves what is still bare, a few pixels, is one ground. */
constexpr int kMostLeaves = 20'000;

enum class Shape { disc, square, triangle };

struct Leaf {
    Shape shape = Shape::disc;
    double x = 0, y = 0, radius = 0;
    /** Outward normals of the sides, as many as the shape has. */
    std::array<std::array<double, 2>, 4> normals{};
    std::size_t sides = 0;
    double inner = 0; // distance of the sides from the centre

    bool covers(double px, double py) const
    {
        const double dx = px - x, dy = py - y;
        if (shape == Shape::disc)
            return dx * dx + dy * dy <= radius * radius;
        for (std::size_t side = 0; side < sides; ++side) {
            if (normals[side][0] * dx + normals[side][1] * dy > inner)
                return false;
        }
        return true;
    }
};

Shape shapeOf(const std::string &shapes, RandomStream &random)
{
    const std::uint64_t any = random.below(3); // drawn always, so that other shapes lie at the same places
    if (shapes == "mixed")
        return static_cast<Shape>(any);
    return shapes == "discs" ? Shape::disc : shapes == "squares" ? Shape::square : Shape::triangle;
}

} // namespace

Planes deadLeaves(const nlohmann::json &options, PictureSize size, RandomStream random)
{
    const std::string shapes = options.at("shapes");
    const bool isGrey = options.at("colours") == "grey";
    const auto width = static_cast<double>(size.width), height = static_cast<double>(size.height);
    const double shorter = std::min(width, height);
    const double smallest = options.at("smallest").get<double>() * shorter;
    const double largest = std::max(smallest, options.at("largest").get<double>() * shorter);
    const double power = 1 - options.at("exponent").get<double>();
    const double low = std::pow(smallest, power), high = std::pow(largest, power);
    const std::size_t pixels = size.width * size.height;
    Planes planes(3 * pixels);
    std::vector<bool> isCovered(pixels);
    std::size_t bare = pixels;
    // From the front to the back: what is covered stays.
    for (int number = 0; number <= kMostLeaves && bare > 0; ++number) {
        Leaf leaf;
        leaf.shape = shapeOf(shapes, random);
        leaf.radius = std::pow(low + (high - low) * random.uniform(), 1 / power);
        leaf.x = random.uniform(-leaf.radius, width + leaf.radius);
        leaf.y = random.uniform(-leaf.radius, height + leaf.radius);
        const double turn = 2 * std::numbers::pi * random.uniform();
        leaf.sides = leaf.shape == Shape::square ? 4 : 3;
        leaf.inner = leaf.radius * std::cos(std::numbers::pi / static_cast<double>(leaf.sides));
        for (std::size_t side = 0; side < leaf.sides; ++side) {
            const double angle = turn + 2 * std::numbers::pi * static_cast<double>(side) / static_cast<double>(leaf.sides);
            leaf.normals[side] = {std::cos(angle), std::sin(angle)};
        }
        std::array<double, 3> colour{random.uniform(), random.uniform(), random.uniform()};
        if (isGrey)
            colour.fill(colour[0]);
        const bool isGround = number == kMostLeaves;
        const auto bound = [&](double value, double most) { return static_cast<std::size_t>(std::clamp(value, 0.0, most)); };
        const std::size_t left = isGround ? 0 : bound(std::floor(leaf.x - leaf.radius), width);
        const std::size_t right = isGround ? size.width : bound(std::ceil(leaf.x + leaf.radius), width);
        const std::size_t top = isGround ? 0 : bound(std::floor(leaf.y - leaf.radius), height);
        const std::size_t bottom = isGround ? size.height : bound(std::ceil(leaf.y + leaf.radius), height);
        for (std::size_t y = top; y < bottom; ++y) {
            for (std::size_t x = left; x < right; ++x) {
                const std::size_t place = y * size.width + x;
                if (isCovered[place] || (!isGround && !leaf.covers(static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5)))
                    continue;
                isCovered[place] = true;
                --bare;
                for (std::size_t plane = 0; plane < 3; ++plane)
                    planes[plane * pixels + place] = toByte(colour[plane]);
            }
        }
    }
    return planes;
}

} // namespace kino::procedures
