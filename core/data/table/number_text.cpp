#include "core/data/table/number_text.h"

#include <algorithm>

namespace kino {

bool isMissingWord(std::string_view field)
{
    static constexpr std::string_view kWords[] = {"",     "nan",  "-nan", "null", "na",       "n/a",       "#n/a",     "none",
                                                  "nil",  "-",    "--",   "inf",  "-inf",     "+inf",      "infinity", "-infinity",
                                                  "1.#ind", "-1.#ind", "1.#inf", "-1.#inf", "1.#qnan", "-1.#qnan"};
    return std::ranges::any_of(kWords, [&](std::string_view word) {
        return std::ranges::equal(field, word, [](char x, char y) {
            return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y;
        });
    });
}

} // namespace kino
