// Text of tables and their sidecars without what surrounds it. Any thread.
#pragma once

#include <string_view>

namespace kino {

/** Without blanks, tabs and carriage returns at both ends; a part of `text` itself. */
inline std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kAround = " \t\r";
    const auto from = text.find_first_not_of(kAround);
    return from == std::string_view::npos ? std::string_view() : text.substr(from, text.find_last_not_of(kAround) - from + 1);
}

} // namespace kino
