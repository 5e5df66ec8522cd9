// Edits one set of labels: name, labels with colour and key. What is wrong is said in sentences while one types, and such a
// set cannot be kept. GUI thread.
#pragma once

#include "core/data/annotations/label_set.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace kino {

class LabelSetDialog : public QDialog {
    Q_OBJECT

public:
    enum class Outcome { keep, remove };

    /** `taken`: names of other sets; `reserved`: keys that commands of the window have. */
    LabelSetDialog(const LabelSet &set, std::vector<std::string> taken, std::vector<std::string> reserved, QWidget *parent);

    LabelSet labelSet() const;
    Outcome outcome() const { return m_outcome; }
    /** What is wrong now; empty: it can be kept. */
    QStringList problems() const;
    QLineEdit &nameField() { return *m_name; }
    QTableWidget &table() { return *m_table; }
    QPushButton &keepButton() { return *m_keep; }

private:
    void addRow(const LabelDefinition &label);
    void moveRow(int by);
    void chooseColour(int row);
    void setColour(int row, const QString &colour);
    void check();

    LabelSetId m_id;
    std::vector<std::string> m_taken;
    std::vector<std::string> m_reserved;
    Outcome m_outcome = Outcome::keep;
    QLineEdit *m_name;
    QTableWidget *m_table;
    QLabel *m_problems;
    QPushButton *m_keep;
};

} // namespace kino
