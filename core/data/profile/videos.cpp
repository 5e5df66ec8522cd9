#include "core/base/error.h"
#include "core/data/formats/video_reader.h"
#include "core/data/profile/assembly.h"
#include "core/data/profile/sidecars.h"
#include "core/data/table/row_times.h"
#include "core/media/video_source.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

struct TimedImage {
    Nanos ns = 0; // on the recording's clock
    fs::path path;
};

void keepFile(Recording &recording, const fs::path &path)
{
    if (std::ranges::find(recording.files, path) == recording.files.end())
        recording.files.push_back(path);
}

class VideoLoader {
public:
    VideoLoader(const GroupContext &context, const VideoSpec &spec, Recording &recording)
        : m_context(context), m_spec(spec), m_recording(recording)
    {
    }

    void load()
    {
        if (!m_spec.files.empty())
            return loadContainer();
        std::vector<TimedImage> images;
        if (!m_spec.listFiles.empty())
            images = listedImages();
        else if (m_spec.timesOfRows)
            images = imagesOfRows();
        else
            images = numberedImages();
        if (!images.empty())
            addTrack(std::move(images));
    }

private:
    void note(Severity severity, const fs::path &file, std::string code, std::size_t count, std::string message)
    {
        m_recording.report.push_back(
            {severity, file, 0, std::move(code), static_cast<std::int64_t>(count), std::move(message)});
    }

    void loadContainer()
    {
        const auto path = findSidecar(m_context.plan.base, m_spec.files, m_context.captures);
        if (!path)
            return;
        keepFile(m_recording, *path);
        try {
            addVideo(m_recording, *path, m_context.options.cancel);
            VideoTrack &track = m_recording.videos.back();
            track.name = m_spec.name;
            // Its zero is taken to be the tables' zero; where it is not, mending the offset is the user's.
            track.clock.offsetNs = m_context.clock.isUnix ? 0 : m_context.clock.fromOwn(0).ns;
        } catch (const Error &error) {
            note(Severity::error, *path, "unreadable-video", 1, error.sentence());
        }
    }

    /** Images whose times and names stand in a table. */
    std::vector<TimedImage> listedImages()
    {
        std::vector<TimedImage> images;
        const auto list = findSidecar(m_context.plan.base, m_spec.listFiles, m_context.captures);
        if (!list)
            return images;
        keepFile(m_recording, *list);
        const fs::path folder = m_context.plan.base / fillIn(m_spec.listFolder, m_context.captures);
        std::size_t absent = 0;
        std::size_t bad = 0;
        try {
            forEachSidecarRow(*list, m_spec.table, {}, {}, [&](std::int64_t, const RowField &field) {
                const auto time = field(m_spec.timesColumn);
                const auto name = field(m_spec.listImage);
                const auto ns = time ? parseTime(*time, m_spec.unit, 0, m_spec.table.layout.decimal) : std::nullopt;
                if (!ns || !name || name->empty()) {
                    ++bad;
                    return;
                }
                std::error_code ignored;
                const fs::path path = folder / *name;
                if (fs::is_regular_file(path, ignored))
                    images.push_back({m_context.clock.fromOwn(*ns).ns, path});
                else
                    ++absent;
            });
        } catch (const Error &error) {
            note(Severity::error, *list, "sidecar", 1, "the list of images could not be read: " + error.sentence());
        }
        if (bad > 0)
            note(Severity::warning, *list, "bad-row", bad, counted(bad, "row") + " of the list of images could not be read");
        if (absent > 0)
            note(Severity::warning, *list, "missing-frames", absent,
                 "the list names " + counted(absent + images.size(), "image") + "; " + std::to_string(absent)
                     + " of them are not there");
        return images;
    }

    std::vector<std::pair<fs::path, Captures>> findImages() const
    {
        return m_spec.images->find(m_context.plan.base, m_context.plan.captures);
    }

    static long long numberIn(const Captures &captures, const std::string &name)
    {
        const auto found = captures.find(name);
        return found == captures.end() ? 0 : std::strtoll(found->second.c_str(), nullptr, 10);
    }

    /** Images whose number says which line of a file of times is theirs, or how many periods have passed. */
    std::vector<TimedImage> numberedImages()
    {
        std::vector<TimedImage> images;
        std::vector<std::optional<Nanos>> times;
        if (!m_spec.timesFiles.empty()) {
            const auto path = findSidecar(m_context.plan.base, m_spec.timesFiles, m_context.captures);
            if (!path)
                return images;
            keepFile(m_recording, *path);
            try {
                forEachSidecarRow(*path, m_spec.table, {}, {}, [&](std::int64_t, const RowField &field) {
                    const auto text = field(m_spec.timesColumn);
                    times.push_back(text ? parseTime(*text, m_spec.unit, 0, m_spec.table.layout.decimal) : std::nullopt);
                });
            } catch (const Error &error) {
                note(Severity::error, *path, "sidecar", 1, "the times of the images could not be read: " + error.sentence());
            }
        }
        std::size_t untimed = 0;
        for (auto &[path, captures] : findImages()) {
            const long long index = numberIn(captures, m_spec.number) - m_spec.timesFirst;
            if (times.empty() && m_spec.rateHz > 0)
                images.push_back({std::llround(static_cast<double>(index) * 1e9 / m_spec.rateHz), path});
            else if (index >= 0 && index < static_cast<long long>(times.size()) && times[static_cast<std::size_t>(index)])
                images.push_back({m_context.clock.fromOwn(*times[static_cast<std::size_t>(index)]).ns, path});
            else
                ++untimed;
        }
        if (untimed > 0)
            note(Severity::warning, {}, "missing-time", untimed, counted(untimed, "image") + " without a time left out");
        if (times.size() > images.size() && !images.empty())
            note(Severity::info, {}, "missing-frames", times.size() - images.size(),
                 "the file of times names " + counted(times.size(), "frame") + "; " + std::to_string(images.size())
                     + " of them are here");
        return images;
    }

    /** Image i of a piece was taken with row i of its table. */
    std::vector<TimedImage> imagesOfRows()
    {
        std::map<std::string, std::vector<std::pair<long long, fs::path>>> byPart;
        std::string partCapture;
        for (const FileSpec &file : m_context.plan.profile->files) {
            if (!file.partCapture.empty())
                partCapture = file.partCapture;
        }
        for (auto &[path, captures] : findImages()) {
            const auto part = captures.find(partCapture);
            byPart[part == captures.end() ? std::string() : part->second].emplace_back(
                numberIn(captures, m_spec.number), path);
        }
        std::vector<TimedImage> images;
        std::size_t without = 0;
        for (auto &[part, frames] : byPart) {
            const auto rows = m_context.rowTimesOfPart.find(part);
            if (rows == m_context.rowTimesOfPart.end())
                continue;
            std::ranges::sort(frames);
            for (std::size_t i = 0; i < frames.size(); ++i) {
                if (i < rows->second.size())
                    images.push_back({m_context.clock.fromOwn(rows->second[i]).ns, frames[i].second});
                else
                    ++without;
            }
        }
        if (without > 0)
            note(Severity::warning, {}, "missing-time", without,
                 counted(without, "image") + " have no row of samples and were left out");
        return images;
    }

    void addTrack(std::vector<TimedImage> images)
    {
        std::ranges::stable_sort(images, {}, &TimedImage::ns);
        const auto firstSame = std::unique(images.begin(), images.end(), [](const TimedImage &a, const TimedImage &b) {
            return a.ns == b.ns;
        });
        if (firstSame != images.end())
            note(Severity::warning, {}, "duplicate-time", static_cast<std::size_t>(images.end() - firstSame),
                 "images with the time of another were left out");
        images.erase(firstSame, images.end());

        VideoTrack track;
        track.name = m_spec.name;
        track.storage = VideoStorage::images;
        track.path = images.front().path.parent_path();
        if (images.back().path.parent_path() != track.path)
            track.path = m_context.plan.base;
        for (TimedImage &image : images) {
            track.series.images.push_back(std::move(image.path));
            track.series.timesNs.push_back(image.ns);
        }
        try {
            const auto source = openImageSequence(track.series.images, track.series.timesNs);
            track.width = source->width();
            track.height = source->height();
            const FrameTable &frames = source->frames();
            track.frames = frames.size();
            track.rateHz = frames.rateHz();
            track.variableRate = frames.isVariableRate();
            track.start = {frames.ptsNs.front()};
            track.end = {frames.endNs};
        } catch (const Error &error) {
            note(Severity::error, track.path, "unreadable-video", 1, error.sentence());
            return;
        }
        m_recording.videos.push_back(std::move(track));
    }

    const GroupContext &m_context;
    const VideoSpec &m_spec;
    Recording &m_recording;
};

} // namespace

void addVideos(const GroupContext &context, Recording &recording)
{
    for (const VideoSpec &spec : context.plan.profile->videos)
        VideoLoader(context, spec, recording).load();
}

} // namespace kino
