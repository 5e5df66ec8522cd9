// Pictures of stone, grass, walls and sky, computed from noise: what makes the simulated world worth looking at and
// gives a camera something to track. Made once, then only read: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kino::simulator {

enum class Surface : std::uint8_t {
    paving, // repeats every 4 m
    slabs, // 6 m
    gravel, // 3 m
    grass, // 5 m
    brick, // walls: 4 windows × 4 floors
    plaster,
    glass,
    shops, // ground floors: 4 shops in a row
    stone, // 2 m
    bark,
    leaves, // with holes
    wood,
    metal,
    water,
    shadow, // its alpha says how dark
    skyEast,
    skyNorth,
    skyWest,
    skySouth,
    skyTop,
    count
};

/** The sky's sides; each is drawn from half a texel inside its edge to half a texel inside the other. */
inline constexpr int kSkySizeLog2 = 9;

/** Square, a power of two wide, repeating; level 0 is the finest, each next one half as wide, down to one pixel. */
struct Texture {
    struct Level {
        int sizeLog2 = 0;
        std::vector<std::uint32_t> argb;
    };
    std::vector<Level> levels;
    bool hasHoles = false;
};

class TextureSet {
public:
    /** Takes some tenths of a second; the same on every call. */
    static TextureSet make(std::size_t threads);
    const Texture &operator[](Surface surface) const { return m_textures[static_cast<std::size_t>(surface)]; }

private:
    std::vector<Texture> m_textures;
};

} // namespace kino::simulator
