// Files that a specification names and that are not there: it may be meant for another machine, or for later.
#include "core/base/glob.h"
#include "core/jobs/specification/check.h"

namespace kino::specification {
namespace {

using Json = nlohmann::json;

constexpr const char *kFromFolder = " yet; paths count from the specification's folder";

/** Of patterns that go through whole trees only the folder in which they begin is looked at: a warning is not worth a walk over a disk. */
bool mayMatch(const std::filesystem::path &folder, const std::string &pattern)
{
    const std::size_t tree = pattern.find("**");
    const std::size_t end = tree == std::string::npos ? tree : pattern.rfind('/', tree);
    const std::string beginning = tree == std::string::npos ? pattern : end == std::string::npos ? "." : pattern.substr(0, end + 1);
    return !expandGlob(folder, beginning).empty();
}

} // namespace

void addFileWarnings(Checked &checked, const std::filesystem::path &folder)
{
    const auto warnUnlessThere = [&](const std::string &path, const Json &file) {
        std::error_code ignored;
        if (file.is_string() && !std::filesystem::exists(folder / file.get<std::string>(), ignored))
            checked.add(path, "there is no " + valueWords(file) + kFromFolder, ProblemSeverity::warning);
    };
    const Json *recordings = valueAt(checked.sound, "data.recordings");
    for (std::size_t index = 0; recordings && recordings->is_array() && index < recordings->size(); ++index) {
        const Json &pattern = (*recordings)[index];
        if (pattern.is_string() && !mayMatch(folder, pattern.get<std::string>()))
            checked.add("data.recordings." + std::to_string(index), "no file matches " + valueWords(pattern) + kFromFolder, ProblemSeverity::warning);
    }
    for (const char *path : {"data.images", "data.vectors", "data.split.file", "encoder.weights"}) {
        if (const Json *file = valueAt(checked.sound, path))
            warnUnlessThere(path, *file);
    }
    const Json *embeddings = valueAt(checked.sound, "data.embeddings");
    if (!embeddings || !embeddings->is_object())
        return;
    for (const auto &[name, file] : embeddings->items())
        warnUnlessThere("data.embeddings." + name, file);
}

} // namespace kino::specification
