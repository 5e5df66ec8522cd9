// What a specification may name: encoders, objectives, augmentations, optimizers, schedules, representations, samplers, each
// with its options, as the schema takes them. Any thread.
#pragma once

#include "core/jobs/specification/parameter.h"

namespace kino {

struct SchemaChoices {
    std::vector<NamedChoice> representations;
    std::vector<NamedChoice> samplers;
    std::vector<NamedChoice> encoders;
    std::vector<NamedChoice> objectives;
    std::vector<NamedChoice> augmentations;
    std::vector<NamedChoice> optimizers;
    std::vector<NamedChoice> schedules;
    std::vector<NamedChoice> procedures;
};

/** All that this build has. */
const SchemaChoices &schemaChoices();

} // namespace kino
