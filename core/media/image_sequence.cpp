// VideoSource over a numbered series of image files.
#include "core/media/image_io.h"
#include "core/media/picture_size.h"
#include "core/media/video_source.h"

#include "core/base/error.h"

#include <numeric>

namespace kino {
namespace {

// The size of the series is that of the first file that can be read, among so many.
constexpr std::size_t kMostFilesTried = 16;

class ImageSequence final : public VideoSource {
public:
    ImageSequence(std::vector<std::filesystem::path> images, std::vector<Nanos> timesNs);

    int width() const override { return m_width; }
    int height() const override { return m_height; }
    const FrameTable &frames() const override { return m_table; }
    Image frame(std::size_t index, const CancelToken &cancel) override;
    Image keyframeBefore(std::size_t index, const CancelToken &cancel) override { return frame(index, cancel); }
    void setOutputSize(int maxWidth, int maxHeight) override
    {
        m_maxWidth = std::max(0, maxWidth);
        m_maxHeight = std::max(0, maxHeight);
    }

private:
    void findSize();

    std::vector<std::filesystem::path> m_images;
    FrameTable m_table;
    int m_width = 0;
    int m_height = 0;
    int m_maxWidth = 0;
    int m_maxHeight = 0;
};

ImageSequence::ImageSequence(std::vector<std::filesystem::path> images, std::vector<Nanos> timesNs)
{
    if (images.empty())
        throw Error("there are no pictures to show as video");
    if (images.size() != timesNs.size())
        throw Error(images.front().parent_path(), std::to_string(images.size()) + " pictures cannot be shown at "
                        + std::to_string(timesNs.size()) + " times; there must be one for each");
    std::vector<std::size_t> order(images.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return timesNs[i]; });
    for (const std::size_t i : order) {
        m_images.push_back(std::move(images[i]));
        m_table.ptsNs.push_back(timesNs[i]);
    }
    m_table.keyframe.assign(m_images.size(), 1);
    m_table.endNs = m_table.ptsNs.back() + std::max<Nanos>(1, medianStepNs(m_table.ptsNs));
    findSize();
}

void ImageSequence::findSize()
{
    std::size_t tried = 0;
    for (const auto &path : m_images) {
        std::error_code failure;
        if (!std::filesystem::exists(path, failure))
            continue;
        try {
            const Image image = readImage(path);
            m_width = image.width;
            m_height = image.height;
            return;
        } catch (const Error &) {
            if (++tried == kMostFilesTried)
                break;
        }
    }
    throw Error(m_images.front().parent_path(), "none of its " + std::to_string(m_images.size())
                    + " pictures can be read; have they been moved?");
}

Image ImageSequence::frame(std::size_t index, const CancelToken &cancel)
{
    cancel.throwIfCancelled();
    if (index >= m_images.size())
        throw Error(m_images.front().parent_path(), "has " + std::to_string(m_images.size())
                        + " pictures; there is no frame " + std::to_string(index));
    return fitted(readImage(m_images[index]), m_maxWidth, m_maxHeight);
}

} // namespace

std::unique_ptr<VideoSource> openImageSequence(std::vector<std::filesystem::path> images, std::vector<Nanos> timesNs)
{
    return std::make_unique<ImageSequence>(std::move(images), std::move(timesNs));
}

} // namespace kino
