// Where the real recordings lie that tests read, and temporary folders that vanish with the test.
#pragma once

#include <filesystem>
#include <string_view>

namespace kino::test {

/** The folder KINOSCOPE_TEST_DATA; empty when it is absent, in which case a data test skips and says so. */
std::filesystem::path testDataFolder();

/** A folder of its own under the system's temporary one, removed with all that is in it. */
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;

    const std::filesystem::path &path() const { return m_path; }
    std::filesystem::path operator/(const std::filesystem::path &name) const { return m_path / name; }
    /** Writes a file of this content and gives its path. */
    std::filesystem::path write(const std::filesystem::path &name, std::string_view content) const;

private:
    std::filesystem::path m_path;
};

} // namespace kino::test

/** First line of a test that needs recordings: skips, saying so, only where the whole folder is absent. */
#define KINO_NEEDS_TEST_DATA()                                                                                         \
    do {                                                                                                               \
        if (kino::test::testDataFolder().empty())                                                                      \
            QSKIP("no recordings here: set the CMake variable KINOSCOPE_TEST_DATA to their folder");                   \
    } while (false)
