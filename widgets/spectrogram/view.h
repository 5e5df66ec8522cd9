// Time by frequency, on a time axis that it is given. Power is kept; decibels and colour are applied when painting, so
// changing either costs no transform. GUI thread.
#pragma once

#include "widgets/spectrogram/canvas.h"
#include "widgets/style/plot_figure.h"

#include <QWidget>

#include <optional>

namespace kino {

class SpectrogramView : public QWidget {
    Q_OBJECT

public:
    explicit SpectrogramView(QWidget *parent = nullptr);

    void setData(std::shared_ptr<const SpectrogramData> data);
    std::shared_ptr<const SpectrogramData> data() const { return m_content.data; }
    void setVisibleRange(TimeRange visible);
    void setPlayhead(std::optional<RecordingTime> playhead);
    void setColourMap(ColourMap map);
    ColourMap colourMap() const { return m_content.map; }
    /** Nothing: what the data suggests. */
    void setDecibels(std::optional<DecibelRange> range);
    DecibelRange decibelsShown() const { return m_content.decibelsShown(); }
    void setFrequencyScale(FrequencyScale scale);
    FrequencyScale frequencyScale() const { return m_content.scale; }
    /**
     * The plot lies between these distances from the view's edges, so that it lines up with another plot; nothing: as
     * narrow as the labels allow. Where the left is wide enough, the colour bar stands there.
     */
    void setSideMargins(std::optional<std::pair<int, int>> leftAndRight);
    /** The frequency at a height of the plot, in logical pixels of this view, and back. */
    double hzAt(double y) const { return contentNow().hzAt(y); }
    double yOf(double hz) const { return contentNow().yOf(hz); }
    /** The unit of the signal: a figure's numbers say it. */
    void setUnit(const QString &unit);
    /** Instead of a picture: why there is none. */
    void setMessage(const QString &message);

    QRect plotArea() const { return contentNow().plotArea(); }
    TimeAxis axis() const { return contentNow().axis(); }
    /**
     * The picture without playhead and read-out, for a file. Its numbers are the cells of the columns in view: power in
     * unit²/Hz and in decibels, or the three bytes of each cell of a triaxial image.
     */
    PlotFigure figure() const;

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
    using Stale = SpectrogramCanvas::Stale;
    void invalidate(Stale what);
    /** With the size as it is now. */
    SpectrogramContent contentNow() const;
    void paintReadout(QPainter &painter);

    SpectrogramContent m_content;
    SpectrogramCanvas m_canvas;
    std::optional<RecordingTime> m_playhead;
    QString m_unit;
    QString m_message;
    std::optional<QPointF> m_hover;
};

} // namespace kino
