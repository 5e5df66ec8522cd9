#include "core/store/jobs/run_table.h"

#include "core/base/error.h"
#include "core/store/library.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kino {

struct RunFilter::Node {
    enum class Kind { both, either, opposite, comparison } kind = Kind::comparison;
    std::vector<std::unique_ptr<Node>> parts;
    std::string name; // as written, for fields of JobRow
    std::size_t value = 0, figure = 0; // places in m_names, m_figures
    bool isField = false, isFigure = false;
    std::string op;
    std::string text;
    std::optional<double> number;
};

namespace {

using Node = RunFilter::Node;

constexpr std::string_view kFields[] = {"id",   "name",  "kind",  "state", "seed",    "study",    "cell",    "fold",
                                        "tag",  "notes", "star",  "error", "seconds", "progress", "created", "attempts"};
constexpr std::size_t kMostDepth = 64;

std::optional<double> numberFrom(std::string_view text)
{
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

struct Word {
    std::string text;
    std::size_t place = 0;
    bool isQuoted = false;
    bool isSign = false;
};

std::vector<Word> wordsOf(std::string_view text)
{
    std::vector<Word> words;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const std::size_t from = at;
        if (c == ' ' || c == '\t' || c == '\n') {
            ++at;
        } else if (c == '"' || c == '\'') {
            const std::size_t end = text.find(c, at + 1);
            if (end == std::string_view::npos)
                throw Error("The filter's text that begins at character " + std::to_string(from + 1) + " has no end; close it with " + c + ".");
            words.push_back({std::string(text.substr(at + 1, end - at - 1)), from, true, false});
            at = end + 1;
        } else if (c == '(' || c == ')' || c == '~') {
            words.push_back({std::string(1, c), from, false, true});
            ++at;
        } else if (c == '=' || c == '<' || c == '>' || (c == '!' && at + 1 < text.size() && text[at + 1] == '=')) {
            at += at + 1 < text.size() && text[at + 1] == '=' ? 2 : 1;
            std::string sign(text.substr(from, at - from));
            words.push_back({sign == "==" ? "=" : sign, from, false, true});
        } else {
            while (at < text.size() && std::string_view(" \t\n()=<>~\"'").find(text[at]) == std::string_view::npos && !(text[at] == '!' && at + 1 < text.size() && text[at + 1] == '='))
                ++at;
            words.push_back({std::string(text.substr(from, at - from)), from, false, false});
        }
    }
    return words;
}

class Parser {
public:
    Parser(std::vector<Word> words, std::vector<std::string> &names, std::vector<MetricColumn> &figures)
        : m_words(std::move(words)), m_names(names), m_figures(figures)
    {
    }

    std::unique_ptr<Node> parse()
    {
        std::unique_ptr<Node> root = either(0);
        if (m_at < m_words.size())
            fail("and, or, or the end");
        return root;
    }

private:
    bool is(std::string_view word) const { return m_at < m_words.size() && !m_words[m_at].isQuoted && m_words[m_at].text == word; }

    [[noreturn]] void fail(const std::string &wanted) const
    {
        if (m_at >= m_words.size())
            throw Error("The filter ends where " + wanted + " should follow.");
        throw Error("The filter's \"" + m_words[m_at].text + "\" at character " + std::to_string(m_words[m_at].place + 1) + " stands where " + wanted + " should be.");
    }

    std::unique_ptr<Node> joined(Node::Kind kind, std::string_view word, std::size_t depth)
    {
        const auto part = [&] { return kind == Node::Kind::either ? joined(Node::Kind::both, "and", depth) : single(depth); };
        std::unique_ptr<Node> first = part();
        if (!is(word))
            return first;
        auto node = std::make_unique<Node>();
        node->kind = kind;
        node->parts.push_back(std::move(first));
        while (is(word)) {
            ++m_at;
            node->parts.push_back(part());
        }
        return node;
    }

    std::unique_ptr<Node> either(std::size_t depth) { return joined(Node::Kind::either, "or", depth); }

    std::unique_ptr<Node> single(std::size_t depth)
    {
        if (depth > kMostDepth)
            throw Error("The filter has more than " + std::to_string(kMostDepth) + " brackets in one another; write it simpler.");
        if (is("not")) {
            ++m_at;
            auto node = std::make_unique<Node>();
            node->kind = Node::Kind::opposite;
            node->parts.push_back(single(depth + 1));
            return node;
        }
        if (is("(")) {
            ++m_at;
            std::unique_ptr<Node> node = either(depth + 1);
            if (!is(")"))
                fail("a closing bracket");
            ++m_at;
            return node;
        }
        return comparison();
    }

    std::string takeWord(const std::string &wanted)
    {
        if (m_at >= m_words.size() || m_words[m_at].isSign)
            fail(wanted);
        return m_words[m_at++].text;
    }

    std::unique_ptr<Node> comparison()
    {
        auto node = std::make_unique<Node>();
        node->name = takeWord("a name, such as state or train.batch");
        constexpr std::pair<std::string_view, MetricFigure> kFigures[] = {{"least", MetricFigure::least}, {"most", MetricFigure::most}, {"last", MetricFigure::last}, {"final", MetricFigure::final}};
        const auto figure = std::ranges::find(kFigures, node->name, &std::pair<std::string_view, MetricFigure>::first);
        if (figure != std::end(kFigures) && is("(")) {
            ++m_at;
            const MetricColumn column{takeWord("the name of a metric"), figure->second};
            if (!is(")"))
                fail("a closing bracket");
            ++m_at;
            node->isFigure = true;
            node->figure = placeIn(m_figures, column);
        } else if (std::ranges::find(kFields, node->name) != std::end(kFields)) {
            node->isField = true;
        } else {
            node->value = placeIn(m_names, node->name);
        }
        static constexpr std::string_view kSigns[] = {"=", "!=", "<", "<=", ">", ">=", "~"};
        if (m_at >= m_words.size() || !m_words[m_at].isSign || std::ranges::find(kSigns, m_words[m_at].text) == std::end(kSigns))
            fail("one of = != < <= > >= ~");
        node->op = m_words[m_at++].text;
        const bool isQuoted = m_at < m_words.size() && m_words[m_at].isQuoted;
        node->text = takeWord("a value");
        if (!isQuoted)
            node->number = numberFrom(node->text);
        return node;
    }

    template <class T>
    static std::size_t placeIn(std::vector<T> &list, const T &wanted)
    {
        const auto found = std::ranges::find(list, wanted);
        const auto place = static_cast<std::size_t>(found - list.begin());
        if (found == list.end())
            list.push_back(wanted);
        return place;
    }

    std::vector<Word> m_words;
    std::vector<std::string> &m_names;
    std::vector<MetricColumn> &m_figures;
    std::size_t m_at = 0;
};

template <class T>
bool ordered(const T &left, const std::string &op, const T &right)
{
    return op == "=" ? left == right : op == "!=" ? left != right : op == "<" ? left < right : op == "<=" ? left <= right : op == ">" ? left > right : left >= right;
}

bool holds(const ParameterValue &value, const Node &node)
{
    if (std::holds_alternative<std::monostate>(value))
        return node.op == "!=" ? node.text != "null" : node.op == "=" && node.text == "null";
    std::optional<double> number;
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        number = static_cast<double>(*whole);
    else if (const auto *real = std::get_if<double>(&value))
        number = *real;
    if (node.op == "~")
        return foldedCase(parameterText(value)).find(foldedCase(node.text)) != std::string::npos;
    if (number && node.number)
        return ordered(*number, node.op, *node.number);
    return ordered(parameterText(value), node.op, node.text);
}

ParameterValue fieldOf(const JobRow &job, const Node &node)
{
    const std::string &name = node.name;
    const auto optional = [](const std::optional<std::int64_t> &value) { return value ? ParameterValue(*value) : ParameterValue(); };
    if (name == "id")
        return job.id;
    if (name == "name")
        return job.name;
    if (name == "kind")
        return job.kind;
    if (name == "state")
        return std::string(jobStateName(job.state));
    if (name == "seed")
        return optional(job.seed);
    if (name == "study")
        return optional(job.study);
    if (name == "cell")
        return node.number || job.cellName.empty() ? optional(job.cell) : ParameterValue(job.cellName); // by its place, or by its name
    if (name == "fold")
        return optional(job.fold);
    if (name == "notes")
        return job.notes;
    if (name == "star")
        return job.isStarred;
    if (name == "error")
        return job.error ? ParameterValue(*job.error) : ParameterValue();
    if (name == "seconds")
        return job.workedSeconds;
    if (name == "progress")
        return job.progress;
    if (name == "attempts")
        return job.attempts;
    return static_cast<double>(job.createdAtNs) * 1e-9;
}

bool tagHolds(const JobRow &job, const Node &node)
{
    // A run has any number of tags: = and ~ ask whether one fits, != whether none does.
    const bool isThere = std::ranges::any_of(job.tags, [&](const std::string &tag) {
        return node.op == "~" ? foldedCase(tag).find(foldedCase(node.text)) != std::string::npos : tag == node.text;
    });
    return node.op == "!=" ? !isThere : isThere;
}

} // namespace

RunFilter::RunFilter(std::string_view text)
{
    std::vector<Word> words = wordsOf(text);
    if (!words.empty())
        m_root = Parser(std::move(words), m_names, m_figures).parse();
}

RunFilter::~RunFilter() = default;
RunFilter::RunFilter(RunFilter &&) noexcept = default;
RunFilter &RunFilter::operator=(RunFilter &&) noexcept = default;

bool RunFilter::matches(const JobRow &job, std::span<const ParameterValue> values, std::span<const std::optional<double>> finals,
                        std::span<const std::optional<double>> figures) const
{
    const auto fromNumber = [](const std::optional<double> &number) { return number ? ParameterValue(*number) : ParameterValue(); };
    const std::function<bool(const Node &)> fits = [&](const Node &node) -> bool {
        switch (node.kind) {
        case Node::Kind::both: return std::ranges::all_of(node.parts, [&](const auto &part) { return fits(*part); });
        case Node::Kind::either: return std::ranges::any_of(node.parts, [&](const auto &part) { return fits(*part); });
        case Node::Kind::opposite: return !fits(*node.parts.front());
        case Node::Kind::comparison: break;
        }
        if (node.isField)
            return node.name == "tag" ? tagHolds(job, node) : holds(fieldOf(job, node), node);
        if (node.isFigure)
            return holds(fromNumber(figures[node.figure]), node);
        const bool isParameter = !std::holds_alternative<std::monostate>(values[node.value]);
        return holds(isParameter ? values[node.value] : fromNumber(finals[node.value]), node);
    };
    return !m_root || fits(*m_root);
}

} // namespace kino
