#include "core/base/file_lock.h"

#include "core/base/error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace kino {

namespace {

/** Of the open file, not of the process: another opening of the same file is refused in this process too. */
struct flock wholeFile()
{
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

} // namespace

std::optional<FileLock> FileLock::tryLock(const std::filesystem::path &file)
{
    const int opened = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (opened < 0)
        throw Error(file.parent_path(), std::string("cannot be written (") + std::strerror(errno) + "); choose a folder in which you may write");
    FileLock lock(opened);
    struct flock wanted = wholeFile();
    if (fcntl(opened, F_OFD_SETLK, &wanted) == 0)
        return lock;
    if (errno != EAGAIN && errno != EACCES)
        throw Error(file, std::string("cannot be locked (") + std::strerror(errno) + "); it must lie on a local disk");
    return std::nullopt;
}

bool FileLock::isLocked(const std::filesystem::path &file)
{
    int opened = open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (opened < 0)
        opened = open(file.c_str(), O_RDONLY | O_CLOEXEC); // of somebody else: to ask, reading is enough
    if (opened < 0)
        return false;
    // Asks without taking it: a moment's lock could turn away whoever takes it just then.
    const FileLock closes(opened);
    struct flock wanted = wholeFile();
    return fcntl(opened, F_OFD_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK;
}

FileLock::~FileLock()
{
    if (m_file >= 0)
        close(m_file);
}

FileLock::FileLock(FileLock &&other) noexcept : m_file(std::exchange(other.m_file, -1)) {}

FileLock &FileLock::operator=(FileLock &&other) noexcept
{
    std::swap(m_file, other.m_file);
    return *this;
}

} // namespace kino
