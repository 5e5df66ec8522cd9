#include "core/jobs/report/figures.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace kino::report {
namespace {

constexpr const char *kNone = "\u2013";

std::string decimals(double number, std::chars_format format, int digits)
{
    char text[64];
    const auto [end, code] = std::to_chars(text, text + sizeof text, number, format, digits);
    const std::string made(text, code == std::errc() ? end : text);
    // A true minus sign, where it is one of the number's.
    return made.starts_with('-') ? "\u2212" + made.substr(1) : made;
}

std::string wholeText(double number)
{
    std::string digits = std::to_string(static_cast<long long>(std::abs(number)));
    for (std::ptrdiff_t place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3)
        digits.insert(static_cast<std::size_t>(place), 1, ',');
    return number < 0 ? "\u2212" + digits : digits;
}

} // namespace

std::string figureText(double number)
{
    if (!std::isfinite(number))
        return kNone;
    if (number == std::round(number) && std::abs(number) < 1e15)
        return wholeText(number);
    const bool isShare = std::abs(number) >= 1e-4 && std::abs(number) < 1;
    return decimals(number, isShare ? std::chars_format::fixed : std::chars_format::general, 4);
}

std::string figureText(const std::optional<double> &number) { return number ? figureText(*number) : kNone; }

std::string shareText(double share) { return std::isfinite(share) ? decimals(share, std::chars_format::fixed, 3) : kNone; }

std::string spreadText(double mean, const std::optional<double> &reach)
{
    if (!reach || !std::isfinite(*reach))
        return figureText(mean);
    const int places = *reach > 0 ? std::clamp(1 - static_cast<int>(std::floor(std::log10(*reach))), 0, 6) : 3;
    return decimals(mean, std::chars_format::fixed, places) + " \u00b1 " + decimals(*reach, std::chars_format::fixed, places);
}

std::string intervalText(const nlohmann::ordered_json &interval)
{
    if (!interval.is_object() || !interval.contains("low") || !interval.at("low").is_number() || !interval.at("high").is_number())
        return kNone;
    return "[" + figureText(interval.at("low").get<double>()) + ", " + figureText(interval.at("high").get<double>()) + "]";
}

std::string secondsText(double seconds)
{
    if (!(seconds >= 0) || seconds > 1e12)
        return kNone;
    const auto whole = static_cast<long long>(std::llround(seconds));
    if (whole < 60)
        return seconds < 9.95 ? decimals(seconds, std::chars_format::fixed, 1) + " s" : std::to_string(whole) + " s";
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string timeText(Nanos atNs)
{
    const auto seconds = static_cast<std::time_t>(atNs / kNanosPerSecond);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d UTC", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min);
    return text;
}

} // namespace kino::report
