// From a window that a run was tested on to that place in its recording: opens the recording, sets the playhead, selects what the window
// covers. GUI thread.
#pragma once

#include "core/base/time.h"

#include <QObject>
#include <QString>

#include <optional>

namespace kino {

class Library;
class Session;

struct WantedWindow {
    /** Its number in the project, which outlives another name; nothing where only the name is known. */
    std::optional<qint64> storedId;
    QString recording;
    RecordingTime start;
    Nanos lengthNs = 0; // 0: unknown
};

class WindowOpener : public QObject {
    Q_OBJECT

public:
    WindowOpener(Session &session, Library &library, QObject *parent = nullptr);

    /** One of shown() and failed() follows, unless another recording is chosen meanwhile; what cannot be read the library tells. */
    void show(const WantedWindow &window);

Q_SIGNALS:
    void shown();
    /** Where there is no such recording, or it is shorter now. */
    void failed(const QString &sentence);

private:
    struct Pending {
        qint64 id = 0;
        WantedWindow window;
    };
    std::optional<qint64> find(const WantedWindow &window) const;
    /** Whether the wanted recording is the one that is open. */
    bool arrive();

    Session &m_session;
    Library &m_library;
    std::optional<Pending> m_pending;
};

} // namespace kino
