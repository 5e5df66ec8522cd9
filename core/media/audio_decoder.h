// Decodes a container's sound block by block. Internal to core/media.
#pragma once

#include "core/base/cancel.h"
#include "core/base/time.h"
#include "core/media/ffmpeg_input.h"

#include <filesystem>
#include <vector>

namespace kino::ffmpeg {

/** Blocks in order; on the clock of the same file's video. One thread at a time. */
class AudioDecoder {
public:
    /** Throws Error where there is no sound that can be decoded. */
    explicit AudioDecoder(const std::filesystem::path &path);

    int sampleRateHz() const { return m_codec->sample_rate; }
    int channels() const { return m_channels; }
    /** Of the whole file, where the container says it, else 0. */
    Nanos claimedLengthNs() const;
    std::size_t damagedPackets() const { return m_damaged; }

    /** Goes to the packet some time before `ns`, if the container can: next() then begins at or before it. */
    void seekTo(Nanos ns);
    /** The next block into mono(); false at the end. */
    bool next(const CancelToken &cancel);
    /** Of the block's first sample, nanoseconds. */
    Nanos blockStartNs() const { return m_blockStartNs; }
    const std::vector<float> &mono() const { return m_mono; }

private:
    void applyEdits(const std::vector<Mp4Edit> &edits);
    void seekInMedia(Nanos movieNs);
    bool enterNextStretch();
    void mix(const AVFrame &frame);
    Nanos movieTimeOf(std::int64_t pts) const;

    std::filesystem::path m_path;
    Mp4Layout m_layout;
    Input m_input;
    int m_streamIndex = -1;
    CodecContextPtr m_codec;
    PacketPtr m_packet = makePacket();
    FramePtr m_frame = makeFrame();
    int m_channels = 0;
    bool m_isDraining = false;
    std::size_t m_damaged = 0;
    Nanos m_blockStartNs = 0;
    /** What one edit plays: [fromNs, toNs) of the movie, which is media time plus shiftNs. */
    struct Stretch {
        Nanos fromNs = 0;
        Nanos toNs = 0;
        Nanos shiftNs = 0;
    };
    std::vector<Stretch> m_stretches; // at least one, in the movie's order
    std::size_t m_stretch = 0;
    std::vector<float> m_mono;
};

} // namespace kino::ffmpeg
