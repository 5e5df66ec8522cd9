#include "core/data/import.h"

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/parallel.h"
#include "core/data/formats/gopro_reader.h"
#include "core/data/formats/mhad_reader.h"
#include "core/data/formats/video_reader.h"
#include "core/data/profile/guess_reader.h"
#include "core/data/profile/reader.h"
#include "core/data/unit_doubts.h"

#include <regex>
#include <set>
#include <unistd.h>

namespace kino {
namespace fs = std::filesystem;

namespace {

struct Claimed {
    const Reader *reader = nullptr;
    FileGroup group;
    fs::path root; // names are relative to it
};

/** What a scan may not look into: a row of the errors, not silence. */
struct Forbidden {
    std::size_t count = 0;
    fs::path first;

    void add(const fs::path &path)
    {
        if (count++ == 0)
            first = path;
    }
};

/** Everything below a folder, without following links to folders; what may not be read is passed over and counted. */
FileScan scanFolder(const fs::path &folder, const CancelToken &cancel, Forbidden &forbidden)
{
    FileScan scan;
    scan.root = folder;
    std::error_code problem;
    fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, problem);
    for (const fs::recursive_directory_iterator end; !problem && it != end; it.increment(problem)) {
        cancel.throwIfCancelled();
        std::error_code ignored;
        const bool isFile = it->is_regular_file(ignored);
        if (isFile ? ::access(it->path().c_str(), R_OK) != 0
                   : it->is_directory(ignored) && !it->is_symlink(ignored)
                         && ::access(it->path().c_str(), R_OK | X_OK) != 0)
            forbidden.add(it->path());
        else if (isFile)
            scan.files.push_back(it->path());
    }
    std::ranges::sort(scan.files, {}, [](const fs::path &path) { return path.native(); });
    return scan;
}

/** One file and what lies beside it. */
FileScan scanBeside(const fs::path &file)
{
    FileScan scan;
    scan.root = file.parent_path();
    scan.asked = {file};
    std::error_code problem;
    for (fs::directory_iterator it(scan.root, fs::directory_options::skip_permission_denied, problem), end;
         !problem && it != end; it.increment(problem)) {
        std::error_code ignored;
        if (it->is_regular_file(ignored))
            scan.files.push_back(it->path());
    }
    if (std::ranges::find(scan.files, file) == scan.files.end())
        scan.files.push_back(file);
    std::ranges::sort(scan.files, {}, [](const fs::path &path) { return path.native(); });
    return scan;
}

/** What is left of a scan once some files are taken. */
FileScan without(const FileScan &scan, const std::set<fs::path> &taken)
{
    FileScan rest;
    rest.root = scan.root;
    const auto isFree = [&](const fs::path &path) { return !taken.contains(path); };
    std::ranges::copy_if(scan.files, std::back_inserter(rest.files), isFree);
    std::ranges::copy_if(scan.asked, std::back_inserter(rest.asked), isFree);
    return rest;
}

void claimAll(const std::vector<std::unique_ptr<Reader>> &readers, const FileScan &scan, std::set<fs::path> &taken,
              std::vector<Claimed> &claimed)
{
    for (const auto &reader : readers) {
        const FileScan rest = without(scan, taken);
        if (scan.asked.empty() ? rest.files.empty() : rest.asked.empty())
            return;
        const std::size_t before = claimed.size();
        for (FileGroup &group : reader->claim(rest)) {
            // Files beside the first may serve several recordings: one list of labels for a whole folder.
            if (group.files.empty() || taken.contains(group.files.front()))
                continue;
            taken.insert(group.files.begin(), group.files.end());
            claimed.push_back({reader.get(), std::move(group), scan.root});
        }
        // What was asked for is one file: the first reader that knows it has it.
        if (!scan.asked.empty() && claimed.size() > before)
            return;
    }
}

std::string nameOf(const Recording &recording, const fs::path &root)
{
    fs::path full = recording.path.parent_path() / recording.path.stem();
    if (!recording.name.empty()) {
        const fs::path own(recording.name);
        full = own.is_absolute() ? own : recording.path.parent_path() / own;
    }
    const fs::path relative = full.lexically_relative(root);
    if (relative.empty() || relative == "." || *relative.begin() == "..")
        return full.filename().string();
    return relative.generic_string();
}

/** Two recordings of one name are told apart by their files' endings, or by a number. */
void makeNamesUnique(std::vector<Recording> &recordings)
{
    std::map<std::string, std::size_t> count;
    for (const Recording &recording : recordings)
        ++count[recording.name];
    std::set<std::string> used;
    for (Recording &recording : recordings) {
        std::string name = recording.name;
        if (count[name] > 1 && !recording.path.extension().empty())
            name += recording.path.extension().string();
        std::string unique = name;
        for (int number = 2; !used.insert(unique).second; ++number)
            unique = name + " (" + std::to_string(number) + ")";
        recording.name = unique;
    }
}

std::optional<std::regex> subjectPattern(const ImportOptions &options)
{
    if (options.subjectPattern.empty())
        return std::nullopt;
    try {
        std::regex pattern(options.subjectPattern, std::regex::ECMAScript);
        if (pattern.mark_count() == 0)
            throw Error("the subject's pattern '" + options.subjectPattern
                        + "' has no group in round brackets; write for example s([0-9]+)");
        return pattern;
    } catch (const std::regex_error &error) {
        throw Error("the subject's pattern '" + options.subjectPattern + "' is no regular expression: " + error.what());
    }
}

void setSubject(Recording &recording, const std::optional<std::regex> &pattern)
{
    if (!pattern)
        return;
    std::smatch match;
    const std::string path = recording.path.generic_string();
    // Only so much of a path: std::regex recurses once a character.
    if (path.size() < 4096 && std::regex_search(path, match, *pattern))
        recording.subject = match[1].str();
    else
        recording.report.push_back({Severity::warning, recording.path, 0, "no-subject", 1,
                                    "the pattern for the subject does not fit the path; the subject stays unknown"});
}

struct Outcome {
    std::optional<Recording> recording;
    std::string failure;
};

Outcome readOne(const Claimed &claimed, const ImportOptions &options, const std::optional<std::regex> &subject)
{
    Outcome outcome;
    try {
        Recording recording = claimed.reader->read(claimed.group, options);
        recording.name = nameOf(recording, claimed.root);
        setSubject(recording, subject);
        std::ranges::move(unitDoubts(recording), std::back_inserter(recording.report));
        std::ranges::stable_sort(recording.report, std::ranges::greater(), &ReportRow::severity);
        outcome.recording = std::move(recording);
    } catch (const Error &error) {
        outcome.failure = error.what();
    } catch (const std::bad_alloc &) {
        outcome.failure = claimed.group.files.front().string() + ": there is not enough memory to open it";
    } catch (const fs::filesystem_error &error) {
        outcome.failure = claimed.group.files.front().string() + ": " + error.code().message();
    } catch (const std::regex_error &error) {
        outcome.failure = claimed.group.files.front().string() + ": " + error.what();
    } catch (const nlohmann::json::exception &error) {
        outcome.failure = claimed.group.files.front().string() + ": " + error.what();
    }
    return outcome;
}

void visitOne(Outcome &outcome, const RecordingVisitor &visit)
{
    if (!outcome.recording)
        return;
    try {
        visit(*outcome.recording);
    } catch (const Error &error) {
        outcome.recording.reset();
        outcome.failure = error.what();
    }
}

/** The ending in small letters; empty where there is none. */
std::string endingOf(const fs::path &path)
{
    std::string extension = path.extension().string();
    for (char &c : extension)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return extension;
}

/** What lies beside recordings for people and programs. */
bool isBeside(const fs::path &path)
{
    static const std::set<std::string> kEndings{"",     ".md",  ".pdf",  ".html", ".htm",  ".css",  ".js",   ".py",   ".m",   ".r",   ".ipynb", ".sh",  ".doc", ".docx",
                                                ".rtf", ".bib", ".ini",  ".cfg",  ".yaml", ".yml",  ".toml", ".xml",  ".log", ".jpg", ".jpeg",  ".png", ".gif", ".svg",
                                                ".bmp", ".tif", ".tiff", ".json"};
    const std::string name = path.filename().string();
    return kEndings.contains(endingOf(path)) || name.starts_with('.') || name.starts_with("README") || name.starts_with("LICENSE");
}

/** Files of the scans that nobody took, those of a kind with one reason in one row. */
ImportReport passedOver(const std::vector<fs::path> &scanned, std::set<fs::path> taken, const std::vector<Recording> &recordings,
                        const ImportOptions &options)
{
    // A folder of a million files must not be opened one by one.
    constexpr std::size_t kMostLookedInto = 100;
    std::set<fs::path> folders;
    for (const Recording &recording : recordings) {
        taken.insert(recording.path);
        taken.insert(recording.files.begin(), recording.files.end());
        for (const VideoTrack &video : recording.videos)
            (video.storage == VideoStorage::images ? folders : taken).insert(video.path);
    }
    ImportReport report;
    std::map<std::pair<std::string, std::string>, std::size_t> rows;
    std::size_t lookedInto = 0;
    for (const fs::path &file : scanned) {
        options.cancel.throwIfCancelled();
        if (taken.contains(file) || folders.contains(file.parent_path()))
            continue;
        std::string reason = "no reader takes such files";
        if (!options.profile.empty() || options.ownProfile)
            reason = "the chosen format is not for them";
        else if (!isBeside(file) && lookedInto++ < kMostLookedInto)
            reason = whyPassedOver(file);
        const auto [entry, isNew] = rows.try_emplace({endingOf(file), reason}, report.size());
        if (isNew)
            report.push_back({isBeside(file) ? Severity::info : Severity::warning, file, 0, "passed-over", 1, reason});
        else
            ++report[entry->second].count;
    }
    for (ReportRow &row : report) {
        const std::string kind = endingOf(row.file);
        const std::string who = row.count == 1 ? "" : std::to_string(row.count) + (kind.empty() ? " files " : " " + kind + " files ");
        row.message = who + "not opened: " + row.message;
    }
    return report;
}

/** Looks at one path given by the user; says why where there is nothing to find. */
void findRecordings(const fs::path &given, const std::vector<std::unique_ptr<Reader>> &readers, const ImportOptions &options,
                    std::set<fs::path> &taken, std::vector<Claimed> &claimed, std::vector<ImportFailure> &failures,
                    std::vector<fs::path> &scanned)
{
    std::error_code problem;
    fs::path path = fs::absolute(given, problem);
    if (!problem)
        path = fs::weakly_canonical(path, problem);
    const fs::file_status status = problem ? fs::file_status() : fs::status(path, problem);
    if (problem || !fs::exists(status)) {
        const bool isForbidden = problem == std::errc::permission_denied;
        if (given.empty()) {
            failures.push_back({given, "an empty path names nothing; give a file or a folder"});
            return;
        }
        const bool isLoop = problem == std::errc::too_many_symbolic_link_levels;
        failures.push_back({given, given.string()
                                       + (isForbidden ? ": it may not be read; check its permissions"
                                          : isLoop    ? ": it is a link that leads back to itself"
                                                      : ": there is no such file or folder; check the path")});
        return;
    }
    const std::size_t before = claimed.size();
    if (fs::is_directory(status)) {
        fs::directory_iterator readable(path, problem);
        if (problem) {
            failures.push_back({given, given.string() + ": the folder may not be read; check its permissions"});
            return;
        }
        const std::size_t takenBefore = taken.size();
        Forbidden forbidden;
        const FileScan scan = scanFolder(path, options.cancel, forbidden);
        claimAll(readers, scan, taken, claimed);
        scanned.insert(scanned.end(), scan.files.begin(), scan.files.end());
        if (forbidden.count > 0)
            failures.push_back({forbidden.first, forbidden.first.string() + ": it may not be read; check its permissions"
                                                     + (forbidden.count > 1 ? " (and those of " + std::to_string(forbidden.count - 1)
                                                                                  + " more below " + given.string() + ")"
                                                                            : "")});
        if (claimed.size() == before && taken.size() == takenBefore && forbidden.count == 0)
            failures.push_back(
                {given, given.string()
                            + (options.profile.empty() ? ": no recordings were found in this folder"
                                                       : ": no file of this folder fits '" + options.profile
                                                             + "', neither by its name nor by its columns"),
                 options.profile.empty()});
        return;
    }
    if (!fs::is_regular_file(status)) {
        failures.push_back({given, given.string() + ": this is neither a file nor a folder"});
        return;
    }
    if (taken.contains(path))
        return;
    const FileScan scan = scanBeside(path);
    claimAll(readers, scan, taken, claimed);
    taken.insert(path);
    if (claimed.size() > before)
        return;
    const std::string why = options.profile.empty() ? whyUnknown(path) : "this is no file that '" + options.profile + "' can read";
    failures.push_back({given, given.string() + ": " + why, !options.profile.empty() || why.starts_with("no reader")});
}

} // namespace

std::vector<std::unique_ptr<Reader>> makeReaders(const ImportOptions &options)
{
    std::vector<std::unique_ptr<Reader>> readers;
    if (options.ownProfile) {
        readers.push_back(makeProfileReader({options.ownProfile}, ProfileUse::forced));
        return readers;
    }
    if (!options.profile.empty()) {
        std::vector<std::unique_ptr<Reader>> builtIn;
        builtIn.push_back(makeGoproReader());
        builtIn.push_back(makeRawGpmfReader());
        builtIn.push_back(makeVideoReader());
        builtIn.push_back(makeMhadReader());
        builtIn.push_back(makeGuessReader());
        for (auto &reader : builtIn) {
            if (reader->format().name == options.profile) {
                readers.push_back(std::move(reader));
                return readers;
            }
        }
        readers.push_back(makeProfileReader({findProfile(options.profile)}, ProfileUse::forced));
        return readers;
    }
    ProfileLibrary library = loadProfiles();
    for (const std::string &problem : library.problems)
        log(LogLevel::warning, "an import profile of yours is left out: " + problem);
    readers.push_back(makeGoproReader());
    readers.push_back(makeRawGpmfReader());
    readers.push_back(makeMhadReader());
    // Before plain video: a profile takes the clip beside a table as the table's video.
    readers.push_back(makeProfileReader(std::move(library.profiles)));
    readers.push_back(makeVideoReader());
    readers.push_back(makeGuessReader());
    return readers;
}

ImportOutcome importPaths(std::span<const fs::path> paths, const ImportOptions &options, const RecordingVisitor &visit)
{
    ImportOutcome outcome;
    std::vector<std::unique_ptr<Reader>> readers;
    std::optional<std::regex> subject;
    try {
        readers = makeReaders(options);
        subject = subjectPattern(options);
    } catch (const Error &error) {
        for (const fs::path &path : paths)
            outcome.failures.push_back({path, error.what()});
        return outcome;
    }
    std::vector<Claimed> claimed;
    std::set<fs::path> taken;
    std::vector<fs::path> scanned;
    for (const fs::path &path : paths) {
        try {
            findRecordings(path, readers, options, taken, claimed, outcome.failures, scanned);
        } catch (const Error &error) {
            outcome.failures.push_back({path, error.what()});
        } catch (const fs::filesystem_error &error) {
            outcome.failures.push_back({path, path.string() + ": " + error.code().message()});
        }
    }

    // Many small recordings are read side by side; a single one is left to its reader's own threads. A visitor gets them
    // block by block, or all samples of a large folder would be in memory at once.
    std::vector<Outcome> outcomes(claimed.size());
    std::mutex progressMutex;
    std::size_t done = 0;
    ImportOptions quiet = options;
    if (claimed.size() > 1)
        quiet.progress = {};
    constexpr std::size_t kBlockPerThread = 2;
    const std::size_t block = visit ? usableThreads() * kBlockPerThread : claimed.size();
    for (std::size_t from = 0; from < claimed.size(); from += block) {
        const std::size_t count = std::min(block, claimed.size() - from);
        parallelFor(count, usableThreads(), [&](std::size_t offset) {
            const std::size_t i = from + offset;
            options.cancel.throwIfCancelled();
            outcomes[i] = readOne(claimed[i], quiet, subject);
            const std::lock_guard lock(progressMutex);
            ++done;
            if (claimed.size() > 1)
                options.progress(static_cast<double>(done) / static_cast<double>(claimed.size()),
                                 claimed[i].group.files.front().filename().string());
        });
        for (std::size_t i = from; visit && i < from + count; ++i) {
            options.cancel.throwIfCancelled();
            visitOne(outcomes[i], visit);
        }
    }
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].recording)
            outcome.recordings.push_back(std::move(*outcomes[i].recording));
        else
            outcome.failures.push_back({claimed[i].group.files.front(), outcomes[i].failure});
    }
    makeNamesUnique(outcome.recordings);
    outcome.passedOver = passedOver(scanned, std::move(taken), outcome.recordings, options);
    return outcome;
}

std::vector<FormatInfo> knownFormats()
{
    std::vector<FormatInfo> formats;
    for (const auto &reader : makeReaders({})) {
        const FormatInfo format = reader->format();
        if (format.name != "profile")
            formats.push_back(format);
    }
    for (const auto &profile : loadProfiles().profiles)
        formats.push_back({profile->name, profile->title, profile->extensions(), profile->builtIn});
    return formats;
}

} // namespace kino
