#include "core/jobs/training/training_data.h"

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/sha256.h"
#include "core/data/dataset/batch_plan.h"
#include "core/data/dataset/embedding_table.h"
#include "core/data/dataset/shots.h"
#include "core/jobs/specification/specification.h"
#include "core/jobs/training/picture_data.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/** Keeps the order of items apart from all else that comes from a run's seed. */
constexpr std::uint64_t kOrderStream = 0x4F524452;

fs::path pathIn(const fs::path &folder, const std::string &path) { return fs::path(path).is_absolute() ? fs::path(path) : folder / path; }

SampleShape shapeFrom(const std::vector<std::int64_t> &sizes)
{
    if (sizes.size() == 2)
        return {.channels = sizes[0], .height = 1, .length = sizes[1]};
    return {.channels = sizes.at(0), .height = sizes.at(1), .length = sizes.at(2)};
}

/** By row of the table: what learning needs beside samples. */
void describeRows(TrainingData &data)
{
    for (const WindowRow &row : data.table->rows) {
        data.source.labels.push_back(row.label);
        data.source.recordings.push_back(row.recording);
    }
}

PairedTable pairedWith(const WindowTable &table, const fs::path &file)
{
    const EmbeddingFile embeddings = EmbeddingFile::open(file);
    const auto rows = static_cast<std::int64_t>(table.rows.size()), width = static_cast<std::int64_t>(embeddings.width());
    PairedTable paired{torch::zeros({rows, width}), torch::zeros({rows})};
    std::size_t found = 0;
    // Windows begin on samples; what was embedded elsewhere may lie beside them by rounding.
    const Nanos tolerance = table.samplesPerWindow > 0 ? table.lengthNs / static_cast<Nanos>(table.samplesPerWindow) : 0;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const WindowRow &window = table.rows[row];
        const auto place = embeddings.find(table.recordingOf(window).name, window.start.ns, tolerance);
        if (!place)
            continue;
        ++found;
        const std::span<const float> vector = embeddings.vector(*place);
        std::memcpy(paired.vectors.mutable_data_ptr<float>() + static_cast<std::int64_t>(row) * width, vector.data(), vector.size_bytes());
        paired.mask.mutable_data_ptr<float>()[row] = 1;
    }
    if (found == 0)
        throw Error(file, "has no vector for any of the " + std::to_string(table.rows.size())
                              + " windows; its rows are found by the recording's name and the window's begin, as windows.csv has them");
    return paired;
}

void loadRecordings(TrainingData &data, const Json &specification, const fs::path &folder, const TrainingDataOptions &options)
{
    Json part = datasetPart(specification);
    LoadOptions load;
    takeProjectRecordings(part, load, options.recordings);
    const DatasetSpec spec = datasetSpecFromJson(part);
    load.cacheFolder = options.cacheFolder;
    load.pretrainedOn = options.pretrainedOn;
    load.cancel = options.cancel;
    load.progress = options.progress;
    auto dataset = std::make_shared<LoadedDataset>(loadDataset(spec, folder, load));
    data.table = dataset->table;
    data.leakage = dataset->leakage;
    data.failures = dataset->failures;
    data.notes = datasetNotes(*dataset, spec);
    data.fingerprint = dataset->windows->fingerprint();
    data.source.shape = shapeFrom(dataset->windows->shape());
    data.source.read = [dataset](std::size_t row, std::span<float> sample) { dataset->windows->read(row, sample); };
    if (data.source.shape.isPicture())
        data.source.finish = [](std::span<float> sample) { applyImageNetStatistics(sample); };
    if (dataset->windows->statistics())
        data.normalisation = statisticsJson(*dataset->windows->statistics());
    data.owner = dataset;
    describeRows(data);
    const Json embeddings = specification.at("data").value("embeddings", Json::object());
    for (const auto &[name, path] : embeddings.items()) {
        const PairedTable &paired = data.source.paired[name] = pairedWith(*data.table, pathIn(folder, path.get<std::string>()));
        data.pairedWidths[name] = paired.vectors.size(1);
    }
}

void loadEmbeddings(TrainingData &data, const Json &specification, const fs::path &folder, const TrainingDataOptions &options)
{
    const fs::path path = pathIn(folder, specification.at("data").at("vectors").get<std::string>());
    auto file = std::make_shared<const EmbeddingFile>(EmbeddingFile::open(path));
    const DatasetSpec spec = datasetSpecFromJson(datasetPart(specification));
    EmbeddingTable made = tableOfEmbeddings(*file, spec.windows.split, spec.windows.seed);
    auto places = std::make_shared<const std::vector<std::size_t>>(std::move(made.fileRows));
    Sha256 hash;
    for (const std::size_t place : *places)
        hash.add(std::as_bytes(file->vector(place)));
    hash.add(windowTableText(made.table));
    data.fingerprint = hash.hex();
    data.table = std::make_shared<const WindowTable>(std::move(made.table));
    data.leakage = judgeLeakage(*data.table, {}, options.pretrainedOn);
    data.source.shape = {.channels = 1, .height = 1, .length = static_cast<std::int64_t>(file->width())};
    data.source.isEmbedded = true;
    data.source.read = [file, places](std::size_t row, std::span<float> sample) { std::ranges::copy(file->vector((*places)[row]), sample.begin()); };
    data.owner = file;
    describeRows(data);
}

void chooseRows(TrainingData &data, const Json &specification)
{
    const Json &part = specification.at("data");
    data.validationRows = data.table->rowsOf(SplitPart::validation);
    data.testRows = data.table->rowsOf(SplitPart::test);
    data.trainRows = data.table->rowsOf(SplitPart::train);
    const ObjectiveInfo &objective = objectiveInfo(specification.at("objective").at("name").get<std::string>());
    if (objective.needsLabels) {
        requireTrainableClasses(*data.table);
        const auto isUnlabelled = [&data](std::uint32_t row) { return data.table->rows[row].label < 0; };
        for (std::vector<std::uint32_t> *rows : {&data.trainRows, &data.validationRows, &data.testRows})
            std::erase_if(*rows, isUnlabelled);
    }
    if (const auto shots = part.find("shots"); shots != part.end() && shots->is_object()) {
        const ShotRule rule{.count = shots->at("per_class").get<std::size_t>(), .unit = shots->at("count") == "bouts" ? ShotUnit::bouts : ShotUnit::windows};
        data.trainRows = drawShots(*data.table, rule, specification.at("seed").get<std::uint64_t>()).rows;
    }
    if (data.trainRows.empty())
        throw Error("No window trains: all are in validation and test, or have no label. `kino windows` shows what there is.");
    data.classCounts.assign(data.table->classes.size(), 0);
    for (const std::uint32_t row : data.trainRows) {
        if (const std::int32_t label = data.table->rows[row].label; label >= 0)
            ++data.classCounts[static_cast<std::size_t>(label)];
    }
}

} // namespace

namespace {

BatchOptions batchOptions(const Json &specification)
{
    const ObjectiveInfo &objective = objectiveInfo(specification.at("objective").at("name").get<std::string>());
    const Json sampler = specification.at("data").value("sampler", Json{{"name", "shuffled"}});
    const Json options = sampler.value("options", Json::object());
    const auto word = [&options](const char *key, const char *usual) { return options.value(key, std::string(usual)); };
    BatchOptions batches;
    batches.batch = specification.at("train").at("batch").get<std::size_t>();
    batches.balance = sampler.at("name") == "balanced" ? ClassBalance::equal : ClassBalance::none;
    batches.overlap = word("overlap", objective.isContrastive ? "avoid" : "allow") == "avoid" ? TimeOverlap::avoid : TimeOverlap::allow;
    batches.incomplete = word("incomplete", objective.isContrastive ? "drop" : "keep") == "drop" ? IncompleteBatches::drop : IncompleteBatches::keep;
    return batches;
}

std::vector<std::vector<std::size_t>> listsOf(const BatchPlan &plan)
{
    std::vector<std::vector<std::size_t>> lists;
    for (std::size_t number = 0; number < plan.batches(); ++number)
        lists.emplace_back(plan.batch(number).begin(), plan.batch(number).end());
    return lists;
}

} // namespace

std::vector<std::string> TrainingData::trainSubjects() const
{
    std::set<std::string> subjects;
    for (const std::uint32_t row : trainRows) {
        if (const std::string &subject = table->recordingOf(table->rows[row]).subject; !subject.empty())
            subjects.insert(subject);
    }
    return {subjects.begin(), subjects.end()};
}

TrainingData loadTrainingData(const Json &specification, const fs::path &folder, const TrainingDataOptions &options)
{
    TrainingData data;
    const std::string source = specification.at("data").at("source");
    if (source == "embeddings")
        loadEmbeddings(data, specification, folder, options);
    else if (source != "recordings")
        loadPictures(data, specification, folder, options);
    else
        loadRecordings(data, specification, folder, options);
    chooseRows(data, specification);
    return data;
}

std::vector<std::vector<std::size_t>> itemsInOrder(std::span<const std::uint32_t> rows, std::size_t batch, std::size_t variants)
{
    std::vector<std::vector<std::size_t>> batches;
    for (const std::uint32_t row : rows) {
        for (std::size_t variant = 0; variant < variants; ++variant) {
            if (batches.empty() || batches.back().size() >= batch)
                batches.emplace_back();
            batches.back().push_back(row * variants + variant);
        }
    }
    return batches;
}

std::vector<std::vector<std::size_t>> evaluationBatches(const TrainingData &data, const Json &specification, std::span<const std::uint32_t> rows, std::size_t variants)
{
    BatchOptions options = batchOptions(specification);
    if (options.overlap == TimeOverlap::allow || variants > 1)
        return itemsInOrder(rows, options.batch, variants);
    options.incomplete = IncompleteBatches::keep;
    options.balance = ClassBalance::none;
    return listsOf(planEpoch(*data.table, rows, options, /*seed=*/0, /*epoch=*/0));
}

EpochPlan makeEpochPlan(const TrainingData &data, const Json &specification, std::size_t variants)
{
    const BatchOptions batches = batchOptions(specification);
    const auto seed = specification.at("seed").get<std::uint64_t>();

    EpochPlan plan;
    if (variants > 1 && (batches.balance == ClassBalance::equal || batches.overlap == TimeOverlap::avoid))
        throw Error("data.sampler: an objective that learns from several versions of each window mixes all of them; it takes the sampler shuffled with overlap: allow only.");
    if (variants > 1) {
        // Versions of a window are items of their own and come at any place of the epoch.
        plan = [rows = data.trainRows, batches, variants, seed](std::int64_t epoch) {
            std::vector<std::size_t> items;
            for (const std::uint32_t row : rows) {
                for (std::size_t variant = 0; variant < variants; ++variant)
                    items.push_back(row * variants + variant);
            }
            RandomStream(seed).split(kOrderStream).split(static_cast<std::uint64_t>(epoch)).shuffle(std::span(items));
            std::vector<std::vector<std::size_t>> made;
            for (std::size_t first = 0; first < items.size(); first += batches.batch) {
                const std::size_t last = std::min(first + batches.batch, items.size());
                if (last - first == batches.batch || batches.incomplete == IncompleteBatches::keep)
                    made.emplace_back(items.begin() + static_cast<std::ptrdiff_t>(first), items.begin() + static_cast<std::ptrdiff_t>(last));
            }
            return made;
        };
    } else {
        plan = [table = data.table, rows = data.trainRows, batches, seed](std::int64_t epoch) {
            return listsOf(planEpoch(*table, rows, batches, seed, static_cast<std::uint64_t>(epoch)));
        };
    }
    if (!plan(0).empty())
        return plan;
    const bool isTooFew = data.trainRows.size() * variants < batches.batch;
    throw Error("Of " + std::to_string(data.trainRows.size()) + " windows that train no batch of " + std::to_string(batches.batch)
                + (isTooFew ? " can be made: there are too few. Choose a smaller train.batch."
                            : " without two that overlap in time can be made; choose a smaller train.batch, a longer stride, or the sampler's option overlap: allow."));
}

} // namespace kino
