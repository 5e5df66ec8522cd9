// Exact seeks in 1080p30 video: ours beside OpenCV's VideoCapture and a bare libav seek-and-decode loop; the keyframe
// preview; scrubbing over frames seen before. Random targets, the same for all, every picture's number checked. A pass over a
// GOP of 250 decodes a hundred frames a target, and OpenCV's several hundred, so it has few: the whole ends in 3 minutes.
#include "core/base/random.h"
#include "core/media/ffmpeg.h"
#include "core/media/scrub_decoder.h"
#include "core/media/video_source.h"
#include "tests/bench/ratio_main.h"
#include "tests/support/numbered_clip.h"

#include <chrono>
#include <filesystem>
#include <opencv2/videoio.hpp>

namespace {

using namespace kino;
using namespace kino::test;

constexpr std::size_t kFrames = 600;
constexpr std::size_t kMostTargets = 40;
constexpr int kRepetitions = 3;

constexpr std::size_t targetCount(int gop) { return gop > 30 ? 5 : 20; }

/** A clip of 20 s, written once into the system's temporary folder. */
const std::filesystem::path &clipOf(int gop)
{
    static std::map<int, std::filesystem::path> clips;
    std::filesystem::path &path = clips[gop];
    if (!path.empty())
        return path;
    path = std::filesystem::temp_directory_path() / ("kinoscope-bench-1080p30-gop" + std::to_string(gop) + "-v2.mp4");
    if (std::filesystem::exists(path))
        return path;
    std::fprintf(stderr, "writing %s\n", path.c_str());
    VideoWriterOptions options;
    options.width = 1920;
    options.height = 1080;
    options.gop = gop;
    options.bFrames = gop > 30 ? 2 : 0;
    options.quality = 23;
    writeNumberedClip(path, options, constantRateTimes(kFrames, 30, 1));
    return path;
}

const std::vector<std::size_t> &targets()
{
    static const std::vector<std::size_t> chosen = [] {
        RandomStream random(40);
        std::vector<std::size_t> indices;
        while (indices.size() < kMostTargets)
            indices.push_back(random.below(kFrames));
        return indices;
    }();
    return chosen;
}

/** What perf.md calls "libav exact": seek to the keyframe, decode all up to the frame, convert. */
class BareLibav {
public:
    explicit BareLibav(const std::filesystem::path &path)
    {
        ffmpeg::quietLog();
        ffmpeg::check(avformat_open_input(&m_format, path.c_str(), nullptr, nullptr), path, "does not open");
        ffmpeg::check(avformat_find_stream_info(m_format, nullptr), path, "has no streams");
        const AVCodec *decoder = nullptr;
        m_stream = av_find_best_stream(m_format, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
        m_codec.reset(avcodec_alloc_context3(decoder));
        avcodec_parameters_to_context(m_codec.get(), m_format->streams[m_stream]->codecpar);
        m_codec->thread_count = 2;
        ffmpeg::check(avcodec_open2(m_codec.get(), decoder, nullptr), path, "does not decode");
    }
    ~BareLibav() { avformat_close_input(&m_format); }
    BareLibav(const BareLibav &) = delete;
    BareLibav &operator=(const BareLibav &) = delete;

    Image frame(Nanos ptsNs)
    {
        const std::int64_t pts = ffmpeg::fromNanos(ptsNs, m_format->streams[m_stream]->time_base);
        av_seek_frame(m_format, m_stream, pts, AVSEEK_FLAG_BACKWARD);
        avcodec_flush_buffers(m_codec.get());
        bool isAtEnd = false;
        while (true) {
            while (avcodec_receive_frame(m_codec.get(), m_frame.get()) >= 0) {
                if (m_frame->pts >= pts)
                    return convert();
            }
            if (isAtEnd)
                return {};
            if (av_read_frame(m_format, m_packet.get()) < 0) {
                isAtEnd = true;
                avcodec_send_packet(m_codec.get(), nullptr);
                continue;
            }
            if (m_packet->stream_index == m_stream)
                avcodec_send_packet(m_codec.get(), m_packet.get());
            av_packet_unref(m_packet.get());
        }
    }

private:
    Image convert()
    {
        const int width = m_frame->width;
        const int height = m_frame->height;
        if (!m_scaler)
            m_scaler.reset(sws_getContext(width, height, static_cast<AVPixelFormat>(m_frame->format), width, height,
                                          AV_PIX_FMT_BGRA, SWS_POINT, nullptr, nullptr, nullptr));
        Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 4)};
        std::uint8_t *target[] = {image.bgra.data()};
        const int stride[] = {width * 4};
        sws_scale(m_scaler.get(), m_frame->data, m_frame->linesize, 0, height, target, stride);
        return image;
    }

    AVFormatContext *m_format = nullptr;
    int m_stream = -1;
    ffmpeg::CodecContextPtr m_codec;
    ffmpeg::PacketPtr m_packet = ffmpeg::makePacket();
    ffmpeg::FramePtr m_frame = ffmpeg::makeFrame();
    ffmpeg::SwsPtr m_scaler;
};

struct Times {
    std::vector<double> milliseconds;
    std::size_t wrong = 0;
};

std::map<std::string, Times> &allTimes()
{
    static std::map<std::string, Times> times;
    return times;
}

/** One pass over the first targets is one repetition; `get(index)` gives the number of the frame it shows. */
template <class Get>
void measure(benchmark::State &state, const std::string &name, Get &&get)
{
    Times &times = allTimes()[name];
    std::size_t next = 0;
    for ([[maybe_unused]] auto _ : state) {
        const std::size_t index = targets()[next++ % targets().size()];
        const auto begin = std::chrono::steady_clock::now();
        auto shown = get(index);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        state.SetIterationTime(seconds.count());
        times.milliseconds.push_back(seconds.count() * 1e3);
        if (shown() != std::optional(static_cast<std::uint32_t>(index)))
            ++times.wrong;
    }
}

std::function<std::optional<std::uint32_t>()> numberLater(Image image)
{
    return [picture = std::make_shared<Image>(std::move(image))] { return readNumber(*picture); };
}

void ours(benchmark::State &state, int gop)
{
    const auto video = openVideoFile(clipOf(gop));
    measure(state, "ours GOP " + std::to_string(gop), [&](std::size_t index) { return numberLater(video->frame(index)); });
}

void bareLibav(benchmark::State &state, int gop)
{
    const FrameTable frames = openVideoFile(clipOf(gop))->frames();
    BareLibav video(clipOf(gop));
    measure(state, "bare libav GOP " + std::to_string(gop),
            [&](std::size_t index) { return numberLater(video.frame(frames.ptsNs[index])); });
}

void openCv(benchmark::State &state, int gop)
{
    cv::VideoCapture video(clipOf(gop).string(), cv::CAP_FFMPEG);
    measure(state, "OpenCV GOP " + std::to_string(gop), [&](std::size_t index) {
        cv::Mat bgr;
        video.set(cv::CAP_PROP_POS_FRAMES, static_cast<double>(index));
        video.read(bgr);
        return std::function<std::optional<std::uint32_t>()>([bgr] {
            Image image{bgr.cols, bgr.rows, {}};
            for (std::size_t i = 0; i < bgr.total(); ++i)
                image.bgra.insert(image.bgra.end(), {bgr.data[3 * i], bgr.data[3 * i + 1], bgr.data[3 * i + 2], 255});
            return readNumber(image);
        });
    });
}

void preview(benchmark::State &state, int gop)
{
    const auto video = openVideoFile(clipOf(gop));
    measure(state, "keyframe preview GOP " + std::to_string(gop), [&](std::size_t index) {
        const auto key = static_cast<std::uint32_t>(video->frames().keyframeBefore(index));
        auto shown = numberLater(video->keyframeBefore(index));
        // measure() compares with the target: the right keyframe counts as it.
        return std::function<std::optional<std::uint32_t>()>([shown, key, index] {
            return shown() == std::optional(key) ? std::optional(static_cast<std::uint32_t>(index)) : std::nullopt;
        });
    });
}

/** Again over frames decoded before, request to delivery, both threads included. */
void scrubAgain(benchmark::State &state)
{
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<DeliveredFrame> exact;
    ScrubOptions options;
    options.cacheBytes = std::size_t{1} << 30;
    options.keepBehindFrames = 0;
    ScrubDecoder decoder([] { return openVideoFile(clipOf(30)); },
                         [&](const DeliveredFrame &frame) {
                             const std::lock_guard lock(mutex);
                             if (frame.exactness == FrameExactness::exact)
                                 exact = frame;
                             arrived.notify_one();
                         }, {}, options);
    decoder.setOutputSize(960, 540);
    const auto get = [&](std::size_t index) {
        std::unique_lock lock(mutex);
        exact.reset();
        decoder.request({index, 1, PlayheadMotion::scrubbing});
        arrived.wait(lock, [&] { return exact && exact->wanted == index; });
        return std::function<std::optional<std::uint32_t>()>([image = exact->image] { return readNumber(*image); });
    };
    for (const std::size_t index : targets())
        get(index);
    measure(state, "scrubbed again", get);
}

void openTable(benchmark::State &state)
{
    for ([[maybe_unused]] auto _ : state)
        benchmark::DoNotOptimize(openVideoFile(clipOf(30))->frames().size());
}

void registerAll()
{
    // Decoders have threads of their own: the whole process's time is what a frame costs, however busy the machine is.
    const auto add = [](const std::string &name, std::size_t count, auto function) {
        benchmark::RegisterBenchmark(name.c_str(), function)
            ->Iterations(static_cast<benchmark::IterationCount>(count))
            ->MeasureProcessCPUTime()
            ->Repetitions(kRepetitions)
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond);
    };
    for (const int gop : {30, 250}) {
        const std::string suffix = "/gop" + std::to_string(gop);
        const std::size_t count = targetCount(gop);
        add("seek/ours" + suffix, count, [gop](benchmark::State &state) { ours(state, gop); });
        add("seek/opencv" + suffix, count, [gop](benchmark::State &state) { openCv(state, gop); });
        add("seek/libav" + suffix, count, [gop](benchmark::State &state) { bareLibav(state, gop); });
        add("preview/ours" + suffix, count, [gop](benchmark::State &state) { preview(state, gop); });
        const std::string what = "exact seek 1080p30 GOP " + std::to_string(gop) + " against ";
        bench::declareRatio(what + "OpenCV", "seek/ours" + suffix, "seek/opencv" + suffix, 1.5);
        bench::declareRatio(what + "bare libav", "seek/ours" + suffix, "seek/libav" + suffix, 1 / 1.1);
    }
    add("scrub/again", kMostTargets, scrubAgain);
    benchmark::RegisterBenchmark("open/table", openTable)->Repetitions(kRepetitions)->Unit(benchmark::kMillisecond);
}

void printTimes()
{
    std::printf("\n%-28s %10s %10s %10s\n", "random targets", "median ms", "p95 ms", "wrong");
    for (auto &[name, times] : allTimes()) {
        std::ranges::sort(times.milliseconds);
        const std::size_t count = times.milliseconds.size();
        if (count > 0)
            std::printf("%-28s %10.2f %10.2f %6zu/%zu\n", name.c_str(), times.milliseconds[count / 2],
                        times.milliseconds[count * 95 / 100], times.wrong, count);
    }
}

} // namespace

int main(int argc, char **argv)
{
    registerAll();
    const int status = kino::bench::benchMain(argc, argv);
    printTimes();
    return status;
}
