// Walks through a profile's JSON, notes every mistake with its place and goes on.
#pragma once

#include "core/data/profile/import_profile.h"

namespace kino {

/** One object of the JSON: asks for keys by name and, when done, complains about keys nobody asked for. */
class ProfileObject {
public:
    ProfileObject(const nlohmann::json &json, std::string path, std::vector<std::string> &mistakes);
    ~ProfileObject();
    ProfileObject(const ProfileObject &) = delete;
    ProfileObject &operator=(const ProfileObject &) = delete;

    const std::string &path() const { return m_path; }
    bool has(const char *key);
    /** nullptr where the key is absent. */
    const nlohmann::json *value(const char *key);
    void complain(const std::string &key, const std::string &what);

    std::string text(const char *key, std::string fallback = {});
    std::string requiredText(const char *key);
    std::vector<std::string> texts(const char *key); // one text or a list
    double number(const char *key, double fallback, double least, double most);
    std::int64_t whole(const char *key, std::int64_t fallback, std::int64_t least, std::int64_t most);
    bool flag(const char *key, bool fallback = false);
    std::map<std::string, std::string> map(const char *key);
    /** One of the choices; the first where absent. */
    std::string choice(const char *key, std::span<const std::string_view> choices);
    std::optional<ColumnRef> column(const char *key);
    ColumnRef requiredColumn(const char *key);
    std::optional<NamePattern> pattern(const char *key);
    /** Calls `each(object, index)` for the objects of a list; a single object counts as a list of one. */
    void objects(const char *key, const std::function<void(ProfileObject &, std::size_t)> &each);
    std::vector<std::string> &mistakes() { return m_mistakes; }

private:
    static const nlohmann::json &emptyObject();

    const nlohmann::json &m_json;
    std::string m_path;
    std::vector<std::string> &m_mistakes;
    std::vector<std::string> m_asked;
};

/** A name or a position from 1; complains and gives nothing otherwise. */
std::optional<ColumnRef> parseColumn(const nlohmann::json &json, const std::string &path,
                                     std::vector<std::string> &mistakes);

} // namespace kino
