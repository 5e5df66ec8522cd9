#include "core/jobs/queue/metrics_csv.h"

#include <charconv>
#include <fstream>

namespace kino {
namespace {

namespace fs = std::filesystem;

template <class T>
T numberFrom(std::string_view text, const fs::path &file, std::int64_t line)
{
    T value{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size())
        throw Error(file, line, "\"" + std::string(text) + "\" is no number; the file is damaged, take another copy of the run");
    return value;
}

} // namespace

void readMetricsCsv(const fs::path &file, const std::function<void(std::int64_t step, std::int64_t epoch, std::string_view key, double value)> &visit, const CancelToken &cancel)
{
    std::ifstream stream(file, std::ios::binary);
    std::string line;
    std::getline(stream, line);
    for (std::int64_t number = 2; std::getline(stream, line); ++number) {
        if (stream.eof())
            return;
        if (number % 4096 == 0)
            cancel.throwIfCancelled();
        // The key has no comma: first and second field from the left, the value from the right.
        const std::size_t first = line.find(','), second = line.find(',', first + 1), last = line.rfind(',');
        if (first == std::string::npos || second == std::string::npos || last <= second)
            throw Error(file, number, "has not the columns step,epoch,key,value; the file is damaged, take another copy of the run");
        const std::string_view text = line;
        visit(numberFrom<std::int64_t>(text.substr(0, first), file, number), numberFrom<std::int64_t>(text.substr(first + 1, second - first - 1), file, number),
              text.substr(second + 1, last - second - 1), numberFrom<double>(text.substr(last + 1), file, number));
    }
}

} // namespace kino
