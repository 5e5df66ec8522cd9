// A file mapped for reading. Safe against the file shrinking while it is mapped: the pages that vanished read as zeros
// and checkWhole() says so, instead of the process dying of SIGBUS.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace kino {

class MappedFile {
public:
    /** Throws Error when the file cannot be opened or mapped. An empty file gives an empty span. */
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path &path);

    ~MappedFile();
    MappedFile(const MappedFile &) = delete;
    MappedFile &operator=(const MappedFile &) = delete;

    const std::filesystem::path &path() const { return m_path; }
    std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    std::string_view text() const { return {reinterpret_cast<const char *>(m_data), m_size}; }

    /** Throws Error when a part of the file had vanished by the time it was read. Call after reading, before trusting. */
    void checkWhole() const;

private:
    MappedFile() = default;

    std::filesystem::path m_path;
    const std::byte *m_data = nullptr;
    std::size_t m_size = 0;
    std::size_t m_slot = 0;
};

/**
 * Gives back the memory of the whole pages among `bytes` that a MappedFile holds: touched again, they come from the file
 * again. For who has walked over much and needs it no more; memory of any other kind stays as it is. Any thread, whoever
 * else reads the bytes meanwhile; the caller holds what they lie in.
 */
void releaseMappedPages(std::span<const std::byte> bytes);

} // namespace kino
