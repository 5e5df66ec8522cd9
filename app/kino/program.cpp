#include "app/kino/program.h"

#include "app/kino/command.h"
#include "app/kino/option_checks.h"
#include "core/base/error.h"
#include "core/base/log.h"

#include <csignal>
#include <iostream>

namespace kino::cli {
namespace {

/** What Ctrl-C sets; a token's flag is a lock-free atomic, so a signal handler may. */
const CancelToken *stopToken = nullptr;

extern "C" void stopOnSignal(int)
{
    if (stopToken)
        stopToken->cancel();
}

void stopOnCtrlC(const CancelToken &token)
{
    stopToken = &token;
    struct sigaction action {};
    action.sa_handler = stopOnSignal;
    // The second Ctrl-C ends the program at once.
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

int fail(const std::string &sentence, int status)
{
    std::cerr << "kino: " << sentence << "\n";
    return status;
}

} // namespace

int runProgram(int argc, char **argv, void (*addCommands)(Program &))
{
    std::ios::sync_with_stdio(false);
    Context context;
    stopOnCtrlC(context.cancel);
    int status = kDone;
    CLI::App app("Opens recordings of inertial sensors and video, and keeps them in projects.", "kino");
    app.footer("Example:\n  kino inspect ride.mp4 --json\n\n`kino COMMAND --help` says more about a command.");
    bool versionAsked = false;
    app.add_flag("--version", versionAsked, "Versions of the program and its libraries");
    app.add_flag("--json", context.json, "One JSON document on stdout");
    app.add_flag("-q,--quiet", context.quiet, "No progress and no messages on stderr");
    app.require_subcommand(0, 1);

    Program program{app, context, status};
    addCommands(program);

    try {
        app.parse(argc, argv);
        if (versionAsked && program.printVersions)
            program.printVersions();
        else if (app.get_subcommands().empty())
            return fail("say what to do, for example `kino inspect ride.mp4`; `kino --help` lists the commands", kWrongUsage);
        return status;
    } catch (const CLI::CallForHelp &) {
        std::cout << app.help() << std::flush;
        return kDone;
    } catch (const CLI::ParseError &error) {
        return fail(usageSentence(app, error), kWrongUsage);
    } catch (const Cancelled &) {
        return fail("stopped", kInterrupted);
    } catch (const Error &error) {
        return fail(error.what(), kNothingDone);
    } catch (const std::bad_alloc &) {
        return fail("there is not enough memory for this; close other programs or open fewer files at once", kNothingDone);
    } catch (const std::exception &error) {
        return fail(std::string("an unforeseen fault: ") + error.what() + "; please report it", kNothingDone);
    }
}

} // namespace kino::cli
