// All packets of a container's video stream: when each frame is shown and where decoding can begin. Read without
// decoding. Internal to core/media.
#pragma once

#include "core/base/cancel.h"
#include "core/media/ffmpeg_input.h"
#include "core/media/frame_table.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace kino::ffmpeg {

struct PacketEntry {
    std::int64_t pts = 0; // ticks of the stream
    std::int64_t dts = 0;
    std::int64_t durationTicks = 0; // 0 where unknown
    bool isKey = false;
};

class PacketTable {
public:
    /** Reads to the end of `input`, of which only `streamIndex` is kept. Throws Error when no frame is there. */
    PacketTable(Input &input, int streamIndex, const std::filesystem::path &path, const Mp4Layout &layout,
                const CancelToken &cancel = {});

    const FrameTable &frames() const { return m_frames; }
    /** Frames that the index promises but whose data lies beyond the end of the file. */
    std::size_t missingFrames() const { return m_missing; }

    std::int64_t ptsOf(std::size_t frame) const { return m_packets[m_shown[frame]].pts; }
    std::size_t packetCount() const { return m_packets.size(); }
    const PacketEntry &packet(std::size_t decodePosition) const { return m_packets[decodePosition]; }
    std::size_t decodePositionOf(std::size_t frame) const { return m_shown[frame]; }
    /** Position in decoding order of the packet with this time, hidden ones included. */
    std::optional<std::size_t> decodePositionAt(std::int64_t pts) const;
    /** Where to begin to get `frame`: the last key packet stored and shown no later than it; 0 where there is none. */
    std::size_t entryFor(std::size_t frame) const;
    /** The key packet before that at `decodePosition`; 0 where there is none. */
    std::size_t entryBefore(std::size_t decodePosition) const;

private:
    void read(Input &input, int streamIndex, const CancelToken &cancel);
    void order();
    void showAsStored(const AVStream *stream, bool isMp4);
    void showByEdits(const AVStream *stream, const std::vector<Mp4Edit> &edits, std::uint32_t movieTimescale,
                     const std::filesystem::path &path);
    void show(std::uint32_t position, Nanos ns);
    Nanos mediaEndNs(const AVStream *stream, bool isMp4) const;

    std::vector<PacketEntry> m_packets; // in decoding order
    std::vector<std::uint32_t> m_byPts; // decode positions of all packets, by time
    std::vector<std::uint32_t> m_shown; // decode position of each frame of m_frames
    std::vector<std::uint32_t> m_keys;  // decode positions of key packets
    bool m_isReordered = false;
    bool m_lacksPts = false;
    std::size_t m_missing = 0;
    FrameTable m_frames;
};

} // namespace kino::ffmpeg
