// kino study: what the cells of a study reached, with the spreads over seeds and over subjects, and how they differ.
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "core/jobs/queue/study_summary.h"

namespace kino::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
    std::string project;
    JobId study = 0;
    std::int64_t against = 0;
};

std::string number(const Json &value) { return value.is_number() ? decimal(value.get<double>(), 4) : "-"; }
std::string range(const Json &interval) { return interval.is_null() ? "-" : number(interval.at("low")) + " to " + number(interval.at("high")); }

std::string cellName(const Json &document, std::int64_t cell)
{
    for (const Json &each : document.at("cells")) {
        if (each.at("cell") == cell)
            return each.at("name").get<std::string>().empty() ? "cell " + std::to_string(cell) : each.at("name").get<std::string>();
    }
    return {};
}

std::string textOf(const Json &document)
{
    std::vector<std::vector<std::string>> rows{{"cell", "runs", "macro-F1", "over seeds", "95 % over subjects", "accuracy", "name"}};
    for (const Json &cell : document.at("cells")) {
        const Json &f1 = cell.at("macro_f1"), &accuracy = cell.at("accuracy");
        const bool hasScores = !f1.is_null();
        rows.push_back({cell.at("cell").dump(), cell.at("done").dump() + " of " + cell.at("of").dump(), hasScores ? number(f1.at("mean")) : "-",
                        hasScores ? "± " + number(f1.at("over_seeds").at("deviation")) : "-", hasScores ? range(f1.at("over_subjects")) : "-",
                        hasScores ? number(accuracy.at("mean")) : "-", cell.at("name").get<std::string>()});
    }
    std::string text = table(rows);
    std::vector<std::vector<std::string>> differences{{"macro-F1 against the other", "difference", "95 % over subjects", "subjects", "seeds"}};
    for (const Json &each : document.at("differences")) {
        if (each.at("score") == "macro_f1")
            differences.push_back({cellName(document, each.at("cell")) + " - " + cellName(document, each.at("against")), number(each.at("mean")), range(each.at("interval")),
                                   each.at("subjects").dump(), each.at("seeds").dump()});
    }
    return differences.size() > 1 ? text + "\n" + table(differences) : text;
}

} // namespace

void addStudyCommand(Program &program)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App *command = program.addCommand("study", "Sum up the runs of a study: scores of its cells, their spreads, their differences", "kino study study.kino 7 --against 1");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("STUDY", arguments->study, "Its number, as `kino jobs` lists it")->required()->check(wholeNumberFrom(1, std::numeric_limits<JobId>::max()));
    command->add_option("--against", arguments->against, "The cell that the others are compared with; 0, the first, without it")->check(wholeNumberFrom(0, 1'000'000));
    program.onRun(command, [arguments, &context = program.context] {
        const Project project = openProject(context, arguments->project);
        const JobStore store(project.folder());
        const Json document = studyJson(summariseStudy(store, arguments->study, context.cancel), arguments->against);
        if (context.json)
            printJson(document);
        else
            printText(textOf(document));
        return kDone;
    });
}

} // namespace kino::cli
