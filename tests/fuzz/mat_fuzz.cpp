#include "core/base/error.h"
#include "core/data/formats/mat_file.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const kino::fuzz::MemoryFile file(data, size);
    for (const char *name : {"d_iner", "d_depth"}) {
        try {
            // The readers' own limits, without which a small file may rightly unpack to a gigabyte.
            constexpr std::size_t kMostValues = 1 << 20;
            std::size_t count = 1;
            for (const std::size_t extent : kino::readMatDims(file.path(), name))
                count = extent == 0 ? 0 : std::min(count * extent, kMostValues + 1);
            if (count > kMostValues)
                continue;
            double sum = 0;
            for (const double value : kino::readMatArray<double>(file.path(), name).values)
                sum += value;
            for (const std::uint16_t value : kino::readMatArray<std::uint16_t>(file.path(), name).values)
                sum += value;
            static_cast<void>(sum);
        } catch (const kino::Error &) {
        }
    }
    return 0;
}
