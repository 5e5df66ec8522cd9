// One telemetry stream while its payloads are gathered: which streams can be loaded at all, how their rows become columns, and
// what has to be said about them. Internal to core/media/gpmf. Any thread.
#pragma once

#include "core/media/gpmf/clock.h"
#include "core/media/gpmf/telemetry.h"

namespace kino {

/** Why a stream was left out. */
enum class Left { loaded, noSamples, gps, complex, nested, text, undescribed, badShape };

struct GatheredStream {
    std::size_t device = 0;
    TelemetryStream stream;
    std::size_t fileColumns = 0;
    std::vector<StreamBlock> blocks;
    std::vector<StreamBlock> temperatureBlocks;
    std::vector<float> temperatures;
    Left reason = Left::noSamples;
    std::size_t rowsLeftOut = 0;
    std::size_t emptyPayloads = 0;
    std::size_t badScalePayloads = 0;
    std::size_t otherShapePayloads = 0;
    std::size_t axesChanges = 0;
    std::size_t droppedColumns = 0;

    /** Appends the samples of one item of a payload, of a device of this name, and counts its rows in `block`. */
    void take(const GpmfStrm &strm, const GpmfItem &item, const std::string &deviceName, StreamBlock &block);
    std::string label() const { return gpmfKeyText(stream.key); }

private:
    void describe(const GpmfStrm &strm, std::size_t rowColumns, const std::string &deviceName);
    void append(const std::vector<double> &numbers, const std::vector<double> &scale);
    void appendMapped(const std::vector<double> &numbers, const std::vector<double> &scale, const GpmfAxes &axes);
};

} // namespace kino
