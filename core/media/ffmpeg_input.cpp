#include "core/media/ffmpeg_input.h"

#include <new>

namespace kino::ffmpeg {
namespace {

// What is left out: playlists (they open other files and addresses), pictures and subtitles (FFmpeg takes nearly any text
// for one of them) and bare streams without times.
constexpr const char *kContainers = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mxf";
constexpr int kIoBufferBytes = 32 * 1024;
// Smaller reads may end in a buffer that FFmpeg parses, so they are at least defined.
constexpr std::size_t kZeroedBytes = 64 * 1024;

int scoreOf(const AVStream *stream)
{
    const bool isDefault = stream->disposition & AV_DISPOSITION_DEFAULT;
    return (stream->nb_frames != 1 ? 2 : 0) + (isDefault ? 1 : 0);
}

} // namespace

/** Serves a file's bytes, but pretends to have read those of mdat boxes. */
struct Input::HeaderOnlyIo {
    HeaderOnlyIo(const std::filesystem::path &path, const Mp4Layout &layout)
        : file(MappedFile::open(path)), mediaData(layout.mediaData)
    {
        auto *buffer = static_cast<unsigned char *>(av_malloc(kIoBufferBytes));
        if (!buffer)
            throw std::bad_alloc();
        context = avio_alloc_context(buffer, kIoBufferBytes, 0, this, read, nullptr, seek);
        if (!context) {
            av_free(buffer);
            throw std::bad_alloc();
        }
    }
    ~HeaderOnlyIo()
    {
        av_freep(&context->buffer);
        avio_context_free(&context);
    }
    HeaderOnlyIo(const HeaderOnlyIo &) = delete;
    HeaderOnlyIo &operator=(const HeaderOnlyIo &) = delete;

    static int read(void *opaque, std::uint8_t *target, int wanted)
    {
        auto &self = *static_cast<HeaderOnlyIo *>(opaque);
        const auto bytes = self.file->bytes();
        if (self.position >= bytes.size())
            return AVERROR_EOF;
        std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(wanted), bytes.size() - self.position);
        bool isMedia = false;
        for (const ByteRange &range : self.mediaData) {
            if (self.position >= range.begin && self.position < range.end) {
                isMedia = true;
                count = std::min<std::size_t>(count, range.end - self.position);
            } else if (self.position < range.begin) {
                count = std::min<std::size_t>(count, range.begin - self.position);
            }
        }
        if (!isMedia)
            std::memcpy(target, bytes.data() + self.position, count);
        else if (count <= kZeroedBytes)
            std::memset(target, 0, count);
        self.position += count;
        return static_cast<int>(count);
    }

    static std::int64_t seek(void *opaque, std::int64_t offset, int whence)
    {
        auto &self = *static_cast<HeaderOnlyIo *>(opaque);
        const auto size = static_cast<std::int64_t>(self.file->bytes().size());
        if (whence & AVSEEK_SIZE)
            return size;
        const int from = whence & ~AVSEEK_FORCE;
        const std::int64_t base = from == SEEK_END ? size : from == SEEK_CUR ? static_cast<std::int64_t>(self.position) : 0;
        if (offset < -base || offset > size - base)
            return AVERROR(EINVAL);
        self.position = static_cast<std::uint64_t>(base + offset);
        return base + offset;
    }

    std::shared_ptr<const MappedFile> file;
    std::vector<ByteRange> mediaData;
    std::uint64_t position = 0;
    AVIOContext *context = nullptr;
};

Input::Input(const std::filesystem::path &path, const Mp4Layout &layout, Payload payload) : m_isMp4(layout.isMp4)
{
    quietLog();
    m_context = avformat_alloc_context();
    if (!m_context)
        throw std::bad_alloc();
    const bool headerOnly = payload == Payload::skipped && layout.isMp4 && !layout.isFragmented;
    if (headerOnly) {
        try {
            m_io = std::make_unique<HeaderOnlyIo>(path, layout);
        } catch (...) {
            avformat_free_context(m_context);
            throw;
        }
        m_context->pb = m_io->context;
        m_context->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
    } else if (!layout.isMp4) {
        m_context->flags |= AVFMT_FLAG_GENPTS;
    }
    m_context->format_whitelist = av_strdup(kContainers);
    m_context->protocol_whitelist = av_strdup("file");
    AVDictionary *options = nullptr;
    av_dict_set(&options, "ignore_chapters", "1", 0);
    // Edit lists are applied by PacketTable: FFmpeg moves a first frame that an edit cuts into to the edit's beginning,
    // and with it every other frame, away from the sound and the telemetry.
    av_dict_set(&options, "ignore_editlist", "1", 0);
    // avformat_open_input() frees the context when it fails.
    const int code = avformat_open_input(&m_context, ("file:" + path.string()).c_str(), nullptr, &options);
    av_dict_free(&options);
    if (code < 0)
        throw Error(path, "is not a video that can be read here (" + errorText(code)
                        + "); MP4, MOV, MKV, AVI and MPEG-TS are");
    // MP4 says in its header all that is asked here; the others must be looked into.
    if (!layout.isMp4 && avformat_find_stream_info(m_context, nullptr) < 0) {
        avformat_close_input(&m_context);
        throw Error(path, "has streams whose format cannot be found out; the file is damaged or not a video");
    }
}

Input::~Input() { avformat_close_input(&m_context); }

bool Input::seeksByPresentationTime() const
{
    return std::string_view(m_context->iformat->name).find("matroska") != std::string_view::npos;
}

void Input::keepOnly(int streamIndex)
{
    for (unsigned i = 0; i < m_context->nb_streams; ++i)
        m_context->streams[i]->discard = static_cast<int>(i) == streamIndex ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

int Input::videoStream() const
{
    int best = -1;
    for (unsigned i = 0; i < m_context->nb_streams; ++i) {
        const AVStream *candidate = stream(static_cast<int>(i));
        const AVCodecParameters *codec = candidate->codecpar;
        if (codec->codec_type != AVMEDIA_TYPE_VIDEO || (candidate->disposition & AV_DISPOSITION_ATTACHED_PIC)
            || !avcodec_find_decoder(codec->codec_id))
            continue;
        if (best < 0 || scoreOf(candidate) > scoreOf(stream(best)))
            best = static_cast<int>(i);
    }
    return best;
}

int Input::audioStream() const
{
    int best = -1;
    for (unsigned i = 0; i < m_context->nb_streams; ++i) {
        const AVStream *candidate = stream(static_cast<int>(i));
        if (candidate->codecpar->codec_type != AVMEDIA_TYPE_AUDIO
            || !avcodec_find_decoder(candidate->codecpar->codec_id))
            continue;
        if (best < 0 || scoreOf(candidate) > scoreOf(stream(best)))
            best = static_cast<int>(i);
    }
    return best;
}

std::array<int, 2> Input::shownSize(int streamIndex) const
{
    AVStream *const shown = stream(streamIndex);
    const int width = shown->codecpar->width;
    const int height = shown->codecpar->height;
    const AVRational shape = av_guess_sample_aspect_ratio(m_context, shown, nullptr);
    constexpr double kMostShape = 10; // beyond is damage
    const double ratio = shape.num > 0 && shape.den > 0 ? av_q2d(shape) : 1;
    if (ratio == 1 || ratio > kMostShape || ratio < 1 / kMostShape)
        return {width, height};
    return {std::max(1, static_cast<int>(std::lround(width * ratio))), height};
}

} // namespace kino::ffmpeg
