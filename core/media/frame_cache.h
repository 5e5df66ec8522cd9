// Decoded pictures by frame index, the longest unused thrown out first. Any thread.
#pragma once

#include "core/media/image.h"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace kino {

class FrameCache {
public:
    explicit FrameCache(std::size_t budgetBytes) : m_budgetBytes(budgetBytes) {}

    /** The picture, which counts as used now; nullptr where it is not kept. */
    std::shared_ptr<const Image> find(std::size_t index);
    bool contains(std::size_t index) const;
    /** Keeps the newest picture even where it alone is over the budget. */
    void insert(std::size_t index, std::shared_ptr<const Image> image);
    void clear();

    std::size_t bytes() const;
    std::size_t size() const;
    std::size_t budgetBytes() const { return m_budgetBytes; }

private:
    using Entry = std::pair<std::size_t, std::shared_ptr<const Image>>;

    const std::size_t m_budgetBytes;
    mutable std::mutex m_mutex;
    std::list<Entry> m_entries; // used last first
    std::unordered_map<std::size_t, std::list<Entry>::iterator> m_byIndex;
    std::size_t m_bytes = 0;
};

} // namespace kino
