// Every mistake that a specification can hold, by its sentence; what is sound stays sound; nothing crashes.
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/jobs/specification/specification.h"
#include "tests/jobs/specification_fixture.h"

#include <QTest>

using namespace kino;
using test::contractExample;
using Json = nlohmann::json;

namespace {

QStringList linesOf(const Json &specification)
{
    QStringList lines;
    for (const Problem &problem : validateSpecification(specification))
        lines.push_back(QString::fromStdString((problem.severity == ProblemSeverity::warning ? "warning " : "") + problem.text()));
    return lines;
}

/** The example with some paths set. */
Json exampleWith(const QStringList &assignments)
{
    Json specification = contractExample();
    for (const QString &assignment : assignments)
        applyOverride(specification, assignment.toStdString());
    return specification;
}

void erase(Json &specification, const std::string &pointer)
{
    const Json::json_pointer path(pointer);
    specification[path.parent_pointer()].erase(path.back());
}

} // namespace

class ValidationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theContractsExampleIsSound() { QCOMPARE(linesOf(contractExample()), QStringList()); }

    void theLeastSpecificationIsSound()
    {
        Json least;
        least["data"] = {{"recordings", {"*.csv"}}, {"window", {{"seconds", 5}, {"label", Json::object()}}}};
        least["encoder"] = {{"name", "primus"}};
        least["objective"] = {{"name", "supervised"}};
        QCOMPARE(linesOf(least), QStringList());
    }

    void eachMistakeHasItsSentence_data()
    {
        QTest::addColumn<QStringList>("assignments");
        QTest::addColumn<QStringList>("wanted");
        const auto row = [](const char *name, const QStringList &assignments, const QStringList &wanted) { QTest::newRow(name) << assignments << wanted; };

        row("mistyped key", {"train.bach=32"},
            {"train.bach: is unknown; did you mean \"batch\"? allowed: epochs, batch, optimizer, schedule, clip_norm, precision, evaluate_every, early_stop, threads, "
             "checkpoint_seconds, checkpoint_steps"});
        row("key in the wrong object", {"batch=32"},
            {"batch: is unknown here; did you mean \"train.batch\"? allowed: kinoscope, kind, name, about, seed, data, allow_leakage, encoder, objective, augment, train"});
        row("version", {"kinoscope=2"}, {"kinoscope: must be a whole number, 1, not 2"});
        row("kind", {"kind=embed"}, {"kind: is unknown; must be one of: train, study, not \"embed\""});
        row("seed", {"seed=-1"}, {"seed: must be a whole number from 0 to 9007199254740991, not -1"});
        row("text for a number", {"train.batch=many"}, {"train.batch: must be a whole number from 1 to 65536, not \"many\""});
        row("number for a whole number", {"train.batch=1.5"}, {"train.batch: must be a whole number from 1 to 65536, not 1.5"});
        row("number that is whole by value only", {"train.epochs=3.0"}, {"train.epochs: must be a whole number from 1 to 1000000, not 3.0"});
        row("out of range", {"train.epochs=0"}, {"train.epochs: must be a whole number from 1 to 1000000, not 0"});
        row("null where none may be", {"train.epochs=null"}, {"train.epochs: must be a whole number from 1 to 1000000, not null"});
        row("above", {"data.rate_hz=0"}, {"data.rate_hz: must be a number above 0 and at most 100000, not 0"});
        row("or null", {"train.clip_norm=-1"}, {"train.clip_norm: must be a number above 0 and at most 1000000000, or null, not -1"});
        row("flag", {"encoder.freeze=yes"}, {"encoder.freeze: must be true or false, not \"yes\""});
        row("object", {"train=fast"}, {"train: must be an object, {…}, not \"fast\""});
        row("choice", {"train.precision=float16"}, {"train.precision: is unknown; did you mean \"bfloat16\"? must be one of: float32, bfloat16, not \"float16\""});
        row("choice of another type", {"train.precision=16"}, {"train.precision: must be one of: float32, bfloat16, not 16"});
        row("channel", {"data.channels=[\"accelerometer\",\"gyro\"]"},
            {"data.channels: must be a list of: accelerometer, gyroscope, magnetometer, linear-acceleration, gravity, orientation, barometer, temperature, gps, other, at least "
             "one, each at most once, not a list"});
        row("twice", {"data.devices=[\"phone\",\"phone\"]"}, {"data.devices: must be a list of texts, each at most once, not a list"});
        row("no patterns", {"data.recordings=[]"},
            {"data.recordings: must be a list of file patterns, such as [\"data/**/*.csv\"], or {\"project\": \"all\"}, or {\"tag\": \"…\"}, not []"});
        row("labels", {"data.labels.WALKING=3"},
            {"data.labels: must be an object of names, such as {\"WALKING\": \"walk\", \"TURNING\": null}, not an object"});
        row("name alone", {"encoder=mw2"}, {"encoder: must be an object, {\"name\": …, \"options\": {…}}, not \"mw2\""});
        row("encoder", {"encoder.name=primos"},
            {"encoder.name: is unknown; did you mean \"primus\"? must be one of: mw2, primus, attention-pooled, time-distributed, patch-transformer, patch-rnn, har-cnn, resnet18, "
             "resnet34, resnet50, not \"primos\""});
        row("option", {"encoder.options.widht=64"}, {"encoder.options.widht: is no option of primus; did you mean \"width\"? allowed: width, normalisation"});
        row("option's range", {"encoder.options.width=0"}, {"encoder.options.width: must be a whole number from 1 to 8192, not 0"});
        row("option's words", {"encoder.options.normalisation=batch"}, {"encoder.options.normalisation: is unknown; must be one of: group, instance, layer, not \"batch\""});
        row("option of an augmentation", {"augment.0.options.sigma=-1"}, {"augment.0.options.sigma: must be a number from 0 to 100, not -1"});
        row("key beside", {"objective.weights=x.pt"}, {"objective.weights: is unknown here; did you mean \"encoder.weights\"? allowed: name, options"});
        row("source", {"data.source=images"},
            {"data.recordings: goes with data.source recordings, not with \"images\"",
             "data.profile: goes with data.source recordings, not with \"images\"",
             "data.devices: goes with data.source recordings, not with \"images\"",
             "data.channels: goes with data.source recordings, not with \"images\"",
             "data.rate_hz: goes with data.source recordings, not with \"images\"",
             "data.representation: goes with data.source recordings, not with \"images\"",
             "data.normalise: goes with data.source recordings, not with \"images\"",
             "data.images: is missing; must be the path of a file or folder",
             "data.window: goes with data.source recordings, not with \"images\"",
             "data.labels: goes with data.source recordings, not with \"images\"",
             "data.split: goes with data.source recordings, embeddings, not with \"images\""});
        row("images of windows", {"data.images=photos"}, {"data.images: goes with data.source images, not with \"recordings\""});

        row("too short for mw2", {"encoder.name=mw2"},
            {"data.window.seconds: 2.5 s at 50 Hz are 125 samples, but the encoder mw2 takes 978 to 1004 samples; allowed: 19.56 to 20.08 s at this rate"});
        row("too short for primus", {"data.window.seconds=2"},
            {"data.window.seconds: 2 s at 50 Hz are 100 samples, but the encoder primus takes 123 samples or more; allowed: 2.46 s and more at this rate"});
        row("too many samples", {"data.window.seconds=80000"}, {"data.window.seconds: at this rate a window must hold 1 to 1000000 samples"});
        row("channels", {"data.channels=[\"accelerometer\"]"},
            {"data.channels: give 3 axes, but the encoder primus takes 6; allowed: kinds of streams with 6 axes together"});
        row("channels of har-cnn", {"encoder.name=har-cnn"},
            {"data.channels: give 6 axes, but the encoder har-cnn takes 3; allowed: kinds of streams with 3 axes together, or set encoder.options.channels to 6"});
        row("joined devices", {"data.devices=[\"phone\",\"watch\"]", "data.joined=true"},
            {"data.channels: give 12 axes (of joined devices), but the encoder primus takes 6; allowed: kinds of streams with 6 axes together"});
        row("joined alone", {"data.joined=true"}, {"data.joined: name the two or more devices to be stacked in \"devices\""});
        row("spectrogram and encoder of signals", {"data.representation.name=spectrogram", "data.window.seconds=5", "augment=[]"},
            {"data.representation.name: spectrogram gives pictures, but the encoder primus takes signals; allowed: signal, or one of the encoders resnet18, resnet34, resnet50"});
        row("signal and encoder of pictures", {"encoder.name=resnet18"},
            {"data.representation.name: signal gives signals, but the encoder resnet18 takes pictures; allowed: spectrogram, or one of the encoders mw2, primus, attention-pooled, "
             "time-distributed, patch-transformer, patch-rnn, har-cnn"});
        row("short spectrogram", {"data.representation.name=spectrogram", "encoder.name=resnet18", "augment=[]"},
            {"data.window.seconds: 2.5 s at 50 Hz are 125 samples, but a spectrogram needs 128; allowed: 2.56 s and more at this rate"});
        row("spectrogram's stream", {"data.representation.name=spectrogram", "data.representation.options.stream=magnetometer", "encoder.name=resnet18", "augment=[]", "data.window.seconds=5"},
            {"data.representation.options.stream: \"magnetometer\" is not among data.channels; allowed: accelerometer, gyroscope"});
        row("stride", {"data.window.stride_seconds=0.001"}, {"data.window.stride_seconds: at least one sample"});
        row("annotation policy", {"data.window.label.policy=annotation"},
            {"data.window.label.policy: \"annotation\" goes with windows around annotations only"});
        row("whole seconds", {"data.window.around={\"whole_seconds\": true}", "data.window.label.policy=annotation"},
            {"data.window.around.whole_seconds: the window must be a whole number of seconds long"});
        row("supervised without labels", {"data.window.label.policy=none"},
            {"data.window.label.policy: is none, but the objective supervised learns from labels; allowed: majority, full, centre"});
        row("supervised keeps unlabelled", {"data.window.label.unlabelled=keep"},
            {"data.window.label.unlabelled: is keep, but the objective supervised learns from labels; allowed: drop"});
        row("balanced without labels", {"data.window.label.policy=none", "objective.name=simclr", "data.sampler.name=balanced"},
            {"data.window.label.policy: is none, but the sampler balanced counts by label; allowed: majority, full, centre"});
        row("shots without labels", {"data.window.label.policy=none", "objective.name=simclr", "data.shots.per_class=5"},
            {"data.window.label.policy: is none, but data.shots counts by label; allowed: majority, full, centre"});
        row("shots without number", {"data.shots.count=bouts"}, {"data.shots.per_class: is missing; must be a whole number from 1 to 1000000"});
        row("folds and lists", {"data.split.folds=5"}, {"data.split: either lists of names, or folds, or fractions, or a file"});
        row("fold beyond", {"data.split={\"folds\": 5, \"fold\": 5}"}, {"data.split.folds: two or more, or \"subjects\", and fold from 0 to folds - 1"});
        row("one fold", {"data.split={\"folds\": 1}"}, {"data.split.folds: must be a whole number from 3 to 1000, or \"subjects\", not 1"});
        row("folds by recording", {"data.split={\"by\": \"recording\", \"folds\": 5}"}, {"data.split.folds: goes with data.split.by subject, not with \"recording\""});
        row("shares by subject", {"data.split={\"by\": \"subject\", \"fractions\": [0.8, 0.1, 0.1]}"},
            {"data.split.fractions: goes with data.split.by recording, not with \"subject\""});
        row("shares beyond one", {"data.split={\"by\": \"recording\", \"fractions\": [0.8, 0.1, 0.3]}"},
            {"data.split.fractions: three shares of train, validation and test, 0 or more, that add up to 1"});
        row("two shares", {"data.split={\"by\": \"recording\", \"fractions\": [0.8, 0.2]}"},
            {"data.split.fractions: must be a list of numbers from 0 to 1, 3 of them, not a list"});
        row("normalised spectrogram", {"data.representation.name=spectrogram", "encoder.name=resnet18", "augment=[]", "data.window.seconds=5", "data.normalise=train"},
            {"data.normalise: is train, but spectrograms are scaled to their own range; allowed with them: none"});
        row("leave nobody out", {"data.split={\"by\": \"leave-one-subject-out\"}"},
            {"data.split.test: must name the one subject that is left out; for each in turn use \"folds\": \"subjects\""});
        row("file and lists", {"data.split.file=windows.csv"},
            {"data.split.by: goes with no data.split.file", "data.split.validation: goes with no data.split.file",
             "data.split.test: goes with no data.split.file"});
        row("validates and tests", {"data.split.validation=[\"s15\"]"}, {"data.split: s15 is in validation and in test"});
        row("picture augmentation on signals", {"augment.0={\"name\": \"grayscale\"}"},
            {"augment.0.name: grayscale is made for pictures, but the encoder sees signals; allowed: noise, scaling, negate, time-flip, segment-permutation, rotation, time-warp, "
             "channel-shuffle"});
        row("multitask brings its own", {"objective.name=multitask"}, {"augment: the objective multitask brings its own; allowed: nothing, or []"});
        row("moco's queue", {"objective={\"name\": \"moco\", \"options\": {\"queue\": 1000}}"},
            {"objective.options.queue: 1000 is not divisible by train.batch, 64; allowed: multiples of it, such as 1024"});
        row("split batch norm", {"data.representation.name=spectrogram", "data.window.seconds=5", "augment=[]", "encoder={\"name\": \"resnet18\", \"options\": {\"normalisation\": \"split-batch\"}}",
                                 "train.batch=60"},
            {"train.batch: 60 is not divisible by 8, into which the encoder's normalisation split-batch parts it; allowed: multiples of 8"});
        row("contrast of one", {"objective.name=simclr", "train.batch=1"},
            {"train.batch: is 1, but the objective simclr compares windows with each other; allowed: 2 to 65536"});
        row("contrast with nothing", {"objective.name=contrast"},
            {"data.embeddings: is missing text, video; the objective contrast compares windows with one of them: {\"text\": \"text.safetensors\"}"});
        row("warm-up", {"train.schedule.options.warmup_epochs=20"},
            {"train.schedule.options.warmup_epochs: a warm-up of 20 epochs is as long as the run of 20; allowed: less than train.epochs"});
        row("milestones", {"train.schedule={\"name\": \"step\", \"options\": {\"milestones\": [10, 30]}}"},
            {"warning train.schedule.options.milestones.1: the run has ended before epoch 30; allowed: less than train.epochs"});
        row("nesterov", {"train.optimizer={\"name\": \"sgd\", \"options\": {\"nesterov\": true, \"momentum\": 0}}"},
            {"train.optimizer.options.nesterov: looks where the momentum leads, but that is 0; allowed: false, or a momentum above 0"});
        row("early stop without validation", {"train.early_stop={\"patience\": 3}", "data.split.validation=[]"},
            {"train.early_stop: watches the validation part, and data.split has none; allowed: null, or a split with validation"});
        row("early stop without patience", {"train.early_stop={}"}, {"train.early_stop.patience: is missing; must be a whole number from 1 to 1000000"});
        row("early stop by labels", {"objective.name=simclr", "train.early_stop={\"patience\": 3, \"metric\": \"validation.macro_f1\"}"},
            {"train.early_stop.metric: validation.macro_f1 needs an objective that learns from labels, and simclr does not; allowed: validation.loss"});
        row("patch-rnn's width", {"encoder={\"name\": \"patch-rnn\", \"options\": {\"width\": 33}}"},
            {"encoder.options: \"width\" of patch-rnn is even: half of it looks forward and half backward."});
        row("primus of nothing", {"objective={\"name\": \"primus\", \"options\": {\"self_supervision\": false, \"multimodal\": false, \"neighbours\": false}}"},
            {"objective.options: The objective primus with all of its terms switched off has nothing to learn from."});
        row("primus without embeddings", {"objective={\"name\": \"primus\", \"options\": {\"ssl_share\": 0}}"},
            {"objective.options: primus has no term left that it could learn from: those between windows weigh ssl_share, those with other modalities 1 minus it and need "
             "data.embeddings"});
        row("head of another encoder", {"objective.options.head=ssl", "encoder.name=patch-rnn"},
            {"objective.options.head: is ssl, which only the encoder primus has; allowed: embedding"});
        row("frozen moco", {"objective.name=moco", "encoder.freeze=true"}, {"encoder.freeze: is true, but moco learns the encoder and nothing else; allowed with it: false"});
        row("equal views", {"objective.name=simclr", "augment=[]"},
            {"warning augment: is empty: both views of a window are equal, and simclr learns little from that"});
        row("rotation of four axes", {"data.channels=[\"orientation\"]", "encoder={\"name\": \"har-cnn\", \"options\": {\"channels\": 4}}", "augment=[{\"name\": \"rotation\"}]"},
            {"augment: The augmentation rotation needs channels in threes (x, y, z), and these samples have 4."});
        row("weights", {"encoder.weights={\"run\": 0}"}, {"encoder.weights: must be the path of a file, or {\"run\": number}, or null, not an object"});
    }
    void eachMistakeHasItsSentence()
    {
        QFETCH(QStringList, assignments);
        QFETCH(QStringList, wanted);
        QCOMPARE(linesOf(exampleWith(assignments)), wanted);
    }

    void whatIsMissingIsNamed()
    {
        QCOMPARE(linesOf(Json::object()),
                 (QStringList{"data: is missing; must be an object, {…}", "encoder: is missing; must be an object, {\"name\": …, \"options\": {…}}",
                              "objective: is missing; must be an object, {\"name\": …, \"options\": {…}}"}));
        Json specification = contractExample();
        erase(specification, "/data/recordings");
        erase(specification, "/data/window");
        erase(specification, "/encoder/name");
        QCOMPARE(linesOf(specification).size(), 3);
        QCOMPARE(linesOf(Json(3)), QStringList{"specification: must be an object, {\"kinoscope\": 1, \"kind\": \"train\", …}, not 3"});
    }

    // A faulty value is told once, and nothing that would follow from it.
    void mistakesHaveNoEchoes()
    {
        QCOMPARE(linesOf(exampleWith({"data.source=3"})).size(), 1);
        QCOMPARE(linesOf(exampleWith({"data.source=recording"})).size(), 1);
        QCOMPARE(linesOf(exampleWith({"data.window.seconds=long", "encoder.name=mw2"})).size(), 1);
        QCOMPARE(linesOf(exampleWith({"objective.name=moko", "objective.options.queue=7"})).size(), 1);
        QCOMPARE(linesOf(exampleWith({"data.split.by=person"})).size(), 1);
    }

    void allMistakesComeAtOnceInTheOrderOfTheTable()
    {
        const QStringList lines = linesOf(exampleWith({"train.batch=0", "seed=x", "encoder.name=mw2", "data.normalise=all", "train.bach=1"}));
        QStringList paths;
        for (const QString &line : lines)
            paths.push_back(line.section(':', 0, 0));
        QCOMPARE(paths, (QStringList{"seed", "data.normalise", "data.window.seconds", "train.bach", "train.batch"}));
    }

    void otherSourcesAreSound()
    {
        Json images = {{"data", {{"source", "images"}, {"images", "photos"}}}, {"encoder", {{"name", "resnet18"}}}, {"objective", {{"name", "moco"}}}};
        QCOMPARE(linesOf(images), QStringList());
        images["train"]["early_stop"] = {{"patience", 2}};
        QCOMPARE(linesOf(images), QStringList{"train.early_stop: watches the validation part, and data.validation_share is 0; allowed: null, or a share above 0"});
        images["data"]["validation_share"] = 0.1;
        QCOMPARE(linesOf(images), QStringList());
        images.erase("train");
        images["encoder"]["name"] = "primus";
        QCOMPARE(linesOf(images), QStringList{"encoder.name: primus takes signals, but data.source images gives pictures; allowed: resnet18, resnet34, resnet50"});
        images["encoder"]["name"] = "resnet18";
        images["objective"]["name"] = "supervised";
        QCOMPARE(linesOf(images), QStringList{"objective.name: supervised learns from labels, which the pictures of data.source images do not have; allowed with them: simclr, moco, primus"});
        images["data"] = {{"source", "embeddings"}, {"vectors", "text.safetensors"}};
        images["objective"]["name"] = "supervised";
        images.erase("encoder");
        QCOMPARE(linesOf(images), QStringList());
        images["objective"]["name"] = "simclr";
        QCOMPARE(linesOf(images), QStringList{"objective.name: simclr learns from windows, and data.source embeddings has vectors that are as they are; allowed with them: supervised"});
        images["objective"]["name"] = "supervised";
        images["encoder"] = {{"name", "primus"}};
        QCOMPARE(linesOf(images), QStringList{"encoder: goes with data.source recordings, images, procedural-images, not with \"embeddings\""});
    }

    void filesThatAreNotThereAreWarnings()
    {
        const std::vector<Problem> problems = validateSpecification(exampleWith({"encoder.weights=primus.ckpt"}), "/nowhere-at-all");
        QVERIFY(isSound(problems));
        QCOMPARE(problems.size(), std::size_t{2});
        QCOMPARE(problems[0].text(), std::string("data.recordings.0: no file matches \"relative/or/absolute/**/*.csv\" yet; paths count from the specification's folder"));
        QCOMPARE(problems[1].text(), std::string("encoder.weights: there is no \"primus.ckpt\" yet; paths count from the specification's folder"));
    }

    void studiesAreJudgedCellByCell()
    {
        Json study = {{"kinoscope", 1}, {"kind", "study"}, {"base", contractExample()}, {"seeds", {1, 2, 3}}};
        study["grid"]["encoder.name"] = {"primus", "patch-rnn"};
        study["grid"]["objective.name"] = {"supervised", "simclr"};
        QCOMPARE(linesOf(study), QStringList());
        study["folds"] = 5;
        QCOMPARE(linesOf(study), (QStringList{"base.data.split.validation: goes without \"folds\" of the study, which split the subjects themselves",
                                              "base.data.split.test: goes without \"folds\" of the study, which split the subjects themselves"}));
        study["folds"] = nullptr;
        study["grid"]["encoder.name"] = {"primus", "mw2"};
        QCOMPARE(linesOf(study), QStringList{"grid: in the cell encoder.name \"mw2\", objective.name \"supervised\": data.window.seconds: 2.5 s at 50 Hz are 125 samples, but the "
                                             "encoder mw2 takes 978 to 1004 samples; allowed: 19.56 to 20.08 s at this rate"});
        // Several paths together mend it.
        study["grid"]["encoder.name"] = {{{"encoder.name", "primus"}}, {{"encoder.name", "mw2"}, {"data.window.seconds", 20}}};
        QCOMPARE(linesOf(study), QStringList());
        study["grid"] = {{"train.bach", {1}}};
        QVERIFY(linesOf(study)[0].startsWith("base.train.bach: is unknown; did you mean \"batch\"?"));
        study["grid"] = {{"seed.x", {1}}};
        QCOMPARE(linesOf(study), QStringList{"grid: in the cell seed.x 1: --set seed.x: seed is 7, in which there is no \"x\""});
        study["grid"] = {{"train.batch", Json::array()}};
        study["seeds"] = {1, 1};
        QCOMPARE(linesOf(study).size(), 2);
    }

    // A grid of a million cells is judged value by value.
    void largeGridsAreJudgedInTime()
    {
        Json study = {{"kind", "study"}, {"base", contractExample()}};
        Json values = Json::array();
        for (int value = 1; value <= 100; ++value)
            values.push_back(value);
        for (const char *path : {"seed", "train.epochs", "train.batch"})
            study["grid"][path] = values;
        QCOMPARE(linesOf(study), QStringList());
        study["grid"]["train.batch"][70] = 0;
        QCOMPARE(linesOf(study), QStringList{"grid: in the cell seed 1, train.batch 0, train.epochs 1: train.batch: must be a whole number from 1 to 65536, not 0"});
    }

    void nonsenseCrashesNothing()
    {
        // Values of every type at every path, and keys moved, doubled and lost.
        const Json flat = contractExample().flatten();
        std::vector<std::string> places;
        for (const auto &[place, ignored] : flat.items())
            places.push_back(place);
        const std::vector<Json> values{nullptr, true, -1, 0, 1e300, std::uint64_t{18446744073709551615ULL}, "", "x", std::string(5000, 'a'), std::string("\xff\xfe"),
                                       Json::array(), Json::object(), {1, "a", nullptr}, {{"name", 3}}, {{"name", "adam"}, {"options", 7}}, std::nan("")};
        for (const std::string &place : places) {
            for (const Json &value : values) {
                Json mutated = contractExample();
                mutated[Json::json_pointer(place)] = value;
                (void)validateSpecification(mutated);
            }
        }
        RandomStream random(20261121);
        for (int round = 0; round < 2000; ++round) {
            Json mutated = contractExample();
            for (int change = 0; change < 4; ++change) {
                const Json::json_pointer place(places[random.below(places.size())]);
                try {
                    if (random.below(3) == 0)
                        mutated.at(place.parent_pointer()).erase(place.back());
                    else
                        mutated.at(place.parent_pointer())[random.below(2) == 0 ? place.back() : "name"] = values[random.below(values.size())];
                } catch (const Json::exception &) { // an earlier change took the place away
                }
            }
            const std::vector<Problem> problems = validateSpecification(mutated);
            if (isSound(problems))
                QVERIFY(isSound(validateSpecification(completeSpecification(mutated))));
            else
                QVERIFY_THROWS_EXCEPTION(Error, completeSpecification(mutated));
        }
    }

    void depthAndNumberOfMistakesAreBounded()
    {
        Json deep = 1;
        for (int level = 0; level < 100; ++level)
            deep = Json::array({std::move(deep)});
        Json specification = contractExample();
        specification["about"] = deep;
        QCOMPARE(linesOf(specification), QStringList{"specification: has objects within objects more than 40 deep, which no specification needs"});
        specification = contractExample();
        for (int key = 0; key < 5000; ++key)
            specification["unknown" + std::to_string(key)] = key;
        const QStringList lines = linesOf(specification);
        QCOMPARE(lines.size(), 201);
        QCOMPARE(lines.back(), QString("specification: there are 4800 more problems; mend these first"));
    }
};

QTEST_GUILESS_MAIN(ValidationTest)
#include "validation_test.moc"
