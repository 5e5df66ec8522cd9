// What a device that plays sound looks like to the window. It is made by a module (app/sound) that is loaded when there is
// something to be heard for the first time: the window starts without Qt Multimedia and what that brings along. Both
// sides know this header alone. A device lives on one thread, with an event loop.
#pragma once

#include "core/base/time.h"

#include <QString>

#include <chrono>
#include <functional>
#include <span>

namespace kino {

/** The clock by which a device says when samples will be heard. */
inline Nanos steadyNowNs() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

class SoundDevice {
public:
    struct Source {
        /** Samples a second; 0 where there is nothing to be heard. May wait. */
        std::function<int()> rateHz;
        /** Mono samples of which the first is heard at this time of steadyNowNs(). */
        std::function<void(std::span<float> samples, Nanos heardAtNs)> fill;
    };

    virtual ~SoundDevice() = default;
    /** onStarted or onFailed follows. */
    virtual void start(Source source) = 0;
    virtual void stop() = 0;
    /** 0 to 1, as loud as it is felt. */
    virtual void setVolume(double volume) = 0;

    std::function<void()> onStarted;
    std::function<void(const QString &sentence)> onFailed;
};

/** The module's file, without what systems put around it, and the function in it. */
inline constexpr const char *kSoundModule = "kinoscope_sound";
inline constexpr const char *kMakeSoundDevice = "kinoMakeSoundDevice";
using MakeSoundDevice = SoundDevice *();

} // namespace kino
