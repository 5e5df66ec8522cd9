#include "core/data/recording.h"

#include "core/data/formats/depth_clip.h"
#include "core/media/video_source.h"

namespace kino {

std::unique_ptr<VideoSource> openVideo(const VideoTrack &track)
{
    switch (track.storage) {
    case VideoStorage::container: return openVideoFile(track.path);
    case VideoStorage::images: return openImageSequence(track.series.images, track.series.timesNs);
    case VideoStorage::depthClip: return openDepthClip(track.path, track.clipTimesNs, track.end.ns);
    }
    throw Error(track.path, "is a kind of video that is not known here");
}

} // namespace kino
