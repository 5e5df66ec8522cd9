// Runs the real `kino` as a user would and keeps what it printed.
#pragma once

#include <QByteArray>
#include <QStringList>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

namespace kino::test {

struct KinoRun {
    /** -1 where the program crashed, was killed or did not end in time. */
    int exitStatus = -1;
    QByteArray output;
    QByteArray messages;

    /** The document on stdout; a discarded value where stdout is no JSON document. */
    nlohmann::json json() const;
};

/** nobody: without root's rights where the test has them, so that permissions count. */
enum class RunAs { self, nobody };

struct KinoLimits {
    int seconds = 60;
    /** Of address space; nothing for none. Without effect under the address sanitizer. */
    std::optional<std::uint64_t> memoryBytes = std::nullopt;
    RunAs user = RunAs::self;
};

KinoRun runKino(const QStringList &arguments, const KinoLimits &limits = {});

} // namespace kino::test
