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
    m_line.ask<Kept>(
        [track = *video, kept = m_kept](const TaskContext &context, const std::function<void(Kept)> &) {
            const Stamp stamp = stampOf(track.path);
            for (const Kept &each : kept) {
                if (each.path == track.path && each.stamp == stamp)
                    return each;
            }
            return Kept{track.path, stamp, makeLane(track, readWaveform(track.path, context.cancel, context.progress))};
        },
        [this](const Kept &read) { take(read); });
}

SoundLoader::Stamp SoundLoader::stampOf(const std::filesystem::path &path)
{
    std::error_code ignored; // what cannot be looked at cannot be read either, and that is said
    return {std::filesystem::last_write_time(path, ignored), std::filesystem::file_size(path, ignored)};
}

void SoundLoader::take(const Kept &read)
{
    std::erase_if(m_kept, [&](const Kept &each) { return each.path == read.path; });
    m_kept.push_front(read);
    if (m_kept.size() > kKept)
        m_kept.pop_back();
    if (const VideoTrack *video = track())
        m_session.setSoundLane(read.lane->withClock(clockOfLane(*video)));
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
