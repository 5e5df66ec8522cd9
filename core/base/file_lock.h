// That nobody else does the same at the same time: a lock on a file, which the system lets go of however the process ends. A process
// that is stopped keeps it. Not for network file systems.
#pragma once

#include <filesystem>
#include <optional>

namespace kino {

class FileLock {
public:
    /** Makes the file where it is not there. Nothing where another process, or another lock of this one, has it. Throws Error where it
     * cannot be written. */
    static std::optional<FileLock> tryLock(const std::filesystem::path &file);
    /** Whether anyone has it; makes no file. */
    static bool isLocked(const std::filesystem::path &file);

    ~FileLock();
    FileLock(FileLock &&other) noexcept;
    FileLock &operator=(FileLock &&other) noexcept;

private:
    explicit FileLock(int file) : m_file(file) {}
    int m_file;
};

} // namespace kino
