#include "app/kinoscope/sealed_bytes.h"

#include <QCryptographicHash>

#include <algorithm>

namespace kino {

constexpr auto kSum = QCryptographicHash::Sha256;

QByteArray sealedBytes(const QByteArray &bytes) { return QCryptographicHash::hash(bytes, kSum) + bytes; }

std::optional<QByteArray> openedSeal(const QByteArray &sealed)
{
    const qsizetype sumSize = QCryptographicHash::hashLength(kSum);
    QByteArray bytes = sealed.mid(sumSize);
    if (sealed.first(std::min(sumSize, sealed.size())) != QCryptographicHash::hash(bytes, kSum))
        return std::nullopt;
    return bytes;
}

} // namespace kino
