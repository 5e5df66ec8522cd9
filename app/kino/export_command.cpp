#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "core/base/error.h"
#include "core/data/formats/export.h"

namespace kino::cli {

void addExportCommand(Program &program)
{
    struct Options {
        std::string project, recording, to, format = "csv";
    };
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand("export", "Write a project's recording as files for other programs",
                                           "kino export study.kino ride --to ride-csv --as csv");
    command->add_option("P.kino", options->project, "The project")->required()->check(notEmpty());
    command->add_option("RECORDING", options->recording, "Name or id")->required()->check(notEmpty());
    command->add_option("--to", options->to, "Folder to write into")->required()->check(notEmpty());
    command->add_option("--as", options->format, "csv: time_s,time_ns and the axes with their unit; npy: float32 with int64 times")
        ->check(oneOf({"csv", "npy"}))
        ->capture_default_str();
    program.onRun(command, [options, &context = program.context] {
        Project project = openProject(context, options->project);
        ProgressBar bar(context);
        const Progress progress = bar.progress();
        const RecordingId id = project.findRecording(options->recording);
        const Recording recording = project.loadRecording(id, context.cancel, progress.part(0, 0.3));
        const ExportedFiles exported = exportRecording(recording, options->to, exportFormatFromName(options->format),
                                                       context.cancel, progress.part(0.3, 1));
        for (const ReportRow &row : recording.report) {
            if (row.code == "source-changed")
                say(context, "kino: " + row.file.string() + ": " + row.message);
        }
        nlohmann::ordered_json files = nlohmann::ordered_json::array();
        std::string text;
        for (const std::filesystem::path &file : exported.files) {
            files.push_back(file.string());
            text += file.string() + "\n";
        }
        if (context.json)
            printJson({{"id", id}, {"recording", recording.name}, {"files", std::move(files)}});
        else
            printText(text);
        return kDone;
    });
}

} // namespace kino::cli
