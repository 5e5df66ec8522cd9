// One immutable column of numbers: owned memory or a mapped file, shared by all that look at it. Copying a column
// copies a pointer, so a worker's snapshot of a recording is free. Any thread may read it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace kino {

template <class T>
class Column {
public:
    Column() = default;
    Column(std::vector<T> values)
    {
        auto owner = std::make_shared<const std::vector<T>>(std::move(values));
        m_values = *owner;
        m_owner = std::move(owner);
    }
    /** Values that live as long as `owner`, for example in a mapped file. */
    Column(std::shared_ptr<const void> owner, std::span<const T> values) : m_owner(std::move(owner)), m_values(values) {}

    std::span<const T> values() const { return m_values; }
    std::size_t size() const { return m_values.size(); }
    bool empty() const { return m_values.empty(); }
    const T &operator[](std::size_t index) const { return m_values[index]; }
    const T &front() const { return m_values.front(); }
    const T &back() const { return m_values.back(); }
    auto begin() const { return m_values.begin(); }
    auto end() const { return m_values.end(); }
    operator std::span<const T>() const { return m_values; }

private:
    std::shared_ptr<const void> m_owner;
    std::span<const T> m_values;
};

} // namespace kino
