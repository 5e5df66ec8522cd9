#include "app/kino/command.h"

#include "core/base/error.h"

#include <charconv>
#include <iostream>
#include <mutex>
#include <unistd.h>

namespace kino::cli {

CLI::App *Program::addCommand(const std::string &name, const std::string &about, const std::string &example)
{
    CLI::App *command = app.add_subcommand(name, about);
    command->add_flag("--json", context.json, "One JSON document on stdout");
    command->add_flag("-q,--quiet", context.quiet, "No progress and no messages on stderr");
    command->footer("Example:\n  " + example);
    return command;
}

void Program::onRun(CLI::App *command, std::function<int()> run)
{
    command->callback([run = std::move(run), &result = status] { result = run(); });
}

void printText(const std::string &text)
{
    std::cout << text << std::flush;
    if (!std::cout)
        throw Error("the output could not be written; is the disk full, or was the pipe closed?");
}

void printJson(const nlohmann::ordered_json &document)
{
    printText(document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void say(const Context &context, const std::string &line)
{
    if (!context.quiet)
        std::cerr << line << "\n";
}

struct ProgressBar::State {
    bool visible = false;
    std::mutex mutex;
    std::chrono::steady_clock::time_point last{};
};

ProgressBar::ProgressBar(const Context &context) : m_state(std::make_shared<State>())
{
    m_state->visible = !context.quiet && ::isatty(STDERR_FILENO);
}

ProgressBar::~ProgressBar()
{
    if (m_state->visible)
        std::cerr << "\r\x1b[K" << std::flush;
}

Progress ProgressBar::progress()
{
    if (!m_state->visible)
        return {};
    return Progress([state = m_state](double fraction, std::string_view what) {
        constexpr int kCells = 30;
        constexpr std::chrono::milliseconds kPause(50);
        const std::lock_guard lock(state->mutex);
        const auto now = std::chrono::steady_clock::now();
        if (fraction < 1 && now - state->last < kPause)
            return;
        state->last = now;
        const int filled = static_cast<int>(fraction * kCells);
        std::cerr << "\r\x1b[K[" << std::string(static_cast<std::size_t>(filled), '#')
                  << std::string(static_cast<std::size_t>(kCells - filled), '.') << "] "
                  << static_cast<int>(fraction * 100) << " % " << what << std::flush;
    });
}

std::string decimal(double value, int digits)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? "-" : value > 0 ? "inf" : "-inf";
    std::array<char, 400> buffer{};
    const auto [end, failure] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
    std::string text(buffer.data(), failure == std::errc() ? end : buffer.data());
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.ends_with('.'))
            text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::string seconds(Nanos ns) { return decimal(toSeconds(ns)) + " s"; }

std::string table(const std::vector<std::vector<std::string>> &rows, const std::string &indent)
{
    std::vector<std::size_t> widths;
    for (const auto &row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths[column], row[column].size());
    }
    std::string text;
    for (const auto &row : rows) {
        std::string line = indent;
        for (std::size_t column = 0; column < row.size(); ++column)
            line += row[column] + std::string(widths[column] - row[column].size() + 2, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

ImportOutcome readPaths(const Context &context, const std::vector<std::string> &paths, ImportOptions options,
                        const RecordingVisitor &visit)
{
    ProgressBar bar(context);
    options.cancel = context.cancel;
    options.progress = bar.progress();
    const std::vector<std::filesystem::path> files(paths.begin(), paths.end());
    return importPaths(files, options, visit);
}

void dropSamples(Recording &recording)
{
    for (Device &device : recording.devices) {
        for (ImuStream &stream : device.streams) {
            stream.timesNs = {};
            stream.values.clear();
        }
    }
}

Recording readOneRecording(const Context &context, const std::string &path, const std::string &profile,
                           const std::string &name)
{
    ImportOptions options;
    options.profile = profile;
    ImportOutcome outcome = readPaths(context, {path}, options);
    if (outcome.recordings.empty())
        throw Error(failureSentence(outcome));
    if (name.empty() && outcome.recordings.size() == 1)
        return std::move(outcome.recordings.front());
    constexpr std::size_t kMostNamed = 20;
    std::string names;
    for (std::size_t index = 0; index < outcome.recordings.size(); ++index) {
        Recording &recording = outcome.recordings[index];
        if (!name.empty() && recording.name == name)
            return std::move(recording);
        if (index < kMostNamed)
            names += (names.empty() ? "" : ", ") + recording.name;
    }
    if (outcome.recordings.size() > kMostNamed)
        names += " and " + std::to_string(outcome.recordings.size() - kMostNamed) + " more, see `kino inspect`";
    if (name.empty())
        throw Error(path, "holds " + std::to_string(outcome.recordings.size()) +
                              " recordings; choose one with --recording: " + names);
    throw Error(path, "has no recording \"" + name + "\"; there is: " + names);
}

int importStatus(const ImportOutcome &outcome)
{
    if (outcome.recordings.empty())
        return kNothingDone;
    return outcome.failures.empty() ? kDone : kSomeFailed;
}

std::string failureSentence(const ImportOutcome &outcome)
{
    if (outcome.failures.empty())
        return "nothing to read was found";
    const ImportFailure &first = outcome.failures.front();
    // An Error's own text names its file already.
    std::string sentence = first.message.find(first.path.string()) == std::string::npos
        ? first.path.string() + ": " + first.message
        : first.message;
    if (first.isUnknownFormat)
        sentence += "; `kino formats` lists what can be opened, --profile forces a format";
    if (outcome.failures.size() > 1)
        sentence += " (and " + std::to_string(outcome.failures.size() - 1) + " more could not be read)";
    return sentence;
}

std::pair<const Device *, const ImuStream *> findStream(const Recording &recording, const std::string &name)
{
    std::vector<std::pair<const Device *, const ImuStream *>> byKind;
    std::string names;
    for (const Device &device : recording.devices) {
        for (const ImuStream &stream : device.streams) {
            if (streamName(device, stream) == name)
                return {&device, &stream};
            if (stream.name() == name)
                byKind.emplace_back(&device, &stream);
            names += (names.empty() ? "" : ", ") + streamName(device, stream);
        }
    }
    if (byKind.size() == 1)
        return byKind.front();
    throw Error(recording.path, (byKind.empty() ? "has no stream \"" + name + "\"; there is: "
                                                : "has several streams \"" + name + "\"; say which of: ") +
                                    (names.empty() ? "none" : names));
}

} // namespace kino::cli
