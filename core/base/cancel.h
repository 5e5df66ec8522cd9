// Cooperative cancellation. A token is cheap to copy and may be used from any thread.
#pragma once

#include "core/base/error.h"

#include <atomic>
#include <memory>

namespace kino {

class CancelToken {
public:
    CancelToken() : m_flag(std::make_shared<std::atomic<bool>>(false)) {}

    void cancel() const { m_flag->store(true, std::memory_order_relaxed); }
    bool isCancelled() const { return m_flag->load(std::memory_order_relaxed); }
    /** Throws Cancelled once cancel() was called on any copy. */
    void throwIfCancelled() const
    {
        if (isCancelled())
            throw Cancelled();
    }

private:
    std::shared_ptr<std::atomic<bool>> m_flag;
};

} // namespace kino
