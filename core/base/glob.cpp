#include "core/base/glob.h"

#include <algorithm>
#include <string>

namespace kino {
namespace {

namespace fs = std::filesystem;

std::vector<std::string_view> partsOf(std::string_view path)
{
    std::vector<std::string_view> parts;
    for (std::size_t from = 0; from <= path.size();) {
        const std::size_t to = std::min(path.find('/', from), path.size());
        if (to > from)
            parts.push_back(path.substr(from, to - from));
        from = to + 1;
    }
    return parts;
}

/** One part; the place of the last `*` is remembered, so that no pattern takes longer than the product of the lengths.
 */
bool matchesPart(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0, star = std::string_view::npos, after = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            after = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++after;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

bool hasWildcard(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

} // namespace

bool matchesGlob(std::string_view pattern, std::string_view path)
{
    const std::vector<std::string_view> patterns = partsOf(pattern), parts = partsOf(path);
    // matched[j]: the patterns so far match the first j parts.
    std::vector<bool> matched(parts.size() + 1, false);
    matched[0] = true;
    for (const std::string_view one : patterns) {
        std::vector<bool> next(parts.size() + 1, false);
        for (std::size_t j = 0; j <= parts.size(); ++j) {
            if (one == "**")
                next[j] = matched[j] || (j > 0 && next[j - 1]);
            else
                next[j] = j > 0 && matched[j - 1] && matchesPart(one, parts[j - 1]);
        }
        matched = std::move(next);
    }
    return matched[parts.size()];
}

std::vector<fs::path> expandGlob(const fs::path &base, std::string_view pattern)
{
    const fs::path whole = (base / fs::path(pattern)).lexically_normal();
    std::error_code code;
    std::vector<fs::path> found;
    if (!hasWildcard(pattern)) {
        if (fs::exists(whole, code))
            found.push_back(whole);
        return found;
    }
    fs::path root;
    for (const fs::path &part : whole) {
        if (hasWildcard(part.string()))
            break;
        root /= part;
    }
    const std::string text = whole.generic_string();
    for (fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, code), end;
         !code && at != end; at.increment(code)) {
        if (matchesGlob(text, at->path().generic_string()))
            found.push_back(at->path());
    }
    std::ranges::sort(found, {}, [](const fs::path &path) { return path.string(); });
    return found;
}

} // namespace kino
