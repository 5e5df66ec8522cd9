// Recordings as files that other programs read: one table per stream, annotations beside them.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/recording.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace kino {

enum class ExportFormat {
    /**
     * `time_s,time_ns,x (m/s^2),y (m/s^2),z (m/s^2)`: seconds from the recording's zero, the same in whole nanoseconds,
     * the axes with their unit. NaN is an empty field.
     */
    csv,
    /** float32 [samples, axes] with int64 [samples] times beside it. */
    npy
};

/** "csv", "npy"; throws Error naming the allowed ones. */
ExportFormat exportFormatFromName(std::string_view name);

struct ExportedFiles {
    std::vector<std::filesystem::path> files;
};

/**
 * Writes every stream of the recording into `folder`, which is made where it is missing: DEVICE-STREAM.csv, or
 * DEVICE-STREAM.npy and DEVICE-STREAM-times.npy. Times are on the recording's clock, offsets and drifts as set. Beside
 * them recording.json (epoch, units, clocks, videos, which file is what) and, where there are any, annotations.csv. Each
 * file is written under another name and then renamed. Throws Error, or Cancelled, leaving whole files only.
 */
ExportedFiles exportRecording(const Recording &recording, const std::filesystem::path &folder, ExportFormat format,
                              const CancelToken &cancel = {}, const Progress &progress = {});

} // namespace kino
