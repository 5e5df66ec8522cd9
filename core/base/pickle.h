// Python's pickle format, read without ever doing what it says: a pickle is a program that may call anything, and here
// calls are only written down. What they would have made is for the reader of one format to say (torch_archive.h).
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kino {

struct PickleValue {
    enum class Kind {
        none,
        boolean, // integer is 0 or 1
        integer,
        real,
        text,
        bytes,   // in text
        list,    // items
        tuple,   // items
        dict,    // pairs
        global,  // text: "module name"
        call,    // of `callee` with `items`; a state or pairs that were given to the result are kept
        outside, // what the file keeps elsewhere; items[0] says where
        unknown  // a number of over 64 bits, a set: nothing that Kinoscope reads
    };
    Kind kind = Kind::none;
    std::int64_t integer = 0;
    double real = 0;
    std::string text;
    const PickleValue *callee = nullptr;
    std::vector<const PickleValue *> items;
    std::vector<std::pair<const PickleValue *, const PickleValue *>> pairs;
    const PickleValue *state = nullptr;

    /** A dict, or the result of a call that was given pairs, as an OrderedDict is. */
    bool isMapping() const { return kind == Kind::dict || kind == Kind::call; }
    /** nullptr where there is none; of several the last. */
    const PickleValue *find(const std::string &key) const;
};

/** Owns its values, which may refer to one another in circles. */
class Pickle {
public:
    /** Throws Error for what is cut off, of a protocol after 5, or of more than four million values. */
    static Pickle read(std::span<const std::byte> bytes);
    const PickleValue &root() const { return *m_root; }

private:
    friend class PickleReader;
    std::deque<PickleValue> m_values;
    const PickleValue *m_root = nullptr;
};

} // namespace kino
