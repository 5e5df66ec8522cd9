// GPMF's key-length-value items (GoPro's telemetry format, github.com/gopro/gpmf-parser/docs): 4 characters of key, type,
// size of one row, number of rows (big endian), rows, zeros up to a multiple of 4. Reading is bounds-checked: sizes that lie
// are noticed, never followed. Nothing is copied: an item points into the bytes it was read from, which must outlive it.
// Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kino {

using GpmfKey = std::uint32_t;

constexpr GpmfKey gpmfKey(const char (&text)[5])
{
    GpmfKey key = 0;
    for (int i = 0; i < 4; ++i)
        key = key << 8 | static_cast<unsigned char>(text[i]);
    return key;
}

/** The four characters; what is not printable becomes '?'. */
std::string gpmfKeyText(GpmfKey key);

struct GpmfItem {
    GpmfKey key = 0;
    /** 'b' 'B' 's' 'S' 'l' 'L' 'j' 'J' 'q' 'Q' 'f' 'd' numbers, 'c' text, 'F' 'G' 'U' ids and dates, '?' complex, 0 nested. */
    char type = 0;
    std::size_t rowBytes = 0;
    std::size_t rows = 0;
    std::span<const std::byte> data;
    /** Where the item begins in the bytes given to the cursor. */
    std::size_t offset = 0;
    /** Its size reaches past the end: `data` is what there is. */
    bool cut = false;

    bool isNested() const { return type == 0; }
    bool isComplex() const { return type == '?'; }
};

/** Bytes of one number of a simple type; 0 for text, ids, dates, complex and unknown types. */
std::size_t gpmfNumberBytes(char type);

/** All numbers of an item in order, as they are stored (no SCAL); empty where its type is not a number. */
std::vector<double> gpmfNumbers(const GpmfItem &item);
/** The first number where it is a whole one that is not negative. */
std::optional<std::uint64_t> gpmfUnsigned(const GpmfItem &item);
/** Text of an item of type 'c' (or 'F', 'U') in UTF-8 (the format stores Latin-1), without trailing zeros and blanks. */
std::string gpmfText(const GpmfItem &item);
/** One text per row, for lists of units; a text of single-character rows counts as one. */
std::vector<std::string> gpmfTexts(const GpmfItem &item);

/** Walks the items on one level. */
class GpmfCursor {
public:
    enum class Stop { end, badKey, shortHeader };

    explicit GpmfCursor(std::span<const std::byte> bytes, std::size_t position = 0)
        : m_bytes(bytes), m_position(position)
    {
    }

    /** The next item; none at the end or where no item can begin, which stop() tells apart. Zeros at the end are padding. */
    std::optional<GpmfItem> next();
    Stop stop() const { return m_stop; }
    std::size_t position() const { return m_position; }
    void seek(std::size_t position) { m_position = position; }

private:
    std::span<const std::byte> m_bytes;
    std::size_t m_position = 0;
    Stop m_stop = Stop::end;
};

} // namespace kino
