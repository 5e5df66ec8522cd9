#include "core/data/profile/name_pattern.h"

#include "core/base/error.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool equalLetters(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

} // namespace

/** Backtracking with a budget: a pattern of many stars cannot keep the program busy. */
struct NamePattern::Search {
    const Component &component;
    Captures &captures;
    std::size_t steps = 0;

    bool run(std::size_t token, std::string_view rest)
    {
        if (++steps > 100'000)
            return false;
        if (token == component.size())
            return rest.empty();
        const Token &t = component[token];
        switch (t.kind) {
        case Token::Kind::literal:
            return equalLetters(rest.substr(0, t.literal.size()), t.literal)
                   && run(token + 1, rest.substr(t.literal.size()));
        case Token::Kind::anyCharacter: return !rest.empty() && run(token + 1, rest.substr(1));
        case Token::Kind::choice:
            return std::ranges::any_of(t.choices, [&](const std::string &choice) {
                return equalLetters(rest.substr(0, choice.size()), choice) && take(token, rest, choice.size());
            });
        case Token::Kind::anything:
        case Token::Kind::text:
        case Token::Kind::digits: break;
        }
        // The longest run first: "{subject}_{trial}" of "a_b_1" gives "a_b" and "1".
        const std::size_t least = t.kind == Token::Kind::anything ? 0 : 1;
        std::size_t most = rest.size();
        if (t.kind == Token::Kind::digits) {
            most = 0;
            while (most < rest.size() && rest[most] >= '0' && rest[most] <= '9')
                ++most;
        }
        for (std::size_t length = most + 1; length-- > least;) {
            if (take(token, rest, length))
                return true;
        }
        return false;
    }

    bool take(std::size_t token, std::string_view rest, std::size_t length)
    {
        const std::string &name = component[token].name;
        if (name.empty())
            return run(token + 1, rest.substr(length));
        const auto [entry, isNew] = captures.try_emplace(name, rest.substr(0, length));
        if (!isNew && entry->second != rest.substr(0, length))
            return false;
        if (run(token + 1, rest.substr(length)))
            return true;
        if (isNew)
            captures.erase(name);
        return false;
    }
};

NamePattern::NamePattern(std::string_view text) : m_text(text)
{
    if (text.empty())
        throw Error("a file pattern is empty");
    if (text.size() > 1000)
        throw Error("a file pattern is longer than 1000 characters");
    const auto fail = [&](std::string_view why) { throw Error("in the pattern '" + m_text + "' " + std::string(why)); };
    m_components.emplace_back();
    for (std::size_t i = 0; i < text.size(); ++i) {
        Component &component = m_components.back();
        const char c = text[i];
        if (c == '/') {
            if (component.empty())
                fail("a folder name is empty; it must not begin with '/' or hold '//'");
            m_components.emplace_back();
        } else if (c == '*') {
            component.push_back({Token::Kind::anything, {}, {}, {}});
        } else if (c == '?') {
            component.push_back({Token::Kind::anyCharacter, {}, {}, {}});
        } else if (c == '{') {
            const std::size_t close = text.find('}', i);
            if (close == std::string_view::npos)
                fail("a '{' is not closed");
            const std::string_view inside = text.substr(i + 1, close - i - 1);
            const std::size_t colon = inside.find(':');
            Token token{Token::Kind::text, {}, std::string(inside.substr(0, colon)), {}};
            if (token.name.empty() || token.name.find_first_of("{/*?") != std::string::npos)
                fail("a '{…}' has no name");
            if (colon != std::string_view::npos) {
                const std::string_view rule = inside.substr(colon + 1);
                if (rule == "#") {
                    token.kind = Token::Kind::digits;
                } else if (rule == "*") {
                    token.kind = Token::Kind::anything;
                } else {
                    token.kind = Token::Kind::choice;
                    for (std::size_t from = 0; from <= rule.size();) {
                        const std::size_t bar = std::min(rule.find('|', from), rule.size());
                        token.choices.emplace_back(rule.substr(from, bar - from));
                        from = bar + 1;
                    }
                    // Longest first, so that "a" does not hide "ab".
                    std::ranges::stable_sort(token.choices, std::greater(), &std::string::size);
                }
            }
            component.push_back(std::move(token));
            i = close;
        } else if (c == '}') {
            fail("a '}' has no '{'");
        } else if (!component.empty() && component.back().kind == Token::Kind::literal) {
            component.back().literal += c;
        } else {
            component.push_back({Token::Kind::literal, std::string(1, c), {}, {}});
        }
    }
    if (m_components.back().empty())
        fail("the file name is missing behind the last '/'");
    if (m_components.size() > 8)
        fail("there are more than 8 folder levels");
}

bool NamePattern::matchComponent(const Component &component, std::string_view text, Captures &captures)
{
    if (component.size() == 1 && component[0].kind == Token::Kind::literal && component[0].literal == "..")
        return false;
    Search search{component, captures};
    return search.run(0, text);
}

std::optional<NamePattern::Match> NamePattern::match(const fs::path &path, const Captures &known) const
{
    Match match{known, path};
    for (std::size_t i = m_components.size(); i-- > 0;) {
        if (!match.base.has_filename()
            || !matchComponent(m_components[i], match.base.filename().native(), match.captures))
            return std::nullopt;
        match.base = match.base.parent_path();
    }
    return match;
}

std::vector<std::pair<fs::path, Captures>> NamePattern::find(const fs::path &base, const Captures &known) const
{
    std::vector<std::pair<fs::path, Captures>> level{{base, known}};
    for (std::size_t i = 0; i < m_components.size(); ++i) {
        const bool isLast = i + 1 == m_components.size();
        const Component &component = m_components[i];
        std::vector<std::pair<fs::path, Captures>> next;
        for (const auto &entry : level) {
            const fs::path &folder = entry.first;
            const Captures &captures = entry.second;
            const bool isFixed = std::ranges::all_of(component, [&](const Token &token) {
                return token.kind == Token::Kind::literal || (!token.name.empty() && captures.contains(token.name));
            });
            std::error_code problem;
            if (isFixed) {
                std::string name;
                for (const Token &token : component)
                    name += token.kind == Token::Kind::literal ? token.literal : captures.at(token.name);
                const fs::path path = folder / name;
                if (isLast ? fs::is_regular_file(path, problem) : fs::is_directory(path, problem)) {
                    next.emplace_back(path, captures);
                    continue;
                }
                if (name == "..")
                    continue;
            }
            // Not there letter by letter, or not fixed: look at what is there.
            for (fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, problem), end;
                 !problem && it != end; it.increment(problem)) {
                std::error_code ignored;
                if (isLast ? !it->is_regular_file(ignored) : !it->is_directory(ignored))
                    continue;
                Captures found = captures;
                if (matchComponent(component, it->path().filename().native(), found))
                    next.emplace_back(it->path(), std::move(found));
            }
        }
        level = std::move(next);
    }
    std::ranges::sort(level, {}, [](const auto &entry) { return entry.first.native(); });
    return level;
}

std::vector<std::string> NamePattern::captureNames() const
{
    std::vector<std::string> names;
    for (const Component &component : m_components) {
        for (const Token &token : component) {
            if (!token.name.empty() && std::ranges::find(names, token.name) == names.end())
                names.push_back(token.name);
        }
    }
    return names;
}

std::size_t NamePattern::fixedCharacters() const
{
    std::size_t count = 0;
    for (const Component &component : m_components) {
        for (const Token &token : component) {
            count += token.literal.size();
            if (token.kind == Token::Kind::choice)
                count += token.choices.back().size() + 1;
            count += token.kind == Token::Kind::digits;
        }
    }
    return count + m_components.size() - 1;
}

std::optional<std::string> unknownName(std::string_view text, std::span<const std::string> names)
{
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        const std::string name(text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1));
        if (close == std::string_view::npos || std::ranges::find(names, name) == names.end())
            return name;
    }
    return std::nullopt;
}

bool canFillIn(std::string_view text, const Captures &captures)
{
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        if (close != std::string_view::npos && !captures.contains(std::string(text.substr(open + 1, close - open - 1))))
            return false;
    }
    return true;
}

std::string fillIn(std::string_view text, const Captures &captures)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t close = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
        if (close == std::string_view::npos) {
            out += text[i];
            continue;
        }
        const auto found = captures.find(std::string(text.substr(i + 1, close - i - 1)));
        if (found != captures.end())
            out += found->second;
        i = close;
    }
    return out;
}

} // namespace kino
