// The form on the import dialog's left: how the text is cut, where the time comes from, what each column is. Edits a
// ProfileDraft; what that means for the file is found out by others. GUI thread.
#pragma once

#include "core/data/profile/assumptions.h"
#include "core/data/profile/draft.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QTableView;

namespace kino {

class ImportForm : public QWidget {
    Q_OBJECT

public:
    explicit ImportForm(QWidget *parent = nullptr);

    /** Shows it; tells nobody. The choice of columns stays where it fits. */
    void setDraft(const ProfileDraft &draft);
    const ProfileDraft &draft() const { return m_draft; }
    /** Shows these columns in the lower part; tells nobody. */
    void chooseColumns(const std::vector<int> &columns);
    std::vector<int> chosenColumns() const;

Q_SIGNALS:
    /** How the text is cut has changed, so the columns may be others. */
    void layoutEdited();
    /** Anything else has changed. */
    void edited();
    /** A person has said this, if only by choosing again what was there. */
    void confirmed(const kino::GuessConcern &concern);
    void columnsChosen(const std::vector<int> &columns);

private:
    class ColumnsModel;

    QWidget *makeLayoutPart();
    QWidget *makeTimePart();
    QWidget *makeColumnPart();
    void showLayout();
    void showTime();
    void showColumn();
    void showColumns();
    void takeLayout();
    void takeTime();
    void setUse(int choice);
    void setUnit(const QString &unit);
    void confirm(GuessField field);
    void changed();

    ProfileDraft m_draft;
    bool m_isShowing = false;
    QComboBox *m_separator;
    QComboBox *m_decimal;
    QSpinBox *m_headerRows;
    QSpinBox *m_skipLines;
    QLineEdit *m_comment;
    QComboBox *m_timeFrom;
    QComboBox *m_timeUnit;
    QComboBox *m_timeEpoch;
    QLineEdit *m_rate;
    QLineEdit *m_zone;
    QLabel *m_rateLabel;
    QLabel *m_unitLabel;
    QLabel *m_epochLabel;
    QLabel *m_zoneLabel;
    ColumnsModel *m_columnsModel;
    QTableView *m_columns;
    QWidget *m_columnForm;
    QLabel *m_columnTitle;
    QComboBox *m_use;
    QComboBox *m_axis;
    QComboBox *m_unit;
    QLineEdit *m_scale;
    QLineEdit *m_offset;
    QLineEdit *m_device;
};

} // namespace kino
