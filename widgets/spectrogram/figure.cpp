// The spectrogram as a figure: its picture with vector axes, its cells as numbers.
#include "core/base/files.h"
#include "core/data/table/csv_text.h"
#include "core/signal/stft.h"
#include "widgets/spectrogram/view.h"

#include <QPainter>

#include <cmath>

namespace kino {
namespace {

/** Rows of numbers on their way into a file: what is written when, and whether it goes on, in one place. */
class RowWriter {
public:
    RowWriter(std::ostream &out, std::size_t parts, const CancelToken &cancel, const Progress &progress) : m_out(out), m_parts(parts), m_cancel(cancel), m_progress(progress) { }

    std::string &text() { return m_text; }
    void endPart()
    {
        m_cancel.throwIfCancelled();
        m_progress(static_cast<double>(++m_done) / static_cast<double>(m_parts));
        m_out << m_text;
        m_text.clear();
    }

private:
    std::ostream &m_out;
    std::size_t m_parts;
    std::size_t m_done = 0;
    const CancelToken &m_cancel;
    const Progress &m_progress;
    std::string m_text;
};

/** The middle of the column, as of all numbers that stand for a stretch of time. */
RecordingTime middleOf(TimeRange range, std::size_t column, std::size_t columns)
{
    const auto halves = static_cast<Nanos>(2 * columns);
    return range.start + range.duration() / halves * static_cast<Nanos>(2 * column + 1) + range.duration() % halves * static_cast<Nanos>(2 * column + 1) / halves;
}

/** Columns [first, last) of which something is in view. */
std::pair<std::size_t, std::size_t> columnsIn(TimeRange range, std::size_t columns, TimeRange visible)
{
    const auto placeOf = [&](RecordingTime time) { return static_cast<double>(time - range.start) / static_cast<double>(range.duration()) * static_cast<double>(columns); };
    const double all = static_cast<double>(columns);
    const auto first = static_cast<std::size_t>(std::clamp(std::floor(placeOf(visible.start)), 0.0, all));
    return {first, std::max(first, static_cast<std::size_t>(std::clamp(std::ceil(placeOf(visible.end)), 0.0, all)))};
}

void appendCellStart(std::string &text, RecordingTime time, double hz)
{
    appendSeconds(text, time.ns);
    text += "," + std::to_string(time.ns) + ",";
    appendNumber(text, hz);
}

void writePower(const std::filesystem::path &file, const SpectrogramContent &content, const std::string &unit, const CancelToken &cancel, const Progress &progress)
{
    const SpectrogramData &data = *content.data;
    const std::string perHertz = unit.empty() ? "1/Hz" : (unit.find_first_of("/*^ ") == std::string::npos ? unit : "(" + unit + ")") + "^2/Hz";
    std::size_t parts = 0;
    for (const SpectrogramStretch &stretch : data.stretches) {
        const auto [first, last] = columnsIn(stretch.range, stretch.columns, content.visible);
        parts += last - first;
    }
    writeFileAtomically(file, [&](std::ostream &out) {
        RowWriter rows(out, parts, cancel, progress);
        rows.text() = "time_s,time_ns,frequency_hz," + csvField("power (" + perHertz + ")") + "," + csvField("power (dB re 1 " + perHertz + ")") + "\n";
        for (const SpectrogramStretch &stretch : data.stretches) {
            const auto [first, last] = columnsIn(stretch.range, stretch.columns, content.visible);
            for (std::size_t column = first; column < last; ++column) {
                const RecordingTime time = middleOf(stretch.range, column, stretch.columns);
                for (std::size_t bin = 0; bin < data.bins; ++bin) {
                    const float power = stretch.power[column * data.bins + bin];
                    std::string &text = rows.text();
                    appendCellStart(text, time, data.topHz * static_cast<double>(bin) / static_cast<double>(data.bins - 1));
                    text += ',';
                    appendNumber(text, power);
                    text += ',';
                    appendNumber(text, decibel(power));
                    text += '\n';
                }
                rows.endPart();
            }
        }
    });
}

/** As the image holds them: decibels in levels of grey, each axis scaled to its own extremes. */
void writeImage(const std::filesystem::path &file, const SpectrogramContent &content, const CancelToken &cancel, const Progress &progress)
{
    const SpectrogramData &data = *content.data;
    const auto columns = static_cast<std::size_t>(data.image.width());
    const int bins = data.image.height();
    const auto [first, last] = columnsIn(data.imageRange, columns, content.visible);
    writeFileAtomically(file, [&, first = first, last = last](std::ostream &out) {
        RowWriter rows(out, last - first, cancel, progress);
        rows.text() = "time_s,time_ns,frequency_hz,x (0-255),y (0-255),z (0-255)\n";
        for (std::size_t column = first; column < last; ++column) {
            for (int bin = 0; bin < bins; ++bin) {
                const QRgb cell = data.image.pixel(static_cast<int>(column), bins - 1 - bin);
                appendCellStart(rows.text(), middleOf(data.imageRange, column, columns), data.topHz * bin / std::max(1, bins - 1));
                rows.text() += "," + std::to_string(qRed(cell)) + "," + std::to_string(qGreen(cell)) + "," + std::to_string(qBlue(cell)) + "\n";
            }
            rows.endPart();
        }
    });
}

} // namespace

PlotFigure SpectrogramView::figure() const
{
    const Theme &theme = themeOf(palette());
    PlotFigure figure;
    figure.size = size();
    figure.dotsPerInch = logicalDpiX();
    figure.paint = [content = contentNow(), &theme, font = font(), message = m_message](QPainter &painter, double pixelRatio) {
        painter.fillRect(QRect(QPoint(), content.size), theme.surface);
        SpectrogramCanvas().paint(painter, content, theme, font, pixelRatio);
        painter.setFont(font);
        painter.setPen(theme.dim);
        if (!message.isEmpty())
            painter.drawText(content.plotArea().adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap, message);
    };
    if (!m_content.data || m_content.visible.isEmpty())
        return figure;
    PlotTable table;
    table.write = [content = contentNow(), unit = plainUnit(m_unit).toStdString()](const std::filesystem::path &file, const CancelToken &cancel, const Progress &progress) {
        if (content.data->image.isNull())
            writePower(file, content, unit, cancel, progress);
        else
            writeImage(file, content, cancel, progress);
    };
    figure.tables.push_back(std::move(table));
    const auto isMerged = [](const SpectrogramStretch &stretch) { return stretch.frames > stretch.columns; };
    if (std::ranges::any_of(m_content.data->stretches, isMerged))
        figure.numbersNote = tr("There are more frames than columns of the picture: each time has the strongest of those about it.");
    return figure;
}

} // namespace kino
