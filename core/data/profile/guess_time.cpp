#include "core/data/profile/guess_time.h"

#include "core/data/table/column_names.h"

#include <cmath>

namespace kino {
namespace {

struct Era {
    const char *unit;
    double perSecond;
};

/** The unit in which the value is a wall clock between 1990 and 2100, counted from 1970; nullptr where it is none. */
const Era *wallClockOf(double value, std::string_view unit)
{
    static constexpr Era kEras[] = {{"s", 1}, {"ms", 1e3}, {"us", 1e6}, {"ns", 1e9}};
    for (const Era &era : kEras) {
        if (value > 6.3e8 * era.perSecond && value < 4.2e9 * era.perSecond && (unit.empty() || unit == era.unit))
            return &era;
    }
    return nullptr;
}

struct Steps {
    std::size_t up = 0;
    std::size_t down = 0;
    std::size_t same = 0;

    explicit Steps(const SniffedColumn &column)
    {
        for (std::size_t i = 1; i < column.values.size(); ++i) {
            up += column.values[i] > column.values[i - 1];
            down += column.values[i] < column.values[i - 1];
            same += column.values[i] == column.values[i - 1];
        }
    }
    bool isAscending() const { return up > 0 && down * 50 <= up; }
};

class TimeGuess {
public:
    explicit TimeGuess(const SniffedTable &table) : m_table(table) {}

    GuessedTime make()
    {
        std::optional<std::size_t> best;
        Rank bestRank = Rank::none;
        std::vector<std::size_t> others;
        std::vector<std::string> unusable;
        for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
            const Rank rank = rankOf(i);
            const bool isNamed = timeName(m_table.columns[i].name).isTime;
            if (rank >= Rank::coarse && (isNamed || m_table.columns[i].isIsoTime))
                others.push_back(i);
            else if (isNamed)
                unusable.push_back("the column '" + columnTitle(m_table, i) + "' cannot be the time: " + whyNoTime(i));
            if (rank > bestRank) {
                best = i;
                bestRank = rank;
            }
        }
        if (!best)
            return withoutTimes(unusable);
        m_guess.columns = {*best};
        for (const std::size_t other : others) {
            if (other == *best)
                continue;
            m_guess.columns.push_back(other);
            assume(1, "'" + columnTitle(m_table, other) + "' holds times, too; those of '" + columnTitle(m_table, *best)
                          + "' were taken and it was left out",
                   GuessField::timeColumn);
        }
        for (const std::string &text : unusable)
            assume(0.95, text + "; '" + columnTitle(m_table, *best) + "' is taken for it", GuessField::timeColumn);
        take(*best, bestRank);
        return std::move(m_guess);
    }

private:
    /** From least to most sure. */
    enum class Rank { none, unnamed, coarse, named, namedWithUnit, wallClock };

    void assume(double factor, std::string what, GuessField field) { m_guess.assumptions.push_back({factor, std::move(what), field}); }

    double usual(std::size_t i) const { return quantileOfFinite(m_table.columns[i].values, 0.5); }

    Rank rankOf(std::size_t i) const
    {
        const SniffedColumn &column = m_table.columns[i];
        if (column.isIsoTime) {
            // At most 50 texts are kept.
            const std::size_t different = 2 * column.texts.size();
            return different > std::min<std::size_t>(m_table.rowsSeen, 50) ? Rank::wallClock : Rank::coarse;
        }
        const Steps steps(column);
        if (!column.isNumber || (m_table.rowsSeen > 1 && !steps.isAscending()))
            return Rank::none;
        const TimeName name = timeName(column.name);
        if (!name.isTime)
            return column.name.empty() && m_table.rowsSeen > 3 ? Rank::unnamed : Rank::none;
        if (wallClockOf(usual(i), name.unit))
            return steps.same <= steps.up ? Rank::wallClock : Rank::coarse;
        return name.unit.empty() ? Rank::named : Rank::namedWithUnit;
    }

    std::string whyNoTime(std::size_t i) const
    {
        const SniffedColumn &column = m_table.columns[i];
        if (!column.isNumber && column.texts.empty())
            return "it is empty";
        if (!column.isNumber)
            return "it holds texts such as '" + column.texts.front()
                   + "' that are neither numbers nor dates of ISO 8601 (a profile can say how its dates are written)";
        const Steps steps(column);
        if (steps.up == 0 && steps.down == 0)
            return "it says the same in every row";
        return "its values do not rise from row to row (" + std::to_string(steps.down) + " of the first "
               + std::to_string(m_table.rowsSeen) + " go back)";
    }

    GuessedTime withoutTimes(const std::vector<std::string> &unusable)
    {
        m_guess.json = {{"rate_hz", 100}};
        std::string why;
        for (const std::string &text : unusable)
            why += text + "; ";
        assume(0.4, (why.empty() ? "there is no column of times; " : why)
                        + "100 samples a second are assumed, which is very likely wrong: write the true rate",
               GuessField::rate);
        return std::move(m_guess);
    }

    void take(std::size_t index, Rank rank)
    {
        const SniffedColumn &column = m_table.columns[index];
        m_guess.json["column"] = columnJson(m_table, index);
        if (column.isIsoTime) {
            m_guess.json["unit"] = "iso8601";
            return;
        }
        if (rank == Rank::unnamed)
            assume(0.8, columnTitle(m_table, index) + " rises from row to row, so it is taken for the time", GuessField::timeColumn);
        std::vector<double> steps;
        for (std::size_t i = 1; i < column.values.size(); ++i)
            steps.push_back(column.values[i] - column.values[i - 1]);
        std::erase_if(steps, [](double step) { return !(step > 0); });
        takeUnit(index, timeName(column.name).unit, quantileOfFinite(steps, 0.5));
    }

    void takeUnit(std::size_t index, const std::string &unit, double step)
    {
        const SniffedColumn &column = m_table.columns[index];
        nlohmann::json &time = m_guess.json;
        const std::string title = columnTitle(m_table, index);
        if (const Era *era = wallClockOf(usual(index), unit)) {
            time["unit"] = era->unit;
            time["epoch"] = "unix";
            if (unit.empty())
                assume(0.95, "the times of '" + title + "' are taken as " + era->unit + " since 1970", GuessField::timeUnit);
            return;
        }
        if (!unit.empty()) {
            time["unit"] = unit;
            return;
        }
        if (column.isWhole && step == 1 && std::abs(usual(index)) < 1e9) {
            time["unit"] = "samples";
            time["rate_hz"] = 100;
            assume(0.4, "'" + title + "' counts samples; 100 a second are assumed, which is very likely wrong: write the "
                                      "true rate",
                   GuessField::rate);
            return;
        }
        // A rate between 2 and 2000 Hz decides; where two units give one, whole numbers are no seconds.
        const char *guessed = "s";
        if (step >= 2e5)
            guessed = "ns";
        else if (step >= 600)
            guessed = "us";
        else if (step >= 0.6)
            guessed = "ms";
        time["unit"] = guessed;
        assume(0.8, "the steps of '" + title + "' look like " + guessed + ", so that is its assumed unit", GuessField::timeUnit);
    }

    const SniffedTable &m_table;
    GuessedTime m_guess;
};

} // namespace

double quantileOfFinite(std::vector<double> values, double part)
{
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

std::string columnTitle(const SniffedTable &table, std::size_t column)
{
    const std::string &name = table.columns[column].name;
    return name.empty() ? "column " + std::to_string(column + 1) : name;
}

nlohmann::json columnJson(const SniffedTable &table, std::size_t column)
{
    const std::string &name = table.columns[column].name;
    const auto same = std::ranges::count(table.columns, name, &SniffedColumn::name);
    if (name.empty() || same > 1)
        return column + 1;
    return name;
}

GuessedTime guessTime(const SniffedTable &table) { return TimeGuess(table).make(); }

} // namespace kino
