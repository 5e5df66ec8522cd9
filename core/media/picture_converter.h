// From a decoded frame to an upright Image of the wanted size. Internal to core/media.
#pragma once

#include "core/media/ffmpeg.h"
#include "core/media/image.h"

#include <array>
#include <cstdint>

namespace kino::ffmpeg {

/** How a stored picture is turned and mirrored to stand upright; one of the eight ways to lay a rectangle. */
struct Orientation {
    bool swapsSides = false; // rows become columns; done first
    bool mirrorsX = false;
    bool mirrorsY = false;

    /** From a stream's display matrix, to the nearest quarter turn; no change without one. */
    static Orientation of(const AVStream *stream);
    bool isIdentity() const { return !swapsSides && !mirrorsX && !mirrorsY; }
};

class PictureConverter {
public:
    explicit PictureConverter(Orientation orientation) : m_orientation(orientation) {}

    /** To `width` x `height` as stored, then upright. Throws Error when FFmpeg cannot convert the pixel format. */
    Image convert(const AVFrame &frame, int width, int height);

private:
    void prepare(const AVFrame &frame, int width, int height);

    Orientation m_orientation;
    SwsPtr m_scaler;
    // What m_scaler was made for.
    std::array<int, 7> m_key{};
};

} // namespace kino::ffmpeg
