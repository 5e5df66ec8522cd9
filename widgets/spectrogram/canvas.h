// The picture of the spectrogram panel: power in colours, axes, colour bar. The view draws over it what follows the mouse and
// the playhead; a figure has it alone. A canvas belongs to one thread.
#pragma once

#include "widgets/spectrogram/data.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/value_axis.h"

#include <QFont>
#include <QImage>
#include <QSize>

#include <optional>
#include <vector>

class QPainter;

namespace kino {

/** What is drawn, and where it lies in a view of `size`, in logical pixels. */
struct SpectrogramContent {
    std::shared_ptr<const SpectrogramData> data;
    TimeRange visible;
    ColourMap map = ColourMap::magma;
    /** Nothing: what the data suggests. */
    std::optional<DecibelRange> decibels;
    FrequencyScale scale = FrequencyScale::linear;
    /** Of the plot from the left and the right edge; nothing: as narrow as the labels allow. */
    std::optional<std::pair<int, int>> margins;
    QSize size;

    QRect plotArea() const;
    TimeAxis axis() const;
    DecibelRange decibelsShown() const;
    double hzAt(double y) const;
    double yOf(double hz) const;
    /** 0 at the bottom of the plot, 1 at its top. */
    double hzOfShare(double share) const;
    double shareOfHz(double hz) const;
    std::vector<ValueTick> frequencyTicks() const;
    /** The colour bar stands there where the left margin is wide enough. */
    bool isBarOnTheLeft() const;
};

class SpectrogramCanvas {
public:
    /** The picture is to be made anew, from new colours or from the same. */
    enum class Stale { nothing, picture, colours };
    void invalidate(Stale what) { m_stale = std::max(m_stale, what); }
    /** What was invalidated is made anew, for a picture of `pixelRatio` pixels a logical one. */
    void paint(QPainter &painter, const SpectrogramContent &content, const Theme &theme, const QFont &font, double pixelRatio);

private:
    void recolour(const SpectrogramContent &content);
    void renderPicture(const SpectrogramContent &content, const Theme &theme, double ratio);
    void renderImage(const SpectrogramContent &content, const QImage &image, TimeRange range, const TimeAxis &physical);
    void renderStretch(const SpectrogramContent &content, std::size_t index, const TimeAxis &physical, QRgb hole);
    static void paintAxes(QPainter &painter, const SpectrogramContent &content, const Theme &theme);
    static void paintColourBar(QPainter &painter, const SpectrogramContent &content);

    /** Of each stretch, [columns, bins]: its power in colours. */
    std::vector<std::vector<std::uint32_t>> m_pixels;
    QImage m_picture;
    Stale m_stale = Stale::colours;
};

} // namespace kino
