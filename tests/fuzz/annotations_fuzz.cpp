#include "core/base/error.h"
#include "core/data/formats/annotation_file.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const kino::fuzz::MemoryFile file(data, size);
    for (const auto read : {kino::readAnnotationCsv, kino::readEaf}) {
        try {
            for (const kino::AnnotationTier &tier : read(file.path())) {
                for (const kino::Annotation &annotation : tier.annotations) {
                    if (annotation.end < annotation.start)
                        std::abort();
                }
            }
        } catch (const kino::Error &) {
        }
    }
    return 0;
}
