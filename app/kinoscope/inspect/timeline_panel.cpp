#include "app/kinoscope/inspect/timeline_panel.h"

#include "app/kinoscope/inspect/read_ahead.h"
#include "app/kinoscope/session.h"
#include "core/media/thumbnails.h"
#include "widgets/player/video_view.h"

#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kPictureHeight = 96;
constexpr std::size_t kPictures = 48;
constexpr std::size_t kPicturesAtOnce = 8;

} // namespace

TimelinePanel::TimelinePanel(Session &session, TaskRunner &runner, QWidget *parent)
    : QWidget(parent), m_session(session), m_pictures(runner, this), m_view(new TimelineView(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    new ReadAhead(session, runner, this);

    connect(&session, &Session::recordingChanged, this, &TimelinePanel::showRecording);
    connect(&session, &Session::lanesArranged, this, [this] {
        m_view->setLanes(m_session.arrangedLanes().shown, m_session.arrangedLanes().folded);
        m_view->setFoldOpen(m_session.isFoldOpen());
    });
    connect(&session, &Session::autoScaleChanged, this, [this] { m_view->setAutoScale(m_session.isAutoScale()); });
    connect(&session, &Session::loopChanged, this, [this] { m_view->setLoop(m_session.loopStart(), m_session.loopEnd()); });
    connect(&session, &Session::clocksChanged, this, &TimelinePanel::followClocks);
    connect(&session, &Session::videoChanged, this, &TimelinePanel::showFootage);
    connect(&session, &Session::videoClockworkChanged, this, &TimelinePanel::showFootage);
    connect(&session, &Session::videoClockworkChanged, this, &TimelinePanel::askPictures);
    m_pictures.onFailure([](const QString &, const QString &) {}); // the video panel says why it cannot be decoded
    connect(m_view, &TimelineView::foldToggleRequested, &session, &Session::setFoldOpen);
    connect(m_view, &TimelineView::laneShownRequested, &session, &Session::setLaneShown);
    connect(m_view, &TimelineView::laneMoveRequested, &session, &Session::moveLane);
    connect(m_view, &TimelineView::autoScaleRequested, &session, &Session::setAutoScale);
    connect(&session, &Session::visibleRangeChanged, this, [this] { m_view->setVisibleRange(m_session.visibleRange()); });
    connect(&session, &Session::playheadChanged, this, [this] { m_view->setPlayhead(m_session.playhead()); });
    connect(&session, &Session::selectionChanged, this, [this] { m_view->setSelection(m_session.selection()); });

    connect(m_view, &TimelineView::visibleRangeRequested, &session, &Session::setVisibleRange);
    connect(m_view, &TimelineView::playheadRequested, &session, &Session::setPlayhead);
    connect(m_view, &TimelineView::selectionRequested, &session, &Session::setSelection);
    connect(m_view, &TimelineView::fitRequested, &session, &Session::fit);
    connect(m_view, &TimelineView::playToggleRequested, this, &TimelinePanel::playToggleRequested);
    showRecording();
}

/** From the frame table where it is read, holes in the film included; until then from what the import says. */
void TimelinePanel::showFootage()
{
    const Recording *recording = m_session.recording();
    if (!recording || m_session.video() >= recording->videos.size()) {
        m_view->setFootage(std::nullopt);
        return;
    }
    const VideoTrack &track = recording->videos[m_session.video()];
    FootageSpans footage{QString::fromStdString(track.name), {}};
    const auto add = [&](VideoTime from, VideoTime to) {
        const TimeRange span{track.clock.toRecording(from), track.clock.toRecording(to)};
        if (!span.isEmpty())
            footage.spans.push_back(span);
    };
    if (const auto &clockwork = m_session.videoClockwork(); clockwork && clockwork->frames.size() > 0) {
        Nanos from = clockwork->frames.ptsNs.front();
        for (const FrameTable::Gap &gap : clockwork->frames.gaps) {
            add({from}, {gap.fromNs});
            from = gap.toNs;
        }
        add({from}, {clockwork->frames.endNs});
    } else {
        add(track.start, track.end);
    }
    m_view->setFootage(std::move(footage));
}

/** Once the frame table is known, so that opening is not held up: pictures for the overview, as they come. */
void TimelinePanel::askPictures()
{
    const std::shared_ptr<const FrameTable> film = m_session.videoClockwork() ? m_session.videoClockwork()->table : nullptr;
    if (film && film == m_filmOf) {
        showPictures(); // the same film under another clock
        return;
    }
    m_filmOf = film;
    m_pictures.drop();
    m_film.clear();
    showPictures();
    const Recording *recording = m_session.recording();
    if (!film || !recording || m_session.video() >= recording->videos.size())
        return;
    using Pictures = std::vector<FilmPicture>;
    const int height = static_cast<int>(kPictureHeight * devicePixelRatioF());
    m_pictures.ask<Pictures>(
        [track = recording->videos[m_session.video()], height](const TaskContext &context, const std::function<void(Pictures)> &publish) {
            const std::unique_ptr<VideoSource> source = kino::openVideo(track);
            Pictures pictures;
            const auto keep = [&](const Thumbnail &each) {
                const auto image = std::make_shared<const Image>(each.image);
                pictures.push_back({each.at, each.time, toQImage(image)});
                if (pictures.size() % kPicturesAtOnce == 0)
                    publish(pictures);
            };
            makeThumbnails(*source, kPictures, height, context.cancel, {}, keep);
            return pictures;
        },
        [this](const Pictures &pictures) {
            m_film = pictures;
            showPictures();
        });
}

void TimelinePanel::showPictures()
{
    std::vector<OverviewPicture> pictures;
    if (const auto &clockwork = m_session.videoClockwork()) {
        for (const FilmPicture &each : m_film)
            pictures.push_back({clockwork->clock.toRecording(each.at), clockwork->clock.toRecording(each.time), each.image});
    }
    m_view->setOverviewPictures(std::move(pictures));
}

/** Lanes and the video's clock come from those who make them. */
void TimelinePanel::followClocks()
{
    m_view->setBounds(m_session.bounds());
    showFootage();
}

void TimelinePanel::showRecording()
{
    const Recording *recording = m_session.recording();
    bool hasStreams = false;
    if (recording) {
        for (const Device &device : recording->devices)
            hasStreams = hasStreams || std::ranges::any_of(device.streams, [](const ImuStream &stream) { return stream.samples() > 0; });
    }
    m_view->setLanes({});
    m_view->setFoldOpen(m_session.isFoldOpen());
    m_view->setAutoScale(m_session.isAutoScale());
    showFootage();
    m_view->setBounds(m_session.bounds());
    m_view->setVisibleRange(m_session.visibleRange());
    m_view->setPlayhead(recording ? std::optional(m_session.playhead()) : std::nullopt);
    m_view->setSelection(m_session.selection());
    if (!recording)
        m_view->setMessage(tr("Signals and labels of the chosen recording appear here."));
    else
        m_view->setMessage(hasStreams ? tr("Preparing signals\u2026") : tr("This recording has no signals."));
}

} // namespace kino
