// A text file as UTF-8 in memory: mapped where it is UTF-8 already, converted where it is UTF-16.
#pragma once

#include "core/base/mapped_file.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace kino {

class TextFile {
public:
    /** Throws Error when the file cannot be read or is not text (compressed, an image, …). An empty file is text. */
    static TextFile open(const std::filesystem::path &path);

    const std::filesystem::path &path() const { return m_mapped->path(); }
    /** Without a byte order mark. Lives as long as this object or a copy of it. */
    std::string_view text() const { return m_text; }
    /** "UTF-8", "UTF-16", …; what it was before. */
    const std::string &encoding() const { return m_encoding; }
    /** Throws Error when the file shrank while it was read. */
    void checkWhole() const { m_mapped->checkWhole(); }

private:
    std::shared_ptr<const MappedFile> m_mapped;
    std::shared_ptr<const std::string> m_converted; // only where a conversion was needed
    std::string_view m_text;
    std::string m_encoding;
};

/** The first bytes of a file as TextFile would give them, without mapping the rest; empty where it is no text. */
std::string readTextHead(const std::filesystem::path &path, std::size_t bytes = std::size_t{64} << 10);

} // namespace kino
