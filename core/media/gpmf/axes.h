// The camera's axes. A GPMF stream of three axes stores its columns in an order that differs from camera to camera; here it
// is turned into one frame for the accelerometer and the gyroscope: GoPro's letters X, Y, Z, in the order x, y, z.
//
// In that frame, on a camera held upright: z points up, x to the left and y back, away from the scene, all seen from behind
// the camera: a right-handed frame. z is up since the accelerometer at rest reads +9.8 there; the rest was measured on
// gopro_mp4/karma.mp4: the picture moves to the right when gyroscope z is positive (the camera turns left about up) and up
// when gyroscope x is positive (it nods down about left).
//
// Where the order comes from, first found wins:
//   1. MTRX with ORIO: out = MTRX * columns, and ORIO names the axis of each row of out;
//   2. ORIN: the axis of each column; a small letter is a negated axis;
//   3. GoPro's documentation for two cameras that state neither and whose stream names are wrong about it (the gravity in
//      their recordings agrees with the documentation): Fusion -Y, X, Z and Hero6 Y, -X, Z;
//   4. the stream's name: "(z,x,y)" or "(up/down, right/left, forward/back)", which both mean Z, X, Y;
//   5. nothing: columns are kept as x, y, z and said to be so.
// Any thread.
#pragma once

#include "core/media/gpmf/payload.h"

#include <array>
#include <string>
#include <string_view>

namespace kino {

enum class GpmfAxesSource { matrix, letters, documentation, streamName, none };

struct GpmfAxes {
    /** Row by row: axis x, y, z as sums of the file's columns. */
    std::array<double, 9> matrix{1, 0, 0, 0, 1, 0, 0, 0, 1};
    GpmfAxesSource source = GpmfAxesSource::none;
    /** "x = column 1, y = column 3, z = -column 2". */
    std::string formula;
    /** Where it comes from: "MTRX and ORIO ZXY". */
    std::string evidence;
    /** What the stream says and could not be used, or what it says twice differently; usually empty. */
    std::string complaint;
    bool rightHanded = true;

    friend bool operator==(const GpmfAxes &a, const GpmfAxes &b) { return a.matrix == b.matrix && a.source == b.source; }
};

GpmfAxes findGpmfAxes(const GpmfStrm &stream, std::string_view deviceName);

} // namespace kino
