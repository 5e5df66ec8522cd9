// Time by frequency, on a time axis that it is given. Power is kept; decibels and colour are applied when painting, so
// changing either costs no transform. GUI thread.
#pragma once

#include "widgets/spectrogram/data.h"
#include "widgets/timeline/value_axis.h"

#include <QImage>
#include <QWidget>

#include <optional>
#include <vector>

namespace kino {

class SpectrogramView : public QWidget {
    Q_OBJECT

public:
    explicit SpectrogramView(QWidget *parent = nullptr);

    void setData(std::shared_ptr<const SpectrogramData> data);
    std::shared_ptr<const SpectrogramData> data() const { return m_data; }
    void setVisibleRange(TimeRange visible);
    void setPlayhead(std::optional<RecordingTime> playhead);
    void setColourMap(ColourMap map);
    ColourMap colourMap() const { return m_map; }
    /** Nothing: what the data suggests. */
    void setDecibels(std::optional<DecibelRange> range);
    DecibelRange decibelsShown() const;
    void setFrequencyScale(FrequencyScale scale);
    FrequencyScale frequencyScale() const { return m_scale; }
    /**
     * The plot lies between these distances from the view's edges, so that it lines up with another plot; nothing: as
     * narrow as the labels allow. Where the left is wide enough, the colour bar stands there.
     */
    void setSideMargins(std::optional<std::pair<int, int>> leftAndRight);
    /** The frequency at a height of the plot, in logical pixels of this view, and back. */
    double hzAt(double y) const;
    double yOf(double hz) const;
    /** The unit of the signal, for the colour bar. */
    void setUnit(const QString &unit);
    /** Instead of a picture: why there is none. */
    void setMessage(const QString &message);

    QRect plotArea() const;
    TimeAxis axis() const;

    QSize sizeHint() const override { return {480, 320}; }
    QSize minimumSizeHint() const override { return {240, 140}; }

Q_SIGNALS:
    void playheadRequested(kino::RecordingTime time);
    void visibleRangeRequested(kino::TimeRange range);
    void fitRequested();
    void plotResized();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    /** The picture is to be made anew, from new colours or from the same. */
    enum class Stale { nothing, picture, colours };
    void invalidate(Stale what);
    void renderPicture();
    void recolour();
    void renderStretch(std::size_t index, const TimeAxis &physical);
    void paintAxes(QPainter &painter);
    void paintColourBar(QPainter &painter);
    std::vector<ValueTick> frequencyTicks() const;
    bool isBarOnTheLeft() const;
    /** 0 at the bottom of the plot, 1 at its top. */
    double hzOfShare(double share) const;
    double shareOfHz(double hz) const;
    void paintReadout(QPainter &painter);

    std::shared_ptr<const SpectrogramData> m_data;
    TimeRange m_visible;
    std::optional<RecordingTime> m_playhead;
    ColourMap m_map = ColourMap::magma;
    std::optional<DecibelRange> m_decibels;
    FrequencyScale m_scale = FrequencyScale::linear;
    std::optional<std::pair<int, int>> m_margins;
    QString m_unit;
    QString m_message;
    /** Of each stretch, [columns, bins]: its power in colours. */
    std::vector<std::vector<std::uint32_t>> m_pixels;
    QImage m_picture;
    Stale m_stale = Stale::colours;
    std::optional<QPointF> m_hover;
};

} // namespace kino
