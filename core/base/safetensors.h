// The safetensors format: an 8-byte header length, a JSON header, then raw little-endian tensors. Reading maps the file
// and checks lengths, offsets, overlaps and sizes before a value is touched.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct TensorView {
    std::string dtype; // "F32", "F64", "I64", "U8", …, as the format spells it
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};

class SafetensorsFile {
public:
    static SafetensorsFile open(const std::filesystem::path &path);

    const std::map<std::string, TensorView> &tensors() const { return m_tensors; }
    const std::map<std::string, std::string> &metadata() const { return m_metadata; }

private:
    std::shared_ptr<const void> m_owner;
    std::map<std::string, TensorView> m_tensors;
    std::map<std::string, std::string> m_metadata;
};

/** Writes to a temporary file beside `path`, then renames; tensors lie in the order of their names. */
void writeSafetensors(const std::filesystem::path &path, const std::map<std::string, TensorView> &tensors,
                      const std::map<std::string, std::string> &metadata = {});

} // namespace kino
