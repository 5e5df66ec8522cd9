#include "core/data/profile/library.h"

#include "core/base/error.h"
#include "core/base/files.h"

#include <cstdlib>

namespace kino {
namespace fs = std::filesystem;

namespace {

std::shared_ptr<const ImportProfile> readProfileFile(const fs::path &path)
{
    ImportProfile profile = parseProfile(readJsonFile(path), path);
    profile.builtIn = false;
    return std::make_shared<const ImportProfile>(std::move(profile));
}

const ProfileList &shippedProfiles()
{
    static const ProfileList shipped = [] {
        ProfileList all;
        for (const std::string_view text : shippedProfileTexts()) {
            const auto json = nlohmann::json::parse(text, nullptr, true, true);
            all.push_back(std::make_shared<const ImportProfile>(
                parseProfile(json, "shipped profile " + json.value("name", std::string()))));
        }
        return all;
    }();
    return shipped;
}

std::string environment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

} // namespace

fs::path userProfileFolder()
{
    if (const std::string own = environment("KINOSCOPE_PROFILES"); !own.empty())
        return own;
    if (const std::string config = environment("XDG_CONFIG_HOME"); !config.empty())
        return fs::path(config) / "kinoscope" / "profiles";
    if (const std::string home = environment("HOME"); !home.empty())
        return fs::path(home) / ".config" / "kinoscope" / "profiles";
    return {};
}

ProfileLibrary loadProfiles()
{
    ProfileLibrary library;
    std::error_code problem;
    std::vector<fs::path> files;
    const fs::path folder = userProfileFolder();
    if (!folder.empty()) {
        for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
            if (it->path().extension() == ".json")
                files.push_back(it->path());
        }
    }
    std::ranges::sort(files);
    for (const fs::path &file : files) {
        try {
            library.profiles.push_back(readProfileFile(file));
        } catch (const Error &error) {
            library.problems.emplace_back(error.what());
        }
    }
    const std::size_t own = library.profiles.size();
    for (const auto &shipped : shippedProfiles()) {
        const bool isReplaced = std::any_of(library.profiles.begin(), library.profiles.begin() + static_cast<long>(own),
                                            [&](const auto &profile) { return profile->name == shipped->name; });
        if (!isReplaced)
            library.profiles.push_back(shipped);
    }
    return library;
}

std::shared_ptr<const ImportProfile> findProfile(const std::string &nameOrFile)
{
    const ProfileLibrary library = loadProfiles();
    for (const auto &profile : library.profiles) {
        if (profile->name == nameOrFile)
            return profile;
    }
    std::error_code ignored;
    if (nameOrFile.ends_with(".json") || nameOrFile.find('/') != std::string::npos
        || fs::is_regular_file(nameOrFile, ignored))
        return readProfileFile(nameOrFile);
    std::string known;
    for (const auto &profile : library.profiles)
        known += (known.empty() ? "" : ", ") + profile->name;
    for (const std::string &other : library.problems) {
        if (other.find("/" + nameOrFile + ".json") != std::string::npos)
            throw Error(other);
    }
    throw Error("there is no import profile '" + nameOrFile + "'; known are " + known
                + ", or give the path of a profile's JSON file");
}

fs::path saveUserProfile(const nlohmann::json &profile)
{
    const ImportProfile checked = parseProfile(profile);
    const fs::path folder = userProfileFolder();
    if (folder.empty())
        throw Error("there is no home folder to keep the profile in; set KINOSCOPE_PROFILES to a folder");
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem)
        throw Error(folder, "the folder for profiles cannot be made: " + problem.message());
    const fs::path path = folder / (checked.name + ".json");
    writeFileAtomically(path, profile.dump(2) + "\n");
    return path;
}

} // namespace kino
