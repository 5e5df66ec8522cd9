// The tables of which schemaOf() is made, part by part. Internal to the specification.
#pragma once

#include "core/jobs/specification/schema.h"

namespace kino::specification {

std::vector<Parameter> jobParameters();
Parameter seedParameter();
std::vector<Parameter> dataParameters();
std::vector<Parameter> learningParameters();
std::vector<Parameter> studyParameters();

} // namespace kino::specification
