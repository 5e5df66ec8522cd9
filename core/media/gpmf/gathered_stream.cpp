#include "core/media/gpmf/gathered_stream.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kino {
namespace {

constexpr std::size_t kMaxColumns = 64;
constexpr std::size_t kMostByteColumns = 4;

constexpr GpmfKey kAccelerometer = gpmfKey("ACCL");
constexpr GpmfKey kGyroscope = gpmfKey("GYRO");
constexpr GpmfKey kMagnetometer = gpmfKey("MAGN");
constexpr GpmfKey kGravity = gpmfKey("GRAV");
constexpr GpmfKey kCameraOrientation = gpmfKey("CORI");
constexpr GpmfKey kImageOrientation = gpmfKey("IORI");

bool isGpsKey(GpmfKey key)
{
    const std::string text = gpmfKeyText(key);
    return text.starts_with("GPS") || text == "GPRI" || text == "GLPI" || text == "BPOS";
}

/** GoPro reserves keys in capitals for itself; others are of third parties' sensors. */
bool isThirdPartyKey(GpmfKey key)
{
    const std::string text = gpmfKeyText(key);
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string joinedUnit(const std::vector<std::string> &units)
{
    if (units.empty())
        return {};
    const bool areEqual = std::all_of(units.begin(), units.end(), [&](const std::string &u) { return u == units.front(); });
    if (areEqual)
        return units.front();
    std::string joined;
    for (const std::string &unit : units)
        joined += (joined.empty() ? "" : ", ") + unit;
    return joined;
}

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> texts)
{
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

TelemetryRole roleOf(const GpmfStrm &strm, std::size_t columns, const std::string &unit)
{
    if (strm.key == kAccelerometer && columns == 3)
        return TelemetryRole::accelerometer;
    if (strm.key == kGyroscope && columns == 3)
        return TelemetryRole::gyroscope;
    if (strm.key == kMagnetometer && columns >= 3)
        return TelemetryRole::magnetometer;
    if (strm.key == kGravity && columns == 3)
        return TelemetryRole::gravity;
    if ((strm.key == kCameraOrientation || strm.key == kImageOrientation) && columns == 4)
        return TelemetryRole::orientation;
    // Sensors of third parties have keys of their own choice: three axes in a unit that only one kind has say what they are.
    if (columns == 3 && isOneOf(unit, {"m/s²", "m/s^2", "m/s2", "g"}))
        return TelemetryRole::accelerometer;
    if (columns == 3 && isOneOf(unit, {"rad/s", "deg/s", "°/s", "dps"}))
        return TelemetryRole::gyroscope;
    if (columns == 3 && isOneOf(unit, {"µT", "uT", "mT", "T"}))
        return TelemetryRole::magnetometer;
    return TelemetryRole::other;
}

std::vector<std::string> namesOf(TelemetryRole role, std::size_t columns)
{
    if (role == TelemetryRole::orientation)
        return {"w", "x", "y", "z"};
    if (role != TelemetryRole::other)
        return {"x", "y", "z"};
    if (columns == 1)
        return {"value"};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < columns; ++i)
        names.push_back(std::to_string(i + 1));
    return names;
}

/** Where x, y, z (w, x, y, z) lie among the columns of GRAV, CORI and IORI, which have x, z, y: see core/data/formats/gopro_reader.h. */
std::vector<std::size_t> columnOrder(GpmfKey key, std::size_t kept)
{
    if (key == kGravity && kept == 3)
        return {0, 2, 1};
    if ((key == kCameraOrientation || key == kImageOrientation) && kept == 4)
        return {0, 1, 3, 2};
    std::vector<std::size_t> order(kept);
    for (std::size_t i = 0; i < kept; ++i)
        order[i] = i;
    return order;
}

Left classify(const GpmfStrm &strm, const GpmfItem &item)
{
    if (isGpsKey(strm.key))
        return Left::gps;
    if (strm.nestedData || item.isNested())
        return Left::nested;
    if (item.isComplex())
        return Left::complex;
    const std::size_t bytes = gpmfNumberBytes(item.type);
    if (bytes == 0)
        return Left::text;
    const bool isKnown = strm.key == kAccelerometer || strm.key == kGyroscope || strm.key == kMagnetometer
        || strm.key == kGravity || strm.key == kCameraOrientation || strm.key == kImageOrientation;
    // Keys of third parties are loaded undescribed, but rows of many bytes are their packets: SENSORB6's acc1 holds the
    // digits of a counter, not an acceleration.
    const bool isPacket = bytes == 1 && item.rowBytes > kMostByteColumns;
    if (!isKnown && strm.name.empty() && strm.units.empty() && (isPacket || !isThirdPartyKey(strm.key)))
        return Left::undescribed;
    if (item.rows > 0 && (item.rowBytes == 0 || item.rowBytes % bytes != 0 || item.rowBytes / bytes > kMaxColumns))
        return Left::badShape;
    return Left::loaded;
}

/** One divisor per column; none where SCAL is 0, not finite or of another number of values. */
std::optional<std::vector<double>> divisors(const GpmfStrm &strm, std::size_t columns)
{
    std::vector<double> scale = strm.scale;
    if (scale.empty())
        scale.push_back(1);
    if (scale.size() == 1)
        scale.resize(columns, scale.front());
    const bool isSound = scale.size() == columns
        && std::all_of(scale.begin(), scale.end(), [](double s) { return std::isfinite(s) && s != 0; });
    return isSound ? std::optional(std::move(scale)) : std::nullopt;
}

float toSample(double value)
{
    const auto sample = static_cast<float>(value);
    return std::isfinite(sample) ? sample : std::numeric_limits<float>::quiet_NaN();
}

} // namespace

void GatheredStream::take(const GpmfStrm &strm, const GpmfItem &item, const std::string &deviceName, StreamBlock &block)
{
    const Left found = classify(strm, item);
    if (found != Left::loaded) {
        rowsLeftOut += item.rows;
        if (item.rows > 0 && reason == Left::noSamples)
            reason = found;
        return;
    }
    if (item.rows == 0)
        return;
    const std::size_t columns = item.rowBytes / gpmfNumberBytes(item.type);
    if (stream.columns.empty())
        describe(strm, columns, deviceName);
    if (columns != fileColumns) {
        ++otherShapePayloads;
        return;
    }
    const std::optional<std::vector<double>> scale = divisors(strm, columns);
    if (!scale) {
        ++badScalePayloads;
        return;
    }
    reason = Left::loaded;
    if (stream.axes) {
        const GpmfAxes axes = findGpmfAxes(strm, deviceName);
        if (!(axes == *stream.axes)) {
            ++axesChanges;
            appendMapped(gpmfNumbers(item), *scale, axes);
        } else {
            appendMapped(gpmfNumbers(item), *scale, *stream.axes);
        }
    } else {
        append(gpmfNumbers(item), *scale);
    }
    block.rows += item.rows;
}

void GatheredStream::describe(const GpmfStrm &strm, std::size_t rowColumns, const std::string &deviceName)
{
    stream.name = strm.name;
    stream.unit = joinedUnit(strm.units);
    stream.role = roleOf(strm, rowColumns, stream.unit);
    fileColumns = rowColumns;
    const std::size_t kept = stream.role == TelemetryRole::magnetometer ? 3 : rowColumns;
    droppedColumns = rowColumns - kept;
    stream.columnNames = namesOf(stream.role, kept);
    stream.columns.resize(kept);
    if (stream.role == TelemetryRole::accelerometer || stream.role == TelemetryRole::gyroscope)
        stream.axes = findGpmfAxes(strm, deviceName);
}

void GatheredStream::append(const std::vector<double> &numbers, const std::vector<double> &scale)
{
    const std::size_t columns = fileColumns;
    const std::vector<std::size_t> order = columnOrder(stream.key, stream.columns.size());
    for (std::size_t row = 0; row + columns <= numbers.size(); row += columns) {
        for (std::size_t i = 0; i < order.size(); ++i)
            stream.columns[i].push_back(toSample(numbers[row + order[i]] / scale[order[i]]));
    }
}

void GatheredStream::appendMapped(const std::vector<double> &numbers, const std::vector<double> &scale, const GpmfAxes &axes)
{
    for (std::size_t row = 0; row + 3 <= numbers.size(); row += 3) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            double value = 0;
            for (std::size_t column = 0; column < 3; ++column) {
                const double factor = axes.matrix[axis * 3 + column];
                if (factor != 0) // a NaN of another column is not this axis's
                    value += factor * numbers[row + column] / scale[column];
            }
            stream.columns[axis].push_back(toSample(value));
        }
    }
}

} // namespace kino
