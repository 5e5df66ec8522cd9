#include "core/store/column_cache.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/base/files.h"
#include "core/base/npy.h"

#include <stdlib.h>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int kLayoutVersion = 1;
constexpr std::string_view kManifest = "manifest.json";

std::string profileIdentity(const std::string &profile)
{
    std::error_code ignored;
    return fs::is_regular_file(profile, ignored) ? sha256OfFile(profile) : profile;
}

/** Writes each distinct series of times once: the streams of a device usually share theirs. */
class TimesWriter {
public:
    explicit TimesWriter(fs::path folder) : m_folder(std::move(folder)) {}

    std::string write(std::span<const Nanos> times)
    {
        const auto key = std::pair(times.data(), times.size());
        const auto [entry, isNew] = m_names.try_emplace(key, "times-" + std::to_string(m_names.size()) + ".npy");
        if (isNew)
            writeNpy<Nanos>(m_folder / entry->second, times, {static_cast<std::int64_t>(times.size())},
                            DiskSync::leave);
        return entry->second;
    }

private:
    fs::path m_folder;
    std::map<std::pair<const Nanos *, std::size_t>, std::string> m_names;
};

Json streamJson(const ImuStream &stream, const std::string &timesName, const std::string &valuesName)
{
    Json axes = Json::array();
    for (const std::string &axis : stream.axes)
        axes.push_back(validUtf8(axis));
    return {{"kind", streamKindName(stream.kind)},
            {"variant", validUtf8(stream.variant)},
            {"axes", std::move(axes)},
            {"unit_found", validUtf8(stream.unitFound)},
            {"unit", validUtf8(stream.unit)},
            {"full_scale", stream.fullScale},
            {"backward_times", stream.backwardTimes},
            {"times", timesName},
            {"values", valuesName}};
}

void writeValues(const fs::path &path, const ImuStream &stream)
{
    std::vector<float> all;
    all.reserve(stream.samples() * stream.values.size());
    for (const Column<float> &column : stream.values) {
        if (column.size() != stream.samples())
            throw Error("stream " + stream.name() + " has columns of unequal length; please report this");
        all.insert(all.end(), column.begin(), column.end());
    }
    writeNpy<float>(path, all,
                    {static_cast<std::int64_t>(stream.values.size()), static_cast<std::int64_t>(stream.samples())},
                    DiskSync::leave);
}

/** Paths may hold any byte but NUL, so they are kept outside of JSON. */
void writeImages(const fs::path &path, const VideoTrack &video)
{
    const auto write = [&](std::ostream &out) {
        for (const fs::path &image : video.series.images)
            out << image.lexically_relative(video.path).string() << '\0';
    };
    writeFileAtomically(path, write, DiskSync::leave);
}

std::vector<fs::path> readImages(const fs::path &path)
{
    const std::string text = readTextFile(path, std::size_t{1} << 30);
    std::vector<fs::path> images;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\0', at), text.size());
        images.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return images;
}

/** A folder of this call's own, so that threads and processes never write into one another's. */
fs::path makeWorkFolder(const fs::path &home)
{
    std::error_code code;
    fs::create_directories(home, code);
    std::string pattern = (home / ".work-XXXXXX").string();
    if (code || !::mkdtemp(pattern.data()))
        throw Error(home, "cannot be written; check the disk and your rights to the project");
    return pattern;
}

bool isWorkFolder(const fs::path &path) { return path.filename().string().starts_with('.'); }

/** Left behind by a program that died while it wrote. */
bool isAbandoned(const fs::directory_entry &entry)
{
    std::error_code code;
    const auto written = entry.last_write_time(code);
    return !code && fs::file_time_type::clock::now() - written > std::chrono::hours(24);
}

ImuStream readStream(const fs::path &folder, const Json &entry, const Column<Nanos> &times)
{
    ImuStream stream;
    const auto kind = streamKindFromName(entry.at("kind").get<std::string>());
    if (!kind)
        throw Error(folder, "names an unknown kind of stream");
    stream.kind = *kind;
    stream.variant = entry.at("variant");
    stream.axes = entry.at("axes");
    stream.unitFound = entry.at("unit_found");
    stream.unit = entry.at("unit");
    stream.fullScale = entry.at("full_scale");
    stream.backwardTimes = entry.at("backward_times");
    stream.timesNs = times;
    const NpyArray values = NpyArray::open(folder / entry.at("values").get<std::string>());
    const auto axes = static_cast<std::int64_t>(stream.axes.size());
    const auto samples = static_cast<std::int64_t>(times.size());
    if (values.shape() != std::vector<std::int64_t>{axes, samples})
        throw Error(folder, "holds columns of another length than its times");
    const auto whole = std::make_shared<const Column<float>>(values.column<float>());
    for (std::size_t axis = 0; axis < stream.axes.size(); ++axis)
        stream.values.emplace_back(whole, whole->values().subspan(axis * times.size(), times.size()));
    return stream;
}

} // namespace

std::string CacheStamp::name() const
{
    std::string text = std::to_string(kLayoutVersion) + "\n" + std::to_string(kImportersVersion) + "\n" + format + "\n" +
        profileIdentity(profile) + "\n";
    for (const std::string &content : contents)
        text += content + "\n";
    constexpr std::size_t kDigits = 16;
    return sha256(std::as_bytes(std::span(text))).substr(0, kDigits);
}

fs::path ColumnCache::folderOf(std::int64_t recording) const { return m_folder / "columns" / std::to_string(recording); }

bool ColumnCache::holds(std::int64_t recording, const CacheStamp &stamp) const
{
    std::error_code ignored;
    return fs::is_regular_file(folderOf(recording) / stamp.name() / kManifest, ignored);
}

void ColumnCache::store(std::int64_t recording, const CacheStamp &stamp, const Recording &content) const
{
    const fs::path home = folderOf(recording);
    const fs::path target = home / stamp.name();
    const fs::path work = makeWorkFolder(home);
    std::error_code code;
    try {
        TimesWriter times(work);
        std::size_t number = 0;
        Json devices = Json::array(), videos = Json::array();
        for (const Device &device : content.devices) {
            Json streams = Json::array();
            for (const ImuStream &stream : device.streams) {
                const std::string valuesName = "values-" + std::to_string(number++) + ".npy";
                writeValues(work / valuesName, stream);
                streams.push_back(streamJson(stream, times.write(stream.timesNs), valuesName));
            }
            devices.push_back({{"name", validUtf8(device.name)}, {"streams", std::move(streams)}});
        }
        for (const VideoTrack &video : content.videos) {
            Json entry = Json::object();
            if (!video.series.images.empty()) {
                const std::string imagesName = "images-" + std::to_string(videos.size()) + ".txt";
                writeImages(work / imagesName, video);
                entry = {{"images", imagesName}, {"times", times.write(video.series.timesNs)}};
            } else if (!video.clipTimesNs.empty()) {
                entry = {{"times", times.write(video.clipTimesNs)}};
            }
            videos.push_back(std::move(entry));
        }
        const Json manifest{{"kinoscope_columns", kLayoutVersion}, {"devices", std::move(devices)}, {"videos", std::move(videos)}};
        writeFileAtomically(work / kManifest, manifest.dump(1), DiskSync::leave);
        fs::remove_all(target, code);
        fs::rename(work, target);
    } catch (...) {
        fs::remove_all(work, code);
        // Another process may have put the same columns there in the meantime.
        if (!holds(recording, stamp))
            throw;
    }
    for (const auto &entry : fs::directory_iterator(home, code)) {
        if (entry.path() != target && (!isWorkFolder(entry.path()) || isAbandoned(entry)))
            fs::remove_all(entry.path(), code);
    }
}

std::optional<Recording> ColumnCache::load(std::int64_t recording, const CacheStamp &stamp) const
{
    const fs::path folder = folderOf(recording) / stamp.name();
    std::error_code ignored;
    if (!fs::is_regular_file(folder / kManifest, ignored))
        return std::nullopt;
    try {
        const Json manifest = readJsonFile(folder / kManifest);
        std::map<std::string, Column<Nanos>> timesByName;
        const auto timesOf = [&](const Json &entry) {
            const std::string name = entry.at("times");
            if (const auto found = timesByName.find(name); found != timesByName.end())
                return found->second;
            return timesByName[name] = NpyArray::open(folder / name).column<Nanos>();
        };
        Recording content;
        for (const Json &deviceEntry : manifest.at("devices")) {
            Device &device = content.devices.emplace_back();
            device.name = deviceEntry.at("name");
            for (const Json &entry : deviceEntry.at("streams"))
                device.streams.push_back(readStream(folder, entry, timesOf(entry)));
        }
        for (const Json &entry : manifest.at("videos")) {
            VideoTrack &video = content.videos.emplace_back();
            if (!entry.contains("times"))
                continue;
            const Column<Nanos> times = timesOf(entry);
            std::vector<Nanos> copy(times.begin(), times.end());
            if (!entry.contains("images")) {
                video.clipTimesNs = std::move(copy);
                continue;
            }
            video.series.timesNs = std::move(copy);
            video.series.images = readImages(folder / entry.at("images").get<std::string>());
            if (video.series.images.size() != video.series.timesNs.size())
                return std::nullopt;
        }
        return content;
    } catch (const Error &) {
        // A damaged cache is a stale one: the source files are the truth.
    } catch (const Json::exception &) {
    }
    return std::nullopt;
}

void ColumnCache::remove(std::int64_t recording) const
{
    std::error_code ignored;
    fs::remove_all(folderOf(recording), ignored);
}

} // namespace kino
