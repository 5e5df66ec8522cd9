#include "core/base/error.h"
#include "core/base/safetensors.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const kino::fuzz::MemoryFile file(data, size);
    try {
        const kino::SafetensorsFile tensors = kino::SafetensorsFile::open(file.path());
        unsigned sum = 0;
        for (const auto &[name, tensor] : tensors.tensors()) {
            for (const std::byte byte : tensor.bytes)
                sum += std::to_integer<unsigned>(byte);
        }
        static_cast<void>(sum);
    } catch (const kino::Error &) {
    }
    return 0;
}
