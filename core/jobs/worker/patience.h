// Work on the database that is worth waiting for: another program may hold it, the disk may be full for the moment.
#pragma once

#include "core/base/cancel.h"
#include "core/store/database.h"

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace kino {

/**
 * Does it again every second until it succeeds, saying why it waits, once for each reason. Throws what it threw once `stop` fired: then
 * the next worker finds things as they are.
 */
template <class Work>
auto patiently(const Work &work, const CancelToken &stop, const std::function<void(const std::string &)> &say) -> decltype(work())
{
    std::string told;
    for (;;) {
        try {
            return work();
        } catch (const Unavailable &error) {
            if (stop.isCancelled())
                throw;
            if (say && told != error.what())
                say(std::string("waiting: ") + error.what());
            told = error.what();
        }
        for (int part = 0; part < 20 && !stop.isCancelled(); ++part)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

} // namespace kino
