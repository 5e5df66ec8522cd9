#include "app/kinoscope/clocks/clock_setter.h"

#include "app/kinoscope/library/library.h"
#include "app/kinoscope/project_writer.h"
#include "app/kinoscope/session.h"
#include "core/base/error.h"
#include "core/store/project.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QElapsedTimer>
#include <QLocale>
#include <QPointer>
#include <QUndoCommand>
#include <QUndoStack>

#include <algorithm>
#include <chrono>

namespace kino {
namespace {

constexpr int kNudgeCommandId = 0x636c6b;

class ClockCommand : public QUndoCommand {
public:
    ClockCommand(ClockSetter &setter, qint64 recording, ClockEdit edit, bool isNudge)
        : m_setter(&setter), m_recording(recording), m_edit(std::move(edit)), m_isNudge(isNudge)
    {
        setText(QString::fromStdString(m_edit.what));
        m_since.start();
    }

    int id() const override { return m_isNudge ? kNudgeCommandId : -1; }
    void redo() override { apply(m_edit); }
    void undo() override { apply(inverseOf(m_edit)); }

    bool mergeWith(const QUndoCommand *other) override
    {
        const auto &next = static_cast<const ClockCommand &>(*other);
        const bool isSame = next.m_recording == m_recording && next.m_edit.owner == m_edit.owner && next.m_edit.name == m_edit.name && next.m_edit.before == m_edit.after;
        if (!isSame || m_since.elapsed() > ClockSetter::kMergeWithinMs)
            return false;
        m_edit.after = next.m_edit.after;
        m_edit.what = QCoreApplication::translate("ClockSetter", "Move clock of %1 by %2").arg(QString::fromStdString(m_edit.name), offsetText(m_edit.after.offsetNs - m_edit.before.offsetNs)).toStdString();
        setText(QString::fromStdString(m_edit.what));
        m_since.restart();
        return true;
    }

private:
    void apply(const ClockEdit &edit)
    {
        if (!m_setter || !m_setter->apply(m_recording, edit))
            setObsolete(true);
    }

    QPointer<ClockSetter> m_setter;
    qint64 m_recording;
    ClockEdit m_edit;
    bool m_isNudge;
    QElapsedTimer m_since;
};

/** Where a project keeps the clock that an import gave. */
std::string importedKey(qint64 stored, const ClockTarget &target)
{
    return "imported-clock/" + std::to_string(stored) + (target.owner == ClockOwner::device ? "/device/" : "/video/") + target.name;
}

bool hasSamples(const Device &device)
{
    return std::ranges::any_of(device.streams, [](const ImuStream &stream) { return stream.samples() > 0; });
}

} // namespace

Nanos wallClockNowNs() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

QString offsetText(Nanos offsetNs)
{
    if (offsetNs == 0)
        return QStringLiteral("0 s");
    const QString sign = offsetNs < 0 ? QString(QChar(0x2212)) : QStringLiteral("+");
    const double size = std::abs(toSeconds(offsetNs));
    // Below a tenth of a second milliseconds are easier to read.
    return sign + (size < 0.1 ? QString::number(size * 1e3, 'f', size < 0.01 ? 2 : 1) + QStringLiteral(" ms") : QString::number(size, 'f', 3) + QStringLiteral(" s"));
}

QString clockOriginText(const std::optional<ClockEvidence> &evidence)
{
    const auto say = [](const char *text) { return QCoreApplication::translate("ClockSetter", text); };
    if (!evidence)
        return say("as imported");
    const char *how = "";
    switch (evidence->method) {
    case ClockMethod::typed: how = "typed"; break;
    case ClockMethod::nudged: how = "nudged"; break;
    case ClockMethod::onePoint: how = "one point"; break;
    case ClockMethod::twoPoints: how = "two points"; break;
    }
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(evidence->setAtNs / kNanosPerMillisecond);
    return say(how) + QStringLiteral(", ") + QLocale(QLocale::English).toString(at, QStringLiteral("d MMM yyyy hh:mm"));
}

ClockSetter::ClockSetter(Session &session, Library &library, ProjectWriter &writer, QUndoStack &history, TaskRunner &runner, QObject *parent)
    : QObject(parent), m_session(session), m_library(library), m_writer(writer), m_history(history), m_asking(runner, this)
{
    connect(&session, &Session::recordingChanged, this, [this] {
        chooseUsualTarget();
        noteImported();
        Q_EMIT changed();
    });
    connect(&session, &Session::clocksChanged, this, &ClockSetter::changed);
    m_asking.onFailure([](const QString &, const QString &) {}); // the way back to the import is not offered then
}

std::vector<ClockTarget> ClockSetter::targets() const
{
    std::vector<ClockTarget> targets;
    const Recording *recording = m_session.recording();
    if (!recording)
        return targets;
    for (const Device &device : recording->devices) {
        if (hasSamples(device))
            targets.push_back({ClockOwner::device, device.name});
    }
    for (const VideoTrack &video : recording->videos)
        targets.push_back({ClockOwner::video, video.name});
    return targets;
}

/** What was chosen stays chosen where the next recording has it too. */
void ClockSetter::chooseUsualTarget()
{
    const std::vector<ClockTarget> all = targets();
    if (m_target && std::ranges::find(all, *m_target) != all.end())
        return;
    m_target.reset();
    if (all.empty())
        return;
    m_target = all.back();
    if (m_session.video() < m_session.recording()->videos.size())
        m_target = ClockTarget{ClockOwner::video, m_session.recording()->videos[m_session.video()].name};
}

void ClockSetter::setTarget(const ClockTarget &target)
{
    const std::vector<ClockTarget> all = targets();
    if (m_target == target || std::ranges::find(all, target) == all.end())
        return;
    m_target = target;
    if (target.owner == ClockOwner::video) {
        const auto video = std::ranges::find(m_session.recording()->videos, target.name, &VideoTrack::name);
        m_session.setVideo(static_cast<std::size_t>(video - m_session.recording()->videos.begin()));
    }
    Q_EMIT changed();
}

std::optional<ClockState> ClockSetter::state() const
{
    return m_target && m_session.recording() ? std::optional(clockOf(*m_session.recording(), m_target->owner, m_target->name)) : std::nullopt;
}

bool ClockSetter::isKept() const { return m_library.storedIdOf(m_session.open().id).has_value(); }

void ClockSetter::noteImported()
{
    for (const ClockTarget &target : targets()) {
        const ClockState clock = clockOf(*m_session.recording(), target.owner, target.name);
        if (!clock.evidence)
            m_imported[{m_session.open().id, target}] = clock;
    }
    askImported();
}

/** Of clocks that were set before the project was opened. */
void ClockSetter::askImported()
{
    m_asking.drop();
    const qint64 id = m_session.open().id;
    const std::optional<qint64> stored = m_session.recording() ? m_library.storedIdOf(id) : std::nullopt;
    std::vector<ClockTarget> unknown = targets();
    std::erase_if(unknown, [&](const ClockTarget &target) { return m_imported.contains({id, target}); });
    if (!stored || unknown.empty())
        return;
    using Found = std::map<ClockTarget, ClockState>;
    m_asking.ask<Found>(
        [folder = m_library.project(), stored = *stored, unknown, name = m_session.recording()->name](const TaskContext &, const std::function<void(Found)> &) {
            const Project project = Project::open(folder);
            Found found;
            for (const ClockTarget &target : unknown) {
                const auto kept = project.setting(importedKey(stored, target));
                if (kept && kept->value("recording", std::string()) == name)
                    found[target] = {kept->at("offset_ns").get<Nanos>(), kept->at("drift_ppm").get<double>(), {}};
            }
            return found;
        },
        [this, id](const Found &found) {
            for (const auto &[target, clock] : found)
                m_imported[{id, target}] = clock;
            if (!found.empty())
                Q_EMIT changed();
        });
}

std::optional<ClockState> ClockSetter::imported() const
{
    if (!m_target)
        return std::nullopt;
    const auto found = m_imported.find({m_session.open().id, *m_target});
    return found == m_imported.end() ? std::nullopt : std::optional(found->second);
}

Nanos ClockSetter::nudgeNs(NudgeStep step, int direction) const
{
    switch (step) {
    case NudgeStep::millisecond: return direction * kNanosPerMillisecond;
    case NudgeStep::second: return direction * kNanosPerSecond;
    case NudgeStep::frame: break;
    }
    const auto &clockwork = m_session.videoClockwork();
    if (!clockwork || clockwork->frames.size() < 2)
        return 0;
    const std::vector<Nanos> &pts = clockwork->frames.ptsNs;
    const auto usual = static_cast<Nanos>(std::llround(1e9 / clockwork->frames.rateHz()));
    const std::optional<std::size_t> frame = m_session.frameAtPlayhead();
    const bool movesShownVideo = m_target && m_target->owner == ClockOwner::video && m_session.recording()->videos[m_session.video()].name == m_target->name;
    if (!frame || !movesShownVideo || (direction > 0 ? *frame == 0 : *frame + 1 == pts.size()))
        return direction * usual;
    // So that the frame before (or after) comes to lie under the playhead, whatever the lengths of the two are.
    const Nanos own = clockwork->clock.toOwn(m_session.playhead()).ns;
    const std::size_t wanted = direction > 0 ? *frame - 1 : *frame + 1;
    const Nanos length = (wanted + 1 < pts.size() ? pts[wanted + 1] : clockwork->frames.endNs) - pts[wanted];
    const Nanos phase = std::min(own - pts[*frame], length - 1);
    const auto on = [&](Nanos time) { return clockwork->clock.toRecording({time}); };
    Nanos by = m_session.playhead() - on(pts[wanted] + phase);
    // Forth and back agree to a nanosecond only; a nanosecond too far would show the frame beyond.
    const auto shown = [&](Nanos shift) {
        ClockMap<VideoClock> moved = clockwork->clock;
        moved.offsetNs += shift;
        return moved.toOwn(m_session.playhead()).ns;
    };
    while (shown(by) < pts[wanted])
        --by;
    while (shown(by) >= pts[wanted] + length)
        ++by;
    return by;
}

void ClockSetter::nudge(NudgeStep step, int direction)
{
    const std::optional<ClockState> now = state();
    const Nanos by = now ? nudgeNs(step, direction) : 0;
    if (by == 0)
        return;
    try {
        push(nudged(*now, by, wallClockNowNs()), tr("Move clock of %1 by %2").arg(QString::fromStdString(m_target->name), offsetText(by)), Gesture::nudge);
    } catch (const Error &error) {
        Q_EMIT failed(QString::fromStdString(error.sentence()));
    }
}

void ClockSetter::setNumbers(Nanos offsetNs, double driftPpm)
{
    const std::optional<ClockState> now = state();
    if (!now || (now->offsetNs == offsetNs && now->driftPpm == driftPpm))
        return;
    if (!(std::abs(driftPpm) <= kMostDriftPpm)) {
        Q_EMIT failed(tr("A drift of %1 ppm is beyond %2: no two clocks run that differently.").arg(driftPpm).arg(kMostDriftPpm));
        return;
    }
    set({offsetNs, driftPpm, ClockEvidence{ClockMethod::typed, wallClockNowNs(), {}}}, tr("Set clock of %1").arg(QString::fromStdString(m_target->name)));
}

void ClockSetter::set(const ClockState &after, const QString &what) { push(after, what, Gesture::other); }

void ClockSetter::resetToImported()
{
    const std::optional<ClockState> first = imported();
    if (first && *first != state())
        set(*first, tr("Reset clock of %1").arg(QString::fromStdString(m_target->name)));
}

void ClockSetter::push(const ClockState &after, const QString &what, Gesture gesture)
{
    if (!m_target || !m_session.recording())
        return;
    ClockEdit edit = editClock(*m_session.recording(), m_target->owner, m_target->name, after, what.toStdString());
    m_history.push(new ClockCommand(*this, m_session.open().id, std::move(edit), gesture == Gesture::nudge));
}

bool ClockSetter::apply(qint64 recording, const ClockEdit &edit)
{
    const std::shared_ptr<const Recording> before = m_library.recordingOf(recording);
    if (!before) {
        Q_EMIT failed(tr("The recording is not open any more."));
        return false;
    }
    try {
        m_library.replaceRecording(recording, std::make_shared<const Recording>(withClock(*before, edit)), RecordingPart::clocks);
    } catch (const Error &error) {
        Q_EMIT failed(QString::fromStdString(error.sentence()));
        return false;
    }
    if (const std::optional<qint64> stored = m_library.storedIdOf(recording))
        m_writer.write(m_library.project(), tr("Clock in %1").arg(QString::fromStdString(before->name)), [stored = *stored, edit, name = before->name](Project &project) {
            project.applyClockEdit(stored, edit);
            if (!edit.before.evidence)
                project.setSetting(importedKey(stored, {edit.owner, edit.name}), {{"recording", name}, {"offset_ns", edit.before.offsetNs}, {"drift_ppm", edit.before.driftPpm}});
        });
    // Undone from elsewhere: the person should see what happened.
    if (m_session.open().id != recording)
        m_library.choose(recording);
    return true;
}

} // namespace kino
