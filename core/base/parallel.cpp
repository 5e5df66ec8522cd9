#include "core/base/parallel.h"

#include <sched.h>

namespace kino {

std::size_t usableThreads()
{
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) == 0)
        return std::max(1, CPU_COUNT(&cores));
    return std::max(1u, std::thread::hardware_concurrency());
}

void parallelFor(std::size_t count, std::size_t threads, const std::function<void(std::size_t)> &work)
{
    if (threads <= 1 || count <= 1) {
        for (std::size_t index = 0; index < count; ++index)
            work(index);
        return;
    }

    std::atomic<std::size_t> next{0};
    std::exception_ptr firstFailure;
    std::mutex failureMutex;
    const auto run = [&] {
        for (std::size_t index = next++; index < count; index = next++) {
            try {
                work(index);
            } catch (...) {
                const std::lock_guard lock(failureMutex);
                if (!firstFailure)
                    firstFailure = std::current_exception();
                next = count;
            }
        }
    };
    {
        std::vector<std::jthread> pool;
        for (std::size_t i = 1; i < std::min(threads, count); ++i)
            pool.emplace_back(run);
        run();
    }
    if (firstFailure)
        std::rethrow_exception(firstFailure);
}

} // namespace kino
