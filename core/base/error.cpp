#include "core/base/error.h"

namespace kino {
namespace {

std::string describe(const std::filesystem::path &file, std::int64_t line, const std::string &sentence)
{
    if (file.empty())
        return sentence;
    if (line > 0)
        return file.string() + ":" + std::to_string(line) + ": " + sentence;
    return file.string() + ": " + sentence;
}

} // namespace

Error::Error(std::string sentence) : Error(std::filesystem::path(), 0, std::move(sentence)) {}

Error::Error(std::filesystem::path file, std::string sentence) : Error(std::move(file), 0, std::move(sentence)) {}

Error::Error(std::filesystem::path file, std::int64_t line, std::string sentence)
    : std::runtime_error(describe(file, line, sentence)),
      m_sentence(std::move(sentence)),
      m_file(std::move(file)),
      m_line(line)
{
}

} // namespace kino
