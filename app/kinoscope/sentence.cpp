#include "app/kinoscope/sentence.h"

namespace kino {

QString asSentence(QString text)
{
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    return text.endsWith(QLatin1Char('.')) ? text : text + QLatin1Char('.');
}

QString asSentence(const Error &error) { return asSentence(QString::fromStdString(error.sentence())); }

} // namespace kino
