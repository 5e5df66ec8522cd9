// Pictures of one video, decoded off the GUI thread: the keyframe at once, then the exact frame; what was decoded lately
// is kept and given at once. GUI thread.
#pragma once

#include "app/kinoscope/session.h"
#include "app/kinoscope/task_runner.h"
#include "core/data/recording.h"

#include <QImage>
#include <QSize>

#include <list>
#include <map>

namespace kino {

class VideoSource;

class VideoFeed : public QObject {
    Q_OBJECT

public:
    /** The runner must have one thread only: a VideoSource is used by one thread at a time. */
    explicit VideoFeed(TaskRunner &decoder, QObject *parent = nullptr);
    ~VideoFeed() override;

    /** Opens the track in the background; opened() or failed() follows. */
    void open(const VideoTrack &track);
    void close();
    bool isOpen() const { return m_clockwork != nullptr; }
    const std::shared_ptr<const VideoClockwork> &clockwork() const { return m_clockwork; }

    /** Larger pictures are of no use. Pictures kept in another size are forgotten. */
    void setUsefulSize(QSize size);

    enum class Urgency {
        scrub, // somebody waits: the nearest picture first, older wishes are given up
        play   // time goes on: every decoded frame is of use, none is given up
    };
    void request(std::size_t frame, Urgency urgency);
    /** Whether the last requested frame has not come yet. */
    bool isWaiting() const { return m_wanted && m_wanted != m_given; }

Q_SIGNALS:
    void opened();
    void failed(const QString &sentence, const QString &details);
    /** `isExact` is false for a keyframe that stands in. */
    void picture(std::size_t frame, const QImage &picture, bool isExact);
    void waitingChanged(bool waiting);

private:
    struct Picture {
        std::size_t frame = 0;
        QImage image;
        bool isExact = false;
    };
    class Decoder;

    void remember(std::size_t frame, const QImage &image);
    void give(const Picture &picture);
    void forgetPictures();

    TaskLine m_opening;
    TaskLine m_decoding;
    std::shared_ptr<Decoder> m_decoder;
    std::shared_ptr<const VideoClockwork> m_clockwork;
    QSize m_usefulSize{640, 360};
    std::optional<std::size_t> m_wanted;
    std::optional<std::size_t> m_given;

    // Least recently used first; sized by bytes.
    std::list<std::pair<std::size_t, QImage>> m_kept;
    std::map<std::size_t, std::list<std::pair<std::size_t, QImage>>::iterator> m_keptByFrame;
    qsizetype m_keptBytes = 0;
};

} // namespace kino
