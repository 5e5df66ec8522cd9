// Pictures of one video for the GUI thread, from core's ScrubDecoder: the keyframe at once, then the exact frame; what
// was decoded lately comes at once.
#pragma once

#include "app/kinoscope/session.h"
#include "app/kinoscope/task_runner.h"
#include "core/data/recording.h"
#include "core/media/scrub_decoder.h"

#include <QImage>
#include <QSize>

namespace kino {

class VideoFeed : public QObject {
    Q_OBJECT

public:
    explicit VideoFeed(TaskRunner &runner, QObject *parent = nullptr);
    ~VideoFeed() override;

    /** Opens the track in the background; opened() or failed() follows. */
    void open(const VideoTrack &track);
    void close();
    bool isOpen() const { return m_clockwork != nullptr; }
    const std::shared_ptr<const VideoClockwork> &clockwork() const { return m_clockwork; }

    /** The same film under another clock: clockwork() is another then, pictures stay. */
    void setClock(const ClockMap<VideoClock> &clock);

    /** Larger pictures are of no use. */
    void setUsefulSize(QSize size);
    void request(std::size_t frame, PlayheadMotion motion);
    /** Whether the last requested frame has not come yet. */
    bool isWaiting() const { return m_wanted && m_wanted != m_given; }

Q_SIGNALS:
    void opened();
    void failed(const QString &sentence, const QString &details);
    /** `isExact` is false for a keyframe that stands in for `frame`. */
    void picture(std::size_t frame, const QImage &picture, bool isExact);
    void waitingChanged(bool waiting);

private:
    void takeOpened(const OpenedVideo &video);
    void takeFrame(const DeliveredFrame &frame);

    TaskRunner &m_runner;
    std::unique_ptr<ScrubDecoder> m_decoder;
    Ticket m_ticket; // of the open track
    ClockMap<VideoClock> m_clock;
    std::shared_ptr<const VideoClockwork> m_clockwork;
    QSize m_usefulSize{640, 360};
    std::optional<std::size_t> m_wanted;
    std::optional<std::size_t> m_given;
};

} // namespace kino
