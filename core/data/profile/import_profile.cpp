#include "core/data/profile/import_profile.h"

#include "core/base/error.h"
#include "core/data/profile/file_schema.h"

namespace kino {
namespace {

/** Names that templates may always use. */
constexpr std::string_view kStandardNames[] = {"stem", "folder"};

class ProfileReaderFromJson : private FileSchema {
public:
    using FileSchema::FileSchema;

    ImportProfile read(const nlohmann::json &json)
    {
        ImportProfile profile;
        profile.source = json;
        ProfileObject top(json, "", m_mistakes);
        if (top.whole("kinoscope_profile", 0, 0, 1000) != 1)
            top.complain("kinoscope_profile", "must be 1, the version of this way to write profiles");
        profile.name = top.requiredText("name");
        if (profile.name.empty() || profile.name.size() > 60
            || profile.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
            top.complain("name", "must be small letters, digits and '-', at most 60, such as \"my-logger\"");
        profile.title = top.text("title", profile.name);
        profile.about = top.text("about");
        profile.notes = top.texts("notes");
        profile.assumed = top.texts("assumed");
        readNames(top, profile);
        m_device = top.text("device");

        top.objects("lookups", [&](ProfileObject &object, std::size_t) { profile.lookups.push_back(readLookup(object)); });
        top.objects("files", [&](ProfileObject &object, std::size_t) { profile.files.push_back(readFile(object)); });
        if (profile.files.empty())
            top.complain("files", "must say at least one kind of file");
        top.objects("annotations",
                    [&](ProfileObject &object, std::size_t) { profile.annotations.push_back(readAnnotation(object)); });
        top.objects("videos", [&](ProfileObject &object, std::size_t) { profile.videos.push_back(readVideo(object)); });
        profile.recording = top.text("recording");
        profile.subject = top.text("subject");
        if (profile.recording.empty() && profile.files.size() > 1)
            joinFiles(top, profile);
        m_templates.emplace_back("recording", profile.recording);
        m_templates.emplace_back("subject", profile.subject);
        checkTemplates(profile);
        return profile;
    }

private:
    /**
     * Several kinds of files and no "recording": what all patterns catch tells recordings apart, or the folder where they
     * catch nothing. Where that is not sure, the profile must say it.
     */
    static void joinFiles(ProfileObject &top, ImportProfile &profile)
    {
        std::set<std::string> shared;
        std::set<std::string> patterns;
        bool isSure = true;
        for (const FileSpec &file : profile.files) {
            if (!file.match)
                return;
            const auto names = file.match->captureNames();
            std::set<std::string> caught(names.begin(), names.end());
            caught.erase(file.partCapture);
            const std::string &text = file.match->text();
            isSure = isSure && text.find_first_of("*?") == std::string::npos && patterns.insert(text).second
                     && (patterns.size() == 1 || caught == shared);
            shared = std::move(caught);
        }
        std::string joined;
        for (const std::string &name : profile.files.front().match->captureNames()) {
            if (shared.contains(name))
                joined.append(joined.empty() ? "" : "_").append("{").append(name).append("}");
        }
        if (isSure)
            profile.recording = joined.empty() ? "{folder}" : joined;
        else
            top.complain("recording", "is missing: which of the " + std::to_string(profile.files.size())
                                          + " kinds of files are one recording? Say what tells recordings apart, such as "
                                            "\"{subject}_{trial}\", \"{folder}\" for all matching files of a folder, or "
                                            "\"{stem}\" for every file by itself");
    }

    void readNames(ProfileObject &top, ImportProfile &profile)
    {
        const nlohmann::json *names = top.value("names");
        if (!names)
            return;
        if (!names->is_object()) {
            top.complain("names", "must be an object {capture: {value: name}}");
            return;
        }
        for (const auto &item : names->items()) {
            if (!item.value().is_object()) {
                top.complain("names." + item.key(), "must be an object {value: name}");
                continue;
            }
            for (const auto &entry : item.value().items()) {
                if (entry.value().is_string())
                    profile.names[item.key()][entry.key()] = entry.value().get<std::string>();
                else
                    top.complain("names." + item.key() + "." + entry.key(), "must be a text");
            }
        }
    }

    LookupSpec readLookup(ProfileObject &object)
    {
        LookupSpec lookup;
        lookup.files = readFiles(object, "file", true);
        lookup.isJson = readIsJson(object);
        lookup.table = readTable(object);
        lookup.rows = readFilters(object, "rows");
        static constexpr std::string_view kTakes[] = {"first", "last"};
        lookup.takesLast = object.choice("take", kTakes) == "last";
        const nlohmann::json *set = object.value("set");
        if (!set || !set->is_object() || set->empty()) {
            object.complain("set", "must be an object {name: column}");
            return lookup;
        }
        for (const auto &item : set->items()) {
            if (const auto column = parseColumn(item.value(), object.path() + ".set." + item.key(), m_mistakes))
                lookup.values[item.key()] = *column;
            m_known.insert(item.key());
        }
        return lookup;
    }

    AnnotationSpec readAnnotation(ProfileObject &object)
    {
        AnnotationSpec spec;
        spec.files = readFiles(object, "file", true);
        spec.isJson = readIsJson(object);
        spec.items = object.texts("items");
        for (const std::string &items : spec.items)
            m_templates.emplace_back(object.path() + ".items", items);
        if (!spec.items.empty() && !spec.isJson)
            object.complain("items", "needs \"format\": \"json\"");
        spec.table = readTable(object);
        spec.rows = readFilters(object, "rows");
        spec.tier = object.text("tier", "activity");
        spec.tierColumn = object.column("tier_column");
        spec.kind = readTierKind(object);
        spec.label = object.column("label");
        spec.text = object.text("text");
        m_templates.emplace_back(object.path() + ".text", spec.text);
        if (spec.label.has_value() == !spec.text.empty())
            object.complain("label", "is needed: a column, or a \"text\" for every row");
        spec.names = object.map("names");
        spec.ignore = object.texts("ignore");
        spec.start = object.requiredColumn("start");
        spec.end = object.column("end");
        spec.duration = object.column("duration");
        spec.untilNext = object.flag("until_next");
        if (spec.end.has_value() + spec.duration.has_value() + spec.untilNext > 1)
            object.complain("end", "only one of \"end\", \"duration\" and \"until_next\" can hold");
        const double rateHz = object.number("rate_hz", 0, 1e-6, 1e9);
        spec.unit = readUnit(object, "unit", rateHz);
        static constexpr std::string_view kClocks[] = {"own", "recording", "unix"};
        const std::string clock = object.choice("clock", kClocks);
        spec.clock = clock == "recording" ? AnnotationSpec::Clock::recording
                     : clock == "unix"    ? AnnotationSpec::Clock::unixTime
                                          : AnnotationSpec::Clock::own;
        if (spec.unit.form == TimeUnit::Form::wall)
            spec.clock = AnnotationSpec::Clock::unixTime;
        spec.utcOffsetNs = readUtcOffset(object);
        spec.zero = object.text("zero");
        m_templates.emplace_back(object.path() + ".zero", spec.zero);
        spec.zeroUnit = readUnit(object, "zero_unit", 0);
        spec.firstSample = object.number("first", 0, -1e9, 1e9);
        spec.endInclusive = object.flag("end_inclusive");
        if (spec.endInclusive && spec.unit.form != TimeUnit::Form::samples)
            object.complain("end_inclusive", "needs \"unit\": \"samples\"");
        spec.isRequired = object.flag("required");
        return spec;
    }

    VideoSpec readVideo(ProfileObject &object)
    {
        VideoSpec spec;
        spec.name = object.text("name", "video");
        spec.isRequired = object.flag("required");
        spec.files = readFiles(object, "file", false);
        spec.images = object.pattern("images");
        spec.number = object.text("number");
        spec.rateHz = object.number("rate_hz", 0, 1e-6, 1e6);
        object.objects("times", [&](ProfileObject &times, std::size_t) {
            spec.timesOfRows = times.flag("rows");
            spec.timesFiles = readFiles(times, "file", !spec.timesOfRows);
            spec.timesColumn = times.column("column").value_or(ColumnRef{{}, 1});
            spec.timesFirst = times.whole("first", 1, -1'000'000'000, 1'000'000'000);
            spec.unit = readUnit(times, "unit", 0);
            spec.table = readTable(times, 0);
        });
        object.objects("list", [&](ProfileObject &list, std::size_t) {
            spec.listFiles = readFiles(list, "file", true);
            spec.timesColumn = list.requiredColumn("time");
            spec.listImage = list.requiredColumn("image");
            spec.listFolder = list.text("folder");
            m_templates.emplace_back(list.path() + ".folder", spec.listFolder);
            spec.unit = readUnit(list, "unit", 0);
            spec.table = readTable(list);
        });
        if (!spec.files.empty() + spec.images.has_value() + !spec.listFiles.empty() != 1)
            object.complain("", "needs exactly one of \"file\", \"images\" and \"list\"");
        if (spec.images) {
            const auto names = spec.images->captureNames();
            if (spec.number.empty() || std::ranges::find(names, spec.number) == names.end())
                object.complain("number", "must name the capture of \"images\" that counts the frames");
            if (!spec.timesOfRows && spec.timesFiles.empty() && !(spec.rateHz > 0))
                object.complain("times", "is missing, and there is no \"rate_hz\" either");
        }
        return spec;
    }

    void checkTemplates(const ImportProfile &profile)
    {
        for (const std::string_view name : kStandardNames)
            m_known.emplace(name);
        const std::vector<std::string> known(m_known.begin(), m_known.end());
        std::string allowed;
        for (const std::string &name : known)
            allowed += (allowed.empty() ? "{" : ", {") + name + "}";
        for (const auto &[place, text] : m_templates) {
            if (const auto unknown = unknownName(text, known))
                m_mistakes.push_back(place + ": nothing catches {" + unknown->substr(0, 60) + "}; known are " + allowed);
        }
        for (const auto &entry : profile.names) {
            if (!m_known.contains(entry.first))
                m_mistakes.push_back("names." + entry.first + ": nothing catches {" + entry.first + "}; known are "
                                     + allowed);
        }
    }
};

} // namespace

std::vector<std::string> ImportProfile::keyCaptures() const
{
    std::vector<std::string> keys;
    for (const FileSpec &file : files) {
        if (!file.match)
            continue;
        for (const std::string &name : file.match->captureNames()) {
            if (recording.find("{" + name + "}") != std::string::npos
                && std::ranges::find(keys, name) == keys.end())
                keys.push_back(name);
        }
    }
    return keys;
}

std::vector<std::string> ImportProfile::extensions() const
{
    std::vector<std::string> all;
    for (const FileSpec &file : files) {
        if (!file.match)
            continue;
        std::string extension = std::filesystem::path(file.match->text()).extension().string();
        if (extension.size() < 2 || extension.find_first_of("{*?") != std::string::npos)
            continue;
        extension.erase(0, 1);
        if (std::ranges::find(all, extension) == all.end())
            all.push_back(extension);
    }
    return all;
}

std::vector<std::string> profileMistakes(const nlohmann::json &json)
{
    std::vector<std::string> mistakes;
    ProfileReaderFromJson(mistakes).read(json);
    return mistakes;
}

ImportProfile parseProfile(const nlohmann::json &json, const std::filesystem::path &origin)
{
    std::vector<std::string> mistakes;
    ImportProfile profile = ProfileReaderFromJson(mistakes).read(json);
    if (mistakes.empty())
        return profile;
    std::string all = mistakes.size() == 1
                          ? "the profile has a mistake: "
                          : "the profile has " + std::to_string(mistakes.size()) + " mistakes:\n";
    for (std::size_t i = 0; i < mistakes.size(); ++i)
        all += (i ? "\n" : "") + mistakes[i];
    throw Error(origin, all);
}

} // namespace kino
