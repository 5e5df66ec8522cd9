#include "core/jobs/worker/environment.h"

#include <fstream>
#include <sys/utsname.h>
#include <thread>
#include <torch/version.h>

namespace kino {
namespace {

std::string cpuName()
{
    std::ifstream lines("/proc/cpuinfo");
    for (std::string line; std::getline(lines, line);) {
        const std::size_t colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos)
            return line.substr(colon + 2);
    }
    return "unknown";
}

} // namespace

nlohmann::json computingEnvironment(const nlohmann::json &facts)
{
    utsname system{};
    uname(&system);
    nlohmann::json environment = facts;
    environment.erase("fingerprint");
    environment["program"] = KINOSCOPE_VERSION;
    environment["libtorch"] = TORCH_VERSION;
    environment["system"] = std::string(system.sysname) + " " + system.release + " " + system.machine;
    environment["cpu"] = cpuName();
    environment["cores"] = std::thread::hardware_concurrency();
    return environment;
}

} // namespace kino
