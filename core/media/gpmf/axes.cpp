#include "core/media/gpmf/axes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace kino {
namespace {

using Matrix = std::array<double, 9>;

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

/** What takes columns of these letters to x, y, z; none unless each axis occurs once. */
std::optional<Matrix> matrixOfLetters(std::string_view letters)
{
    if (letters.size() != 3)
        return std::nullopt;
    Matrix matrix{};
    std::array<bool, 3> seen{};
    for (std::size_t column = 0; column < 3; ++column) {
        const char small = lower(letters[column]);
        if (small < 'x' || small > 'z')
            return std::nullopt;
        const auto axis = static_cast<std::size_t>(small - 'x');
        if (seen[axis])
            return std::nullopt;
        seen[axis] = true;
        matrix[axis * 3 + column] = small == letters[column] ? -1 : 1;
    }
    return matrix;
}

Matrix product(const Matrix &a, const Matrix &b)
{
    Matrix result{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
            for (std::size_t k = 0; k < 3; ++k)
                result[row * 3 + column] += a[row * 3 + k] * b[k * 3 + column];
        }
    }
    return result;
}

double determinant(const Matrix &m)
{
    return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

bool isRotationOrMirror(const Matrix &m)
{
    constexpr double kTolerance = 0.05;
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t k = 0; k < 3; ++k) {
            const double dot = m[i * 3] * m[k * 3] + m[i * 3 + 1] * m[k * 3 + 1] + m[i * 3 + 2] * m[k * 3 + 2];
            if (!(std::abs(dot - (i == k ? 1 : 0)) < kTolerance))
                return false;
        }
    }
    return true;
}

std::string formulaOf(const Matrix &m)
{
    std::string text;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        text += axis == 0 ? "" : ", ";
        text += static_cast<char>('x' + axis);
        text += " =";
        bool isFirst = true;
        for (std::size_t column = 0; column < 3; ++column) {
            const double factor = m[axis * 3 + column];
            if (factor == 0)
                continue;
            text += isFirst ? (factor < 0 ? " -" : " ") : (factor < 0 ? " - " : " + ");
            isFirst = false;
            if (std::abs(factor) != 1) {
                // Not std::to_string: it follows the locale.
                char digits[32];
                const auto written
                    = std::to_chars(digits, digits + sizeof digits, std::abs(factor), std::chars_format::fixed, 4);
                text.append(digits, written.ptr) += ' ';
            }
            text += "column " + std::to_string(column + 1);
        }
    }
    return text;
}

std::string_view documentedLetters(std::string_view deviceName)
{
    const std::string name = lowered(deviceName);
    if (name.find("fusion") != std::string::npos)
        return "yXZ";
    if (name.find("hero6") != std::string::npos)
        return "YxZ";
    return {};
}

/** "Gyroscope (z,x,y)" gives "ZXY". */
std::string lettersOfName(std::string_view streamName)
{
    const std::string name = lowered(streamName);
    const std::size_t open = name.find('(');
    const std::size_t close = name.find(')', open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos)
        return {};
    std::string letters;
    std::size_t begin = open + 1;
    while (begin <= close) {
        const std::size_t comma = std::min(name.find(',', begin), close);
        const std::string word = name.substr(begin, comma - begin);
        begin = comma + 1;
        const std::size_t first = word.find_first_not_of(' ');
        const std::size_t last = word.find_last_not_of(' ');
        if (first == std::string::npos)
            return {};
        const std::string trimmed = word.substr(first, last - first + 1);
        if (trimmed == "x" || trimmed == "right/left")
            letters += 'X';
        else if (trimmed == "y" || trimmed == "forward/back")
            letters += 'Y';
        else if (trimmed == "z" || trimmed == "up/down")
            letters += 'Z';
        else
            return {};
    }
    return letters;
}

GpmfAxes makeAxes(const Matrix &matrix, GpmfAxesSource source, std::string evidence)
{
    GpmfAxes axes;
    axes.matrix = matrix;
    axes.source = source;
    axes.formula = formulaOf(matrix);
    axes.evidence = std::move(evidence);
    axes.rightHanded = determinant(matrix) > 0;
    return axes;
}

std::optional<GpmfAxes> axesOfMatrix(const GpmfStrm &stream)
{
    if (stream.matrix.size() != 9)
        return std::nullopt;
    Matrix stated{};
    std::copy(stream.matrix.begin(), stream.matrix.end(), stated.begin());
    const std::optional<Matrix> fromOutput = matrixOfLetters(stream.orientationOut);
    if (!fromOutput || !isRotationOrMirror(stated))
        return std::nullopt;
    return makeAxes(product(*fromOutput, stated), GpmfAxesSource::matrix, "MTRX and ORIO " + stream.orientationOut);
}

} // namespace

GpmfAxes findGpmfAxes(const GpmfStrm &stream, std::string_view deviceName)
{
    std::string complaint;
    const std::optional<Matrix> fromInput = matrixOfLetters(stream.orientationIn);
    if (!stream.orientationIn.empty() && !fromInput)
        complaint = "ORIN \"" + stream.orientationIn + "\" names no three axes";
    std::optional<GpmfAxes> axes = axesOfMatrix(stream);
    if (axes && fromInput && axes->matrix != *fromInput)
        complaint = "MTRX disagrees with ORIN " + stream.orientationIn + "; MTRX was followed";
    if (!axes && !stream.matrix.empty())
        complaint = "MTRX cannot be used: it is no rotation, or ORIO does not name its axes";
    if (!axes && fromInput)
        axes = makeAxes(*fromInput, GpmfAxesSource::letters, "ORIN " + stream.orientationIn);
    if (const std::string_view letters = documentedLetters(deviceName); !axes && !letters.empty())
        axes = makeAxes(*matrixOfLetters(letters), GpmfAxesSource::documentation,
            "GoPro's documentation of this model, columns " + std::string(letters));
    if (!axes) {
        const std::string letters = lettersOfName(stream.name);
        if (const std::optional<Matrix> fromName = matrixOfLetters(letters))
            axes = makeAxes(*fromName, GpmfAxesSource::streamName, "the stream's name \"" + stream.name + '"');
    }
    if (!axes)
        axes = makeAxes(GpmfAxes().matrix, GpmfAxesSource::none, "nothing in the file");
    axes->complaint = std::move(complaint);
    return *axes;
}

} // namespace kino
