#include "core/base/resident_memory.h"

#include <fstream>
#include <malloc.h>
#include <sstream>
#include <string>

namespace kino {

ResidentMemory residentMemory()
{
    malloc_trim(0);
    ResidentMemory memory;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        std::istringstream words(line);
        std::string key;
        std::int64_t kibibytes = 0;
        if (!(words >> key >> kibibytes))
            continue;
        if (key == "VmRSS:")
            memory.nowBytes = kibibytes * 1024;
        else if (key == "VmHWM:")
            memory.peakBytes = kibibytes * 1024;
    }
    return memory;
}

void restartPeak()
{
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << "5";
}

} // namespace kino
