#include "core/base/files.h"

#include "core/base/mapped_file.h"
#include "core/base/sha256.h"

#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace kino {
namespace {

constexpr std::size_t kHashBlockBytes = std::size_t{1} << 20;

std::string systemMessage(int code) { return std::generic_category().message(code); }

/** Pushes a written file or a folder's entries to the disk, so that a rename never shows an empty file after a crash. */
void syncToDisk(const std::filesystem::path &path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ::fsync(fd);
    ::close(fd);
}

} // namespace

void writeFileAtomically(const std::filesystem::path &path, const std::function<void(std::ostream &)> &write,
                         DiskSync sync)
{
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    std::string pattern = (folder / ("." + path.filename().string() + ".XXXXXX")).string();
    const int fd = ::mkstemp(pattern.data());
    if (fd < 0)
        throw Error(path, "cannot be written (" + systemMessage(errno) + "); choose a folder that exists and in which you may write");
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(fd, 0666 & ~mask);
    ::close(fd);

    const std::filesystem::path temporary(pattern);
    try {
        std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
        write(stream);
        stream.flush();
        if (!stream)
            throw Error(path, "could not be written completely; is the disk full?");
        stream.close();
        if (sync == DiskSync::wait)
            syncToDisk(temporary);
        std::error_code failure;
        std::filesystem::rename(temporary, path, failure);
        if (failure)
            throw Error(path, "cannot be replaced (" + failure.message() + "); close whatever uses it, or choose another name");
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        throw;
    }
    if (sync == DiskSync::wait)
        syncToDisk(folder);
}

void writeFileAtomically(const std::filesystem::path &path, std::string_view content, DiskSync sync)
{
    const auto write = [content](std::ostream &stream) {
        stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    };
    writeFileAtomically(path, write, sync);
}

std::string plainFileName(std::string_view name)
{
    std::string plain;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain = byte > 0x20 && byte != 0x7f && std::string_view("/\\:*?\"<>|").find(c) == std::string_view::npos;
        plain += isPlain ? c : c == '/' ? '-' : '_';
    }
    if (plain.empty() || plain.starts_with('.'))
        plain.insert(0, "_");
    return plain;
}

std::string readTextFile(const std::filesystem::path &path, std::size_t limitBytes)
{
    const auto file = MappedFile::open(path);
    if (file->bytes().size() > limitBytes) {
        throw Error(path, "is " + std::to_string(file->bytes().size() >> 20) + " MB; at most "
                              + std::to_string(limitBytes >> 20) + " MB are read of such a file");
    }
    std::string text(file->text());
    file->checkWhole();
    return text;
}

nlohmann::json readJsonFile(const std::filesystem::path &path)
{
    const std::string text = readTextFile(path);
    try {
        return nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/true, /*ignore_comments=*/true);
    } catch (const nlohmann::json::parse_error &failure) {
        const std::size_t offset = std::min(failure.byte, text.size());
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
        // nlohmann's own sentence follows its "[json.exception…]" tag and position.
        std::string_view reason = failure.what();
        if (const auto colon = reason.find(": "); colon != std::string_view::npos)
            reason.remove_prefix(colon + 2);
        throw Error(path, line, "is not valid JSON: " + std::string(reason));
    } catch (const nlohmann::json::out_of_range &) {
        throw Error(path, "holds a number that is too large for any computer (1e308 is the most)");
    }
}

std::string sha256(std::span<const std::byte> bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.hex();
}

std::string sha256OfFile(const std::filesystem::path &path, const CancelToken &cancel)
{
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        throw Error(path, "cannot be read: " + systemMessage(errno));
    Sha256 hash;
    std::vector<char> block(kHashBlockBytes);
    while (stream) {
        cancel.throwIfCancelled();
        stream.read(block.data(), static_cast<std::streamsize>(block.size()));
        hash.add(std::as_bytes(std::span(block.data(), static_cast<std::size_t>(stream.gcount()))));
    }
    if (stream.bad())
        throw Error(path, "could not be read to its end: " + systemMessage(errno));
    return hash.hex();
}

} // namespace kino
