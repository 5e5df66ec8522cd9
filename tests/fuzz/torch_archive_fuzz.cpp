#include "core/base/error.h"
#include "core/base/torch_archive.h"
#include "tests/fuzz/memory_file.h"

#include <array>
#include <cstddef>
#include <vector>
#include <zip.h>

namespace {

void read(const std::uint8_t *data, std::size_t size)
{
    const kino::fuzz::MemoryFile file(data, size);
    try {
        unsigned sum = 0;
        for (const auto &[name, tensor] : kino::readTorchArchive(file.path())) {
            for (const std::byte byte : *tensor.storage)
                sum += std::to_integer<unsigned>(byte);
        }
        static_cast<void>(sum);
    } catch (const kino::Error &) {
    }
}

/** An archive with this pickle and one storage: a checksum would let no changed archive through. */
std::vector<std::uint8_t> archiveOf(const std::uint8_t *pickle, std::size_t size)
{
    static const std::array<float, 4> storage = {1, 2, 3, 4};
    zip_source_t *bytes = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_source_keep(bytes);
    zip_t *archive = zip_open_from_source(bytes, ZIP_TRUNCATE, nullptr);
    const auto add = [archive](const char *name, const void *data, std::size_t length) {
        const zip_int64_t index = zip_file_add(archive, name, zip_source_buffer(archive, data, length, 0), 0);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
    };
    add("archive/data.pkl", pickle, size);
    add("archive/data/0", storage.data(), sizeof storage);
    zip_close(archive);
    zip_source_open(bytes);
    zip_source_seek(bytes, 0, SEEK_END);
    std::vector<std::uint8_t> whole(static_cast<std::size_t>(zip_source_tell(bytes)));
    zip_source_seek(bytes, 0, SEEK_SET);
    zip_source_read(bytes, whole.data(), whole.size());
    zip_source_close(bytes);
    zip_source_free(bytes);
    return whole;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    // A whole archive, or the pickle of one.
    if (size >= 2 && data[0] == 'P' && data[1] == 'K') {
        read(data, size);
    } else {
        const std::vector<std::uint8_t> archive = archiveOf(data, size);
        read(archive.data(), archive.size());
    }
    return 0;
}
