#include "core/data/profile/sidecar_claims.h"

#include "core/base/error.h"
#include "core/data/profile/sidecars.h"

namespace kino {
namespace fs = std::filesystem;

std::set<fs::path> basesOf(const ImportProfile &profile, const fs::path &file)
{
    std::set<fs::path> bases;
    const auto add = [&](const std::string &name) {
        if (name.starts_with("../"))
            return;
        // {captures} may stand for anything here; usesSidecar() looks closely.
        std::string loose;
        for (std::size_t i = 0; i < name.size(); ++i) {
            if (name[i] == '{') {
                i = std::min(name.find('}', i), name.size() - 1);
                loose += '*';
            } else {
                loose += name[i];
            }
        }
        try {
            if (const auto match = NamePattern(loose).match(file))
                bases.insert(match->base);
        } catch (const Error &) {
            // Not a pattern: then no file has that name.
        }
    };
    for (const AnnotationSpec &annotation : profile.annotations)
        std::ranges::for_each(annotation.files, add);
    for (const LookupSpec &lookup : profile.lookups)
        std::ranges::for_each(lookup.files, add);
    for (const VideoSpec &video : profile.videos) {
        for (const auto *files : {&video.files, &video.timesFiles, &video.listFiles})
            std::ranges::for_each(*files, add);
        if (video.images)
            add(video.images->text());
        if (!video.listFolder.empty())
            add(video.listFolder + "/*");
    }
    return bases;
}

bool usesSidecar(const ImportProfile &profile, const fs::path &base, const Captures &captures, const fs::path &file)
{
    const auto isIt = [&](const std::vector<std::string> &files) {
        const auto found = findSidecar(base, files, captures);
        return found && *found == file;
    };
    for (const AnnotationSpec &annotation : profile.annotations) {
        if (isIt(annotation.files))
            return true;
    }
    for (const LookupSpec &lookup : profile.lookups) {
        if (isIt(lookup.files))
            return true;
    }
    for (const VideoSpec &video : profile.videos) {
        if (isIt(video.files) || isIt(video.timesFiles) || isIt(video.listFiles)
            || (video.images && video.images->match(file).has_value())
            || (!video.listFolder.empty() && file.parent_path() == base / fillIn(video.listFolder, captures)))
            return true;
    }
    return false;
}

bool hasRowsFor(const ImportProfile &profile, const fs::path &base, const Captures &captures, const fs::path &file)
{
    for (const AnnotationSpec &annotation : profile.annotations) {
        const auto path = findSidecar(base, annotation.files, captures);
        if (!path || *path != file || annotation.rows.empty() || annotation.isJson)
            continue;
        bool hasRow = false;
        try {
            forEachSidecarRow(file, annotation.table, annotation.rows, captures,
                              [&](std::int64_t, const RowField &) { hasRow = true; });
        } catch (const Error &) {
            hasRow = true; // reading it will say why it cannot be
        }
        return hasRow;
    }
    return true;
}

std::vector<fs::path> sidecarsOf(const ImportProfile &profile, const fs::path &base, const Captures &captures)
{
    std::vector<fs::path> found;
    const auto add = [&](const std::vector<std::string> &files) {
        if (const auto path = findSidecar(base, files, captures))
            found.push_back(*path);
    };
    for (const LookupSpec &lookup : profile.lookups)
        add(lookup.files);
    for (const AnnotationSpec &annotation : profile.annotations)
        add(annotation.files);
    for (const VideoSpec &video : profile.videos) {
        for (const auto *files : {&video.files, &video.timesFiles, &video.listFiles})
            add(*files);
    }
    return found;
}

} // namespace kino
