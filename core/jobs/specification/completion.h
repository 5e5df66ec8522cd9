// Defaults filled into any specification, sound or not. Internal to the specification.
#pragma once

#include "core/jobs/specification/schema.h"

namespace kino::specification {

/** What is wrong stays as it is. */
nlohmann::json filledWithDefaults(const Schema &schema, const nlohmann::json &given);

} // namespace kino::specification
