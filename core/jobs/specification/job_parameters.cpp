// What every specification begins with, and what a study has instead of the rest.
#include "core/jobs/specification/tables.h"

namespace kino::specification {
namespace {

/** As doubles hold them exactly, since other programs' JSON knows no others. */
constexpr double kMostSeed = 9007199254740991.0;

} // namespace

std::vector<Parameter> jobParameters()
{
    return {
        {.path = "kinoscope",
         .type = ParameterType::whole,
         .title = "Version of the format",
         .usual = 1,
         .least = 1,
         .most = 1,
         .group = "Job",
         .help = "Says that the file is a specification of Kinoscope, and of which version."},
        {.path = "kind",
         .type = ParameterType::choice,
         .title = "Kind",
         .usual = "train",
         .allowed = {"train", "study"},
         .group = "Job",
         .help = "train: one run; study: many, over a grid of values, folds and seeds."},
        {.path = "name", .type = ParameterType::text, .title = "Name", .usual = "", .group = "Job", .help = "What the run is called in lists."},
        {.path = "about",
         .type = ParameterType::text,
         .title = "About",
         .usual = "",
         .group = "Job",
         .help = "What it reproduces, from which source, what was found."},
    };
}

Parameter seedParameter()
{
    return {.path = "seed",
            .type = ParameterType::whole,
            .title = "Seed",
            .usual = 0,
            .least = 0,
            .most = kMostSeed,
            .group = "Job",
            .help = "Of all that is drawn: weights, order, augmentations, splits. Equal seeds give equal runs.",
            .source = "IMU2CLIP and PRIMUS 1234"};
}

std::vector<Parameter> studyParameters()
{
    std::vector<Parameter> parameters = jobParameters();
    const std::vector<Parameter> own = {
        {.path = "base",
         .type = ParameterType::base,
         .title = "Base",
         .absence = Absence::refused,
         .group = "Study",
         .help = "What all runs have in common: a specification of kind train, complete but for what the grid sets."},
        {.path = "grid",
         .type = ParameterType::grid,
         .title = "Grid",
         .usual = nlohmann::json::object(),
         .group = "Study",
         .help = "Paths with the values that each takes, every one with every other; a value may also be an object of several paths that change "
                 "together: {\"encoder\": [{\"encoder.name\": \"mw2\", \"data.window.seconds\": 5}]}."},
        {.path = "folds",
         .type = ParameterType::whole,
         .title = "Folds",
         .usual = nullptr,
         .mayBeNull = true,
         .least = 3,
         .most = 1000,
         .group = "Study",
         .help = "Each cell once with each fold of the subjects as test, while the next validates and the others train; null: the split of the base.",
         .relations = {"With folds, base.data.split names no subjects and no shares."}},
        {.path = "seeds",
         .type = ParameterType::wholes,
         .title = "Seeds",
         .usualWords = "that of the base",
         .least = 0,
         .most = kMostSeed,
         .leastCount = 1,
         .mostCount = 1000,
         .isUnique = true,
         .group = "Study",
         .help = "Each cell once with each of them."},
    };
    parameters.insert(parameters.end(), own.begin(), own.end());
    return parameters;
}

} // namespace kino::specification
