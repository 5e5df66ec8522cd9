#include "core/base/safetensors.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/mapped_file.h"

namespace kino {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxHeaderBytes = 100'000'000; // the format's own limit
constexpr std::string_view kMetadataKey = "__metadata__";

const std::map<std::string, std::size_t, std::less<>> &itemSizes()
{
    static const std::map<std::string, std::size_t, std::less<>> sizes = {
        {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2},
        {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4},     {"F64", 8},     {"I64", 8}, {"U64", 8},
    };
    return sizes;
}

/** Bytes a tensor takes; nothing for an unknown type or a product that does not fit. */
std::optional<std::size_t> byteCount(const std::string &dtype, const std::vector<std::int64_t> &shape)
{
    const auto item = itemSizes().find(dtype);
    if (item == itemSizes().end())
        return std::nullopt;
    std::size_t bytes = item->second;
    for (const std::int64_t extent : shape) {
        if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::size_t>(extent), &bytes))
            return std::nullopt;
    }
    return bytes;
}

TensorView readEntry(const std::filesystem::path &path, const std::string &name, const nlohmann::json &entry,
                     std::span<const std::byte> data)
{
    TensorView tensor;
    std::vector<std::size_t> offsets;
    try {
        tensor.dtype = entry.at("dtype").get<std::string>();
        for (const nlohmann::json &extent : entry.at("shape"))
            tensor.shape.push_back(extent.get_ref<const nlohmann::json::number_unsigned_t &>() > INT64_MAX ? -1 : extent.get<std::int64_t>());
        for (const nlohmann::json &offset : entry.at("data_offsets"))
            offsets.push_back(offset.get_ref<const nlohmann::json::number_unsigned_t &>());
    } catch (const nlohmann::json::exception &) {
        throw Error(path, "describes tensor '" + name + "' without a proper dtype, shape and data_offsets");
    }
    const auto bytes = byteCount(tensor.dtype, tensor.shape);
    if (!bytes)
        throw Error(path, "has tensor '" + name + "' of an unknown type or impossible shape (" + tensor.dtype + ")");
    if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size() || offsets[1] - offsets[0] != *bytes)
        throw Error(path, "has tensor '" + name + "' whose offsets do not match its shape or lie outside the file");
    tensor.bytes = data.subspan(offsets[0], *bytes);
    return tensor;
}

/** The format wants the data covered without holes or overlaps: anything else hides bytes or shares them. */
void checkCoverage(const std::filesystem::path &path, const std::map<std::string, TensorView> &tensors,
                   std::span<const std::byte> data)
{
    std::vector<std::span<const std::byte>> parts;
    for (const auto &[name, tensor] : tensors) {
        if (!tensor.bytes.empty())
            parts.push_back(tensor.bytes);
    }
    std::ranges::sort(parts, {}, [](std::span<const std::byte> part) { return part.data(); });
    const std::byte *expected = data.data();
    for (const std::span<const std::byte> part : parts) {
        if (part.data() != expected)
            throw Error(path, "has tensors that overlap or leave holes; it is damaged or not a safetensors file");
        expected += part.size();
    }
    if (expected != data.data() + data.size())
        throw Error(path, "has bytes after its last tensor; it is damaged or not a safetensors file");
}

} // namespace

SafetensorsFile SafetensorsFile::open(const std::filesystem::path &path)
{
    auto file = MappedFile::open(path);
    const std::span<const std::byte> bytes = file->bytes();
    if (bytes.size() < kLengthBytes)
        throw Error(path, "is too short for a safetensors file");
    std::uint64_t headerBytes = 0;
    std::memcpy(&headerBytes, bytes.data(), kLengthBytes);
    if (headerBytes > kMaxHeaderBytes || headerBytes > bytes.size() - kLengthBytes)
        throw Error(path, "is not a safetensors file, or ends inside its header");

    const std::string_view text = file->text().substr(kLengthBytes, headerBytes);
    const nlohmann::json header = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!header.is_object())
        throw Error(path, "is not a safetensors file: its header is no JSON object");

    SafetensorsFile result;
    const std::span<const std::byte> data = bytes.subspan(kLengthBytes + headerBytes);
    for (const auto &[name, entry] : header.items()) {
        if (name != kMetadataKey) {
            result.m_tensors.emplace(name, readEntry(path, name, entry, data));
            continue;
        }
        for (const auto &[key, value] : entry.items()) {
            if (value.is_string())
                result.m_metadata.emplace(key, value.get<std::string>());
        }
    }
    checkCoverage(path, result.m_tensors, data);
    result.m_owner = std::move(file);
    return result;
}

void writeSafetensors(const std::filesystem::path &path, const std::map<std::string, TensorView> &tensors,
                      const std::map<std::string, std::string> &metadata)
{
    nlohmann::json header = nlohmann::json::object();
    if (!metadata.empty())
        header[std::string(kMetadataKey)] = metadata;
    std::size_t offset = 0;
    for (const auto &[name, tensor] : tensors) {
        if (name == kMetadataKey || byteCount(tensor.dtype, tensor.shape) != tensor.bytes.size())
            throw Error(path, "cannot hold tensor '" + name + "': its bytes do not match its type and shape");
        header[name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + tensor.bytes.size()}}};
        offset += tensor.bytes.size();
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' '); // keeps the data aligned to 8 bytes

    writeFileAtomically(path, [&](std::ostream &stream) {
        const std::uint64_t headerBytes = text.size();
        stream.write(reinterpret_cast<const char *>(&headerBytes), kLengthBytes);
        stream << text;
        for (const auto &[name, tensor] : tensors)
            stream.write(reinterpret_cast<const char *>(tensor.bytes.data()), static_cast<std::streamsize>(tensor.bytes.size()));
    });
}

} // namespace kino
