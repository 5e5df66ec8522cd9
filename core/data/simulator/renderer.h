// Draws the simulated world as a pinhole camera sees it: each pixel's texture by exact perspective, filtered bilinearly
// on the mip level that fits, with a depth buffer. One thread at a time; several renderers may share scene and
// textures.
#pragma once

#include "core/data/simulator/motion.h"
#include "core/data/simulator/scene.h"
#include "core/media/image.h"

#include <vector>

namespace kino::simulator {

/** Pixel centres are at whole coordinates: a point ahead of the camera at (X, Y, Z) is seen at x = focal * X / Z + cx.
 */
struct Lens {
    int width = 640;
    int height = 360;
    double focal = 0; // pixels, both ways
    double cx = 0;
    double cy = 0;
};
Lens lensOf(const SimulatedVideo &video);

class Renderer {
public:
    /** Both must outlive it. */
    Renderer(const Lens &lens, const Scene &scene, const TextureSet &textures);

    /** The picture from a pose; `flash` in [0, 1] is how far it is washed out to white. Valid until the next call. */
    const Image &render(const Pose &pose, double flash);

private:
    struct Corner {
        double x = 0; // in the camera's axes, metres
        double y = 0;
        double z = 0;
    };
    /** value / depth at a pixel: row * y + column * x + base. */
    struct ScreenAffine {
        double perColumn = 0;
        double perRow = 0;
        double base = 0;
    };
    struct Drawn {
        ScreenAffine inverseDepth;
        ScreenAffine u;
        ScreenAffine v;
        ScreenAffine light;
    };

    void draw(const Face &face, Vec3 eye);
    template <FaceKind kind> void drawSpan(const Drawn &drawn, const Texture &texture, int row, int from, int to);
    bool mayBeSeen(const Body &body) const;
    ScreenAffine onScreen(Vec3 slope) const;

    Lens m_lens;
    const Scene &m_scene;
    const TextureSet &m_textures;
    Image m_image;
    std::vector<std::uint32_t> m_pixels;
    std::vector<float> m_inverseDepth;
    Pose m_pose;
    Rotation m_toCamera;
};

} // namespace kino::simulator
