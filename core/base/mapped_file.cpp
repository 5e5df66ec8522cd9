#include "core/base/mapped_file.h"

#include "core/base/error.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kino {
namespace {

// What the signal handler may look at: a fixed table of lock-free atomics, since a handler may neither lock nor allocate.
struct Slot {
    std::atomic<std::uintptr_t> begin{0};
    std::atomic<std::uintptr_t> end{0};
    std::atomic<bool> shrunk{false};
};

constexpr std::size_t kSlots = 4096;
constexpr std::uintptr_t kReserved = 1;
std::array<Slot, kSlots> slots;
struct sigaction previousHandler;
std::uintptr_t pageSize = 4096;

void onBusError(int signal, siginfo_t *info, void *context)
{
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (Slot &slot : slots) {
        if (address < slot.begin.load() || address >= slot.end.load())
            continue;
        slot.shrunk = true;
        void *page = reinterpret_cast<void *>(address & ~(pageSize - 1));
        if (mmap(page, pageSize, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED)
            return;
    }
    if (previousHandler.sa_flags & SA_SIGINFO) {
        previousHandler.sa_sigaction(signal, info, context);
        return;
    }
    // Not ours: the default action takes the process down when the access is tried again.
    ::signal(SIGBUS, SIG_DFL);
}

void installHandlerOnce()
{
    static std::once_flag once;
    std::call_once(once, [] {
        pageSize = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
        struct sigaction action{};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO | SA_NODEFER;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &previousHandler);
    });
}

std::size_t takeSlot(const std::filesystem::path &path)
{
    for (std::size_t i = 0; i < kSlots; ++i) {
        std::uintptr_t expected = 0;
        if (!slots[i].begin.compare_exchange_strong(expected, kReserved))
            continue;
        slots[i].end = 0;
        slots[i].shrunk = false;
        return i;
    }
    throw Error(path, "too many files are open at once; close some recordings and try again");
}

std::string systemMessage(int code)
{
    switch (code) {
    case ENOENT: return "there is no such file";
    case EACCES:
    case EPERM: return "no permission to read it; check the file's access rights";
    case EISDIR: return "is a folder, a file was expected";
    case EMFILE:
    case ENFILE: return "too many files are open at once; close some recordings and try again";
    default: return std::string("cannot be read: ") + std::generic_category().message(code);
    }
}

struct Descriptor {
    int fd = -1;
    ~Descriptor()
    {
        if (fd >= 0)
            ::close(fd);
    }
};

} // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path &path)
{
    installHandlerOnce();
    // Non-blocking, or opening a named pipe would wait for a writer for ever.
    const Descriptor descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (descriptor.fd < 0)
        throw Error(path, systemMessage(errno));
    struct stat status{};
    if (fstat(descriptor.fd, &status) != 0)
        throw Error(path, systemMessage(errno));
    if (S_ISDIR(status.st_mode))
        throw Error(path, systemMessage(EISDIR));
    if (!S_ISREG(status.st_mode))
        throw Error(path, "is not a regular file; copy its content into one first");

    std::shared_ptr<MappedFile> file(new MappedFile);
    file->m_path = path;
    file->m_slot = takeSlot(path);
    file->m_size = static_cast<std::size_t>(status.st_size);
    if (file->m_size == 0)
        return file;
    void *data = mmap(nullptr, file->m_size, PROT_READ, MAP_PRIVATE, descriptor.fd, 0);
    if (data == MAP_FAILED) {
        file->m_size = 0;
        throw Error(path, systemMessage(errno));
    }
    file->m_data = static_cast<const std::byte *>(data);
    Slot &slot = slots[file->m_slot];
    slot.begin = reinterpret_cast<std::uintptr_t>(data);
    slot.end = reinterpret_cast<std::uintptr_t>(data) + file->m_size;
    return file;
}

MappedFile::~MappedFile()
{
    Slot &slot = slots[m_slot];
    slot.end = 0;
    if (m_data)
        munmap(const_cast<std::byte *>(m_data), m_size);
    slot.begin = 0;
}

void releaseMappedPages(std::span<const std::byte> bytes)
{
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
    const std::uintptr_t end = begin + bytes.size();
    // Only what lies wholly in one mapping of a file: other memory would lose its content.
    const bool isMapped = std::ranges::any_of(slots, [&](const Slot &slot) {
        const std::uintptr_t from = slot.begin.load();
        return from > kReserved && begin >= from && end <= slot.end.load();
    });
    const std::uintptr_t firstPage = (begin + pageSize - 1) & ~(pageSize - 1);
    const std::uintptr_t lastPage = end & ~(pageSize - 1);
    if (isMapped && lastPage > firstPage)
        madvise(reinterpret_cast<void *>(firstPage), lastPage - firstPage, MADV_DONTNEED);
}

void MappedFile::checkWhole() const
{
    // Reading the last byte finds a file that shrank even where nobody has touched the lost part yet.
    if (m_size > 0)
        static_cast<void>(*const_cast<const volatile std::byte *>(m_data + m_size - 1));
    if (slots[m_slot].shrunk)
        throw Error(m_path, "became shorter while it was being read; wait until it is written completely and open it again");
}

} // namespace kino
