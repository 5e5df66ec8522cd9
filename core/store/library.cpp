#include "core/store/library.h"

#include "core/store/project.h"
#include "core/store/recording_rows.h"

#include <algorithm>

namespace kino {
namespace {

constexpr char kUnit = '\x1f'; // between values of a list
constexpr char kRecord = '\x1e'; // between fields of a value

std::vector<std::string> split(const std::string &text, char separator)
{
    std::vector<std::string> parts;
    if (text.empty())
        return parts;
    for (std::size_t from = 0;;) {
        const std::size_t to = text.find(separator, from);
        parts.push_back(text.substr(from, to == std::string::npos ? to : to - from));
        if (to == std::string::npos)
            return parts;
        from = to + 1;
    }
}

Severity severityFromName(const std::string &name)
{
    return name == "info" ? Severity::info : name == "warning" ? Severity::warning : Severity::error;
}

std::vector<QualityBadge> badgesOf(const std::string &text)
{
    std::vector<QualityBadge> badges;
    for (const std::string &part : split(text, kUnit)) {
        const std::vector<std::string> fields = split(part, kRecord);
        if (fields.size() == 4)
            badges.push_back({fields[0], severityFromName(fields[1]), std::atoll(fields[2].c_str()), fields[3]});
    }
    return badges;
}

bool contains(const std::string &text, const std::string &folded)
{
    return foldedCase(text).find(folded) != std::string::npos;
}

bool anyContains(const std::vector<std::string> &texts, const std::string &folded)
{
    return std::ranges::any_of(texts, [&](const std::string &text) { return contains(text, folded); });
}

bool anyBadge(const LibraryRow &row, const std::string &folded)
{
    return std::ranges::any_of(row.badges, [&](const QualityBadge &badge) { return contains(badge.code, folded); });
}

/** The other case of capital letters of two UTF-8 bytes; 0 where there is none. */
unsigned smallOf(unsigned point)
{
    const bool isLatin1 = point >= 0xC0 && point <= 0xDE && point != 0xD7;
    const bool isGreek = point >= 0x391 && point <= 0x3A9;
    const bool isCyrillic = point >= 0x410 && point <= 0x42F;
    if (isLatin1 || isGreek || isCyrillic)
        return point + 0x20;
    if (point >= 0x400 && point <= 0x40F)
        return point + 0x50;
    // Latin Extended-A: pairs of capital and small; where they begin changes twice.
    const bool isEvenPair = (point >= 0x100 && point <= 0x137) || (point >= 0x14A && point <= 0x177);
    const bool isOddPair = (point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17E);
    if ((isEvenPair && point % 2 == 0) || (isOddPair && point % 2 == 1))
        return point + 1;
    return 0;
}

} // namespace

std::string foldedCase(std::string_view utf8)
{
    std::string folded(utf8);
    for (std::size_t at = 0; at < folded.size(); ++at) {
        const auto byte = static_cast<unsigned char>(folded[at]);
        if (byte >= 'A' && byte <= 'Z') {
            folded[at] = static_cast<char>(byte + 0x20);
        } else if (byte >= 0xC2 && byte <= 0xDF && at + 1 < folded.size()) {
            const unsigned point = (byte & 0x1Fu) << 6 | (static_cast<unsigned char>(folded[at + 1]) & 0x3Fu);
            if (const unsigned small = smallOf(point)) {
                folded[at] = static_cast<char>(0xC0 | small >> 6);
                folded[at + 1] = static_cast<char>(0x80 | (small & 0x3F));
            }
            ++at;
        }
    }
    return folded;
}

bool naturalLess(std::string_view a, std::string_view b)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (!isDigit(a[i]) || !isDigit(b[j])) {
            if (a[i] != b[j])
                return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
            ++i;
            ++j;
            continue;
        }
        const auto numberAt = [&](std::string_view text, std::size_t &at) {
            while (at < text.size() && text[at] == '0')
                ++at;
            const std::size_t from = at;
            while (at < text.size() && isDigit(text[at]))
                ++at;
            return text.substr(from, at - from);
        };
        const std::string_view x = numberAt(a, i);
        const std::string_view y = numberAt(b, j);
        if (x.size() != y.size())
            return x.size() < y.size();
        if (x != y)
            return x < y;
    }
    if (i < a.size() || j < b.size())
        return j < b.size();
    return a < b; // "01" and "1"
}

LibraryFilter::LibraryFilter(std::string_view text)
{
    static constexpr std::string_view kFields[] = {"name", "subject", "tag", "kind", "format", "badge", "path"};
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == ' ' || text[at] == '\t') {
            ++at;
            continue;
        }
        Term term;
        if (text[at] == '-' && at + 1 < text.size() && text[at + 1] != ' ') {
            term.isExcluded = true;
            ++at;
        }
        bool isQuoted = false;
        std::string word;
        for (; at < text.size() && (isQuoted || (text[at] != ' ' && text[at] != '\t')); ++at) {
            if (text[at] == '"')
                isQuoted = !isQuoted;
            else if (text[at] == ':' && !isQuoted && term.field.empty()
                     && std::ranges::find(kFields, foldedCase(word)) != std::end(kFields))
                term.field = foldedCase(std::exchange(word, {}));
            else
                word += text[at];
        }
        term.word = foldedCase(word);
        // A field without a word ("tag:") is still being typed.
        if (!term.word.empty())
            m_terms.push_back(std::move(term));
    }
}

bool LibraryFilter::matches(const LibraryRow &row) const
{
    const auto isIn = [&](const Term &term) {
        if (term.field == "name")
            return contains(row.name, term.word);
        if (term.field == "subject")
            return contains(row.subject, term.word);
        if (term.field == "tag")
            return anyContains(row.tags, term.word);
        if (term.field == "kind")
            return anyContains(row.kinds, term.word);
        if (term.field == "format")
            return contains(row.format, term.word);
        if (term.field == "badge")
            return anyBadge(row, term.word);
        if (term.field == "path")
            return contains(row.path, term.word);
        return contains(row.name, term.word) || contains(row.subject, term.word) || anyContains(row.tags, term.word)
            || contains(row.path, term.word) || contains(row.format, term.word) || anyContains(row.kinds, term.word)
            || anyBadge(row, term.word);
    };
    return std::ranges::all_of(m_terms, [&](const Term &term) { return isIn(term) != term.isExcluded; });
}

std::vector<LibraryRow> Project::library() const
{
    // Lists come in one text each, parted by characters that validUtf8() texts hold only where someone meant mischief.
    Statement rows(m_database, R"sql(
        SELECT r.id, r.name, r.path, r.format, r.subject, r.epoch_ns, r.start_ns, r.end_ns, r.imported_at_ns, r.badges_stamp,
               (SELECT group_concat(tag, char(31)) FROM tags t WHERE t.recording_id = r.id),
               (SELECT group_concat(kind, char(31)) FROM (SELECT DISTINCT s.kind FROM devices d JOIN streams s ON s.device_id = d.id
                                                         WHERE d.recording_id = r.id)),
               (SELECT count(*) FROM devices d WHERE d.recording_id = r.id),
               (SELECT count(*) FROM videos v WHERE v.recording_id = r.id),
               (SELECT count(*) FROM tiers t WHERE t.recording_id = r.id),
               (SELECT count(*) FROM tiers t JOIN annotations a ON a.tier_id = t.id WHERE t.recording_id = r.id),
               (SELECT group_concat(code || char(30) || severity || char(30) || count || char(30) || message, char(31))
                FROM (SELECT * FROM badges b WHERE b.recording_id = r.id ORDER BY b.position)),
               (SELECT group_concat(name, char(31)) FROM (SELECT d.name FROM devices d WHERE d.recording_id = r.id ORDER BY d.position)),
               (SELECT group_concat(label, char(31)) FROM (SELECT DISTINCT a.label FROM tiers t JOIN annotations a ON a.tier_id = t.id
                                                          WHERE t.recording_id = r.id AND t.kind = 'label' AND a.label <> '' LIMIT ?)),
               r.profile,
               (SELECT group_concat(message, char(31)) FROM (SELECT m.message FROM report_rows m WHERE m.recording_id = r.id
                                                            AND m.severity <> 'info' ORDER BY m.position LIMIT 8)),
               (SELECT count(*) FROM report_rows m WHERE m.recording_id = r.id AND m.severity = 'warning'),
               (SELECT group_concat(label, char(31)) FROM (SELECT DISTINCT substr(a.label, 1, 200) AS label FROM tiers t JOIN annotations a ON a.tier_id = t.id
                                                          WHERE t.recording_id = r.id AND t.kind = 'text' AND a.label <> '' LIMIT ?))
        FROM recordings r ORDER BY r.name)sql");
    rows.bind(static_cast<std::int64_t>(kMostRowLabels), static_cast<std::int64_t>(kMostRowTexts));
    std::vector<LibraryRow> library;
    while (rows.step()) {
        LibraryRow &row = library.emplace_back();
        row.id = rows.integer(0);
        row.name = rows.text(1);
        row.path = rows.text(2);
        row.format = rows.text(3);
        row.subject = rows.text(4);
        row.epochNs = rows.optionalInteger(5);
        row.start = {rows.integer(6)};
        row.end = {rows.integer(7)};
        row.importedAtNs = rows.integer(8);
        row.areBadgesCurrent = rows.text(9) == currentBadgesStamp();
        row.tags = split(rows.text(10), kUnit);
        row.kinds = split(rows.text(11), kUnit);
        row.devices = static_cast<std::size_t>(rows.integer(12));
        row.videos = static_cast<std::size_t>(rows.integer(13));
        row.tiers = static_cast<std::size_t>(rows.integer(14));
        row.annotations = static_cast<std::size_t>(rows.integer(15));
        row.badges = badgesOf(rows.text(16));
        row.deviceNames = split(rows.text(17), kUnit);
        row.labels = split(rows.text(18), kUnit);
        row.profile = rows.text(19);
        row.reportMessages = split(rows.text(20), kUnit);
        row.reportWarnings = static_cast<std::size_t>(rows.integer(21));
        row.texts = split(rows.text(22), kUnit);
        std::ranges::sort(row.labels);
        std::ranges::sort(row.tags);
        std::ranges::sort(row.kinds);
    }
    std::ranges::stable_sort(library, naturalLess, &LibraryRow::name);
    return library;
}

std::vector<std::string> Project::tags() const
{
    std::vector<std::string> tags;
    Statement rows(m_database, "SELECT DISTINCT tag FROM tags ORDER BY tag");
    while (rows.step())
        tags.push_back(rows.text(0));
    return tags;
}

} // namespace kino
