#include "core/data/profile/schema.h"

#include "core/data/table/wall_time.h"

namespace kino {

char ProfileSchema::oneCharacter(ProfileObject &object, const char *key, const std::string &text, char fallback)
{
    if (text.size() == 1 && text[0] != '\n')
        return text[0];
    object.complain(key, "must be a single character");
    return fallback;
}

TableSpec ProfileSchema::readTable(ProfileObject &owner, std::int64_t defaultHeader)
{
    TableSpec spec;
    spec.layout.headerRows = static_cast<std::size_t>(defaultHeader);
    owner.objects("table", [&](ProfileObject &object, std::size_t) {
        const std::string separator = object.text("separator", ",");
        if (separator == "tab")
            spec.layout.separator = '\t';
        else if (separator == "whitespace" || separator == " ")
            spec.layout.separator = ' ';
        else
            spec.layout.separator = oneCharacter(object, "separator", separator, ',');
        const std::string decimal = object.text("decimal", ".");
        spec.layout.decimal = decimal == "," ? ',' : '.';
        if (decimal != "," && decimal != ".")
            object.complain("decimal", "must be \".\" or \",\"");
        if (spec.layout.decimal == spec.layout.separator)
            object.complain("decimal", "must differ from the separator");
        const std::string quote = object.text("quote", "\"");
        spec.layout.quote = quote.empty() ? '\0' : oneCharacter(object, "quote", quote, '"');
        const std::string rowEnd = object.text("row_end");
        spec.layout.rowEnd = rowEnd.empty() ? '\0' : oneCharacter(object, "row_end", rowEnd, '\0');
        spec.layout.comment = object.text("comment");
        spec.layout.skipLines = static_cast<std::size_t>(object.whole("skip_lines", 0, 0, 100'000));
        spec.layout.headerRows = static_cast<std::size_t>(object.whole("header", defaultHeader, 0, 10));
        spec.missing = object.texts("missing");
    });
    return spec;
}

TimeUnit ProfileSchema::readUnit(ProfileObject &object, const char *key, double rateHz, std::string_view fallback)
{
    TimeUnit unit;
    const std::string text = object.text(key, std::string(fallback));
    if (text == "s")
        unit.exponent = 9;
    else if (text == "ms")
        unit.exponent = 6;
    else if (text == "us")
        unit.exponent = 3;
    else if (text == "ns")
        unit.exponent = 0;
    else if (text == "samples") {
        unit.form = TimeUnit::Form::samples;
        unit.rateHz = rateHz;
        if (!(rateHz > 0))
            object.complain(key, "is \"samples\": say \"rate_hz\" too");
    } else if (text == "iso8601") {
        unit.form = TimeUnit::Form::wall;
    } else if (text.find('%') != std::string::npos) {
        unit.form = TimeUnit::Form::wall;
        unit.pattern = text;
    } else {
        object.complain(key, "'" + text
                                 + "' is not possible; allowed are s, ms, us, ns, samples, iso8601 or a pattern such"
                                   " as %d/%m/%Y %H:%M:%S.%f");
    }
    return unit;
}

Nanos ProfileSchema::readUtcOffset(ProfileObject &object, bool *isKnown)
{
    const std::string text = object.text("utc_offset");
    if (text.empty())
        return 0;
    const auto offset = parseUtcOffset(text);
    if (!offset)
        object.complain("utc_offset", "must be like \"+09:00\"");
    if (isKnown)
        *isKnown = offset.has_value();
    return offset.value_or(0);
}

std::vector<RowFilter> ProfileSchema::readFilters(ProfileObject &owner, const char *key)
{
    std::vector<RowFilter> filters;
    owner.objects(key, [&](ProfileObject &object, std::size_t) {
        RowFilter filter;
        filter.column = object.requiredColumn("column");
        const nlohmann::json *equals = object.value("equals");
        if (!equals)
            object.complain("equals", "is missing");
        else if (equals->is_number_integer())
            filter.values = {equals->dump()};
        else
            filter.values = object.texts("equals");
        for (const std::string &value : filter.values)
            m_templates.emplace_back(object.path() + ".equals", value);
        filters.push_back(std::move(filter));
    });
    return filters;
}

std::vector<std::string> ProfileSchema::readFiles(ProfileObject &object, const char *key, bool required)
{
    std::vector<std::string> files = object.texts(key);
    if (files.empty() && required)
        object.complain(key, "is missing");
    for (const std::string &file : files) {
        m_templates.emplace_back(object.path() + "." + key, file);
        if (file.empty() || file.front() == '/')
            object.complain(key, "must be a path relative to the recording's folder");
    }
    return files;
}

bool ProfileSchema::readIsJson(ProfileObject &object)
{
    static constexpr std::string_view kFormats[] = {"table", "json"};
    return object.choice("format", kFormats) == "json";
}

TierKind ProfileSchema::readTierKind(ProfileObject &object)
{
    static constexpr std::string_view kKinds[] = {"label", "text"};
    return object.choice("kind", kKinds) == "text" ? TierKind::text : TierKind::label;
}

nlohmann::json tableLayoutJson(const TableLayout &layout)
{
    const std::string separator = layout.separator == '\t'  ? std::string("tab")
                                  : layout.separator == ' ' ? std::string("whitespace")
                                                            : std::string(1, layout.separator);
    nlohmann::json table{{"separator", separator}, {"header", layout.headerRows}};
    if (layout.decimal != '.')
        table["decimal"] = std::string(1, layout.decimal);
    if (!layout.comment.empty())
        table["comment"] = layout.comment;
    if (layout.skipLines > 0)
        table["skip_lines"] = layout.skipLines;
    if (layout.rowEnd != '\0')
        table["row_end"] = std::string(1, layout.rowEnd);
    if (layout.quote != '"')
        table["quote"] = layout.quote == '\0' ? std::string() : std::string(1, layout.quote);
    return table;
}

} // namespace kino
