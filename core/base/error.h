// The one exception type of Kinoscope. Thrown where a fault is found; caught at three edges only: a GUI action, the job
// runner, the command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace kino {

/**
 * A sentence that a researcher can act on: what happened, where, and what to do. File and line, where known, are kept
 * apart so that a report can show them in columns; what() holds everything in one line.
 */
class Error : public std::runtime_error {
public:
    explicit Error(std::string sentence);
    Error(std::filesystem::path file, std::string sentence);
    Error(std::filesystem::path file, std::int64_t line, std::string sentence);

    const std::string &sentence() const { return m_sentence; }
    const std::filesystem::path &file() const { return m_file; }
    /** Counted from 1; 0 where no line applies. */
    std::int64_t line() const { return m_line; }

private:
    std::string m_sentence;
    std::filesystem::path m_file;
    std::int64_t m_line = 0;
};

/** Thrown by work that was asked to stop. Not an Error: nothing went wrong. */
class Cancelled : public std::exception {
public:
    const char *what() const noexcept override { return "stopped on request"; }
};

} // namespace kino
