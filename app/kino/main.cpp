#include "app/kino/command.h"
#include "app/kino/learn/launch.h"
#include "app/kino/program.h"

namespace {

void addCommands(kino::cli::Program &program)
{
    using namespace kino::cli;
    program.printVersions = [&context = program.context] { printVersions(context); };
    addFormatsCommand(program);
    addInspectCommand(program);
    addSpectrogramCommand(program);
    addFrameCommand(program);
    addSimulateCommand(program);
    addProjectCommands(program);
    addExportCommand(program);
    addAnnotationsCommand(program);
    addCheckCommand(program);
    addWindowsCommand(program);
    addValidateCommand(program);
    addJobCommands(program);
    addRunCommands(program);
    addStudyCommand(program);
    addDifferenceCommand(program);
    // Listed by --help and known to who mistypes them; done by another program.
    for (const LearningCommand &command : learningCommands())
        program.app.add_subcommand(command.name, command.about);
}

} // namespace

int main(int argc, char **argv)
{
    if (kino::cli::asksForLearning(argc, argv))
        return kino::cli::becomeLearningProgram(argv);
    return kino::cli::runProgram(argc, argv, addCommands);
}
