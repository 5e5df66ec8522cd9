#include "core/data/dataset/representation.h"

#include "core/base/error.h"
#include "core/signal/spectrogram_image.h"

#include <algorithm>
#include <array>

namespace kino {
namespace {

constexpr std::array<double, 3> kImageNetMean{0.485, 0.456, 0.406};
constexpr std::array<double, 3> kImageNetDeviation{0.229, 0.224, 0.225};

/** "phone/accelerometer/x" in two: up to the axis, and the kind. */
std::pair<std::string_view, std::string_view> streamOf(std::string_view channel)
{
    const std::string_view stream = channel.substr(0, channel.rfind('/'));
    const std::size_t slash = stream.rfind('/');
    return {stream, slash == std::string_view::npos ? stream : stream.substr(slash + 1)};
}

} // namespace

const std::vector<RepresentationInfo> &representationInfos()
{
    static const std::vector<RepresentationInfo> infos = {
        {"signal", "The samples themselves", "", {}},
        {"spectrogram",
         "Spectrogram of one sensor as a colour picture",
         "IMG2IMU, arXiv 2209.00945",
         {{"stream",
           "accelerometer",
           {"accelerometer", "gyroscope", "magnetometer", "linear-acceleration", "gravity"},
           0,
           0,
           false,
           "Which sensor is drawn: the first of this kind among the channels."}}}};
    return infos;
}

const RepresentationInfo &representationInfo(const std::string &name)
{
    std::vector<std::string> names;
    for (const RepresentationInfo &info : representationInfos()) {
        if (info.name == name)
            return info;
        names.push_back(info.name);
    }
    throw Error("There is no representation \"" + name + "\"; there is: " + listOfWords(names) + ".");
}

std::size_t firstAxisOf(const std::string &streamKind, const std::vector<std::string> &channels)
{
    for (std::size_t first = 0; first < channels.size(); ++first) {
        const auto [stream, kind] = streamOf(channels[first]);
        if (kind != streamKind && !kind.starts_with(streamKind + "-"))
            continue;
        const auto axes = std::ranges::count_if(channels, [&stream = stream](const std::string &other) { return streamOf(other).first == stream; });
        if (axes != 3)
            throw Error(std::string(stream) + " has " + std::to_string(axes) + " axes; a spectrogram as a picture needs three");
        return first;
    }
    throw Error("there is no " + streamKind + " to draw; the channels are: " + listOfWords(channels)
                + ". Name another with the representation's option \"stream\"");
}

std::vector<std::uint8_t> computeWindowPicture(std::span<const float> axes, std::size_t samples)
{
    std::array<std::vector<double>, 3> rows;
    for (std::size_t axis = 0; axis < 3; ++axis)
        rows[axis].assign(axes.begin() + static_cast<std::ptrdiff_t>(axis * samples),
                          axes.begin() + static_cast<std::ptrdiff_t>((axis + 1) * samples));
    return resizeToModelInput(computeSpectrogramImage(rows[0], rows[1], rows[2]));
}

void toUnitRange(std::span<const std::uint8_t> picture, std::span<float> out)
{
    if (picture.size() != out.size())
        throw Error("a picture of " + std::to_string(picture.size()) + " values does not fit its place");
    std::ranges::transform(picture, out.begin(), [](std::uint8_t cell) { return static_cast<float>(cell) / 255.0f; });
}

void applyImageNetStatistics(std::span<float> picture)
{
    const std::size_t cells = picture.size() / 3;
    for (std::size_t plane = 0; plane < 3; ++plane) {
        for (float &value : picture.subspan(plane * cells, cells))
            value = static_cast<float>((static_cast<double>(value) - kImageNetMean[plane]) / kImageNetDeviation[plane]);
    }
}

} // namespace kino
