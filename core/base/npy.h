// NumPy's .npy files, format versions 1 to 3. Reading maps the file and checks every bound before a value is touched.
#pragma once

#include "core/base/column.h"
#include "core/base/files.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kino {

/** A mapped .npy array in C order. */
class NpyArray {
public:
    /** Throws Error for anything but a whole, little-endian, C-order array of numbers. */
    static NpyArray open(const std::filesystem::path &path);

    /** NumPy's type string without the byte order: "f4", "f8", "i8", "u1", … */
    const std::string &dtype() const { return m_dtype; }
    const std::vector<std::int64_t> &shape() const { return m_shape; }
    std::size_t size() const { return m_count; }
    std::span<const std::byte> bytes() const { return m_bytes; }

    /** All values in C order. T must be the stored type (float, double, std::int64_t, std::int32_t, std::uint8_t, …). */
    template <class T>
    Column<T> column() const;

private:
    std::shared_ptr<const void> m_owner;
    std::filesystem::path m_path;
    std::string m_dtype;
    std::vector<std::int64_t> m_shape;
    std::size_t m_count = 0;
    std::span<const std::byte> m_bytes;
};

/** Writes to a temporary file beside `path`, then renames. The values' count must be the product of `shape`. */
template <class T>
void writeNpy(const std::filesystem::path &path, std::span<const T> values, const std::vector<std::int64_t> &shape,
              DiskSync sync = DiskSync::wait);

} // namespace kino
