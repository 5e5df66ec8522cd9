// GoPro recordings: MP4 and QuickTime files with a telemetry track, and files of bare GPMF.
//
// Everything of a file is one recording: the camera and what was connected to it as devices, its video on the same clock.
//   - accelerometer m/s^2, gyroscope rad/s: axes x, y, z of the camera (core/media/gpmf/axes.h), one right-handed frame
//   - magnetometer uT: in the file's own column order, which says nothing of axes; a fourth column is left out
//   - gravity (GRAV): direction of what an accelerometer at rest measures, length 1, in the same frame. The file has
//     x, z, y: measured on gopro_mp4/max-heromode.mp4 and three Hero11 and Hero13 recordings against the accelerometer
//   - orientation (CORI, IORI): unit quaternions w, x, y, z of the same frame; the file has w, x, z, y. CORI takes the
//     camera's axes to those at the recording's start: measured on the Max against its integrated gyroscope
//   - temperature degC of the sensors, once a payload
//   - other: exposure, gain and what else comes as plain numbers with a name or unit
//   - positions (GPS), structures, nested and text streams are left out, and the report names them
// A device is called by its DVNM; a camera that calls itself only "Camera" (Hero5) by the model in the MP4's settings or,
// failing that, by its firmware. epochNs comes from GPS with a fix, to about a second; creation_time, a camera's local time
// without a zone, is only reported.
// Chapters of one long recording are in files of their own and become recordings of their own: nothing in the samples says
// for certain that they follow each other without a gap.
#pragma once

#include "core/data/import.h"

#include <memory>

namespace kino {

/** MP4 and MOV files (also .360 and .lrv) with a gpmd track. */
std::unique_ptr<Reader> makeGoproReader();

/** Files of GPMF without a container: they begin with DEVC. */
std::unique_ptr<Reader> makeRawGpmfReader();

} // namespace kino
