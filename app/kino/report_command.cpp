// kino report: chosen runs as one HTML file.
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "core/base/files.h"
#include "core/jobs/report/html_report.h"

namespace kino::cli {
namespace {

struct Arguments {
    std::string project, out, title;
    std::vector<JobId> runs;
};

int report(const Context &context, const Arguments &arguments)
{
    const Project project = openProject(context, arguments.project);
    const JobStore store(project.folder());
    ReportContent content = [&] {
        ProgressBar bar(context);
        return readReport(store, arguments.runs, context.cancel, bar.progress());
    }();
    if (!arguments.title.empty())
        content.title = arguments.title;
    const std::string page = htmlReport(content);
    writeFileAtomically(arguments.out, page);
    nlohmann::ordered_json runs = nlohmann::ordered_json::array(), errors = nlohmann::ordered_json::array();
    for (const ReportRun &run : content.runs) {
        runs.push_back(run.detail.row.id);
        for (const std::string &trouble : run.troubles) {
            errors.push_back({{"run", run.detail.row.id}, {"message", trouble}});
            say(context, "kino: run " + std::to_string(run.detail.row.id) + ": " + trouble);
        }
    }
    if (context.json)
        printJson({{"report", arguments.out}, {"bytes", page.size()}, {"title", content.title}, {"runs", std::move(runs)}, {"errors", std::move(errors)}});
    else
        printText(arguments.out + ": " + std::to_string(content.runs.size()) + (content.runs.size() == 1 ? " run\n" : " runs\n"));
    return kDone;
}

} // namespace

void addReportCommand(Program &program)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App *command = program.addCommand("report", "Write a report of chosen runs as one HTML file that needs nothing else", "kino report study.kino 7 8 9 --out report.html");
    command->add_option("P.kino", arguments->project, "The project")->required()->check(notEmpty());
    command->add_option("RUN", arguments->runs, "Numbers of runs and studies, as `kino runs` lists them, in the order in which they are told")->required()->check(wholeNumberFrom(1, std::numeric_limits<JobId>::max()));
    command->add_option("--out", arguments->out, "The file")->required()->check(fileEndingIn({".html", ".htm"}));
    command->add_option("--title", arguments->title, "What stands on top")->check(notEmpty());
    program.onRun(command, [arguments, &context = program.context] { return report(context, *arguments); });
}

} // namespace kino::cli
