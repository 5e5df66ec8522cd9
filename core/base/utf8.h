// Text of files, which may hold any bytes, as UTF-8. Any thread.
#pragma once

#include <string>

namespace kino {

/** With bytes that are no UTF-8 replaced by U+FFFD. */
std::string validUtf8(const std::string &text);

} // namespace kino
