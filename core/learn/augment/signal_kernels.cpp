#include "core/learn/augment/signal_kernels.h"

namespace kino {

Matrix3 rotationMatrix(const AxisAngle &turn)
{
    const auto [x, y, z] = turn.axis;
    const double cosine = std::cos(turn.angle);
    const double sine = std::sin(turn.angle);
    const double rest = 1 - cosine;
    const auto number = [](double value) { return static_cast<float>(value); };
    return {{{number(x * x * rest + cosine), number(x * y * rest - z * sine), number(z * x * rest + y * sine)},
             {number(x * y * rest + z * sine), number(y * y * rest + cosine), number(y * z * rest - x * sine)},
             {number(z * x * rest - y * sine), number(y * z * rest + x * sine), number(z * z * rest + cosine)}}};
}

AxisAngle drawRotation(RandomStream &stream, double largestAngle) { return drawReleasedRotation(stream, largestAngle, 3); }

AxisAngle drawReleasedRotation(RandomStream &stream, double largestAngle, std::int64_t channels)
{
    AxisAngle turn;
    double square = 0;
    for (std::int64_t i = 0; i < channels; ++i) {
        const double drawn = stream.uniform(-1, 1);
        square += drawn * drawn;
        if (i < 3)
            turn.axis[static_cast<std::size_t>(i)] = drawn;
    }
    const double length = std::sqrt(square);
    if (length > 0)
        std::ranges::transform(turn.axis, turn.axis.begin(), [length](double each) { return each / length; });
    else
        turn.axis = {0, 0, 1};
    turn.angle = stream.uniform(-largestAngle, largestAngle);
    return turn;
}

void rotateTriples(std::span<float> signal, const SampleShape &shape, const Matrix3 &matrix)
{
    const std::size_t plane = shape.planeSize();
    for (std::size_t triple = 0; triple + 3 * plane <= signal.size(); triple += 3 * plane) {
        float *const x = signal.data() + triple;
        float *const y = x + plane;
        float *const z = y + plane;
        for (std::size_t i = 0; i < plane; ++i) {
            const float old[3] = {x[i], y[i], z[i]};
            x[i] = old[0] * matrix[0][0] + old[1] * matrix[1][0] + old[2] * matrix[2][0];
            y[i] = old[0] * matrix[0][1] + old[1] * matrix[1][1] + old[2] * matrix[2][1];
            z[i] = old[0] * matrix[0][2] + old[1] * matrix[1][2] + old[2] * matrix[2][2];
        }
    }
}

void drawCuts(RandomStream &stream, std::int64_t length, std::span<std::int64_t> cuts)
{
    // Floyd: of the places 1 ... top, top itself where the drawn one is taken already.
    const auto count = static_cast<std::int64_t>(cuts.size());
    for (std::size_t i = 0; i < cuts.size(); ++i) {
        const std::int64_t top = length - count + static_cast<std::int64_t>(i);
        const auto drawn = 1 + static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(top)));
        const auto before = cuts.first(i);
        cuts[i] = std::ranges::find(before, drawn) == before.end() ? drawn : top;
    }
    std::ranges::sort(cuts);
}

void permuteColumns(std::span<float> sample, const SampleShape &shape, std::span<const std::int64_t> cuts, std::span<const std::int64_t> order,
                    std::vector<float> &row)
{
    const auto length = static_cast<std::size_t>(shape.length);
    row.resize(length);
    for (std::size_t start = 0; start + length <= sample.size(); start += length) {
        float *out = row.data();
        for (const std::int64_t segment : order) {
            const auto which = static_cast<std::size_t>(segment);
            const std::int64_t from = which == 0 ? 0 : cuts[which - 1];
            const std::int64_t to = which == cuts.size() ? shape.length : cuts[which];
            out = std::copy(sample.data() + start + from, sample.data() + start + to, out);
        }
        std::copy(row.begin(), row.end(), sample.begin() + static_cast<std::ptrdiff_t>(start));
    }
}

void reverseRows(std::span<float> sample, const SampleShape &shape)
{
    const auto length = static_cast<std::size_t>(shape.length);
    for (std::size_t start = 0; start + length <= sample.size(); start += length)
        std::ranges::reverse(sample.subspan(start, length));
}

void permuteTriple(std::span<float> triple, std::size_t planeSize, const std::array<int, 3> &permutation, std::vector<float> &scratch)
{
    if (permutation == kTriplePermutations[0])
        return;
    scratch.assign(triple.begin(), triple.end());
    for (std::size_t channel = 0; channel < 3; ++channel)
        std::copy_n(scratch.data() + static_cast<std::size_t>(permutation[channel]) * planeSize, planeSize, triple.data() + channel * planeSize);
}

void addNoise(std::span<float> values, float sigma, RandomStream &stream, std::vector<float> &normals)
{
    normals.resize(values.size());
    fillNormal(stream, normals);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] += sigma * normals[i];
}

} // namespace kino
