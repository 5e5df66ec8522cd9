// metrics.csv of a run's folder, read. No LibTorch; any thread.
#pragma once

#include "core/base/cancel.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace kino {

/**
 * As MetricsFile wrote it; a last line that was cut off by a power failure is left out. Throws Error with the line of what is damaged,
 * Cancelled, and what `visit` throws.
 */
void readMetricsCsv(const std::filesystem::path &file, const std::function<void(std::int64_t step, std::int64_t epoch, std::string_view key, double value)> &visit,
                    const CancelToken &cancel = {});

} // namespace kino
