// A file in memory with a path, so that a target can feed bytes to a reader that takes files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace kino::fuzz {

class MemoryFile {
public:
    MemoryFile(const std::uint8_t *data, std::size_t size) : m_fd(memfd_create("fuzz", 0))
    {
        for (std::size_t written = 0; written < size;) {
            const ssize_t count = ::write(m_fd, data + written, size - written);
            if (count <= 0)
                abort();
            written += static_cast<std::size_t>(count);
        }
    }
    ~MemoryFile() { ::close(m_fd); }
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;

    std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(m_fd); }

private:
    int m_fd;
};

} // namespace kino::fuzz
