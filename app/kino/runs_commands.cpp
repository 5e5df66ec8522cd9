// kino runs, metrics, import-run: what a project's jobs gave.
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "core/base/error.h"
#include "core/jobs/queue/run_import.h"
#include "core/store/jobs/metrics.h"
#include "core/store/jobs/run_table.h"

#include <charconv>
#include <cmath>

namespace kino::cli {
namespace {

using Json = nlohmann::ordered_json;

Json numberJson(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json parameterJson(const ParameterValue &value)
{
    return std::visit(
        [](const auto &each) {
            if constexpr (std::is_same_v<std::decay_t<decltype(each)>, std::monostate>)
                return Json();
            else
                return Json(each);
        },
        value);
}

struct RunsArguments {
    std::string project, where;
    std::vector<std::string> parameters;
    JobId study = 0;
    bool withRunsOfStudies = false;
};

int runs(const Context &context, const RunsArguments &arguments)
{
    const Project project = openProject(context, arguments.project);
    const JobStore store(project.folder());
    const MetricReader metrics(project.folder());
    const std::vector<std::string> parameters = arguments.parameters.empty() ? std::vector<std::string>{"encoder.name", "objective.name"} : arguments.parameters;
    const std::vector<MetricColumn> columns{{"test.macro_f1", MetricFigure::final}, {"test.accuracy", MetricFigure::final}, {"validation.loss", MetricFigure::final}, {"train.loss", MetricFigure::final}};
    const std::vector<RunTableRow> rows = readRunTable(store, {.parameters = parameters,
                                                               .metrics = columns,
                                                               .where = arguments.where,
                                                               .study = arguments.study > 0 ? std::optional(arguments.study) : std::nullopt,
                                                               .withRunsOfStudies = arguments.withRunsOfStudies});
    if (context.json) {
        Json list = Json::array();
        for (const RunTableRow &row : rows) {
            Json values = Json::object(), figures = Json::object();
            for (std::size_t column = 0; column < parameters.size(); ++column)
                values[parameters[column]] = parameterJson(row.parameters[column]);
            for (const MetricSummary &each : metrics.summaries(row.job.id)) {
                if (each.final || each.count > 0)
                    figures[each.key] = numberJson(each.final.value_or(each.last));
            }
            list.push_back({{"id", row.job.id},
                            {"name", row.job.name},
                            {"kind", row.job.kind},
                            {"state", jobStateName(row.job.state)},
                            {"seed", row.job.seed ? Json(*row.job.seed) : Json()},
                            {"study", row.job.study ? Json(*row.job.study) : Json()},
                            {"fingerprint", row.job.fingerprint ? Json(*row.job.fingerprint) : Json()},
                            {"created_ns", row.job.createdAtNs},
                            {"seconds", row.job.workedSeconds},
                            {"tags", row.job.tags},
                            {"starred", row.job.isStarred},
                            {"notes", row.job.notes},
                            {"parameters", std::move(values)},
                            {"metrics", std::move(figures)}});
        }
        printJson({{"runs", std::move(list)}});
        return kDone;
    }
    std::vector<std::vector<std::string>> lines{{"id", "state", "name"}};
    for (const std::string &path : parameters)
        lines[0].push_back(path);
    for (const MetricColumn &column : columns)
        lines[0].push_back(column.key);
    lines[0].emplace_back("seconds");
    for (const RunTableRow &row : rows) {
        std::vector<std::string> &line = lines.emplace_back(std::vector<std::string>{std::to_string(row.job.id), std::string(jobStateName(row.job.state)), row.job.name});
        for (const ParameterValue &value : row.parameters)
            line.push_back(parameterText(value));
        for (const std::optional<double> &value : row.metrics)
            line.push_back(value ? decimal(*value, 4) : "-");
        line.push_back(decimal(row.job.workedSeconds, 1));
    }
    printText(lines.size() > 1 ? table(lines) : arguments.where.empty() ? "no runs yet; `kino submit` and `kino work` make some\n" : "no run fits --where\n");
    return kDone;
}

void addRuns(Program &program)
{
    const auto arguments = std::make_shared<RunsArguments>();
    CLI::App *command = program.addCommand("runs", "List a project's runs with their figures", "kino runs study.kino --where \"state = done and test.macro_f1 > 0.5\"");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("--where", arguments->where, "Which: comparisons of state, name, tag, …, of a parameter's path or a metric's key, with and, or, not and brackets");
    command->add_option("--parameter", arguments->parameters, "Path of a parameter to show, such as train.batch; as often as wanted")->take_all()->check(notEmpty());
    command->add_option("--study", arguments->study, "The runs of this study")->check(wholeNumberFrom(1, std::numeric_limits<JobId>::max()));
    command->add_flag("--all", arguments->withRunsOfStudies, "The runs of all studies, too");
    program.onRun(command, [arguments, &context = program.context] { return runs(context, *arguments); });
}

struct MetricArguments {
    std::string project, key;
    JobId run = 0;
    bool isCsv = false;
};

/** The shortest text that reads back to the same number, as metrics.csv has it. */
std::string exactText(double value)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

int metrics(const Context &context, const MetricArguments &arguments)
{
    const Project project = openProject(context, arguments.project);
    const JobStore store(project.folder());
    const JobRow run = store.row(arguments.run);
    const MetricReader reader(project.folder());
    const std::vector<std::string> keys = reader.keys(run.id);
    if (!arguments.key.empty() && std::ranges::find(keys, arguments.key) == keys.end()) {
        std::string names;
        for (const std::string &each : keys)
            names += (names.empty() ? "" : ", ") + each;
        throw Error(project.folder(), "run " + std::to_string(run.id) + " has no metric \"" + arguments.key + "\"; there is: " + (names.empty() ? "none yet" : names));
    }
    const std::optional<std::string> key = arguments.key.empty() ? std::nullopt : std::optional(arguments.key);
    if (context.json) {
        Json rows = Json::array();
        reader.eachRow(run.id, key, [&](const MetricRow &row) {
            rows.push_back({{"step", row.step}, {"epoch", row.epoch}, {"key", row.key}, {"value", numberJson(row.value)}});
        });
        printJson({{"run", run.id}, {"metrics", std::move(rows)}});
        return kDone;
    }
    if (arguments.isCsv) {
        constexpr std::size_t kPart = 1 << 20;
        std::string text = "step,epoch,key,value\n";
        reader.eachRow(run.id, key, [&](const MetricRow &row) {
            text += std::to_string(row.step) + "," + std::to_string(row.epoch) + "," + std::string(row.key) + "," + exactText(row.value) + "\n";
            if (text.size() < kPart)
                return;
            printText(text);
            text.clear();
        });
        printText(text);
        return kDone;
    }
    std::vector<std::vector<std::string>> rows{{"metric", "rows", "first", "least", "greatest", "last", "result"}};
    for (const MetricSummary &each : reader.summaries(run.id)) {
        if (key && each.key != *key)
            continue;
        const auto figure = [&](double value) { return each.count > 0 ? decimal(value, 5) : std::string("-"); };
        rows.push_back({each.key, std::to_string(each.count), figure(each.first), figure(each.least), figure(each.most), figure(each.last),
                        each.final ? decimal(*each.final, 5) : "-"});
    }
    printText(rows.size() > 1 ? table(rows) : "no metrics yet\n");
    return kDone;
}

void addMetrics(Program &program)
{
    const auto arguments = std::make_shared<MetricArguments>();
    CLI::App *command = program.addCommand("metrics", "Show the numbers of a run", "kino metrics study.kino 7 --key train.loss --csv");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("RUN", arguments->run, "Its number")->required()->check(wholeNumberFrom(1, std::numeric_limits<JobId>::max()));
    command->add_option("--key", arguments->key, "Of one metric only, such as train.loss")->check(notEmpty());
    command->add_flag("--csv", arguments->isCsv, "All rows: step,epoch,key,value");
    program.onRun(command, [arguments, &context = program.context] { return metrics(context, *arguments); });
}

struct ImportRunArguments {
    std::string project, folder;
};

void addImportRun(Program &program)
{
    const auto arguments = std::make_shared<ImportRunArguments>();
    CLI::App *command = program.addCommand("import-run", "Take a run that was made elsewhere into a project", "kino import-run study.kino cluster/run7");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("DIR", arguments->folder, "A folder that `kino train --out` wrote; it is copied")->required()->check(notEmpty());
    program.onRun(command, [arguments, &context = program.context] {
        const Project project = openProject(context, arguments->project);
        JobStore store(project.folder());
        const JobId id = importRun(store, arguments->folder, context.cancel);
        if (context.json)
            printJson({{"run", id}});
        else
            printText("run " + std::to_string(id) + " is " + std::string(jobStateName(store.row(id).state)) + "\n");
        return kDone;
    });
}

} // namespace

void addRunCommands(Program &program)
{
    addRuns(program);
    addMetrics(program);
    addImportRun(program);
}

} // namespace kino::cli
