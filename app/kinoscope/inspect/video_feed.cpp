#include "app/kinoscope/inspect/video_feed.h"

#include "widgets/player/video_view.h"

namespace kino {
namespace {

/** Some 150 pictures of the usual panel's size; with a day of signals beside it, the window stays below 600 MB. */
constexpr std::size_t kCacheBytes = std::size_t{128} << 20;

} // namespace

VideoFeed::VideoFeed(TaskRunner &runner, QObject *parent) : QObject(parent), m_runner(runner) {}

VideoFeed::~VideoFeed() { close(); }

void VideoFeed::open(const VideoTrack &track)
{
    close();
    m_ticket = Ticket();
    m_clock = track.clock;
    // Called on the decoder's thread: only what is captured may be touched there.
    const auto onFrame = [this, runner = &m_runner, ticket = m_ticket](const DeliveredFrame &frame) {
        runner->answer(ticket, [this, frame] { takeFrame(frame); });
    };
    const auto onOpened = [this, runner = &m_runner, ticket = m_ticket](const OpenedVideo &video) {
        runner->answer(ticket, [this, video] { takeOpened(video); });
    };
    ScrubOptions options;
    options.cacheBytes = kCacheBytes;
    m_decoder = std::make_unique<ScrubDecoder>([track] { return openVideo(track); }, onFrame, onOpened, options);
    m_decoder->setOutputSize(m_usefulSize.width(), m_usefulSize.height());
}

void VideoFeed::close()
{
    m_ticket.outdate();
    if (m_decoder) {
        // A decoder ends when its thread does, which may be in the middle of a large file: not while the window waits.
        m_runner.runAside([decoder = std::shared_ptr<ScrubDecoder>(std::move(m_decoder))]() mutable { decoder.reset(); });
    }
    m_clockwork.reset();
    m_wanted.reset();
    m_given.reset();
}

void VideoFeed::setUsefulSize(QSize size)
{
    if (size == m_usefulSize || size.isEmpty())
        return;
    m_usefulSize = size;
    if (!m_decoder)
        return;
    const bool wasWaiting = isWaiting();
    // The decoder answers its newest request again, in the new size.
    m_given.reset();
    m_decoder->setOutputSize(size.width(), size.height());
    if (isWaiting() != wasWaiting)
        Q_EMIT waitingChanged(isWaiting());
}

void VideoFeed::request(std::size_t frame, PlayheadMotion motion)
{
    if (!m_clockwork || m_wanted == frame)
        return;
    const bool wasWaiting = isWaiting();
    m_wanted = frame;
    // Asked for in any case: the decoder reads ahead from here.
    FrameRequest request;
    request.target = frame;
    request.motion = motion;
    m_decoder->request(request);
    if (const std::shared_ptr<const Image> kept = m_decoder->cached(frame)) {
        m_given = frame;
        Q_EMIT picture(frame, toQImage(kept), true);
    }
    if (isWaiting() != wasWaiting)
        Q_EMIT waitingChanged(isWaiting());
}

void VideoFeed::setClock(const ClockMap<VideoClock> &clock)
{
    m_clock = clock;
    if (m_clockwork)
        m_clockwork = std::make_shared<const VideoClockwork>(m_clockwork->table, clock);
}

void VideoFeed::takeOpened(const OpenedVideo &video)
{
    if (!video.frames) {
        const QString sentence = QString::fromStdString(video.error);
        Q_EMIT failed(sentence, sentence);
        return;
    }
    m_clockwork = std::make_shared<const VideoClockwork>(video.frames, m_clock);
    Q_EMIT opened();
}

void VideoFeed::takeFrame(const DeliveredFrame &frame)
{
    if (!frame.wanted)
        return;
    const bool wasWaiting = isWaiting();
    if (!frame.error.empty()) {
        // The picture will not come: nobody should wait for it.
        m_given = frame.wanted;
        const QString sentence = QString::fromStdString(frame.error);
        Q_EMIT failed(sentence, sentence);
    } else if (frame.image) {
        // What was given from the kept pictures needs neither a preview nor the same again.
        if (m_given == frame.wanted && m_given == m_wanted)
            return;
        const bool isExact = frame.exactness == FrameExactness::exact;
        if (isExact)
            m_given = frame.wanted;
        Q_EMIT picture(*frame.wanted, toQImage(frame.image), isExact);
    }
    if (isWaiting() != wasWaiting)
        Q_EMIT waitingChanged(isWaiting());
}

} // namespace kino
