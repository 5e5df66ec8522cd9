// SHA-256 of bytes that come piece by piece. One object, one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace kino {

class Sha256 {
public:
    Sha256();

    void add(std::span<const std::byte> bytes);
    void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
    /** 64 hexadecimal digits. Nothing can be added afterwards. */
    std::string hex();

private:
    std::unique_ptr<void, void (*)(void *)> m_context;
};

} // namespace kino
