// What is not written to the project yet, why, and what a person can do about it. GUI thread.
#pragma once

#include <QDialog>

class QLabel;
class QPushButton;

namespace kino {

class ProjectWriter;

class UnsavedDialog : public QDialog {
    Q_OBJECT

public:
    enum class Purpose {
        /** The window was to be closed: it is, once all is written. */
        closing,
        looking
    };

    /** Follows the writer; whoever shows it takes it away. */
    UnsavedDialog(ProjectWriter &writer, Purpose purpose, QWidget *parent);

    Purpose purpose() const { return m_purpose; }

Q_SIGNALS:
    void discardWanted();
    void copyWanted();

private:
    void renew();

    ProjectWriter &m_writer;
    const Purpose m_purpose;
    QLabel *m_headline;
    QLabel *m_reason;
    QLabel *m_changes;
    QPushButton *m_retry;
    QPushButton *m_copy;
    QPushButton *m_discard;
};

} // namespace kino
