// Text of HTML that is well-formed XML, too, made piece by piece: whatever is put in as text or attribute is escaped here. Values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace kino::report {

/** & < > " as entities; bytes that are no UTF-8 and characters that XML does not allow become U+FFFD. */
std::string escapedMarkup(std::string_view text);

class Markup {
public:
    using Attributes = std::initializer_list<std::pair<const char *, std::string>>;

    Markup &open(const char *tag, Attributes attributes = {});
    Markup &close(const char *tag);
    Markup &text(std::string_view text);
    /** open, text, close */
    Markup &element(const char *tag, std::string_view text, Attributes attributes = {});
    /** <tag …/> */
    Markup &empty(const char *tag, Attributes attributes = {});
    /** Our own, well-formed already. */
    Markup &raw(std::string_view markup);
    Markup &line();

    const std::string &string() const { return m_text; }

private:
    void begin(const char *tag, Attributes attributes);
    std::string m_text;
};

} // namespace kino::report
