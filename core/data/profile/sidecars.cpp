#include "core/data/profile/sidecars.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/table/number_text.h"
#include "core/data/table/trimmed.h"
#include "core/data/table/wall_time.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

std::optional<double> asNumber(std::string_view text)
{
    const DecimalText number = scanDecimal(text.data(), text.data() + text.size(), '.');
    if (number.end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return toDouble(number);
}

bool equalLetters(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
        return lower(x) == lower(y);
    });
}

const nlohmann::json *walk(const nlohmann::json &root, std::string_view path)
{
    const nlohmann::json *at = &root;
    for (std::size_t from = 0; from < path.size();) {
        const std::size_t slash = std::min(path.find('/', from), path.size());
        const std::string key(path.substr(from, slash - from));
        from = slash + 1;
        if (at->is_object() && at->contains(key)) {
            at = &(*at)[key];
        } else if (at->is_array()) {
            const auto index = asNumber(key);
            if (!index || *index < 0 || *index >= static_cast<double>(at->size()))
                return nullptr;
            at = &(*at)[static_cast<std::size_t>(*index)];
        } else {
            return nullptr;
        }
    }
    return at;
}

std::optional<std::string> jsonText(const nlohmann::json *json)
{
    if (!json || json->is_null() || json->is_structured())
        return std::nullopt;
    return json->is_string() ? json->get<std::string>() : json->dump();
}

bool passesAll(const RowField &field, std::span<const RowFilter> filters, const Captures &captures)
{
    return std::ranges::all_of(filters, [&](const RowFilter &filter) {
        const auto value = field(filter.column);
        return value && passesFilter(*value, filter, captures);
    });
}

} // namespace

std::optional<fs::path> findSidecar(const fs::path &base, std::span<const std::string> templates,
                                    const Captures &captures)
{
    for (const std::string &entry : templates) {
        if (!canFillIn(entry, captures))
            continue;
        const std::string name = fillIn(entry, captures);
        std::error_code ignored;
        if (name.empty())
            continue;
        if (name.find_first_of("*?") == std::string::npos) {
            const fs::path path = (base / name).lexically_normal();
            if (fs::is_regular_file(path, ignored))
                return path;
            continue;
        }
        try {
            const auto found = NamePattern(name).find(base);
            if (!found.empty())
                return found.front().first;
        } catch (const Error &) {
            // A capture may hold characters that make no pattern; then no file has that name either.
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> resolveColumn(const ColumnRef &ref, std::span<const std::string> names)
{
    if (ref.position > 0)
        return ref.position - 1;
    const std::string_view wanted = trimmed(ref.name);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (trimmed(names[i]) == wanted)
            return i;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (equalLetters(trimmed(names[i]), wanted))
            return i;
    }
    return std::nullopt;
}

bool passesFilter(std::string_view field, const RowFilter &filter, const Captures &captures)
{
    const std::string_view found = trimmed(field);
    for (const std::string &value : filter.values) {
        // What is not known equals nothing, not even an empty field.
        if (!canFillIn(value, captures))
            continue;
        const std::string wanted = fillIn(value, captures);
        if (found == wanted)
            return true;
        const auto a = asNumber(found);
        const auto b = asNumber(wanted);
        if (a && b && *a == *b)
            return true;
    }
    return false;
}

std::optional<Nanos> parseTime(std::string_view text, const TimeUnit &unit, Nanos utcOffsetNs, char decimal)
{
    text = trimmed(text);
    if (unit.form == TimeUnit::Form::wall) {
        const auto time = unit.pattern.empty() ? parseIsoTime(text) : parseWallTime(text, unit.pattern);
        if (!time)
            return std::nullopt;
        return time->zoned ? time->ns : time->ns - utcOffsetNs;
    }
    const DecimalText number = scanDecimal(text.data(), text.data() + text.size(), decimal);
    if (!number.end || number.end != text.data() + text.size())
        return std::nullopt;
    if (unit.form == TimeUnit::Form::samples) {
        const double ns = toDouble(number) * 1e9 / unit.rateHz;
        return std::abs(ns) < 4e18 ? std::optional(static_cast<Nanos>(std::llround(ns))) : std::nullopt;
    }
    bool fits = true;
    const Nanos ns = toWhole(number, unit.exponent, fits);
    return fits ? std::optional(ns) : std::nullopt;
}

void forEachSidecarRow(const fs::path &path, const TableSpec &table, std::span<const RowFilter> filters,
                       const Captures &captures, const std::function<void(std::int64_t, const RowField &)> &row)
{
    const TextFile file = TextFile::open(path);
    const TableHeader header = readTableHeader(path, file.text(), table.layout);
    const auto needed = [&](const ColumnRef &column) {
        if (!resolveColumn(column, header.names))
            throw Error(path, "there is no column '" + column.name + "' in its header");
    };
    for (const RowFilter &filter : filters)
        needed(filter.column);
    forEachRow(path, file.text(), table.layout, header, [&](std::int64_t line, std::span<const std::string> fields) {
        const RowField field = [&](const ColumnRef &column) -> std::optional<std::string> {
            const auto index = resolveColumn(column, header.names);
            return index && *index < fields.size() ? std::optional(fields[*index]) : std::nullopt;
        };
        if (passesAll(field, filters, captures))
            row(line, field);
    });
    file.checkWhole();
}

void forEachJsonItem(const fs::path &path, std::span<const std::string> items, std::span<const RowFilter> filters,
                     const Captures &captures, const std::function<void(std::int64_t, const RowField &)> &row)
{
    const nlohmann::json root = readJsonFile(path);
    const nlohmann::json *list = items.empty() ? &root : nullptr;
    for (const std::string &place : items) {
        if (!list)
            list = walk(root, fillIn(place, captures));
    }
    if (!list)
        return;
    if (!list->is_array())
        throw Error(path, "the place that should hold a list of annotations holds something else");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const nlohmann::json &item = (*list)[i];
        const RowField field = [&](const ColumnRef &column) {
            return jsonText(walk(item, column.position ? std::to_string(column.position - 1) : column.name));
        };
        if (passesAll(field, filters, captures))
            row(static_cast<std::int64_t>(i + 1), field);
    }
}

Captures withLookups(const ImportProfile &profile, const fs::path &base, Captures captures,
                     std::vector<fs::path> *filesRead, ImportReport *report)
{
    for (const LookupSpec &lookup : profile.lookups) {
        const auto path = findSidecar(base, lookup.files, captures);
        if (!path)
            continue;
        try {
            Captures found;
            const auto keep = [&](const std::string &name, std::optional<std::string> value) {
                if (value && lookup.takesLast)
                    found[name] = *value;
                else if (value)
                    found.emplace(name, *value);
            };
            if (lookup.isJson) {
                const nlohmann::json root = readJsonFile(*path);
                for (const auto &[name, column] : lookup.values)
                    keep(name, jsonText(walk(root, column.name)));
            } else {
                forEachSidecarRow(*path, lookup.table, lookup.rows, captures, [&](std::int64_t, const RowField &field) {
                    for (const auto &[name, column] : lookup.values)
                        keep(name, field(column));
                });
            }
            captures.merge(found);
            if (filesRead && std::ranges::find(*filesRead, *path) == filesRead->end())
                filesRead->push_back(*path);
        } catch (const Error &error) {
            if (report)
                report->push_back({Severity::warning, *path, error.line(), "sidecar", 1,
                                   "what should be looked up there is not known: " + error.sentence()});
        }
    }
    return captures;
}

Captures withNames(const ImportProfile &profile, Captures captures)
{
    for (auto &[capture, value] : captures) {
        const auto names = profile.names.find(capture);
        if (names == profile.names.end())
            continue;
        const auto name = names->second.find(value);
        if (name != names->second.end())
            value = name->second;
    }
    return captures;
}

} // namespace kino
