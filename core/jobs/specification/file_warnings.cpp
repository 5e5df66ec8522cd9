// Files that a specification names and that are not there: it may be meant for another machine, or for later.
#include "core/base/glob.h"
#include "core/jobs/specification/check.h"

namespace kino::specification {

using Json = nlohmann::json;

void addFileWarnings(Checked &checked, const std::filesystem::path &folder)
{
    const auto isThere = [&](const std::string &pattern) { return !expandGlob(folder, pattern).empty(); };
    const auto warnOf = [&](const std::string &path, const Json &pattern) {
        if (pattern.is_string() && !isThere(pattern.get<std::string>()))
            checked.add(path, "no file matches " + valueWords(pattern) + " yet; patterns count from the specification's folder", ProblemSeverity::warning);
    };
    const Json *recordings = valueAt(checked.sound, "data.recordings");
    for (std::size_t index = 0; recordings && recordings->is_array() && index < recordings->size(); ++index)
        warnOf("data.recordings." + std::to_string(index), (*recordings)[index]);
    for (const char *path : {"data.images", "data.vectors", "data.split.file", "encoder.weights"}) {
        const Json *file = valueAt(checked.sound, path);
        std::error_code ignored;
        if (file && file->is_string() && !std::filesystem::exists(folder / file->get<std::string>(), ignored))
            checked.add(path, "there is no " + valueWords(*file) + " yet; paths count from the specification's folder", ProblemSeverity::warning);
    }
    const Json *embeddings = valueAt(checked.sound, "data.embeddings");
    if (!embeddings || !embeddings->is_object())
        return;
    for (const auto &[name, file] : embeddings->items()) {
        std::error_code ignored;
        if (!std::filesystem::exists(folder / file.get<std::string>(), ignored))
            checked.add("data.embeddings." + name, "there is no " + valueWords(file) + " yet; paths count from the specification's folder", ProblemSeverity::warning);
    }
}

} // namespace kino::specification
