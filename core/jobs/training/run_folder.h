// The folder of a run: nobody else works in it, and what goes on in it is what began there. One thread.
#pragma once

#include "core/base/file_lock.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace kino {

/** What becomes of a run that the folder holds already; where there is none, resume begins one. */
enum class FormerRun { refuse, resume };
/** A run that goes on with another number of threads gives other sums: refused unless asked. */
enum class OtherThreads { refuse, allow };
/** Files in a folder that holds no run: somebody's, or, in a project's own folder, what a run that was killed at its start left. */
enum class ForeignFiles { refuse, allow };

class RunFolder {
public:
    /** Makes and locks it. Throws Error where another run works in it, where it holds what it must not, where it cannot be written. */
    RunFolder(std::filesystem::path folder, FormerRun former, ForeignFiles foreign);

    /** It holds a run, which goes on. */
    bool isResumed() const { return m_isResumed; }
    /** That the run began with; nothing before it was described. */
    std::optional<std::size_t> formerThreads() const;
    /** Throws Error where the run that goes on was of another specification, or of another number of threads. */
    void requireSameRun(const nlohmann::json &specification, std::size_t threads, OtherThreads otherThreads) const;
    /** Throws Error where it began on other data. */
    void requireSameData(const std::string &fingerprint) const;
    /** Writes spec.json, where it is not there, and run.json, which holds `facts`. */
    void describe(const nlohmann::json &specification, const nlohmann::json &facts);

private:
    std::filesystem::path m_folder;
    FileLock m_lock;
    bool m_isResumed = false;
    nlohmann::json m_facts; // of run.json; null where there is none yet
};

} // namespace kino
