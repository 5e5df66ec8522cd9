#include "app/kino/command.h"

#include <fftw3.h>
#include <opencv2/core/utility.hpp>
#include <sqlite3.h>
#include <torch/headeronly/version.h>

extern "C" {
#include <libavutil/avutil.h>
}

namespace kino::cli {

void printVersions(const Context &context)
{
    const std::vector<std::pair<std::string, std::string>> versions{{"kinoscope", KINOSCOPE_VERSION},
                                                                    {"LibTorch", TORCH_VERSION},
                                                                    {"FFmpeg", av_version_info()},
                                                                    {"SQLite", sqlite3_libversion()},
                                                                    {"FFTW", fftw_version},
                                                                    {"OpenCV", cv::getVersionString()}};
    std::vector<std::vector<std::string>> rows;
    nlohmann::ordered_json document;
    for (const auto &[name, version] : versions) {
        // FFTW's string begins with its own name.
        const std::string number = version.starts_with("fftw-") ? version.substr(5) : version;
        rows.push_back({name, number});
        std::string key = name;
        std::ranges::transform(key, key.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        document[key] = number;
    }
    if (context.json)
        printJson(document);
    else
        printText(table(rows));
}

} // namespace kino::cli
