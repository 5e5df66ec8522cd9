#include "core/base/error.h"
#include "core/data/profile/reader.h"
#include "core/data/profile/runs.h"
#include "core/data/profile/sidecar_claims.h"
#include "core/data/profile/sidecars.h"
#include "core/data/profile/table.h"
#include "core/data/table/column_names.h"

#include <set>
#include <tuple>

namespace kino {
namespace fs = std::filesystem;

namespace {

/** First bytes of files, each read once however many profiles ask. */
class Heads {
public:
    const std::string &of(const fs::path &path)
    {
        const auto [entry, isNew] = m_heads.try_emplace(path.native());
        if (isNew)
            entry->second = readTextHead(path, std::size_t{16} << 10);
        return entry->second;
    }

private:
    std::map<std::string, std::string> m_heads;
};

struct Candidate {
    std::shared_ptr<const ImportProfile> profile;
    std::size_t spec = 0;
    NamePattern::Match match;
    std::size_t score = 0;
    bool isOtherName = false; // forced onto a file whose name no pattern fits
    std::vector<std::size_t> rivals; // kinds of files that its columns fit just as well
};

/** A table and what it is. */
using Claim = std::pair<fs::path, Candidate>;

std::size_t namedColumns(const FileSpec &spec)
{
    std::size_t count = spec.time.column && spec.time.column->position == 0;
    for (const StreamSpec &stream : spec.streams) {
        for (const AxisSpec &axis : stream.axes) {
            for (const ColumnRef &column : axis.columns)
                count += !stream.isOptional && column.position == 0;
        }
    }
    return count;
}

class ProfileReader : public Reader {
public:
    ProfileReader(ProfileList profiles, ProfileUse use) : m_profiles(std::move(profiles)), m_use(use) {}

    FormatInfo format() const override
    {
        if (m_use == ProfileUse::forced) {
            const ImportProfile &profile = *m_profiles.front();
            return {profile.name, profile.title, profile.extensions(), profile.builtIn};
        }
        return {"profile", "Text by import profile", {"csv", "txt", "tsv"}, true};
    }

    std::vector<FileGroup> claim(const FileScan &scan) const override
    {
        Heads heads;
        const bool isAsked = !scan.asked.empty();
        std::vector<Claim> claims;
        std::set<fs::path> askedTables;
        for (const fs::path &file : isAsked ? scan.asked : scan.files) {
            if (auto candidate = best(file, heads)) {
                askedTables.insert(file);
                claims.emplace_back(file, std::move(*candidate));
                continue;
            }
            if (!isAsked)
                continue;
            auto described = describedBy(file, heads);
            if (described.empty() && m_use == ProfileUse::forced) {
                askedTables.insert(file);
                described.emplace_back(file, forcedOnOtherName(file, heads));
            }
            std::ranges::move(described, std::back_inserter(claims));
        }
        if (claims.empty() && !isAsked && m_use == ProfileUse::forced)
            claims = fittingByColumns(scan, heads);

        std::vector<FileGroup> groups;
        for (ProfilePlan &plan : plansOf(claims, isAsked, heads)) {
            sortFiles(plan);
            std::vector<ProfilePlan> runs = splitByRun(std::move(plan));
            for (ProfilePlan &run : runs) {
                if (!isAsked || runs.size() == 1 || isWanted(run, askedTables))
                    groups.push_back(groupOf(std::move(run)));
            }
        }
        return groups;
    }

    Recording read(const FileGroup &group, const ImportOptions &options) const override
    {
        return readByProfile(*static_cast<const ProfilePlan *>(group.plan.get()), options);
    }

private:
    /** One plan for what belongs together; of asked files, with their siblings. */
    std::vector<ProfilePlan> plansOf(const std::vector<Claim> &claims, bool isAsked, Heads &heads) const
    {
        std::map<std::tuple<const ImportProfile *, fs::path, Captures>, std::size_t> known;
        std::vector<ProfilePlan> plans;
        for (const auto &[file, candidate] : claims) {
            Captures key = keyOf(candidate, file);
            const auto [entry, isNew]
                = known.try_emplace({candidate.profile.get(), candidate.match.base, key}, plans.size());
            if (isNew) {
                ProfilePlan plan;
                plan.profile = candidate.profile;
                plan.base = candidate.match.base;
                plan.isOtherName = candidate.isOtherName;
                key.erase("\nfile");
                plan.captures = std::move(key);
                remarkRivals(candidate, file, plan);
                plans.push_back(std::move(plan));
                if (isAsked)
                    addSiblings(plans.back(), file, candidate, heads);
            }
            if (!isAsked)
                plans[entry->second].files.push_back({candidate.spec, file, candidate.match.captures});
        }
        return plans;
    }

    /** Of the runs one group fell apart into: those asked for by a table's name, or the one that files beside tell of. */
    static bool isWanted(const ProfilePlan &run, const std::set<fs::path> &askedTables)
    {
        const bool isAskedFor = std::ranges::any_of(
            run.files, [&](const ProfileFile &file) { return askedTables.contains(file.path); });
        return isAskedFor || (askedTables.empty() && !run.isOtherRun);
    }

    static FileGroup groupOf(ProfilePlan plan)
    {
        FileGroup group;
        for (const ProfileFile &file : plan.files)
            group.files.push_back(file.path);
        addSidecars(plan, group);
        group.confidence = plan.confidence;
        group.plan = std::make_shared<ProfilePlan>(std::move(plan));
        return group;
    }

    static bool isAlone(const ImportProfile &profile)
    {
        return profile.recording.empty() || profile.recording.find("{stem}") != std::string::npos;
    }

    /** What a group's files have in common. A profile without "recording" takes every file for itself. */
    Captures keyOf(const Candidate &candidate, const fs::path &file) const
    {
        Captures key;
        for (const std::string &name : candidate.profile->keyCaptures()) {
            const auto found = candidate.match.captures.find(name);
            if (found != candidate.match.captures.end())
                key.insert(*found);
        }
        if (candidate.isOtherName || isAlone(*candidate.profile))
            key["\nfile"] = file.native(); // no capture can be called so
        return key;
    }

    std::optional<Candidate> best(const fs::path &file, Heads &heads) const
    {
        std::optional<Candidate> best;
        for (const auto &profile : m_profiles) {
            for (std::size_t i = 0; i < profile->files.size(); ++i) {
                const FileSpec &spec = profile->files[i];
                auto match = spec.match->match(file);
                if (!match)
                    continue;
                const std::size_t score = 2 * spec.match->fixedCharacters() + 4 * namedColumns(spec)
                                          + (profile->builtIn ? 0 : 10);
                if (best && best->score >= score)
                    continue;
                if (!looksLike(file, heads.of(file), spec) || !meetsConditions(*profile, spec, *match, file))
                    continue;
                best = Candidate{profile, i, std::move(*match), score, false, {}};
            }
        }
        if (!best && m_use == ProfileUse::forced)
            return forcedByName(file);
        return best;
    }

    /** A forced profile reads what its patterns fit, whatever the columns look like; mistakes show when it is read. */
    std::optional<Candidate> forcedByName(const fs::path &file) const
    {
        const auto &profile = m_profiles.front();
        for (std::size_t i = 0; i < profile->files.size(); ++i) {
            if (auto match = profile->files[i].match->match(file))
                return Candidate{profile, i, std::move(*match), 0, false, {}};
        }
        return std::nullopt;
    }

    /**
     * A forced profile on a name that no pattern fits: the kind of file whose columns fit best, of several the one whose
     * sensor the name speaks of. Nothing where no columns fit.
     */
    std::optional<Candidate> forcedByColumns(const fs::path &file, Heads &heads) const
    {
        const auto &profile = m_profiles.front();
        std::vector<std::size_t> fitting;
        for (std::size_t i = 0; i < profile->files.size(); ++i) {
            const std::size_t named = namedColumns(profile->files[i]);
            const std::size_t best = fitting.empty() ? 0 : namedColumns(profile->files[fitting.front()]);
            if ((!fitting.empty() && named < best) || !looksLike(file, heads.of(file), profile->files[i]))
                continue;
            if (named > best)
                fitting.clear();
            fitting.push_back(i);
        }
        if (fitting.empty())
            return std::nullopt;
        if (const auto kind = kindInText(file.stem().string())) {
            const auto said = std::ranges::find_if(fitting, [&](std::size_t i) {
                return std::ranges::any_of(profile->files[i].streams,
                                           [&](const StreamSpec &stream) { return stream.kind == *kind; });
            });
            if (said != fitting.end())
                fitting = {*said};
        }
        const std::size_t taken = fitting.front();
        fitting.erase(fitting.begin());
        return Candidate{profile, taken, {{}, file.parent_path()}, 0, true, std::move(fitting)};
    }

    /** A file that was asked for by name is read by a forced profile even where no columns fit: reading it says why. */
    Candidate forcedOnOtherName(const fs::path &file, Heads &heads) const
    {
        return forcedByColumns(file, heads)
            .value_or(Candidate{m_profiles.front(), 0, {{}, file.parent_path()}, 0, true, {}});
    }

    /** Several kinds of files look alike, and nothing says which this is: a wrong sensor must not pass for a right one. */
    static void remarkRivals(const Candidate &candidate, const fs::path &file, ProfilePlan &plan)
    {
        if (candidate.rivals.empty())
            return;
        const auto &kinds = candidate.profile->files;
        std::string others;
        for (const std::size_t rival : candidate.rivals)
            others += (others.empty() ? "'" : ", '") + kinds[rival].match->text() + "'";
        plan.confidence = 1 / static_cast<double>(candidate.rivals.size() + 1);
        plan.remarks.push_back({Severity::warning, file, 0, "guess", 1,
                                "its columns fit several kinds of files of the profile: it was read like '"
                                    + kinds[candidate.spec].match->text() + "', and may as well be like " + others
                                    + ". Give it the name that says which"});
    }

    /** In a folder where no name fits a forced profile: the files whose columns do. */
    std::vector<Claim> fittingByColumns(const FileScan &scan, Heads &heads) const
    {
        std::vector<Claim> claims;
        for (const fs::path &file : scan.files) {
            if (auto candidate = forcedByColumns(file, heads))
                claims.emplace_back(file, std::move(*candidate));
        }
        return claims;
    }

    static Captures withStem(const NamePattern::Match &match, const fs::path &file)
    {
        Captures captures = match.captures;
        captures.emplace("stem", file.stem().string());
        captures.emplace("folder", match.base.filename().string());
        return captures;
    }

    static bool meetsConditions(const ImportProfile &profile, const FileSpec &spec, const NamePattern::Match &match,
                                const fs::path &file)
    {
        const auto isThere = [&](const std::vector<std::string> &files, const Captures &captures) {
            return findSidecar(match.base, files, captures).has_value();
        };
        if (spec.when.empty() && std::ranges::none_of(profile.annotations, &AnnotationSpec::isRequired)
            && std::ranges::none_of(profile.videos, &VideoSpec::isRequired))
            return true;
        const Captures captures = withLookups(profile, match.base, withStem(match, file));
        for (const auto &[name, value] : spec.when) {
            const auto found = captures.find(name);
            if (found == captures.end() || found->second != value)
                return false;
        }
        for (const AnnotationSpec &annotation : profile.annotations) {
            if (annotation.isRequired && !isThere(annotation.files, captures))
                return false;
        }
        for (const VideoSpec &video : profile.videos) {
            if (!video.isRequired)
                continue;
            if (!video.files.empty() && !isThere(video.files, captures))
                return false;
            if (!video.listFiles.empty() && !isThere(video.listFiles, captures))
                return false;
            if (!video.timesFiles.empty() && !isThere(video.timesFiles, captures))
                return false;
        }
        return true;
    }

    /** Asked for a label file, an event list or a frame: tables of the recordings that it belongs to. */
    std::vector<Claim> describedBy(const fs::path &file, Heads &heads) const
    {
        for (const auto &profile : m_profiles) {
            std::vector<Claim> users;
            std::vector<Claim> told;
            for (const fs::path &base : basesOf(*profile, file)) {
                std::set<Captures> seen;
                for (const FileSpec &spec : profile->files) {
                    for (const auto &[path, captures] : spec.match->find(base)) {
                        auto candidate = best(path, heads);
                        if (!candidate || candidate->profile != profile || candidate->match.base != base
                            || seen.contains(keyOf(*candidate, path)))
                            continue;
                        const Captures known = withLookups(*profile, base, withStem(candidate->match, path));
                        if (!usesSidecar(*profile, base, known, file))
                            continue;
                        seen.insert(keyOf(*candidate, path));
                        if (hasRowsFor(*profile, base, known, file))
                            told.emplace_back(path, *candidate);
                        users.emplace_back(path, std::move(*candidate));
                    }
                }
            }
            // A list of labels of which no row speaks of what is here still belongs to it.
            if (!users.empty())
                return told.empty() ? users : told;
        }
        return {};
    }

    /** The other files of the group an asked file belongs to. */
    void addSiblings(ProfilePlan &plan, const fs::path &asked, const Candidate &candidate, Heads &heads) const
    {
        const Captures &key = plan.captures;
        if (candidate.isOtherName || isAlone(*plan.profile)) {
            plan.files.push_back({candidate.spec, asked, candidate.match.captures});
            return;
        }
        std::set<fs::path> taken;
        for (std::size_t i = 0; i < plan.profile->files.size(); ++i) {
            const FileSpec &spec = plan.profile->files[i];
            for (auto &[path, captures] : spec.match->find(plan.base, key)) {
                const auto found = best(path, heads);
                if (found && found->profile == plan.profile && found->spec == i && found->match.base == plan.base
                    && taken.insert(path).second)
                    plan.files.push_back({i, path, std::move(captures)});
            }
        }
        // Forced onto a file whose columns do not look like it.
        if (plan.files.empty())
            plan.files.push_back({candidate.spec, asked, candidate.match.captures});
    }

    /** Claims what is read along with the tables, so that nobody takes it for a recording of its own. */
    static void addSidecars(const ProfilePlan &plan, FileGroup &group)
    {
        const ImportProfile &profile = *plan.profile;
        if (plan.isOtherRun || (profile.annotations.empty() && profile.lookups.empty() && profile.videos.empty()))
            return;
        Captures captures = plan.files.size() == 1 ? plan.files.front().captures : plan.captures;
        captures.emplace("stem", plan.files.front().path.stem().string());
        captures.emplace("folder", plan.base.filename().string());
        captures = withLookups(profile, plan.base, std::move(captures));
        for (const fs::path &path : sidecarsOf(profile, plan.base, captures))
            group.files.push_back(path);
    }

    static void sortFiles(ProfilePlan &plan)
    {
        const auto partOf = [&](const ProfileFile &file) {
            const std::string &capture = plan.profile->files[file.spec].partCapture;
            const auto found = file.captures.find(capture);
            std::string part = capture.empty() || found == file.captures.end() ? std::string() : found->second;
            const bool isNumber = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
            if (isNumber) {
                part.erase(0, std::min(part.find_first_not_of('0'), part.size() - 1));
                part = std::string(part.size() < 20 ? 20 - part.size() : 0, '0') + part;
            }
            return part;
        };
        std::ranges::stable_sort(plan.files, [&](const ProfileFile &a, const ProfileFile &b) {
            return std::tuple(a.spec, partOf(a), a.path.native()) < std::tuple(b.spec, partOf(b), b.path.native());
        });
    }

    ProfileList m_profiles;
    ProfileUse m_use;
};

} // namespace

std::unique_ptr<Reader> makeProfileReader(ProfileList profiles, ProfileUse use)
{
    return std::make_unique<ProfileReader>(std::move(profiles), use);
}

} // namespace kino
