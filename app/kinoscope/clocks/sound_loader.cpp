#include "app/kinoscope/clocks/sound_loader.h"

#include "app/kinoscope/session.h"
#include "core/media/audio.h"
#include "widgets/timeline/event_marks.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr int kNoteEveryPercent = 5;

ClockMap<DeviceClock> clockOfLane(const VideoTrack &track) { return {track.clock.offsetNs, track.clock.driftPpm}; }

std::shared_ptr<LaneData> makeLane(const VideoTrack &track)
{
    auto lane = std::make_shared<LaneData>();
    lane->kind = LaneKind::sound;
    lane->id = kSoundLaneId;
    lane->title = SoundLoader::tr("Sound");
    lane->device = QString::fromStdString(track.name);
    lane->axes = {QStringLiteral("level")};
    lane->clock = clockOfLane(track);
    lane->even = EvenTimes{0, 1};
    lane->values.resize(1);
    lane->pyramids.resize(1);
    lane->range = {-1, 1};
    return lane;
}

std::shared_ptr<const LaneData> makeLane(const VideoTrack &track, Waveform waveform)
{
    const std::shared_ptr<LaneData> lane = makeLane(track);
    lane->even = EvenTimes{waveform.start.ns, waveform.valueRateHz};
    lane->timing.rateHz = waveform.sampleRateHz;
    lane->timing.samples = waveform.values.size();
    lane->timing.medianPeriodNs = static_cast<Nanos>(std::ceil(1e9 / waveform.valueRateHz));
    const MinMax all = waveform.pyramid.range(waveform.values, 0, waveform.values.size());
    // Even about silence, so that loud is high on either side.
    const double most = std::max(std::abs(all.min), std::abs(all.max));
    if (std::isfinite(most) && most > 0)
        lane->range = {-most, most};
    lane->pyramids[0] = std::move(waveform.pyramid);
    lane->values[0] = std::move(waveform.values);
    return lane;
}

} // namespace

SoundLoader::SoundLoader(Session &session, TaskRunner &runner, QObject *parent) : QObject(parent), m_session(session), m_line(runner, this)
{
    connect(&session, &Session::videoChanged, this, &SoundLoader::showVideo); // with every recording, too
    connect(&session, &Session::clocksChanged, this, &SoundLoader::followClock);
    connect(&session, &Session::lanesArranged, this, &SoundLoader::askWhenShown);
    connect(&m_line, &TaskLine::busyChanged, this, &SoundLoader::busyChanged);
    connect(&m_line, &TaskLine::progressed, this, [this](double fraction, const QString &) {
        const int percent = static_cast<int>(fraction * 100) / kNoteEveryPercent * kNoteEveryPercent;
        if (percent > 0 && percent < 100)
            say(tr("reading, %1 %").arg(percent));
    });
    m_line.onFailure([this](const QString &sentence, const QString &) { say(tr("cannot be read: %1").arg(sentence)); });
}

const VideoTrack *SoundLoader::track() const
{
    const Recording *recording = m_session.recording();
    return recording && m_session.video() < recording->videos.size() ? &recording->videos[m_session.video()] : nullptr;
}

void SoundLoader::showVideo()
{
    m_line.drop();
    m_isWanted = false;
    const VideoTrack *video = track();
    if (!video || !video->hasAudio) {
        m_session.setSoundLane(nullptr);
        return;
    }
    const auto kept = std::ranges::find(m_kept, video->path, &Kept::path);
    if (kept != m_kept.end()) {
        m_kept.splice(m_kept.begin(), m_kept, kept);
        m_session.setSoundLane(m_kept.front().lane->withClock(clockOfLane(*video)));
        return;
    }
    m_isWanted = true;
    const std::shared_ptr<LaneData> lane = makeLane(*video);
    lane->note = tr("reading");
    m_session.setSoundLane(lane); // asks where the lane is in sight
}

/** A lane that is folded away costs nothing. */
void SoundLoader::askWhenShown()
{
    const VideoTrack *video = track();
    const auto isSound = [](const auto &lane) { return lane->kind == LaneKind::sound; };
    const ArrangedLanes &arranged = m_session.arrangedLanes();
    const bool isShown = std::ranges::any_of(arranged.shown, isSound) || (m_session.isFoldOpen() && std::ranges::any_of(arranged.folded, isSound));
    if (!m_isWanted || !video || !isShown)
        return;
    m_isWanted = false;
    using Lane = std::shared_ptr<const LaneData>;
    m_line.ask<Lane>([track = *video](const TaskContext &context, const std::function<void(Lane)> &) { return makeLane(track, readWaveform(track.path, context.cancel, context.progress)); },
                     [this, path = video->path](const Lane &lane) { take(path, lane); });
}

void SoundLoader::take(const std::filesystem::path &path, const std::shared_ptr<const LaneData> &lane)
{
    m_kept.push_front({path, lane});
    if (m_kept.size() > kKept)
        m_kept.pop_back();
    if (const VideoTrack *video = track())
        m_session.setSoundLane(lane->withClock(clockOfLane(*video)));
}

void SoundLoader::say(const QString &note)
{
    if (!m_session.soundLane() || m_session.soundLane()->note == note)
        return;
    auto lane = std::make_shared<LaneData>(*m_session.soundLane());
    lane->note = note;
    m_session.setSoundLane(lane);
}

void SoundLoader::followClock()
{
    const VideoTrack *video = track();
    if (video && m_session.soundLane() && m_session.soundLane()->clock != clockOfLane(*video))
        m_session.setSoundLane(m_session.soundLane()->withClock(clockOfLane(*video)));
}

} // namespace kino
