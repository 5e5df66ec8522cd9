#include "tests/support/run_kino.h"

#include <QProcess>
#include <sys/resource.h>
#include <unistd.h>

namespace kino::test {
namespace {

// The sanitizer's shadow alone is terabytes of address space, and all it watches takes longer.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kLimitsMemory = false;
constexpr int kTimeFactor = 5;
#else
constexpr bool kLimitsMemory = true;
constexpr int kTimeFactor = 1;
#endif

} // namespace

nlohmann::json KinoRun::json() const
{
    return nlohmann::json::parse(output.begin(), output.end(), nullptr, /*allow_exceptions=*/false);
}

KinoRun runKino(const QStringList &arguments, const KinoLimits &limits)
{
    QProcess process;
    process.setChildProcessModifier([limits] {
        if (kLimitsMemory && limits.memoryBytes) {
            const rlimit limit{*limits.memoryBytes, *limits.memoryBytes};
            setrlimit(RLIMIT_AS, &limit);
        }
        constexpr uid_t kNobody = 65534;
        if (limits.user == RunAs::nobody && ::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0))
            ::_exit(99);
    });
    process.start(QStringLiteral(KINOSCOPE_BINARY_DIR "/bin/kino"), arguments);
    KinoRun run;
    if (!process.waitForFinished(kTimeFactor * limits.seconds * 1000)) {
        process.kill();
        process.waitForFinished();
        return run;
    }
    run.exitStatus = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    run.output = process.readAllStandardOutput();
    run.messages = process.readAllStandardError();
    return run;
}

} // namespace kino::test
