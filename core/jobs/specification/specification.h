// A specification of a job (cli.md): is it sound, what does it leave to defaults, what does `--set` change in it. All that
// reads a specification goes through here; what it means for windows is windowSpecFromJson()'s. Any thread.
#pragma once

#include "core/jobs/specification/schema.h"

#include <filesystem>

namespace kino {

/** warning: it may be run, but perhaps not here and now: a file that is not there yet. */
enum class ProblemSeverity { error, warning };

struct Problem {
    /** "train.batch", "augment.0.name"; "specification" for all of it. */
    std::string path;
    /** What is wrong, what is allowed. */
    std::string sentence;
    ProblemSeverity severity = ProblemSeverity::error;

    /** "train.batch: must be …" */
    std::string text() const { return path + ": " + sentence; }
    friend bool operator==(const Problem &, const Problem &) = default;
};

/**
 * Everything that is wrong at once: unknown keys, wrong types, values out of range, what does not go together. Errors come
 * first, in the schema's order. Of a study also every cell of its grid (of very many, every value by itself). With `folder`,
 * which relative paths count from, files that are not there are warnings; without it the disk is not looked at. At most 200
 * problems are told, and then how many more.
 */
std::vector<Problem> validateSpecification(const nlohmann::json &specification, const std::filesystem::path &folder = {});
bool isSound(const std::vector<Problem> &problems);
/** All errors, a line each. */
std::string errorLines(const std::vector<Problem> &problems);

/**
 * Every default filled in where it has a meaning: what `spec.json` of a run holds. Completing it again changes nothing, and
 * it is sound. Throws Error with errorLines() for one that is not.
 */
nlohmann::json completeSpecification(const nlohmann::json &specification);
/** What datasetSpecFromJson() reads of a specification; unknown keys stay, to be told. Of one from embeddings its split alone. */
nlohmann::json datasetPart(const nlohmann::json &specification);
/** The same keys in the order of the schema, for people. */
nlohmann::ordered_json orderedSpecification(const nlohmann::json &specification);

/**
 * `--set`: "data.split.by=subject", "augment.0.options.sigma=0.1", "encoder.weights=null". What follows the first "=" is JSON,
 * or else a text. Objects on the way are made; the place behind the last of a list appends. Throws Error for what has no
 * "=" or leads through something that is neither an object nor a list; whether the path is known is validation's to say.
 */
void applyOverride(nlohmann::json &specification, const std::string &assignment);

/** The same for a value that is one already: what a form or a grid sets. Throws Error as applyOverride() does. */
void setAt(nlohmann::json &specification, const std::string &path, nlohmann::json value);

/** What it is in a few lines: windows, encoder, objective, training, split; of a study its cells. For a sound one. */
std::string specificationSummary(const nlohmann::json &specification);

} // namespace kino
