// Numbers in the telemetry's notes: rounded to digits, whatever the locale. Any thread.
#pragma once

#include <cmath>
#include <string>

namespace kino {

/** |value| * 10^digits must fit an int64. */
inline std::string decimalText(double value, int digits)
{
    const double factor = std::pow(10.0, digits);
    const auto scaled = static_cast<long long>(std::llround(std::abs(value) * factor));
    std::string text = std::to_string(scaled);
    if (digits > 0) {
        while (text.size() <= static_cast<std::size_t>(digits))
            text.insert(text.begin(), '0');
        text.insert(text.end() - digits, '.');
    }
    return value < 0 && scaled != 0 ? "-" + text : text;
}

} // namespace kino
