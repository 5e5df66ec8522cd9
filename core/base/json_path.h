// A place inside JSON by a path of names and places. Any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace kino {

/** What is at "augment.0.options.sigma"; nullptr where nothing is. */
const nlohmann::json *valueAt(const nlohmann::json &json, const std::string &path);

} // namespace kino
