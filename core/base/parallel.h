// Splits work over threads that live for the call only.
#pragma once

#include <cstddef>
#include <functional>

namespace kino {

/** How many threads parallel work takes: the cores this process may use. */
std::size_t usableThreads();

/**
 * Calls work(index) for every index in [0, count), on up to `threads` threads. The first exception thrown is thrown
 * again here once all threads have stopped; indices not yet begun are then skipped.
 */
void parallelFor(std::size_t count, std::size_t threads, const std::function<void(std::size_t index)> &work);

} // namespace kino
