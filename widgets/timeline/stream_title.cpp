#include "widgets/timeline/stream_title.h"

#include <QCoreApplication>

#include <array>

namespace kino {
namespace {

struct KnownKey {
    QLatin1String key;
    const char *title;
};

/** github.com/gopro/gpmf-parser, "Metadata" tables of the cameras. */
constexpr std::array<KnownKey, 12> kGpmfKeys{{{QLatin1String("isog"), "Image sensor gain"},
                                              {QLatin1String("isoe"), "Sensor ISO"},
                                              {QLatin1String("shut"), "Exposure time"},
                                              {QLatin1String("wbal"), "White balance"},
                                              {QLatin1String("wrgb"), "White balance gains"},
                                              {QLatin1String("yavg"), "Mean luma"},
                                              {QLatin1String("unif"), "Image uniformity"},
                                              {QLatin1String("srot"), "Sensor read-out time"},
                                              {QLatin1String("mwet"), "Wet microphone"},
                                              {QLatin1String("wndm"), "Wind processing"},
                                              {QLatin1String("aalp"), "Audio level"},
                                              {QLatin1String("lskp"), "Low-resolution frame skip"}}};

} // namespace

QString streamTitle(const ImuStream &stream)
{
    const bool isOther = stream.kind == StreamKind::other && !stream.variant.empty();
    QString title = QString::fromStdString(isOther ? stream.variant : stream.name());
    if (isOther) {
        for (const KnownKey &known : kGpmfKeys) {
            if (title.compare(known.key, Qt::CaseInsensitive) == 0)
                return QCoreApplication::translate("StreamTitle", known.title);
        }
    }
    title.replace(QLatin1Char('-'), QLatin1Char(' '));
    if (!title.isEmpty())
        title[0] = title[0].toUpper();
    return title;
}

bool isSideStream(const ImuStream &stream) { return stream.kind == StreamKind::other; }

} // namespace kino
