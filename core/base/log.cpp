#include "core/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace kino {
namespace {

spdlog::logger &logger()
{
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = spdlog::stderr_color_mt("kinoscope");
        made->set_pattern("%^%l%$: %v");
        return made;
    }();
    return *instance;
}

spdlog::level::level_enum spdlogLevel(LogLevel level)
{
    switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

} // namespace

void setLogLevel(LogLevel lowest) { logger().set_level(spdlogLevel(lowest)); }

void log(LogLevel level, std::string_view message) { logger().log(spdlogLevel(level), "{}", message); }

} // namespace kino
