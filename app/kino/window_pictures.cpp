#include "app/kino/window_pictures.h"

#include "core/base/error.h"
#include "core/media/image_io.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kino::cli {
namespace {

constexpr std::size_t kMostWindows = 6;
constexpr std::size_t kFieldChannels = 3;
constexpr int kFieldWidth = 480;
constexpr int kFieldHeight = 120;
constexpr int kMargin = 6;

using Colour = std::array<std::uint8_t, 3>; // blue, green, red
constexpr Colour kBackground{250, 250, 250};
constexpr Colour kAxes[kFieldChannels] = {{40, 40, 200}, {60, 140, 30}, {200, 90, 30}};

class Canvas {
public:
    Canvas(int width, int height)
    {
        m_image.width = width;
        m_image.height = height;
        m_image.bgra.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4, 255);
        for (std::size_t at = 0; at < m_image.bgra.size(); at += 4)
            std::copy(kBackground.begin(), kBackground.end(), m_image.bgra.begin() + static_cast<std::ptrdiff_t>(at));
    }

    void set(int x, int y, const Colour &colour)
    {
        if (x < 0 || y < 0 || x >= m_image.width || y >= m_image.height)
            return;
        const auto at
            = (static_cast<std::size_t>(y) * static_cast<std::size_t>(m_image.width) + static_cast<std::size_t>(x)) * 4;
        std::copy(colour.begin(), colour.end(), m_image.bgra.begin() + static_cast<std::ptrdiff_t>(at));
    }

    void line(double x0, double y0, double x1, double y1, const Colour &colour)
    {
        const int steps = std::max(1, static_cast<int>(std::ceil(std::max(std::abs(x1 - x0), std::abs(y1 - y0)))));
        for (int step = 0; step <= steps; ++step) {
            const double part = static_cast<double>(step) / steps;
            set(static_cast<int>(std::lround(x0 + part * (x1 - x0))),
                static_cast<int>(std::lround(y0 + part * (y1 - y0))), colour);
        }
    }

    const Image &image() const { return m_image; }

private:
    Image m_image;
};

std::string fileNameOf(const std::string &label)
{
    std::string name;
    for (const char c : label.empty() ? "unlabelled" : label)
        name += static_cast<unsigned char>(c) <= 0x20
                || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos
            ? '_'
            : c;
    return name.starts_with('.') ? "_" + name : name;
}

} // namespace

void WindowPictures::add(const Recording &recording, const ChannelCoverage &coverage, const RecordingWindows &windows,
                         const CancelToken &cancel)
{
    m_samples = windows.samplesPerWindow;
    // The caller's recording outlives this call, and nothing of it is kept.
    ResampledStreams streams(std::shared_ptr<const Recording>(std::shared_ptr<void>(), &recording));
    std::map<std::uint32_t, WindowReader> readers;
    for (const Window &window : windows.windows) {
        if (window.fate != WindowFate::kept)
            continue;
        std::vector<Kept> &kept
            = m_byClass[window.label < 0 ? std::string() : windows.labels[static_cast<std::size_t>(window.label)]];
        if (kept.size() >= kMostWindows)
            continue;
        auto reader = readers.find(window.source);
        if (reader == readers.end())
            reader = readers
                         .try_emplace(window.source, streams, coverage.sources[window.source],
                                      windows.sources[window.source].grid, m_samples, cancel)
                         .first;
        kept.push_back({reader->second.channels().size(), reader->second.read(window)});
    }
}

void WindowPictures::write(const std::filesystem::path &folder) const
{
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code)
        throw Error(folder, "cannot be made (" + code.message() + "); choose a folder in which you may write");
    for (const auto &[label, windows] : m_byClass) {
        std::size_t channels = 0;
        for (const Kept &kept : windows)
            channels = std::max(channels, kept.channels);
        const int fields = static_cast<int>((channels + kFieldChannels - 1) / kFieldChannels);
        Canvas canvas(fields * (kFieldWidth + kMargin) + kMargin,
                      static_cast<int>(windows.size()) * (kFieldHeight + kMargin) + kMargin);
        for (int field = 0; field < fields; ++field) {
            const std::size_t first = static_cast<std::size_t>(field) * kFieldChannels;
            float least = 0, most = 0;
            bool isFirst = true;
            for (const Kept &kept : windows) {
                for (std::size_t i = first * m_samples; i < std::min(first + kFieldChannels, kept.channels) * m_samples;
                     ++i) {
                    least = isFirst ? kept.samples[i] : std::min(least, kept.samples[i]);
                    most = isFirst ? kept.samples[i] : std::max(most, kept.samples[i]);
                    isFirst = false;
                }
            }
            const double scale = most > least ? (kFieldHeight - 1) / static_cast<double>(most - least) : 0;
            for (std::size_t row = 0; row < windows.size(); ++row) {
                const double left = kMargin + field * (kFieldWidth + kMargin);
                const double bottom = kMargin + static_cast<double>(row) * (kFieldHeight + kMargin) + kFieldHeight - 1;
                for (std::size_t channel = first; channel < std::min(first + kFieldChannels, windows[row].channels);
                     ++channel) {
                    const float *samples = windows[row].samples.data() + channel * m_samples;
                    const double step = m_samples > 1 ? (kFieldWidth - 1) / static_cast<double>(m_samples - 1) : 0;
                    for (std::size_t i = 0; i + 1 < m_samples; ++i)
                        canvas.line(left + static_cast<double>(i) * step,
                                    bottom - scale * static_cast<double>(samples[i] - least),
                                    left + static_cast<double>(i + 1) * step,
                                    bottom - scale * static_cast<double>(samples[i + 1] - least),
                                    kAxes[channel - first]);
                }
            }
        }
        writePng(folder / (fileNameOf(label) + ".png"), canvas.image());
    }
}

} // namespace kino::cli
