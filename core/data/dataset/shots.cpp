#include "core/data/dataset/shots.h"

#include "core/base/random.h"

#include <algorithm>
#include <map>
#include <set>

namespace kino {
namespace {

/** Names this use of the seed. */
constexpr std::uint64_t kShotStream = 0x73686f7473ULL;

/** FNV-1a: the same on every machine. */
std::uint64_t numberOf(const std::string &name)
{
    std::uint64_t number = 0xcbf29ce484222325ULL;
    for (const char c : name)
        number = (number ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return number;
}

} // namespace

Shots drawShots(const WindowTable &table, const ShotRule &rule, std::uint64_t seed)
{
    // What is drawn as one: a window, or all windows of a bout; in the order of their first windows.
    std::vector<std::vector<std::vector<std::uint32_t>>> unitsOf(table.classes.size());
    std::vector<std::map<std::int32_t, std::size_t>> unitOfBout(table.classes.size());
    for (const std::uint32_t place : table.rowsOf(SplitPart::train)) {
        const WindowRow &row = table.rows[place];
        if (row.label < 0)
            continue;
        auto &units = unitsOf[static_cast<std::size_t>(row.label)];
        if (rule.unit == ShotUnit::bouts && row.bout >= 0) {
            const auto [known, isNew] = unitOfBout[static_cast<std::size_t>(row.label)].try_emplace(row.bout, units.size());
            if (!isNew) {
                units[known->second].push_back(place);
                continue;
            }
        }
        units.push_back({place});
    }
    Shots shots;
    for (std::size_t label = 0; label < unitsOf.size(); ++label) {
        auto &units = unitsOf[label];
        if (units.empty())
            continue;
        RandomStream(seed).split(kShotStream).split(numberOf(table.classes[label])).shuffle(std::span(units));
        units.resize(std::min(units.size(), rule.count));
        ClassShots counted{table.classes[label], 0, 0};
        std::set<std::int32_t> bouts;
        for (const auto &unit : units) {
            counted.windows += unit.size();
            for (const std::uint32_t place : unit) {
                const std::int32_t bout = table.rows[place].bout;
                if (bout < 0 || bouts.insert(bout).second)
                    ++counted.bouts;
            }
            shots.rows.insert(shots.rows.end(), unit.begin(), unit.end());
        }
        shots.classes.push_back(std::move(counted));
    }
    std::ranges::sort(shots.rows);
    return shots;
}

} // namespace kino
