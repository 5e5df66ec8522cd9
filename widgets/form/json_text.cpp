#include "widgets/form/json_text.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>

namespace kino {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 200;

/** A value's place in the text, and those of its members or elements. */
struct Node {
    enum class Kind { object, list, other } kind = Kind::other;
    std::size_t begin = 0;
    std::size_t end = 0;
    struct Child {
        std::string key;       // of an object's member
        std::size_t begin = 0; // of the key, or of the element
        std::vector<Node> value; // exactly one: a Node cannot hold itself
        std::size_t comma = std::string::npos;
        const Node &node() const { return value.front(); }
    };
    std::vector<Child> children;
};

/** Of a text that is known to be JSON with comments. */
class Scanner {
public:
    explicit Scanner(const std::string &text) : m_text(text) {}

    Node document()
    {
        skipBlank();
        return value(0);
    }

private:
    bool isAt(std::string_view what) const { return m_text.compare(m_at, what.size(), what) == 0; }

    void skipBlank()
    {
        while (m_at < m_text.size()) {
            if (isAt("//"))
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            else if (isAt("/*"))
                m_at = std::min(m_text.find("*/", m_at + 2), m_text.size() - 2) + 2;
            else if (std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos || isAt("\xEF\xBB\xBF"))
                m_at += isAt("\xEF") ? 3 : 1;
            else
                return;
        }
    }

    void skipText()
    {
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\')
                ++m_at;
        }
        ++m_at;
    }

    Node value(int depth)
    {
        if (depth > kDeepest)
            throw Error("The text has values within values more than " + std::to_string(kDeepest) + " deep.");
        Node node;
        node.begin = m_at;
        if (isAt("{") || isAt("[")) {
            node.kind = isAt("{") ? Node::Kind::object : Node::Kind::list;
            ++m_at;
            children(node, depth);
        } else if (isAt("\"")) {
            skipText();
        } else {
            while (m_at < m_text.size() && std::string_view(" \t\r\n,]}/").find(m_text[m_at]) == std::string_view::npos)
                ++m_at;
        }
        node.end = m_at;
        return node;
    }

    void children(Node &node, int depth)
    {
        for (skipBlank(); m_at < m_text.size() && !isAt("}") && !isAt("]"); skipBlank()) {
            Node::Child child;
            child.begin = m_at;
            if (node.kind == Node::Kind::object) {
                skipText();
                child.key = Json::parse(m_text.substr(child.begin, m_at - child.begin)).get<std::string>();
                skipBlank();
                ++m_at; // the colon
                skipBlank();
            }
            child.value.push_back(value(depth + 1));
            skipBlank();
            if (isAt(",")) {
                child.comma = m_at;
                ++m_at;
            }
            node.children.push_back(std::move(child));
        }
        ++m_at;
    }

    const std::string &m_text;
    std::size_t m_at = 0;
};

std::vector<std::string> keysOf(const std::string &path)
{
    std::vector<std::string> keys;
    for (std::size_t from = 0; from <= path.size();) {
        const std::size_t to = std::min(path.find('.', from), path.size());
        keys.push_back(path.substr(from, to - from));
        from = to + 1;
    }
    return keys;
}

std::optional<std::size_t> placeOf(const std::string &key)
{
    std::size_t place = 0;
    const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), place);
    return failure == std::errc() && end == key.data() + key.size() ? std::optional(place) : std::nullopt;
}

/** nullptr where it has none of that name or place. */
const Node::Child *childOf(const Node &node, const std::string &key)
{
    if (node.kind == Node::Kind::list) {
        const auto place = placeOf(key);
        return place && *place < node.children.size() ? &node.children[*place] : nullptr;
    }
    const auto found = std::ranges::find(node.children, key, &Node::Child::key);
    return found == node.children.end() ? nullptr : &*found;
}

Node nodesOf(const std::string &text)
{
    const JsonReading reading = readJsonText(text);
    if (!reading.value)
        throw Error("The text is no JSON at line " + std::to_string(reading.fault.line) + ": " + reading.fault.reason);
    return Scanner(text).document();
}

std::size_t lineStart(const std::string &text, std::size_t at)
{
    const std::size_t newline = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    return newline == std::string::npos ? 0 : newline + 1;
}

std::string indentAt(const std::string &text, std::size_t at)
{
    const std::size_t start = lineStart(text, at);
    return text.substr(start, std::min(text.find_first_not_of(" \t", start), at) - start);
}

bool isMultiLine(const std::string &text, const Node &node)
{
    return std::find(text.begin() + static_cast<std::ptrdiff_t>(node.begin), text.begin() + static_cast<std::ptrdiff_t>(node.end), '\n')
        != text.begin() + static_cast<std::ptrdiff_t>(node.end);
}

/** The end of the line where nothing but blanks and comments lies between; else where it began. */
std::size_t behindComments(const std::string &text, std::size_t from)
{
    for (std::size_t at = from; at < text.size();) {
        if (text[at] == '\n')
            return at;
        if (text.compare(at, 2, "//") == 0)
            return std::min(text.find('\n', at), text.size());
        if (text.compare(at, 2, "/*") == 0) {
            const std::size_t end = text.find("*/", at);
            if (end == std::string::npos || text.substr(at, end - at).find('\n') != std::string::npos)
                return from;
            at = end + 2;
        } else if (text[at] == ' ' || text[at] == '\t' || text[at] == '\r') {
            ++at;
        } else {
            return from;
        }
    }
    return from;
}

std::size_t orderOf(std::span<const std::string> order, const std::string &path)
{
    const auto isIt = [&](const std::string &each) { return each == path || each.starts_with(path + "."); };
    return static_cast<std::size_t>(std::ranges::find_if(order, isIt) - order.begin());
}

constexpr std::size_t kBeforeAll = static_cast<std::size_t>(-1);

/** Behind which child a new key goes. */
std::size_t predecessor(const Node &node, const std::string &around, const std::string &key, std::span<const std::string> order)
{
    const auto pathOf = [&](const std::string &name) { return around.empty() ? name : around + "." + name; };
    const std::size_t own = orderOf(order, pathOf(key));
    if (own == order.size())
        return node.children.size() - 1; // of none: before all
    std::size_t last = kBeforeAll;
    for (std::size_t index = 0; index < node.children.size(); ++index) {
        const std::size_t other = orderOf(order, pathOf(node.children[index].key));
        if (other < own || other == order.size())
            last = index;
    }
    return last;
}

std::string inserted(const std::string &text, const Node &node, std::size_t behind, const std::string &entry)
{
    std::string changed = text;
    const bool isLined = isMultiLine(text, node);
    if (node.children.empty()) {
        if (!isLined && node.begin != lineStart(text, node.begin) + indentAt(text, node.begin).size())
            return changed.insert(node.begin + 1, entry);
        const std::string indent = indentAt(text, node.begin);
        // What is inside are blanks and comments, which stay above.
        const std::size_t last = text.find_last_not_of(" \t\r\n", node.end - 2);
        return changed.replace(last + 1, node.end - 2 - last, "\n" + indent + "  " + entry + "\n" + indent);
    }
    const Node::Child &model = node.children[behind == kBeforeAll ? 0 : behind];
    const std::string separator = isLined && lineStart(text, model.begin) > node.begin ? "\n" + indentAt(text, model.begin) : " ";
    const bool isOnLines = separator.front() == '\n';
    if (behind == kBeforeAll)
        return changed.insert(model.begin, entry + "," + separator);
    if (model.comma != std::string::npos) {
        const std::size_t at = isOnLines ? behindComments(text, model.comma + 1) : model.comma + 1;
        return changed.insert(at, separator + entry + ",");
    }
    const std::size_t end = model.node().end;
    const std::size_t at = isOnLines ? behindComments(text, end) : end;
    changed.insert(at, separator + entry);
    return changed.insert(end, ",");
}

} // namespace

JsonReading readJsonText(const std::string &text)
{
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        return {Json::object(), {}};
    try {
        return {Json::parse(text, nullptr, true, /*ignore_comments=*/true), {}};
    } catch (const Json::parse_error &error) {
        JsonFault fault;
        const std::size_t at = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
        fault.line = 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
        fault.column = 1 + static_cast<int>(at - lineStart(text, at));
        const std::string_view what = error.what();
        const std::size_t unexpected = what.find("unexpected "), colon = what.rfind(": ");
        fault.reason = std::string(unexpected != std::string_view::npos ? what.substr(unexpected) : colon == std::string_view::npos ? what : what.substr(colon + 2));
        return {std::nullopt, fault};
    }
}

std::string jsonLine(const Json &value)
{
    std::string text;
    if (value.is_object()) {
        for (const auto &[key, each] : value.items())
            text += (text.empty() ? "{" : ", ") + Json(key).dump() + ": " + jsonLine(each);
        return text.empty() ? "{}" : text + "}";
    }
    if (value.is_array()) {
        for (const Json &each : value)
            text += (text.empty() ? "[" : ", ") + jsonLine(each);
        return text.empty() ? "[]" : text + "]";
    }
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string withJsonValueAt(const std::string &text, const std::string &path, const Json &value, std::span<const std::string> order)
{
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        return withJsonValueAt("{\n}\n", path, value, order);
    const Node root = nodesOf(text);
    const std::vector<std::string> keys = keysOf(path);
    const Node *node = &root;
    std::string around;
    std::size_t depth = 0;
    for (; depth < keys.size(); ++depth) {
        const Node::Child *child = childOf(*node, keys[depth]);
        if (!child)
            break;
        node = &child->node();
        around += (depth == 0 ? "" : ".") + keys[depth];
    }
    // What is not there yet, from the inside out.
    Json made = value;
    const std::size_t firstNew = node->kind == Node::Kind::other ? depth : depth + 1;
    for (std::size_t index = keys.size(); index > firstNew; --index)
        made = Json::object({{keys[index - 1], std::move(made)}});
    if (depth == keys.size() || node->kind == Node::Kind::other)
        return std::string(text).replace(node->begin, node->end - node->begin, jsonLine(made));
    if (node->kind == Node::Kind::list) {
        if (placeOf(keys[depth]) != node->children.size())
            throw Error("There is no place " + keys[depth] + " in " + around + ".");
        return inserted(text, *node, node->children.size() - 1, jsonLine(made));
    }
    return inserted(text, *node, predecessor(*node, around, keys[depth], order), Json(keys[depth]).dump() + ": " + jsonLine(made));
}

std::string withoutJsonValueAt(const std::string &text, const std::string &path)
{
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        return text;
    const Node root = nodesOf(text);
    const Node *node = &root;
    const std::vector<std::string> keys = keysOf(path);
    for (std::size_t depth = 0; depth + 1 < keys.size(); ++depth) {
        const Node::Child *child = childOf(*node, keys[depth]);
        if (!child)
            return text;
        node = &child->node();
    }
    const Node::Child *child = childOf(*node, keys.back());
    if (!child)
        return text;
    const auto index = static_cast<std::size_t>(child - node->children.data());
    std::string changed = text;
    std::size_t from = child->begin;
    std::size_t to = child->comma == std::string::npos ? child->node().end : child->comma + 1;
    while (to < text.size() && (text[to] == ' ' || text[to] == '\t'))
        ++to;
    // A line that holds nothing else goes as a whole.
    const std::size_t start = lineStart(text, from);
    const bool isAlone = text.find_first_not_of(" \t", start) == from && (to == text.size() || text[to] == '\n' || text[to] == '\r');
    if (isAlone && start > 0) {
        to = text.find('\n', to) == std::string::npos ? text.size() : text.find('\n', to);
        from = start - 1;
    }
    changed.erase(from, to - from);
    // The one before is the last now.
    if (child->comma == std::string::npos && index > 0) {
        const std::size_t comma = node->children[index - 1].comma;
        changed.erase(comma, changed.compare(comma, 2, ", ") == 0 && !isAlone ? 2 : 1);
    }
    return changed;
}

} // namespace kino
