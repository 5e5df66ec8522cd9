#include "core/data/stream.h"

namespace kino {
namespace {

struct KindRow {
    StreamKind kind;
    std::string_view name;
    std::string_view unit;
};

constexpr KindRow kKinds[] = {
    {StreamKind::accelerometer, "accelerometer", "m/s^2"},
    {StreamKind::gyroscope, "gyroscope", "rad/s"},
    {StreamKind::magnetometer, "magnetometer", "uT"},
    {StreamKind::linearAcceleration, "linear-acceleration", "m/s^2"},
    {StreamKind::gravity, "gravity", "m/s^2"},
    {StreamKind::orientation, "orientation", ""},
    {StreamKind::barometer, "barometer", "hPa"},
    {StreamKind::temperature, "temperature", "degC"},
    {StreamKind::gps, "gps", ""},
    {StreamKind::other, "other", ""},
};

} // namespace

std::string_view streamKindName(StreamKind kind) { return kKinds[static_cast<std::size_t>(kind)].name; }

std::optional<StreamKind> streamKindFromName(std::string_view name)
{
    for (const KindRow &row : kKinds) {
        if (row.name == name)
            return row.kind;
    }
    return std::nullopt;
}

std::string_view streamKindUnit(StreamKind kind) { return kKinds[static_cast<std::size_t>(kind)].unit; }

bool streamKindCanClip(StreamKind kind)
{
    return kind == StreamKind::accelerometer || kind == StreamKind::gyroscope || kind == StreamKind::magnetometer;
}

std::string ImuStream::name() const
{
    std::string name(streamKindName(kind));
    if (!variant.empty())
        name += "-" + variant;
    return name;
}

} // namespace kino
