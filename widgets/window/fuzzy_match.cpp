#include "widgets/window/fuzzy_match.h"

#include <algorithm>

namespace kino {
namespace {

constexpr int kLetter = 10;
constexpr int kWordStart = 14;
constexpr int kNeighbour = 16;
constexpr int kFirst = 8;
constexpr int kNever = -1'000'000;

bool beginsWord(const QString &name, qsizetype at)
{
    return at == 0 || (!name[at - 1].isLetterOrNumber() && name[at].isLetterOrNumber()) || (name[at].isUpper() && name[at - 1].isLower());
}

} // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString &typed, const QString &name)
{
    QString letters;
    for (const QChar letter : typed) {
        if (!letter.isSpace())
            letters += letter.toLower();
    }
    if (letters.isEmpty())
        return FuzzyMatch{};
    const auto rows = static_cast<std::size_t>(letters.size());
    const auto columns = static_cast<std::size_t>(name.size());
    if (rows > columns)
        return std::nullopt;
    // best[row][column]: the best score with letter `row` found at `column`; a dynamic programme, as names are short.
    std::vector<std::vector<int>> best(rows, std::vector<int>(columns, kNever));
    std::vector<std::vector<int>> cameFrom(rows, std::vector<int>(columns, -1));
    for (std::size_t row = 0; row < rows; ++row) {
        int bestBefore = row == 0 ? 0 : kNever;
        int bestBeforeAt = -1;
        for (std::size_t column = 0; column < columns; ++column) {
            const auto at = static_cast<qsizetype>(column);
            if (row > 0 && column > 0 && best[row - 1][column - 1] > bestBefore) {
                bestBefore = best[row - 1][column - 1];
                bestBeforeAt = static_cast<int>(column) - 1;
            }
            if (name[at].toLower() != letters[static_cast<qsizetype>(row)] || bestBefore == kNever)
                continue;
            const int here = kLetter + (beginsWord(name, at) ? kWordStart : 0) + (at == 0 ? kFirst : 0);
            best[row][column] = bestBefore + here;
            cameFrom[row][column] = bestBeforeAt;
            if (row > 0 && column > 0 && best[row - 1][column - 1] > kNever && best[row - 1][column - 1] + here + kNeighbour > best[row][column]) {
                best[row][column] = best[row - 1][column - 1] + here + kNeighbour;
                cameFrom[row][column] = static_cast<int>(column) - 1;
            }
        }
    }
    const auto last = std::ranges::max_element(best.back());
    if (*last == kNever)
        return std::nullopt;
    FuzzyMatch match{*last - static_cast<int>(columns) / 4, {}};
    int at = static_cast<int>(last - best.back().begin());
    for (std::size_t row = rows; row-- > 0;) {
        match.positions.push_back(at);
        at = cameFrom[row][static_cast<std::size_t>(at)];
    }
    std::ranges::reverse(match.positions);
    return match;
}

} // namespace kino
