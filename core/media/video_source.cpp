#include "core/media/video_source.h"

#include "core/base/error.h"

namespace kino {

Image VideoSource::frameByKeyframe(std::size_t index, const OnKeyframe &onKeyframe, const CancelToken &cancel)
{
    try {
        onKeyframe(keyframeBefore(index, cancel));
    } catch (const Error &) {
        // The exact frame may be good all the same.
    }
    return frame(index, cancel);
}

} // namespace kino
