// Tables of windows made in code, for tests of what is done with them.
#pragma once

#include "core/data/dataset/window_table.h"

#include <string>
#include <vector>

namespace kino::test {

/** Recordings r0, r1, … of subjects s0, s1, …, one device each, windows of 100 samples at 50 Hz every `strideSamples`. */
inline WindowTable evenTable(std::size_t recordings, std::size_t windowsEach, std::size_t strideSamples, std::size_t classes = 0)
{
    WindowTable table;
    table.samplesPerWindow = 100;
    table.lengthNs = 2 * kNanosPerSecond;
    for (std::size_t label = 0; label < classes; ++label)
        table.classes.push_back("c" + std::to_string(label));
    for (std::size_t recording = 0; recording < recordings; ++recording) {
        const std::string number = std::to_string(recording);
        table.recordings.push_back({"r" + number, "s" + number, {{{"imu"}, {0, 50, windowsEach * strideSamples + 100}}}});
        for (std::size_t window = 0; window < windowsEach; ++window) {
            const auto first = static_cast<std::int64_t>(window * strideSamples);
            WindowRow row{.recording = static_cast<std::uint32_t>(recording), .start = {first * 20 * kNanosPerMillisecond}, .firstSample = first};
            if (classes > 0) {
                row.label = static_cast<std::int32_t>(window * classes / windowsEach);
                row.bout = static_cast<std::int32_t>(recording * classes) + row.label;
            }
            table.rows.push_back(row);
        }
    }
    return table;
}

} // namespace kino::test
