#include "core/data/formats/depth_clip.h"

#include "core/base/error.h"
#include "core/data/formats/mat_file.h"

#include <opencv2/imgproc.hpp>

namespace kino {
namespace {

constexpr std::size_t kMostFrames = 2000; // 100 s; the dataset's clips have 41 to 125
constexpr std::size_t kMostPixels = 640 * 480;
constexpr int kGreyFar = 40; // clearly apart from the black of "no reading"

DepthClipSize clipSize(const std::filesystem::path &matFile, const std::vector<std::size_t> &dims)
{
    if (dims.size() < 2 || dims.size() > 3 || dims[0] == 0 || dims[1] == 0 || dims[0] > kMostPixels / dims[1])
        throw Error(matFile, "array d_depth is not height x width x frames of a depth clip");
    const std::size_t frames = dims.size() == 3 ? dims[2] : 1;
    if (frames == 0 || frames > kMostFrames)
        throw Error(matFile, "array d_depth has " + std::to_string(frames) + " frames; a clip has 1 to 2000");
    return {frames, static_cast<int>(dims[0]), static_cast<int>(dims[1])};
}

class DepthClip : public VideoSource {
public:
    DepthClip(const std::filesystem::path &matFile, std::vector<Nanos> timesNs, Nanos endNs)
    {
        m_size = clipSize(matFile, readMatDims(matFile, "d_depth"));
        m_depthMm = readMatArray<std::uint16_t>(matFile, "d_depth").values;
        if (timesNs.size() != m_size.frames || m_depthMm.size() != m_size.frames * m_size.width * m_size.height)
            throw Error(matFile, "has " + std::to_string(m_size.frames) + " frames where " +
                                     std::to_string(timesNs.size()) + " are expected; import it again");
        m_table.endNs = endNs;
        m_table.keyframe.assign(timesNs.size(), 1);
        m_table.ptsNs = std::move(timesNs);
    }

    int width() const override { return m_size.width; }
    int height() const override { return m_size.height; }
    const FrameTable &frames() const override { return m_table; }

    Image frame(std::size_t index, const CancelToken &cancel) override
    {
        cancel.throwIfCancelled();
        if (index >= m_size.frames)
            throw Error("frame " + std::to_string(index) + " is beyond the clip's last");
        return toImage(scaled(grey(index)));
    }
    Image keyframeBefore(std::size_t index, const CancelToken &cancel) override { return frame(index, cancel); }

    void setOutputSize(int maxWidth, int maxHeight) override
    {
        m_maxWidth = maxWidth;
        m_maxHeight = maxHeight;
    }

private:
    cv::Mat grey(std::size_t index) const
    {
        cv::Mat picture(m_size.height, m_size.width, CV_8UC1);
        // MATLAB's order: the row runs fastest, the frame slowest.
        const std::uint16_t *depth = m_depthMm.data() + index * m_size.width * m_size.height;
        for (int column = 0; column < m_size.width; ++column) {
            for (int row = 0; row < m_size.height; ++row)
                picture.at<std::uint8_t>(row, column) = depthGrey(*depth++);
        }
        return picture;
    }

    cv::Mat scaled(const cv::Mat &picture) const
    {
        if (m_maxWidth <= 0 || m_maxHeight <= 0)
            return picture;
        const double scale = std::min({1.0, static_cast<double>(m_maxWidth) / picture.cols,
                                       static_cast<double>(m_maxHeight) / picture.rows});
        if (scale == 1.0)
            return picture;
        cv::Mat small;
        const cv::Size size(std::max(1, cvRound(picture.cols * scale)), std::max(1, cvRound(picture.rows * scale)));
        cv::resize(picture, small, size, 0, 0, cv::INTER_AREA);
        return small;
    }

    static Image toImage(const cv::Mat &picture)
    {
        Image image{picture.cols, picture.rows, {}};
        image.bgra.reserve(picture.total() * 4);
        for (int row = 0; row < picture.rows; ++row) {
            for (int column = 0; column < picture.cols; ++column) {
                const std::uint8_t value = picture.at<std::uint8_t>(row, column);
                image.bgra.insert(image.bgra.end(), {value, value, value, 255});
            }
        }
        return image;
    }

    DepthClipSize m_size;
    std::vector<std::uint16_t> m_depthMm;
    FrameTable m_table;
    int m_maxWidth = 0;
    int m_maxHeight = 0;
};

} // namespace

std::uint8_t depthGrey(std::uint16_t depthMm)
{
    if (depthMm == 0)
        return 0;
    const int within = std::clamp<int>(depthMm, kDepthNearMm, kDepthFarMm) - kDepthNearMm;
    return static_cast<std::uint8_t>(255 - within * (255 - kGreyFar) / (kDepthFarMm - kDepthNearMm));
}

DepthClipSize readDepthClipSize(const std::filesystem::path &matFile)
{
    return clipSize(matFile, readMatDims(matFile, "d_depth"));
}

std::unique_ptr<VideoSource> openDepthClip(const std::filesystem::path &matFile, std::vector<Nanos> timesNs, Nanos endNs)
{
    return std::make_unique<DepthClip>(matFile, std::move(timesNs), endNs);
}

} // namespace kino
