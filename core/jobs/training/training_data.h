// What a training run learns from, made of a specification: rows with samples, labels and parts, and the batches of an epoch.
// Recordings, pictures and embeddings come out alike. Any thread.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/dataset/load_dataset.h"
#include "core/jobs/queue/recording_source.h"
#include "core/learn/batch_loader.h"
#include "core/learn/objective_infos.h"

#include <filesystem>
#include <memory>

namespace kino {

struct TrainingData {
    /** Rows, classes, parts; of pictures tableOfImages(), without labels. */
    std::shared_ptr<const WindowTable> table;
    LeakageVerdict leakage;
    /** datasetNotes() */
    std::vector<std::string> notes;
    /** What could not be read; the rest is there. */
    std::vector<ImportFailure> failures;
    /** Rows are the table's. */
    SampleSource source;
    std::vector<std::uint32_t> trainRows; // after shots were drawn
    std::vector<std::uint32_t> validationRows, testRows;
    std::vector<std::int64_t> classCounts; // of trainRows
    std::map<std::string, std::int64_t> pairedWidths;
    /** With normalise train: goes with the weights. */
    nlohmann::json normalisation;
    /** SHA-256 over table and samples. */
    std::string fingerprint;
    /** What else the source's functions need to live. */
    std::shared_ptr<const void> owner;

    /** Of the rows that train, bytewise. */
    std::vector<std::string> trainSubjects() const;
};

struct TrainingDataOptions {
    std::filesystem::path cacheFolder;
    std::vector<std::string> pretrainedOn;
    ProjectRecordings recordings;
    CancelToken cancel;
    Progress progress;
};

/**
 * `specification` is complete (completeSpecification()), `folder` the one that its paths count from. Throws Error for what
 * cannot be trained on: nothing read, classes that are only tested, no rows to train.
 */
TrainingData loadTrainingData(const nlohmann::json &specification, const std::filesystem::path &folder, const TrainingDataOptions &options);

/**
 * The batches of an epoch as items of the loader (row * variants + variant), from the sampler of the specification. An objective
 * that compares windows with each other gets whole batches only. Throws Error where there is no batch at all.
 */
EpochPlan makeEpochPlan(const TrainingData &data, const nlohmann::json &specification, std::size_t variants);

/**
 * What validates or tests, batch by batch: in its order, or, for objectives that compare windows, such that no two of a batch overlap in
 * time where training has none either. The same every time.
 */
std::vector<std::vector<std::size_t>> evaluationBatches(const TrainingData &data, const nlohmann::json &specification, std::span<const std::uint32_t> rows,
                                                        std::size_t variants);

/** Rows in their order, batch by batch, as items. */
std::vector<std::vector<std::size_t>> itemsInOrder(std::span<const std::uint32_t> rows, std::size_t batch, std::size_t variants);

} // namespace kino
