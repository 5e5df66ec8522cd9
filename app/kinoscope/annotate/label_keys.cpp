#include "app/kinoscope/annotate/label_keys.h"

#include "app/kinoscope/annotate/annotator.h"

#include <QAction>
#include <QWidget>

namespace kino {
namespace {

/** A key as Qt names it; nothing for what no keyboard sends as one key. */
std::optional<QKeySequence> keyOf(const std::string &key)
{
    const QString text = QString::fromStdString(key).toUpper();
    return text.size() == 1 ? std::optional(QKeySequence(static_cast<int>(text.front().unicode()))) : std::nullopt;
}

} // namespace

LabelKeys::LabelKeys(Annotator &annotator, QWidget &window) : QObject(&window), m_annotator(annotator), m_window(window)
{
    connect(&annotator, &Annotator::vocabularyChanged, this, &LabelKeys::renew);
    connect(&annotator, &Annotator::currentTierChanged, this, &LabelKeys::renew);
    connect(&annotator, &Annotator::stateChanged, this, &LabelKeys::renew);
}

void LabelKeys::renew()
{
    const std::vector<LabelDefinition> &labels = m_annotator.vocabulary().labels;
    const bool isSame = std::ranges::equal(m_actions, labels, [](const QAction *action, const LabelDefinition &label) {
        return action->data().toString().toStdString() == label.label && action->property("key").toString().toStdString() == label.key;
    });
    if (isSame)
        return;
    for (QAction *action : m_actions) {
        m_window.removeAction(action);
        action->deleteLater(); // it may be the one that is pressed
    }
    m_actions.clear();
    for (const LabelDefinition &label : labels) {
        const QString text = QString::fromStdString(label.label);
        auto *action = new QAction(tr("Label: %1").arg(QString(text).replace(QLatin1Char('&'), QStringLiteral("&&"))), this);
        action->setObjectName(QStringLiteral("label.") + text);
        action->setProperty("category", tr("Labels by key"));
        action->setProperty("key", QString::fromStdString(label.key));
        action->setData(text);
        action->setAutoRepeat(false); // a key that is held is pressed once
        if (const std::optional<QKeySequence> key = keyOf(label.key))
            action->setShortcut(*key);
        connect(action, &QAction::triggered, &m_annotator, [this, name = label.label] { m_annotator.pressLabel(name); });
        m_window.addAction(action);
        m_actions.push_back(action);
    }
}

std::vector<std::string> reservedKeys(const std::vector<QAction *> &commands)
{
    std::vector<std::string> keys;
    for (const QAction *command : commands) {
        for (const QKeySequence &sequence : command->shortcuts()) {
            if (sequence.count() != 1 || sequence[0].keyboardModifiers() != Qt::NoModifier)
                continue;
            const int key = sequence[0].key();
            if (key > Qt::Key_Space && key < 0x10000)
                keys.push_back(QString(QChar(static_cast<char16_t>(key))).toLower().toStdString());
        }
    }
    return keys;
}

} // namespace kino
