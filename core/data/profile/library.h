// The import profiles there are: those shipped with the program and those a user wrote or saved.
#pragma once

#include "core/data/profile/import_profile.h"

#include <memory>
#include <string_view>
#include <vector>

namespace kino {

/** The shipped profiles' JSON, in the order of their file names. */
std::vector<std::string_view> shippedProfileTexts();

/** $KINOSCOPE_PROFILES, or kinoscope/profiles below the user's configuration folder; empty where there is no home. */
std::filesystem::path userProfileFolder();

using ProfileList = std::vector<std::shared_ptr<const ImportProfile>>;

struct ProfileLibrary {
    /** A user's own before the shipped ones; one of the same name takes a shipped one's place. */
    ProfileList profiles;
    /** Files in the user's folder that are no profiles, each with its mistakes. */
    std::vector<std::string> problems;
};

ProfileLibrary loadProfiles();

/** A profile by its name or by a JSON file. Throws Error: unknown (naming those known), or all mistakes of the file. */
std::shared_ptr<const ImportProfile> findProfile(const std::string &nameOrFile);

/** Checks it and writes it as NAME.json into userProfileFolder(); an older one of that name is replaced. */
std::filesystem::path saveUserProfile(const nlohmann::json &profile);

} // namespace kino
