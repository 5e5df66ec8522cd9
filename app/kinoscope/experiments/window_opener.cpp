#include "app/kinoscope/experiments/window_opener.h"

#include "app/kinoscope/library/library.h"
#include "app/kinoscope/session.h"

#include <algorithm>

namespace kino {
namespace {

/** What is in view is so many windows long, the wanted one in its middle. */
constexpr int kWindowsInView = 8;

} // namespace

WindowOpener::WindowOpener(Session &session, Library &library, QObject *parent) : QObject(parent), m_session(session), m_library(library)
{
    // When everybody has taken the recording: what they set then would be lost, or take this away.
    connect(&session, &Session::recordingChanged, this, [this] {
        // Somebody chose another one while it was read.
        if (!arrive() && m_session.recording())
            m_pending.reset();
    }, Qt::QueuedConnection);
    connect(&library, &Library::failed, this, [this] { m_pending.reset(); });
}

std::optional<qint64> WindowOpener::find(const WantedWindow &window) const
{
    std::optional<qint64> byName;
    for (const LibraryItem &item : m_library.model().allItems()) {
        const std::optional<qint64> stored = m_library.storedIdOf(item.id);
        if (!stored)
            continue;
        if (window.storedId && *stored == *window.storedId)
            return item.id;
        if (m_library.nameOf(item.id) == window.recording)
            byName = item.id;
    }
    // A number that is not there any more is a recording that was removed: one of the same name is another.
    return window.storedId ? std::nullopt : byName;
}

void WindowOpener::show(const WantedWindow &window)
{
    m_pending.reset();
    const std::optional<qint64> id = find(window);
    if (!id) {
        Q_EMIT failed(tr("\u201c%1\u201d is not among the recordings of this project: it was removed, or the run read it from files. Import it to look at it here.").arg(window.recording));
        return;
    }
    m_pending = Pending{*id, window};
    m_library.choose(*id);
    // It may be open already.
    arrive();
}

bool WindowOpener::arrive()
{
    if (!m_pending || m_session.open().id != m_pending->id || !m_session.recording())
        return false;
    const WantedWindow window = m_pending->window;
    m_pending.reset();
    const TimeRange bounds = m_session.bounds();
    if (window.start < bounds.start || window.start >= bounds.end) {
        Q_EMIT failed(tr("The window lies outside of \u201c%1\u201d: its files or its clocks are others than when the run read them.").arg(window.recording));
        return true;
    }
    const TimeRange covered{window.start, window.start + window.lengthNs};
    m_session.setPlaying(false);
    if (window.lengthNs > 0) {
        const Nanos half = window.lengthNs / 2 * kWindowsInView;
        const RecordingTime middle = window.start + window.lengthNs / 2;
        m_session.setVisibleRange(movedInto({middle - half, middle + half}, bounds));
    }
    m_session.setPlayhead(window.start);
    m_session.setSelection(window.lengthNs > 0 ? std::optional(covered) : std::nullopt);
    Q_EMIT shown();
    return true;
}

} // namespace kino
