// What augmentations do to a signal [C, T] once everything random is drawn, and how it is drawn. Internal to
// core/learn/augment. Any thread.
#pragma once

#include "core/base/random.h"
#include "core/learn/augment/sample_shape.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace kino {

using Matrix3 = std::array<std::array<float, 3>, 3>;

struct AxisAngle {
    std::array<double, 3> axis{};
    double angle = 0;
};

/** Rodrigues' formula as it stands: a rotation only where `axis` has length 1. */
Matrix3 rotationMatrix(const AxisAngle &turn);
/** A direction from the cube [-1, 1]^3, angle within +-largestAngle radians. */
AxisAngle drawRotation(RandomStream &stream, double largestAngle);
/**
 * As PRIMUS' released code: as many numbers as the signal has channels are brought to length 1 together and the first
 * three of them taken, so that with six channels the axis is too short and what comes of it shears and shrinks.
 */
AxisAngle drawReleasedRotation(RandomStream &stream, double largestAngle, std::int64_t channels);
/** Every three channels, as row vectors: x becomes x * matrix. */
void rotateTriples(std::span<float> signal, const SampleShape &shape, const Matrix3 &matrix);

/** Fills `cuts` with places in 1 ... length - 1, ascending, none twice, every set of them as likely. Fewer than `length`. */
void drawCuts(RandomStream &stream, std::int64_t length, std::span<std::int64_t> cuts);
/** Columns between `cuts` in the order order[0], order[1], ...: all rows alike. For pictures too. Uses `row`. */
void permuteColumns(std::span<float> sample, const SampleShape &shape, std::span<const std::int64_t> cuts, std::span<const std::int64_t> order,
                    std::vector<float> &row);

/** Every row from its end to its beginning. */
void reverseRows(std::span<float> sample, const SampleShape &shape);

/** The permutations of three channels; 0 is the identity. */
inline constexpr std::array<std::array<int, 3>, 6> kTriplePermutations = {{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
/** Three channels that lie at `triple`: channel i becomes what channel permutation[i] was. */
void permuteTriple(std::span<float> triple, std::size_t planeSize, const std::array<int, 3> &permutation, std::vector<float> &scratch);

/** values += sigma * normals. */
void addNoise(std::span<float> values, float sigma, RandomStream &stream, std::vector<float> &normals);

} // namespace kino
