#include "core/base/npy.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/mapped_file.h"

#include <bit>
#include <charconv>
#include <limits>

static_assert(std::endian::native == std::endian::little, "NPY and safetensors files are read in place");

namespace kino {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 20;
constexpr std::size_t kAlignment = 64;

/** "f4", "u1", …: kind and bytes. */
template <class T>
std::string typeName()
{
    constexpr char kKind = std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u';
    return kKind + std::to_string(sizeof(T));
}

struct Header {
    std::string descr;
    bool fortranOrder = false;
    std::vector<std::int64_t> shape;
};

/** Reads the Python dictionary of an NPY header: three known keys with a string, a boolean and a tuple. */
class HeaderParser {
public:
    HeaderParser(const std::filesystem::path &path, std::string_view text) : m_path(path), m_text(text) {}

    Header parse()
    {
        Header header;
        bool hasDescr = false;
        bool hasOrder = false;
        bool hasShape = false;
        expect('{');
        while (!accept('}')) {
            const std::string key = quoted();
            expect(':');
            if (key == "descr") {
                header.descr = quoted();
                hasDescr = true;
            } else if (key == "fortran_order") {
                header.fortranOrder = boolean();
                hasOrder = true;
            } else if (key == "shape") {
                header.shape = tuple();
                hasShape = true;
            } else {
                fail();
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        if (!hasDescr || !hasOrder || !hasShape)
            fail();
        return header;
    }

private:
    [[noreturn]] void fail() const
    {
        throw Error(m_path, "has a header that is not NumPy's: write the array again with numpy.save");
    }
    void skipBlanks()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n'))
            ++m_at;
    }
    bool accept(char wanted)
    {
        skipBlanks();
        if (m_at >= m_text.size() || m_text[m_at] != wanted)
            return false;
        ++m_at;
        return true;
    }
    void expect(char wanted)
    {
        if (!accept(wanted))
            fail();
    }
    std::string quoted()
    {
        skipBlanks();
        if (m_at >= m_text.size() || (m_text[m_at] != '\'' && m_text[m_at] != '"'))
            fail();
        const char quote = m_text[m_at++];
        const auto end = m_text.find(quote, m_at);
        if (end == std::string_view::npos)
            fail();
        std::string value(m_text.substr(m_at, end - m_at));
        m_at = end + 1;
        return value;
    }
    bool boolean()
    {
        skipBlanks();
        for (const auto &[word, value] : {std::pair{std::string_view("True"), true}, {std::string_view("False"), false}}) {
            if (m_text.substr(m_at).starts_with(word)) {
                m_at += word.size();
                return value;
            }
        }
        fail();
    }
    std::vector<std::int64_t> tuple()
    {
        std::vector<std::int64_t> values;
        expect('(');
        while (!accept(')')) {
            skipBlanks();
            std::int64_t value = 0;
            const char *end = m_text.data() + m_text.size();
            const auto [next, failure] = std::from_chars(m_text.data() + m_at, end, value);
            if (failure != std::errc() || value < 0)
                fail();
            m_at = static_cast<std::size_t>(next - m_text.data());
            values.push_back(value);
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return values;
    }

    const std::filesystem::path &m_path;
    std::string_view m_text;
    std::size_t m_at = 0;
};

/** Product of the shape times the item size, or nothing where it does not fit. */
std::optional<std::size_t> byteCount(const std::vector<std::int64_t> &shape, std::size_t itemBytes)
{
    std::size_t bytes = itemBytes;
    for (const std::int64_t extent : shape) {
        if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(extent), &bytes))
            return std::nullopt;
    }
    return bytes;
}

std::size_t itemBytesOf(const std::filesystem::path &path, const std::string &descr)
{
    constexpr std::string_view kKinds = "fiub";
    const bool littleEndian = descr.size() == 3 && (descr[0] == '<' || descr[0] == '|' || descr[0] == '=');
    if (!littleEndian || kKinds.find(descr[1]) == std::string_view::npos || std::string_view("1248").find(descr[2]) == std::string_view::npos)
        throw Error(path, "holds values of type '" + descr + "'; only little-endian numbers are read (use array.astype)");
    return static_cast<std::size_t>(descr[2] - '0');
}

} // namespace

NpyArray NpyArray::open(const std::filesystem::path &path)
{
    auto file = MappedFile::open(path);
    const std::string_view text = file->text();
    if (!text.starts_with(kMagic) || text.size() < 10)
        throw Error(path, "is not a NumPy .npy file");
    const auto byteAt = [&](std::size_t index) { return static_cast<std::size_t>(static_cast<unsigned char>(text[index])); };

    const std::size_t version = byteAt(6);
    if (version < 1 || version > 3)
        throw Error(path, "is of NPY version " + std::to_string(version) + "; versions 1 to 3 are known");
    const std::size_t lengthBytes = version == 1 ? 2 : 4;
    const std::size_t headerBegin = kMagic.size() + 2 + lengthBytes;
    if (text.size() < headerBegin)
        throw Error(path, "ends inside its header");
    std::size_t headerBytes = 0;
    for (std::size_t i = 0; i < lengthBytes; ++i)
        headerBytes |= byteAt(kMagic.size() + 2 + i) << (8 * i);
    if (headerBytes > kMaxHeaderBytes || headerBytes > text.size() - headerBegin)
        throw Error(path, "ends inside its header");

    const Header header = HeaderParser(path, text.substr(headerBegin, headerBytes)).parse();
    const std::size_t itemBytes = itemBytesOf(path, header.descr);
    if (header.fortranOrder && header.shape.size() > 1)
        throw Error(path, "is in Fortran order; save it with numpy.ascontiguousarray");
    const auto wanted = byteCount(header.shape, itemBytes);
    const std::size_t available = text.size() - headerBegin - headerBytes;
    if (!wanted || *wanted > available)
        throw Error(path, "is shorter than its header says; it was not written completely");

    NpyArray array;
    array.m_path = path;
    array.m_dtype = header.descr.substr(1);
    array.m_shape = header.shape;
    array.m_count = *wanted / itemBytes;
    array.m_bytes = file->bytes().subspan(headerBegin + headerBytes, *wanted);
    array.m_owner = std::move(file);
    return array;
}

template <class T>
Column<T> NpyArray::column() const
{
    if (m_dtype != typeName<T>()) {
        throw Error(m_path, "holds values of type " + m_dtype + " where " + typeName<T>() + " was expected");
    }
    if (reinterpret_cast<std::uintptr_t>(m_bytes.data()) % alignof(T) == 0)
        return Column<T>(m_owner, {reinterpret_cast<const T *>(m_bytes.data()), m_count});
    // Writers other than NumPy may leave the data unaligned.
    std::vector<T> copy(m_count);
    std::memcpy(copy.data(), m_bytes.data(), m_bytes.size());
    return Column<T>(std::move(copy));
}

template <class T>
void writeNpy(const std::filesystem::path &path, std::span<const T> values, const std::vector<std::int64_t> &shape,
              DiskSync sync)
{
    if (byteCount(shape, sizeof(T)) != values.size_bytes())
        throw Error(path, "would not hold as many values as its shape says");
    std::string dictionary = "{'descr': '" + std::string(sizeof(T) == 1 ? "|" : "<") + typeName<T>()
                             + "', 'fortran_order': False, 'shape': (";
    for (const std::int64_t extent : shape)
        dictionary += std::to_string(extent) + ",";
    dictionary += "), }";
    const std::size_t prefixBytes = kMagic.size() + 2 + 2;
    // NumPy pads the header with blanks and a line end, so that the data is aligned.
    const std::size_t padded = (prefixBytes + dictionary.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
    dictionary.resize(padded - prefixBytes - 1, ' ');
    dictionary += '\n';

    const auto write = [&](std::ostream &stream) {
        stream << kMagic << '\x01' << '\0';
        stream.put(static_cast<char>(dictionary.size() & 0xFF)).put(static_cast<char>(dictionary.size() >> 8));
        stream << dictionary;
        stream.write(reinterpret_cast<const char *>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
    };
    writeFileAtomically(path, write, sync);
}

#define KINO_NPY_TYPE(T)                                                                                               \
    template Column<T> NpyArray::column<T>() const;                                                                    \
    template void writeNpy<T>(const std::filesystem::path &, std::span<const T>, const std::vector<std::int64_t> &,    \
                              DiskSync);
KINO_NPY_TYPE(float)
KINO_NPY_TYPE(double)
KINO_NPY_TYPE(std::int8_t)
KINO_NPY_TYPE(std::int16_t)
KINO_NPY_TYPE(std::int32_t)
KINO_NPY_TYPE(std::int64_t)
KINO_NPY_TYPE(std::uint8_t)
KINO_NPY_TYPE(std::uint16_t)
KINO_NPY_TYPE(std::uint32_t)
KINO_NPY_TYPE(std::uint64_t)
#undef KINO_NPY_TYPE

} // namespace kino
