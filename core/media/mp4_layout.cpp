#include "core/media/mp4_layout.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <optional>
#include <string>

namespace kino {
namespace {

constexpr std::uint64_t kMostBoxes = 4'000'000;
constexpr int kDeepestBox = 8;

constexpr std::uint32_t fourCc(const char (&name)[5])
{
    return (static_cast<std::uint32_t>(static_cast<unsigned char>(name[0])) << 24)
        | (static_cast<std::uint32_t>(static_cast<unsigned char>(name[1])) << 16)
        | (static_cast<std::uint32_t>(static_cast<unsigned char>(name[2])) << 8)
        | static_cast<std::uint32_t>(static_cast<unsigned char>(name[3]));
}

std::string nameOf(std::uint32_t type)
{
    std::string name;
    for (int shift = 24; shift >= 0; shift -= 8)
        name += static_cast<char>((type >> shift) & 0xff);
    return name;
}

struct Box {
    std::uint32_t type = 0;
    std::uint64_t begin = 0; // of the payload
    std::uint64_t end = 0;   // of the payload as claimed
};

class LayoutReader {
public:
    explicit LayoutReader(const std::filesystem::path &path);

    Mp4Layout read();

private:
    std::optional<std::uint32_t> u32(std::uint64_t position) const;
    std::optional<Box> boxAt(std::uint64_t position, std::uint64_t limit);
    void readChildren(const Box &parent, int depth);
    void readBox(const Box &box);
    void readEdits(const Box &box);
    void checkTable(const Box &box);
    void checkCount(const Box &box, std::uint64_t headBytes, std::uint64_t entryBytes, std::uint64_t count);

    std::filesystem::path m_path;
    std::shared_ptr<const MappedFile> m_file;
    Mp4Layout m_layout;
    std::uint64_t m_boxes = 0;
};

LayoutReader::LayoutReader(const std::filesystem::path &path) : m_path(path), m_file(MappedFile::open(path))
{
    m_layout.fileBytes = m_file->bytes().size();
    if (m_layout.fileBytes == 0)
        throw Error(path, "is empty (0 bytes); copy it again from the camera");
}

std::optional<std::uint32_t> LayoutReader::u32(std::uint64_t position) const
{
    const auto bytes = m_file->bytes();
    if (position > bytes.size() || bytes.size() - position < 4)
        return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[position + i]);
    return value;
}

/** `limit` ends the parent; a size of 0 means "to the end of it". */
std::optional<Box> LayoutReader::boxAt(std::uint64_t position, std::uint64_t limit)
{
    if (position + 8 > limit || ++m_boxes > kMostBoxes)
        return std::nullopt;
    const auto size = u32(position);
    const auto type = u32(position + 4);
    if (!size || !type)
        return std::nullopt;
    if (*size == 0)
        return Box{*type, position + 8, limit};
    if (*size != 1) {
        if (*size < 8)
            return std::nullopt;
        return Box{*type, position + 8, position + *size};
    }
    const auto high = u32(position + 8);
    const auto low = u32(position + 12);
    if (!high || !low)
        return std::nullopt;
    const std::uint64_t longSize = (std::uint64_t{*high} << 32) | *low;
    constexpr std::uint64_t kLongestFile = std::uint64_t{1} << 62;
    if (longSize < 16 || longSize > kLongestFile)
        return std::nullopt;
    return Box{*type, position + 16, position + longSize};
}

Mp4Layout LayoutReader::read()
{
    const auto first = boxAt(0, m_layout.fileBytes);
    static constexpr std::uint32_t kFirstBoxes[] = {fourCc("ftyp"), fourCc("moov"), fourCc("mdat"), fourCc("free"),
                                                    fourCc("skip"), fourCc("wide"), fourCc("pnot"), fourCc("styp")};
    if (!first || std::ranges::find(kFirstBoxes, first->type) == std::end(kFirstBoxes))
        return m_layout;
    m_layout.isMp4 = true;

    bool moovIsWhole = true;
    for (std::uint64_t position = 0; position < m_layout.fileBytes;) {
        const auto box = boxAt(position, m_layout.fileBytes);
        if (!box)
            break;
        if (box->type == fourCc("mdat"))
            m_layout.mediaData.push_back({box->begin, box->end});
        if (box->type == fourCc("moov") || box->type == fourCc("moof")) {
            if (box->type == fourCc("moov")) {
                m_layout.hasMoov = true;
                moovIsWhole = moovIsWhole && box->end <= m_layout.fileBytes;
            } else {
                m_layout.isFragmented = true;
            }
            readChildren(*box, 1);
        }
        position = box->end;
    }
    if (!m_layout.hasMoov)
        throw Error(m_path, "has no index of its frames (no moov box): the recording or the copy was cut off before its "
                            "end. Copy it again, or repair it with the camera's own tool");
    if (!moovIsWhole)
        throw Error(m_path, "its index of frames (moov box) is cut off; copy the file again");
    return m_layout;
}

void LayoutReader::readChildren(const Box &parent, int depth)
{
    static constexpr std::uint32_t kContainers[] = {fourCc("trak"), fourCc("mdia"), fourCc("minf"), fourCc("stbl"),
                                                    fourCc("edts"), fourCc("traf"), fourCc("mvex")};
    const std::uint64_t limit = std::min(parent.end, m_layout.fileBytes);
    for (std::uint64_t position = parent.begin; position < limit;) {
        const auto box = boxAt(position, limit);
        if (!box)
            return;
        if (box->type == fourCc("trak"))
            m_layout.tracks.emplace_back();
        if (std::ranges::find(kContainers, box->type) == std::end(kContainers))
            readBox(*box);
        else if (depth < kDeepestBox)
            readChildren(*box, depth + 1);
        position = box->end;
    }
}

void LayoutReader::readBox(const Box &box)
{
    checkTable(box);
    const bool isLong = u32(box.begin).value_or(0) >> 24 == 1; // 64-bit times
    if (box.type == fourCc("mvhd"))
        m_layout.movieTimescale = u32(box.begin + (isLong ? 20 : 12)).value_or(0);
    if (box.type == fourCc("tkhd") && !m_layout.tracks.empty())
        m_layout.tracks.back().id = u32(box.begin + (isLong ? 20 : 12)).value_or(0);
    if (box.type == fourCc("elst") && !m_layout.tracks.empty())
        readEdits(box);
}

void LayoutReader::readEdits(const Box &box)
{
    const bool isLong = u32(box.begin).value_or(0) >> 24 == 1;
    const std::uint32_t count = u32(box.begin + 4).value_or(0);
    std::vector<Mp4Edit> edits;
    std::uint64_t at = box.begin + 8;
    for (std::uint32_t i = 0; i < count; ++i) {
        Mp4Edit edit;
        if (isLong) {
            edit.movieTicks = (std::uint64_t{u32(at).value_or(0)} << 32) | u32(at + 4).value_or(0);
            edit.mediaTime = static_cast<std::int64_t>((std::uint64_t{u32(at + 8).value_or(0)} << 32)
                                                       | u32(at + 12).value_or(0));
        } else {
            edit.movieTicks = u32(at).value_or(0);
            edit.mediaTime = static_cast<std::int32_t>(u32(at + 4).value_or(0));
        }
        at += isLong ? 20 : 12;
        edit.rate = static_cast<std::int32_t>(u32(at - 4).value_or(0)) / 65536.0;
        edits.push_back(edit);
    }
    m_layout.tracks.back().edits = std::move(edits);
}

/** FFmpeg reserves memory by these counts before it looks for the entries. */
void LayoutReader::checkTable(const Box &box)
{
    const auto versionAndFlags = u32(box.begin);
    const auto second = u32(box.begin + 4);
    if (!versionAndFlags || !second)
        return;
    switch (box.type) {
    case fourCc("stts"):
    case fourCc("ctts"):
    case fourCc("co64"): return checkCount(box, 8, 8, *second);
    case fourCc("stsc"): return checkCount(box, 8, 12, *second);
    case fourCc("stco"):
    case fourCc("stss"): return checkCount(box, 8, 4, *second);
    case fourCc("elst"): return checkCount(box, 8, (*versionAndFlags >> 24) == 1 ? 20 : 12, *second);
    case fourCc("stsz"): {
        const auto count = u32(box.begin + 8);
        if (!count)
            return;
        if (*second == 0)
            return checkCount(box, 12, 4, *count);
        // One size for all samples: the table has no entries, but the samples must lie somewhere in the file.
        if (*count > m_layout.fileBytes)
            throw Error(m_path, "its index claims " + std::to_string(*count) + " samples, more than the file has bytes; "
                                "it is damaged, copy it again");
        return;
    }
    case fourCc("trun"): {
        std::uint64_t entryBytes = 0;
        for (const std::uint32_t flag : {0x100u, 0x200u, 0x400u, 0x800u})
            entryBytes += (*versionAndFlags & flag) ? 4 : 0;
        if (entryBytes > 0)
            return checkCount(box, 8, entryBytes, *second);
        if (*second > m_layout.fileBytes)
            throw Error(m_path, "a fragment claims " + std::to_string(*second) + " samples, more than the file has "
                                "bytes; it is damaged, copy it again");
        return;
    }
    default: return;
    }
}

void LayoutReader::checkCount(const Box &box, std::uint64_t headBytes, std::uint64_t entryBytes, std::uint64_t count)
{
    const std::uint64_t end = std::min(box.end, m_layout.fileBytes);
    const std::uint64_t room = end > box.begin + headBytes ? (end - box.begin - headBytes) / entryBytes : 0;
    if (count > room)
        throw Error(m_path, "its table '" + nameOf(box.type) + "' claims " + std::to_string(count) + " entries but has room for "
                        + std::to_string(room) + "; the file is damaged, copy it again");
}

} // namespace

std::vector<Mp4Edit> Mp4Layout::editsOf(std::uint32_t trackId) const
{
    const auto track = std::ranges::find(tracks, trackId, &Mp4Track::id);
    if (track == tracks.end() || movieTimescale == 0)
        return {};
    return track->edits;
}

Mp4Layout readMp4Layout(const std::filesystem::path &path) { return LayoutReader(path).read(); }

} // namespace kino
