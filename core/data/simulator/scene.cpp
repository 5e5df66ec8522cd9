#include "core/data/simulator/scene.h"

#include "core/base/random.h"

#include <algorithm>
#include <numbers>

namespace kino::simulator {

namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kSquareHalf = 36; // to the houses
constexpr double kWalkHalf = 30;
constexpr double kMargin = 0.6; // people keep this far from things
constexpr double kFountainRadius = 2.6;

const Vec3 &sunDirection()
{
    static const Vec3 direction = normalized({-0.55, -0.45, 0.62});
    return direction;
}

double lightOf(Vec3 normal)
{
    const double sun = std::max(dot(normal, sunDirection()), 0.0);
    return std::min(0.5 + 0.12 * normal.z + 0.46 * sun, 1.0);
}

/** The affine function with these values at three points of a plane with this unit normal. */
Affine through(Vec3 a, Vec3 b, Vec3 c, double atA, double atB, double atC)
{
    const Vec3 e1 = b - a;
    const Vec3 e2 = c - a;
    const Vec3 n = cross(e1, e2);
    const Vec3 slope = (cross(e2, n) * (atB - atA) + cross(n, e1) * (atC - atA)) * (1.0 / dot(n, n));
    return {slope, atA - dot(slope, a)};
}

struct Corner {
    Vec3 place;
    double u = 0;
    double v = 0;
    double light = 1;
};

Face triangle(const Corner &a, const Corner &b, const Corner &c, Surface surface, FaceKind kind = FaceKind::opaque)
{
    Face face;
    face.corners = {a.place, b.place, c.place, c.place};
    face.cornerCount = 3;
    face.normal = normalized(cross(b.place - a.place, c.place - a.place));
    face.plane = dot(face.normal, a.place);
    face.u = through(a.place, b.place, c.place, a.u, b.u, c.u);
    face.v = through(a.place, b.place, c.place, a.v, b.v, c.v);
    face.light = through(a.place, b.place, c.place, a.light, b.light, c.light);
    face.surface = surface;
    face.kind = kind;
    return face;
}

/**
 * A parallelogram from `origin` along `right` and `up`, seen from the side where `up` is counterclockwise of `right`;
 * u runs along right from 0 to `repeatsU`, v from `repeatsV` at the origin down to 0 at the top.
 */
Face quad(Vec3 origin, Vec3 right, Vec3 up, double repeatsU, double repeatsV, Surface surface, double lightBelow,
          double lightAbove, FaceKind kind = FaceKind::opaque)
{
    Face face = triangle({origin, 0, repeatsV, lightBelow}, {origin + right, repeatsU, repeatsV, lightBelow},
                         {origin + up, 0, 0, lightAbove}, surface, kind);
    face.corners = {origin, origin + right, origin + right + up, origin + up};
    face.cornerCount = 4;
    return face;
}

Body bodyOf(std::vector<Face> faces)
{
    Body body;
    Vec3 low{1e9, 1e9, 1e9};
    Vec3 high{-1e9, -1e9, -1e9};
    for (const Face &face : faces) {
        for (int i = 0; i < face.cornerCount; ++i) {
            const Vec3 p = face.corners[static_cast<std::size_t>(i)];
            low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
            high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
        }
    }
    body.centre = (low + high) * 0.5;
    body.radius = norm(high - low) * 0.5;
    body.faces = std::move(faces);
    return body;
}

/** An upright box turned by `angle` about its own middle; `metres` a texture repeat. */
void addBox(std::vector<Face> &faces, Vec3 middleOfBase, double length, double width, double height, double angle,
            Surface surface, double metres, double shade = 1)
{
    const Vec3 along{std::cos(angle), std::sin(angle), 0};
    const Vec3 across{-std::sin(angle), std::cos(angle), 0};
    const Vec3 up{0, 0, height};
    const auto side = [&](Vec3 normal, Vec3 right, double span) {
        const double light = lightOf(normal) * shade;
        const Vec3 middle = middleOfBase
            + normal
                * (normal.x * along.x + normal.y * along.y > 0.5 || normal.x * along.x + normal.y * along.y < -0.5
                       ? length / 2
                       : width / 2);
        faces.push_back(quad(middle - right * (span / 2), right * span, up, span / metres, height / metres, surface,
                             light * 0.82, light));
    };
    side(along, across, width);
    side(-along, -across, width);
    side(across, -along, length);
    side(-across, along, length);
    faces.push_back(quad(middleOfBase + up - along * (length / 2) - across * (width / 2), along * length,
                         across * width, length / metres, width / metres, surface, lightOf({0, 0, 1}) * shade,
                         lightOf({0, 0, 1}) * shade));
}

void addPrism(std::vector<Face> &faces, Vec3 base, double radiusBelow, double radiusAbove, double height, int sides,
              Surface surface, double repeatsAround, double repeatsUp)
{
    for (int i = 0; i < sides; ++i) {
        const auto corner = [&](int k, double radius, double z, double v) {
            const double angle = 2 * kPi * k / sides;
            const Vec3 out{std::cos(angle), std::sin(angle), 0};
            return Corner{base + out * radius + Vec3{0, 0, z}, repeatsAround * k / sides, v,
                          lightOf(out) * (z > 0 ? 1 : 0.75)};
        };
        const Corner a = corner(i, radiusBelow, 0, repeatsUp);
        const Corner b = corner(i + 1, radiusBelow, 0, repeatsUp);
        const Corner c = corner(i + 1, radiusAbove, height, 0);
        const Corner d = corner(i, radiusAbove, height, 0);
        faces.push_back(triangle(a, b, c, surface));
        if (radiusAbove > 0)
            faces.push_back(triangle(a, c, d, surface));
    }
}

void addDisc(std::vector<Face> &faces, Vec3 centre, double radius, int sides, Surface surface, double metres)
{
    const double light = lightOf({0, 0, 1});
    const auto corner = [&](Vec3 place) { return Corner{place, place.x / metres, place.y / metres, light}; };
    for (int i = 0; i < sides; ++i) {
        const auto rim = [&](int k) {
            const double angle = 2 * kPi * k / sides;
            return centre + Vec3{std::cos(angle), std::sin(angle), 0} * radius;
        };
        faces.push_back(triangle(corner(centre), corner(rim(i)), corner(rim(i + 1)), surface));
    }
}

void addBall(std::vector<Face> &faces, Vec3 centre, double radius, double flat, Surface surface, FaceKind kind,
             int around, int rings)
{
    const auto corner = [&](int k, int ring) {
        const double angle = 2 * kPi * k / around;
        const double rise = -0.5 * kPi + kPi * ring / rings;
        const Vec3 out{std::cos(angle) * std::cos(rise), std::sin(angle) * std::cos(rise), std::sin(rise)};
        const double light = lightOf(out) * (0.78 + 0.22 * std::sin(rise));
        return Corner{centre + Vec3{out.x * radius, out.y * radius, out.z * radius * flat}, 3.0 * k / around,
                      2.0 - 2.0 * ring / rings, light};
    };
    for (int ring = 0; ring < rings; ++ring) {
        for (int k = 0; k < around; ++k) {
            if (ring > 0)
                faces.push_back(triangle(corner(k, ring), corner(k + 1, ring), corner(k, ring + 1), surface, kind));
            if (ring + 1 < rings)
                faces.push_back(
                    triangle(corner(k + 1, ring), corner(k + 1, ring + 1), corner(k, ring + 1), surface, kind));
        }
    }
}

struct Placed {
    double x;
    double y;
    double size;
};

std::vector<Placed> treePlaces()
{
    RandomStream stream(4711);
    std::vector<Placed> places;
    for (const double side : {-26.5, 26.5}) {
        for (double along = -24; along <= 24; along += 8) {
            places.push_back(
                {along + stream.uniform(-1.2, 1.2), side + stream.uniform(-1, 1), stream.uniform(0.85, 1.25)});
            if (std::abs(along) < 20)
                places.push_back(
                    {side + stream.uniform(-1, 1), along + stream.uniform(-1.2, 1.2), stream.uniform(0.85, 1.25)});
        }
    }
    return places;
}

std::vector<Placed> lampPlaces()
{
    return {{14, 14, 1}, {-14, 14, 1}, {14, -14, 1}, {-14, -14, 1}, {22, 0, 1}, {-22, 0, 1}, {0, 22, 1}, {0, -22, 1}};
}

std::vector<Placed> columnPlaces()
{
    return {{17, -7, 1}, {17, 7, 1}, {-17, -7, 1}, {-17, 7, 1}, {-7, 18, 1}, {7, 18, 1}};
}

std::vector<Placed> benchPlaces()
{
    return {{5.2, 5.2, 0.75}, {-5.2, 5.2, 2.35}, {-5.2, -5.2, 0.75}, {5.2, -5.2, 2.35}};
}

void addShadow(Scene &scene, double x, double y, double radius, double reach)
{
    // Thrown away from the sun.
    const Vec3 sun = sunDirection();
    const double dx = -sun.x * reach;
    const double dy = -sun.y * reach;
    const Vec3 origin{x + dx - radius, y + dy - radius, 0};
    scene.shadows.push_back(
        quad(origin, {2 * radius, 0, 0}, {0, 2 * radius, 0}, 1, 1, Surface::shadow, 1, 1, FaceKind::shadow));
}

void addGround(Scene &scene)
{
    constexpr double kTile = 6;
    constexpr int kTiles = 12;
    RandomStream stream(815);
    std::array<std::array<double, kTiles + 1>, kTiles + 1> light{};
    for (auto &row : light)
        for (double &value : row)
            value = stream.uniform(0.84, 1.0);
    for (int row = 0; row < kTiles; ++row) {
        std::vector<Face> faces;
        for (int column = 0; column < kTiles; ++column) {
            const double x = -kSquareHalf + column * kTile;
            const double y = -kSquareHalf + row * kTile;
            const int ring = std::max(std::abs(2 * column - kTiles + 1), std::abs(2 * row - kTiles + 1)) / 2;
            const bool path
                = column == kTiles / 2 || column == kTiles / 2 - 1 || row == kTiles / 2 || row == kTiles / 2 - 1;
            Surface surface = Surface::paving;
            double metres = 4;
            if (ring == 0 || (ring == 2 && path)) {
                surface = Surface::slabs;
                metres = 6;
            } else if (ring == 4 && !path) {
                surface = Surface::grass;
                metres = 5;
            } else if (ring == 3) {
                surface = Surface::gravel;
                metres = 3;
            }
            const auto corner = [&](int i, int j) {
                const double px = x + i * kTile;
                const double py = y + j * kTile;
                return Corner{{px, py, 0},
                              px / metres,
                              -py / metres,
                              light[static_cast<std::size_t>(row + j)][static_cast<std::size_t>(column + i)]};
            };
            faces.push_back(triangle(corner(0, 0), corner(1, 0), corner(1, 1), surface));
            faces.push_back(triangle(corner(0, 0), corner(1, 1), corner(0, 1), surface));
        }
        scene.bodies.push_back(bodyOf(std::move(faces)));
    }
}

void addHouses(Scene &scene)
{
    static constexpr std::array<Surface, 3> kWalls{Surface::brick, Surface::plaster, Surface::glass};
    RandomStream stream(2024);
    for (int side = 0; side < 4; ++side) {
        const double angle = 0.5 * kPi * side;
        const Vec3 along{std::cos(angle), std::sin(angle), 0};
        const Vec3 inward{-along.y, along.x, 0};
        std::size_t last = kWalls.size();
        for (double from = -kSquareHalf - 1; from < kSquareHalf + 1;) {
            const double width = std::min(stream.uniform(11, 19), kSquareHalf + 2 - from);
            const double height = stream.uniform(9, 21);
            std::size_t wall = stream.below(kWalls.size());
            if (wall == last)
                wall = (wall + 1) % kWalls.size();
            last = wall;
            const double shade = stream.uniform(0.82, 1.0);
            const double depth = 8;
            const Vec3 foot = along * (from + width / 2) - inward * (kSquareHalf + depth / 2);
            std::vector<Face> faces;
            const double bays = std::max(std::round(width / 3.5), 2.0);
            const double floors = std::max(std::round((height - 4) / 3.3), 1.0);
            const Vec3 front = foot + inward * (depth / 2);
            const double light = std::min(lightOf(inward) + 0.08, 1.0) * shade;
            faces.push_back(quad(front + along * (width / 2), along * -width, {0, 0, 4}, bays / 4, 1, Surface::shops,
                                 light * 0.8, light));
            faces.push_back(quad(front + along * (width / 2) + Vec3{0, 0, 4}, along * -width, {0, 0, height - 4},
                                 bays / 4, floors / 4, kWalls[wall], light, light));
            // Sides show above lower neighbours; the top carries a cornice.
            for (const double end : {-1.0, 1.0}) {
                const Vec3 normal = along * end;
                const Vec3 right = inward * end;
                faces.push_back(quad(foot + normal * (width / 2) - right * (depth / 2), right * depth, {0, 0, height},
                                     0.5, floors / 4, kWalls[wall], lightOf(normal) * 0.8, lightOf(normal) * shade));
            }
            addBox(faces, foot + Vec3{0, 0, height - 0.3}, width + 0.3, depth + 0.7, 0.8, angle, Surface::stone, 2,
                   shade);
            scene.bodies.push_back(bodyOf(std::move(faces)));
            from += width;
        }
    }
}

void addFurniture(Scene &scene)
{
    for (const Placed &tree : treePlaces()) {
        std::vector<Face> faces;
        const Vec3 foot{tree.x, tree.y, 0};
        const double s = tree.size;
        addPrism(faces, foot, 0.3 * s, 0.2 * s, 3.2 * s, 7, Surface::bark, 2, 3);
        addBall(faces, foot + Vec3{0, 0, 4.6 * s}, 2.2 * s, 0.85, Surface::leaves, FaceKind::holes, 9, 6);
        addBall(faces, foot + Vec3{0.9 * s, 0.5 * s, 5.9 * s}, 1.5 * s, 0.9, Surface::leaves, FaceKind::holes, 8, 5);
        addBall(faces, foot + Vec3{-0.8 * s, -0.5 * s, 5.6 * s}, 1.6 * s, 0.9, Surface::leaves, FaceKind::holes, 8, 5);
        scene.bodies.push_back(bodyOf(std::move(faces)));
        addShadow(scene, tree.x, tree.y, 3.2 * s, 2.2);
    }
    for (const Placed &lamp : lampPlaces()) {
        std::vector<Face> faces;
        const Vec3 foot{lamp.x, lamp.y, 0};
        addPrism(faces, foot, 0.16, 0.12, 0.6, 8, Surface::metal, 2, 1);
        addPrism(faces, foot + Vec3{0, 0, 0.6}, 0.07, 0.05, 3.4, 6, Surface::metal, 1, 4);
        addBall(faces, foot + Vec3{0, 0, 4.2}, 0.28, 1, Surface::water, FaceKind::opaque, 8, 6);
        scene.bodies.push_back(bodyOf(std::move(faces)));
        addShadow(scene, lamp.x, lamp.y, 0.7, 0.25);
    }
    for (const Placed &column : columnPlaces()) {
        std::vector<Face> faces;
        const Vec3 foot{column.x, column.y, 0};
        addBox(faces, foot, 1.3, 1.3, 0.5, 0, Surface::stone, 2);
        addPrism(faces, foot + Vec3{0, 0, 0.5}, 0.45, 0.38, 4.2, 10, Surface::stone, 2, 2.1);
        addBox(faces, foot + Vec3{0, 0, 4.7}, 1.1, 1.1, 0.35, 0, Surface::stone, 2);
        addBall(faces, foot + Vec3{0, 0, 5.55}, 0.5, 1, Surface::stone, FaceKind::opaque, 10, 7);
        scene.bodies.push_back(bodyOf(std::move(faces)));
        addShadow(scene, column.x, column.y, 1.7, 1.0);
    }
    for (const Placed &bench : benchPlaces()) {
        std::vector<Face> faces;
        const double angle = bench.size; // of these, `size` is the direction
        const Vec3 along{std::cos(angle), std::sin(angle), 0};
        for (const double end : {-0.7, 0.7})
            addBox(faces, Vec3{bench.x, bench.y, 0} + along * end, 0.12, 0.45, 0.42, angle, Surface::metal, 1);
        addBox(faces, {bench.x, bench.y, 0.42}, 1.9, 0.5, 0.07, angle, Surface::wood, 0.6);
        scene.bodies.push_back(bodyOf(std::move(faces)));
        addShadow(scene, bench.x, bench.y, 1.3, 0.1);
    }
    std::vector<Face> fountain;
    addPrism(fountain, {0, 0, 0}, kFountainRadius, kFountainRadius, 0.55, 24, Surface::stone, 8, 0.3);
    addDisc(fountain, {0, 0, 0.5}, kFountainRadius, 24, Surface::water, 2);
    addPrism(fountain, {0, 0, 0.5}, 0.4, 0.22, 1.5, 10, Surface::stone, 2, 1);
    addPrism(fountain, {0, 0, 1.9}, 0.3, 0.95, 0.35, 14, Surface::stone, 3, 0.3);
    addDisc(fountain, {0, 0, 2.2}, 0.95, 14, Surface::water, 2);
    addPrism(fountain, {0, 0, 2.2}, 0.14, 0.02, 0.9, 7, Surface::water, 1, 1);
    scene.bodies.push_back(bodyOf(std::move(fountain)));
    addShadow(scene, 0, 0, 3.8, 0.6);
}

void addStaircase(Scene &scene, const Staircase &stairs)
{
    std::vector<Face> faces;
    const Vec3 along{std::cos(stairs.heading), std::sin(stairs.heading), 0};
    const Vec3 foot{stairs.x, stairs.y, 0};
    const double tread = stairs.flight / stairs.steps;
    const double length = 2 * stairs.flight + stairs.landing;
    for (int i = 0; i < stairs.steps; ++i) {
        // Each step is a slab that reaches from its riser up to its riser down, on top of the one below.
        const double from = i * tread;
        const double span = length - 2 * from;
        addBox(faces, foot + along * (length / 2) + Vec3{0, 0, i * kStairRise}, span, 2 * stairs.halfWidth, kStairRise,
               stairs.heading, Surface::stone, 1.2, i % 2 ? 0.94 : 1.0);
    }
    scene.bodies.push_back(bodyOf(std::move(faces)));
    for (double at = 0.5; at < length; at += 1.5)
        addShadow(scene, stairs.x + along.x * at, stairs.y + along.y * at, 2.1, 0.4);
}

void addSky(Scene &scene)
{
    constexpr double kHalf = 1000;
    const double inset = 0.5 / (1 << kSkySizeLog2);
    struct Side {
        Surface surface;
        Vec3 topLeft; // where u and v are 0, from inside
        Vec3 right;
        Vec3 down;
    };
    const std::array<Side, 5> sides{{{Surface::skyEast, {1, 1, 1}, {0, -2, 0}, {0, 0, -2}},
                                     {Surface::skyNorth, {-1, 1, 1}, {2, 0, 0}, {0, 0, -2}},
                                     {Surface::skyWest, {-1, -1, 1}, {0, 2, 0}, {0, 0, -2}},
                                     {Surface::skySouth, {1, -1, 1}, {-2, 0, 0}, {0, 0, -2}},
                                     {Surface::skyTop, {-1, -1, 1}, {2, 0, 0}, {0, 2, 0}}}};
    for (const Side &side : sides) {
        const Vec3 a = side.topLeft * kHalf;
        const Vec3 right = side.right * kHalf;
        const Vec3 down = side.down * kHalf;
        Face face = triangle({a, inset, inset, 1}, {a + down, inset, 1 - inset, 1}, {a + right, 1 - inset, inset, 1},
                             side.surface);
        face.corners = {a, a + down, a + down + right, a + right};
        face.cornerCount = 4;
        scene.sky.push_back(face);
    }
}

} // namespace

Ground squareGround()
{
    Ground ground;
    ground.halfSize = kWalkHalf;
    for (const Placed &tree : treePlaces())
        ground.obstacles.push_back({tree.x, tree.y, 0.4 + kMargin});
    for (const Placed &lamp : lampPlaces())
        ground.obstacles.push_back({lamp.x, lamp.y, 0.2 + kMargin});
    for (const Placed &column : columnPlaces())
        ground.obstacles.push_back({column.x, column.y, 0.9 + kMargin});
    for (const Placed &bench : benchPlaces())
        ground.obstacles.push_back({bench.x, bench.y, 1.0 + kMargin});
    ground.obstacles.push_back({0, 0, kFountainRadius + kMargin});
    return ground;
}

Scene makeScene(const std::vector<Staircase> &staircases)
{
    Scene scene;
    addGround(scene);
    addHouses(scene);
    addFurniture(scene);
    for (const Staircase &stairs : staircases)
        addStaircase(scene, stairs);
    addSky(scene);
    return scene;
}

} // namespace kino::simulator
