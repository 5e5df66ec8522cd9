// Numeric arrays of MATLAB 5 files, read by matio after the file's own claims about sizes were checked: matio is C and
// trusts them. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kino {

/** A numeric array in MATLAB's order: the first index runs fastest. */
template <class T>
struct MatArray {
    std::vector<std::size_t> dims;
    std::vector<T> values;
};

/**
 * The real array `name` of a little-endian MATLAB 5 file as T (double or std::uint16_t; values beyond T become its
 * nearest, NaN 0). MATLAB's class may be double, single, uint16 or int16. Throws Error for anything else, for a file cut
 * short and for sizes that the file's bytes cannot hold.
 */
template <class T>
MatArray<T> readMatArray(const std::filesystem::path &path, const std::string &name);

/** The dims of array `name` from the first bytes alone, checked as above. */
std::vector<std::size_t> readMatDims(const std::filesystem::path &path, const std::string &name);

} // namespace kino
