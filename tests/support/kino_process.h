// Runs the real `kino` as a user does and keeps what it said.
#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <unistd.h>

namespace kino::test {

struct KinoRun {
    int status = -1;
    QByteArray out;
    QByteArray err;
    /** stdout as one JSON document; empty where it is none. */
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

enum class RunAs { self, nobody };

/** `nobody`: without root's rights, where the test has them. */
inline KinoRun runKino(const QStringList &arguments, RunAs who = RunAs::self, const QString &folder = {})
{
    QProcess process;
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    if (who == RunAs::nobody && ::geteuid() == 0) {
        process.setChildProcessModifier([] {
            constexpr uid_t kNobody = 65534;
            if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)
                ::_exit(99);
        });
    }
    process.start(KINOSCOPE_BINARY_DIR "/bin/kino", arguments);
    KinoRun run;
    if (!process.waitForFinished(120'000)) {
        process.kill();
        process.waitForFinished();
        return run;
    }
    run.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    return run;
}

} // namespace kino::test
