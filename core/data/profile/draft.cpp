#include "core/data/profile/draft.h"

#include "core/data/profile/schema.h"
#include "core/data/profile/sidecars.h"

#include <map>

namespace kino {
namespace {

std::string unitText(const TimeUnit &unit)
{
    switch (unit.form) {
    case TimeUnit::Form::samples: return "samples";
    case TimeUnit::Form::wall: return unit.pattern.empty() ? "iso8601" : unit.pattern;
    case TimeUnit::Form::decimal: break;
    }
    return unit.exponent == 9 ? "s" : unit.exponent == 6 ? "ms" : unit.exponent == 3 ? "us" : "ns";
}

/** Whether a draft holds all that the profile says. */
bool isPlain(const ImportProfile &profile)
{
    if (!profile.lookups.empty() || !profile.annotations.empty() || !profile.videos.empty() || !profile.notes.empty() || !profile.assumed.empty()
        || !profile.names.empty() || !profile.recording.empty() || profile.files.size() != 1)
        return false;
    const FileSpec &file = profile.files.front();
    if (file.split || !file.partCapture.empty() || !file.when.empty() || file.time.wrapsAt != 0
        || file.time.epoch == TimeEpoch::anchored || file.labels.size() > 1)
        return false;
    if (!file.labels.empty()) {
        const LabelSpec &label = file.labels.front();
        if (!label.column || label.kind != TierKind::label || !label.names.empty() || !label.ignore.empty())
            return false;
    }
    return std::ranges::all_of(file.streams, [](const StreamSpec &stream) {
        return stream.where.empty() && stream.devices.empty() && !stream.isOptional && stream.fullScale == 0
               && std::ranges::all_of(stream.axes, [](const AxisSpec &axis) { return axis.columns.size() == 1; });
    });
}

nlohmann::json columnJson(const ProfileDraft &draft, std::size_t index)
{
    const std::string &name = draft.columns[index].name;
    if (draft.layout.headerRows == 0 || name.empty() || std::ranges::count(draft.columns, name, &ColumnDraft::name) > 1)
        return index + 1;
    return name;
}

nlohmann::json tableJson(const ProfileDraft &draft)
{
    nlohmann::json table = tableLayoutJson(draft.layout);
    if (!draft.missing.empty())
        table["missing"] = draft.missing;
    return table;
}

nlohmann::json timeJson(const ProfileDraft &draft)
{
    const auto column = draft.timeColumn();
    if (!column)
        return {{"rate_hz", draft.time.rateHz}};
    nlohmann::json time{{"column", columnJson(draft, *column)}, {"unit", draft.time.unit}};
    if (draft.time.unit == "samples")
        time["rate_hz"] = draft.time.rateHz;
    const bool isWall = draft.time.unit == "iso8601" || draft.time.unit.find('%') != std::string::npos;
    if (draft.time.isUnix && !isWall)
        time["epoch"] = "unix";
    if (!draft.time.utcOffset.empty())
        time["utc_offset"] = draft.time.utcOffset;
    return time;
}

/** The columns of one sensor, in the order of the file. */
std::vector<std::vector<std::size_t>> sensorsOf(const ProfileDraft &draft)
{
    std::vector<std::vector<std::size_t>> sensors;
    for (std::size_t i = 0; i < draft.columns.size(); ++i) {
        if (draft.columns[i].use != ColumnUse::sensor)
            continue;
        const auto same = std::ranges::find_if(
            sensors, [&](const auto &sensor) { return draft.columns[sensor.front()].isSameSensor(draft.columns[i]); });
        if (same == sensors.end())
            sensors.push_back({i});
        else
            same->push_back(i);
    }
    // Axes in their usual order, whatever that of the columns is.
    for (auto &sensor : sensors) {
        const std::vector<std::string> usual = usualAxes(draft.columns[sensor.front()].kind);
        std::ranges::stable_sort(sensor, {}, [&](std::size_t i) { return std::ranges::find(usual, draft.columns[i].axis) - usual.begin(); });
    }
    return sensors;
}

nlohmann::json streamJson(const ProfileDraft &draft, const std::vector<std::size_t> &sensor)
{
    const ColumnDraft &first = draft.columns[sensor.front()];
    nlohmann::json stream{{"kind", streamKindName(first.kind)}};
    if (!first.variant.empty())
        stream["variant"] = first.variant;
    if (!first.device.empty())
        stream["device"] = first.device;
    if (!first.unit.empty())
        stream["unit"] = first.unit;
    const bool isAlike = std::ranges::all_of(sensor, [&](std::size_t i) {
        return draft.columns[i].scale == first.scale && draft.columns[i].offset == first.offset;
    });
    if (isAlike && first.scale != 1)
        stream["scale"] = first.scale;
    if (isAlike && first.offset != 0)
        stream["offset"] = first.offset;
    stream["columns"] = nlohmann::json::array();
    for (const std::size_t i : sensor) {
        const ColumnDraft &column = draft.columns[i];
        nlohmann::json entry = columnJson(draft, i);
        if (!isAlike) {
            entry = {{"column", entry}};
            if (column.scale != 1)
                entry["scale"] = column.scale;
            if (column.offset != 0)
                entry["offset"] = column.offset;
        }
        stream["columns"].push_back(std::move(entry));
    }
    stream["axes"] = nlohmann::json::array();
    for (const std::size_t i : sensor)
        stream["axes"].push_back(draft.columns[i].axis);
    return stream;
}

std::string columnName(const ProfileDraft &draft, std::size_t index)
{
    const std::string &name = draft.columns[index].name;
    return name.empty() ? "column " + std::to_string(index + 1) : "'" + name + "'";
}

} // namespace

bool ColumnDraft::isSameSensor(const ColumnDraft &other) const
{
    return use == ColumnUse::sensor && other.use == ColumnUse::sensor && kind == other.kind && variant == other.variant
           && device == other.device;
}

std::optional<std::size_t> ProfileDraft::timeColumn() const
{
    const auto found = std::ranges::find(columns, ColumnUse::time, &ColumnDraft::use);
    if (found == columns.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
}

std::vector<std::string> usualAxes(StreamKind kind)
{
    switch (kind) {
    case StreamKind::orientation: return {"w", "x", "y", "z"};
    case StreamKind::barometer:
    case StreamKind::temperature: return {"value"};
    case StreamKind::other: return {};
    default: return {"x", "y", "z"};
    }
}

std::optional<ProfileDraft> draftOf(const ImportProfile &profile, std::span<const std::string> names, std::size_t width)
{
    if (!isPlain(profile))
        return std::nullopt;
    const FileSpec &file = profile.files.front();
    ProfileDraft draft;
    draft.name = profile.name;
    draft.title = profile.title;
    draft.about = profile.about;
    draft.match = file.match ? file.match->text() : "*";
    draft.device = file.device;
    draft.subject = profile.subject;
    draft.layout = file.table.layout;
    draft.missing = file.table.missing;
    draft.columns.resize(std::max(width, names.size()));
    for (std::size_t i = 0; i < names.size(); ++i)
        draft.columns[i].name = names[i];
    // A column may be used once: what uses one twice is more than a draft can hold.
    const auto use = [&](const ColumnRef &ref) -> ColumnDraft * {
        const auto index = resolveColumn(ref, names);
        if (!index || *index >= kMostColumns)
            return nullptr;
        if (*index >= draft.columns.size())
            draft.columns.resize(*index + 1);
        ColumnDraft &column = draft.columns[*index];
        return column.use == ColumnUse::ignored ? &column : nullptr;
    };
    if (file.time.column) {
        ColumnDraft *column = use(*file.time.column);
        if (!column)
            return std::nullopt;
        column->use = ColumnUse::time;
        draft.time.unit = unitText(file.time.unit);
    }
    if (file.time.unit.rateHz > 0)
        draft.time.rateHz = file.time.unit.rateHz;
    draft.time.isUnix = file.time.epoch == TimeEpoch::unixTime;
    if (profile.source.contains("files")) {
        const nlohmann::json &files = profile.source["files"];
        const nlohmann::json &source = files.is_array() ? files.at(0) : files;
        const nlohmann::json &time = source["time"].is_array() ? source["time"].at(0) : source["time"];
        draft.time.utcOffset = time.value("utc_offset", std::string());
    }
    for (const StreamSpec &stream : file.streams) {
        for (const AxisSpec &axis : stream.axes) {
            ColumnDraft *column = use(axis.columns.front());
            if (!column)
                return std::nullopt;
            const std::string name = column->name;
            *column = {name, ColumnUse::sensor, stream.kind, stream.variant, axis.axis, stream.device, stream.unit, axis.scale, axis.offset};
        }
    }
    if (!file.labels.empty()) {
        ColumnDraft *column = use(*file.labels.front().column);
        if (!column)
            return std::nullopt;
        column->use = ColumnUse::label;
        draft.tier = file.labels.front().tier;
    }
    return draft;
}

nlohmann::json profileOf(const ProfileDraft &draft)
{
    nlohmann::json file{{"match", draft.match}, {"table", tableJson(draft)}, {"time", timeJson(draft)}};
    file["streams"] = nlohmann::json::array();
    for (const auto &sensor : sensorsOf(draft))
        file["streams"].push_back(streamJson(draft, sensor));
    for (std::size_t i = 0; i < draft.columns.size(); ++i) {
        if (draft.columns[i].use == ColumnUse::label)
            file["labels"] = {{"column", columnJson(draft, i)}, {"tier", draft.tier}};
    }
    nlohmann::json profile{{"kinoscope_profile", 1}, {"name", draft.name}, {"files", nlohmann::json::array({file})}};
    if (!draft.title.empty())
        profile["title"] = draft.title;
    if (!draft.about.empty())
        profile["about"] = draft.about;
    if (!draft.device.empty())
        profile["device"] = draft.device;
    if (!draft.subject.empty())
        profile["subject"] = draft.subject;
    return profile;
}

std::vector<std::string> draftMistakes(const ProfileDraft &draft)
{
    std::vector<std::string> mistakes;
    const auto uses = [&](ColumnUse use) { return std::ranges::count(draft.columns, use, &ColumnDraft::use); };
    if (draft.layout.decimal == draft.layout.separator)
        mistakes.emplace_back("Decimal sign and separator are the same; choose another of one of them.");
    if (uses(ColumnUse::time) > 1)
        mistakes.emplace_back("More than one column is the time; only one can be.");
    if (uses(ColumnUse::label) > 1)
        mistakes.emplace_back("More than one column is the label; only one can be.");
    if (uses(ColumnUse::sensor) == 0)
        mistakes.emplace_back("No column is a sensor yet: say of one what it measures.");
    if (!draft.timeColumn() && !(draft.time.rateHz > 0))
        mistakes.emplace_back("Without a time column the rate must be above 0 Hz.");
    for (const auto &sensor : sensorsOf(draft)) {
        const ColumnDraft &first = draft.columns[sensor.front()];
        const std::string kind(streamKindName(first.kind));
        std::map<std::string, std::size_t> axes;
        for (const std::size_t i : sensor) {
            const auto [known, isNew] = axes.try_emplace(draft.columns[i].axis, i);
            if (!isNew)
                mistakes.push_back(columnName(draft, known->second) + " and " + columnName(draft, i) + " are both " + kind + " "
                                   + draft.columns[i].axis + "; give one another axis or device.");
            if (draft.columns[i].unit != first.unit)
                mistakes.push_back(columnName(draft, sensor.front()) + " and " + columnName(draft, i) + " are one " + kind
                                   + " but have two units; give them one.");
        }
        if (sensor.size() > 64)
            mistakes.push_back("One " + kind + " has " + std::to_string(sensor.size()) + " columns; 64 are the most.");
    }
    if (mistakes.empty())
        mistakes = profileMistakes(profileOf(draft));
    return mistakes;
}

std::string suggestedMatch(const std::filesystem::path &path, const ProfileDraft &draft)
{
    const auto plain = [](std::string text) {
        for (char &c : text)
            c = std::string_view("{}*?").find(c) == std::string_view::npos ? c : '?';
        return text;
    };
    const std::string extension = plain(path.extension().string());
    const bool isNamed = draft.layout.headerRows > 0
                         && std::ranges::any_of(draft.columns, [](const ColumnDraft &column) { return column.use != ColumnUse::ignored && !column.name.empty(); });
    if (isNamed)
        return "*" + extension;
    std::string stem;
    for (const char c : plain(path.stem().string())) {
        const bool isDigit = c >= '0' && c <= '9';
        if (!isDigit)
            stem += c;
        else if (stem.empty() || stem.back() != '*')
            stem += '*';
    }
    return stem + extension;
}

std::string suggestedProfileName(const std::filesystem::path &path)
{
    std::string name;
    for (const char c : path.stem().string()) {
        const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        const bool isLetter = low >= 'a' && low <= 'z';
        if (isLetter)
            name += low;
        else if (!name.empty() && name.back() != '-')
            name += '-';
        if (name.size() >= 40)
            break;
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return name.empty() || name == "guess" ? "my-format" : name;
}

} // namespace kino
