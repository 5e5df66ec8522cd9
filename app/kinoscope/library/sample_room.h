// Where the samples of recordings live that were opened without a project: small ones in memory, long ones in a mapped
// file that has no name any more, so that the system may take its pages back and nothing is left behind after a crash.
// Any thread.
#pragma once

#include "core/data/recording.h"

#include <cstddef>
#include <filesystem>
#include <mutex>

namespace kino {

class SampleRoom {
public:
    struct Limits {
        /** A recording with more bytes of samples is mapped. */
        std::size_t recordingBytes = std::size_t{16} << 20;
        /** So is every one that would bring those in memory above this. */
        std::size_t memoryBytes = std::size_t{128} << 20;
    };

    /** `folder` lies on a disk (not in memory, as /tmp may) and is made when it is needed. */
    explicit SampleRoom(std::filesystem::path folder) : SampleRoom(std::move(folder), Limits{}) {}
    SampleRoom(std::filesystem::path folder, Limits limits) : m_folder(std::move(folder)), m_limits(limits) {}

    /**
     * The same recording, equal in every number. Where the disk is full or may not be written it stays in memory: that
     * costs room but changes nothing.
     */
    Recording settle(Recording recording);

    /** Bytes of samples that were left in memory so far. */
    std::size_t bytesInMemory() const;

private:
    const std::filesystem::path m_folder;
    const Limits m_limits;
    mutable std::mutex m_mutex;
    std::size_t m_inMemory = 0;
};

/** What times and values take; a column that several streams share counts once. */
std::size_t sampleBytes(const Recording &recording);

} // namespace kino
