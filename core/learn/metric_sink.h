// Where a run's numbers go: a file, a project's database, nowhere.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

namespace kino {

class MetricSink {
public:
    virtual ~MetricSink() = default;
    /** `value` may be NaN or infinite: that is worth knowing, too. */
    virtual void add(std::int64_t step, std::int64_t epoch, std::string_view key, double value) = 0;
    /** Everything added so far is safe; what it gives leads back here. Kept in checkpoints. */
    virtual nlohmann::json mark() { return nullptr; }
    /** Forgets what was added after `mark`. */
    virtual void rewind(const nlohmann::json &mark) { (void)mark; }
};

} // namespace kino
