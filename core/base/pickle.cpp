#include "core/base/pickle.h"

#include "core/base/error.h"

#include <bit>
#include <cstring>
#include <unordered_map>

namespace kino {
namespace {

constexpr std::size_t kMostValues = 4'000'000;
constexpr int kNewestProtocol = 5;

using Kind = PickleValue::Kind;

[[noreturn]] void refuse(const std::string &why) { throw Error("The pickle " + why + "."); }

} // namespace

const PickleValue *PickleValue::find(const std::string &key) const
{
    for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
        if (pair->first->kind == Kind::text && pair->first->text == key)
            return pair->second;
    }
    return nullptr;
}

/** The machine of the format: a stack, marks on it, a memo. */
class PickleReader {
public:
    explicit PickleReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    Pickle run()
    {
        for (;;) {
            const auto code = static_cast<unsigned char>(byte());
            if (code == '.')
                break;
            step(code);
        }
        m_pickle.m_root = pop();
        return std::move(m_pickle);
    }

private:
    // --- Input ---

    std::span<const std::byte> take(std::uint64_t count)
    {
        if (count > m_bytes.size() - m_at)
            refuse("is cut off after " + std::to_string(m_bytes.size()) + " bytes");
        const auto taken = m_bytes.subspan(m_at, static_cast<std::size_t>(count));
        m_at += static_cast<std::size_t>(count);
        return taken;
    }
    std::byte byte() { return take(1)[0]; }
    std::uint64_t number(int size)
    {
        std::uint64_t value = 0;
        const auto raw = take(static_cast<std::uint64_t>(size));
        for (int i = size - 1; i >= 0; --i)
            value = value << 8 | static_cast<std::uint64_t>(raw[static_cast<std::size_t>(i)]);
        return value;
    }
    std::string text(std::uint64_t size)
    {
        const auto raw = take(size);
        return {reinterpret_cast<const char *>(raw.data()), raw.size()};
    }
    std::string line()
    {
        const std::size_t from = m_at;
        while (byte() != std::byte{'\n'}) { }
        return {reinterpret_cast<const char *>(m_bytes.data() + from), m_at - from - 1};
    }

    // --- Values ---

    PickleValue &make(Kind kind)
    {
        if (m_pickle.m_values.size() >= kMostValues)
            refuse("has more than " + std::to_string(kMostValues) + " values");
        PickleValue &made = m_pickle.m_values.emplace_back();
        made.kind = kind;
        return made;
    }
    void push(PickleValue &value) { m_stack.push_back(&value); }
    void pushInteger(std::int64_t integer)
    {
        PickleValue &made = make(Kind::integer);
        made.integer = integer;
        push(made);
    }
    void pushText(Kind kind, std::string value)
    {
        PickleValue &made = make(kind);
        made.text = std::move(value);
        push(made);
    }
    void pushLong(std::span<const std::byte> raw)
    {
        if (raw.size() > 8) {
            push(make(Kind::unknown));
            return;
        }
        std::uint64_t value = !raw.empty() && (static_cast<unsigned>(raw.back()) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
        for (std::size_t i = raw.size(); i-- > 0;)
            value = value << 8 | static_cast<std::uint64_t>(raw[i]);
        pushInteger(static_cast<std::int64_t>(value));
    }
    PickleValue *pop()
    {
        if (m_stack.empty() || (!m_marks.empty() && m_stack.size() <= m_marks.back()))
            refuse("takes a value where there is none");
        PickleValue *value = m_stack.back();
        m_stack.pop_back();
        return value;
    }
    PickleValue &top()
    {
        PickleValue *value = pop();
        m_stack.push_back(value);
        return *value;
    }
    std::vector<const PickleValue *> popToMark()
    {
        if (m_marks.empty())
            refuse("goes back to a mark where there is none");
        const std::vector<const PickleValue *> values(m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back()), m_stack.end());
        m_stack.resize(m_marks.back());
        m_marks.pop_back();
        return values;
    }
    void pushTuple(std::vector<const PickleValue *> items)
    {
        PickleValue &made = make(Kind::tuple);
        made.items = std::move(items);
        push(made);
    }
    void pushTupleOf(std::size_t count)
    {
        std::vector<const PickleValue *> items(count);
        for (std::size_t i = count; i-- > 0;)
            items[i] = pop();
        pushTuple(std::move(items));
    }
    void addPairs(const std::vector<const PickleValue *> &values)
    {
        PickleValue &to = top();
        if (values.size() % 2 != 0 || !to.isMapping())
            refuse("gives pairs to what takes none");
        for (std::size_t i = 0; i < values.size(); i += 2)
            to.pairs.emplace_back(values[i], values[i + 1]);
    }
    void addItems(const std::vector<const PickleValue *> &values)
    {
        PickleValue &to = top();
        if (to.kind != Kind::list && to.kind != Kind::call)
            refuse("appends to what is no list");
        // Of a call they are arguments no longer: what a subclass of list holds is of no use here.
        if (to.kind == Kind::list)
            to.items.insert(to.items.end(), values.begin(), values.end());
    }
    void pushCall()
    {
        const PickleValue *arguments = pop();
        const PickleValue *callee = pop();
        PickleValue &made = make(Kind::call);
        made.callee = callee;
        made.items = arguments->items;
        push(made);
    }
    void memoize(std::uint64_t place) { m_memo[place] = &top(); }
    void recall(std::uint64_t place)
    {
        const auto found = m_memo.find(place);
        if (found == m_memo.end())
            refuse("recalls what it never kept");
        m_stack.push_back(found->second);
    }
    void pushOutside(const PickleValue *where)
    {
        PickleValue &made = make(Kind::outside);
        made.items = {where};
        push(made);
    }

    // --- Instructions, by the letters of Python's pickletools ---

    void step(unsigned char code)
    {
        switch (code) {
        case 0x80:
            if (number(1) > kNewestProtocol)
                refuse("is of a protocol that is not known");
            return;
        case 0x95: number(8); return; // a frame's length
        case '(': m_marks.push_back(m_stack.size()); return;
        case '0':
            if (!m_marks.empty() && m_stack.size() == m_marks.back())
                m_marks.pop_back();
            else
                pop();
            return;
        case '1': popToMark(); return;
        case '2': m_stack.push_back(&top()); return;
        case 'N': push(make(Kind::none)); return;
        case 0x88: case 0x89:
            push(make(Kind::boolean));
            m_stack.back()->integer = code == 0x88;
            return;
        case 'J': pushInteger(static_cast<std::int32_t>(number(4))); return;
        case 'K': pushInteger(static_cast<std::int64_t>(number(1))); return;
        case 'M': pushInteger(static_cast<std::int64_t>(number(2))); return;
        case 0x8a: pushLong(take(number(1))); return;
        case 0x8b: pushLong(take(number(4))); return;
        case 'G': {
            std::uint64_t bits = 0;
            for (const std::byte each : take(8)) // the one big-endian number of the format
                bits = bits << 8 | static_cast<std::uint64_t>(each);
            push(make(Kind::real));
            m_stack.back()->real = std::bit_cast<double>(bits);
            return;
        }
        case 'X': pushText(Kind::text, text(number(4))); return;
        case 0x8c: pushText(Kind::text, text(number(1))); return;
        case 0x8d: pushText(Kind::text, text(number(8))); return;
        case 'U': pushText(Kind::text, text(number(1))); return;
        case 'T': pushText(Kind::text, text(number(4))); return;
        case 'C': pushText(Kind::bytes, text(number(1))); return;
        case 'B': pushText(Kind::bytes, text(number(4))); return;
        case 0x8e: case 0x96: pushText(Kind::bytes, text(number(8))); return;
        default: stepStructure(code);
        }
    }

    void stepStructure(unsigned char code)
    {
        switch (code) {
        case '}': push(make(Kind::dict)); return;
        case ']': push(make(Kind::list)); return;
        case ')': push(make(Kind::tuple)); return;
        case 0x8f: push(make(Kind::unknown)); return; // an empty set
        case 't': pushTuple(popToMark()); return;
        case 'l': pushTuple(popToMark()); m_stack.back()->kind = Kind::list; return;
        case 'd': {
            const auto values = popToMark();
            push(make(Kind::dict));
            addPairs(values);
            return;
        }
        case 0x85: pushTupleOf(1); return;
        case 0x86: pushTupleOf(2); return;
        case 0x87: pushTupleOf(3); return;
        case 'a': {
            const PickleValue *item = pop();
            addItems({item});
            return;
        }
        case 'e': addItems(popToMark()); return;
        case 's': {
            const PickleValue *value = pop();
            const PickleValue *key = pop();
            addPairs({key, value});
            return;
        }
        case 'u': addPairs(popToMark()); return;
        case 0x90: popToMark(); return; // into a set
        case 0x91: popToMark(); push(make(Kind::unknown)); return;
        case 'q': memoize(number(1)); return;
        case 'r': memoize(number(4)); return;
        case 0x94: memoize(m_memo.size()); return;
        case 'h': recall(number(1)); return;
        case 'j': recall(number(4)); return;
        case 'c': {
            const std::string module = line();
            pushText(Kind::global, module + " " + line());
            return;
        }
        case 0x93: {
            const PickleValue *name = pop();
            const PickleValue *module = pop();
            pushText(Kind::global, module->text + " " + name->text);
            return;
        }
        case 'R': case 0x81: pushCall(); return;
        case 0x92: {
            pop(); // keyword arguments
            pushCall();
            return;
        }
        case 'b': {
            const PickleValue *state = pop();
            top().state = state;
            return;
        }
        case 'Q': {
            const PickleValue *where = pop();
            pushOutside(where);
            return;
        }
        case 'P': {
            PickleValue &where = make(Kind::text);
            where.text = line();
            pushOutside(&where);
            return;
        }
        default: refuse("has the instruction " + std::to_string(code) + " at byte " + std::to_string(m_at - 1) + ", which is not known");
        }
    }

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    Pickle m_pickle;
    std::vector<PickleValue *> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint64_t, PickleValue *> m_memo;
};

Pickle Pickle::read(std::span<const std::byte> bytes) { return PickleReader(bytes).run(); }

} // namespace kino
