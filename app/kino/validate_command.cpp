// kino validate: every mistake of a specification at once; the schema for people and programs. Needs no LibTorch.
#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/jobs/specification/documentation.h"
#include "core/jobs/specification/specification.h"

#include <iostream>

namespace kino::cli {
namespace {

struct Options {
    std::string file;
    std::vector<std::string> settings;
    bool wantsDocumentation = false;
    bool wantsSchema = false;
};

nlohmann::ordered_json problemsJson(const std::vector<Problem> &problems, ProblemSeverity severity)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Problem &problem : problems) {
        if (problem.severity == severity)
            list.push_back({{"path", problem.path}, {"message", problem.sentence}});
    }
    return list;
}

/** Mistakes are what was asked for: they are told with --quiet too, warnings are not. */
void tell(const Context &context, const std::string &file, const std::vector<Problem> &problems)
{
    for (const Problem &problem : problems) {
        if (problem.severity == ProblemSeverity::error)
            std::cerr << "kino: " << file << ": " << problem.text() << "\n";
        else
            say(context, "kino: " + file + ": " + problem.text() + " (a warning)");
    }
}

int validate(const Context &context, const Options &options)
{
    nlohmann::json specification = readJsonFile(options.file);
    for (const std::string &setting : options.settings)
        applyOverride(specification, setting);
    const std::vector<Problem> problems = validateSpecification(specification, std::filesystem::absolute(options.file).parent_path());
    const bool isFine = isSound(problems);
    tell(context, options.file, problems);
    if (context.json) {
        nlohmann::ordered_json document{{"sound", isFine},
                                        {"errors", problemsJson(problems, ProblemSeverity::error)},
                                        {"warnings", problemsJson(problems, ProblemSeverity::warning)}};
        if (isFine)
            document["specification"] = orderedSpecification(completeSpecification(specification));
        printJson(document);
    } else if (isFine) {
        printText("sound\n" + specificationSummary(specification));
    }
    return isFine ? kDone : kNothingDone;
}

int run(const Context &context, const Options &options)
{
    if (options.wantsDocumentation) {
        printText(specificationDocumentation());
        return kDone;
    }
    if (options.wantsSchema) {
        if (context.json)
            printJson(specificationSchemaJson());
        else
            printText(specificationHelp());
        return kDone;
    }
    if (options.file.empty())
        throw CLI::ValidationError("kino validate: name a specification, such as `kino validate spec.json`, or ask for --schema or --documentation");
    return validate(context, options);
}

} // namespace

void addValidateCommand(Program &program)
{
    CLI::App *command = program.addCommand("validate", "Tell everything that is wrong with a specification, or that it is sound and what it does",
                                           "kino validate spec.json --set train.batch=32");
    // Made when somebody asks for help, not at every start of the program.
    command->footer([example = command->get_footer()] { return example + "\n\n" + specificationHelp(); });
    const auto options = std::make_shared<Options>();
    command->add_option("SPEC.json", options->file, "The specification; it may hold // comments")->check(notEmpty());
    command->add_option("--set", options->settings, "path=value in the specification, such as data.split.by=recording or augment.0.options.sigma=0.1; as often as wanted")
        ->allow_extra_args(false); // the file may come after it
    command->add_flag("--schema", options->wantsSchema, "The table of all paths instead; with --json all that is known of them, for other programs' forms");
    command->add_flag("--documentation", options->wantsDocumentation, "docs/specification.md instead");
    program.onRun(command, [&context = program.context, options] { return run(context, *options); });
}

} // namespace kino::cli
