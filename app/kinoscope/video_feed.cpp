#include "app/kinoscope/video_feed.h"

#include "core/media/video_source.h"
#include "widgets/video_view.h"

namespace kino {
namespace {

constexpr qsizetype kKeptBytes = qsizetype{192} << 20;
/** Going on decoding is quicker than a keyframe shown on the way when the frame is this near. */
constexpr std::size_t kNearFrames = 4;

} // namespace

/** Lives on the decoder's one thread once it is open. */
class VideoFeed::Decoder {
public:
    explicit Decoder(const VideoTrack &track) : m_source(openVideo(track)) {}

    const FrameTable &frames() const { return m_source->frames(); }

    std::optional<Picture> keyframe(std::size_t frame, QSize size, const CancelToken &cancel)
    {
        const std::size_t key = frames().keyframeBefore(frame);
        const bool isNear = m_last && frame >= *m_last && frame - *m_last <= kNearFrames;
        if (isNear || frame - key <= 1 || m_last == key)
            return std::nullopt;
        m_source->setOutputSize(size.width(), size.height());
        return Picture{frame, toQImage(m_source->keyframeBefore(frame, cancel)), false};
    }

    Picture exact(std::size_t frame, QSize size, const CancelToken &cancel)
    {
        m_source->setOutputSize(size.width(), size.height());
        Picture picture{frame, toQImage(m_source->frame(frame, cancel)), true};
        m_last = frame;
        return picture;
    }

private:
    std::unique_ptr<VideoSource> m_source;
    std::optional<std::size_t> m_last;
};

VideoFeed::VideoFeed(TaskRunner &decoder, QObject *parent)
    : QObject(parent), m_opening(decoder, this), m_decoding(decoder, this)
{
    m_opening.onFailure([this](const QString &sentence, const QString &details) { Q_EMIT failed(sentence, details); });
    m_decoding.onFailure([this](const QString &sentence, const QString &details) {
        // The picture will not come: nobody should wait for it.
        m_given = m_wanted;
        Q_EMIT waitingChanged(false);
        Q_EMIT failed(sentence, details);
    });
}

VideoFeed::~VideoFeed() = default;

void VideoFeed::open(const VideoTrack &track)
{
    close();
    using Opened = std::pair<std::shared_ptr<Decoder>, std::shared_ptr<const VideoClockwork>>;
    m_opening.ask<Opened>(
        [track](const TaskContext &, const std::function<void(Opened)> &) -> Opened {
            auto decoder = std::make_shared<Decoder>(track);
            auto clockwork = std::make_shared<const VideoClockwork>(VideoClockwork{decoder->frames(), track.clock});
            return {std::move(decoder), std::move(clockwork)};
        },
        [this](const Opened &result) {
            std::tie(m_decoder, m_clockwork) = result;
            Q_EMIT opened();
        });
}

void VideoFeed::close()
{
    m_opening.drop();
    m_decoding.drop();
    m_decoder.reset();
    m_clockwork.reset();
    m_wanted.reset();
    m_given.reset();
    forgetPictures();
}

void VideoFeed::setUsefulSize(QSize size)
{
    if (size == m_usefulSize || size.isEmpty())
        return;
    m_usefulSize = size;
    forgetPictures();
    if (!m_wanted)
        return;
    const std::size_t frame = *m_wanted;
    m_wanted.reset();
    m_given.reset();
    request(frame, Urgency::scrub);
}

void VideoFeed::request(std::size_t frame, Urgency urgency)
{
    if (!m_decoder || m_wanted == frame)
        return;
    m_wanted = frame;
    if (const auto kept = m_keptByFrame.find(frame); kept != m_keptByFrame.end()) {
        m_kept.splice(m_kept.end(), m_kept, kept->second);
        // What is still being decoded is for another instant.
        if (urgency == Urgency::scrub)
            m_decoding.drop();
        give({frame, kept->second->second, true});
        return;
    }
    Q_EMIT waitingChanged(true);
    m_decoding.ask<Picture>(
        [decoder = m_decoder, frame, size = m_usefulSize, urgency](const TaskContext &context, const std::function<void(Picture)> &publish) {
            if (urgency == Urgency::scrub) {
                if (std::optional<Picture> keyframe = decoder->keyframe(frame, size, context.cancel))
                    publish(std::move(*keyframe));
            }
            return decoder->exact(frame, size, context.cancel);
        },
        [this](const Picture &result) {
            if (result.isExact)
                remember(result.frame, result.image);
            give(result);
        },
        urgency == Urgency::scrub ? WhenBusy::cancelSoon : WhenBusy::letFinish);
}

void VideoFeed::give(const Picture &result)
{
    if (result.isExact) {
        m_given = result.frame;
        Q_EMIT waitingChanged(isWaiting());
    }
    Q_EMIT picture(result.frame, result.image, result.isExact);
}

void VideoFeed::remember(std::size_t frame, const QImage &image)
{
    if (m_keptByFrame.contains(frame))
        return;
    m_kept.emplace_back(frame, image);
    m_keptByFrame[frame] = std::prev(m_kept.end());
    m_keptBytes += image.sizeInBytes();
    while (m_keptBytes > kKeptBytes && m_kept.size() > 1) {
        m_keptBytes -= m_kept.front().second.sizeInBytes();
        m_keptByFrame.erase(m_kept.front().first);
        m_kept.pop_front();
    }
}

void VideoFeed::forgetPictures()
{
    m_kept.clear();
    m_keptByFrame.clear();
    m_keptBytes = 0;
}

} // namespace kino
