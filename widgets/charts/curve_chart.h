// Curves of several runs over steps, epochs or time: smoothed, on a linear or logarithmic axis, with what all of them say at the
// cursor. The wheel zooms about the cursor, Shift+wheel scrolls, Ctrl+wheel scales values, a drag zooms into a stretch, the middle
// button pans, a double click fits. GUI thread; what takes long is computed on a thread of its own.
#pragma once

#include "widgets/charts/curve_series.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/value_axis.h"

#include <QChartView>
#include <QPen>
#include <QThreadPool>
#include <QTimer>

#include <optional>

class QCategoryAxis;
class QLineSeries;

namespace kino {

/** Of the twelve label colours the `place`th; from the thirteenth on dashed, then dotted. */
QPen curvePen(const Theme &theme, int place, double width);

struct Curve {
    qint64 id = 0;
    QString name;
    /** As curvePen() takes it. */
    int place = 0;
    std::shared_ptr<const CurveSeries> series;
    /** Drawn around it, smoothed as it is; as long as the series. */
    std::shared_ptr<const CurveBand> band = {};
    /** One of those that another curve is the mean of: drawn behind, without a name, and not read at the cursor. */
    bool isMember = false;
    /** Marked at the foot of the chart. */
    std::vector<CurveDrop> drops = {};
};

enum class CurveScale { linear, logarithmic };

struct CurveSettings {
    /** computeSmoothed()'s weight. */
    double smoothing = 0;
    CurveScale scale = CurveScale::linear;
    CurveAxis axis = CurveAxis::step;
    friend bool operator==(const CurveSettings &, const CurveSettings &) = default;
};

class CurveChart : public QChartView {
    Q_OBJECT

public:
    explicit CurveChart(QWidget *parent = nullptr);
    ~CurveChart() override;

    /** "train.loss"; also the name of the column of values in a CSV. */
    void setTitle(const QString &title);
    const QString &title() const { return m_title; }
    /** What the curves are, where that is not plain: "mean of each cell, min to max". Stands behind the title. */
    void setLegendNote(const QString &note);
    const QString &legendNote() const { return m_legendNote; }
    /** What is said in place of curves while there are none. */
    void setEmptyText(const QString &text);
    /** Zoom stays where the ids are the same as before. */
    void setCurves(std::vector<Curve> curves);
    const std::vector<Curve> &curves() const { return m_curves; }
    void setSettings(const CurveSettings &settings);
    const CurveSettings &settings() const { return m_settings; }
    /** Nothing is still being computed. */
    bool isSettled() const { return m_shownEpoch == m_epoch; }

    ValueRange visibleX() const;
    /** As values, not their logarithms. */
    ValueRange visibleY() const;
    bool isFitted() const { return !m_zoomX && !m_zoomY; }
    void fit();
    void zoomX(double factor, double about);
    void setVisibleX(ValueRange range);
    QRectF plotArea() const;
    /** In the widget's own coordinates. */
    QPointF positionOf(double x, double y) const;
    double xAt(double pixel) const;

    struct Reading {
        QString name;
        int place = 0;
        double x = 0;
        /** As drawn; raw: before smoothing. */
        double value = 0;
        double raw = 0;
        double epoch = 0;
        /** Of its band, as drawn. */
        std::optional<ValueRange> band = {};
    };
    /** What all curves say nearest to x, in their order; without members and those that have nothing. */
    std::vector<Reading> readingsAt(double x) const;
    /** The cursor of a neighbouring chart over the same runs. */
    void setHover(std::optional<double> x);
    std::optional<double> hover() const { return m_hover; }

    /** What is drawn of the first layer (as smoothed) of a curve, in values. */
    std::vector<std::vector<QPointF>> drawnLines(std::size_t curve) const;

    /** Every point of every curve as it was measured, in rows: run,name,step,epoch,seconds,title; with bands low,high behind. */
    QByteArray csv() const;
    /** A sentence where it cannot be written, else empty. */
    QString saveAs(const QString &path);

    QSize sizeHint() const override { return {420, 260}; }
    QSize minimumSizeHint() const override { return {200, 140}; }

Q_SIGNALS:
    void hovered(std::optional<double> x);
    void settled();
    void failed(const QString &sentence);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;

private:
    class Lines;
    struct Prepared {
        CurvePyramid raw;
        CurvePyramid smooth; // empty without smoothing
        CurvePyramid low, high; // of the band, smoothed as the curve is
        const CurvePyramid &drawn() const { return smooth.isEmpty() ? raw : smooth; }
    };

    static std::vector<Prepared> prepare(const std::vector<Curve> &curves, const CurveSettings &settings);
    void prepareSoon();
    void takePrepared(std::vector<Prepared> prepared, quint64 epoch);
    void showAxes();
    void fillAxes();
    void showTheme();
    ValueRange wholeX() const;
    ValueRange fittedLogOrLinearY(ValueRange x) const;
    double onAxis(double value) const;
    void paintLegend(QPainter &painter) const;
    void paintHover(QPainter &painter) const;
    void chooseFile();

    QString m_title;
    QString m_legendNote;
    QString m_emptyText;
    std::vector<Curve> m_curves;
    CurveSettings m_settings;
    std::vector<Prepared> m_prepared;
    quint64 m_epoch = 0, m_shownEpoch = 0;
    std::optional<ValueRange> m_zoomX;
    std::optional<ValueRange> m_zoomY; // on the axis: logarithms where it has them
    ValueRange m_x{0, 1}, m_y{0, 1};   // on the axes
    std::optional<double> m_hover;
    std::optional<QPointF> m_dragFrom, m_dragTo;
    std::optional<QPointF> m_panFrom;
    ValueRange m_panX, m_panY;
    QCategoryAxis *m_axisX;
    QCategoryAxis *m_axisY;
    QLineSeries *m_frame; // holds the axes
    Lines *m_lines;
    QTimer m_fillAxes;
    QThreadPool m_pool; // last: its work ends before all else
};

} // namespace kino
