#include "core/data/table/text_file.h"

#include "core/base/error.h"

#include <fstream>

namespace kino {
namespace {

constexpr std::size_t kLookedAtBytes = std::size_t{64} << 10;

enum class Encoding { utf8, utf16Little, utf16Big, singleCarriageReturns, binary };

bool startsWith(std::string_view bytes, std::string_view mark) { return bytes.substr(0, mark.size()) == mark; }

/** UTF-16 without a mark: plain text then has a zero in nearly every other byte. */
std::optional<Encoding> guessUtf16(std::string_view head)
{
    if (head.size() < 8)
        return std::nullopt;
    std::size_t zeros[2] = {0, 0};
    const std::size_t pairs = head.size() / 2;
    for (std::size_t i = 0; i < 2 * pairs; ++i)
        zeros[i & 1] += head[i] == '\0';
    if (zeros[1] * 10 > pairs * 8 && zeros[0] * 10 < pairs)
        return Encoding::utf16Little;
    if (zeros[0] * 10 > pairs * 8 && zeros[1] * 10 < pairs)
        return Encoding::utf16Big;
    return std::nullopt;
}

Encoding detect(std::string_view head)
{
    if (startsWith(head, "\xFF\xFE"))
        return Encoding::utf16Little;
    if (startsWith(head, "\xFE\xFF"))
        return Encoding::utf16Big;
    if (const auto utf16 = guessUtf16(head))
        return *utf16;
    // A logger that lost power leaves zeros behind; a binary file has them everywhere.
    std::string_view written = head;
    while (!written.empty() && written.back() == '\0')
        written.remove_suffix(1);
    if (written.empty() && !head.empty())
        return Encoding::binary;
    std::size_t controls = 0;
    for (const char c : written) {
        const auto byte = static_cast<unsigned char>(c);
        controls += byte < 32 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
    }
    if (controls * 20 > written.size())
        return Encoding::binary;
    if (head.find('\n') == std::string_view::npos && head.find('\r') != std::string_view::npos
        && head.find('\r') + 1 < head.size())
        return Encoding::singleCarriageReturns;
    return Encoding::utf8;
}

void appendUtf8(std::string &out, std::uint32_t point)
{
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0 | (point >> 6));
        out += static_cast<char>(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0 | (point >> 12));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (point >> 18));
        out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
    }
}

std::string fromUtf16(std::string_view bytes, Encoding encoding)
{
    const auto unit = [&](std::size_t i) -> std::uint32_t {
        const auto first = static_cast<unsigned char>(bytes[i]);
        const auto second = static_cast<unsigned char>(bytes[i + 1]);
        return encoding == Encoding::utf16Little ? first | second << 8 : first << 8 | second;
    };
    std::string out;
    out.reserve(bytes.size() / 2 + 16);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        std::uint32_t point = unit(i);
        if (point == 0xFEFF && i == 0)
            continue;
        if (point >= 0xD800 && point < 0xDC00 && i + 3 < bytes.size()) {
            const std::uint32_t low = unit(i + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        if (point >= 0xD800 && point < 0xE000)
            point = 0xFFFD;
        appendUtf8(out, point);
    }
    return out;
}

std::string withNewlines(std::string_view bytes)
{
    std::string out(bytes);
    std::ranges::replace(out, '\r', '\n');
    return out;
}

std::string_view withoutMark(std::string_view text)
{
    return startsWith(text, "\xEF\xBB\xBF") ? text.substr(3) : text;
}

} // namespace

TextFile TextFile::open(const std::filesystem::path &path)
{
    TextFile file;
    file.m_mapped = MappedFile::open(path);
    const std::string_view bytes = file.m_mapped->text();
    const Encoding encoding = detect(bytes.substr(0, kLookedAtBytes));
    switch (encoding) {
    case Encoding::binary:
        throw Error(path, "this is not a text file (it holds binary data); export it as text, or name the right file");
    case Encoding::utf16Little:
    case Encoding::utf16Big:
        file.m_converted = std::make_shared<const std::string>(fromUtf16(bytes, encoding));
        file.m_encoding = "UTF-16";
        break;
    case Encoding::singleCarriageReturns:
        file.m_converted = std::make_shared<const std::string>(withNewlines(bytes));
        file.m_encoding = "UTF-8 with carriage returns as line ends";
        break;
    case Encoding::utf8: file.m_encoding = "UTF-8"; break;
    }
    file.m_text = withoutMark(file.m_converted ? std::string_view(*file.m_converted) : bytes);
    return file;
}

std::string readTextHead(const std::filesystem::path &path, std::size_t bytes)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return {};
    std::string head(bytes, '\0');
    in.read(head.data(), static_cast<std::streamsize>(bytes));
    head.resize(static_cast<std::size_t>(in.gcount()));
    switch (const Encoding encoding = detect(head)) {
    case Encoding::binary: return {};
    case Encoding::utf16Little:
    case Encoding::utf16Big: return fromUtf16(head, encoding);
    case Encoding::singleCarriageReturns: return withNewlines(head);
    case Encoding::utf8: break;
    }
    return std::string(withoutMark(head));
}

} // namespace kino
