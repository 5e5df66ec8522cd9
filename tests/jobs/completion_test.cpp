// Defaults, overrides, the order in which a specification is written, and the page about it.
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/dataset/load_dataset.h"
#include "core/jobs/specification/documentation.h"
#include "core/jobs/specification/specification.h"
#include "tests/jobs/specification_fixture.h"

#include <QTest>
#include <filesystem>
#include <set>

using namespace kino;
using test::contractExample;
using Json = nlohmann::json;

namespace {

Json exampleWith(const QStringList &assignments)
{
    Json specification = contractExample();
    for (const QString &assignment : assignments)
        applyOverride(specification, assignment.toStdString());
    return specification;
}

QString messageOf(const std::function<void()> &call)
{
    try {
        call();
    } catch (const Error &error) {
        return QString::fromStdString(error.what());
    }
    return {};
}

Json least(const std::string &objective)
{
    Json specification;
    specification["data"] = {{"recordings", {"*.csv"}}, {"window", {{"seconds", 5}}}};
    specification["encoder"] = {{"name", "primus"}};
    specification["objective"] = {{"name", objective}};
    return specification;
}

std::vector<std::filesystem::path> readySpecifications()
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(std::filesystem::path(KINOSCOPE_SOURCE_DIR) / "projects")) {
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

} // namespace

class CompletionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreFilledIn()
    {
        const Json complete = completeSpecification(least("simclr"));
        // Figures of the references: methods 2.6 (Adam 2e-4), 5.2 (temperature 0.1, rotation), cli.md (checkpoints).
        QCOMPARE(complete["train"]["optimizer"], (Json{{"name", "adam"}, {"options", {{"lr", 2e-4}, {"beta1", 0.9}, {"beta2", 0.999}, {"epsilon", 1e-8}, {"weight_decay", 0}}}}));
        QCOMPARE(complete["train"]["checkpoint_seconds"], Json(30));
        QVERIFY(complete["train"]["checkpoint_steps"].is_null() && complete["train"]["early_stop"].is_null());
        QCOMPARE(complete["objective"]["options"]["temperature"], Json(0.1));
        QCOMPARE(complete["augment"][0]["name"], Json("rotation"));
        QCOMPARE(complete["data"]["channels"], (Json{"accelerometer", "gyroscope"}));
        QCOMPARE(complete["data"]["window"]["stride_seconds"], Json(5));
        QCOMPARE(complete["encoder"], (Json{{"name", "primus"}, {"options", {{"width", 512}, {"normalisation", "group"}}}, {"weights", nullptr}, {"freeze", false}}));
        QVERIFY(!complete["data"].contains("split") && !complete["data"].contains("images"));
    }

    void defaultsFollowWhatTheyDependOn()
    {
        const auto at = [](const Json &specification, const char *path) { return *valueAt(completeSpecification(specification), path); };
        QCOMPARE(at(least("simclr"), "data.window.label.policy"), Json("none"));
        QCOMPARE(at(least("simclr"), "data.sampler.options"), (Json{{"overlap", "avoid"}, {"incomplete", "drop"}}));
        Json labelled = least("supervised");
        labelled["data"]["window"]["label"] = Json::object();
        QCOMPARE(at(labelled, "data.window.label.policy"), Json("majority"));
        QCOMPARE(at(labelled, "data.sampler.options"), (Json{{"overlap", "allow"}, {"incomplete", "keep"}}));
        QCOMPARE(at(labelled, "augment"), Json::array());
        Json around = least("simclr");
        around["data"]["window"]["around"] = {{"tier", "narration"}};
        QCOMPARE(at(around, "data.window.label.policy"), Json("annotation"));
        QCOMPARE(at(exampleWith({"train.early_stop.patience=3"}), "train.early_stop.metric"), Json("validation.macro_f1"));
        QCOMPARE(at(exampleWith({"objective.name=simclr", "train.early_stop.patience=3"}), "train.early_stop.metric"), Json("validation.loss"));
        QCOMPARE(at(exampleWith({"objective={\"name\": \"contrast\", \"options\": {\"distillation\": \"rkd\"}}", "data.embeddings.text=t.safetensors"}),
                    "objective.options.distillation_options"),
                 (Json{{"distance", 25}, {"angle", 50}}));
        QCOMPARE(at(exampleWith({"objective.name=moco", "encoder={\"name\": \"resnet18\"}", "data.representation.name=spectrogram", "data.window.seconds=5", "augment=[]"}), "augment"),
                 Json::array());
    }

    // Completed twice is completed once; sound; of the same meaning for the windows; null takes away what is left out.
    void completingIsIdempotent()
    {
        std::vector<Json> specifications{contractExample(), least("simclr"), least("primus"), least("multitask")};
        specifications.push_back(exampleWith({"data.split=null", "data.window.around=null", "data.shots=null"}));
        specifications.push_back(exampleWith({"data.split={\"folds\": 5}", "data.shots.per_class=5", "train.early_stop={\"patience\": 2}"}));
        specifications.push_back(exampleWith({"data.window={\"seconds\": 5, \"around\": {\"tier\": \"narration\"}}"}));
        specifications.push_back({{"kind", "study"}, {"base", contractExample()}, {"grid", {{"train.batch", {32, 64}}}}});
        for (const Json &specification : specifications) {
            const Json once = completeSpecification(specification);
            QVERIFY(validateSpecification(once).empty());
            QCOMPARE(completeSpecification(once), once);
            QCOMPARE(completeSpecification(Json::parse(orderedSpecification(once).dump())), once);
            if (!specification.contains("base"))
                QVERIFY(datasetSpecFromJson(datasetPart(specification)) == datasetSpecFromJson(datasetPart(once)));
        }
        QVERIFY(!completeSpecification(specifications[4])["data"].contains("split"));
    }

    void unsoundOnesAreNotCompleted()
    {
        QCOMPARE(messageOf([] { completeSpecification(exampleWith({"train.batch=0", "seed=x"})); }),
                 QString("seed: must be a whole number from 0 to 9007199254740991, not \"x\"\ntrain.batch: must be a whole number from 1 to 65536, not 0"));
    }

    void keysAreWrittenInTheOrderOfTheTable()
    {
        std::vector<std::string> keys;
        const nlohmann::ordered_json ordered = orderedSpecification(completeSpecification(contractExample()));
        for (const auto &[key, ignored] : ordered.items())
            keys.push_back(key);
        QCOMPARE(keys, (std::vector<std::string>{"kinoscope", "kind", "name", "about", "seed", "data", "allow_leakage", "encoder", "objective", "augment", "train"}));
        QCOMPARE(ordered["encoder"].begin().key(), std::string("name"));
        QCOMPARE(ordered["data"].begin().key(), std::string("source"));
    }

    void overridesReachEverything()
    {
        const auto after = [](const char *assignment, const char *path) {
            const Json specification = exampleWith({assignment});
            const Json *value = valueAt(specification, path);
            return value ? *value : Json("nothing there");
        };
        QCOMPARE(after("data.split.by=recording", "data.split.by"), Json("recording"));
        QCOMPARE(after("augment.0.options.sigma=0.1", "augment.0.options.sigma"), Json(0.1));
        QCOMPARE(after("augment.2={\"name\": \"noise\"}", "augment.2.name"), Json("noise"));
        QCOMPARE(after("data.recordings=[\"a b.csv\"]", "data.recordings.0"), Json("a b.csv"));
        QCOMPARE(after("name=a = b", "name"), Json("a = b"));
        QCOMPARE(after("name=", "name"), Json(""));
        QCOMPARE(after("encoder.weights=null", "encoder.weights"), Json(nullptr));
        QCOMPARE(after("train.clip_norm=1e400", "train.clip_norm"), Json("1e400")); // no number of this world
        Json empty = Json::object();
        applyOverride(empty, "augment.0.name=noise");
        QCOMPARE(empty, (Json{{"augment", Json::array({{{"name", "noise"}}})}}));
    }

    void overridesThatLeadNowhereAreRefused()
    {
        const auto message = [](const char *assignment) { return messageOf([&] { exampleWith({assignment}); }); };
        QCOMPARE(message("train.batch"), QString("--set takes path=value, such as --set train.batch=32, not \"train.batch\""));
        QCOMPARE(message("seed.x=1"), QString("--set seed.x: seed is 7, in which there is no \"x\""));
        QCOMPARE(message("augment.5.name=noise"), QString("--set augment.5.name: \"5\" is no place of a list of 2; allowed: 0 to 2"));
        QCOMPARE(message("augment.x=1"), QString("--set augment.x: \"x\" is no place of a list of 2; allowed: 0 to 2"));
        QCOMPARE(message("train..batch=1"), QString("--set train..batch: is no path; write names with dots between, such as train.batch"));
        QVERIFY(!message(("a" + std::string(200, '.') + "b=1").c_str()).isEmpty());
    }

    // The page in docs/ is the table's; `kino validate --documentation > docs/specification.md` renews it.
    void theDocumentationIsTheTables()
    {
        const std::string committed = readTextFile(std::filesystem::path(KINOSCOPE_SOURCE_DIR) / "docs" / "specification.md");
        QVERIFY2(committed == specificationDocumentation(), "docs/specification.md is behind the table: kino validate --documentation > docs/specification.md");
    }

    void everyParameterCanBeShownInAForm()
    {
        std::set<std::string> paths;
        for (const SpecificationKind kind : {SpecificationKind::train, SpecificationKind::study}) {
            for (const Parameter &parameter : schemaOf(kind).parameters()) {
                const std::string where(std::string(specificationKindName(kind)) + " " + parameter.path);
                QVERIFY2(paths.insert(where).second, where.c_str());
                QVERIFY2(!parameter.title.empty() && !parameter.group.empty() && !parameter.help.empty(), where.c_str());
                QVERIFY2(parameter.help.ends_with('.') || parameter.help.ends_with(':'), where.c_str());
                for (const Condition &condition : parameter.conditions)
                    QVERIFY2(schemaOf(kind).find(condition.path), where.c_str());
                for (const NamedChoice &choice : parameter.named) {
                    for (const Parameter &option : choice.options)
                        QVERIFY2(!option.help.empty(), (where + " " + choice.name + " " + option.path).c_str());
                }
            }
        }
        const nlohmann::ordered_json json = specificationSchemaJson();
        QCOMPARE(json["kinds"]["train"]["parameters"].size(), schemaOf(SpecificationKind::train).parameters().size());
        QCOMPARE(Json::parse(json.dump()), Json(json)); // no NaN, no infinity
    }

    // A default must itself be allowed, in the table and in every choice.
    void defaultsAreAllowed()
    {
        for (const Parameter &parameter : schemaOf(SpecificationKind::train).parameters()) {
            for (const NamedChoice &choice : parameter.named) {
                Json specification = contractExample();
                specification["augment"] = Json::array();
                Json value{{"name", choice.name}, {"options", Json::object()}};
                for (const Parameter &option : choice.options)
                    value["options"][option.path] = defaultOf(option, specification);
                const bool isList = parameter.type == ParameterType::namedList;
                setAt(specification, parameter.path, isList ? Json::array({value}) : value);
                for (const Problem &problem : validateSpecification(specification))
                    QVERIFY2(!problem.path.starts_with(parameter.path + (isList ? ".0" : "") + ".options."), problem.text().c_str());
            }
        }
    }

    void readySpecificationsAreSound()
    {
        const auto files = readySpecifications();
        QVERIFY(files.size() >= 10);
        for (const auto &file : files) {
            const Json specification = readJsonFile(file);
            const std::vector<Problem> problems = validateSpecification(specification);
            QVERIFY2(problems.empty(), (file.string() + ": " + errorLines(problems)).c_str());
            QVERIFY2(!specification.value("name", "").empty() && !specification.value("about", "").empty(), file.c_str());
            QVERIFY2(!specificationSummary(specification).empty(), file.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(CompletionTest)
#include "completion_test.moc"
