// The parts of a profile's JSON that its sections have in common: tables, units of time, filters, files beside. Used by
// file_schema.h and import_profile.cpp only.
#pragma once

#include "core/data/profile/parser.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kino {

class ProfileSchema {
public:
    explicit ProfileSchema(std::vector<std::string> &mistakes) : m_mistakes(mistakes) {}

protected:
    char oneCharacter(ProfileObject &object, const char *key, const std::string &text, char fallback);
    TableSpec readTable(ProfileObject &owner, std::int64_t defaultHeader = 1);
    TimeUnit readUnit(ProfileObject &object, const char *key, double rateHz, std::string_view fallback = "s");
    Nanos readUtcOffset(ProfileObject &object, bool *isKnown = nullptr);
    std::vector<RowFilter> readFilters(ProfileObject &owner, const char *key);
    std::vector<std::string> readFiles(ProfileObject &object, const char *key, bool required);
    bool readIsJson(ProfileObject &object);
    TierKind readTierKind(ProfileObject &object);

    std::vector<std::string> &m_mistakes;
    std::set<std::string> m_known; // captures and looked-up names that templates may use
    std::vector<std::pair<std::string, std::string>> m_templates; // place, text
};

/** The "table" of a profile that reads tables laid out like this; what a profile takes for granted is left out. */
nlohmann::json tableLayoutJson(const TableLayout &layout);

} // namespace kino
