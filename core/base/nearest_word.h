// What somebody who mistyped a name may have meant. Any thread.
#pragma once

#include <string>
#include <vector>

namespace kino {

/** The word that is a typing mistake away from `typed` (a third of its letters at most); empty where none is near. */
std::string nearestWord(const std::string &typed, const std::vector<std::string> &words);

} // namespace kino
