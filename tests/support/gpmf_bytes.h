// Writes GPMF by its specification (github.com/gopro/gpmf-parser/docs), for tests: what a parser must read is made here
// without any of the parser's code.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kino::test {

using Bytes = std::vector<std::byte>;

inline void appendBigEndian(Bytes &bytes, std::uint64_t value, int count)
{
    for (int shift = (count - 1) * 8; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::byte>(value >> shift & 0xff));
}

inline Bytes joined(const std::vector<Bytes> &parts)
{
    Bytes all;
    for (const Bytes &part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

/** An item whose header says what it is told to, whatever the content is. */
inline Bytes gpmfItem(std::string_view key, char type, std::size_t rowBytes, std::size_t rows, const Bytes &content)
{
    Bytes bytes;
    for (const char c : key)
        bytes.push_back(static_cast<std::byte>(c));
    bytes.push_back(static_cast<std::byte>(type));
    appendBigEndian(bytes, rowBytes, 1);
    appendBigEndian(bytes, rows, 2);
    bytes.insert(bytes.end(), content.begin(), content.end());
    while (bytes.size() % 4 != 0)
        bytes.push_back(std::byte{0});
    return bytes;
}

inline Bytes gpmfNest(std::string_view key, const std::vector<Bytes> &items)
{
    const Bytes content = joined(items);
    return gpmfItem(key, 0, 1, content.size(), content);
}

inline Bytes gpmfText(std::string_view key, std::string_view text)
{
    Bytes content;
    for (const char c : text)
        content.push_back(static_cast<std::byte>(c));
    return gpmfItem(key, 'c', 1, text.size(), content);
}

inline Bytes gpmfShorts(std::string_view key, const std::vector<int> &values, std::size_t columns = 1)
{
    Bytes content;
    for (const int value : values)
        appendBigEndian(content, static_cast<std::uint16_t>(value), 2);
    return gpmfItem(key, 's', 2 * columns, values.size() / columns, content);
}

inline Bytes gpmfFloats(std::string_view key, const std::vector<float> &values, std::size_t columns = 1)
{
    Bytes content;
    for (const float value : values)
        appendBigEndian(content, std::bit_cast<std::uint32_t>(value), 4);
    return gpmfItem(key, 'f', 4 * columns, values.size() / columns, content);
}

inline Bytes gpmfLong(std::string_view key, std::uint32_t value)
{
    Bytes content;
    appendBigEndian(content, value, 4);
    return gpmfItem(key, 'L', 4, 1, content);
}

inline Bytes gpmfLongLong(std::string_view key, std::uint64_t value)
{
    Bytes content;
    appendBigEndian(content, value, 8);
    return gpmfItem(key, 'J', 8, 1, content);
}

/** A device with id and name around its streams. */
inline Bytes gpmfDevice(std::uint32_t id, std::string_view name, const std::vector<Bytes> &streams)
{
    std::vector<Bytes> items{gpmfLong("DVID", id), gpmfText("DVNM", name)};
    items.insert(items.end(), streams.begin(), streams.end());
    return gpmfNest("DEVC", items);
}

} // namespace kino::test
