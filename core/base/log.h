// The program's log: one logger, the only global state. Messages for people go to stderr; nothing goes to stdout.
#pragma once

#include <string_view>

namespace kino {

enum class LogLevel { debug, info, warning, error };

void setLogLevel(LogLevel lowest);
void log(LogLevel level, std::string_view message);

} // namespace kino
