// From paths to recordings. Everything that opens files (the command line, the window, a project) comes through here.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/recording.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct ImportProfile;

struct FormatInfo {
    std::string name;  // "gopro-mp4"
    std::string title; // "GoPro MP4 with telemetry"
    std::vector<std::string> extensions;
    bool builtIn = true;
};

/** Files that belong together: several body sensors, two rates, images beside an IMU, an event file. */
struct FileGroup {
    std::vector<std::filesystem::path> files; // the first stands for the group
    double confidence = 1;
    /** Reader's own notes on what each file is; opaque to others. */
    std::shared_ptr<const void> plan;
};

struct ImportOptions {
    /** A profile by name or by file; empty lets the readers decide. */
    std::string profile;
    /** A profile that lies in no file, in place of `profile`. */
    std::shared_ptr<const ImportProfile> ownProfile;
    /** Regular expression on the path whose first group is the subject; overrides the reader's. */
    std::string subjectPattern;
    CancelToken cancel;
    Progress progress;
};

/** The files an import looks at: all below a folder, or one file with the neighbours it may belong to. */
struct FileScan {
    std::filesystem::path root;
    std::vector<std::filesystem::path> files; // sorted bytewise
    /** The files that were asked for by name; empty when a folder was: then all are. */
    std::vector<std::filesystem::path> asked;
};

/** One format. Readers are stateless and may be used from several threads. */
class Reader {
public:
    virtual ~Reader() = default;
    virtual FormatInfo format() const = 0;
    /**
     * Groups the files it understands, from their names, first and last bytes only. The file that stands for a group is in
     * no other; a file beside may serve several.
     */
    virtual std::vector<FileGroup> claim(const FileScan &scan) const = 0;
    /** Throws Error only where nothing of the group could be read; all else is in the recording's report. */
    virtual Recording read(const FileGroup &group, const ImportOptions &options) const = 0;
};

/**
 * Readers in the order they are asked: containers with telemetry, MATLAB files, profiles, plain video (a profile may take
 * the clip beside its table), a guess.
 */
std::vector<std::unique_ptr<Reader>> makeReaders(const ImportOptions &options);

struct ImportFailure {
    std::filesystem::path path;
    std::string message;
    /** No reader knows it: another format may be forced. */
    bool isUnknownFormat = false;
};

struct ImportOutcome {
    std::vector<Recording> recordings;
    std::vector<ImportFailure> failures;
    /**
     * Files of the folders that no reader took and no recording uses: one row "passed-over" with its reason for those of a kind,
     * a warning where they may hold samples, a note for texts, code and pictures.
     */
    ImportReport passedOver;
};

/**
 * Called for each recording soon after it is read, in the order of ImportOutcome::recordings, on the caller's thread and
 * before names are made unique, so that what is not needed can be let go: a folder may hold more samples than the memory.
 * An Error thrown here makes the recording a failure.
 */
using RecordingVisitor = std::function<void(Recording &recording)>;

/**
 * Names each recording by its path relative to the argument it was found under; reports begin with what is worst. What of a
 * folder may not be read is a failure beside the recordings. Throws only Cancelled.
 */
ImportOutcome importPaths(std::span<const std::filesystem::path> paths, const ImportOptions &options = {},
                          const RecordingVisitor &visit = {});

std::vector<FormatInfo> knownFormats();

} // namespace kino
