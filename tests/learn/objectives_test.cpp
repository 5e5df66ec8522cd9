// Objectives: what they add up, in which order they do things, what they keep. Numbers by numpy and PyTorch from the
// formulas of methods 2.3, 5.1, 5.3.
#include "core/learn/contrastive.h"
#include "core/learn/distillation.h"
#include "core/learn/objective_infos.h"
#include "core/learn/objectives.h"
#include "core/nn/encoders.h"
#include "core/nn/weights.h"

#include "core/base/error.h"

#include <QtTest>

#include <cmath>

using namespace kino;

namespace {

torch::Tensor grid(std::int64_t size) { return torch::arange(size, torch::kFloat64); }
torch::Tensor rows() { return grid(4).view({4, 1}); }
torch::Tensor columns() { return grid(6).view({1, 6}); }
torch::Tensor student() { return torch::sin(0.7 * rows() + 0.3 * columns() * columns() + 0.1); }
torch::Tensor teacher() { return torch::cos(0.5 * rows() - 0.2 * columns() + 0.3 * rows() * columns()); }
torch::Tensor texts() { return torch::cos(0.9 * rows() + 0.4 * columns() + 0.2 * rows() * columns()); }

torch::Tensor numbers(std::vector<std::int64_t> values) { return torch::tensor(values, torch::kInt64); }

LearningBatch batchOf(std::vector<torch::Tensor> views, std::vector<std::int64_t> recordings = {0, 0, 1, 1})
{
    LearningBatch batch;
    batch.views = std::move(views);
    batch.recordings = numbers(std::move(recordings));
    batch.labels = numbers({0, 1, 0, 1});
    batch.variants = numbers({0, 0, 0, 0});
    return batch;
}

ObjectiveSetup overEmbeddings(const std::string &name, nlohmann::json options = nlohmann::json::object())
{
    ObjectiveSetup setup;
    setup.name = name;
    setup.options = std::move(options);
    setup.width = 6;
    setup.shape = {.channels = 1, .height = 1, .length = 6};
    setup.augmentations = nlohmann::json::array();
    setup.classes = {"a", "b"};
    setup.classCounts = {3, 1};
    return setup;
}

ObjectiveSetup overWindows(const std::string &name, nlohmann::json options = nlohmann::json::object())
{
    torch::manual_seed(3);
    ObjectiveSetup setup;
    setup.name = name;
    setup.options = std::move(options);
    setup.encoderName = "har-cnn";
    setup.encoderOptions = {{"dropout", 0}};
    setup.encoder = makeEncoder(setup.encoderName, setup.encoderOptions);
    setup.shape = {.channels = 3, .height = 1, .length = 60};
    setup.classes = {"a", "b"};
    setup.classCounts = {3, 1};
    return setup;
}

/** Module::to(dtype) of C++ makes numbers of whole ones, too. */
void inDouble(torch::nn::Module &module)
{
    for (auto &[name, tensor] : stateOf(module)) {
        if (!tensor.is_floating_point())
            continue;
        tensor.set_data(tensor.to(torch::kFloat64));
        if (name.ends_with("temperature.temperature"))
            tensor.data().fill_(0.1); // not that of single precision
    }
}

void makeIdentity(torch::nn::Module &module, const std::string &name)
{
    const torch::NoGradGuard guard;
    auto state = stateOf(module);
    state.at(name + ".weight").copy_(torch::eye(6));
    state.at(name + ".bias").zero_();
}

double termOf(const ObjectiveLoss &loss, const std::string &name)
{
    for (const LossTerm &term : loss.terms) {
        if (term.name == name)
            return term.value.item<double>();
    }
    return std::numeric_limits<double>::quiet_NaN();
}

bool isNear(double value, double wanted, double tolerance = 1e-10)
{
    if (std::abs(value - wanted) < tolerance)
        return true;
    qWarning("%.12f, not %.12f", value, wanted);
    return false;
}

} // namespace

class ObjectivesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void primusAddsUpItsTerms()
    {
        ObjectiveSetup setup = overEmbeddings("primus", {{"queue", 8}});
        setup.paired = {{"text", 6}};
        const auto objective = makeObjective(setup);
        inDouble(*objective);
        makeIdentity(*objective, "ssl_head");
        makeIdentity(*objective, "mmcl_head");

        LearningBatch first = batchOf({student(), teacher()}, {0, 0, 1, 1});
        first.paired["text"] = {texts(), torch::tensor({1.0, 1.0, 0.0, 1.0}, torch::kFloat64)};
        const ObjectiveLoss one = objective->loss(first);
        // Nothing is in the queue yet: no neighbours.
        QVERIFY(isNear(one.total().item<double>(), 5.352826741071));
        QCOMPARE(termOf(one, "neighbour_text"), 0.0);

        LearningBatch second = batchOf({teacher(), student()}, {1, 1, 2, 2});
        second.paired["text"] = {texts().roll(1, 0) + 0.1, torch::tensor({1.0, 1.0, 1.0, 0.0}, torch::kFloat64)};
        objective->eval(); // looks, but keeps nothing
        const double looked = objective->loss(second).total().item<double>();
        objective->train();
        const ObjectiveLoss two = objective->loss(second);
        QCOMPARE(looked, two.total().item<double>());
        QVERIFY(isNear(termOf(two, "mmcl_text"), 3.166793984615));
        QVERIFY(isNear(termOf(two, "ssl"), 2.758256869481));
        // Neighbours by the text's queue, of other recordings, of rows that have a text.
        QVERIFY(isNear(termOf(two, "neighbour_text"), 0.933263358714));
        QVERIFY(isNear(termOf(two, "neighbour_imu"), 3.756704014162));
        QVERIFY(isNear(two.total().item<double>(), 5.307509113485));
        QCOMPARE(objective->named_buffers()["queue_place"].item<std::int64_t>(), 0); // eight places, twice four rows
        // Temperatures are learned, each its own.
        two.total().backward();
        QVERIFY(objective->named_parameters()["ssl_temperature.temperature"].grad().defined());
        QVERIFY(objective->named_parameters()["mmcl_temperature.temperature"].grad().defined());
    }

    void primusWithoutOtherModalities()
    {
        const auto objective = makeObjective(overEmbeddings("primus", {{"neighbours", false}}));
        inDouble(*objective);
        makeIdentity(*objective, "ssl_head");
        const ObjectiveLoss loss = objective->loss(batchOf({student(), teacher()}));
        QCOMPARE(loss.terms.size(), std::size_t{1});
        QVERIFY(isNear(loss.total().item<double>(), 0.5 * 2.75825686948));
        QVERIFY_EXCEPTION_THROWN(makeObjective(overEmbeddings("primus", {{"ssl_share", 0}, {"neighbours", false}})), Error);
        QVERIFY_EXCEPTION_THROWN(
            makeObjective(overEmbeddings("primus", {{"self_supervision", false}, {"multimodal", false}, {"neighbours", false}})), Error);
    }

    void mocoFollowsBeforeItMakesKeys()
    {
        const auto objective = makeObjective(overWindows("moco", {{"queue", 8}, {"momentum", 0.75}, {"width", 5}}));
        inDouble(*objective);
        auto state = stateOf(*objective);
        {
            // The quick encoder has moved since it was copied.
            const torch::NoGradGuard guard;
            for (auto &[name, tensor] : state) {
                if (name.starts_with("encoder.") || name.starts_with("projection."))
                    tensor.add_(0.02 * torch::sin(torch::arange(tensor.numel(), torch::kFloat64)).view(tensor.sizes()));
            }
        }
        std::map<std::string, torch::Tensor> before;
        for (const auto &[name, tensor] : state)
            before[name] = tensor.detach().clone();
        const torch::Tensor x = torch::sin(0.1 * grid(4 * 3 * 60)).view({4, 3, 60}), y = torch::cos(0.07 * grid(4 * 3 * 60)).view({4, 3, 60});
        const ObjectiveLoss loss = objective->loss(batchOf({x, y}));

        for (const auto &[name, tensor] : state) {
            if (!name.starts_with("key_"))
                continue;
            const torch::Tensor wanted = 0.75 * before.at(name) + 0.25 * before.at(name.substr(4));
            QVERIFY2(torch::allclose(tensor, wanted, 0, 1e-12), name.c_str());
        }
        // The keys are the updated slow encoder's, the queue is the one before they came.
        const torch::NoGradGuard guard;
        const auto encoder = makeEncoder("har-cnn", {{"dropout", 0}});
        encoder->to(torch::kFloat64);
        std::map<std::string, torch::Tensor> slowState;
        for (const auto &[name, tensor] : state)
            slowState[name] = tensor;
        loadWeights(slowState, *encoder, "key_encoder.");
        const auto project = [&state](const std::string &prefix, const torch::Tensor &embedding) {
            const torch::Tensor hidden = torch::relu(torch::nn::functional::linear(embedding, state.at(prefix + "0.weight"), state.at(prefix + "0.bias")));
            return torch::nn::functional::linear(hidden, state.at(prefix + "2.weight"), state.at(prefix + "2.bias"));
        };
        const torch::Tensor keys = project("key_projection.", encoder->embed(y));
        loadWeights(slowState, *encoder, "encoder.");
        const torch::Tensor queries = project("projection.", encoder->embed(x));
        QVERIFY(isNear(termOf(loss, "info_nce"), mocoContrast(queries, keys, before.at("queue"), 0.2).item<double>(), 1e-9));
        const torch::Tensor unit = keys / keys.norm(2, 1, true);
        QVERIFY(torch::allclose(state.at("queue").slice(0, 0, 4), unit, 0, 1e-9));
        QVERIFY(torch::equal(state.at("queue").slice(0, 4, 8), before.at("queue").slice(0, 4, 8)));
        QCOMPARE(state.at("queue_place").item<std::int64_t>(), 4);
    }

    void mocoLearnsByQueriesAlone()
    {
        const auto objective = makeObjective(overWindows("moco", {{"queue", 8}}));
        objective->loss(batchOf({torch::randn({4, 3, 60}), torch::randn({4, 3, 60})})).total().backward();
        for (const auto &each : objective->named_parameters())
            QVERIFY2(each.value().grad().defined() != each.key().starts_with("key_"), each.key().c_str());
        for (const auto &[name, tensor] : objective->weights())
            QVERIFY2(!name.starts_with("key_") && !name.starts_with("queue"), name.c_str());
        QVERIFY_EXCEPTION_THROWN(makeObjective(overWindows("moco", {{"queue", 10}}))->loss(batchOf({torch::randn({4, 3, 60}), torch::randn({4, 3, 60})})), Error);
        objective->eval();
        const torch::Tensor queue = stateOf(*objective).at("queue").clone();
        objective->loss(batchOf({torch::randn({4, 3, 60}), torch::randn({4, 3, 60})}));
        QVERIFY(torch::equal(stateOf(*objective).at("queue"), queue));
    }

    void simclrComparesBothViews()
    {
        const auto objective = makeObjective(overEmbeddings("simclr", {{"projection", "none"}}));
        QCOMPARE(objective->views(), std::size_t{2});
        QVERIFY(isNear(objective->loss(batchOf({student(), teacher()})).total().item<double>(), 7.98700646813));
        const auto halved = makeObjective(overEmbeddings("simclr", {{"projection", "none"}, {"reduction", "mean"}}));
        QVERIFY(isNear(halved->loss(batchOf({student(), teacher()})).total().item<double>(), 3.99350323407));
    }

    void multitaskAsksForItsOwnChange()
    {
        const auto objective = makeObjective(overEmbeddings("multitask"));
        QCOMPARE(objective->variants(), std::size_t{9});
        {
            // Scores are 0 everywhere: each of the eight losses is ln 2 whatever the target.
            const torch::NoGradGuard guard;
            for (torch::Tensor &parameter : objective->parameters())
                parameter.zero_();
        }
        LearningBatch batch = batchOf({student().to(torch::kFloat32)});
        batch.variants = numbers({0, 1, 8, 8});
        ObjectiveLoss loss = objective->loss(batch);
        QCOMPARE(loss.terms.size(), std::size_t{8});
        QVERIFY(isNear(loss.total().item<double>(), 8 * std::log(2.0), 1e-6));
        {
            // The last task says yes to everything, with a score of 2: right for two rows of four.
            const torch::NoGradGuard guard;
            stateOf(*objective).at("task_channel-shuffle.2.bias").fill_(2);
        }
        loss = objective->loss(batch);
        QVERIFY(isNear(termOf(loss, "channel-shuffle"), 0.5 * std::log1p(std::exp(-2.0)) + 0.5 * std::log1p(std::exp(2.0)), 1e-6));
        QVERIFY(objective->chain(0, 0).empty());
        QCOMPARE(objective->chain(0, 1).description().at(0).at("name"), "noise");
    }

    void distillationByShareOfTheGradient()
    {
        ObjectiveSetup setup = overEmbeddings("contrast", {{"learn_temperature", false}, {"distillation", "rkd"}, {"distillation_share", 0.5}});
        setup.paired = {{"text", 6}};
        const auto objective = makeObjective(setup);
        inDouble(*objective); // the temperature
        const torch::Tensor windows = student().requires_grad_();
        LearningBatch batch = batchOf({windows});
        batch.paired["text"] = {teacher(), torch::ones(4, torch::kFloat64)};
        const ObjectiveLoss loss = objective->loss(batch);
        QVERIFY(isNear(termOf(loss, "info_nce_text"), 2.75825686948));
        QVERIFY(isNear(termOf(loss, "rkd_text"), 2.49397840247));
        const auto length = [&windows](const torch::Tensor &value) { return torch::autograd::grad({value}, {windows}, {}, true)[0].norm().item<double>(); };
        QVERIFY(isNear(length(loss.terms[1].value * loss.terms[1].weight), 0.5 * length(loss.terms[0].value)));
        // What the first step found stays.
        const double weight = loss.terms[1].weight;
        QCOMPARE(objective->loss(batch).terms[1].weight, weight);
        QCOMPARE(stateOf(*objective).at("distillation_weight_text").item<double>(), weight);
    }

    void rowsWithoutTextDoNotTeach()
    {
        ObjectiveSetup setup = overEmbeddings("contrast", {{"distillation", "logits"}, {"contrast", false}});
        setup.paired = {{"text", 6}};
        const auto objective = makeObjective(setup);
        LearningBatch batch = batchOf({student()});
        batch.paired["text"] = {teacher(), torch::tensor({1.0, 0.0, 1.0, 0.0}, torch::kFloat64)};
        const torch::Tensor kept = numbers({0, 2});
        const double wanted = (student().index_select(0, kept) - teacher().index_select(0, kept)).square().mean().item<double>();
        QVERIFY(isNear(objective->loss(batch).total().item<double>(), wanted));
        QVERIFY_EXCEPTION_THROWN(makeObjective(overEmbeddings("contrast")), Error);
        QVERIFY_EXCEPTION_THROWN(makeObjective(overEmbeddings("contrast", {{"contrast", false}})), Error);
    }

    void tripletsAreTheStudys()
    {
        for (const auto &[negatives, wanted] : {std::pair("anchors", 1.00173747825), std::pair("cyclic", 0.231806337909)}) {
            ObjectiveSetup setup = overEmbeddings("triplet", {{"negatives", negatives}});
            setup.paired = {{"text", 6}};
            LearningBatch batch = batchOf({student()});
            batch.paired["text"] = {teacher(), torch::ones(4, torch::kFloat64)};
            QVERIFY(isNear(makeObjective(setup)->loss(batch).total().item<double>(), wanted));
        }
    }

    void supervisedWeighsClasses()
    {
        const auto objective = makeObjective(overEmbeddings("supervised", {{"class_weights", "balanced"}}));
        // Counts 3 and 1 of 4: weights 4 / (2 * 3) and 4 / (2 * 1).
        const torch::Tensor weights = stateOf(*objective).at("class_weights");
        QVERIFY(torch::allclose(weights, torch::tensor({4.0 / 6.0, 2.0}, torch::kFloat32)));
        inDouble(*objective);
        const torch::Tensor scores = objective->logits(student());
        const torch::Tensor logs = -torch::log_softmax(scores, 1);
        const double sum = 4.0 / 6.0 * (logs[0][0] + logs[2][0]).item<double>() + 2.0 * (logs[1][1] + logs[3][1]).item<double>();
        QVERIFY(isNear(objective->loss(batchOf({student()})).total().item<double>(), sum / (2 * 4.0 / 6.0 + 2 * 2.0), 1e-6));
    }

    void frozenEncodersStayAsTheyAre()
    {
        ObjectiveSetup setup = overWindows("supervised");
        setup.freezeEncoder = true;
        const auto objective = makeObjective(setup);
        QVERIFY(!objective->encoder()->is_training());
        objective->loss(batchOf({torch::randn({4, 3, 60})})).total().backward();
        for (const torch::Tensor &parameter : objective->encoder()->parameters())
            QVERIFY(!parameter.grad().defined());
        std::size_t learned = 0;
        for (const auto &[parameters, factor] : objective->parameterGroups())
            learned += parameters.size();
        QCOMPARE(learned, std::size_t{2});
    }

    void namesAndOptionsAreJudged()
    {
        QVERIFY_EXCEPTION_THROWN(objectiveInfo("byol"), Error);
        QVERIFY(!objectiveOptionProblems(objectiveInfo("contrast"), {{"distillation", "rkd"}, {"distillation_options", {{"gamma", 1}}}}).empty());
        QVERIFY(objectiveOptionProblems(objectiveInfo("contrast"), {{"distillation", "rkd"}, {"distillation_options", {{"angle", 1}}}}).empty());
        QVERIFY(!objectiveOptionProblems(objectiveInfo("contrast"), {{"distillation", "infonce"}}).empty());
        QCOMPARE(usualAugmentations(objectiveInfo("moco"), AugmentationInput::picture), augmentationPreset("sensor-image").chain);
        QCOMPARE(usualAugmentations(objectiveInfo("supervised"), AugmentationInput::signal), nlohmann::json::array());
        for (const ObjectiveInfo &info : objectiveInfos())
            QVERIFY2(objectiveOptionProblems(info, nlohmann::json::object()).empty(), info.name.c_str());
    }
};

QTEST_GUILESS_MAIN(ObjectivesTest)
#include "objectives_test.moc"
