// kino windows: what a specification would train on, before anything is trained.
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "app/kino/window_pictures.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/dataset/embedding_table.h"
#include "core/data/dataset/load_dataset.h"
#include "core/data/dataset/pretraining.h"
#include "core/data/dataset/shots.h"
#include "core/data/images/contact_sheet.h"
#include "core/data/images/image_source.h"
#include "core/jobs/queue/project_recordings.h"
#include "core/jobs/specification/specification.h"

namespace kino::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Options {
    std::string specification, project, out, table;
    std::vector<std::string> settings;
    std::vector<std::size_t> shots;
    bool shotsAreBouts = false;
};

/** What is said of a loaded specification, in JSON and as text. */
struct Account {
    const LoadedDataset &loaded;
    const DatasetSpec &spec;
    std::vector<TableCount> counts;
    std::array<FateCount, kWindowFates> fates;
    std::vector<std::string> missingClasses;
    std::vector<std::pair<ShotRule, Shots>> shots;
    /** Of vectors; 0: of windows. */
    std::size_t width = 0;
};

/** Those that are asked for, else those of the specification: {"per_class": 5, "count": "windows"|"bouts"}. */
std::vector<ShotRule> shotsOf(const nlohmann::json &specification, const Options &options)
{
    std::vector<ShotRule> rules;
    for (const std::size_t count : options.shots)
        rules.push_back({count, options.shotsAreBouts ? ShotUnit::bouts : ShotUnit::windows});
    const nlohmann::json shots = specification.at("data").value("shots", nlohmann::json());
    if (!rules.empty() || shots.is_null())
        return rules;
    const bool isSound = shots.is_object() && shots.contains("per_class") && shots["per_class"].is_number_unsigned() && shots["per_class"] > 0
        && (!shots.contains("count") || shots["count"] == "windows" || shots["count"] == "bouts");
    if (!isSound)
        throw Error("data.shots: must be {\"per_class\": 1 or more, \"count\": \"windows\" or \"bouts\"}");
    return {{shots["per_class"].get<std::size_t>(), shots.value("count", std::string()) == "bouts" ? ShotUnit::bouts : ShotUnit::windows}};
}

Account accountOf(const LoadedDataset &loaded, const DatasetSpec &spec, const std::vector<ShotRule> &shots, std::size_t width = 0)
{
    Account account{loaded, spec, countWindowTable(*loaded.table), {}, classesMissingInTraining(*loaded.table), {}, width};
    // A given table names its windows: nothing is cut, so nothing is dropped.
    if (spec.windows.split.by != SplitBy::file)
        account.fates = countWindows(loaded.cuts).fates;
    for (const ShotRule &rule : shots)
        account.shots.emplace_back(rule, drawShots(*loaded.table, rule, spec.windows.seed));
    return account;
}

const char *unitName(const ShotRule &rule) { return rule.unit == ShotUnit::bouts ? "bouts" : "windows"; }

Json nullIfEmpty(const std::string &text) { return text.empty() ? Json(nullptr) : Json(text); }

Json shotsJson(const Account &account)
{
    Json list = Json::array();
    for (const auto &[rule, shots] : account.shots) {
        Json classes = Json::array();
        for (const ClassShots &one : shots.classes)
            classes.push_back({{"label", one.label}, {"windows", one.windows}, {"bouts", one.bouts}});
        list.push_back({{"count", rule.count}, {"unit", unitName(rule)}, {"classes", std::move(classes)}});
    }
    return list;
}

Json documentOf(const Account &account)
{
    const WindowRule &rule = account.spec.windows.rule;
    Json classes = Json::array(), dropped = Json::array(), refusals = Json::array(), errors = Json::array();
    for (const TableCount &count : account.counts)
        classes.push_back({{"label", nullIfEmpty(count.label)},
                           {"subject", nullIfEmpty(count.subject)},
                           {"split", splitPartName(count.part)},
                           {"windows", count.windows},
                           {"bouts", count.bouts},
                           {"seconds", count.seconds}});
    for (std::size_t fate = 1; fate < kWindowFates; ++fate) {
        if (account.fates[fate].windows > 0)
            dropped.push_back({{"reason", windowFateName(static_cast<WindowFate>(fate))},
                               {"windows", account.fates[fate].windows},
                               {"seconds", account.fates[fate].seconds}});
    }
    for (const RecordingWindows &cut : account.loaded.cuts) {
        for (const std::string &refusal : cut.refusals)
            refusals.push_back({{"recording", cut.recording}, {"message", refusal}});
    }
    for (const ImportFailure &failure : account.loaded.failures)
        errors.push_back({{"path", failure.path.string()}, {"message", failure.message}});
    Json document = account.width > 0 ? Json{{"width", account.width}} : Json{{"samples", rule.samples()}, {"rate_hz", rule.rateHz}};
    document["recordings"] = account.loaded.table->recordings.size();
    document["windows"] = account.loaded.table->rows.size();
    if (account.width == 0)
        document["seconds_used"] = coveredSeconds(*account.loaded.table);
    document["classes"] = std::move(classes);
    document["dropped"] = std::move(dropped);
    document["missing_in_training"] = account.missingClasses;
    document["leakage"] = leakageJson(account.loaded.leakage);
    document["notes"] = datasetNotes(account.loaded, account.spec);
    if (!account.shots.empty())
        document["shots"] = shotsJson(account);
    document["refusals"] = std::move(refusals);
    document["errors"] = std::move(errors);
    return document;
}

/** Whom the starting weights have seen; those of a project's run are known where it is named. */
std::vector<std::string> pretrainedOn(const nlohmann::json &specification, const fs::path &folder, const std::string &project = {})
{
    const nlohmann::json *weights = valueAt(specification, "encoder.weights"), *run = valueAt(specification, "encoder.weights.run");
    if (run && run->is_number_integer() && !project.empty()) {
        const fs::path file = fs::path(project) / "runs" / std::to_string(run->get<std::int64_t>()) / "best.safetensors";
        std::error_code ignored;
        return fs::exists(file, ignored) ? pretrainedSubjects(file) : std::vector<std::string>(); // it is not done yet
    }
    return weights && weights->is_string() ? pretrainedSubjects(folder / weights->get<std::string>()) : std::vector<std::string>();
}

std::string shotsText(const Account &account)
{
    std::string text;
    for (const auto &[rule, shots] : account.shots) {
        std::vector<std::vector<std::string>> rows{{std::to_string(rule.count) + " " + unitName(rule) + " of each class", "windows", "bouts"}};
        for (const ClassShots &one : shots.classes)
            rows.push_back({one.label, std::to_string(one.windows), std::to_string(one.bouts)});
        text += "\n" + table(rows);
    }
    return text;
}

/** Each refusal once, with the recordings that it concerns. */
std::string refusalsText(const Account &account)
{
    constexpr std::size_t kMostNamed = 3;
    std::map<std::string, std::vector<std::string>> recordingsOf;
    for (const RecordingWindows &cut : account.loaded.cuts) {
        for (const std::string &refusal : cut.refusals)
            recordingsOf[refusal].push_back(cut.recording);
    }
    std::string text;
    for (const auto &[refusal, recordings] : recordingsOf) {
        std::string names;
        for (std::size_t index = 0; index < std::min(kMostNamed, recordings.size()); ++index)
            names += (names.empty() ? "" : ", ") + recordings[index];
        if (recordings.size() > kMostNamed)
            names += " and " + std::to_string(recordings.size() - kMostNamed) + " more recordings";
        text += names + ": " + refusal + "\n";
    }
    return text;
}

std::string textOf(const Account &account)
{
    const WindowRule &rule = account.spec.windows.rule;
    std::vector<std::vector<std::string>> rows{{"class", "subject", "split", "windows", "bouts", "seconds"}};
    for (const TableCount &count : account.counts)
        rows.push_back({count.label.empty() ? "-" : count.label, count.subject.empty() ? "-" : count.subject,
                        std::string(splitPartName(count.part)), std::to_string(count.windows), std::to_string(count.bouts),
                        decimal(count.seconds, 1)});
    const std::string count = std::to_string(account.loaded.table->rows.size()), recordings = std::to_string(account.loaded.table->recordings.size());
    std::string text = account.width > 0 ? count + " vectors of " + std::to_string(account.width) + " values from " + recordings + " recordings\n"
                                         : count + " windows of " + std::to_string(rule.samples()) + " samples at " + decimal(rule.rateHz) + " Hz from "
                                               + recordings + " recordings, " + decimal(coveredSeconds(*account.loaded.table), 1) + " s\n";
    if (rows.size() > 1)
        text += table(rows);
    std::vector<std::vector<std::string>> dropped{{"dropped", "windows", "seconds that no other window covers"}};
    for (std::size_t fate = 1; fate < kWindowFates; ++fate) {
        if (account.fates[fate].windows > 0)
            dropped.push_back({std::string(windowFateName(static_cast<WindowFate>(fate))), std::to_string(account.fates[fate].windows),
                               decimal(account.fates[fate].seconds, 1)});
    }
    if (dropped.size() > 1)
        text += "\n" + table(dropped);
    text += shotsText(account) + "\n";
    for (const std::string &sentence : leakageSentences(account.loaded.leakage))
        text += sentence + "\n";
    for (const std::string &name : account.missingClasses)
        text += "The class " + name + " would be validated or tested, but no training window has it: a classifier is refused.\n";
    for (const std::string &note : datasetNotes(account.loaded, account.spec))
        text += note + "\n";
    text += refusalsText(account);
    return text;
}

/** Pictures take the windows' place; procedures are not all carried out to be counted. */
int runPictures(const Context &context, const Options &options, nlohmann::json specification, const fs::path &folder)
{
    constexpr std::size_t kShown = 48;
    nlohmann::json &data = specification.at("data");
    const bool isProcedural = data.at("source") == "procedural-images";
    constexpr std::size_t kUsualCount = 10'000;
    std::size_t count = kUsualCount;
    if (isProcedural && data.contains("count") && data["count"].is_number_unsigned()) {
        count = data["count"].get<std::size_t>();
        data["count"] = std::min(count, kShown);
    } else if (isProcedural && !data.contains("count")) {
        data["count"] = kShown;
    }
    ProgressBar bar(context);
    ImageFolderOptions load;
    load.cancel = context.cancel;
    load.progress = bar.progress();
    const LoadedImages loaded = loadImageSource(specification, folder, load);
    if (!isProcedural)
        count = loaded.images.size();
    const auto [width, height] = loaded.images.pictureSize();
    if (context.json) {
        Json errors = Json::array();
        for (const BrokenImage &broken : loaded.broken)
            errors.push_back({{"path", broken.path.string()}, {"message", broken.message}});
        printJson({{"source", data.at("source").get<std::string>()}, {"pictures", count}, {"width", width}, {"height", height}, {"errors", std::move(errors)}});
    } else {
        printText(std::to_string(count) + " pictures of " + std::to_string(width) + " x " + std::to_string(height) + " pixels\n");
    }
    if (!options.out.empty()) {
        std::error_code code;
        fs::create_directories(options.out, code);
        writeContactSheet(fs::path(options.out) / "pictures.png", loaded.images);
    }
    for (const BrokenImage &broken : loaded.broken)
        say(context, std::string("kino: ") + Error(broken.path, broken.message).what());
    return loaded.broken.empty() ? kDone : kSomeFailed;
}

/** "" where it does not say: recordings. */
std::string sourceOf(const nlohmann::json &specification)
{
    if (!specification.is_object() || !specification.contains("data") || !specification.at("data").is_object())
        return {};
    const nlohmann::json source = specification.at("data").value("source", nlohmann::json());
    return source.is_string() ? source.get<std::string>() : std::string();
}

void show(const Context &context, const Account &account)
{
    if (context.json)
        printJson(documentOf(account));
    else
        printText(textOf(account));
}

/** Vectors that are there already: nothing is cut, so nothing is dropped. */
int runEmbeddings(const Context &context, const Options &options, const nlohmann::json &specification, const fs::path &folder)
{
    if (!options.out.empty() || !options.table.empty())
        throw Error("data.source is embeddings: there are no windows to draw or to list; leave --out and --table away");
    const nlohmann::json given = specification.at("data").value("vectors", nlohmann::json());
    if (!given.is_string())
        throw Error("data.vectors: must be the path of a file of vectors");
    const EmbeddingFile file = EmbeddingFile::open(folder / given.get<std::string>());
    const DatasetSpec spec = datasetSpecFromJson(datasetPart(specification));
    LoadedDataset loaded;
    loaded.table = std::make_shared<const WindowTable>(tableOfEmbeddings(file, spec.windows.split, spec.windows.seed).table);
    loaded.leakage = judgeLeakage(*loaded.table, {}, pretrainedOn(specification, folder));
    show(context, accountOf(loaded, spec, shotsOf(specification, options), file.width()));
    return kDone;
}

int run(const Context &context, const Options &options)
{
    const fs::path path = options.specification;
    const fs::path folder = fs::absolute(path).parent_path();
    nlohmann::json specification = readJsonFile(path);
    for (const std::string &setting : options.settings)
        applyOverride(specification, setting);
    const std::string source = sourceOf(specification);
    if (source == "images" || source == "procedural-images")
        return runPictures(context, options, specification, folder);
    if (source == "embeddings")
        return runEmbeddings(context, options, specification, folder);
    nlohmann::json part = datasetPart(specification);
    LoadOptions load;
    if (!options.project.empty())
        takeProjectRecordings(part, load, recordingsOfProject(openProject(context, options.project).folder()));
    const DatasetSpec spec = datasetSpecFromJson(part);
    const std::vector<ShotRule> shots = shotsOf(specification, options);
    WindowPictures pictures;
    ProgressBar bar(context);
    load.samples = LoadedSamples::none;
    load.pretrainedOn = pretrainedOn(specification, folder, options.project);
    load.cancel = context.cancel;
    load.progress = bar.progress();
    if (!options.out.empty())
        load.visit = [&](const Recording &recording, const ChannelCoverage &coverage, const RecordingWindows &windows) {
            pictures.add(recording, coverage, windows, context.cancel);
        };
    const LoadedDataset loaded = loadDataset(spec, folder, load);
    const Account account = accountOf(loaded, spec, shots);
    show(context, account);
    if (!options.out.empty())
        pictures.write(options.out);
    if (!options.table.empty())
        writeWindowTable(options.table, *loaded.table);
    for (const ImportFailure &failure : loaded.failures)
        say(context, "kino: " + failure.message);
    return loaded.failures.empty() ? kDone : kSomeFailed;
}

} // namespace

void addWindowsCommand(Program &program)
{
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand(
        "windows", "Tell what a specification would train on: windows and bouts by class, subject and split",
        "kino windows spec.json --out pictures");
    command->add_option("SPEC.json", options->specification, "The specification; its \"data\" is read, and whom its \"encoder.weights\" have seen")->required();
    command->add_option("--project", options->project, "Whose recordings \"recordings\": {\"project\": \"all\"} or {\"tag\": …} names")->check(notEmpty());
    command->add_option("--set", options->settings, "path=JSON in the specification, such as data.split.by=subject; as often as wanted")->allow_extra_args(false);
    command->add_option("--out", options->out, "Folder for a picture of the first windows of each class, or of the first pictures");
    command->add_option("--table", options->table, "Writes the windows as a table that \"split\": {\"file\": …} reads");
    command->add_option("--shots", options->shots, "Tells what so many examples of each class would be: 1,5,20")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_flag("--bouts", options->shotsAreBouts, "With --shots: count bouts, not windows");
    program.onRun(command, [options, &context = program.context] { return run(context, *options); });
}

} // namespace kino::cli
