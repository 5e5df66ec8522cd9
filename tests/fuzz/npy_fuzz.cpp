#include "core/base/error.h"
#include "core/base/npy.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const kino::fuzz::MemoryFile file(data, size);
    try {
        const kino::NpyArray array = kino::NpyArray::open(file.path());
        double sum = 0;
        if (array.dtype() == "f4") {
            for (const float value : array.column<float>())
                sum += value;
        } else if (array.dtype() == "i8") {
            for (const std::int64_t value : array.column<std::int64_t>())
                sum += static_cast<double>(value);
        }
        static_cast<void>(sum);
    } catch (const kino::Error &) {
    }
    return 0;
}
