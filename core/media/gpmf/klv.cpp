#include "core/media/gpmf/klv.h"

#include <algorithm>
#include <bit>

namespace kino {
namespace {

constexpr std::size_t kHeaderBytes = 8;

std::uint64_t readBigEndian(std::span<const std::byte> data, std::size_t offset, std::size_t bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(data[offset + i]);
    return value;
}

double toNumber(char type, std::uint64_t bits)
{
    constexpr double kFraction16 = 65536.0;
    constexpr double kFraction32 = 4294967296.0;
    switch (type) {
    case 'b':
        return static_cast<std::int8_t>(bits);
    case 's':
        return static_cast<std::int16_t>(bits);
    case 'l':
        return static_cast<std::int32_t>(bits);
    case 'j':
        return static_cast<double>(static_cast<std::int64_t>(bits));
    case 'q':
        return static_cast<std::int32_t>(bits) / kFraction16;
    case 'Q':
        return static_cast<double>(static_cast<std::int64_t>(bits)) / kFraction32;
    case 'f':
        return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case 'd':
        return std::bit_cast<double>(bits);
    default:
        return static_cast<double>(bits);
    }
}

bool isKeyCharacter(std::byte byte)
{
    const auto character = std::to_integer<unsigned char>(byte);
    return character >= 0x20 && character < 0x7f;
}

std::string latin1ToUtf8(std::span<const std::byte> bytes)
{
    std::string text;
    text.reserve(bytes.size());
    for (const std::byte byte : bytes) {
        const auto character = std::to_integer<unsigned char>(byte);
        if (character == 0)
            break;
        if (character < 0x80) {
            text.push_back(static_cast<char>(character));
        } else {
            text.push_back(static_cast<char>(0xc0 | character >> 6));
            text.push_back(static_cast<char>(0x80 | (character & 0x3f)));
        }
    }
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return text;
}

} // namespace

std::string gpmfKeyText(GpmfKey key)
{
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        const auto character = static_cast<char>(key >> shift & 0xff);
        text.push_back(character >= 0x20 && character < 0x7f ? character : '?');
    }
    return text;
}

std::size_t gpmfNumberBytes(char type)
{
    switch (type) {
    case 'b':
    case 'B':
        return 1;
    case 's':
    case 'S':
        return 2;
    case 'l':
    case 'L':
    case 'f':
    case 'q':
        return 4;
    case 'd':
    case 'j':
    case 'J':
    case 'Q':
        return 8;
    default:
        return 0;
    }
}

std::vector<double> gpmfNumbers(const GpmfItem &item)
{
    const std::size_t bytes = gpmfNumberBytes(item.type);
    if (bytes == 0)
        return {};
    std::vector<double> numbers(item.data.size() / bytes);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = toNumber(item.type, readBigEndian(item.data, i * bytes, bytes));
    return numbers;
}

std::optional<std::uint64_t> gpmfUnsigned(const GpmfItem &item)
{
    const std::size_t bytes = gpmfNumberBytes(item.type);
    if (bytes == 0 || item.data.size() < bytes || item.type == 'f' || item.type == 'd' || item.type == 'q'
        || item.type == 'Q')
        return std::nullopt;
    const std::uint64_t bits = readBigEndian(item.data, 0, bytes);
    const bool isSigned = item.type == 'b' || item.type == 's' || item.type == 'l' || item.type == 'j';
    if (isSigned && bits >> (bytes * 8 - 1) != 0)
        return std::nullopt;
    return bits;
}

std::string gpmfText(const GpmfItem &item)
{
    return latin1ToUtf8(item.data);
}

std::vector<std::string> gpmfTexts(const GpmfItem &item)
{
    if (item.rowBytes <= 1)
        return {gpmfText(item)};
    std::vector<std::string> texts;
    for (std::size_t at = 0; at + item.rowBytes <= item.data.size(); at += item.rowBytes)
        texts.push_back(latin1ToUtf8(item.data.subspan(at, item.rowBytes)));
    return texts;
}

std::optional<GpmfItem> GpmfCursor::next()
{
    m_stop = Stop::end;
    if (m_position >= m_bytes.size())
        return std::nullopt;
    const std::span<const std::byte> rest = m_bytes.subspan(m_position);
    const auto isZero = [](std::byte byte) { return byte == std::byte{0}; };
    if (isZero(rest.front()) && std::all_of(rest.begin(), rest.end(), isZero)) {
        m_position = m_bytes.size();
        return std::nullopt;
    }
    if (rest.size() < kHeaderBytes) {
        m_stop = Stop::shortHeader;
        return std::nullopt;
    }
    if (!std::all_of(rest.begin(), rest.begin() + 4, isKeyCharacter)) {
        m_stop = Stop::badKey;
        return std::nullopt;
    }

    GpmfItem item;
    item.offset = m_position;
    item.key = static_cast<GpmfKey>(readBigEndian(rest, 0, 4));
    item.type = static_cast<char>(rest[4]);
    item.rowBytes = readBigEndian(rest, 5, 1);
    item.rows = readBigEndian(rest, 6, 2);
    const std::size_t size = item.rowBytes * item.rows;
    const std::size_t available = rest.size() - kHeaderBytes;
    item.cut = size > available;
    item.data = rest.subspan(kHeaderBytes, std::min(size, available));
    // The padding of the last item may be missing where a container counts only what it needs.
    const std::size_t padded = (size + 3) / 4 * 4;
    m_position += kHeaderBytes + std::min(padded, available);
    return item;
}

} // namespace kino
