// A container opened for reading packets. Internal to core/media.
#pragma once

#include "core/base/mapped_file.h"
#include "core/media/ffmpeg.h"
#include "core/media/mp4_layout.h"

#include <filesystem>
#include <memory>

namespace kino::ffmpeg {

/** Whether packets carry their data. Without it an index of hours is read in milliseconds: only boxes are read. */
enum class Payload { read, skipped };

/**
 * Opens files only (no addresses, playlists or pipes) and only containers that carry times. One thread at a time.
 * MP4's edit lists are not applied: packets carry media times. Payload::skipped is honoured for MP4 and QuickTime with one moov; others read their data.
 */
class Input {
public:
    /** Throws Error where the file is none of the containers known here. */
    Input(const std::filesystem::path &path, const Mp4Layout &layout, Payload payload);
    ~Input();
    Input(const Input &) = delete;
    Input &operator=(const Input &) = delete;

    AVFormatContext *context() const { return m_context; }
    AVStream *stream(int index) const { return m_context->streams[index]; }
    bool isMp4() const { return m_isMp4; }
    /** Whether av_seek_frame() compares with presentation times; most containers go by decoding times. */
    bool seeksByPresentationTime() const;
    /** Drops the packets of all other streams. */
    void keepOnly(int streamIndex);

    /** The stream to show: no cover picture, with a decoder, a default one before others; -1 where there is none. */
    int videoStream() const;
    int audioStream() const;

    /**
     * Width and height at which a stream's pictures are shown, before they are turned: square pixels, the stored lines
     * kept and the width stretched by the pixels' shape where the file states one (0.1 to 10).
     */
    std::array<int, 2> shownSize(int streamIndex) const;

private:
    struct HeaderOnlyIo;

    AVFormatContext *m_context = nullptr;
    std::unique_ptr<HeaderOnlyIo> m_io;
    bool m_isMp4 = false;
};

} // namespace kino::ffmpeg
