// Pictures that are made once and then only read: bytes of equal size by number, in memory or in a mapped file. Immutable
// once made; any thread may read.
#pragma once

#include "core/base/cancel.h"
#include "core/base/column.h"
#include "core/base/progress.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

namespace kino {

class PictureStore {
public:
    /** Fills the picture of a number; called from several threads. */
    using Render = std::function<void(std::size_t number, std::span<std::uint8_t> picture)>;

    PictureStore() = default;
    /**
     * With `file` the pictures are taken from there if it is whole, else made and kept there; the name must say what they are
     * made of. Without, they lie in memory up to a gigabyte, else in a temporary file that goes with the program. Throws
     * what `render` throws; Error where a file cannot be written; Cancelled.
     */
    PictureStore(std::size_t count, std::size_t bytesEach, const Render &render, const std::filesystem::path &file = {},
                 const CancelToken &cancel = {}, const Progress &progress = {});

    bool empty() const { return m_bytes.empty(); }
    std::span<const std::uint8_t> picture(std::size_t number) const
    {
        return m_bytes.values().subspan(number * m_bytesEach, m_bytesEach);
    }

private:
    Column<std::uint8_t> m_bytes;
    std::size_t m_bytesEach = 0;
};

} // namespace kino
