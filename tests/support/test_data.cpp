#include "tests/support/test_data.h"

#include <fstream>

namespace kino::test {

std::filesystem::path testDataFolder()
{
    const std::filesystem::path folder(KINOSCOPE_TEST_DATA);
    return std::filesystem::is_directory(folder) ? std::filesystem::canonical(folder) : std::filesystem::path();
}

TemporaryFolder::TemporaryFolder()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "kinoscope-test-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
        throw std::runtime_error("no temporary folder could be made");
    m_path = pattern;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::filesystem::path TemporaryFolder::write(const std::filesystem::path &name, std::string_view content) const
{
    const std::filesystem::path path = m_path / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

} // namespace kino::test
