#include "core/data/table/wall_time.h"

#include "core/data/table/trimmed.h"

#include <chrono>
#include <cstdio>

namespace kino {
namespace {

/** Reads characters from the front of a text. */
class Cursor {
public:
    explicit Cursor(std::string_view text) : m_text(text) {}

    bool atEnd() const { return m_text.empty(); }
    char peek() const { return m_text.empty() ? '\0' : m_text.front(); }
    bool take(char c)
    {
        if (peek() != c || m_text.empty())
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    /** At least one and at most `most` digits. */
    std::optional<int> number(std::size_t most, std::size_t least = 1)
    {
        std::size_t count = 0;
        int value = 0;
        while (count < most && count < m_text.size() && m_text[count] >= '0' && m_text[count] <= '9')
            value = value * 10 + (m_text[count++] - '0');
        if (count < least)
            return std::nullopt;
        m_text.remove_prefix(count);
        return value;
    }
    /** The digits behind a decimal sign, as nanoseconds; digits past the ninth are cut off. */
    std::optional<Nanos> decimals()
    {
        Nanos value = 0;
        int count = 0;
        while (!m_text.empty() && m_text.front() >= '0' && m_text.front() <= '9') {
            if (count < 9)
                value = value * 10 + (m_text.front() - '0');
            ++count;
            m_text.remove_prefix(1);
        }
        if (count == 0)
            return std::nullopt;
        for (; count < 9; ++count)
            value *= 10;
        return value;
    }
    /** Z, ±hh, ±hhmm or ±hh:mm as nanoseconds east of UTC. */
    std::optional<Nanos> zone()
    {
        if (take('Z') || take('z'))
            return 0;
        const bool west = peek() == '-';
        if (!take('-') && !take('+'))
            return std::nullopt;
        const auto hours = number(2, 2);
        take(':');
        const auto minutes = number(2, 2);
        if (!hours || *hours > 18 || minutes.value_or(0) > 59)
            return std::nullopt;
        const Nanos offset = (Nanos{*hours} * 3600 + Nanos{minutes.value_or(0)} * 60) * kNanosPerSecond;
        return west ? -offset : offset;
    }
    void skipBlanks()
    {
        while (peek() == ' ' || peek() == '\t')
            m_text.remove_prefix(1);
    }
    bool takeLetters(std::string_view lower)
    {
        if (m_text.size() < lower.size())
            return false;
        for (std::size_t i = 0; i < lower.size(); ++i) {
            if ((m_text[i] | 0x20) != lower[i])
                return false;
        }
        m_text.remove_prefix(lower.size());
        return true;
    }

private:
    std::string_view m_text;
};

struct Fields {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    Nanos fraction = 0;
    std::optional<int> dayOfYear;
    bool afternoon = false;
    bool twelveHours = false;
    std::optional<Nanos> zone;
};

std::optional<WallTime> assemble(const Fields &fields)
{
    using namespace std::chrono;
    const year_month_day date{year(fields.year), month(static_cast<unsigned>(fields.month)),
                              day(static_cast<unsigned>(fields.day))};
    if (fields.year < 1700 || fields.year > 2200 || !date.ok() || fields.hour > 24 || fields.minute > 59
        || fields.second > 60)
        return std::nullopt;
    auto days = Nanos{sys_days(date).time_since_epoch().count()};
    if (fields.dayOfYear)
        days += *fields.dayOfYear - 1;
    int hour = fields.hour;
    if (fields.twelveHours)
        hour = hour % 12 + (fields.afternoon ? 12 : 0);
    const Nanos seconds = days * 86400 + Nanos{hour} * 3600 + Nanos{fields.minute} * 60 + fields.second;
    return WallTime{seconds * kNanosPerSecond + fields.fraction - fields.zone.value_or(0), fields.zone.has_value()};
}

/** One field of a pattern; false where the text does not have it. */
bool readField(Cursor &cursor, char code, Fields &fields)
{
    const auto take = [&](int &field, std::size_t digits) {
        const auto value = cursor.number(digits);
        field = value.value_or(0);
        return value.has_value();
    };
    switch (code) {
    case 'Y': return take(fields.year, 4);
    case 'y': {
        const bool found = take(fields.year, 2);
        fields.year += fields.year < 70 ? 2000 : 1900;
        return found;
    }
    case 'm': return take(fields.month, 2);
    case 'd': return take(fields.day, 2);
    case 'H': return take(fields.hour, 2);
    case 'I': fields.twelveHours = true; return take(fields.hour, 2);
    case 'M': return take(fields.minute, 2);
    case 'S': return take(fields.second, 2);
    case 'j': {
        int day = 0;
        const bool found = take(day, 3);
        fields.dayOfYear = day;
        return found;
    }
    case 'f': {
        const auto fraction = cursor.decimals();
        fields.fraction = fraction.value_or(0);
        return fraction.has_value();
    }
    case 'z': fields.zone = cursor.zone(); return fields.zone.has_value();
    case 'p':
        fields.afternoon = cursor.peek() == 'P' || cursor.peek() == 'p';
        return cursor.takeLetters("am") || cursor.takeLetters("pm");
    case '%': return cursor.take('%');
    default: return false;
    }
}

} // namespace

std::optional<Nanos> parseUtcOffset(std::string_view text)
{
    Cursor cursor(text);
    const auto zone = cursor.zone();
    return cursor.atEnd() ? zone : std::nullopt;
}

std::optional<WallTime> parseIsoTime(std::string_view text)
{
    Cursor cursor(trimmed(text));
    Fields fields;
    const auto year = cursor.number(4, 4);
    if (!year || !cursor.take('-'))
        return std::nullopt;
    const auto month = cursor.number(2, 2);
    if (!month || !cursor.take('-'))
        return std::nullopt;
    const auto day = cursor.number(2, 2);
    if (!day)
        return std::nullopt;
    fields.year = *year;
    fields.month = *month;
    fields.day = *day;
    if (cursor.atEnd())
        return assemble(fields);
    if (!cursor.take('T') && !cursor.take('t') && !cursor.take(' '))
        return std::nullopt;
    const auto hour = cursor.number(2, 2);
    if (!hour || !cursor.take(':'))
        return std::nullopt;
    const auto minute = cursor.number(2, 2);
    if (!minute)
        return std::nullopt;
    fields.hour = *hour;
    fields.minute = *minute;
    if (cursor.take(':')) {
        const auto second = cursor.number(2, 2);
        if (!second)
            return std::nullopt;
        fields.second = *second;
        if (cursor.take('.') || cursor.take(',')) {
            const auto fraction = cursor.decimals();
            if (!fraction)
                return std::nullopt;
            fields.fraction = *fraction;
        }
    }
    cursor.skipBlanks();
    if (cursor.takeLetters("utc"))
        fields.zone = 0;
    if (!cursor.atEnd()) {
        fields.zone = cursor.zone();
        if (!fields.zone || !cursor.atEnd())
            return std::nullopt;
    }
    return assemble(fields);
}

std::optional<WallTime> parseWallTime(std::string_view text, std::string_view pattern)
{
    Cursor cursor(trimmed(text));
    Fields fields;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '%' && i + 1 < pattern.size()) {
            if (!readField(cursor, pattern[++i], fields))
                return std::nullopt;
        } else if (pattern[i] == ' ') {
            cursor.skipBlanks();
        } else if (!cursor.take(pattern[i])) {
            return std::nullopt;
        }
    }
    return cursor.atEnd() ? assemble(fields) : std::nullopt;
}

std::string isoText(Nanos epochNs)
{
    using namespace std::chrono;
    const sys_time<nanoseconds> time{nanoseconds(epochNs)};
    const auto midnight = floor<days>(time);
    const year_month_day date(midnight);
    const hh_mm_ss clock(floor<milliseconds>(time - midnight));
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text;
}

} // namespace kino
