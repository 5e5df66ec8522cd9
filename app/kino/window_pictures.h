// The first windows of each class as a picture: what a person looks at before training.
#pragma once

#include "core/data/windows/window_samples.h"
#include "core/data/windows/window_set.h"

#include <filesystem>
#include <map>

namespace kino::cli {

class WindowPictures {
public:
    /** Keeps the samples of the first kept windows of each class, as long as there are too few of it. */
    void add(const Recording &recording, const ChannelCoverage &coverage, const RecordingWindows &windows,
             const CancelToken &cancel);
    /**
     * A PNG for each class, named after it: a row for each window, a field for each three channels, x red, y green, z
     * blue; all windows of a class and field to one scale. Makes the folder. Throws Error where it cannot write.
     */
    void write(const std::filesystem::path &folder) const;

private:
    struct Kept {
        std::size_t channels = 0;
        std::vector<float> samples; // [channels, N]
    };
    std::map<std::string, std::vector<Kept>> m_byClass;
    std::size_t m_samples = 0;
};

} // namespace kino::cli
