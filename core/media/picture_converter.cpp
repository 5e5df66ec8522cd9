#include "core/media/picture_converter.h"

#include <cmath>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace kino::ffmpeg {
namespace {

// swscale's vector code may write up to a vector behind the last row.
constexpr std::size_t kSlackBytes = 128;
constexpr int kFirstHdHeight = 720;

struct PixelFormat {
    AVPixelFormat format;
    bool isFullRange;
};

/** The "J" formats are old names for full-range ones; swscale wants the plain name. */
PixelFormat plainFormat(const AVFrame &frame)
{
    const bool saysFull = frame.color_range == AVCOL_RANGE_JPEG;
    switch (static_cast<AVPixelFormat>(frame.format)) {
    case AV_PIX_FMT_YUVJ420P: return {AV_PIX_FMT_YUV420P, true};
    case AV_PIX_FMT_YUVJ422P: return {AV_PIX_FMT_YUV422P, true};
    case AV_PIX_FMT_YUVJ444P: return {AV_PIX_FMT_YUV444P, true};
    case AV_PIX_FMT_YUVJ440P: return {AV_PIX_FMT_YUV440P, true};
    case AV_PIX_FMT_YUVJ411P: return {AV_PIX_FMT_YUV411P, true};
    default: return {static_cast<AVPixelFormat>(frame.format), saysFull};
    }
}

int matrixOf(const AVFrame &frame)
{
    if (frame.colorspace != AVCOL_SPC_UNSPECIFIED && frame.colorspace != AVCOL_SPC_RGB
        && frame.colorspace != AVCOL_SPC_RESERVED)
        return frame.colorspace; // SWS_CS_* are the same numbers
    // The usual rule where the file does not say.
    return frame.height >= kFirstHdHeight ? SWS_CS_ITU709 : SWS_CS_ITU601;
}

} // namespace

Orientation Orientation::of(const AVStream *stream)
{
    std::size_t bytes = 0;
    const std::uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
    if (!data || bytes < 9 * sizeof(std::int32_t))
        return {};
    std::array<std::int32_t, 9> matrix;
    std::memcpy(matrix.data(), data, sizeof matrix);
    // (x, y) is shown at (a x + c y, b x + d y); the larger of a and c tells what the shown x follows.
    const std::int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
    if (a * d - b * c == 0)
        return {};
    Orientation orientation;
    orientation.swapsSides = std::abs(c) > std::abs(a);
    orientation.mirrorsX = (orientation.swapsSides ? c : a) < 0;
    orientation.mirrorsY = (orientation.swapsSides ? b : d) < 0;
    return orientation;
}

void PictureConverter::prepare(const AVFrame &frame, int width, int height)
{
    const PixelFormat source = plainFormat(frame);
    const int matrix = matrixOf(frame);
    const std::array<int, 7> key = {frame.width, frame.height, source.format, source.isFullRange, matrix, width, height};
    if (m_scaler && key == m_key)
        return;
    const bool scales = width != frame.width || height != frame.height;
    m_scaler.reset(sws_getContext(frame.width, frame.height, source.format, width, height, AV_PIX_FMT_BGRA,
                                  scales ? SWS_BILINEAR : SWS_POINT, nullptr, nullptr, nullptr));
    if (!m_scaler) {
        const char *name = av_get_pix_fmt_name(source.format);
        throw Error(std::string("pictures of the pixel format ") + (name ? name : "unknown") + " cannot be shown");
    }
    const int fullRange = 1;
    sws_setColorspaceDetails(m_scaler.get(), sws_getCoefficients(matrix), source.isFullRange ? 1 : 0,
                             sws_getCoefficients(SWS_CS_DEFAULT), fullRange, 0, 1 << 16, 1 << 16);
    m_key = key;
}

Image PictureConverter::convert(const AVFrame &frame, int width, int height)
{
    prepare(frame, width, height);
    const std::size_t bytes = static_cast<std::size_t>(width) * height * 4;
    Image stored{width, height, {}};
    stored.bgra.reserve(bytes + kSlackBytes);
    stored.bgra.resize(bytes);
    std::uint8_t *target[] = {stored.bgra.data()};
    const int stride[] = {width * 4};
    sws_scale(m_scaler.get(), frame.data, frame.linesize, 0, frame.height, target, stride);
    const AVPixFmtDescriptor *description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    if (description && (description->flags & AV_PIX_FMT_FLAG_ALPHA)) {
        for (std::size_t i = 3; i < bytes; i += 4)
            stored.bgra[i] = 255;
    }
    if (m_orientation.isIdentity())
        return stored;

    Image upright{m_orientation.swapsSides ? height : width, m_orientation.swapsSides ? width : height, {}};
    upright.bgra.resize(bytes);
    for (int y = 0; y < upright.height; ++y) {
        const int fromY = m_orientation.mirrorsY ? upright.height - 1 - y : y;
        for (int x = 0; x < upright.width; ++x) {
            const int fromX = m_orientation.mirrorsX ? upright.width - 1 - x : x;
            const int column = m_orientation.swapsSides ? fromY : fromX;
            const int row = m_orientation.swapsSides ? fromX : fromY;
            std::memcpy(&upright.bgra[(static_cast<std::size_t>(y) * upright.width + x) * 4],
                        &stored.bgra[(static_cast<std::size_t>(row) * width + column) * 4], 4);
        }
    }
    return upright;
}

} // namespace kino::ffmpeg
