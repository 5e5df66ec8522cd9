#include "tests/support/mp4_bytes.h"

#include <fstream>
#include <iterator>

namespace kino::test {

std::string readBytes(const std::filesystem::path &path)
{
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void writeBytes(const std::filesystem::path &path, const std::string &bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::size_t findBox(const std::string &file, const std::string &type, std::size_t from)
{
    const std::size_t found = file.find(type, from + 4);
    return found == std::string::npos ? found : found - 4;
}

std::uint32_t readBig32(const std::string &file, std::size_t position)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(file.at(position + i));
    return value;
}

void writeBig32(std::string &file, std::size_t position, std::uint32_t value)
{
    for (std::size_t i = 0; i < 4; ++i)
        file.at(position + i) = static_cast<char>(value >> (24 - 8 * i));
}

void replaceEditList(std::string &file, const std::vector<Edit> &edits, int track)
{
    const std::size_t moov = findBox(file, "moov", file.rfind("moov") - 4);
    std::size_t trak = findBox(file, "trak", moov);
    for (int i = 0; i < track; ++i)
        trak = findBox(file, "trak", trak + readBig32(file, trak));
    std::string box(16, '\0');
    box.replace(4, 4, "elst");
    writeBig32(box, 12, static_cast<std::uint32_t>(edits.size()));
    for (const Edit &edit : edits) {
        const std::size_t at = box.size();
        box.resize(at + 12);
        writeBig32(box, at, edit.movieTicks);
        writeBig32(box, at + 4, static_cast<std::uint32_t>(edit.mediaTicks));
        writeBig32(box, at + 8, 0x10000);
    }
    writeBig32(box, 0, static_cast<std::uint32_t>(box.size()));
    const std::size_t edts = findBox(file, "edts", trak);
    const bool hasEdits = edts != std::string::npos && edts < trak + readBig32(file, trak);
    const std::size_t at = hasEdits ? edts : findBox(file, "tkhd", trak) + readBig32(file, findBox(file, "tkhd", trak));
    const std::uint32_t oldSize = hasEdits ? readBig32(file, edts) : 0;
    std::string container(8, '\0');
    container.replace(4, 4, "edts");
    writeBig32(container, 0, static_cast<std::uint32_t>(container.size() + box.size()));
    container += box;
    file.replace(at, oldSize, container);
    for (const std::size_t parent : {moov, trak})
        writeBig32(file, parent, readBig32(file, parent) + static_cast<std::uint32_t>(container.size()) - oldSize);
}

} // namespace kino::test
