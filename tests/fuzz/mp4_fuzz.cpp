#include "core/base/error.h"
#include "core/media/video_source.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const kino::fuzz::MemoryFile file(data, size);
    try {
        const auto video = kino::openVideoFile(file.path());
        video->setOutputSize(32, 32);
        if (video->frames().size() > 0) {
            video->frame(0);
            video->frame(video->frames().size() - 1);
        }
    } catch (const kino::Error &) {
    }
    return 0;
}
