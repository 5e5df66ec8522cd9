// The files that a run leaves in its folder (cli.md, "kino train"). Each appears whole or not at all; metrics.csv grows.
#pragma once

#include "core/data/dataset/window_table.h"
#include "core/insight/classification.h"
#include "core/learn/metric_sink.h"

#include <filesystem>
#include <fstream>

namespace kino {

/** metrics.csv: step,epoch,key,value. A mark is its length. */
class MetricsFile : public MetricSink {
public:
    /** Goes on with a file that is there. Throws Error where it cannot be written. */
    explicit MetricsFile(std::filesystem::path path);
    void add(std::int64_t step, std::int64_t epoch, std::string_view key, double value) override;
    nlohmann::json mark() override;
    void rewind(const nlohmann::json &mark) override;

private:
    void open();
    std::filesystem::path m_path;
    std::ofstream m_stream;
};

struct Prediction {
    std::uint32_t row = 0;
    std::int64_t predicted = 0;
    double confidence = 0;
};

/** recording,start_ns,label,predicted,confidence, and the device behind them. */
void writePredictions(const std::filesystem::path &path, const WindowTable &table, std::span<const Prediction> predictions);
/** A row for each true label, a column for each that was predicted. */
void writeConfusion(const std::filesystem::path &path, const std::vector<std::string> &classes, const Classification &classification);

} // namespace kino
