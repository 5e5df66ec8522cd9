#include "core/data/formats/annotation_file.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/table/csv_text.h"
#include "core/data/table/trimmed.h"

#include <charconv>
#include <limits>

namespace kino {
namespace {

/** Beyond ±100 years of nanoseconds nothing is a time on a recording's clock. */
constexpr double kMostSeconds = 3.2e9;

struct Columns {
    std::size_t tier = 0, start = 0, end = 0, label = 0;
    bool areSeconds = false;
};

Columns columnsOf(const std::filesystem::path &path, const CsvRow &header)
{
    std::map<std::string, std::size_t> places;
    for (std::size_t index = 0; index < header.fields.size(); ++index)
        places.emplace(std::string(trimmed(header.fields[index])), index);
    const auto has = [&](const char *name) { return places.contains(name); };
    if (!has("tier") || !has("label") || !((has("start_ns") && has("end_ns")) || (has("start_s") && has("end_s"))))
        throw Error(path, header.line, "the first line must name the columns tier,start_ns,end_ns,label");
    const bool areSeconds = !(has("start_ns") && has("end_ns"));
    return {places["tier"], places[areSeconds ? "start_s" : "start_ns"], places[areSeconds ? "end_s" : "end_ns"],
            places["label"], areSeconds};
}

std::optional<Nanos> parseTime(const std::string &field, bool isSeconds)
{
    const std::string_view text = trimmed(field);
    const char *end = text.data() + text.size();
    if (isSeconds) {
        double value = 0;
        const auto [at, failure] = std::from_chars(text.data(), end, value);
        const bool isSound = failure == std::errc() && at == end && std::abs(value) < kMostSeconds;
        return isSound ? std::optional(fromSeconds(value)) : std::nullopt;
    }
    Nanos value = 0;
    const auto [at, failure] = std::from_chars(text.data(), end, value);
    return failure == std::errc() && at == end ? std::optional(value) : std::nullopt;
}

AnnotationTier &tierNamed(std::vector<AnnotationTier> &tiers, const std::string &name)
{
    const auto found = std::ranges::find(tiers, name, &AnnotationTier::name);
    return found != tiers.end() ? *found : tiers.emplace_back(AnnotationTier{name, TierKind::label, {}});
}

} // namespace

void writeAnnotationCsv(const std::filesystem::path &path, const std::vector<AnnotationTier> &tiers)
{
    std::string text = "tier,start_ns,end_ns,label\n";
    for (const AnnotationTier &tier : tiers) {
        for (const Annotation &annotation : tier.annotations) {
            text += csvField(tier.name) + "," + std::to_string(annotation.start.ns) + "," +
                std::to_string(annotation.end.ns) + "," + csvField(annotation.label) + "\n";
        }
    }
    writeFileAtomically(path, text);
}

std::vector<AnnotationTier> readAnnotationCsv(const std::filesystem::path &path)
{
    const std::vector<CsvRow> rows = parseCsv(readTextFile(path));
    if (rows.empty())
        throw Error(path, "is empty; it needs the header tier,start_ns,end_ns,label and a row per annotation");
    const Columns columns = columnsOf(path, rows.front());
    std::vector<AnnotationTier> tiers;
    for (const CsvRow &row : std::span(rows).subspan(1)) {
        if (row.fields.size() <= std::max({columns.tier, columns.start, columns.end, columns.label}))
            throw Error(path, row.line, "this row has fewer columns than the header");
        const auto start = parseTime(row.fields[columns.start], columns.areSeconds);
        const auto end = parseTime(row.fields[columns.end], columns.areSeconds);
        if (!start || !end)
            throw Error(path, row.line, std::string("a time is no ") +
                                            (columns.areSeconds ? "decimal number of seconds" : "whole number of nanoseconds"));
        if (*end < *start)
            throw Error(path, row.line, "this annotation ends before it starts");
        if (row.fields[columns.tier].empty())
            throw Error(path, row.line, "this annotation names no tier");
        tierNamed(tiers, row.fields[columns.tier]).annotations.push_back({{*start}, {*end}, row.fields[columns.label]});
    }
    for (AnnotationTier &tier : tiers)
        std::ranges::stable_sort(tier.annotations, {}, &Annotation::start);
    return tiers;
}

std::vector<AnnotationTier> readAnnotationFile(const std::filesystem::path &path)
{
    if (path.extension() == ".csv")
        return readAnnotationCsv(path);
    if (path.extension() == ".eaf")
        return readEaf(path);
    throw Error(path, "annotations are read from .csv and .eaf files only");
}

} // namespace kino
