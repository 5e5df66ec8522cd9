#include "core/media/gpmf/telemetry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    // Two payloads with a container's times around an arbitrary cut, and the same bytes without times.
    const std::span<const std::byte> bytes(reinterpret_cast<const std::byte *>(data), size);
    const std::size_t cut = size / 2 & ~std::size_t{3};
    const kino::TelemetryPacket timed[] = {{bytes.first(cut), 0, kino::kNanosPerSecond},
                                           {bytes.subspan(cut), kino::kNanosPerSecond, kino::kNanosPerSecond}};
    kino::readTelemetry(timed);
    const kino::TelemetryPacket untimed[] = {{bytes, std::nullopt, 0}};
    kino::readTelemetry(untimed);
    return 0;
}
