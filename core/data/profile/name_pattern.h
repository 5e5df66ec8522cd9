// Patterns on paths that a person can write without knowing regular expressions, and texts made from what they caught.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

using Captures = std::map<std::string, std::string>;

/**
 * "{subject}/run_{run:#}_{device:phone|watch}.csv" matches the last components of a path:
 * `{name}` catches one or more characters but '/', `{name:#}` digits only, `{name:a|b|}` one of these texts (an empty
 * one makes it optional), `{name:*}` anything, also nothing; a name that comes twice must catch the same text twice.
 * `*` and `?` pass over characters without catching them. Letters match in either case.
 */
class NamePattern {
public:
    /** Throws Error saying what is wrong with the pattern. */
    explicit NamePattern(std::string_view text);

    struct Match {
        Captures captures;
        std::filesystem::path base; // the path above the matched components
    };

    /** Captures already known must come out the same. */
    std::optional<Match> match(const std::filesystem::path &path, const Captures &known = {}) const;
    /** Existing files below `base` that match, found without listing folders that cannot hold one. Sorted bytewise. */
    std::vector<std::pair<std::filesystem::path, Captures>> find(const std::filesystem::path &base,
                                                                 const Captures &known = {}) const;

    const std::string &text() const { return m_text; }
    std::vector<std::string> captureNames() const;
    /** How many characters it fixes: the more, the more surely a file that matches is what the pattern means. */
    std::size_t fixedCharacters() const;

private:
    struct Token {
        enum class Kind { literal, anyCharacter, anything, text, digits, choice };
        Kind kind = Kind::literal;
        std::string literal;
        std::string name; // of the capture; empty: not caught
        std::vector<std::string> choices;
    };
    using Component = std::vector<Token>;

    struct Search;
    static bool matchComponent(const Component &component, std::string_view text, Captures &captures);

    std::string m_text;
    std::vector<Component> m_components;
};

/** Whether every "{name}" of the text is one of `names`; otherwise the first that is not. */
std::optional<std::string> unknownName(std::string_view text, std::span<const std::string> names);

/** Whether every "{name}" of the text was caught. */
bool canFillIn(std::string_view text, const Captures &captures);

/** Replaces every "{name}" by what was caught; an unknown one by nothing. */
std::string fillIn(std::string_view text, const Captures &captures);

} // namespace kino
