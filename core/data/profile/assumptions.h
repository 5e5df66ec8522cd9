// Which setting of a draft an assumption of a guess is about, so that a person who changes or confirms that one settles it and
// no other. Pure functions.
#pragma once

#include <cstddef>
#include <vector>

namespace kino {

struct ProfileDraft;

enum class GuessField { cut, timeColumn, timeUnit, rate, kind, unit, noSensor };

struct GuessConcern {
    GuessField field = GuessField::cut;
    /** Of a kind and a unit: the columns of the sensor. */
    std::vector<std::size_t> columns;

    friend bool operator==(const GuessConcern &, const GuessConcern &) = default;
};

/** Whether `now` still says what was `guessed` there. */
bool stillStands(const GuessConcern &concern, const ProfileDraft &guessed, const ProfileDraft &now);
/** Whether who confirms the one has seen the other: the same field, of a column at least. */
bool settles(const GuessConcern &confirmed, const GuessConcern &concern);

} // namespace kino
