#include "app/kinoscope/library/sample_room.h"

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/mapped_file.h"

#include <atomic>
#include <fstream>
#include <map>
#include <set>
#include <unistd.h>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAlignment = 64;

template <class Visit>
void forEachColumn(Recording &recording, const Visit &visit)
{
    for (Device &device : recording.devices) {
        for (ImuStream &stream : device.streams) {
            visit(stream.timesNs);
            for (Column<float> &axis : stream.values)
                visit(axis);
        }
    }
}

template <class T>
std::span<const std::byte> bytesOf(const Column<T> &column)
{
    return std::as_bytes(column.values());
}

/** Removes the file's name when it goes, whatever happened; a mapping outlives the name. */
class NamelessSoon {
public:
    explicit NamelessSoon(fs::path path) : m_path(std::move(path)) {}
    ~NamelessSoon()
    {
        std::error_code ignored;
        fs::remove(m_path, ignored);
    }
    NamelessSoon(const NamelessSoon &) = delete;
    NamelessSoon &operator=(const NamelessSoon &) = delete;
    const fs::path &path() const { return m_path; }

private:
    fs::path m_path;
};

void moveToDisk(Recording &recording, const fs::path &folder)
{
    fs::create_directories(folder);
    static std::atomic<unsigned> number{0};
    const NamelessSoon file(folder / ("samples-" + std::to_string(::getpid()) + "-" + std::to_string(number++)));
    std::map<const std::byte *, std::size_t> offsets;
    {
        std::ofstream out(file.path(), std::ios::binary | std::ios::trunc);
        std::size_t written = 0;
        forEachColumn(recording, [&](const auto &column) {
            const std::span<const std::byte> bytes = bytesOf(column);
            if (bytes.empty() || !offsets.emplace(bytes.data(), written).second)
                return;
            out.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
            const std::size_t padding = (kAlignment - bytes.size() % kAlignment) % kAlignment;
            static constexpr char kZeros[kAlignment] = {};
            out.write(kZeros, static_cast<std::streamsize>(padding));
            written += bytes.size() + padding;
        });
        out.flush();
        if (!out)
            throw Error(file.path(), "the samples cannot be written there");
    }
    const std::shared_ptr<const MappedFile> mapped = MappedFile::open(file.path());
    forEachColumn(recording, [&]<class T>(Column<T> &column) {
        const auto at = offsets.find(bytesOf(column).data());
        if (at != offsets.end())
            column = Column<T>(mapped, {reinterpret_cast<const T *>(mapped->bytes().data() + at->second), column.size()});
    });
}

} // namespace

std::size_t sampleBytes(const Recording &recording)
{
    std::set<const std::byte *> seen;
    std::size_t sum = 0;
    for (const Device &device : recording.devices) {
        for (const ImuStream &stream : device.streams) {
            const auto add = [&](std::span<const std::byte> bytes) { sum += seen.insert(bytes.data()).second ? bytes.size() : 0; };
            add(bytesOf(stream.timesNs));
            for (const Column<float> &axis : stream.values)
                add(bytesOf(axis));
        }
    }
    return sum;
}

Recording SampleRoom::settle(Recording recording)
{
    const std::size_t bytes = sampleBytes(recording);
    {
        const std::lock_guard lock(m_mutex);
        if (bytes <= m_limits.recordingBytes && m_inMemory + bytes <= m_limits.memoryBytes) {
            m_inMemory += bytes;
            return recording;
        }
    }
    try {
        moveToDisk(recording, m_folder);
    } catch (const std::exception &failure) {
        log(LogLevel::warning, std::string("Samples stay in memory: ") + failure.what());
        const std::lock_guard lock(m_mutex);
        m_inMemory += bytes;
    }
    return recording;
}

std::size_t SampleRoom::bytesInMemory() const
{
    const std::lock_guard lock(m_mutex);
    return m_inMemory;
}

} // namespace kino
