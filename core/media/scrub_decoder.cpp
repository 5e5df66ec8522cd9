#include "core/media/scrub_decoder.h"

#include "core/base/error.h"

namespace kino {
namespace {

/** So many times the patience for a keyframe that is to be shown: who drags quickly wants to see something. */
constexpr int kKeyframePatience = 4;

} // namespace

ScrubDecoder::ScrubDecoder(Open open, OnFrame onFrame, OnOpened onOpened, ScrubOptions options)
    : m_open(std::move(open)),
      m_onFrame(std::move(onFrame)),
      m_onOpened(std::move(onOpened)),
      m_options(options),
      m_cache(options.cacheBytes)
{
    m_watcher = std::thread([this] { watch(); });
    m_worker = std::thread([this] { work(); });
}

ScrubDecoder::~ScrubDecoder()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        if (m_running)
            m_running->cancel.cancel();
    }
    m_wake.notify_all();
    m_wakeWatch.notify_all();
    m_worker.join();
    m_watcher.join();
}

void ScrubDecoder::request(const FrameRequest &request)
{
    {
        const std::lock_guard lock(m_mutex);
        m_pending = request;
        m_newest = request;
    }
    m_wake.notify_one();
    m_wakeWatch.notify_one();
}

void ScrubDecoder::setOutputSize(int maxWidth, int maxHeight)
{
    {
        const std::lock_guard lock(m_mutex);
        m_pendingSize = {maxWidth, maxHeight};
        if (!m_pending)
            m_pending = m_newest;
    }
    m_wake.notify_one();
}

bool ScrubDecoder::hasNewer() const
{
    const std::lock_guard lock(m_mutex);
    return m_stopping || m_pending.has_value() || m_pendingSize.has_value();
}

void ScrubDecoder::openSource()
{
    OpenedVideo opened;
    try {
        m_source = m_open();
        auto frames = std::make_shared<const FrameTable>(m_source->frames());
        opened = {frames, m_source->width(), m_source->height(), {}};
        const std::lock_guard lock(m_mutex);
        m_frames = std::move(frames);
    } catch (const std::exception &failure) {
        m_source.reset();
        m_openError = failure.what();
        opened.error = m_openError;
    }
    if (m_onOpened)
        m_onOpened(opened);
}

void ScrubDecoder::work()
{
    openSource();
    while (true) {
        std::optional<FrameRequest> request;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopping || m_pending || m_pendingSize; });
            if (m_stopping)
                return;
            if (m_pendingSize && m_source) {
                m_source->setOutputSize(m_pendingSize->first, m_pendingSize->second);
                m_cache.clear();
                m_lastShown.reset();
            }
            m_pendingSize.reset();
            request.swap(m_pending);
        }
        if (request)
            serve(*request);
    }
}

/** Stops a decode that a newer request has no use for, once it has had its time. */
void ScrubDecoder::watch()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        const bool isOvertaken = m_running && m_pending && !servesToo(*m_running, *m_pending);
        if (!isOvertaken || m_running->cancel.isCancelled()) {
            m_wakeWatch.wait(lock);
            continue;
        }
        // A copy: it may be another while this waits.
        const auto deadline = m_running->deadline;
        if (std::chrono::steady_clock::now() < deadline)
            m_wakeWatch.wait_until(lock, deadline);
        else
            m_running->cancel.cancel();
    }
}

std::optional<std::size_t> ScrubDecoder::indexOf(const FrameRequest &request) const
{
    if (const auto *time = std::get_if<VideoTime>(&request.target))
        return m_frames->frameAt(*time);
    const std::size_t index = std::get<std::size_t>(request.target);
    return index < m_frames->size() ? std::optional(index) : std::nullopt;
}

/** Whether what runs now comes by the newer request's frame: then it would be a waste to begin anew. */
bool ScrubDecoder::servesToo(const Running &running, const FrameRequest &newer) const
{
    const auto index = indexOf(newer);
    return index && *index >= running.target && m_frames->keyframeBefore(*index) == running.keyframe;
}

void ScrubDecoder::serve(const FrameRequest &request)
{
    if (!m_source) {
        deliver(request, std::nullopt, 0, FrameExactness::exact, nullptr, m_openError);
        return;
    }
    const auto index = indexOf(request);
    if (!index) {
        m_lastShown.reset();
        deliver(request, std::nullopt, 0, FrameExactness::exact, nullptr);
        return;
    }
    try {
        serveIndex(request, *index);
        readAround(request, *index);
    } catch (const Cancelled &) {
        // A newer request waits.
    } catch (const std::exception &failure) {
        deliver(request, index, *index, FrameExactness::exact, nullptr, failure.what());
    }
    m_lastWanted = index;
}

bool ScrubDecoder::wantsPreview(const FrameRequest &request, std::size_t index, std::size_t keyframe) const
{
    if (request.motion == PlayheadMotion::playing || index == keyframe)
        return false;
    // What is on screen lies nearer than the keyframe.
    if (m_lastShown && *m_lastShown >= keyframe && *m_lastShown <= index)
        return false;
    const bool goesOn = m_lastDecoded && *m_lastDecoded >= keyframe && *m_lastDecoded < index;
    return index - (goesOn ? *m_lastDecoded : keyframe) > m_options.previewAboveFrames;
}

void ScrubDecoder::serveIndex(const FrameRequest &request, std::size_t index)
{
    if (auto image = m_cache.find(index)) {
        deliver(request, index, index, FrameExactness::exact, std::move(image));
        return;
    }
    const std::size_t keyframe = m_frames->keyframeBefore(index);
    const auto show = [&](std::shared_ptr<const Image> preview) { deliver(request, index, keyframe, FrameExactness::preview, std::move(preview)); };
    VideoSource::OnKeyframe onKeyframe;
    if (wantsPreview(request, index, keyframe)) {
        if (auto kept = m_cache.find(keyframe))
            show(std::move(kept));
        else
            onKeyframe = [&](Image image) {
                setDeadline(m_options.patience);
                auto preview = std::make_shared<const Image>(std::move(image));
                m_cache.insert(keyframe, preview);
                show(std::move(preview));
            };
    }
    deliver(request, index, index, FrameExactness::exact, decode(index, onKeyframe));
}

std::shared_ptr<const Image> ScrubDecoder::decode(std::size_t index, const VideoSource::OnKeyframe &onKeyframe)
{
    const auto patience = onKeyframe ? kKeyframePatience * m_options.patience : m_options.patience;
    Running running{{}, std::chrono::steady_clock::now() + patience, index, m_frames->keyframeBefore(index)};
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            throw Cancelled();
        m_running = running;
    }
    m_wakeWatch.notify_one();
    struct Clear {
        ScrubDecoder &self;
        ~Clear()
        {
            const std::lock_guard lock(self.m_mutex);
            self.m_running.reset();
        }
    } clear{*this};
    m_lastDecoded.reset();
    auto image = std::make_shared<const Image>(onKeyframe ? m_source->frameByKeyframe(index, onKeyframe, running.cancel) : m_source->frame(index, running.cancel));
    m_lastDecoded = index;
    m_cache.insert(index, image);
    return image;
}

void ScrubDecoder::setDeadline(std::chrono::milliseconds fromNow)
{
    {
        const std::lock_guard lock(m_mutex);
        m_running->deadline = std::chrono::steady_clock::now() + fromNow;
    }
    m_wakeWatch.notify_one();
}

/** Uses the time until the next request: frames ahead while playing; those behind when going back. */
void ScrubDecoder::readAround(const FrameRequest &request, std::size_t index)
{
    std::size_t from = index + 1;
    std::size_t to = from;
    if (request.motion == PlayheadMotion::playing) {
        to = std::min(m_frames->size(), from + m_options.readAheadFrames);
    } else if (m_lastWanted && index < *m_lastWanted && *m_lastWanted - index <= m_options.keepBehindFrames) {
        // Each step back would decode from the keyframe again; one pass fills a stretch.
        from = index - std::min(index, m_options.keepBehindFrames);
        to = index;
    }
    for (std::size_t i = from; i < to && !hasNewer(); ++i) {
        if (m_cache.contains(i))
            continue;
        try {
            decode(i);
        } catch (const Error &) {
            // It is told when the frame itself is asked for.
        }
    }
}

void ScrubDecoder::deliver(const FrameRequest &request, std::optional<std::size_t> wanted, std::size_t index,
                           FrameExactness exactness, std::shared_ptr<const Image> image, std::string error)
{
    DeliveredFrame frame;
    frame.epoch = request.epoch;
    frame.wanted = wanted;
    frame.index = index;
    if (m_frames && index < m_frames->size())
        frame.time = {m_frames->ptsNs[index]};
    frame.exactness = exactness;
    if (image)
        m_lastShown = index;
    frame.image = std::move(image);
    frame.error = std::move(error);
    m_onFrame(frame);
}

} // namespace kino
