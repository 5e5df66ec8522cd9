#include "core/jobs/training/specification_paths.h"

namespace kino {

nlohmann::json withWholePaths(nlohmann::json specification, const std::filesystem::path &folder)
{
    const auto make = [&folder](nlohmann::json &path) {
        if (path.is_string() && !path.get<std::string>().empty() && std::filesystem::path(path.get<std::string>()).is_relative())
            path = (std::filesystem::absolute(folder) / path.get<std::string>()).lexically_normal().string();
    };
    const auto makeAt = [&](nlohmann::json &object, const char *key) {
        if (!object.is_object() || !object.contains(key))
            return;
        nlohmann::json &value = object.at(key);
        if (value.is_structured()) {
            for (nlohmann::json &each : value)
                make(each);
        } else {
            make(value);
        }
    };
    nlohmann::json &data = specification.at("data");
    // {"project": "all"} holds no path.
    if (data.contains("recordings") && data.at("recordings").is_array())
        makeAt(data, "recordings");
    for (const char *key : {"images", "vectors", "embeddings"})
        makeAt(data, key);
    if (data.contains("split"))
        makeAt(data.at("split"), "file");
    if (specification.contains("encoder"))
        makeAt(specification.at("encoder"), "weights");
    // A profile is a name, or a file beside the specification.
    std::error_code code;
    if (data.contains("profile") && data.at("profile").is_string() && std::filesystem::is_regular_file(folder / data.at("profile").get<std::string>(), code))
        make(data.at("profile"));
    return specification;
}

} // namespace kino
