// The rotation of a camera from its pictures alone: two neighbouring pictures are laid over each other by the rotation
// that makes their grey values agree best (Gauss and Newton's method from coarse to fine). Knows nothing of sensors,
// scenes or the simulator; what is far away counts fully, what is near and shifts is weighed down as an outlier.
#pragma once

#include "core/data/simulator/geometry.h"
#include "core/media/image.h"

#include <vector>

namespace kino::test {

class RotationFinder {
public:
    /** Of a pinhole camera: pixels from the first pixel's centre. */
    RotationFinder(int width, int height, double focal, double cx, double cy);

    /** From the camera's axes at this picture to those at the one before; none for the first. */
    simulator::Rotation next(const Image &image);

private:
    struct Grey {
        int width = 0;
        int height = 0;
        std::vector<float> values;
        float at(int x, int y) const { return values[static_cast<std::size_t>(y * width + x)]; }
    };

    simulator::Rotation match(const Grey &before, const Grey &after, double scale, simulator::Rotation guess) const;

    double m_focal;
    double m_cx;
    double m_cy;
    std::vector<Grey> m_before; // finest first
    simulator::Rotation m_last;
};

} // namespace kino::test
