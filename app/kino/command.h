// What every command of `kino` shares: its options, where its output goes, how it ends.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/import.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kino::cli {

/** Exit statuses of cli.md. */
enum ExitStatus { kDone = 0, kNothingDone = 1, kWrongUsage = 2, kSomeFailed = 3, kInterrupted = 130 };

/** One run of the program. */
struct Context {
    bool json = false;
    bool quiet = false;
    CancelToken cancel;
};

/** Adds one command to the program; its callback leaves the exit status in `status`. */
struct Program {
    CLI::App &app;
    Context &context;
    int &status;
    /** What --version does. */
    std::function<void()> printVersions = nullptr;

    /** A command with --json and --quiet and its one example at the end of --help. */
    CLI::App *addCommand(const std::string &name, const std::string &about, const std::string &example);
    /** `run` gives the exit status. Options that it reads must live as long as it does. */
    void onRun(CLI::App *command, std::function<int()> run);
};

/** Writes one JSON document, UTF-8, then a line end; bytes that are no UTF-8 become U+FFFD. Throws Error when stdout is full. */
void printJson(const nlohmann::ordered_json &document);
/** Writes text for people to stdout. */
void printText(const std::string &text);
/** A line on stderr, unless --quiet. */
void say(const Context &context, const std::string &line);

/** A bar on stderr where that is a terminal, nothing in a pipe or with --quiet. Erased when it goes. */
class ProgressBar {
public:
    explicit ProgressBar(const Context &context);
    ~ProgressBar();
    ProgressBar(const ProgressBar &) = delete;
    ProgressBar &operator=(const ProgressBar &) = delete;
    Progress progress();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

/** A number for people: fixed digits, without trailing zeros, whatever the locale; "-" for NaN. */
std::string decimal(double value, int digits = 3);
/** Seconds for people, from nanoseconds. */
std::string seconds(Nanos ns);

/** Rows in aligned columns, two blanks apart. */
std::string table(const std::vector<std::vector<std::string>> &rows, const std::string &indent = {});

/** Reads the paths, showing progress. */
ImportOutcome readPaths(const Context &context, const std::vector<std::string> &paths, ImportOptions options,
                        const RecordingVisitor &visit = {});
/** Frees the samples and keeps all else: a folder may hold more of them than the memory. */
void dropSamples(Recording &recording);
/** Exactly one recording: the one called `name`, or the only one. Throws Error naming what there is. */
Recording readOneRecording(const Context &context, const std::string &path, const std::string &profile,
                           const std::string &name);
/** cli.md's exit status of an import: 0, 1 (nothing) or 3 (some failed). */
int importStatus(const ImportOutcome &outcome);
/** The one sentence for stderr where nothing could be read. */
std::string failureSentence(const ImportOutcome &outcome);

/** "device/kind", or "kind" where only one device has it. Throws Error naming what there is. */
std::pair<const Device *, const ImuStream *> findStream(const Recording &recording, const std::string &name);

void addFormatsCommand(Program &program);
void addInspectCommand(Program &program);
void addSpectrogramCommand(Program &program);
void addFrameCommand(Program &program);
void addSimulateCommand(Program &program);
void addProjectCommands(Program &program);
void addExportCommand(Program &program);
void addAnnotationsCommand(Program &program);
void addCheckCommand(Program &program);
void addWindowsCommand(Program &program);
void addValidateCommand(Program &program);
void addJobCommands(Program &program);
void addRunCommands(Program &program);
void addStudyCommand(Program &program);
void addDifferenceCommand(Program &program);

void printVersions(const Context &context);

} // namespace kino::cli
