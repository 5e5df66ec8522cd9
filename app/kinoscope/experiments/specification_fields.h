// The schema of a specification as fields of a form, and what validation says of the form's values. Any thread.
#pragma once

#include "core/jobs/specification/specification.h"
#include "widgets/form/form_field.h"

#include <filesystem>
#include <memory>

namespace kino {

/** Of a study with those of its base below its own. Made once. */
std::shared_ptr<const std::vector<FormField>> specificationFields(SpecificationKind kind);

/** By its "kind"; train where it names none. */
SpecificationKind kindOf(const nlohmann::json &specification);

/** Which fields apply, what they are by default, everything that is wrong. With `folder` files that are not there are warnings. */
FormVerdict judgeSpecification(const nlohmann::json &specification, const std::filesystem::path &folder);

} // namespace kino
