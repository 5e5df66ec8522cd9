#include "core/data/table/units.h"

#include <numbers>

namespace kino {
namespace {

enum class Quantity { acceleration, rate, field, pressure, temperature };

struct UnitRow {
    Quantity quantity;
    std::string_view spelling; // simplified: lower case where that is unambiguous, no blanks
    double scale;
    double offset = 0;
};

constexpr double kDegree = std::numbers::pi / 180;

constexpr UnitRow kUnits[] = {
    {Quantity::acceleration, "m/s^2", 1},
    {Quantity::acceleration, "m/s2", 1},
    {Quantity::acceleration, "m/s/s", 1},
    {Quantity::acceleration, "ms^-2", 1},
    {Quantity::acceleration, "ms-2", 1},
    {Quantity::acceleration, "mm/s^2", 1e-3},
    {Quantity::acceleration, "cm/s^2", 1e-2},
    {Quantity::acceleration, "g", kStandardGravity},
    {Quantity::acceleration, "mg", kStandardGravity * 1e-3},
    {Quantity::acceleration, "ug", kStandardGravity * 1e-6},
    {Quantity::rate, "rad/s", 1},
    {Quantity::rate, "rads^-1", 1},
    {Quantity::rate, "rads-1", 1},
    {Quantity::rate, "mrad/s", 1e-3},
    {Quantity::rate, "deg/s", kDegree},
    {Quantity::rate, "degs^-1", kDegree},
    {Quantity::rate, "dps", kDegree},
    {Quantity::rate, "mdeg/s", kDegree * 1e-3},
    {Quantity::rate, "mdps", kDegree * 1e-3},
    {Quantity::rate, "rpm", std::numbers::pi / 30},
    {Quantity::field, "ut", 1},
    {Quantity::field, "nt", 1e-3},
    {Quantity::field, "mt", 1e3},
    {Quantity::field, "t", 1e6},
    {Quantity::field, "gauss", 100},
    {Quantity::field, "ga", 100},
    {Quantity::field, "mgauss", 0.1},
    {Quantity::field, "mg", 0.1},
    {Quantity::pressure, "hpa", 1},
    {Quantity::pressure, "mbar", 1},
    {Quantity::pressure, "pa", 0.01},
    {Quantity::pressure, "kpa", 10},
    {Quantity::temperature, "degc", 1},
    {Quantity::temperature, "c", 1},
    {Quantity::temperature, "celsius", 1},
    {Quantity::temperature, "k", 1, -273.15},
    {Quantity::temperature, "degf", 5.0 / 9, -160.0 / 9},
};

std::optional<Quantity> quantityOf(StreamKind kind)
{
    switch (kind) {
    case StreamKind::accelerometer:
    case StreamKind::linearAcceleration:
    case StreamKind::gravity: return Quantity::acceleration;
    case StreamKind::gyroscope: return Quantity::rate;
    case StreamKind::magnetometer: return Quantity::field;
    case StreamKind::barometer: return Quantity::pressure;
    case StreamKind::temperature: return Quantity::temperature;
    case StreamKind::orientation:
    case StreamKind::gps:
    case StreamKind::other: break;
    }
    return std::nullopt;
}

void replaceAll(std::string &text, std::string_view what, std::string_view with)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

std::string simplified(std::string_view unit)
{
    std::string text(unit);
    replaceAll(text, "²", "^2");
    replaceAll(text, "⁻¹", "^-1");
    replaceAll(text, "°", "deg");
    replaceAll(text, "\xC2\xB5", "u"); // micro sign
    replaceAll(text, "\xCE\xBC", "u"); // Greek mu
    std::erase_if(text, [](char c) { return c == ' ' || c == '[' || c == ']' || c == '(' || c == ')' || c == '*'; });
    for (char &c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    replaceAll(text, "degree", "deg");
    replaceAll(text, "degs/", "deg/");
    replaceAll(text, "/sec", "/s");
    replaceAll(text, "radian", "rad");
    return text;
}

} // namespace

std::optional<UnitConversion> unitConversion(StreamKind kind, std::string_view unit)
{
    const auto quantity = quantityOf(kind);
    if (!quantity)
        return UnitConversion{std::string(unit), 1, 0};
    const std::string text = simplified(unit);
    for (const UnitRow &row : kUnits) {
        if (row.quantity == *quantity && row.spelling == text)
            return UnitConversion{std::string(streamKindUnit(kind)), row.scale, row.offset};
    }
    return std::nullopt;
}

std::vector<std::string> unitsOf(StreamKind kind)
{
    std::vector<std::string> names;
    const auto quantity = quantityOf(kind);
    for (const UnitRow &row : kUnits) {
        if (quantity && row.quantity == *quantity)
            names.emplace_back(row.spelling);
    }
    return names;
}

std::optional<StreamKind> kindOfUnit(std::string_view unit)
{
    const std::string text = simplified(unit);
    if (text == "mg" || text == "t" || text == "c" || text == "k")
        return std::nullopt;
    for (const UnitRow &row : kUnits) {
        if (row.spelling != text)
            continue;
        switch (row.quantity) {
        case Quantity::acceleration: return StreamKind::accelerometer;
        case Quantity::rate: return StreamKind::gyroscope;
        case Quantity::field: return StreamKind::magnetometer;
        case Quantity::pressure: return StreamKind::barometer;
        case Quantity::temperature: return StreamKind::temperature;
        }
    }
    return std::nullopt;
}

} // namespace kino
