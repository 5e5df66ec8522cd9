// Numbers in text, read without locale and faster than the library can: eight digits a step. Inline because the table
// reader spends its time here.
#pragma once

#include "core/base/time.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fast_float/fast_float.h>
#include <limits>
#include <string_view>

namespace kino {

/** A decimal number as it stands in text: ±digits · 10^exponent. More than 19 significant digits are cut off. */
struct DecimalText {
    std::uint64_t digits = 0;
    int exponent = 0;
    bool negative = false;
    const char *end = nullptr; // behind the last character; nullptr where the text is not a number
};

inline constexpr std::uint64_t kPowersOfTen[20] = {1ull,
                                                   10ull,
                                                   100ull,
                                                   1000ull,
                                                   10000ull,
                                                   100000ull,
                                                   1000000ull,
                                                   10000000ull,
                                                   100000000ull,
                                                   1000000000ull,
                                                   10000000000ull,
                                                   100000000000ull,
                                                   1000000000000ull,
                                                   10000000000000ull,
                                                   100000000000000ull,
                                                   1000000000000000ull,
                                                   10000000000000000ull,
                                                   100000000000000000ull,
                                                   1000000000000000000ull,
                                                   10000000000000000000ull};

namespace text_detail {

static_assert(std::endian::native == std::endian::little, "eight digits are read as one little-endian word");

inline bool isDigit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

/** Appends the digits at `p` to `value`; wraps around past 19 digits, which the caller sees by the count. */
[[gnu::always_inline]] inline const char *scanDigits(const char *p, const char *end, std::uint64_t &value)
{
    while (end - p >= 8) {
        std::uint64_t word;
        std::memcpy(&word, p, 8);
        word ^= 0x3030303030303030u;
        const std::uint64_t others = ((word + 0x0606060606060606u) | word) & 0xF0F0F0F0F0F0F0F0u;
        const int count = others == 0 ? 8 : std::countr_zero(others) >> 3;
        if (count == 0)
            return p;
        word <<= 64 - 8 * count;
        word = word * 10 + (word >> 8);
        word = ((word & 0x000000FF000000FFu) * 0x000F424000000064u
                + ((word >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u)
               >> 32;
        value = value * kPowersOfTen[count] + (word & 0xFFFFFFFFu);
        p += count;
        if (count < 8)
            return p;
    }
    for (; p != end && isDigit(*p); ++p)
        value = value * 10 + static_cast<std::uint64_t>(*p - '0');
    return p;
}

/** Digits again, one by one, keeping the first 19 significant ones. */
[[gnu::noinline]] inline void scanLongDigits(const char *p, const char *end, char decimal, DecimalText &number)
{
    number.digits = 0;
    number.exponent = 0;
    int kept = 0;
    bool fraction = false;
    for (; p != end; ++p) {
        if (*p == decimal && !fraction) {
            fraction = true;
            continue;
        }
        if (!isDigit(*p))
            return;
        if (kept < 19) {
            number.digits = number.digits * 10 + static_cast<std::uint64_t>(*p - '0');
            kept += number.digits != 0;
            number.exponent -= fraction;
        } else {
            number.exponent += !fraction;
        }
    }
}

} // namespace text_detail

[[gnu::always_inline]] inline DecimalText scanDecimal(const char *p, const char *end, char decimal)
{
    DecimalText number;
    if (p == end)
        return number;
    // Signs of samples are as good as random: no branch on them.
    number.negative = *p == '-';
    p += static_cast<int>(number.negative) | static_cast<int>(*p == '+');
    const char *const first = p;
    p = text_detail::scanDigits(p, end, number.digits);
    std::ptrdiff_t digits = p - first;
    if (p != end && *p == decimal) {
        const char *const fraction = ++p;
        p = text_detail::scanDigits(p, end, number.digits);
        number.exponent = -static_cast<int>(std::min<std::ptrdiff_t>(p - fraction, 1 << 20));
        digits += p - fraction;
    }
    if (digits == 0)
        return number;
    if (digits > 19)
        text_detail::scanLongDigits(first, p, decimal, number);
    if (p != end && (*p | 0x20) == 'e') {
        const char *q = p + 1;
        const bool negative = q != end && *q == '-';
        if (q != end && (*q == '-' || *q == '+'))
            ++q;
        const char *const exponentDigits = q;
        int exponent = 0;
        for (; q != end && text_detail::isDigit(*q); ++q)
            exponent = std::min(exponent * 10 + (*q - '0'), 1 << 20);
        if (q != exponentDigits) {
            number.exponent += negative ? -exponent : exponent;
            p = q;
        }
    }
    number.end = p;
    return number;
}

/** Within two units in the last place of a double: a sample that is kept as float is not moved by that. */
inline double toDouble(const DecimalText &number)
{
    static constexpr double powers[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                          1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    auto value = static_cast<double>(number.digits);
    if (number.exponent < 0 && number.exponent >= -22)
        value /= powers[-number.exponent];
    else if (number.exponent > 0 && number.exponent <= 22)
        value *= powers[number.exponent];
    else if (number.exponent != 0 && number.digits != 0) {
        // Rare: let the library assemble it.
        char text[48];
        const int exponent = std::max(-9999, std::min(9999, number.exponent));
        char *q = text;
        char reversed[20];
        int count = 0;
        for (std::uint64_t rest = number.digits; rest != 0; rest /= 10)
            reversed[count++] = static_cast<char>('0' + rest % 10);
        while (count > 0)
            *q++ = reversed[--count];
        *q++ = 'e';
        *q++ = exponent < 0 ? '-' : '+';
        const int magnitude = exponent < 0 ? -exponent : exponent;
        for (const int divisor : {1000, 100, 10, 1})
            *q++ = static_cast<char>('0' + magnitude / divisor % 10);
        fast_float::from_chars(text, q, value);
    }
    return std::copysign(value, number.negative ? -1.0 : 1.0);
}

/**
 * number · 10^unitExponent as a whole number, rounded half away from zero; exact for every digit that matters, never
 * through a double. `fits` is false where it does not fit into 64 bits.
 */
inline Nanos toWhole(const DecimalText &number, int unitExponent, bool &fits)
{
    const int exponent = number.exponent + unitExponent;
    std::uint64_t value = number.digits;
    if (value == 0)
        return 0;
    if (exponent > 0) {
        if (exponent > 19 || __builtin_mul_overflow(value, kPowersOfTen[exponent], &value)) {
            fits = false;
            return 0;
        }
    } else if (exponent < 0) {
        if (exponent < -19)
            return 0;
        const std::uint64_t divisor = kPowersOfTen[-exponent];
        const std::uint64_t rest = value % divisor;
        value = value / divisor + (rest >= divisor - rest);
    }
    // Half the range is refused: differences of two times must not overflow either.
    if (value > static_cast<std::uint64_t>(std::numeric_limits<Nanos>::max() / 2)) {
        fits = false;
        return 0;
    }
    return number.negative ? -static_cast<Nanos>(value) : static_cast<Nanos>(value);
}

/** What loggers write in place of a number: "", NaN, NULL, NA, N/A, #N/A, none, nil, -, inf, 1.#IND, … in either case. */
bool isMissingWord(std::string_view field);

} // namespace kino
