#include "core/base/nearest_word.h"

#include <algorithm>

namespace kino {
namespace {

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
std::size_t typingMistakes(const std::string &a, const std::string &b)
{
    std::vector<std::vector<std::size_t>> counts(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t k = 0; k <= b.size(); ++k) {
            if (i == 0 || k == 0) {
                counts[i][k] = i + k;
                continue;
            }
            const std::size_t replaced = counts[i - 1][k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
            counts[i][k] = std::min({counts[i - 1][k] + 1, counts[i][k - 1] + 1, replaced});
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                counts[i][k] = std::min(counts[i][k], counts[i - 2][k - 2] + 1);
        }
    }
    return counts[a.size()][b.size()];
}

} // namespace

std::string nearestWord(const std::string &typed, const std::vector<std::string> &words)
{
    constexpr std::size_t kLongestTyped = 40;
    if (typed.size() > kLongestTyped)
        return {};
    std::string nearest;
    std::size_t least = std::max<std::size_t>(1, typed.size() / 3) + 1;
    for (const std::string &word : words) {
        if (const std::size_t mistakes = typingMistakes(typed, word); mistakes < least) {
            least = mistakes;
            nearest = word;
        }
    }
    return nearest;
}

} // namespace kino
