#include "core/jobs/report/markup.h"

#include "core/base/utf8.h"

namespace kino::report {

std::string escapedMarkup(std::string_view text)
{
    constexpr std::string_view kReplacement = "\xef\xbf\xbd";
    const std::string valid = validUtf8(std::string(text));
    std::string escaped;
    escaped.reserve(valid.size());
    for (std::size_t at = 0; at < valid.size(); ++at) {
        const char c = valid[at];
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\t':
        case '\n': escaped += c; break;
        default:
            // U+FFFE and U+FFFF are UTF-8 and yet no text.
            if (const std::string_view three = std::string_view(valid).substr(at, 3); three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {
                escaped += kReplacement;
                at += 2;
            } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                escaped += kReplacement;
            } else {
                escaped += c;
            }
        }
    }
    return escaped;
}

void Markup::begin(const char *tag, Attributes attributes)
{
    m_text += '<';
    m_text += tag;
    for (const auto &[name, value] : attributes) {
        m_text += ' ';
        m_text += name;
        m_text += "=\"" + escapedMarkup(value) + '"';
    }
}

Markup &Markup::open(const char *tag, Attributes attributes)
{
    begin(tag, attributes);
    m_text += '>';
    return *this;
}

Markup &Markup::close(const char *tag)
{
    m_text += "</";
    m_text += tag;
    m_text += '>';
    return *this;
}

Markup &Markup::text(std::string_view text)
{
    m_text += escapedMarkup(text);
    return *this;
}

Markup &Markup::element(const char *tag, std::string_view inside, Attributes attributes) { return open(tag, attributes).text(inside).close(tag); }

Markup &Markup::empty(const char *tag, Attributes attributes)
{
    begin(tag, attributes);
    m_text += "/>";
    return *this;
}

Markup &Markup::raw(std::string_view markup)
{
    m_text += markup;
    return *this;
}

Markup &Markup::line()
{
    m_text += '\n';
    return *this;
}

} // namespace kino::report
