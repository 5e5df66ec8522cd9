#include "core/data/dataset/picture_store.h"

#include "core/base/files.h"
#include "core/base/mapped_file.h"
#include "core/base/parallel.h"

#include <cstdlib>
#include <unistd.h>
#include <vector>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostMemoryBytes = std::size_t{1} << 30;
constexpr std::size_t kChunk = 256; // pictures that are made at once, and then written

Column<std::uint8_t> mapped(const fs::path &file)
{
    const auto map = MappedFile::open(file);
    return {map, {reinterpret_cast<const std::uint8_t *>(map->bytes().data()), map->bytes().size()}};
}

} // namespace

PictureStore::PictureStore(std::size_t count, std::size_t bytesEach, const Render &render, const fs::path &file,
                           const CancelToken &cancel, const Progress &progress)
    : m_bytesEach(bytesEach)
{
    if (count == 0)
        return;
    const std::size_t bytes = count * bytesEach;
    std::error_code ignored;
    if (!file.empty() && fs::file_size(file, ignored) == bytes) {
        m_bytes = mapped(file);
        return;
    }
    const auto renderChunk = [&](std::size_t first, std::span<std::uint8_t> chunk) {
        cancel.throwIfCancelled();
        parallelFor(chunk.size() / bytesEach, usableThreads(),
                    [&](std::size_t index) { render(first + index, chunk.subspan(index * bytesEach, bytesEach)); });
        progress(static_cast<double>(first) / static_cast<double>(count), "making pictures");
    };
    if (file.empty() && bytes <= kMostMemoryBytes) {
        std::vector<std::uint8_t> all(bytes);
        for (std::size_t first = 0; first < count; first += kChunk)
            renderChunk(first, std::span(all).subspan(first * bytesEach, std::min(kChunk, count - first) * bytesEach));
        m_bytes = Column<std::uint8_t>(std::move(all));
        return;
    }
    const auto write = [&](std::ostream &stream) {
        std::vector<std::uint8_t> chunk(kChunk * bytesEach);
        for (std::size_t first = 0; first < count && stream; first += kChunk) {
            const std::span<std::uint8_t> part = std::span(chunk).first(std::min(kChunk, count - first) * bytesEach);
            renderChunk(first, part);
            stream.write(reinterpret_cast<const char *>(part.data()), static_cast<std::streamsize>(part.size()));
        }
    };
    if (!file.empty()) {
        fs::create_directories(file.parent_path(), ignored);
        writeFileAtomically(file, write, DiskSync::leave);
        m_bytes = mapped(file);
        return;
    }
    std::string name = (fs::temp_directory_path() / "kinoscope-pictures.XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    if (descriptor < 0)
        throw Error(name, "cannot be made; the pictures of this job need " + std::to_string(bytes >> 20) + " MB there");
    ::close(descriptor);
    try {
        writeFileAtomically(name, write, DiskSync::leave);
        m_bytes = mapped(name);
    } catch (...) {
        fs::remove(name, ignored);
        throw;
    }
    // The mapping keeps the bytes until the program ends.
    fs::remove(name, ignored);
}

} // namespace kino
