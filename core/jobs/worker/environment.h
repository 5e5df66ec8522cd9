// What a run was computed with, kept beside its result. Any thread.
#pragma once

#include <nlohmann/json.hpp>

namespace kino {

/** Program, LibTorch, system, CPU and its cores, and what the run says of itself (threads, device). */
nlohmann::json computingEnvironment(const nlohmann::json &facts);

} // namespace kino
