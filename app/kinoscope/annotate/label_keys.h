// The keys of the current vocabulary as commands of the window: a label's key is shown, found and listed as any other.
// GUI thread.
#pragma once

#include <QObject>

#include <string>
#include <vector>

class QAction;
class QWidget;

namespace kino {

class Annotator;

class LabelKeys : public QObject {
    Q_OBJECT

public:
    /** The actions are the window's for as long as their labels are in the vocabulary. */
    LabelKeys(Annotator &annotator, QWidget &window);
    const std::vector<QAction *> &actions() const { return m_actions; }

private:
    void renew();

    Annotator &m_annotator;
    QWidget &m_window;
    std::vector<QAction *> m_actions;
};

/** Single characters that commands answer to: what a label's key must not be. Lower case. */
std::vector<std::string> reservedKeys(const std::vector<QAction *> &commands);

} // namespace kino
