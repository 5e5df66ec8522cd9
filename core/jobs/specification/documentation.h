// The schema as people and other programs read it: docs/specification.md, `--help`, JSON for forms. Any thread.
#pragma once

#include "core/jobs/specification/schema.h"

namespace kino {

/** docs/specification.md, Markdown. */
std::string specificationDocumentation();

/** {"kinoscope": 1, "kinds": {"train": {"groups", "parameters"}, "study": …}}: all that a form needs. */
nlohmann::ordered_json specificationSchemaJson();

/** Paths, types and defaults, a line each, for the help of commands that take a specification. */
std::string specificationHelp();

} // namespace kino
