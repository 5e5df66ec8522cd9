#include "app/kinoscope/inspect/video_panel.h"

#include "widgets/controls/choice_box.h"
#include "widgets/player/video_view.h"

#include <QSignalBlocker>
#include <QVBoxLayout>

namespace kino {

VideoPanel::VideoPanel(Session &session, TaskRunner &runner, QWidget *parent)
    : QWidget(parent), m_session(session), m_feed(runner), m_view(new VideoView(this)), m_choice(new ChoiceBox(tr("Video shown"), this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_choice->hide();
    column->addWidget(m_view, 1);

    connect(&session, &Session::recordingChanged, this, &VideoPanel::openVideo);
    connect(&session, &Session::videoChanged, this, &VideoPanel::openVideo);
    connect(&session, &Session::playheadChanged, this, &VideoPanel::showPlayhead);
    connect(&session, &Session::clocksChanged, this, &VideoPanel::followClock);
    connect(m_choice, &QComboBox::activated, this, [this](int index) { m_session.setVideo(static_cast<std::size_t>(index)); });
    connect(m_view, &VideoView::usefulSizeChanged, &m_feed, &VideoFeed::setUsefulSize);
    connect(&m_feed, &VideoFeed::opened, this, [this] {
        m_session.setVideoClockwork(m_feed.clockwork());
        showPlayhead();
    });
    connect(&m_feed, &VideoFeed::picture, this, [this](std::size_t frame, const QImage &picture, bool isExact) {
        m_shown = frame;
        m_isExact = isExact;
        m_view->setPicture(picture);
        Q_EMIT settledChanged();
    });
    connect(&m_feed, &VideoFeed::waitingChanged, this, [this](bool waiting) {
        m_view->setBusy(waiting);
        Q_EMIT settledChanged();
    });
    connect(&m_feed, &VideoFeed::failed, this, [this](const QString &sentence, const QString &details) {
        m_hasFailed = true;
        m_view->setBusy(false);
        if (!m_feed.isOpen()) {
            m_view->setFootage(VideoView::Footage::none);
            m_view->setEmptyText(tr("The video could not be opened.\n%1").arg(sentence));
        }
        Q_EMIT failed(sentence, details);
        Q_EMIT settledChanged();
    });
    openVideo();
}

bool VideoPanel::isSettled() const
{
    const Recording *recording = m_session.recording();
    if (!recording || m_session.video() >= recording->videos.size() || m_hasFailed)
        return true;
    if (!m_feed.isOpen())
        return false;
    const std::optional<std::size_t> wanted = m_session.frameAtPlayhead();
    return !wanted || (m_shown == wanted && m_isExact);
}

void VideoPanel::openVideo()
{
    m_feed.close();
    m_shown.reset();
    m_isExact = false;
    m_hasFailed = false;
    m_view->setPicture({});
    m_view->setBusy(false);
    const Recording *recording = m_session.recording();
    const std::size_t count = recording ? recording->videos.size() : 0;
    {
        const QSignalBlocker blocker(m_choice);
        m_choice->clear();
        for (std::size_t video = 0; video < count; ++video)
            m_choice->addItem(QString::fromStdString(recording->videos[video].name));
        m_choice->setCurrentIndex(static_cast<int>(m_session.video()));
        m_choice->setVisible(count > 1);
    }
    if (m_session.video() >= count) {
        m_view->setFootage(VideoView::Footage::none);
        m_view->setEmptyText(recording ? tr("This recording has no video.") : tr("The video of the chosen recording appears here."));
        Q_EMIT settledChanged();
        return;
    }
    m_view->setFootage(VideoView::Footage::present);
    m_feed.open(recording->videos[m_session.video()]);
}

void VideoPanel::followClock()
{
    const Recording *recording = m_session.recording();
    if (m_session.video() >= recording->videos.size())
        return;
    m_feed.setClock(recording->videos[m_session.video()].clock);
    if (!m_feed.isOpen() || m_session.videoClockwork()->clock == m_feed.clockwork()->clock)
        return;
    m_session.setVideoClockwork(m_feed.clockwork());
    showPlayhead();
}

void VideoPanel::showPlayhead()
{
    if (!m_feed.isOpen() || m_session.videoClockwork() != m_feed.clockwork())
        return;
    const FrameTable &table = m_feed.clockwork()->frames;
    const VideoTime own = m_feed.clockwork()->clock.toOwn(m_session.playhead());
    std::optional<std::size_t> frame = table.frameAt(own);
    m_view->setFootage(frame ? VideoView::Footage::present : VideoView::Footage::missing);
    // Outside the footage the nearest picture stays, dimmed.
    if (!frame && table.size() > 0)
        frame = own.ns < table.ptsNs.front() ? 0 : table.size() - 1;
    if (frame)
        m_feed.request(*frame, m_session.isPlaying() ? PlayheadMotion::playing : PlayheadMotion::scrubbing);
    Q_EMIT settledChanged();
}

} // namespace kino
