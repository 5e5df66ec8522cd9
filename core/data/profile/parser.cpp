#include "core/data/profile/parser.h"

#include "core/base/error.h"

namespace kino {
namespace {

std::string typeName(const nlohmann::json &json)
{
    if (json.is_string())
        return "a text";
    if (json.is_number())
        return "a number";
    if (json.is_boolean())
        return "true or false";
    if (json.is_array())
        return "a list";
    if (json.is_object())
        return "an object";
    return "null";
}

/** How many letters differ, for "did you mean". */
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
            diagonal = above;
        }
    }
    return row.back();
}

std::string listed(const std::vector<std::string> &words)
{
    std::string out;
    for (const std::string &word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

std::string joined(const std::string &path, const std::string &key) { return path.empty() ? key : path + "." + key; }

} // namespace

const nlohmann::json &ProfileObject::emptyObject()
{
    static const nlohmann::json empty = nlohmann::json::object();
    return empty;
}

ProfileObject::ProfileObject(const nlohmann::json &json, std::string path, std::vector<std::string> &mistakes)
    : m_json(json.is_object() ? json : emptyObject()), m_path(std::move(path)), m_mistakes(mistakes)
{
    if (!json.is_object())
        m_mistakes.push_back((m_path.empty() ? "the profile" : m_path) + ": must be an object {…}, not " + typeName(json));
}

ProfileObject::~ProfileObject()
{
    for (const auto &item : m_json.items()) {
        if (std::ranges::find(m_asked, item.key()) != m_asked.end() || item.key().starts_with("//"))
            continue;
        const std::string key = item.key().substr(0, 60);
        const auto nearest
            = std::ranges::min_element(m_asked, {}, [&](const std::string &known) { return editDistance(key, known); });
        std::string hint = "allowed are " + listed(m_asked);
        if (nearest != m_asked.end() && editDistance(key, *nearest) <= 2)
            hint = "did you mean '" + *nearest + "'?";
        complain(key, "there is no such key; " + hint);
    }
}

bool ProfileObject::has(const char *key) { return value(key) != nullptr; }

const nlohmann::json *ProfileObject::value(const char *key)
{
    if (std::ranges::find(m_asked, key) == m_asked.end())
        m_asked.emplace_back(key);
    const auto found = m_json.find(key);
    return found == m_json.end() || found->is_null() ? nullptr : &*found;
}

void ProfileObject::complain(const std::string &key, const std::string &what)
{
    m_mistakes.push_back((key.empty() ? m_path : joined(m_path, key)) + ": " + what);
}

std::string ProfileObject::text(const char *key, std::string fallback)
{
    const nlohmann::json *json = value(key);
    if (!json)
        return fallback;
    if (!json->is_string()) {
        complain(key, "must be a text, not " + typeName(*json));
        return fallback;
    }
    return json->get<std::string>();
}

std::string ProfileObject::requiredText(const char *key)
{
    if (!has(key))
        complain(key, "is missing");
    return text(key);
}

std::vector<std::string> ProfileObject::texts(const char *key)
{
    const nlohmann::json *json = value(key);
    if (!json)
        return {};
    if (json->is_string())
        return {json->get<std::string>()};
    std::vector<std::string> all;
    if (json->is_array()) {
        for (const auto &entry : *json) {
            if (entry.is_string())
                all.push_back(entry.get<std::string>());
            else
                complain(key, "must hold texts only, not " + typeName(entry));
        }
        return all;
    }
    complain(key, "must be a text or a list of texts, not " + typeName(*json));
    return all;
}

double ProfileObject::number(const char *key, double fallback, double least, double most)
{
    const nlohmann::json *json = value(key);
    if (!json)
        return fallback;
    if (!json->is_number()) {
        complain(key, "must be a number, not " + typeName(*json));
        return fallback;
    }
    const auto number = json->get<double>();
    if (!(number >= least && number <= most)) {
        complain(key, "is out of range");
        return fallback;
    }
    return number;
}

std::int64_t ProfileObject::whole(const char *key, std::int64_t fallback, std::int64_t least, std::int64_t most)
{
    const nlohmann::json *json = value(key);
    if (!json)
        return fallback;
    if (!json->is_number_integer()) {
        complain(key, "must be a whole number, not " + typeName(*json));
        return fallback;
    }
    const auto number = json->get<std::int64_t>();
    if (number < least || number > most) {
        complain(key, "must be from " + std::to_string(least) + " to " + std::to_string(most));
        return fallback;
    }
    return number;
}

bool ProfileObject::flag(const char *key, bool fallback)
{
    const nlohmann::json *json = value(key);
    if (!json)
        return fallback;
    if (!json->is_boolean())
        complain(key, "must be true or false, not " + typeName(*json));
    return json->is_boolean() ? json->get<bool>() : fallback;
}

std::map<std::string, std::string> ProfileObject::map(const char *key)
{
    const nlohmann::json *json = value(key);
    std::map<std::string, std::string> all;
    if (!json)
        return all;
    if (!json->is_object()) {
        complain(key, "must be an object of texts, not " + typeName(*json));
        return all;
    }
    for (const auto &item : json->items()) {
        if (item.value().is_string())
            all[item.key()] = item.value().get<std::string>();
        else if (item.value().is_number_integer())
            all[item.key()] = item.value().dump();
        else
            complain(joined(key, item.key()), "must be a text, not " + typeName(item.value()));
    }
    return all;
}

std::string ProfileObject::choice(const char *key, std::span<const std::string_view> choices)
{
    const std::string found = text(key, std::string(choices.front()));
    if (std::ranges::find(choices, found) != choices.end())
        return found;
    complain(key, "'" + found + "' is not possible; allowed are "
                      + listed(std::vector<std::string>(choices.begin(), choices.end())));
    return std::string(choices.front());
}

std::optional<ColumnRef> parseColumn(const nlohmann::json &json, const std::string &path,
                                     std::vector<std::string> &mistakes)
{
    if (json.is_string() && !json.get<std::string>().empty())
        return ColumnRef{json.get<std::string>(), 0};
    if (json.is_number_integer() && json.get<std::int64_t>() >= 1
        && json.get<std::int64_t>() <= static_cast<std::int64_t>(kMostColumns))
        return ColumnRef{{}, json.get<std::size_t>()};
    mistakes.push_back(path + ": must be a column's name or its position, counted from 1");
    return std::nullopt;
}

std::optional<ColumnRef> ProfileObject::column(const char *key)
{
    const nlohmann::json *json = value(key);
    return json ? parseColumn(*json, joined(m_path, key), m_mistakes) : std::nullopt;
}

ColumnRef ProfileObject::requiredColumn(const char *key)
{
    if (!has(key))
        complain(key, "is missing");
    return column(key).value_or(ColumnRef{{}, 1});
}

std::optional<NamePattern> ProfileObject::pattern(const char *key)
{
    const std::string found = text(key);
    if (found.empty())
        return std::nullopt;
    try {
        return NamePattern(found);
    } catch (const Error &error) {
        complain(key, error.sentence());
        return std::nullopt;
    }
}

void ProfileObject::objects(const char *key, const std::function<void(ProfileObject &, std::size_t)> &each)
{
    const nlohmann::json *json = value(key);
    if (!json)
        return;
    if (json->is_array()) {
        for (std::size_t i = 0; i < json->size(); ++i) {
            ProfileObject object((*json)[i], joined(m_path, key) + "[" + std::to_string(i) + "]", m_mistakes);
            each(object, i);
        }
        return;
    }
    ProfileObject object(*json, joined(m_path, key), m_mistakes);
    each(object, 0);
}

} // namespace kino
