#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "app/kino/project_commands.h"
#include "core/base/error.h"
#include "core/store/project_check.h"
#include "core/store/window_cache.h"

namespace kino::cli {

void addCheckCommand(Program &program)
{
    struct Options {
        std::string project, locate;
        double mostCacheMb = -1; // below 0: nothing is pruned
    };
    const auto options = std::make_shared<Options>();
    CLI::App *command = program.addCommand(
        "check", "Check a project: database, missing and changed files, stale cache. 0: sound, 3: files are missing or changed, "
                 "1: the database is damaged",
        "kino check study.kino --locate /media/disk/recordings");
    command->add_option("P.kino", options->project, "The project")->required()->check(notEmpty());
    command->add_option("--locate", options->locate, "Look below this folder, and wherever what is found there leads, for missing files first")
        ->check(CLI::ExistingDirectory);
    command->add_option("--prune-windows", options->mostCacheMb, "Of the windows and pictures that jobs keep for the next one leave so many MB at most; they are made again when needed")
        ->check(numberFrom(0, 1e12, "a number of megabytes"));
    program.onRun(command, [options, &context = program.context] {
        Project project = openProject(context, options->project);
        std::size_t located = 0;
        if (!options->locate.empty())
            located = project.relocate(options->locate, context.cancel).found.size();
        WindowCacheUse pruned;
        if (options->mostCacheMb >= 0)
            pruned = pruneWindowCache(project.folder(), static_cast<std::uint64_t>(options->mostCacheMb * 1e6));
        const WindowCacheUse cache = windowCacheUse(project.folder());
        ProjectCheck check;
        {
            ProgressBar bar(context);
            check = checkProject(project, context.cancel, bar.progress());
        }
        nlohmann::ordered_json errors = nlohmann::ordered_json::array(), report = nlohmann::ordered_json::array();
        std::string text;
        for (const CheckRow &row : check.rows) {
            const std::string path = row.path.string();
            if (row.severity == Severity::error)
                errors.push_back({{"path", path}, {"message", row.message}});
            report.push_back({{"severity", severityName(row.severity)},
                              {"code", row.code},
                              {"recording", row.recording.empty() ? nlohmann::ordered_json(nullptr)
                                                                  : nlohmann::ordered_json(row.recording)},
                              {"path", path},
                              {"message", row.message}});
            text += std::string(severityName(row.severity)) + ": " + (row.recording.empty() ? "" : row.recording + ": ") + path +
                ": " + row.message + "\n";
        }
        if (located > 0)
            text += (located == 1 ? "1 recording was" : std::to_string(located) + " recordings were") + " found again\n";
        const auto megabytes = [](const WindowCacheUse &use) { return decimal(static_cast<double>(use.bytes) * 1e-6, 1) + " MB in " + std::to_string(use.files) + " files"; };
        if (pruned.files > 0)
            text += "pruned of what jobs keep: " + megabytes(pruned) + "\n";
        if (cache.files > 0)
            text += "kept by jobs for the next one: " + megabytes(cache) + "\n";
        if (check.rows.empty())
            text += (check.recordings == 1 ? "1 recording" : std::to_string(check.recordings) + " recordings") + ", all sound\n";
        if (context.json)
            printJson({{"database", check.isDatabaseSound ? "sound" : "damaged"},
                       {"recordings", check.recordings},
                       {"located", located},
                       {"window_cache", {{"files", cache.files}, {"bytes", cache.bytes}, {"pruned_files", pruned.files}, {"pruned_bytes", pruned.bytes}}},
                       {"report", std::move(report)},
                       {"errors", errors}});
        else
            printText(text);
        if (!check.isDatabaseSound)
            throw Error(project.folder(), damagedDatabaseSentence(project.database().file()));
        return errors.empty() ? kDone : kSomeFailed;
    });
}

} // namespace kino::cli
