#include "core/jobs/training/training_parts.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/data/dataset/pretraining.h"
#include "core/nn/encoders.h"

#include <ATen/Parallel.h>
#include <cmath>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/** Stands for an epoch where validation augments: the same views every time. */
constexpr std::int64_t kValidationEpoch = std::numeric_limits<std::int64_t>::max();

torch::Device findDevice() { return torch::cuda::is_available() ? torch::Device(torch::kCUDA) : torch::Device(torch::kCPU); }

WeightsFile readStartingWeights(const Json &encoder, const fs::path &folder)
{
    const Json weights = encoder.value("weights", Json());
    if (weights.is_null())
        return {};
    if (!weights.is_string())
        throw Error("encoder.weights: a run of a project can only be used by a job of that project; here a file is needed.");
    const fs::path path = weights.get<std::string>();
    return readWeights(path.is_absolute() ? path : folder / path);
}

} // namespace

std::size_t threadsOf(const Json &specification)
{
    const Json asked = specification.at("train").value("threads", Json());
    return asked.is_number_integer() ? asked.get<std::size_t>() : usableThreads();
}

void setTorchThreads(std::size_t threads)
{
    at::set_num_threads(static_cast<int>(threads));
    static const bool once = [] {
        at::set_num_interop_threads(1);
        return true;
    }();
    (void)once;
}

TrainingParts::TrainingParts(Json specification, fs::path folder, TrainingPartsOptions options)
    : m_spec(std::move(specification)), m_folder(std::move(folder)), m_options(std::move(options)), m_device(findDevice())
{
}

void TrainingParts::load()
{
    m_starting = readStartingWeights(m_spec.value("encoder", Json::object()), m_folder);
    TrainingDataOptions load;
    load.cacheFolder = m_options.cacheFolder;
    load.pretrainedOn = pretrainedSubjects(m_starting.metadata);
    load.recordings = m_options.recordings;
    load.cancel = m_options.cancel;
    load.progress = m_options.progress.part(0, 0.5);
    m_data = loadTrainingData(m_spec, m_folder, load);
    for (const ImportFailure &failure : m_data.failures)
        say(failure.message.find(failure.path.string()) == std::string::npos ? failure.path.string() + ": " + failure.message : failure.message);
    for (const std::string &note : m_data.notes)
        say(note);
    for (const std::string &sentence : leakageSentences(m_data.leakage)) {
        if (!m_data.leakage.isClean())
            say(sentence);
    }
    if (!m_spec.value("allow_leakage", false))
        requireNoLeakage(m_data.leakage);
}

void TrainingParts::make()
{
    torch::manual_seed(seed());
    const Json encoder = m_spec.value("encoder", Json::object());
    const Json &objective = m_spec.at("objective");
    const ObjectiveInfo &info = objectiveInfo(objective.at("name").get<std::string>());
    ObjectiveSetup setup;
    setup.name = info.name;
    setup.options = objective.at("options");
    setup.shape = m_data.source.shape;
    setup.classes = m_data.table->classes;
    setup.classCounts = m_data.classCounts;
    setup.paired = m_data.pairedWidths;
    if (const Json augment = m_spec.value("augment", Json()); augment.is_array())
        setup.augmentations = augment;
    if (m_data.source.isEmbedded) {
        setup.width = m_data.source.shape.length;
    } else {
        Json options = encoder.at("options");
        setup.encoderName = encoder.at("name");
        m_encoder = makeEncoder(setup.encoderName, options);
        if (!m_starting.tensors.empty())
            loadWeights(m_starting.tensors, *m_encoder, encoder.value("prefix", findPrefix(m_starting.tensors, *m_encoder)));
        setup.encoderOptions = std::move(options);
        setup.freezeEncoder = encoder.value("freeze", false);
        setup.encoder = m_encoder;
        const bool hasAugmentations = !chosenAugmentations(setup).empty();
        m_isEmbeddedBefore = setup.freezeEncoder && !hasAugmentations && info.name == "supervised";
        if (m_isEmbeddedBefore) {
            embedBefore();
            setup.encoder = nullptr;
            setup.width = m_data.source.shape.length;
        }
    }
    m_objective = makeObjective(setup);
    std::string problems;
    for (std::size_t view = 0; view < m_objective->views(); ++view) {
        for (std::size_t variant = 0; variant < m_objective->variants(); ++variant) {
            for (const std::string &problem : m_objective->chain(view, variant).problemsFor(m_data.source.shape)) {
                if (problems.find(problem) == std::string::npos)
                    problems += (problems.empty() ? "" : " ") + problem;
            }
        }
    }
    if (!problems.empty())
        throw Error(problems);
    if (static_cast<std::int64_t>(batch()) < m_objective->leastBatch())
        throw Error("train.batch: the objective " + info.name + " compares windows with each other and needs " + std::to_string(m_objective->leastBatch()) + " and more.");
    m_objective->to(m_device);
    std::vector<ParameterGroup> groups;
    for (auto &[parameters, factor] : m_objective->parameterGroups()) {
        std::erase_if(parameters, [](const torch::Tensor &parameter) { return !parameter.requires_grad(); });
        groups.push_back({std::move(parameters), factor});
    }
    const Json &optimizer = m_spec.at("train").at("optimizer");
    m_optimizer = std::make_unique<Optimizer>(optimizer.at("name").get<std::string>(), optimizer.at("options"), std::move(groups));
    m_plan = makeEpochPlan(m_data, m_spec, m_objective->variants());
    judgePlan();
}

/** What a batch of another size would do to a run hours later, and how much of the data an epoch sees. */
void TrainingParts::judgePlan() const
{
    const auto batches = m_plan(0);
    std::size_t items = 0;
    for (const std::vector<std::size_t> &each : batches)
        items += each.size();
    const std::size_t all = m_data.trainRows.size() * m_objective->variants();
    if (items < all)
        say("An epoch learns from about " + std::to_string(items) + " of " + std::to_string(all) + " windows: the others do not fill a batch"
            + (objectiveInfo(m_objective->name()).isContrastive ? " without two that overlap in time. A longer stride or a smaller train.batch uses more." : "."));
    const Json options = m_spec.value("encoder", Json::object()).value("options", Json::object());
    const Json moco = m_spec.at("objective").at("options");
    for (const std::vector<std::size_t> &each : batches) {
        if (options.value("normalisation", "") == "split-batch" && each.size() % 8 != 0)
            throw Error("Split batch norm takes batches of a multiple of 8, and one of an epoch has " + std::to_string(each.size())
                        + " windows; give the sampler the option incomplete: drop, or another train.batch.");
        if (m_objective->name() == "moco" && moco.value("queue", std::size_t{1}) % each.size() != 0)
            throw Error("MoCo's queue of " + std::to_string(moco.value("queue", std::size_t{1})) + " keys is not divisible by a batch of " + std::to_string(each.size())
                        + " windows; give the sampler the option incomplete: drop, or another objective.options.queue.");
    }
}

/** A frozen encoder gives the same embedding every epoch. */
void TrainingParts::embedBefore()
{
    const torch::NoGradGuard noGradients;
    m_encoder->eval();
    m_encoder->to(m_device);
    const std::string head = m_spec.at("objective").at("options").value("head", "embedding");
    std::vector<std::uint32_t> rows(m_data.table->rows.size());
    for (std::uint32_t row = 0; row < rows.size(); ++row)
        rows[row] = row;
    std::vector<torch::Tensor> parts;
    const auto batches = itemsInOrder(rows, std::max<std::size_t>(batch(), 64), 1);
    for (std::size_t number = 0; number < batches.size(); ++number) {
        m_options.cancel.throwIfCancelled();
        const torch::Tensor samples = readSamples(m_data.source, batches[number]).to(m_device);
        parts.push_back(m_encoder->head(head, m_encoder->embed(samples)).to(torch::kCPU));
        m_options.progress.part(0.5, 1)(static_cast<double>(number + 1) / static_cast<double>(batches.size()), "embedding");
    }
    const auto embeddings = std::make_shared<const torch::Tensor>(torch::cat(parts).contiguous());
    const std::int64_t width = embeddings->size(1);
    m_data.source.shape = {.channels = 1, .height = 1, .length = width};
    m_data.source.isEmbedded = true;
    m_data.source.finish = {};
    m_data.source.read = [embeddings, width](std::size_t row, std::span<float> sample) {
        std::copy_n(embeddings->const_data_ptr<float>() + static_cast<std::int64_t>(row) * width, width, sample.begin());
    };
}

std::vector<Prediction> TrainingParts::predict(std::span<const std::uint32_t> rows)
{
    std::vector<Prediction> predictions;
    for (const std::vector<std::size_t> &items : itemsInOrder(rows, batch(), 1)) {
        m_options.cancel.throwIfCancelled();
        const torch::Tensor samples = readSamples(m_data.source, items).to(m_device);
        const auto [confidence, predicted] = torch::softmax(m_objective->logits(samples), 1).max(1);
        for (std::size_t i = 0; i < items.size(); ++i)
            predictions.push_back({static_cast<std::uint32_t>(items[i]), predicted[static_cast<std::int64_t>(i)].item<std::int64_t>(),
                                   confidence[static_cast<std::int64_t>(i)].item<double>()});
    }
    return predictions;
}

Classification TrainingParts::judge(std::span<const Prediction> predictions) const
{
    std::vector<std::int64_t> labels, predicted;
    for (const Prediction &each : predictions) {
        labels.push_back(m_data.table->rows[each.row].label);
        predicted.push_back(each.predicted);
    }
    return classify(labels, predicted, m_data.table->classes.size());
}

Evaluation TrainingParts::evaluate(std::span<const std::uint32_t> rows, const std::string &part)
{
    Evaluation result;
    // Of an objective that augments, the views are augmented here too, the same way every time.
    double sum = 0;
    std::map<std::string, double> terms;
    std::size_t counted = 0;
    const std::size_t least = static_cast<std::size_t>(m_objective->leastBatch());
    for (const std::vector<std::size_t> &items : evaluationBatches(m_data, m_spec, rows, m_objective->variants())) {
        m_options.cancel.throwIfCancelled();
        if (items.size() < least)
            continue;
        const ObjectiveLoss loss = m_objective->loss(onDevice(makeBatch(m_data.source, *m_objective, items, seed(), kValidationEpoch,
                                                                        m_objective->classifies() ? Augmenting::none : Augmenting::asInTraining),
                                                              m_device));
        const auto weight = static_cast<double>(items.size());
        sum += loss.total().item<double>() * weight;
        for (const LossTerm &term : loss.terms)
            terms[term.name] += term.value.item<double>() * weight;
        counted += items.size();
    }
    if (counted == 0)
        return result;
    result.metrics.emplace_back(part + ".loss", sum / static_cast<double>(counted));
    if (terms.size() > 1) {
        for (const auto &[name, value] : terms)
            result.metrics.emplace_back(part + ".loss." + name, value / static_cast<double>(counted));
    }
    result.score = -sum / static_cast<double>(counted);
    if (!m_objective->classifies()) {
        result.stoppingScore = result.score;
        return result;
    }
    const Classification classification = judge(predict(rows));
    result.metrics.emplace_back(part + ".accuracy", classification.accuracy);
    result.metrics.emplace_back(part + ".macro_f1", classification.macroF1);
    result.metrics.emplace_back(part + ".balanced_accuracy", classification.balancedAccuracy);
    result.score = classification.macroF1;
    result.stoppingScore = result.score;
    const Json stop = m_spec.at("train").value("early_stop", Json());
    for (const auto &[key, value] : result.metrics) {
        if (stop.is_object() && stop.value("metric", "") == key)
            result.stoppingScore = key.ends_with(".loss") ? -value : value;
    }
    return result;
}

TrainerOptions TrainingParts::trainerOptions(std::size_t threads) const
{
    const Json &train = m_spec.at("train");
    const auto optional = [&train](const char *key) { return train.contains(key) && !train.at(key).is_null() ? std::optional(train.at(key)) : std::nullopt; };
    TrainerOptions options;
    options.epochs = train.at("epochs").get<std::int64_t>();
    options.seed = seed();
    options.device = m_device;
    if (const auto clip = optional("clip_norm"))
        options.clipNorm = clip->get<double>();
    if (train.value("precision", "float32") == "bfloat16")
        options.precision = Precision::bfloat16;
    if (const auto stop = optional("early_stop"))
        options.patience = stop->at("patience").get<std::int64_t>();
    if (const auto every = optional("evaluate_every"))
        options.evaluateEpochs = every->get<std::int64_t>();
    const auto seconds = optional("checkpoint_seconds");
    options.checkpointSeconds = seconds ? seconds->get<double>() : std::numeric_limits<double>::infinity();
    if (const auto steps = optional("checkpoint_steps"))
        options.checkpointSteps = steps->get<std::int64_t>();
    options.loaderThreads = std::clamp<std::size_t>(threads / 4, 1, 8);
    return options;
}

Schedule TrainingParts::schedule() const
{
    const Json &train = m_spec.at("train"), &schedule = train.at("schedule");
    return Schedule(schedule.at("name").get<std::string>(), schedule.at("options"), static_cast<std::int64_t>(m_plan(0).size()), train.at("epochs").get<std::int64_t>());
}

} // namespace kino
