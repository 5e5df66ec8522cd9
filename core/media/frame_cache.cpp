#include "core/media/frame_cache.h"

namespace kino {

std::shared_ptr<const Image> FrameCache::find(std::size_t index)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_byIndex.find(index);
    if (found == m_byIndex.end())
        return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return found->second->second;
}

bool FrameCache::contains(std::size_t index) const
{
    const std::lock_guard lock(m_mutex);
    return m_byIndex.contains(index);
}

void FrameCache::insert(std::size_t index, std::shared_ptr<const Image> image)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_byIndex.find(index); found != m_byIndex.end()) {
        m_bytes -= found->second->second->bytes();
        m_entries.erase(found->second);
        m_byIndex.erase(found);
    }
    m_bytes += image->bytes();
    m_entries.emplace_front(index, std::move(image));
    m_byIndex[index] = m_entries.begin();
    while (m_bytes > m_budgetBytes && m_entries.size() > 1) {
        m_bytes -= m_entries.back().second->bytes();
        m_byIndex.erase(m_entries.back().first);
        m_entries.pop_back();
    }
}

void FrameCache::clear()
{
    const std::lock_guard lock(m_mutex);
    m_entries.clear();
    m_byIndex.clear();
    m_bytes = 0;
}

std::size_t FrameCache::bytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

std::size_t FrameCache::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_entries.size();
}

} // namespace kino
