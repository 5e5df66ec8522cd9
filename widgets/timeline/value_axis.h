// The vertical axis of a lane or of the spectrogram: round ticks, digits to match, units as people write them.
#pragma once

#include <QString>

#include <vector>

namespace kino {

struct ValueRange {
    double low = 0;
    double high = 1;
    double span() const { return high - low; }
    friend bool operator==(const ValueRange &, const ValueRange &) = default;
};

struct ValueTick {
    double value = 0;
    QString label;
};

/** At most `most` round ticks (1, 2, 5 times a power of ten) inside the range. */
std::vector<ValueTick> computeValueTicks(ValueRange range, int most);

/** Enough digits to tell a step of `resolution` apart; a true minus sign; never "-0". */
QString valueText(double value, double resolution);
/** Three to four significant digits: "9.81", "−0.043", "1240". */
QString valueText(double value);
/** "m/s^2" as "m/s²", "uT" as "µT". */
QString unitText(const QString &unit);
/** The same back, as files and programs have it: "m/s²" as "m/s^2". */
QString plainUnit(const QString &unit);

} // namespace kino
