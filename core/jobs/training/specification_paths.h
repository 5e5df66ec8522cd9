// Paths of a specification, made whole. Any thread.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace kino {

/** Paths that count from the specification's folder made absolute, so that a run's own copy means the same elsewhere. */
nlohmann::json withWholePaths(nlohmann::json specification, const std::filesystem::path &folder);

} // namespace kino
