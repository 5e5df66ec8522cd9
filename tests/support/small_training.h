// A specification that a test trains in seconds, of recordings that `kino simulate --out data` made for five people.
#pragma once

#include <nlohmann/json.hpp>

namespace kino::test {

nlohmann::json smallTraining();

} // namespace kino::test
