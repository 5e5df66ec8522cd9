#include "core/data/formats/mat_file.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <limits>
#include <matio.h>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <zlib.h>

namespace kino {
namespace {

// MATLAB's "Level 5 MAT-File Format": a 128-byte header, then elements of a tag (type, bytes) and their data.
constexpr std::size_t kHeaderBytes = 128;
constexpr std::size_t kTagBytes = 8;
constexpr std::uint32_t kTypeMatrix = 14;
constexpr std::uint32_t kTypeCompressed = 15;
/** Array flags, dims and name of an array of up to three dimensions lie well within this. */
constexpr std::size_t kPrefixBytes = 512;
/** Deflate cannot blow a byte up to more than this. */
constexpr std::size_t kDeflateLimit = 1032;
constexpr std::size_t kMostDimensions = 8;

[[noreturn]] void throwDamaged(const std::filesystem::path &path, const std::string &what)
{
    throw Error(path, "not a whole MATLAB 5 file (" + what + "); take a fresh copy of it");
}

std::uint32_t readUint32(std::span<const std::byte> bytes, std::size_t at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/** The first bytes of a zlib stream; fewer where it ends or is damaged. */
std::vector<std::byte> inflatePrefix(std::span<const std::byte> compressed, std::size_t limit)
{
    std::vector<std::byte> out(limit);
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return {};
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(compressed.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(compressed.size(), std::numeric_limits<uInt>::max()));
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    inflate(&stream, Z_SYNC_FLUSH);
    out.resize(out.size() - stream.avail_out);
    inflateEnd(&stream);
    return out;
}

/** One sub-element of a matrix: its type and where its data lies. The small form packs both into one tag. */
struct Element {
    std::uint32_t type = 0;
    std::size_t at = 0;
    std::size_t bytes = 0;
    std::size_t next = 0;
};

std::optional<Element> elementAt(std::span<const std::byte> bytes, std::size_t at)
{
    if (at > bytes.size() || bytes.size() - at < kTagBytes)
        return std::nullopt;
    const std::uint32_t first = readUint32(bytes, at);
    if (const std::size_t smallBytes = first >> 16; smallBytes != 0) {
        if (smallBytes > 4)
            return std::nullopt;
        return Element{first & 0xffff, at + 4, smallBytes, at + kTagBytes};
    }
    const std::size_t length = readUint32(bytes, at + 4);
    return Element{first, at + kTagBytes, length, at + kTagBytes + (length + 7) / 8 * 8};
}

std::size_t storedValueBytes(std::uint32_t type)
{
    switch (type) {
    case 1: case 2: return 1;          // int8, uint8
    case 3: case 4: return 2;          // int16, uint16
    case 5: case 6: case 7: return 4;  // int32, uint32, single
    case 9: case 12: case 13: return 8; // double, int64, uint64
    default: return 0;
    }
}

struct ArrayClaim {
    std::string name;
    std::vector<std::size_t> dims;
    std::size_t count = 0;
};

/** Reads flags, dims and name of one matrix and checks that its data can be in `capacity` bytes. Empty: not plain numbers. */
std::optional<ArrayClaim> checkMatrix(const std::filesystem::path &path, std::span<const std::byte> prefix,
                                      std::size_t capacity)
{
    if (prefix.size() < kTagBytes || readUint32(prefix, 0) != kTypeMatrix)
        throwDamaged(path, "no array where one is announced");
    const std::size_t matrixBytes = readUint32(prefix, 4);
    if (matrixBytes > capacity)
        throwDamaged(path, "an array claims more bytes than the file can hold");
    const auto flags = elementAt(prefix, kTagBytes);
    const auto dims = flags ? elementAt(prefix, flags->next) : std::nullopt;
    const auto name = dims ? elementAt(prefix, dims->next) : std::nullopt;
    const auto real = name ? elementAt(prefix, name->next) : std::nullopt;
    if (!real)
        return std::nullopt;
    // matio loses its way in elements of other types than these, and then believes any size it comes across.
    constexpr std::uint32_t kTypeUint32 = 6, kTypeInt32 = 5, kTypeInt8 = 1;
    if (flags->type != kTypeUint32 || flags->bytes != 8 || dims->type != kTypeInt32 || name->type != kTypeInt8)
        throwDamaged(path, "the head of an array is not sound");
    if (real->next > matrixBytes + kTagBytes)
        throwDamaged(path, "an array is shorter than its data");
    constexpr std::uint32_t kComplexFlag = 0x0800;
    const std::uint32_t arrayFlags = readUint32(prefix, flags->at);
    const std::uint32_t arrayClass = arrayFlags & 0xff;
    if (arrayClass < 6 || arrayClass > 15 || (arrayFlags & kComplexFlag))
        return std::nullopt;
    if (dims->bytes % 4 != 0 || dims->bytes / 4 > kMostDimensions || dims->bytes < 8)
        throwDamaged(path, "an array has no sound size");

    ArrayClaim claim;
    claim.count = 1;
    for (std::size_t at = dims->at; at < dims->at + dims->bytes; at += 4) {
        const std::size_t size = readUint32(prefix, at);
        if (size > std::numeric_limits<std::int32_t>::max() || (size && claim.count > capacity / size))
            throwDamaged(path, "an array claims more values than the file can hold");
        claim.dims.push_back(size);
        claim.count *= size;
    }
    claim.name.assign(reinterpret_cast<const char *>(prefix.data() + name->at), name->bytes);
    if (storedValueBytes(real->type) == 0 || real->bytes != claim.count * storedValueBytes(real->type))
        throwDamaged(path, "the data of array " + claim.name + " has another length than its size says");
    return claim;
}

/** Walks the file's elements without trusting them; the array `name`, or a throw. Every array before it is sound too. */
ArrayClaim checkFile(const std::filesystem::path &path, std::string_view name)
{
    const auto file = MappedFile::open(path);
    const std::span<const std::byte> bytes = file->bytes();
    if (bytes.size() < kHeaderBytes + kTagBytes || file->text().substr(0, 10) != "MATLAB 5.0")
        throw Error(path, "not a MATLAB 5 file; in MATLAB, save with the option -v7 or older");
    if (file->text().substr(126, 2) != "IM")
        throw Error(path, "a big-endian MATLAB file, which cannot be read; save it again on today's machines");
    for (std::size_t at = kHeaderBytes; at < bytes.size();) {
        if (bytes.size() - at < kTagBytes)
            throwDamaged(path, "it ends inside a tag");
        const std::uint32_t type = readUint32(bytes, at);
        const std::size_t length = readUint32(bytes, at + 4);
        at += kTagBytes;
        if (length > bytes.size() - at)
            throwDamaged(path, "it is cut short");
        const auto content = bytes.subspan(at, length);
        std::optional<ArrayClaim> claim;
        if (type == kTypeCompressed)
            claim = checkMatrix(path, inflatePrefix(content, kPrefixBytes), length * kDeflateLimit);
        else if (type == kTypeMatrix)
            claim = checkMatrix(path, bytes.subspan(at - kTagBytes, std::min(length + kTagBytes, kPrefixBytes)), length);
        else
            throwDamaged(path, "an element of unknown type");
        if (!claim)
            throw Error(path, "holds something other than plain numeric arrays before " + std::string(name));
        file->checkWhole();
        if (claim->name == name)
            return *claim;
        at += length;
    }
    throw Error(path, "has no array named " + std::string(name));
}

/** The values of `variable`, whose class is that of Source, as T; what T cannot hold becomes its nearest value. */
template <class Source, class T>
std::vector<T> readValues(const std::filesystem::path &path, mat_t *mat, matvar_t *variable, std::size_t count)
{
    std::vector<Source> stored(count);
    if (count > 0 && Mat_VarReadDataLinear(mat, variable, stored.data(), 0, 1, static_cast<int>(count)) != 0)
        throwDamaged(path, "the values of array " + std::string(variable->name) + " cannot be read");
    if constexpr (std::is_same_v<Source, T>) {
        return stored;
    } else {
        std::vector<T> values(count);
        std::ranges::transform(stored, values.begin(), [](Source value) {
            if constexpr (std::is_floating_point_v<T>)
                return static_cast<T>(value);
            else if (value != value)
                return T{0};
            else
                return static_cast<T>(std::clamp(static_cast<double>(value), 0.0, double{std::numeric_limits<T>::max()}));
        });
        return values;
    }
}

} // namespace

template <class T>
MatArray<T> readMatArray(const std::filesystem::path &path, const std::string &name)
{
    const ArrayClaim claim = checkFile(path, name);
    const std::unique_ptr<mat_t, int (*)(mat_t *)> mat(Mat_Open(path.c_str(), MAT_ACC_RDONLY), Mat_Close);
    if (!mat)
        throw Error(path, "could not be opened as a MATLAB file");
    const std::unique_ptr<matvar_t, void (*)(matvar_t *)> variable(Mat_VarReadInfo(mat.get(), name.c_str()), Mat_VarFree);
    if (!variable || !variable->dims || variable->isComplex)
        throwDamaged(path, "array " + name + " cannot be read");
    // The file may have changed since it was checked: matio's own idea of the size has to be the checked one.
    if (!std::ranges::equal(std::span(variable->dims, static_cast<std::size_t>(variable->rank)), claim.dims))
        throwDamaged(path, "array " + name + " changed while it was read");
    if (claim.count > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw Error(path, "array " + name + " is too long to be read");
    switch (variable->class_type) {
    case MAT_C_DOUBLE: return {claim.dims, readValues<double, T>(path, mat.get(), variable.get(), claim.count)};
    case MAT_C_SINGLE: return {claim.dims, readValues<float, T>(path, mat.get(), variable.get(), claim.count)};
    case MAT_C_UINT16: return {claim.dims, readValues<std::uint16_t, T>(path, mat.get(), variable.get(), claim.count)};
    case MAT_C_INT16: return {claim.dims, readValues<std::int16_t, T>(path, mat.get(), variable.get(), claim.count)};
    default: throw Error(path, "array " + name + " holds neither real numbers nor 16-bit integers");
    }
}

std::vector<std::size_t> readMatDims(const std::filesystem::path &path, const std::string &name)
{
    return checkFile(path, name).dims;
}

template MatArray<double> readMatArray<double>(const std::filesystem::path &, const std::string &);
template MatArray<std::uint16_t> readMatArray<std::uint16_t>(const std::filesystem::path &, const std::string &);

} // namespace kino
