// Recordings from text by import profiles: which files belong together, and what they become.
#pragma once

#include "core/data/import.h"
#include "core/data/profile/library.h"

#include <memory>

namespace kino {

/** One file of a group: which of the profile's kinds of file it is, and what the pattern caught. */
struct ProfileFile {
    std::size_t spec = 0;
    std::filesystem::path path;
    Captures captures;
};

/** What FileGroup::plan of a profile's group holds. */
struct ProfilePlan {
    std::shared_ptr<const ImportProfile> profile;
    std::filesystem::path base; // the folder that the profile's patterns begin in
    Captures captures;          // those that all files of the group share
    std::vector<ProfileFile> files;
    double confidence = 1;
    std::string name;        // in place of the profile's "recording"; below the base
    bool isOtherRun = false; // not of the run that the files beside it tell of: neither wall clock nor labels are its own
    bool isOtherName = false; // read by force: its name fits none of the profile's patterns
    ImportReport remarks;     // known before reading: what a guess assumed, files of other runs
};

enum class ProfileUse {
    matching, // files whose names and columns fit one of the profiles
    forced    // the one profile given; where no name fits, files are told by their columns
};

/**
 * A recording is made of the files that share the captures in the profile's "recording" and the folder the pattern
 * begins in; without "recording" every file is one. What is of another run (runs.h) stands apart. Asked for one file, its
 * siblings are looked for on disk; asked for a list of labels, the recordings it has rows for.
 */
std::unique_ptr<Reader> makeProfileReader(ProfileList profiles, ProfileUse use = ProfileUse::matching);

/**
 * Reads the recording that `path` belongs to by a profile that need not be saved: what the window shows while a guess is
 * being corrected. Throws Error.
 */
Recording readFileByProfile(const std::filesystem::path &path, std::shared_ptr<const ImportProfile> profile,
                            const ImportOptions &options = {});

/** Reads one group. Throws Error where none of its tables could be read. */
Recording readByProfile(const ProfilePlan &plan, const ImportOptions &options);

} // namespace kino
